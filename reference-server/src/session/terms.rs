//! The terms on which a session can be resumed, as its client changes them.

use serde_json::{Value, json};

use super::{Session, Step};
use crate::json::{Json as Body, Undecodable};

/// Seconds above which the real server's duration type is infinite.
const LONGEST_TIMEOUT: i64 = i64::MAX / 2 / 1000;

/// The terms of an update that were given; what else there is does not matter.
pub(crate) struct Terms {
    resuming: Option<bool>,
    /// Seconds.
    timeout: Option<i64>,
}

impl Terms {
    /// Reads the body of a PATCH.
    pub(crate) fn decode(body: &Body) -> Result<Self, Undecodable> {
        let resuming = body.field("resuming", Body::boolean)?;
        let timeout = body.field("timeout", Body::long)?.map(saturated);
        Ok(Self { resuming, timeout })
    }

    /// Gives back the session as it is then.
    pub(super) fn apply(self, session: &mut Session) -> Value {
        session.resuming = self.resuming.unwrap_or(session.resuming);
        if let Some(timeout) = self.timeout {
            session.timeout = timeout;
            session.reach(Step::Changed);
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
