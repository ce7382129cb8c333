//! `PATCH /v4/sessions/{session}`.

use axum::Json;
use axum::extract::{Path, Request, State};
use serde_json::{Value, json};

use crate::deviations::{deviates, either};
use crate::http::json::{Json as Body, Undecodable};
use crate::http::{ApiError, read_json};
use crate::server::Server;

/// Seconds above which the real server's duration type is infinite.
const LONGEST_TIMEOUT: i64 = i64::MAX / 2 / 1000;

/// Sets `resuming` and `timeout`; what is left out stays.
pub(crate) async fn update(
    State(server): State<Server>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    if request.uri().query().is_some() && deviates("LL-HTTP-024/session-takes-no-query") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    let unknown = server.sessions.find(&session).is_none();
    if unknown && deviates("LL-HTTP-047/session-first") {
        return Err(ApiError::session_not_found());
    }
    let body = as_object(read_json(&server, request).await?)?;
    if unknown && deviates("LL-HTTP-026/any-session-changed") {
        return Ok(Json(json!({"resuming": false, "timeout": 60})));
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
    let (resuming, timeout) = (resuming?, timeout?.map(saturated));
    let handle = handle.ok_or_else(ApiError::session_not_found)?;
    let answer = handle.ask(move |session| {
        session.resuming = resuming.unwrap_or(session.resuming);
        session.timeout = timeout.unwrap_or(session.timeout);
        json!({"resuming": session.resuming, "timeout": session.timeout})
    });
    answer.await.map(Json).ok_or_else(ApiError::session_not_found)
}

/// Nothing else is read.
fn as_object(body: Body) -> Result<Body, ApiError> {
    let emptied = match &body {
        Body::Object(_) => return Ok(body),
        Body::List(_) => deviates("LL-HTTP-041/list-is-empty-object"),
        Body::Word(word) if word == "null" => deviates("LL-HTTP-041/null-is-empty-object"),
        Body::Word(_) | Body::Text(_) => deviates("LL-HTTP-041/scalar-is-empty-object"),
    };
    let message = either("LL-HTTP-041/explained", "Bad Request", "The body is not an object");
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
    match seconds {
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
        assert_eq!(saturated(-1), -1);
    }
}
