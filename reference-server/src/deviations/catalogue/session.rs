//! Of `features/session`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-SESSION-020/stays", "a session outlives its socket"),
    ("LL-SESSION-035/reachable", "a session answers requests while its client is away"),
    ("LL-SESSION-036/counted", "players of a session are counted while its client is away"),
    ("LL-SESSION-043/same-user", "only the user who began a session can resume it"),
    ("LL-SESSION-044/taken", "a session is taken from a client that is still there"),
    ("LL-SESSION-045/every-one", "every socket that names a session resumes it"),
    ("LL-SESSION-045/both", "a session can be resumed twice at a time"),
    ("LL-SESSION-051/playing-only", "idle players get no playerUpdate on return"),
    ("LL-SESSION-052/same-id", "all sessions of a bot have one id"),
];
