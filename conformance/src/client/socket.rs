//! A WebSocket: opened by a handshake, read by a task, sent frames of any kind.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::Journal;
use super::handshake::{Handshake, shake_hands};
use super::journal::journal;
use super::reading::{Command, Reading};
use crate::failure::Failure;
use crate::schema::Checker;
use crate::settings::Settings;
use crate::timeline::{Answered, Timeline};

/// An open socket and what came on it.
#[derive(Debug)]
pub(crate) struct Socket {
    pub(crate) journal: Journal,
    commands: mpsc::Sender<Command>,
    /// The reading task, until its end has been waited for.
    reader: Option<JoinHandle<()>>,
}

impl Socket {
    /// Opens `/v4/websocket` with these headers. A refused handshake has no socket.
    pub(crate) async fn open(
        name: &str,
        headers: &[(String, String)],
        settings: &Settings,
        timeline: &Timeline,
        checker: Checker,
    ) -> Result<(Handshake, Option<Self>), Failure> {
        let opening = shake_hands(headers, settings);
        let limit = settings.budgets.answer_limit();
        let opened = tokio::time::timeout(limit, opening).await.unwrap_or_else(|_| {
            Err(Failure::transport(format!("no answer to the handshake within {limit:?}")))
        });
        let (handshake, stream) = opened.inspect_err(|failure| {
            timeline.push("note", failure.message.clone(), None);
        })?;
        let summary = format!("{name}: handshake -> {}", handshake.status);
        let answered = Answered {
            method: "GET".into(),
            path: "/v4/websocket".into(),
            status: handshake.status,
            headers: handshake.headers.clone(),
            body: String::new(),
            curl: None,
        };
        let detail = Some(format!("{:?}", handshake.headers));
        timeline.push_answer("ws-handshake", summary, detail, answered);
        let password = settings.password.reveal().to_owned();
        let socket = stream.map(|stream| {
            let (recorder, journal) = journal();
            let (commands, wanted) = mpsc::channel(8);
            let reading = Reading {
                name: name.to_owned(),
                password,
                recorder,
                timeline: timeline.clone(),
                checker,
            };
            let reader = tokio::spawn(reading.run(stream, wanted));
            Self { journal, commands, reader: Some(reader) }
        });
        Ok((handshake, socket))
    }

    /// Sends a frame.
    pub(crate) async fn send(&self, message: Message) -> Result<(), Failure> {
        let sent = self.commands.send(Command::Send(message)).await;
        sent.map_err(|_| Failure::assertion("the socket is closed; nothing can be sent"))
    }

    /// Sends bytes past everything that makes frames of them.
    pub(crate) async fn send_bytes(&self, bytes: Vec<u8>) -> Result<(), Failure> {
        let sent = self.commands.send(Command::Bytes(bytes)).await;
        sent.map_err(|_| Failure::assertion("the socket is closed; nothing can be sent"))
    }

    /// Closes with 1000 and waits until the server has closed too.
    pub(crate) async fn close(&mut self, limit: Duration) -> Result<(), Failure> {
        // A socket that the server closed already needs no close frame.
        self.commands
            .send(Command::Send(Message::Close(Some(CloseFrame {
                code: 1000.into(),
                reason: "".into(),
            }))))
            .await
            .ok();
        self.ended(limit).await
    }

    /// Ends the TCP connection with a reset, without a close frame.
    pub(crate) async fn reset(&mut self, limit: Duration) -> Result<(), Failure> {
        self.commands.send(Command::Reset).await.ok();
        self.ended(limit).await
    }

