//! A client of a scenario: its socket, and how far a step has read its messages.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use super::World;
use crate::client::{Closed, Handshake, Record, Request, Socket};
use crate::failure::Failure;
use crate::schema;

/// How long a target may take to give up the session of a closed socket.
const LEAVING: Duration = Duration::from_secs(5);

/// After so many sessions that outlived their sockets nobody waits for others as long.
const MOST_OUTLIVING: usize = 3;
const SHORT_LEAVING: Duration = Duration::from_millis(100);

/// Between two looks whether a session is gone.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// A client of a scenario.
#[derive(Debug)]
pub(crate) struct Client {
    name: String,
    pub(crate) handshake: Handshake,
    socket: Option<Socket>,
    /// Messages before this one have been looked at.
    cursor: usize,
    /// Its session, once `ready` came.
    session: Option<String>,
    /// Whether a scenario made the session resumable, so that closing does not end it.
    pub(crate) resumable: bool,
}

impl Client {
    pub(super) async fn connect(
        name: &str,
        headers: &[(String, String)],
        world: &World,
    ) -> Result<Self, Failure> {
        let settings = world.settings()?;
        let opening = Socket::open(name, headers, &settings, world.timeline(), world.checker()?);
        let (handshake, socket) = opening.await?;
        let name = name.to_owned();
        Ok(Self { name, handshake, socket, cursor: 0, session: None, resumable: false })
    }

    pub(crate) fn socket(&mut self) -> Result<&mut Socket, Failure> {
        let status = self.handshake.status;
        self.socket.as_mut().ok_or_else(|| {
            Failure::assertion(format!(
                "the handshake was refused with {status}; there is no socket"
            ))
        })
    }

    /// Waits for `ready` wherever it stands, and leaves the cursor where it is.
    pub(crate) async fn wait_for_ready(&mut self, limit: Duration) -> Result<String, Failure> {
        let journal = self.socket()?.journal.clone();
        let ready = journal.wait(limit, |record| {
            record.messages.iter().find(|message| message["op"] == "ready").cloned()
        });
        let ready = ready.await.ok_or_else(|| self.missing("\"ready\"", limit))?;
        let id = ready["sessionId"].as_str().unwrap_or_default().to_owned();
        self.session = Some(id.clone());
        Ok(id)
    }

    /// The next message of a kind after the cursor, which moves past it.
    pub(crate) async fn next(&mut self, kind: &str, limit: Duration) -> Result<Value, Failure> {
        let from = self.cursor;
        let (at, message) = self.find(kind, from, limit).await?;
        self.cursor = at + 1;
        Ok(message)
    }

    /// The first message of a kind at or after a place, and its place.
    pub(crate) async fn find(
        &mut self,
        kind: &str,
        from: usize,
        limit: Duration,
    ) -> Result<(usize, Value), Failure> {
        let journal = self.socket()?.journal.clone();
        let found = journal.wait(limit, |record| {
            let messages = record.messages.iter().enumerate().skip(from);
            let mut messages = messages.filter(|(_, message)| is_kind(message, kind));
            messages.next().map(|(at, message)| (at, message.clone()))
        });
        let found = found.await;
        found.ok_or_else(|| self.missing(&format!("{kind:?}"), limit))
    }

    /// The next message of a kind if it has come already; the cursor moves past it. An error when
    /// it cannot come any more.
    pub(crate) fn next_now(&mut self, kind: &str) -> Result<Option<Value>, Failure> {
        let record = self.socket()?.journal.now();
        let mut messages = record.messages.iter().enumerate().skip(self.cursor);
        match messages.find(|(_, message)| is_kind(message, kind)) {
            Some((at, message)) => {
                self.cursor = at + 1;
                Ok(Some(message.clone()))
            }
            None if record.closed.is_some() => {
                Err(self.missing(&format!("{kind:?}"), Duration::ZERO))
            }
            None => Ok(None),
        }
    }

    /// Waits until everything that the server has sent so far has been read: a pong comes last.
    pub(crate) async fn read_all(&mut self, limit: Duration) -> Result<(), Failure> {
        let Some(socket) = &self.socket else { return Ok(()) };
        let before = socket.journal.now();
        if before.closed.is_some() {
            return Ok(());
        }
        // It may end meanwhile; that is read as well.
        if socket.send(Message::Ping("all".into())).await.is_ok() {
            let pong = |record: &Record| (record.pongs > before.pongs).then_some(());
            socket.journal.wait(limit, pong).await;
        }
        Ok(())
    }

    /// Ends the TCP connection, if there is one.
    pub(super) async fn hang_up(&mut self) -> Result<(), Failure> {
        match &mut self.socket {
            Some(socket) => socket.reset(LEAVING).await,
            None => Ok(()),
        }
    }

    pub(crate) fn cursor(&self) -> usize {
        self.cursor
    }

    pub(crate) fn set_cursor(&mut self, cursor: usize) {
        self.cursor = cursor;
    }

    /// When the last message came that a step has looked at.
    pub(super) fn read_at(&self) -> Option<Instant> {
        let record = self.socket.as_ref()?.journal.now();
        record.arrivals.get(self.cursor.checked_sub(1)?).copied()
    }

