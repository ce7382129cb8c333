//! A server for tests, in the process of the test.

mod asked;
mod builder;
mod process;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

pub use self::asked::{Fault, Until, Wanted};
pub use self::builder::{MockBuilder, MockError};
use self::process::Process;

/// A Lavalink server that a test steers. It listens on a free port of 127.0.0.1, asks nobody
/// beyond this machine, and stops when it is dropped.
///
/// Unless its [builder](Mock::builder) says otherwise its time stands still until it is moved,
/// its voice connections lead nowhere, searches find tracks that are made up, and two runs of a test
/// see the same. It has a thread of its own, so it serves clients whatever the test's own executor
/// does, and there may be many in one process, each with its own time.
///
/// As a dev-dependency without default features it is 158 crates, which take 85 seconds of
/// processor time to build for debugging, once.
///
/// ```
/// use lavalink_reference_server::{Fault, Mock};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mock = Mock::start().await?;
/// let url = format!("{}/v4/loadtracks?identifier=ytsearch:hello", mock.url());
/// let get = || reqwest_client().get(&url).header("Authorization", mock.password());
/// assert_eq!(get().send().await?.status(), 200);
///
/// mock.fault(Fault::at("GET", "/v4/loadtracks").status(429).times(1)).await?;
/// assert_eq!(get().send().await?.status(), 429);
/// assert_eq!(get().send().await?.status(), 200);
/// assert_eq!(mock.requests().await?.len(), 3);
/// mock.advance(Duration::from_secs(60)).await?;
/// # Ok(())
/// # }
/// # fn reqwest_client() -> reqwest::Client {
/// #     rustls::crypto::ring::default_provider().install_default().ok();
/// #     reqwest::Client::builder().no_proxy().build().unwrap()
/// # }
/// ```
#[derive(Debug)]
pub struct Mock(Process);

type Done<T = ()> = Result<T, MockError>;

impl Mock {
    /// A mock as it usually is.
    ///
    /// # Errors
    /// If the machine has no port or no thread for it.
    pub async fn start() -> Done<Self> {
        Self::builder().start().await
    }

    /// A mock that is to be another than usually.
    pub fn builder() -> MockBuilder {
        MockBuilder::default()
    }

