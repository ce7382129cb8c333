//! Of `features/playback`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-PLAYBACK-001/length", "the end has the length of the track for its position"),
    ("LL-PLAYBACK-001/reason", "a track that plays to its end is stopped"),
    ("LL-PLAYBACK-001/update", "a playerUpdate follows the end of a track"),
    ("LL-PLAYBACK-002/four", "four frames of silence follow sound"),
    ("LL-PLAYBACK-002/none", "no silence follows sound"),
    ("LL-PLAYBACK-003/sequence", "every sequence number is used twice"),
    ("LL-PLAYBACK-003/timestamps", "timestamps are 480 apart"),
    ("LL-PLAYBACK-004/goes-on", "the gateway is not told when sound ends"),
    ("LL-PLAYBACK-004/silent", "the gateway is not told when sound begins"),
];
