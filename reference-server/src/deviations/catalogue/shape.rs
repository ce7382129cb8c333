//! Shapes of answers and messages.

use super::Entries;

pub(in crate::deviations) const DEVIATIONS: Entries = &[
    ("LL-SHAPE-001/no-git", "the info has no git"),
    ("LL-SHAPE-002/players-as-text", "the players of the statistics are a text"),
    ("LL-SHAPE-003/no-cause", "a lookup that broke has no cause"),
    ("LL-SHAPE-003/no-info", "what was loaded has no info"),
    ("LL-SHAPE-004/no-encoded", "a decoded track does not repeat its encoded form"),
    ("LL-SHAPE-005/in-an-object", "decoded tracks are a member of an object"),
    ("LL-SHAPE-006/timeout-as-text", "the timeout of a session is a text"),
    ("LL-SHAPE-007/in-an-object", "the players of a session are a member of an object"),
    ("LL-SHAPE-008/no-voice", "a player has no voice"),
    ("LL-SHAPE-009/time-as-text", "the time of an updated player is a text"),
    ("LL-SHAPE-010/no-class", "the status of the route planner has no class"),
    ("LL-SHAPE-011/no-path", "an error has no path"),
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