    /// Such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.authority())
    }

    /// Such as `ws://127.0.0.1:40123/v4/websocket`.
    pub fn websocket_url(&self) -> String {
        format!("ws://{}/v4/websocket", self.authority())
    }

    /// Host and port, such as `127.0.0.1:40123`.
    pub fn authority(&self) -> String {
        self.0.address.to_string()
    }

    /// `127.0.0.1`.
    pub fn host(&self) -> String {
        self.0.address.ip().to_string()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.0.address.port()
    }

    /// What clients send as `Authorization`.
    pub fn password(&self) -> &str {
        &self.0.password
    }

    /// What opens its control API to other processes, under `/control`.
    pub fn control_token(&self) -> &str {
        &self.0.control_token
    }

    /// Moves time. All that came due has been sent when it returns.
    ///
    /// # Errors
    /// If the clock is the machine's, or a client does not read what it is sent.
    pub async fn advance(&self, by: Duration) -> Done {
        let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.post("/clock/advance", json!({"ms": ms})).await.map(|_| ())
    }

    /// Moves time to the moment at which a message is sent, a day at most; gives it back.
    ///
    /// ```
    /// # use lavalink_reference_server::{Mock, Until};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = Mock::start().await?;
    /// let nobody = mock.advance_until(Until::event("TrackEndEvent").guild(1)).await;
    /// assert_eq!(nobody.unwrap_err().status(), Some(408));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// 408 if no such message was sent; as for [`Self::advance`].
    pub async fn advance_until(&self, until: Until) -> Done<Value> {
        let mut moved = self.post("/clock/advance", until.into_body()).await?;
        Ok(moved["message"].take())
    }

    /// What clients did so far: requests, handshakes, ends of sockets, as `GET /control/requests`
    /// shows them.
    ///
    /// # Errors
    /// If the mock has stopped.
    pub async fn requests(&self) -> Done<Vec<Value>> {
        let mut journal = self.call(Method::GET, "/requests", None).await?;
        Ok(list(journal["requests"].take()))
    }

    /// Waits until clients did something; gives back all that match.
    ///
    /// # Errors
    /// 408 if they did not: the message names the nearest request and its first difference.
    pub async fn wait_for(&self, wanted: Wanted) -> Done<Vec<Value>> {
        let mut found = self.post("/requests/wait", wanted.into_body()).await?;
        Ok(list(found["requests"].take()))
    }

    /// Has requests fail; gives back the id of the fault.
    ///
    /// # Errors
    /// If nothing is to happen to them, or things that do not go together.
    pub async fn fault(&self, fault: Fault) -> Done<u64> {
        let added = self.post("/faults", fault.into_body()).await?;
        Ok(added["id"].as_u64().unwrap_or_default())
    }

    /// Has nothing fail any more.
    ///
    /// # Errors
    /// If the mock has stopped.
    pub async fn clear_faults(&self) -> Done {
        self.call(Method::DELETE, "/faults", None).await.map(|_| ())
    }

    /// All sessions, oldest first, as `GET /control/sessions` shows them.
    ///
    /// # Errors
    /// If the mock has stopped.
    pub async fn sessions(&self) -> Done<Vec<Value>> {
        self.call(Method::GET, "/sessions", None).await.map(list)
    }

    /// Sends a session's client a message of any kind. Here and below a session is named by its
    /// id, or `latest`.
    ///
    /// # Errors
    /// 404 if there is no such session.
    pub async fn push(&self, session: &str, message: Value) -> Done {
        let path = format!("/sessions/{session}/messages");
        self.post(&path, json!({"message": message})).await.map(|_| ())
    }

    /// Sends a session's client a text that need not be JSON.
    ///
    /// # Errors
    /// 404 if there is no such session.
    pub async fn push_text(&self, session: &str, text: &str) -> Done {
        let path = format!("/sessions/{session}/messages");
        self.post(&path, json!({"text": text})).await.map(|_| ())
    }

    /// Has an event happen to a player, such as `json!({"type": "TrackStuckEvent"})`; what is left
    /// out is filled in. Gives back what was sent.
    ///
    /// # Errors
    /// 404 without such a session or player, 409 if it has no track.
    pub async fn event(&self, session: &str, guild: u64, event: Value) -> Done<Value> {
        self.post(&format!("/sessions/{session}/players/{guild}/events"), event).await
    }

    /// Has Discord close a player's voice connection; gives back the event, or null if Lavalink
    /// comes back by itself after that code.
    ///
    /// # Errors
    /// 404 without such a session or player, 409 if it has no connection.
    pub async fn voice_close(&self, session: &str, guild: u64, code: u16) -> Done<Value> {
        let path = format!("/sessions/{session}/players/{guild}/voice-close");
        let mut closed = self.post(&path, json!({"code": code})).await?;
        Ok(closed["event"].take())
    }

    /// Says how a player's voice connection is, which its client is told.
    ///
    /// # Errors
    /// 404 without such a session or player.
    pub async fn voice_state(&self, session: &str, guild: u64, ping: i64, connected: bool) -> Done {
        let path = format!("/sessions/{session}/players/{guild}");
        let state = json!({"ping": ping, "connected": connected});
        self.call(Method::PATCH, &path, Some(state)).await.map(|_| ())
    }

    /// Drops a session's socket, without a close frame or with one. A client that comes back at
    /// once is resumed, if it has asked for that; gives back how the session is then.
    ///
    /// # Errors
    /// 404 without such a session, 409 if it has no socket.
    pub async fn drop_socket(&self, session: &str, code: Option<u16>) -> Done<Value> {
        let body = code.map(|code| json!({"code": code}));
        self.call(Method::DELETE, &format!("/sessions/{session}/socket"), body).await
    }

    /// Ends a session, as if the server had lost it.
    ///
    /// # Errors
    /// 404 without such a session.
    pub async fn end_session(&self, session: &str) -> Done {
        self.call(Method::DELETE, &format!("/sessions/{session}"), None).await.map(|_| ())
    }

    /// Has an identifier lead to a track of your own, with the keys that
    /// `PUT /control/catalogue` knows.
    ///
    /// ```
    /// # use lavalink_reference_server::Mock;
    /// # use serde_json::json;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = Mock::start().await?;
    /// mock.track("spsearch:hello", json!({"title": "Hello", "author": "Adele"})).await?;
    /// let wrong = mock.track("spsearch:hello", json!({"titel": "Hello"})).await.unwrap_err();
    /// assert!(wrong.to_string().contains("did you mean title?"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// 400 if a key or a value is wrong; the message names it.
    pub async fn track(&self, identifier: &str, track: Value) -> Done {
        let outcome = if identifier.contains("search:") { "search" } else { "track" };
        let found = if outcome == "search" { json!([track]) } else { track };
        let mut entry = json!({"identifier": identifier});
        entry[outcome] = found;
        self.post("/catalogue", json!({"entries": [entry]})).await.map(|_| ())
    }

    /// Has tracks of your own, in place of those before: what `PUT /control/catalogue` takes.
    ///
    /// # Errors
    /// 400 if a key or a value is wrong; the message names it.
    pub async fn catalogue(&self, catalogue: Value) -> Done {
        self.call(Method::PUT, "/catalogue", Some(catalogue)).await.map(|_| ())
    }

    /// Is another server for `/v4/info` and `/version`: what `PUT /control/info` takes.
    ///
    /// # Errors
    /// 400 if a key or a value is wrong; the message names it.
    pub async fn info(&self, info: Value) -> Done {
        self.call(Method::PUT, "/info", Some(info)).await.map(|_| ())
    }

    /// Makes statistics up and sends them to everybody: what `PUT /control/stats` takes.
    ///
    /// # Errors
    /// 400 if a key or a value is wrong; the message names it.
    pub async fn stats(&self, stats: Value) -> Done {
        self.call(Method::PUT, "/stats", Some(stats)).await.map(|_| ())
    }

    /// Is as it was when it started, but for what is to be kept: `journal`, `faults`, `catalogue`,
    /// `info`, `stats`, `clock`, `routePlanner`.
    ///
    /// # Errors
    /// 400 if there is no such thing.
    pub async fn reset(&self, keep: &[&str]) -> Done {
        self.post("/reset", json!({"keep": keep})).await.map(|_| ())
    }

    /// Asks the control API for anything else; `path` begins behind `/control`.
    ///
    /// # Errors
    /// Whatever it refuses.
    pub async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Done<Value> {
        let method = method.to_uppercase().parse().unwrap_or(Method::GET);
        self.call(method, path, body).await
    }

    /// Closes all sockets with 1001 and stops. A mock that is dropped stops too, but without a
    /// word.
    pub async fn stop(self) {
        self.0.stop().await;
    }

    async fn post(&self, path: &str, body: Value) -> Done<Value> {
        self.call(Method::POST, path, Some(body)).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Done<Value> {
        self.0.call(method, path, body).await
    }
}

fn list(value: Value) -> Vec<Value> {
    if let Value::Array(list) = value { list } else { Vec::new() }
}
