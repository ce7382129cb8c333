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
];
