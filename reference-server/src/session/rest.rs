//! `PATCH /v4/sessions/{session}`.

use axum::Json;
use axum::extract::{Path, Request, State};
use serde_json::{Value, json};

use crate::deviations::{self, Step};
use crate::error::ApiError;
use crate::http::read_json;
use crate::json::{Json as Body, Undecodable};
use crate::server::Server;
use crate::session::{Call, Session};

/// Seconds above which the real server's duration type is infinite.
const LONGEST_TIMEOUT: i64 = i64::MAX / 2 / 1000;

/// Sets `resuming` and `timeout`; what is left out stays.
pub(crate) async fn update(
    State(server): State<Server>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let body = read_json(&server, request).await?;
    let update = Update::decode(&body)?;
    // A body is decoded before the session is looked up (docs/observed/http.md#bodies).
    let session = server.sessions.find(&session).ok_or_else(ApiError::session_not_found)?;
    let answer = session.call(|reply| Call::Change(update, reply)).await;
    answer.map(Json).ok_or_else(ApiError::session_not_found)
}

/// The fields of an update that were given; what else there is does not matter.
pub(crate) struct Update {
    resuming: Option<bool>,
    /// Seconds.
    timeout: Option<i64>,
}

impl Update {
    fn decode(body: &Body) -> Result<Self, Undecodable> {
        let resuming = body.field("resuming", Body::boolean)?;
        let timeout = body.field("timeout", Body::long)?.map(saturated);
        Ok(Self { resuming, timeout })
    }

    /// Gives back the session as it is then.
    pub(super) fn apply(self, session: &mut Session) -> Value {
        session.resuming = self.resuming.unwrap_or(session.resuming);
        if let Some(timeout) = self.timeout {
            session.timeout = timeout;
            deviations::session(session, Step::Changed);
        }
        json!({"resuming": session.resuming, "timeout": session.timeout})
    }
}

/// The timeout that is kept: the real server has a duration that is infinite beyond its range.
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
        assert_eq!(saturated(i64::MIN), i64::MIN);
        assert_eq!(saturated(-1), -1);
    }
}
