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
pub struct Known(Vec<Reason>);

impl Known {
    pub fn all() -> Self {
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
        ])
    }

    /// Whether a reason is known for this line; remembers that it was needed.
    pub fn covers(&mut self, difference: &str) -> bool {
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
    pub fn unused(&self) -> Vec<&'static str> {
        self.0.iter().filter(|reason| !reason.used).map(|reason| reason.holds).collect()
    }
}
