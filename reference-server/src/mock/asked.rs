//! What a mock is asked for, put together bit by bit.

use std::time::Duration;

use serde_json::{Value, json};

/// A request to wait for. See `POST /control/requests/wait`.
///
/// ```
/// # use lavalink_reference_server::Wanted;
/// # use serde_json::json;
/// let volume = Wanted::request("PATCH", "*/players/*").body(json!({"volume": 30}));
/// let three_loads = Wanted::request("GET", "/v4/loadtracks").count(3);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "give it to Mock::wait_for"]
pub struct Wanted {
    matching: Value,
    rest: Value,
}

impl Wanted {
    /// A request with a method and a path, in which `*` stands for any text.
    pub fn request(method: &str, path: &str) -> Self {
        Self { matching: json!({"method": method, "path": path}), rest: json!({}) }
    }

    /// A handshake.
    pub fn handshake() -> Self {
        Self { matching: json!({"kind": "handshake"}), rest: json!({}) }
    }

    /// The end of a session's socket.
    pub fn close() -> Self {
        Self { matching: json!({"kind": "close"}), rest: json!({}) }
    }

    /// What its body has at least.
    pub fn body(mut self, body: Value) -> Self {
        self.matching["body"] = body;
        self
    }

    /// A header that it has; `*` stands for any text.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.matching["headers"][name] = value.into();
        self
    }

    /// A parameter of its query; `*` stands for any text.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.matching["query"][name] = value.into();
        self
    }

    /// What it was answered.
    pub fn status(mut self, status: u16) -> Self {
        self.matching["status"] = status.into();
        self
    }

    /// How many there have to be.
    pub fn count(mut self, count: u64) -> Self {
        self.rest["count"] = count.into();
        self
    }

    /// Only those with a greater id.
    pub fn since(mut self, id: u64) -> Self {
        self.rest["since"] = id.into();
        self
    }

    /// How long to wait, of the machine's time; five seconds if it is not said.
    pub fn within(mut self, limit: Duration) -> Self {
        let ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        self.rest["timeoutMs"] = ms.into();
        self
    }

    pub(super) fn into_body(self) -> Value {
        let Self { matching, mut rest } = self;
        rest["match"] = matching;
        rest
    }
}

/// Something that is to happen to requests. See `POST /control/faults`.
///
/// ```
/// # use lavalink_reference_server::Fault;
/// # use std::time::Duration;
/// let busy = Fault::at("GET", "/v4/loadtracks").status(429).header("Retry-After", "1").times(2);
/// let proxy = Fault::at("*", "*").status(502).body("<html>Bad Gateway</html>");
/// let down = Fault::of_handshakes().status(503).times(3);
/// let slow = Fault::at("PATCH", "*/players/*").delay(Duration::from_millis(200));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "give it to Mock::fault"]
pub struct Fault {
    matching: Value,
    answer: Value,
    rest: Value,
}

impl Fault {
    /// To requests with a method, or any with `*`, and a path, in which `*` stands for any text.
    pub fn at(method: &str, path: &str) -> Self {
        let mut matching = json!({"path": path});
        if method != "*" {
            matching["method"] = method.into();
        }
        Self { matching, answer: json!({}), rest: json!({}) }
    }

    /// To handshakes.
    pub fn of_handshakes() -> Self {
        Self { matching: json!({"kind": "handshake"}), answer: json!({}), rest: json!({}) }
    }

    /// Only to those whose body has this at least.
    pub fn if_body(mut self, body: Value) -> Self {
        self.matching["body"] = body;
        self
    }

    /// They are answered with it, and with Lavalink's error object.
    pub fn status(mut self, status: u16) -> Self {
        self.answer["status"] = status.into();
        self
    }

    /// The answer has this header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.answer["headers"][name] = value.into();
        self
    }

    /// The answer has this body: JSON, or a text as it is.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.answer["body"] = body.into();
        self
    }

    /// The answer comes that much later.
    pub fn delay(mut self, delay: Duration) -> Self {
        let ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self.answer["delayMs"] = ms.into();
        self
    }

    /// The delay is time of the mock and not of the machine.
    pub fn in_server_time(mut self) -> Self {
        self.answer["clock"] = "server".into();
        self
    }

    /// They are never answered.
    pub fn hang(mut self) -> Self {
        self.answer["hang"] = true.into();
        self
    }

    /// Their connection is reset.
    pub fn reset(mut self) -> Self {
        self.answer["reset"] = true.into();
        self
    }

    /// They are answered with something that only looks like JSON.
    pub fn not_json(mut self) -> Self {
        self.answer["notJson"] = true.into();
        self
    }

    /// It happens so many times.
    pub fn times(mut self, times: u64) -> Self {
        self.rest["times"] = times.into();
        self
    }

    /// So many requests pass before.
    pub fn skip(mut self, skip: u64) -> Self {
        self.rest["skip"] = skip.into();
        self
    }

    /// It happens to this part of them, from 0 to 1.
    pub fn probability(mut self, probability: f64) -> Self {
        self.rest["probability"] = probability.into();
        self
    }

    pub(super) fn into_body(self) -> Value {
        let Self { matching, answer, mut rest } = self;
        rest["match"] = matching;
        rest["answer"] = answer;
        rest
    }
}

/// A message to move time to. See `POST /control/clock/advance`.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "give it to Mock::advance_until"]
pub struct Until(Value);

impl Until {
    /// An event of a type, such as `TrackEndEvent`.
    pub fn event(name: &str) -> Self {
        Self(json!({"until": {"type": name}}))
    }

    /// A message with an `op`, such as `playerUpdate`.
    pub fn op(op: &str) -> Self {
        Self(json!({"until": {"op": op}}))
    }

    /// Of a guild.
    pub fn guild(mut self, guild: u64) -> Self {
        self.0["until"]["guildId"] = guild.to_string().into();
        self
    }

    /// With a `reason`.
    pub fn reason(mut self, reason: &str) -> Self {
        self.0["until"]["reason"] = reason.into();
        self
    }

    /// To the client of a session.
    pub fn session(mut self, session: &str) -> Self {
        self.0["until"]["sessionId"] = session.into();
        self
    }

    /// Move time by so much at most.
    pub fn within(mut self, limit: Duration) -> Self {
        let ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        self.0["ms"] = ms.into();
        self
    }

    pub(super) fn into_body(self) -> Value {
        self.0
    }
}
