//! A client's socket: keeps what comes, and does what it is told.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

pub(crate) struct Socket {
    pub(crate) messages: watch::Receiver<Vec<Value>>,
    pub(crate) pongs: watch::Receiver<usize>,
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) task: JoinHandle<Option<u16>>,
    /// How many events have not come though they were waited for.
    pub(crate) missed: usize,
}

pub(crate) enum Command {
    Close,
    Abort,
    Ping,
}

impl Socket {
    pub(crate) fn watch(mut socket: WebSocketStream<TcpStream>) -> Self {
        let (seen, messages) = watch::channel(Vec::new());
        let (ponged, pongs) = watch::channel(0);
        let (commands, mut wanted) = mpsc::channel(1);
        let task = tokio::spawn(async move {
            let mut code = None;
            loop {
                tokio::select! {
                    message = socket.next() => match message {
                        Some(Ok(Message::Text(text))) => {
                            let message = serde_json::from_str(&text).unwrap();
                            seen.send_modify(|messages| messages.push(message));
                        }
                        Some(Ok(Message::Pong(_))) => ponged.send_modify(|pongs| *pongs += 1),
                        Some(Ok(Message::Close(frame))) => code = frame.map(|f| f.code.into()),
                        Some(Ok(_)) => {}
                        Some(Err(_)) | None => return code,
                    },
                    Some(command) = wanted.recv() => match command {
                        Command::Close => {
                            socket.close(None).await.ok();
                            socket.flush().await.ok();
                        }
                        Command::Ping => {
                            socket.send(Message::Ping("all".into())).await.ok();
                        }
                        Command::Abort => {
                            let stream = socket.into_inner();
                            SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
                            return code;
                        }
                    },
                }
            }
        });
        Self { messages, pongs, commands, task, missed: 0 }
    }
}
