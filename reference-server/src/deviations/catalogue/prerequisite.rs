//! What everything else stands on.

use super::Entries;

pub(in crate::deviations) const DEVIATIONS: Entries = &[
    ("LL-PREREQUISITE-001/broken", "GET /version is 500"),
    ("LL-PREREQUISITE-002/broken", "GET /v4/info is 500"),
    ("LL-PREREQUISITE-003/not-found", "there is no WebSocket"),
    ("LL-PREREQUISITE-005/not-found", "the players of a session are not found"),
    ("LL-PREREQUISITE-006/not-found", "no PATCH makes a player"),
    ("LL-PREREQUISITE-007/empty", "nothing that is loaded is there"),
    ("LL-PREREQUISITE-010/unheard", "no packet leaves"),
    ("LL-PREREQUISITE-011/not-found", "the status of the route planner is not found"),
    ("LL-PREREQUISITE-012/not-found", "no session that is updated is found"),
];
