//! The layer round the protocol in which faults strike requests.

use std::future::pending;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, StatusCode, Uri};
use serde_json::Value;

use super::recorder::{body_value, of_request};
use super::refusal::gather;
use super::told::{Controls, End, EntryId, Failure, Strike};
use crate::error::ApiError;
use crate::http::{Cut, error_object};
use crate::server::Server;

/// Longest body that is read of a request that fails.
const LONGEST_BODY: usize = 4 * 1024 * 1024;

impl Failure {
    async fn wait(&self, server: &Server) {
        if self.delay.is_zero() {
            return;
        }
        if self.by_clock {
            let until = server.clock.now() + self.delay;
            server.clock.timer().until(until).await;
        } else {
            server.clock.within(self.delay, pending::<()>()).await;
        }
    }
}

/// Has requests fail that a fault strikes.
pub(super) async fn fail(
    State((server, controls)): State<(Server, Arc<Controls>)>,
    request: Request,
    next: Next,
) -> Response {
    if !controls.faults.any() {
        return next.run(request).await;
    }
    let mut seen = of_request(&request, 0);
    let (request, body) = match controls.faults.look_at_bodies() {
        false => (request, None),
        true => {
            let (head, body) = request.into_parts();
            let body = gather(&server, body, LONGEST_BODY).await;
            seen.body = body_value(&body);
            (Request::from_parts(head, Body::empty()), Some(body))
        }
    };
    let Some(strike) = controls.faults.strike(&seen) else {
        let request = match body {
            Some(body) => request.map(|_| Body::from(body)),
            None => request,
        };
        return next.run(request).await;
    };
    let entry = request.extensions().get::<EntryId>().copied();
    let cut = request.extensions().get::<Cut>().cloned();
    let uri = request.uri().clone();
    let struck = |without_answer: bool| {
        if let Some(entry) = entry {
            controls.journal.change(entry, |entry| {
                entry.fault = Some(strike.fault);
                entry.complete |= without_answer;
            });
        }
    };
    let Strike { failure, .. } = &strike;
    if failure.end == End::Served {
        struck(false);
        failure.wait(&server).await;
        let request = match body {
            Some(body) => request.map(|_| Body::from(body)),
            None => request,
        };
        return next.run(request).await;
    }
    // So that it is written down, and the client does not break off while it sends.
    if body.is_none() {
        gather(&server, request.into_body(), LONGEST_BODY).await;
    }
    struck(matches!(failure.end, End::Hangs | End::Reset));
    // It ends early with the server.
    server.stop.run_until_cancelled(failure.wait(&server)).await;
    if let End::Answered { status, headers, body } = &failure.end {
        return answer(&server, &uri, *status, headers, body.as_ref());
    }
    if failure.end != End::Reset {
        server.stop.cancelled().await;
    }
    if let Some(cut) = cut {
        cut.reset();
    }
    pending().await
}

fn answer(
    server: &Server,
    uri: &Uri,
    status: StatusCode,
    headers: &[(HeaderName, HeaderValue)],
    body: Option<&Value>,
) -> Response {
    let typed = |media_type: &'static str, text: &str| {
        let media_type = [(CONTENT_TYPE, HeaderValue::from_static(media_type))];
        (status, media_type, text.to_owned()).into_response()
    };
    let mut response = match body {
        Some(Value::String(text)) if text.starts_with('<') => {
            typed("text/html;charset=UTF-8", text)
        }
        Some(Value::String(text)) => typed("text/plain;charset=UTF-8", text),
        Some(value) => (status, Json(value)).into_response(),
        None if status.as_u16() < 400 => status.into_response(),
        None => {
            let message = status.canonical_reason().unwrap_or("No message available").to_owned();
            let error = ApiError { status, message, unexpected: false };
            let error = error_object(&error, uri, server.clock.wall_ms());
            let mut response = (status, Json(error)).into_response();
            response.headers_mut().insert("lavalink-api-version", HeaderValue::from_static("4"));
            response
        }
    };
    for (name, value) in headers {
        response.headers_mut().insert(name, value.clone());
    }
    response
}
