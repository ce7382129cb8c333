//! Breaks at the edge of the server: answers and messages that are changed on their way out.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

use super::{any, deviates};

/// An answer that is another one than it should be.
struct AnswerBreak {
    name: &'static str,
    method: &'static str,
    /// `*` stands for one segment, `**` for all that follow.
    path: &'static str,
    change: Change,
}

/// What is wrong with it.
enum Change {
    /// Nothing is done; the status alone is the answer.
    Refused(StatusCode),
    /// Of a success.
    Body(fn(&mut Value)),
    /// Of an error.
    Error(fn(&mut Value)),
}

/// A message that is another one than it should be.
struct MessageBreak {
    name: &'static str,
    /// Op or event type.
    kind: &'static str,
    /// Gives back what is sent in its place.
    change: fn(Value) -> Vec<String>,
}

const fn answer(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    change: Change,
) -> AnswerBreak {
    AnswerBreak { name, method, path, change }
}

const fn message(
    name: &'static str,
    kind: &'static str,
    change: fn(Value) -> Vec<String>,
) -> MessageBreak {
    MessageBreak { name, kind, change }
}

/// A message without one of its fields.
macro_rules! without {
    ($key:literal) => {
        |mut message: Value| {
            drop_key(&mut message, $key);
            vec![message.to_string()]
        }
    };
}

const PLAYERS: &str = "/v4/sessions/*/players";
const PLAYER: &str = "/v4/sessions/*/players/*";

const ANSWERS: &[AnswerBreak] = &[
    answer(
        "LL-PREREQUISITE-001/broken",
        "GET",
        "/version",
        Change::Refused(StatusCode::INTERNAL_SERVER_ERROR),
    ),
    answer(
        "LL-PREREQUISITE-002/broken",
        "GET",
        "/v4/info",
        Change::Refused(StatusCode::INTERNAL_SERVER_ERROR),
    ),
    answer(
        "LL-PREREQUISITE-003/not-found",
        "GET",
        "/v4/websocket",
        Change::Refused(StatusCode::NOT_FOUND),
    ),
    answer("LL-PREREQUISITE-005/not-found", "GET", PLAYERS, Change::Refused(StatusCode::NOT_FOUND)),
    answer(
        "LL-PREREQUISITE-006/not-found",
        "PATCH",
        PLAYER,
        Change::Refused(StatusCode::NOT_FOUND),
    ),
    answer(
        "LL-PREREQUISITE-007/empty",
        "GET",
        "/v4/loadtracks",
        Change::Body(|body| *body = json!({"loadType": "empty", "data": null})),
    ),
    answer(
        "LL-PREREQUISITE-011/not-found",
        "GET",
        "/v4/routeplanner/status",
        Change::Refused(StatusCode::NOT_FOUND),
    ),
    answer(
        "LL-PREREQUISITE-012/not-found",
        "PATCH",
        "/v4/sessions/*",
        Change::Refused(StatusCode::NOT_FOUND),
    ),
    answer("LL-SHAPE-001/no-git", "GET", "/v4/info", Change::Body(|body| drop_key(body, "git"))),
    answer(
        "LL-SHAPE-002/players-as-text",
        "GET",
        "/v4/stats",
        Change::Body(|body| as_text(body, "players")),
    ),
    answer(
        "LL-SHAPE-003/no-info",
        "GET",
        "/v4/loadtracks",
        Change::Body(|body| drop_key(&mut body["data"], "info")),
    ),
    answer(
        "LL-SHAPE-003/no-cause",
        "GET",
        "/v4/loadtracks",
        Change::Body(|body| drop_key(&mut body["data"], "cause")),
    ),
    answer(
        "LL-SHAPE-004/no-encoded",
        "GET",
        "/v4/decodetrack",
        Change::Body(|body| drop_key(body, "encoded")),
    ),
    answer(
        "LL-SHAPE-005/in-an-object",
        "POST",
        "/v4/decodetracks",
        Change::Body(|body| *body = json!({"tracks": body.take()})),
    ),
    answer(
        "LL-SHAPE-006/timeout-as-text",
        "PATCH",
        "/v4/sessions/*",
        Change::Body(|body| as_text(body, "timeout")),
    ),
    answer(
        "LL-SHAPE-007/in-an-object",
        "GET",
        PLAYERS,
        Change::Body(|body| *body = json!({"players": body.take()})),
    ),
    answer("LL-SHAPE-008/no-voice", "GET", PLAYER, Change::Body(|body| drop_key(body, "voice"))),
    answer(
        "LL-SHAPE-009/time-as-text",
        "PATCH",
        PLAYER,
        Change::Body(|body| as_text(&mut body["state"], "time")),
    ),
    answer(
        "LL-SHAPE-010/no-class",
        "GET",
        "/v4/routeplanner/status",
        Change::Body(|body| drop_key(body, "class")),
    ),
    answer("LL-SHAPE-011/no-path", "GET", "**", Change::Error(|body| drop_key(body, "path"))),
];

