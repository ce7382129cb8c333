//! What the control API says to a request that it does not serve, and how it reads bodies.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Value, json};

use super::told::{Kind, Match, TooFew, Wrong, read_strictly, shown};
use crate::server::Server;

/// Longest body that is read: a catalogue may be long.
const LIMIT: usize = 16 * 1024 * 1024;

/// How long a body may take to arrive.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Why a request is not served: a status and an error object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

/// The JSON of a request; null if there is none.
pub(super) struct Given(pub(super) Value);

/// What a handler comes to.
pub(super) type Answer<T = Response> = Result<T, Refusal>;

impl Refusal {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, body: json!({"error": message.into()}) }
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message)
    }

    /// Besides the error.
    pub(super) fn with(mut self, key: &str, value: Value) -> Self {
        self.body[key] = value;
        self
    }
}

impl Refusal {
    /// Too few requests that match came in time.
    pub(super) fn too_few(found: TooFew, wanted: &Match, count: usize, limit: Duration) -> Self {
        let TooFew { matched, nearest } = found;
        let (wanted, limit) = (shown(&wanted.to_json()), limit.as_millis());
        let came = match (matched, count) {
            (0, 1) => format!("nothing that matches {wanted} came within {limit} ms"),
            _ => format!("{matched} of {count} that match {wanted} came within {limit} ms"),
        };
        let what = match nearest.first() {
            None if matched == 0 => "nor did anything else".to_owned(),
            None => "nothing else did".to_owned(),
            Some((entry, difference)) => {
                let title = |text: &Option<String>| text.clone().unwrap_or_default();
                let title = match entry.kind {
                    Kind::Close => "a close".to_owned(),
                    _ => format!("{} {}", title(&entry.method), title(&entry.path)),
                };
                format!("the nearest was {title} (id {}): {difference}", entry.id)
            }
        };
        let message = format!("{came}; {what}");
        let nearest = nearest.iter().map(
            |(entry, difference)| json!({"request": entry.to_json(), "difference": difference}),
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, message)
            .with("matched", matched.into())
            .with("nearest", nearest.collect())
    }
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Self {
        let mut refusal = Self::new(StatusCode::BAD_REQUEST, wrong.to_string());
        if !wrong.key.is_empty() {
            refusal = refusal.with("key", wrong.key.into());
        }
        if let Some(nearest) = wrong.nearest {
            refusal = refusal.with("nearest", nearest.into());
        }
        match wrong.known.is_empty() {
            true => refusal,
            false => refusal.with("known", wrong.known.into()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

impl FromRequest<Server> for Given {
    type Rejection = Refusal;

    async fn from_request(request: Request, server: &Server) -> Result<Self, Refusal> {
        let content_type = request.headers().get(CONTENT_TYPE).cloned();
        let reading = Limited::new(request.into_body(), LIMIT).collect();
        let bytes = match server.clock.within(TIME_LIMIT, reading).await {
            Some(Ok(body)) => body.to_bytes(),
            Some(Err(error)) if error.is::<LengthLimitError>() => {
                let message = format!("the body is too long; send at most {LIMIT} bytes");
                return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, message));
            }
            Some(Err(error)) => {
                let message = format!("the body cannot be read: {error}");
                return Err(Refusal::new(StatusCode::BAD_REQUEST, message));
            }
            None => return Err(Refusal::new(StatusCode::BAD_REQUEST, "the body does not arrive")),
        };
        if bytes.is_empty() {
            return Ok(Self(Value::Null));
        }
        let given =
            content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let essence = given.as_deref().unwrap_or_default().split(';').next().unwrap_or_default();
        if !essence.trim().eq_ignore_ascii_case("application/json") {
            let was = given.map_or("there was none".into(), |given| format!("not {given}"));
            let message = format!("send Content-Type: application/json; {was}");
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        match read_strictly(&bytes) {
            Ok(value) => Ok(Self(value)),
            Err(error) => {
                let message = format!("the body is not JSON: {error}");
                Err(Refusal::new(StatusCode::BAD_REQUEST, message))
            }
        }
    }
}

impl Given {
    /// The body, or an empty object if there is none.
    pub(super) fn or_empty(self) -> Value {
        if self.0.is_null() { json!({}) } else { self.0 }
    }
}

/// All of a body, up to a limit; what came if it is cut off.
pub(super) async fn gather(server: &Server, body: Body, limit: usize) -> Vec<u8> {
    let mut body = Limited::new(body, limit);
    let mut bytes = Vec::new();
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            if let Ok(data) = frame.into_data() {
                bytes.extend_from_slice(&data);
            }
        }
    };
    server.clock.within(TIME_LIMIT, reading).await;
    bytes
}
