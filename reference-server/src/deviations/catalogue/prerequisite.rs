//! What everything else stands on.

use super::Entries;

pub(in crate::deviations) const DEVIATIONS: Entries = &[
    ("LL-PREREQUISITE-004/silent", "ready is not sent"),
    ("LL-PREREQUISITE-008/silent", "nobody is told that a track starts"),
    ("LL-PREREQUISITE-009/stays-out", "no voice channel is joined"),
    ("LL-PREREQUISITE-010/unheard", "no packet leaves"),
];
