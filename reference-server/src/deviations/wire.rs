//! Breaks at the edge of the server: answers that are changed on their way out.

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

const fn answer(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    change: Change,
) -> AnswerBreak {
    AnswerBreak { name, method, path, change }
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
