//! The control API, for tests: moves manual time, empties the server, tells how it is.
//!
//! Off unless a token is configured; `control.openapi.yaml` describes it. It is outside the
//! protocol, and the protocol cannot reach it.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json as AnswerJson, Router};
use http::StatusCode;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use crate::deviations;
use crate::http::json::Json;
use crate::http::{read_json, same_secret};
use crate::server::Server;

/// Where the control API is.
pub(crate) const PREFIX: &str = "/control";

/// Longest time that one call moves the clock.
const LONGEST_ADVANCE: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// The control API; nothing at all without a token.
pub(crate) fn router(server: &Server) -> Router {
    if server.config.control_token.is_none() {
        return Router::new();
    }
    let routes = Router::new()
        .route("/health", get(health))
        .route("/clock", get(clock))
        .route("/clock/advance", post(advance))
        .route("/sound", post(sound))
        .route("/reset", post(reset))
        .route("/deviations", get(chosen_deviations))
        .fallback(|| async { refusal(StatusCode::NOT_FOUND, "no such part of the control API") })
        .layer(from_fn_with_state(server.clone(), authorize))
        .with_state(server.clone());
    Router::new().nest(PREFIX, routes)
}

async fn authorize(State(server): State<Server>, request: Request, next: Next) -> Response {
    let given = request.headers().get(AUTHORIZATION).map(|value| value.as_bytes());
    let token = given.and_then(|value| value.strip_prefix(b"Bearer "));
    let wanted = server.config.control_token.as_ref().map(|token| token.0.as_bytes());
    match (token, wanted) {
        (Some(token), Some(wanted)) if same_secret(token, wanted) => next.run(request).await,
        _ => refusal(StatusCode::UNAUTHORIZED, "send Authorization: Bearer and the control token"),
    }
}

/// How the server is: sockets that are open, sessions with a socket, sessions that wait for theirs.
async fn health(State(server): State<Server>) -> AnswerJson<Value> {
    let (open, away) = server.sessions.count();
    AnswerJson(json!({
        "status": "up",
        "version": env!("CARGO_PKG_VERSION"),
        "sockets": server.sockets.count(),
        "sessions": {"open": open, "away": away},
    }))
}

async fn clock(State(server): State<Server>) -> AnswerJson<Value> {
    AnswerJson(clock_status(&server))
}

fn clock_status(server: &Server) -> Value {
    let next = server.clock.next_timer().map(|next| next.as_nanos().div_ceil(1_000_000) as u64);
    json!({
        "kind": if server.clock.is_manual() { "manual" } else { "real" },
        "wallMs": server.clock.wall_ms(),
        "nextTimerMs": next,
    })
}

/// Runs every timer that is due within `ms`, in order, and answers when all that they caused has
/// been sent. With `untilMessage` it ends where something was sent to a client.
async fn advance(State(server): State<Server>, request: Request) -> Response {
    let body = read_json(&server, request).await.unwrap_or(Json::List(Vec::new()));
    let ms = body.required("ms", Json::long).ok();
    let duration = ms.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis);
    let Some(duration) = duration.filter(|duration| *duration <= LONGEST_ADVANCE) else {
        let most = LONGEST_ADVANCE.as_millis();
        let message = format!("send {{\"ms\": milliseconds}}, from 0 to {most}");
        return refusal(StatusCode::BAD_REQUEST, &message);
    };
    let until_message = body.field("untilMessage", Json::boolean).ok().flatten();
    let sent = server.messages.count();
    let enough = || until_message == Some(true) && server.messages.count() > sent;
    match server.clock.advance(duration, enough).await {
        None => refusal(
            StatusCode::CONFLICT,
            "the clock is the machine's; start the server with --clock manual",
        ),
        Some(advanced) if !advanced.settled => refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "something is still going on after 5 seconds, perhaps a client that does not read; \
             time stands where it was",
        ),
        Some(advanced) => {
            let mut status = clock_status(&server);
            status["advancedMs"] = (advanced.by.as_millis() as u64).into();
            AnswerJson(status).into_response()
        }
    }
}

/// Says whether anybody listens to what voice connections send. If not, frames of tracks that are
/// opened from now on are those of volume 0, as many as there would be with sound.
async fn sound(State(server): State<Server>, request: Request) -> Response {
    let body = read_json(&server, request).await.unwrap_or(Json::List(Vec::new()));
    match body.required("heard", Json::boolean) {
        Ok(heard) => {
            server.set_heard(heard);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(_) => refusal(StatusCode::BAD_REQUEST, "send {\"heard\": true} or {\"heard\": false}"),
    }
}

/// Ends all sessions with their players and sockets. Whoever comes next may listen.
async fn reset(State(server): State<Server>) -> StatusCode {
    server.sessions.end_all().await;
    server.set_heard(true);
    StatusCode::NO_CONTENT
}

/// Every deviation there is; `reached` counts how often the code of a chosen one ran.
async fn chosen_deviations() -> AnswerJson<Value> {
    let chosen: Vec<_> = deviations::chosen().collect();
    let entries = deviations::all().map(|deviation| {
        let reached = chosen.iter().find(|(other, _)| *other == deviation).map(|(_, count)| count);
        json!({"name": deviation.name, "summary": deviation.summary, "reached": reached})
    });
    AnswerJson(entries.collect())
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, AnswerJson(json!({"error": message}))).into_response()
}