const MESSAGES: &[MessageBreak] = &[
    message("LL-PREREQUISITE-004/silent", "ready", |_| Vec::new()),
    message("LL-PREREQUISITE-008/silent", "TrackStartEvent", |_| Vec::new()),
    message("LL-SHAPE-020/plain-text", "stats", |stats| vec!["stats".into(), stats.to_string()]),
    message("LL-SHAPE-021/no-resumed", "ready", without!("resumed")),
    message("LL-SHAPE-022/no-uptime", "stats", without!("uptime")),
    message("LL-SHAPE-023/no-ping", "playerUpdate", |mut message| {
        drop_key(&mut message["state"], "ping");
        vec![message.to_string()]
    }),
    message("LL-SHAPE-024/no-info", "TrackStartEvent", |mut message| {
        drop_key(&mut message["track"], "info");
        vec![message.to_string()]
    }),
    message("LL-SHAPE-025/upper-case", "TrackEndEvent", |mut message| {
        let reason = message["reason"].as_str().unwrap_or_default().to_uppercase();
        message["reason"] = reason.into();
        vec![message.to_string()]
    }),
    message("LL-SHAPE-026/no-severity", "TrackExceptionEvent", |mut message| {
        drop_key(&mut message["exception"], "severity");
        vec![message.to_string()]
    }),
    message("LL-SHAPE-027/no-threshold", "TrackStuckEvent", without!("thresholdMs")),
    message("LL-SHAPE-028/no-reason", "WebSocketClosedEvent", without!("reason")),
];

/// The protocol, with answers that are changed if any are to be wrong.
pub(crate) fn surround(protocol: Router) -> Router {
    if any() { protocol.layer(from_fn(answers)) } else { protocol }
}

async fn answers(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let fitting = ANSWERS.iter().filter(|row| row.method == method && fits(row.path, &path));
    let fitting: Vec<_> = fitting.collect();
    for row in &fitting {
        if let Change::Refused(status) = row.change
            && deviates(row.name)
        {
            return status.into_response();
        }
    }
    let mut response = next.run(request).await;
    for row in fitting {
        let (change, concerned) = match row.change {
            Change::Refused(_) => continue,
            Change::Body(change) => (change, response.status().is_success()),
            Change::Error(change) => (change, response.status().as_u16() >= 400),
        };
        if concerned && deviates(row.name) {
            response = changed(response, change).await;
        }
    }
    response
}

/// What is sent in place of a message.
pub(crate) fn messages(text: String) -> Vec<String> {
    let Ok(message) = serde_json::from_str::<Value>(&text) else { return vec![text] };
    let kind = message["type"].as_str().or(message["op"].as_str()).unwrap_or_default();
    let mut rows = MESSAGES.iter().filter(|row| row.kind == kind);
    match rows.find(|row| deviates(row.name)) {
        Some(row) => (row.change)(message),
        None => vec![text],
    }
}

async fn changed(response: Response, change: fn(&mut Value)) -> Response {
    let (mut parts, body) = response.into_parts();
    // It is the server's own, and was in memory before.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let bytes = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) => {
            change(&mut value);
            value.to_string().into_bytes()
        }
        Err(_) => bytes.to_vec(),
    };
    if parts.headers.contains_key(CONTENT_LENGTH) {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn drop_key(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}

fn as_text(value: &mut Value, key: &str) {
    if let Some(field) = value.get_mut(key) {
        *field = field.to_string().into();
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    pattern.clone().eq(["**"])
        || pattern.clone().count() == path.clone().count()
            && pattern.zip(path).all(|(wanted, given)| wanted == "*" || wanted == given)
}
