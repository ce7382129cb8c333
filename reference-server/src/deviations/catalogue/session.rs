//! Of `features/session`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-SESSION-001/resuming-on", "a session begins with resuming on"),
    ("LL-SESSION-001/timeout-30", "a session begins with a timeout of 30 seconds"),
    ("LL-SESSION-002/old-values", "an update answers the session as it was before"),
    ("LL-SESSION-002/text-timeout", "the timeout of the answer is a text"),
    ("LL-SESSION-003/resuming-reset", "resuming is off when it is left out"),
    ("LL-SESSION-003/timeout-reset", "the timeout is 60 when it is left out"),
    ("LL-SESSION-004/shared", "a timeout is set for all sessions"),
    ("LL-SESSION-005/negative-is-zero", "a negative timeout becomes 0"),
    ("LL-SESSION-005/zero-refused", "a timeout of 0 is refused"),
    ("LL-SESSION-006/32-bits", "a timeout that is too long becomes the longest of 32 bits"),
    ("LL-SESSION-006/kept", "a timeout that is too long is kept as it is"),
    ("LL-SESSION-007/resuming-applied", "resuming of an update that is refused is applied"),
    ("LL-SESSION-008/bad-request", "updating an unknown session is 400"),
    ("LL-SESSION-008/message", "the message about an unknown session is another"),
    ("LL-SESSION-009/readable", "a session can be read"),
    ("LL-SESSION-010/told", "an update is followed by stats"),
    ("LL-SESSION-020/stays", "a session outlives its socket"),
    ("LL-SESSION-021/gone", "a request about a session that is gone is 410"),
    ("LL-SESSION-022/resumed", "a session that is not resumable is resumed"),
];
