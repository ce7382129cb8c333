//! Why a step did not hold.

use std::fmt;

/// Who is to blame for a step that did not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The target did something else than the rule says.
    Assertion,
    /// The target could not be reached, or broke the connection. The run asks whether it still
    /// lives: if so it is a failure of the scenario, if not the run is not established.
    Transport,
    /// The suite itself is broken: an unknown variable, a missing fixture, a bad matcher.
    Harness,
    /// The target cannot be judged here, and nobody is to blame, such as one that does not trust
    /// the certificates of the run.
    Lacking,
}

/// Why a step did not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Who is to blame.
    pub kind: FailureKind,
    /// One sentence.
    pub message: String,
    /// The difference between what was expected and what was seen, a line per difference, with
    /// the JSON path. Empty when there is nothing to compare.
    pub difference: Vec<String>,
    /// A `curl` line that sends the request again, the password masked.
    pub reproduce: Option<String>,
    /// Whether nobody took the connection, so that nothing was sent.
    pub unreachable: bool,
    /// Whether it is only that something had not come in time: others on the target may have
    /// delayed it.
    pub late: bool,
}

impl Failure {
    /// The target did something else than the rule says.
    pub fn assertion(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Assertion, message)
    }

    /// What has to come had not come in time.
    pub fn late(message: impl Into<String>) -> Self {
        Self { late: true, ..Self::assertion(message) }
    }

    /// The target could not be reached, or broke the connection.
    pub fn transport(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Transport, message)
    }

    /// Nobody took the connection.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self { unreachable: true, ..Self::transport(message) }
    }

    /// The suite itself is broken.
    pub fn harness(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Harness, message)
    }

    /// The target cannot be judged here.
    pub fn lacking(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Lacking, message)
    }

    fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        let (message, difference) = (message.into(), Vec::new());
        let reproduce = None;
        Self { kind, message, difference, reproduce, unreachable: false, late: false }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
