//! Where this server means to differ from the recorded one, and why.

/// A difference that has a reason.
struct Reason {
    /// How the difference's line begins.
    begins: &'static str,
    /// What else must stand in it.
    holds: &'static str,
    #[expect(dead_code, reason = "for the reader")]
    why: &'static str,
    used: bool,
}

/// The differences that have a reason.
pub(crate) struct Known(Vec<Reason>);

impl Known {
    pub(crate) fn all() -> Self {
        let reason = |begins, holds, why| Reason { begins, holds, why, used: false };
        Self(vec![
            reason(
                "ws_handshake",
                "user-garbage",
                "a User-Id that is no number is refused with 400 unless --quirks is given",
            ),
            reason(
                "ws_handshake",
                "user-too-big",
                "a User-Id that is no number is refused with 400 unless --quirks is given",
            ),
            reason(
                "player_play_without_voice[13]",
                "/state/position: 10000, recorded 0",
                "the recorded answer raced with the thread that forgets the position of a seek",
            ),
            reason(
                "resume_basic[20]",
                "/0/guildId",
                "the order of a list of players is no promise",
            ),
            reason(
                "resume_queue_order messages a",
                "recorded {\"1\": 2, \"2\": 2, \"3\": 1}",
                "the recorder dropped its connection before the last update arrived",
            ),
        ])
    }

    /// Whether a reason is known for this line; remembers that it was needed.
    pub(crate) fn covers(&mut self, difference: &str) -> bool {
        let mut covered = false;
        for reason in &mut self.0 {
            if difference.starts_with(reason.begins) && difference.contains(reason.holds) {
                reason.used = true;
                covered = true;
            }
        }
        covered
    }

    /// Reasons that no difference needed.
    pub(crate) fn unused(&self) -> Vec<&'static str> {
        self.0.iter().filter(|reason| !reason.used).map(|reason| reason.holds).collect()
    }
}
