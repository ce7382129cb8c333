//! A voice gateway, version 8, over TLS.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::authority::ServerConfigs;
use super::room::{Ending, Event, Shared, Step};
use super::rtp::Mode;

/// How long a connection stays open for the answer to a close frame.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// What a room tells its connections to do.
#[derive(Clone, Debug)]
pub(super) enum Command {
    Close(u16, String),
    End(Ending),
    /// Acknowledges the heartbeats that were not.
    Acknowledge,
}

/// The versions of the voice gateway that Discord serves
/// (Discord docs, topics/voice-connections "Voice Gateway Versioning").
const VERSIONS: std::ops::RangeInclusive<u8> = 4..=8;

/// The first version whose messages are numbered.
pub(crate) const NUMBERED: u8 = 8;

/// Serves until the room is gone.
pub(super) async fn accept(listener: TcpListener, tls: ServerConfigs, room: Arc<Shared>) {
    // A connection that cannot be accepted says nothing of the next one.
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let config = if room.behaviour().is_impostor { &tls.impostor } else { &tls.right };
        let (acceptor, room) = (TlsAcceptor::from(Arc::clone(config)), Arc::clone(&room));
        tokio::spawn(async move {
            let commands = room.commands.subscribe();
            let stream = match acceptor.accept(stream).await {
                Ok(stream) => stream,
                Err(error) => {
                    let what = format!("TLS with the voice gateway fails: {error}");
                    room.timeline.push("voice", what.clone(), None);
                    room.change(|record| record.tls_failure = Some(what));
                    return;
                }
            };
            if let Some((socket, version)) = upgrade(stream, &room).await {
                Link { socket, version, room, commands, sequence: 0, acks: Vec::new() }
                    .serve()
                    .await;
            }
        });
    }
}

/// The socket, and the version of the gateway that was asked for.
async fn upgrade(
    stream: TlsStream<TcpStream>,
    room: &Shared,
) -> Option<(WebSocketStream<TlsStream<TcpStream>>, u8)> {
    room.happened(Event::Knocked);
    if room.withholds(Step::Upgrade) {
        let mut commands = room.commands.subscribe();
        // Until the room is gone.
        while let Ok(Command::Close(..) | Command::Acknowledge) = commands.recv().await {}
        return None;
    }
    let delay = room.behaviour().upgrade_delay;
    tokio::time::sleep(delay).await;
    let refusal = room.behaviour().refusal.and_then(|status| StatusCode::from_u16(status).ok());
    let mut version = 0;
    #[expect(clippy::result_large_err, reason = "the library wants it so")]
    let check = |request: &Request, response: Response| {
        let query = request.uri().query().unwrap_or_default();
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("v=")?.parse().ok());
        version = asked.unwrap_or_default();
        let wrong = (!VERSIONS.contains(&version)).then_some(StatusCode::BAD_REQUEST);
        match refusal.or(wrong) {
            Some(status) => {
                let mut refused = ErrorResponse::new(None);
                *refused.status_mut() = status;
                Err(refused)
            }
            None => Ok(response),
        }
    };
    let socket = tokio_tungstenite::accept_hdr_async(stream, check).await.ok()?;
    Some((socket, version))
}

/// One connection.
struct Link {
    socket: WebSocketStream<TlsStream<TcpStream>>,
    version: u8,
    room: Arc<Shared>,
    commands: broadcast::Receiver<Command>,
    /// Of the last message that has a number.
    sequence: i64,
    /// Acknowledgements that are withheld.
    acks: Vec<Value>,
}

/// Why a connection ends.
enum End {
    /// The target left, with this code.
    Left(Option<u16>, String),
    /// The room ended it.
    Ended,
}

impl Link {
    async fn serve(mut self) {
        self.room.happened(Event::Connected(self.version));
        self.room.change(|record| record.open += 1);
        let end = self.converse().await;
        self.room.change(|record| record.open -= 1);
        if let End::Left(code, reason) = end {
            self.room.happened(Event::Left(code, reason));
        }
    }

