//! Of `features/websocket`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-WEBSOCKET-020/resumed", "ready says of a new session that it was resumed"),
    ("LL-WEBSOCKET-020/wrong-id", "ready gives an id that is not the session's"),
    ("LL-WEBSOCKET-021/none", "a new session gets no stats"),
    ("LL-WEBSOCKET-021/twice", "a new session gets stats twice"),
    ("LL-WEBSOCKET-022/dashes", "a session id has a dash"),
    ("LL-WEBSOCKET-022/long", "a session id has 32 characters"),
    ("LL-WEBSOCKET-023/same", "all sessions have the same id"),
];
