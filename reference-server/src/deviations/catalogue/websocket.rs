//! Of `features/websocket`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-WEBSOCKET-022/dashes", "a session id has a dash"),
    ("LL-WEBSOCKET-022/long", "a session id has 32 characters"),
    ("LL-WEBSOCKET-023/same", "all sessions have the same id"),
];
