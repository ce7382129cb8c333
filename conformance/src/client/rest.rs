//! Requests that go out exactly as a step says.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::task::JoinHandle;

use super::connection::Connection;
use super::{Address, mask};
use crate::failure::Failure;
use crate::json::pretty;
use crate::settings::Settings;
use crate::timeline::{Answered, Timeline};

/// Longest answer that is read.
const LONGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A request to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query, sent as they are.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
}

/// How long a connection may have been idle to be used again; servers close them after five seconds
/// and more.
const LONGEST_IDLE: Duration = Duration::from_secs(2);

/// A connection for requests that follow each other. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// The connection, while no request is on its way; `None` if it is for one request only.
    idle: Option<Arc<Mutex<Option<Idle>>>>,
}

/// A connection on which nothing happens.
#[derive(Debug)]
struct Idle {
    since: Instant,
    open: Open,
}

/// An open connection, which ends when this is dropped.
#[derive(Debug)]
struct Open {
    sender: SendRequest<Full<Bytes>>,
    work: JoinHandle<Result<(), hyper::Error>>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) request: Request,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Request {
    /// Sends it on a connection of its own.
    pub(crate) async fn send(
        self,
        settings: &Settings,
        timeline: &Timeline,
    ) -> Result<Answer, Failure> {
        self.send_on(&Line::default(), settings, timeline).await
    }

    /// Sends it on a line, which is opened if it has to be.
    pub(super) async fn send_on(
        self,
        on: &Line,
        settings: &Settings,
        timeline: &Timeline,
    ) -> Result<Answer, Failure> {
        let began = Instant::now();
        let path = mask::text(&self.path, settings.password.reveal());
        let line = format!("{} {path}", self.method);
        timeline.push("http", format!("-> {line}"), self.shown_body(settings));
        let limit = settings.budgets.answer_limit();
        let exchange = tokio::time::timeout(limit, self.exchange_on(on, settings));
        let result = match exchange.await {
            Ok(result) => result,
            Err(_) => Err(Failure::transport(format!("{line}: no answer within {limit:?}"))),
        };
        match result {
            Ok(answer) => {
                let ms = began.elapsed().as_millis();
                let summary = format!("<- {} ({ms} ms) to {line}", answer.status);
                let answered = Answered {
                    method: answer.request.method.clone(),
                    path,
                    status: answer.status,
                    headers: answer.headers.clone(),
                    body: mask::text(&answer.body, settings.password.reveal()),
                    curl: Some(answer.request.curl(settings)),
                };
                timeline.push_answer("http", summary, answer.shown_body(settings), answered);
                Ok(answer)
            }
            Err(mut failure) => {
                timeline.push("note", failure.message.clone(), None);
                failure.reproduce = Some(self.curl(settings));
                Err(failure)
            }
        }
    }

    /// Sends it on a connection of its own and waits for the whole answer, however long that takes.
    pub(super) async fn exchange(&self, settings: &Settings) -> Result<Answer, Failure> {
        self.exchange_on(&Line::default(), settings).await
    }

    async fn exchange_on(&self, on: &Line, settings: &Settings) -> Result<Answer, Failure> {
        let broken = |what: &str, error: &dyn std::fmt::Display| {
            Failure::transport(format!("{} {}: {what}: {error}", self.method, self.path))
        };
        let unreachable = |error: &dyn std::fmt::Display| {
            Failure::unreachable(format!("{} {}: cannot connect: {error}", self.method, self.path))
        };
        let address = settings.address().map_err(|e| unreachable(&e))?;
        let mut connection = match on.take() {
            Some(connection) => connection,
            None => {
                let stream = address.connect(&settings.trust).await;
                let stream = stream.map_err(|e| unreachable(&e))?;
                let opened = Open::over(stream).await;
                opened.map_err(|e| broken("cannot connect", &e))?
            }
        };
        let answer = connection
            .sender
            .send_request(self.build(&address)?)
            .await
            .map_err(|e| broken("the connection broke", &e))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, LONGEST_ANSWER)
            .collect()
            .await
            .map_err(|e| broken("the answer broke off", &e))?;
        on.keep(connection);
        Ok(Answer {
            request: self.clone(),
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        })
    }

    fn build(&self, address: &Address) -> Result<http::Request<Full<Bytes>>, Failure> {
        let harness = |what: &dyn std::fmt::Display| {
            Failure::harness(format!("{} {}: cannot be sent: {what}", self.method, self.path))
        };
        let method: Method = self.method.parse().map_err(|e| harness(&e))?;
        let path = format!("{}{}", address.prefix, self.path);
        let uri: Uri = path.parse().map_err(|e| harness(&e))?;
        let body = Full::new(Bytes::from(self.body.clone().unwrap_or_default()));
        let mut request = http::Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(http::header::HOST, address.authority.parse().map_err(|e| harness(&e))?);
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().map_err(|e| harness(&e))?;
            let value = HeaderValue::from_str(value).map_err(|e| harness(&e))?;
            headers.append(name, value);
        }
        Ok(request)
    }

    fn shown_body(&self, settings: &Settings) -> Option<String> {
        self.body.as_ref().map(|body| shown(body, settings))
    }

    /// A line for a shell that sends it again; the password comes from the environment.
    pub(crate) fn curl(&self, settings: &Settings) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let mut line = format!("curl -i -X {}", self.method);
        for (name, value) in &self.headers {
            let password = settings.password.reveal();
            if mask::is_secret_header(name) && !password.is_empty() && value.contains(password) {
                // Writing to a String cannot fail.
                let value = value.replace(password, "${LAVALINK_PASSWORD}");
                let _ = write!(line, r#" -H "{name}: {value}""#);
            } else {
                // Writing to a String cannot fail.
                let _ = write!(line, " -H {}", quoted(&format!("{name}: {value}")));
            }
        }
        if let Some(body) = &self.body {
            let body = masked_body(body, settings.password.reveal());
            let _ = write!(line, " --data-binary {}", quoted(&body));
        }
        let path = mask::text(&self.path, settings.password.reveal());
        let _ = write!(line, " {}", quoted(&format!("{}{path}", settings.url)));
        line
    }
}

