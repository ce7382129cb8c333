//! Of `features/voice`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-VOICE-001/last-mode", "the last mode that is offered is chosen"),
    ("LL-VOICE-001/user", "the guild passes for the user"),
    ("LL-VOICE-002/at-once", "a playerUpdate comes before the gateway is ready"),
    ("LL-VOICE-002/none", "nobody is told when the gateway is ready"),
    ("LL-VOICE-003/local", "a gateway that closes passes for one that was closed"),
    ("LL-VOICE-003/no-update", "no playerUpdate follows a closed gateway"),
    ("LL-VOICE-003/resumed", "a session that has ended is resumed"),
    ("LL-VOICE-004/anew", "a connection that broke identifies anew"),
    ("LL-VOICE-004/told", "a connection that broke is told"),
    ("LL-VOICE-005/bad-gateway", "a refused connection is 502"),
    ("LL-VOICE-005/message", "the message about a refused connection is another"),
    ("LL-VOICE-006/silent", "nobody is told that a voice channel was left"),
    ("LL-VOICE-006/stays", "the voice channel is not left"),
    ("LL-VOICE-007/half", "heartbeats are sent half as often as they should"),
    ("LL-VOICE-007/seconds", "the ping is a thousand times too long"),
    ("LL-VOICE-010/reconnects", "the same voice data close the connection and open another one"),
    ("LL-VOICE-011/kept", "other voice data change nothing"),
    ("LL-VOICE-011/silent", "nobody is told that other voice data have closed the connection"),
    ("LL-VOICE-012/stops", "no audio is sent once the gateway has ended the session"),
    ("LL-VOICE-013/ignored", "voice data that are known do not connect again"),
];
