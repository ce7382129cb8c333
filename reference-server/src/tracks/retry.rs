//! Whether a guarded request is sent again for its answer.

use http::{Method, StatusCode};

use super::outbound::Ask;
use crate::deviations::switch::Seam;
use crate::routeplanner::RoutePlanner;

/// Retries of a request when no other limit is configured.
const USUAL_RETRIES: u32 = 10;

/// An answer that a guarded request got, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Retry {
    pub(crate) status: StatusCode,
    /// Whether it was asked for with GET.
    pub(crate) gets: bool,
    pub(crate) search: bool,
    /// As configured.
    pub(crate) search_triggers_fail: bool,
    /// As configured: negative for the usual limit, 0 for none.
    pub(crate) limit: i32,
    /// Whether the request is sent again.
    pub(crate) again: bool,
    /// Whether its address is failing then.
    pub(crate) marks: bool,
    /// How often it may be sent again; `None` for no limit.
    pub(crate) allowed: Option<u32>,
}

/// Where deviations change what comes of an answer.
pub(crate) static RETRIES: Seam<fn(&mut Retry)> = Seam::new();

impl Retry {
    /// An address that cannot be bound has no answer, but is retried all the same.
    pub(super) fn of(planner: &RoutePlanner, status: StatusCode, ask: &Ask) -> Self {
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let (search, limit) = (ask.search, planner.retry_limit);
        let search_triggers_fail = planner.search_triggers_fail;
        let mut retry = Self {
            status,
            gets: ask.method == Method::GET,
            search,
            search_triggers_fail,
            limit,
            again: limited,
            marks: !search || search_triggers_fail,
            allowed: allowed(limit),
        };
        if let Some(change) = RETRIES.get() {
            change(&mut retry);
        }
        retry
    }
}

/// How often a request may be sent again, by what is configured.
fn allowed(limit: i32) -> Option<u32> {
    match u32::try_from(limit) {
        Err(_) => Some(USUAL_RETRIES),
        Ok(0) => None,
        Ok(count) => Some(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_retries() {
        assert_eq!(allowed(-1), Some(10));
        assert_eq!(allowed(-5), Some(10));
        assert_eq!(allowed(0), None);
        assert_eq!(allowed(3), Some(3));
    }
}
