//! Shapes of answers and messages.

use super::Entries;

pub(in crate::deviations) const DEVIATIONS: Entries = &[
    ("LL-SHAPE-020/plain-text", "a text that is no JSON comes before stats"),
    ("LL-SHAPE-021/no-resumed", "ready does not say whether a session was resumed"),
    ("LL-SHAPE-022/no-uptime", "stats have no uptime"),
    ("LL-SHAPE-023/no-ping", "the state of a playerUpdate has no ping"),
    ("LL-SHAPE-024/no-info", "the track of a TrackStartEvent has no info"),
    ("LL-SHAPE-025/upper-case", "the reason of a TrackEndEvent is in upper case"),
    ("LL-SHAPE-026/no-severity", "the exception of a TrackExceptionEvent has no severity"),
    ("LL-SHAPE-027/no-threshold", "a TrackStuckEvent has no thresholdMs"),
    ("LL-SHAPE-028/no-reason", "a WebSocketClosedEvent has no reason"),
];