    /// Holds if no message of that kind (any that the protocol has, without one) comes before then, or has come, if
    /// there is no such moment.
    pub(crate) async fn none(
        &mut self,
        kind: Option<&str>,
        until: Option<Instant>,
    ) -> Result<(), Failure> {
        let from = self.cursor;
        let journal = self.socket()?.journal.clone();
        let limit = until.map_or(Duration::ZERO, |until| until - Instant::now());
        let in_time = |at: &Instant| until.is_none_or(|until| *at <= until);
        let unwanted = journal.wait(limit, |record| {
            let messages = record.messages.iter().zip(&record.arrivals).skip(from);
            let mut messages = messages.filter(|(_, at)| in_time(at)).map(|(message, _)| message);
            let is_one = |message: &&Value| match kind {
                Some(kind) => is_kind(message, kind),
                None => schema::is_known(kind_of(message)),
            };
            messages.find(is_one).cloned()
        });
        let unwanted = unwanted.await;
        match unwanted {
            // Nothing can come on a socket that has ended, which says nothing.
            None => match journal.now().closed {
                Some(closed) => Err(Failure::assertion(format!(
                    "the socket {} while nothing was to come on it",
                    closed.describe()
                ))),
                None => Ok(()),
            },
            Some(message) => {
                let kind = kind.unwrap_or("message");
                let mut failure = Failure::assertion(format!("a {kind} came that must not"));
                failure.difference.push(format!("(root): expected nothing, got {message}"));
                Err(failure)
            }
        }
    }

    /// Waits for the end of the socket.
    pub(crate) async fn closed(&mut self, limit: Duration) -> Result<Closed, Failure> {
        let journal = self.socket()?.journal.clone();
        let closed = journal.wait(limit, |record| record.closed.clone()).await;
        closed.ok_or_else(|| Failure::late(format!("the socket is still open after {limit:?}")))
    }

    /// Whether what comes is still written down.
    pub(super) fn check_reading(&self) -> Result<(), Failure> {
        let Some(journal) = self.socket.as_ref().map(|socket| &socket.journal) else {
            return Ok(());
        };
        let record = journal.now();
        if record.closed.is_none() && journal.is_abandoned() {
            return Err(Failure::harness(format!("nobody reads the socket of {}", self.name)));
        }
        Ok(())
    }

    pub(super) fn missing(&self, what: &str, limit: Duration) -> Failure {
        let record = self.socket.as_ref().map(|socket| socket.journal.now()).unwrap_or_default();
        let ended =
            record.closed.as_ref().map(|closed| format!(" (the socket {})", closed.describe()));
        let mut failure = Failure::late(format!(
            "client {}: no {what} within {limit:?}{}",
            self.name,
            ended.unwrap_or_default()
        ));
        let later: Vec<_> = record.messages.iter().skip(self.cursor).map(kind_of).collect();
        let came = if later.is_empty() { "nothing".to_owned() } else { later.join(", ") };
        failure.difference.push(format!("expected {what}, came: {came}"));
        failure
    }

    /// Ends the session, so that nothing of this scenario lives on: not resumable, closed, gone.
    pub(super) async fn leave(&mut self, world: &World) -> Result<(), Failure> {
        let (Some(socket), Some(session)) = (&mut self.socket, &self.session) else {
            if let Some(socket) = &mut self.socket {
                socket.reset(LEAVING).await?;
            }
            return Ok(());
        };
        let settings = world.settings()?;
        let path = format!("/v4/sessions/{session}");
        let headers = vec![
            ("Authorization".to_owned(), settings.password.reveal().to_owned()),
            ("Content-Type".to_owned(), "application/json".to_owned()),
        ];
        let request = |method: &str, path: &str, body: Option<&str>| Request {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: headers.clone(),
            body: body.map(str::to_owned),
        };
        if self.resumable && socket.journal.now().closed.is_none() {
            let body = Some(r#"{"resuming":false}"#);
            request("PATCH", &path, body).send(&settings, world.timeline()).await?;
            self.resumable = false;
        }
        socket.reset(LEAVING).await?;
        if self.resumable {
            // Away already; it ends by its timeout.
            return Ok(());
        }
        // The server notices the reset in its own time; ask until it has. Some never do.
        let limit = match settings.outliving.load(Ordering::Relaxed) {
            0..MOST_OUTLIVING => LEAVING,
            _ => SHORT_LEAVING,
        };
        let gone = async {
            let mut pause = Duration::from_millis(2);
            loop {
                let players = format!("{path}/players");
                let answer =
                    request("GET", &players, None).send(&settings, world.timeline()).await?;
                if answer.status == 404 {
                    return Ok(());
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        };
        tokio::time::timeout(limit, gone).await.unwrap_or_else(|_| {
            settings.outliving.fetch_add(1, Ordering::Relaxed);
            world.timeline().push("note", format!("session {session} outlives its socket"), None);
            Ok(())
        })
    }
}

/// Whether a message is of a kind: its op, its event type, or `event` for any event that the
/// protocol has.
fn is_kind(message: &Value, kind: &str) -> bool {
    match kind {
        "event" => message["op"] == "event" && schema::is_known(kind_of(message)),
        _ => message["op"] == kind || (message["op"] == "event" && message["type"] == kind),
    }
}

fn kind_of(message: &Value) -> &str {
    message["type"].as_str().or(message["op"].as_str()).unwrap_or("?")
}
