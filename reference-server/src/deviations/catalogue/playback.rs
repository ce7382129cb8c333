//! Of `features/playback`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-PLAYBACK-002/four", "four frames of silence follow sound"),
    ("LL-PLAYBACK-002/none", "no silence follows sound"),
    ("LL-PLAYBACK-003/sequence", "every sequence number is used twice"),
    ("LL-PLAYBACK-003/timestamps", "timestamps are 480 apart"),
    ("LL-PLAYBACK-004/silent", "the gateway is not told when sound begins"),
    ("LL-PLAYBACK-006/silence-between", "a frame of silence follows each frame"),
    ("LL-PLAYBACK-006/slow", "a packet leaves every 21 ms"),
    ("LL-PLAYBACK-014/endless", "silence is sent until there is sound again"),
    ("LL-PLAYBACK-051/patient", "a source may take a minute to answer"),
    ("LL-PLAYBACK-052/fails", "a connection that breaks is not opened again"),
    ("LL-PLAYBACK-054/patient", "a source may hang for a minute"),
    ("LL-PLAYBACK-058/silent", "nobody is told that a file ends too early"),
    ("LL-PLAYBACK-062/told", "a track of which much makes no sense breaks at its end"),
    ("LL-PLAYBACK-063/decoding", "a file that is gone passes for one that cannot be decoded"),
    ("LL-PLAYBACK-063/nameless", "the exception of a file that is gone does not name it"),
    ("LL-PLAYBACK-088/goes-on", "the gateway is not told when sound ends"),
    ("LL-PLAYBACK-088/late", "the gateway is told that sound ends when all of it has been sent"),
];