impl Line {
    /// One that stays open after a request; that of [`Self::default`] is for one only.
    pub(super) fn kept() -> Self {
        Self { idle: Some(Arc::default()) }
    }

    fn take(&self) -> Option<Open> {
        let idle = self.idle.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Idle { since, open } = idle?;
        (since.elapsed() < LONGEST_IDLE && open.sender.is_ready()).then_some(open)
    }

    fn keep(&self, open: Open) {
        if let Some(idle) = &self.idle {
            let idle_now = Idle { since: Instant::now(), open };
            *idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(idle_now);
        }
    }
}

impl Open {
    async fn over(stream: Connection) -> Result<Self, hyper::Error> {
        let (sender, work) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        // What breaks it shows in the answer.
        Ok(Self { sender, work: tokio::spawn(work) })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.work.abort();
    }
}

impl Answer {
    /// The body as JSON; `None` when it is none.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.body).ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap_or("(not a text)"))
    }

    /// Path without query.
    pub(crate) fn path(&self) -> &str {
        self.request.path.split('?').next().unwrap_or_default()
    }

    fn shown_body(&self, settings: &Settings) -> Option<String> {
        (!self.body.is_empty()).then(|| shown(&self.body, settings))
    }
}

/// A body that can be sent again, but for its secrets.
fn masked_body(body: &str, password: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(value) if mask::json(&value, password) != value => {
            mask::json(&value, password).to_string()
        }
        _ => mask::text(body, password),
    }
}

/// A body for people: pretty if it is JSON, cut if it is long, without secrets.
fn shown(body: &str, settings: &Settings) -> String {
    const LONGEST: usize = 4000;
    let password = settings.password.reveal();
    let text = match serde_json::from_str::<Value>(body) {
        Ok(value) => pretty(&mask::json(&value, password)),
        Err(_) => mask::text(body, password),
    };
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}… ({} bytes)", &text[..at], body.len()),
        None => text,
    }
}
