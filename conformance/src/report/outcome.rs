//! What one attempt at a scenario saw.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::failure::FailureKind;
use crate::lag::is_starved;
use crate::target::Death;
use crate::timeline;
use crate::verdict::Status;

/// What one attempt at a scenario saw.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Passed, failed or error.
    pub status: Status,
    /// The step that did not hold, and its line.
    pub step: Option<(String, usize)>,
    /// The rule that this step stands on, if the scenario was blocked by it.
    pub blocked_by: Option<String>,
    /// Who is to blame, if the attempt did not pass.
    pub kind: Option<FailureKind>,
    /// What was wrong, in one sentence.
    pub message: Option<String>,
    /// What was expected and what was seen, a line for each difference.
    pub difference: Vec<String>,
    /// A `curl` line that asks for the same again.
    pub reproduce: Option<String>,
    /// What that line cannot bring along, if it shows nothing without it.
    pub beyond: Option<Beyond>,
    /// Everything that crossed the wire; usually kept only if the attempt did not pass.
    pub timeline: Vec<timeline::Entry>,
    /// Accepted outcomes that were seen: name, and whether it was the real server's quirk.
    pub quirks: Vec<(String, bool)>,
    /// Whether the target was found dead afterwards.
    pub target_died: bool,
    /// Information, such as fields that no schema knows.
    pub notes: Vec<String>,
    /// How far the machine was behind at worst meanwhile.
    pub lag: Duration,
    /// How long the attempt took.
    pub duration: Duration,
}

impl Outcome {
    /// An attempt that passed, in no time.
    pub(crate) fn passed() -> Self {
        Self {
            status: Status::Passed,
            step: None,
            blocked_by: None,
            kind: None,
            message: None,
            difference: Vec::new(),
            reproduce: None,
            beyond: None,
            timeline: Vec::new(),
            quirks: Vec::new(),
            target_died: false,
            notes: Vec::new(),
            lag: Duration::ZERO,
            duration: Duration::ZERO,
        }
    }

    /// Makes it the attempt that a target died of; an error if there is no other target to go on with.
    pub(crate) fn blame(&mut self, death: &Death, how: &str) {
        self.status = if death.replaced { Status::Failed } else { Status::Error };
        self.blocked_by = None;
        self.kind.get_or_insert(FailureKind::Transport);
        let what = &death.what;
        self.message = Some(match self.message.take() {
            Some(message) => format!("{how} ({what}): {message}"),
            None => format!("{how} ({what})"),
        });
        self.difference.extend(death.log.iter().cloned());
        self.target_died = true;
    }

    /// Whether the attempt did not pass on a machine so late that nothing about time can be judged.
    /// If the target died, that is not due to the machine.
    pub fn is_starved(&self) -> bool {
        self.status != Status::Passed && !self.target_died && is_starved(self.lag)
    }

    /// The outcome as an error: the attempt did not pass on such a machine, or the target died during
    /// it and the run ended before it was known of which scenario.
    #[must_use]
    pub fn not_established(self) -> Self {
        let seen = self.message.unwrap_or_default();
        let late = self.lag.as_millis();
        let why = match self.target_died {
            true => "the run ended before it was known who is to blame".to_owned(),
            false => format!("the machine was {late} ms late"),
        };
        let message = format!("could not be established, as {why}: {seen}");
        Self { status: Status::Error, message: Some(message), ..self }
    }
}

/// What a scenario takes besides REST and a session, so that no `curl` line shows what it saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// A voice channel that the target joins.
    Voice,
    /// WebSockets of its own: several, or messages that a client sends.
    WebSocket,
}

impl Beyond {
    /// The sentence that tells people why there is no line for a shell.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Voice => "curl alone cannot show it: it takes a voice connection",
            Self::WebSocket => {
                "curl alone cannot show it: it takes WebSocket connections of its own"
            }
        }
    }
}
