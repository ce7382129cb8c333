//! The client side of a replay: sends recorded requests, keeps sockets and their messages.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use super::compare::differences;
use super::recording::Entry;
use super::socket::{Command, Socket};

/// How long a message or an answer that is due may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How far time is moved at once, ms: a socket has room for the frames of two seconds, and loses the
/// rest if nobody comes to read them.
const STEP_MS: i64 = 1000;

/// How long moving time may take, however far: sound is made on the way. If something hangs the
/// server tells so itself, after five seconds.
const MOVING: Duration = Duration::from_secs(120);

/// Seconds of a frame, and how many of them an event may come later than recorded.
const FRAME: f64 = 0.02;
const LATE_FRAMES: usize = 5;

/// Plays the client of one recording.
pub(crate) struct Peer {
    address: SocketAddr,
    http: reqwest::Client,
    sockets: BTreeMap<String, Socket>,
    /// Recorded names, as of sessions and voice servers, and what is called so here.
    names: Vec<(String, String)>,
    /// Seconds to which time was moved.
    now: f64,
}

/// What came back.
pub(crate) struct Answer {
    status: u16,
    media_type: Option<String>,
    allow: Option<String>,
    body: Value,
    recorded: Value,
}

impl Peer {
    pub(crate) fn new(address: SocketAddr) -> Self {
        // Another test may have installed it.
        rustls::crypto::ring::default_provider().install_default().ok();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { address, http, sockets: BTreeMap::new(), names: Vec::new(), now: 0.0 }
    }

    /// The recorded value with this run's session ids in it.
    pub(crate) fn translated(&self, value: &Value) -> Value {
        let mut text = value.to_string();
        for (recorded, here) in &self.names {
            text = text.replace(recorded, here);
        }
        serde_json::from_str(&text).unwrap()
    }

    /// Moves the server's time to the second of a minute at which the recording began, as frames are
    /// counted by the minutes of the clock.
    pub(crate) async fn set_out(&self, began_ms: i64) {
        let now = self.control("GET", "clock", "").await["wallMs"].as_i64().unwrap();
        self.advance((began_ms - now).rem_euclid(60_000)).await;
    }

    /// Moves the server's time so that it looks for tracks that nobody hears at that second of the
    /// recording, which it does every ten seconds after its start.
    pub(crate) async fn set_out_before_cleanup(&self, second: f64) {
        let ms = (second * 1000.0) as i64;
        self.advance((-ms).rem_euclid(10_000)).await;
    }

    async fn advance(&self, ms: i64) {
        let answer = self.control("POST", "clock/advance", &format!("{{\"ms\": {ms}}}")).await;
        assert!(answer["wallMs"].is_u64(), "{answer}");
    }

    /// Moves the server's time to that many seconds after the beginning.
    pub(crate) async fn pass_until(&mut self, seconds: f64) {
        let mut left = ((seconds - self.now).max(0.0) * 1000.0).round() as i64;
        self.now = self.now.max(seconds);
        while left > STEP_MS {
            self.advance(STEP_MS).await;
            left -= STEP_MS;
        }
        self.advance(left).await;
        self.settle().await;
    }

    /// Waits until all that was sent has arrived: a pong comes last.
    pub(crate) async fn settle(&mut self) {
        for socket in self.sockets.values_mut() {
            let before = *socket.pongs.borrow();
            if socket.commands.send(Command::Ping).await.is_ok() {
                let pong = socket.pongs.wait_for(|pongs| *pongs > before);
                // It may end instead.
                tokio::time::timeout(PATIENCE, pong).await.expect("a pong comes").ok();
            }
        }
    }

    async fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let url = format!("http://{}/control/{path}", self.address);
        let request = self.http.request(method.parse().unwrap(), url).bearer_auth("replay");
        let request = request.timeout(MOVING);
        let request = request.header("Content-Type", "application/json").body(body.to_owned());
        let text = request.send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    async fn open_sockets(&self) -> u64 {
        self.control("GET", "health", "").await["sockets"].as_u64().unwrap()
    }

    pub(crate) async fn send(&self, entry: &Entry) -> Answer {
        let mut path = entry.path.clone();
        for (recorded, here) in &self.names {
            path = path.replace(recorded, here);
        }
        let url = format!("http://{}{path}", self.address);
        let mut request = self.http.request(entry.method.parse().unwrap(), url);
        for (name, value) in &entry.headers {
            request = request.header(name, value);
        }
        request = match &entry.body {
            Value::Null => request,
            Value::String(text) => {
                // The recorder's client named a type of its own where none was given.
                if entry.headers.contains_key("Content-Type") {
                    request.body(text.clone())
                } else {
                    request.header("Content-Type", "text/plain; charset=utf-8").body(text.clone())
                }
            }
            json => request.body(self.translated(json).to_string()),
        };
        let answer = request.send().await.unwrap();
        let header = |name| Some(answer.headers().get(name)?.to_str().unwrap().to_owned());
        let (media_type, allow) = (header("content-type"), header("allow"));
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer { status, media_type, allow, body, recorded: self.translated(&entry.response) }
    }

