//! Of `features/session`.

switches! {
    SESSION_020_STAYS = "LL-SESSION-020/stays", "a session outlives its socket";
    SESSION_035_REACHABLE = "LL-SESSION-035/reachable", "a session answers requests while its client is away";
    SESSION_036_COUNTED = "LL-SESSION-036/counted", "players of a session are counted while its client is away";
    SESSION_043_SAME_USER = "LL-SESSION-043/same-user", "only the user who began a session can resume it";
    SESSION_044_TAKEN = "LL-SESSION-044/taken", "a session is taken from a client that is still there";
    SESSION_045_EVERY_ONE = "LL-SESSION-045/every-one", "every socket that names a session resumes it";
    SESSION_045_BOTH = "LL-SESSION-045/both", "a session can be resumed twice at a time";
    SESSION_051_PLAYING_ONLY = "LL-SESSION-051/playing-only", "idle players get no playerUpdate on return";
}
