//! The task that reads a socket, and does with the socket what it is told.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use socket2::SockRef;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::connection::{Connection, tcp};
use super::journal::Recorder;
use super::{Closed, mask};
use crate::json::pretty;
use crate::schema::Checker;
use crate::timeline::Timeline;

/// What the task writes down, checks and masks.
pub(super) struct Reading {
    /// The name of the client.
    pub(super) name: String,
    /// What is masked in the timeline.
    pub(super) password: String,
    pub(super) recorder: Recorder,
    pub(super) timeline: Timeline,
    pub(super) checker: Checker,
}

impl Reading {
    /// Reads until the socket ends, and does what is wanted meanwhile.
    pub(super) async fn run(
        self,
        mut stream: WebSocketStream<Connection>,
        mut wanted: mpsc::Receiver<Command>,
    ) {
        let mut closed = Closed { code: None, reason: String::new() };
        loop {
            tokio::select! {
                command = wanted.recv() => match command {
                    Some(Command::Send(message)) => {
                        self.timeline.push("ws", format!("{} -> {}", self.name, describe(&message)), None);
                        // A failed send shows as the end of the socket.
                        stream.send(message).await.ok();
                    }
                    Some(Command::Bytes(bytes)) => {
                        let what = format!("{} -> the bytes {bytes:02x?}", self.name);
                        self.timeline.push("ws", what, None);
                        stream.get_mut().write_all(&bytes).await.ok();
                        stream.get_mut().flush().await.ok();
                    }
                    Some(Command::Reset) | None => {
                        self.timeline.push("ws", format!("{} drops the connection", self.name), None);
                        let tcp = tcp(stream.get_ref());
                        if let Err(error) = SockRef::from(tcp).set_linger(Some(Duration::ZERO)) {
                            self.timeline.push("note", format!("no reset: {error}"), None);
                        }
                        break;
                    }
                },
                message = stream.next() => match message {
                    Some(Ok(Message::Text(text))) => self.receive(&text),
                    Some(Ok(Message::Pong(_))) => self.recorder.write(|record| record.pongs += 1),
                    Some(Ok(Message::Close(frame))) => {
                        if let Some(frame) = frame {
                            closed = Closed { code: Some(frame.code.into()), reason: frame.reason.to_string() };
                        }
                    }
                    Some(Ok(Message::Binary(bytes))) => {
                        self.checker.no_message(&format!("{} bytes", bytes.len()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break,
                },
            }
        }
        self.timeline.push("ws-closed", format!("{}: {}", self.name, closed.describe()), None);
        self.recorder.write(|record| record.closed = Some(closed));
    }

    fn receive(&self, text: &str) {
        let message = match serde_json::from_str::<Value>(text) {
            Ok(message) if message["op"].is_string() => message,
            _ => {
                self.timeline.push("ws", format!("{} <- no message: {text:.200}", self.name), None);
                self.checker.no_message(&format!("{text:.100}"));
                return;
            }
        };
        let kind = message["type"].as_str().or(message["op"].as_str()).unwrap_or_default();
        let shown = pretty(&mask::json(&message, &self.password));
        self.timeline.push("ws", format!("{} <- {kind}", self.name), Some(shown));
        self.checker.check_message(&message);
        self.recorder.write(|record| record.add(message));
    }
}

/// What the task is told to do with its socket.
#[derive(Debug)]
pub(super) enum Command {
    /// Sends a frame.
    Send(Message),
    /// Sends bytes as they are, whether they are a frame or not.
    Bytes(Vec<u8>),
    /// Ends the TCP connection with a reset.
    Reset,
}

/// The kind and size of a message, for the timeline.
fn describe(message: &Message) -> String {
    match message {
        Message::Text(text) => format!("text of {} bytes", text.len()),
        Message::Binary(bytes) => format!("binary of {} bytes", bytes.len()),
        Message::Ping(_) => "ping".into(),
        Message::Pong(_) => "pong".into(),
        Message::Close(_) => "close".into(),
        Message::Frame(_) => "frame".into(),
    }
}