    /// Opens a socket; the differences of the handshake.
    pub(crate) async fn open(&mut self, entry: &Entry) -> Vec<String> {
        let mut request =
            format!("ws://{}/v4/websocket", self.address).into_client_request().unwrap();
        for (name, value) in &entry.headers {
            let value = self.translated(&Value::String(value.clone()));
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.as_str().unwrap().parse().unwrap());
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (status, headers) = match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, response)) => {
                self.sockets.insert(entry.socket.clone(), Socket::watch(socket));
                (response.status(), response.headers().clone())
            }
            Err(Error::Http(response)) => (response.status(), response.headers().clone()),
            Err(error) => panic!("{}: {error}", entry.socket),
        };
        let mut found = Vec::new();
        if status != entry.status {
            found.push(format!("status {status}, recorded {}", entry.status));
        }
        for (name, recorded) in &entry.response_headers {
            let seen = headers.get(name).map(|value| value.to_str().unwrap());
            if seen != Some(recorded) {
                found.push(format!("header {name} {seen:?}, recorded {recorded:?}"));
            }
        }
        found
    }

    /// Waits for `ready` on a socket and remembers its session id for the recorded one.
    pub(crate) async fn learn_session(&mut self, entry: &Entry) {
        let is_ready = |message: &Value| message["op"] == "ready";
        let mut messages = self.sockets[&entry.socket].messages.clone();
        let seen = messages.wait_for(|messages| messages.iter().any(is_ready));
        let seen = tokio::time::timeout(PATIENCE, seen).await.expect("ready comes").unwrap();
        let ready = seen.iter().find(|message| is_ready(message)).unwrap().clone();
        let text = |value: &Value| value["sessionId"].as_str().unwrap().to_owned();
        self.learn(&text(&entry.message), &text(&ready));
    }

    /// What is called `recorded` in the recording is called `here`.
    pub(crate) fn learn(&mut self, recorded: &str, here: &str) {
        let pair = (recorded.to_owned(), here.to_owned());
        if !self.names.contains(&pair) {
            self.names.push(pair);
        }
    }

    pub(crate) async fn close(&mut self, socket: &str) {
        self.command(socket, Command::Close).await;
    }

    pub(crate) async fn abort(&mut self, socket: &str) {
        self.command(socket, Command::Abort).await;
    }

    /// Ends a socket and waits until the server has noticed, as time stands still meanwhile.
    async fn command(&mut self, socket: &str, command: Command) {
        let open = self.open_sockets().await;
        self.end(socket, command).await;
        let noticed = async {
            while self.open_sockets().await >= open {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(PATIENCE, noticed).await.expect("the server notices");
    }

    async fn end(&mut self, socket: &str, command: Command) {
        let socket = self.sockets.get_mut(socket).unwrap();
        socket.commands.send(command).await.ok();
        tokio::time::timeout(PATIENCE, &mut socket.task).await.expect("the socket ends").unwrap();
    }

    /// Waits for the server to close a socket; the difference of the code.
    pub(crate) async fn closed_with(&mut self, socket: &str, recorded: u16) -> Vec<String> {
        let Some(socket) = self.sockets.get_mut(socket) else {
            return vec![format!("never open, recorded close {recorded}")];
        };
        match tokio::time::timeout(PATIENCE, &mut socket.task)
            .await
            .expect("the socket ends")
            .unwrap()
        {
            Some(code) if code == recorded => Vec::new(),
            seen => vec![format!("closed with {seen:?}, recorded {recorded}")],
        }
    }

    /// Waits until a socket has had so many events. What has not come in time once is not waited
    /// for again; the comparison at the end names it.
    pub(crate) async fn has_events(&mut self, socket: &str, count: usize) {
        let Some(socket) = self.sockets.get_mut(socket) else { return };
        let events = |messages: &Vec<Value>| messages.iter().filter(|m| m["op"] == "event").count();
        // What was missed may have come since: the event noted last is waited for in any case.
        let seen = events(&socket.messages.borrow());
        let count = count - socket.missed.min(count.saturating_sub(1 + seen));
        let came = socket.messages.wait_for(|messages| events(messages) >= count);
        if tokio::time::timeout(PATIENCE, came).await.is_err() {
            socket.missed += 1;
        }
    }

    /// Moves time on by some frames until a socket has had so many events: one that was recorded
    /// may be due a little later here.
    pub(crate) async fn catch_up(&mut self, socket: &str, count: usize) {
        for _ in 0..LATE_FRAMES {
            let messages = self.messages(socket).await;
            if messages.iter().filter(|message| message["op"] == "event").count() >= count {
                break;
            }
            self.pass_until(self.now + FRAME).await;
        }
    }

    /// What came on a socket.
    pub(crate) async fn messages(&self, socket: &str) -> Vec<Value> {
        self.sockets.get(socket).map(|s| s.messages.borrow().clone()).unwrap_or_default()
    }
}

impl Answer {
    pub(crate) fn differences(&self, entry: &Entry) -> Vec<String> {
        let mut found = Vec::new();
        if self.status != entry.status {
            found.push(format!("status {}, recorded {}", self.status, entry.status));
        }
        let recorded = |name: &str| entry.response_headers.get(name).cloned();
        let essence = |header: Option<String>| header.map(|h| h.replace(' ', "").to_lowercase());
        for (name, seen) in [("Content-Type", &self.media_type), ("Allow", &self.allow)] {
            if essence(seen.clone()) != essence(recorded(name)) {
                found.push(format!("{name} {seen:?}, recorded {:?}", recorded(name)));
            }
        }
        // The answer to a seek tells the old position or the new one:
        // docs/observed/playback.md#seeks.
        let seeks = entry.body.get("position").is_some() && entry.body.get("track").is_none();
        let (mut recorded, mut seen) = (self.recorded.clone(), self.body.clone());
        if seeks && entry.status == 200 {
            for answer in [&mut recorded, &mut seen] {
                for path in ["/track/info/position", "/state/position"] {
                    if let Some(position) = answer.pointer_mut(path) {
                        *position = Value::Null;
                    }
                }
            }
        }
        // The JVM's own metrics are nothing that another server would have.
        if entry.path != "/metrics" {
            found.extend(differences(&recorded, &seen));
        }
        found
    }
}