    async fn converse(&mut self) -> End {
        if !self.room.withholds(Step::Hello) {
            let interval = self.room.behaviour().heartbeat_interval.as_millis() as u64;
            let hello = json!({"v": self.version, "heartbeat_interval": interval});
            self.send(8, hello, false).await;
        }
        let ending = self.room.behaviour().ends_at_hello;
        if let Some(ending) = ending {
            return self.end(ending).await;
        }
        loop {
            let message = tokio::select! {
                command = self.commands.recv() => match command {
                    Ok(Command::Close(code, reason)) => return self.close(code, reason).await,
                    Ok(Command::Acknowledge) => {
                        for ack in std::mem::take(&mut self.acks) {
                            self.send(6, ack, false).await;
                        }
                        continue;
                    }
                    Ok(Command::End(ending)) => return self.end(ending).await,
                    Err(_) => return self.end(Ending::Reset).await,
                },
                message = self.socket.next() => message,
            };
            match message {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).unwrap_or_default();
                    if let Some(end) = self.answer(&message).await {
                        return end;
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    let (code, reason) = match frame {
                        Some(frame) => (Some(frame.code.into()), frame.reason.to_string()),
                        None => (None, String::new()),
                    };
                    // The answer to the close frame.
                    self.socket.flush().await.ok();
                    return End::Left(code, reason);
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return End::Left(None, String::new()),
            }
        }
    }

    /// Answers a message of the target; ends the connection if it has to.
    async fn answer(&mut self, message: &Value) -> Option<End> {
        let data = &message["d"];
        match message["op"].as_u64()? {
            0 => {
                self.room.happened(Event::Identified(data.clone()));
                let closing = self.room.behaviour().closing.clone();
                if let Some((code, reason)) = closing {
                    return Some(self.close(code, reason).await);
                }
                if !self.room.withholds(Step::Ready) {
                    let ready = json!({
                        "ssrc": self.room.ssrc, "ip": "127.0.0.1", "port": self.room.udp_port,
                        "modes": self.room.behaviour().modes, "experiments": [], "streams": [],
                    });
                    self.send(2, ready, true).await;
                }
            }
            1 => {
                let mode = data["data"]["mode"].as_str().unwrap_or_default().to_owned();
                if let Some(known) = Mode::named(&mode) {
                    *self.room.mode() = known;
                }
                self.room.happened(Event::Selected(mode.clone()));
                if !self.room.withholds(Step::SessionDescription) {
                    let description = json!({
                        "mode": mode, "secret_key": self.room.key, "audio_codec": "opus",
                        "video_codec": "H264", "media_session_id": "", "dave_protocol_version": 0,
                    });
                    self.send(4, description, true).await;
                }
            }
            3 => {
                self.room.happened(Event::Heartbeat(data.clone()));
                // Before version 8 a heartbeat is a number, and so is its acknowledgement.
                let ack = match self.version {
                    NUMBERED.. => json!({"t": data["t"]}),
                    _ => data.clone(),
                };
                match self.room.withholds(Step::HeartbeatAck) {
                    true => self.acks.push(ack),
                    false => self.send(6, ack, false).await,
                }
            }
            5 => {
                let speaks = data["speaking"].as_u64().unwrap_or_default() != 0;
                self.room.happened(Event::Speaking(speaks));
            }
            7 => {
                self.room.happened(Event::Resuming(data.clone()));
                let closing = self.room.behaviour().closing.clone();
                if let Some((code, reason)) = closing {
                    return Some(self.close(code, reason).await);
                }
                if !self.room.withholds(Step::Resumed) {
                    self.send(9, Value::Null, false).await;
                }
            }
            // Flags, streams and what else clients tell; nothing is to be said to it.
            _ => {}
        }
        None
    }

    async fn send(&mut self, op: u8, data: Value, numbered: bool) {
        let mut message = json!({"op": op, "d": data});
        if numbered && self.version >= NUMBERED {
            self.sequence += 1;
            message["seq"] = self.sequence.into();
        }
        // If it has ended, that shows when it is read.
        self.socket.send(Message::Text(message.to_string().into())).await.ok();
    }

    async fn close(&mut self, code: u16, reason: String) -> End {
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        // If it has ended already there is nothing to close.
        self.socket.close(Some(frame)).await.ok();
        let answered = async { while let Some(Ok(_)) = self.socket.next().await {} };
        // Some never answer a close frame.
        tokio::time::timeout(CLOSE_LIMIT, answered).await.ok();
        End::Ended
    }

    /// Ends TCP without a word.
    async fn end(&mut self, ending: Ending) -> End {
        let stream = self.socket.get_mut().get_mut().0;
        match ending {
            Ending::Quiet => {
                // If it has ended already there is nothing to end.
                stream.shutdown().await.ok();
                // What nobody reads would make a reset of it.
                let mut rest = tokio::io::sink();
                let reading = tokio::io::copy(stream, &mut rest);
                tokio::time::timeout(CLOSE_LIMIT, reading).await.ok();
            }
            // The connection is dropped next.
            Ending::Reset => _ = socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO)),
        }
        End::Ended
    }
}
