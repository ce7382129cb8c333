//! `PATCH /v4/sessions/{session}`.

use axum::Json;
use axum::extract::{Path, Request, State};
use serde_json::{Value, json};

use crate::http::json::Json as Body;
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
    let body = read_json(&server, request).await?;
    body.object()?;
    let resuming = body.field("resuming", Body::boolean)?;
    let timeout = body.field("timeout", Body::long)?.map(saturated);
    let handle = server.sessions.find(&session).ok_or_else(ApiError::session_not_found)?;
    let answer = handle.ask(move |session| {
        session.resuming = resuming.unwrap_or(session.resuming);
        session.timeout = timeout.unwrap_or(session.timeout);
        json!({"resuming": session.resuming, "timeout": session.timeout})
    });
    answer.await.map(Json).ok_or_else(ApiError::session_not_found)
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