    /// Waits for the end of the reading task. If the task panics, that is the suite's fault.
    async fn ended(&mut self, limit: Duration) -> Result<(), Failure> {
        let Some(mut reader) = self.reader.take() else { return Ok(()) };
        match tokio::time::timeout(limit, &mut reader).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Failure::harness(format!("the socket's reader failed: {error}"))),
            Err(_) => {
                reader.abort();
                Err(Failure::assertion(format!(
                    "the server did not close the socket within {limit:?}"
                )))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::{SinkExt, StreamExt};
    use tokio::io::AsyncWriteExt;
    use tokio::net::{TcpListener, TcpStream};
    use tokio_tungstenite::WebSocketStream;

    use super::*;
    use crate::assets;
    use crate::client::{Closed, Trust};
    use crate::schema::Schemas;
    use crate::settings::{Budgets, Secret};

    const LIMIT: Duration = Duration::from_secs(5);

    /// A socket to a server that does `serve` with its connection.
    async fn connect<F>(serve: impl FnOnce(TcpStream) -> F) -> (Handshake, Option<Socket>, Checker)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let files = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
        let schemas = Schemas::load(files).unwrap();
        let settings = Settings {
            url: format!("http://{}", listener.local_addr().unwrap()),
            trust: Trust::default(),
            password: Secret::new("pw"),
            media_url: String::new(),
            budgets: Budgets::scaled(0.2),
            schemas: Arc::clone(&schemas),
            manual_time: None,
            outliving: Arc::default(),
            authority: Arc::new(crate::discord::Authority::new().unwrap()),
        };
        let checker = Checker::new(schemas);
        let (headers, timeline) = ([("User-Id".to_owned(), "1".to_owned())], Timeline::new());
        let opening = Socket::open("A", &headers, &settings, &timeline, checker.clone());
        let accepting = async {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream));
        };
        let (opened, ()) = tokio::join!(opening, accepting);
        let (handshake, socket) = opened.unwrap();
        (handshake, socket, checker)
    }

    async fn accept(stream: TcpStream) -> WebSocketStream<TcpStream> {
        tokio_tungstenite::accept_async(stream).await.unwrap()
    }

    async fn closed(socket: &Socket) -> Closed {
        socket.journal.wait(LIMIT, |record| record.closed.clone()).await.unwrap()
    }

    #[tokio::test]
    async fn a_refused_handshake_keeps_its_status_and_headers() {
        let (handshake, socket, _) = connect(|mut stream| async move {
            let answer = b"HTTP/1.1 401 Unauthorized\r\nX-Why: no\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        })
        .await;
        assert_eq!((handshake.status, socket.is_none()), (401, true));
        assert_eq!(handshake.headers["x-why"], "no");
    }

    #[tokio::test]
    async fn a_close_frame_and_a_lost_connection_are_told_apart() {
        let (_, socket, _) = connect(|stream| async move {
            let frame = CloseFrame { code: 1003.into(), reason: "text only".into() };
            accept(stream).await.close(Some(frame)).await.unwrap();
        })
        .await;
        let seen = closed(&socket.unwrap()).await;
        assert_eq!(seen, Closed { code: Some(1003), reason: "text only".into() });
        let (_, socket, _) = connect(|stream| async move {
            drop(accept(stream).await);
        })
        .await;
        assert_eq!(closed(&socket.unwrap()).await.code, None);
    }

    #[tokio::test]
    async fn what_is_no_message_breaks_a_rule_of_its_own() {
        let (_, socket, checker) = connect(|stream| async move {
            let mut server = accept(stream).await;
            let wrong = r#"{"op":"ready","resumed":"no"}"#;
            for text in [wrong, "not json", r#"{"op":"stats"}"#] {
                server.send(Message::Text(text.into())).await.unwrap();
            }
            server.next().await;
        })
        .await;
        let two = |record: &crate::client::Record| (record.messages.len() == 2).then_some(());
        socket.unwrap().journal.wait(LIMIT, two).await.unwrap();
        let seen = checker.violations();
        let rules: Vec<_> = seen.iter().map(|violation| violation.rule).collect();
        assert_eq!(rules, ["LL-SHAPE-021", "LL-SHAPE-020", "LL-SHAPE-022"]);
        assert!(seen[0].difference.iter().any(|line| line.starts_with("/resumed")));
        assert!(seen[1].difference[0].contains("not json"));
    }

    #[tokio::test]
    async fn a_server_that_does_not_close_is_not_waited_for_without_end() {
        let (_, socket, _) = connect(|stream| async move {
            let server = accept(stream).await;
            // Reads nothing, so it sees no close frame.
            tokio::time::sleep(LIMIT).await;
            drop(server);
        })
        .await;
        let failure = socket.unwrap().close(Duration::from_millis(50)).await.unwrap_err();
        assert!(failure.message.contains("did not close"), "{failure}");
    }
}
