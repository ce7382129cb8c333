//! `PATCH /v4/sessions/{session}`.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::deviations::{deviates, either};
use crate::http::json::{Json as Body, Undecodable};
use crate::http::{ApiError, read_json};
use crate::server::Server;
use crate::session::Session;

/// Seconds above which the real server's duration type is infinite.
const LONGEST_TIMEOUT: i64 = i64::MAX / 2 / 1000;

/// Sets `resuming` and `timeout`; what is left out stays.
pub(crate) async fn update(
    State(server): State<Server>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    if request.uri().query().is_some() && deviates("LL-HTTP-024/session-takes-no-query") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    let unknown = server.sessions.find(&session).is_none();
    if unknown && deviates("LL-HTTP-047/session-first") {
        return Err(ApiError::session_not_found());
    }
    let body = as_object(read_json(&server, request).await?)?;
    if unknown && deviates("LL-HTTP-026/any-session-changed") {
        return Ok(Json(json!({"resuming": false, "timeout": 60})).into_response());
    }
    if unknown && deviates("LL-HTTP-047/bad-request") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    let (resuming, timeout) = decode(&body);
    let handle = server.sessions.find(&session);
    if let (Err(_), Ok(Some(sound)), Some(handle)) = (&resuming, &timeout, &handle)
        && deviates("LL-HTTP-042/sound-field-applied")
    {
        let sound = *sound;
        handle.ask(move |session| session.timeout = sound).await;
    }
    if let (Ok(Some(on)), Err(_), Some(handle)) = (&resuming, &timeout, &handle)
        && deviates("LL-SESSION-007/resuming-applied")
    {
        let on = *on;
        handle.ask(move |session| session.resuming = on).await;
    }
    let (resuming, timeout) = (resuming?, timeout?.map(saturated));
    if timeout == Some(0) && deviates("LL-SESSION-005/zero-refused") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    let handle = handle.ok_or_else(unknown_session)?;
    if let Some(timeout) = timeout.filter(|_| deviates("LL-SESSION-004/shared")) {
        for other in server.sessions.all() {
            other.ask(move |session| session.timeout = timeout).await;
        }
    }
    let answer = handle.ask(move |session| apply(session, resuming, timeout));
    let answer = answer.await.ok_or_else(ApiError::session_not_found)?;
    let media_type = either("LL-SESSION-002/text", "application/json", "text/plain");
    Ok(([(CONTENT_TYPE, media_type)], Json(answer)).into_response())
}

/// Applies an update; gives back the session as it is then.
fn apply(session: &mut Session, resuming: Option<bool>, timeout: Option<i64>) -> Value {
    let show =
        |session: &Session| json!({"resuming": session.resuming, "timeout": session.timeout});
    let before = show(session);
    let kept = either("LL-SESSION-003/resuming-reset", session.resuming, false);
    session.resuming = resuming.unwrap_or(kept);
    let kept = either("LL-SESSION-003/timeout-reset", session.timeout, 60);
    session.timeout = timeout.unwrap_or(kept);
    if timeout.is_some() {
        crate::deviations::session(session, crate::deviations::Step::Changed);
    }
    if deviates("LL-SESSION-010/told") {
        session.send_stats();
    }
    let mut after = show(session);
    if deviates("LL-SESSION-002/text-timeout") {
        after["timeout"] = session.timeout.to_string().into();
    }
    either("LL-SESSION-002/old-values", after, before)
}

fn unknown_session() -> ApiError {
    let error = ApiError::session_not_found();
    let gone = ApiError { status: StatusCode::GONE, ..ApiError::session_not_found() };
    let error = either("LL-SESSION-021/updates-gone", error, gone);
    let error =
        either("LL-HTTP-029/message-of-an-update", error, ApiError::not_found("Unknown session"));
    either("LL-SESSION-008/internal", error, ApiError::internal("Session not found"))
}

/// Nothing else is read.
fn as_object(body: Body) -> Result<Body, ApiError> {
    let emptied = match &body {
        Body::Object(_) => return Ok(body),
        Body::List(_) => deviates("LL-HTTP-041/list-is-empty-object"),
        Body::Word(word) if word == "null" => deviates("LL-HTTP-041/null-is-empty-object"),
        Body::Word(_) | Body::Text(_) => deviates("LL-HTTP-041/scalar-is-empty-object"),
    };
    let message = either("LL-HTTP-049/explained", "Bad Request", "The body is not an object");
    if emptied { Ok(Body::Object(Vec::new())) } else { Err(ApiError::bad_request(message)) }
}

type Field<T> = Result<Option<T>, Undecodable>;

/// `resuming` and `timeout`; what else there is does not matter.
fn decode(body: &Body) -> (Field<bool>, Field<i64>) {
    let mut resuming = body.field("resuming", Body::boolean);
    if body.keys().any(|key| key == "resumingKey") && deviates("LL-HTTP-044/resuming-key") {
        resuming = Ok(Some(true));
    }
    let mut others = body.keys().filter(|key| !["resuming", "timeout"].contains(key));
    if others.next().is_some() && deviates("LL-HTTP-044/refused") {
        resuming = Err(Undecodable);
    }
    (resuming, body.field("timeout", Body::long))
}

/// The real server keeps the timeout as a duration that is infinite beyond its range.
fn saturated(seconds: i64) -> i64 {
    let is_long = !(-LONGEST_TIMEOUT..=LONGEST_TIMEOUT).contains(&seconds);
    match seconds {
        _ if is_long && deviates("LL-SESSION-006/kept") => seconds,
        _ if is_long && deviates("LL-SESSION-006/32-bits") => i32::MAX.into(),
        _ if seconds < 0 && deviates("LL-SESSION-005/negative-is-zero") => 0,
        _ if seconds > LONGEST_TIMEOUT => i64::MAX,
        _ if seconds < -LONGEST_TIMEOUT => i64::MIN,
        _ => seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_timeouts_become_infinite() {
        assert_eq!(saturated(9_007_199_254_740_993), i64::MAX);
        assert_eq!(saturated(4_611_686_018_427_387), 4_611_686_018_427_387);
        assert_eq!(saturated(-9_007_199_254_740_993), i64::MIN);
        assert_eq!(saturated(i64::MIN), i64::MIN);
        assert_eq!(saturated(-1), -1);
    }
}
