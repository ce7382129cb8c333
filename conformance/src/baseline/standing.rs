//! How an entry of a baseline stands after a run.

use super::{Date, Known};
use crate::report::{Grounds, Run, ScenarioResult};
use crate::schema;
use crate::verdict::Status;

/// How an entry stands after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// All that the entry is about holds.
    Stale,
    /// The entry is about nothing.
    Unmatched,
    /// Something that the entry is about failed, or nobody can tell.
    Open,
}

impl Known {
    /// How the entry stands. `full` says that the run was about the whole spec.
    pub(super) fn standing(&self, run: &Run, grounds: &Grounds<'_>, full: bool) -> Standing {
        let about = run.scenarios.iter().filter(|s| self.covers(s, grounds));
        let about: Vec<_> = about.collect();
        let holds =
            |s: &&ScenarioResult| matches!(s.status, Status::Passed | Status::NotApplicable);
        let own = about.iter().find(|s| s.id == self.id);
        // A shape is seen in other scenarios than its own.
        let seen_whole = full || own.is_some_and(|s| s.area != schema::AREA);
        let blocks = run.scenarios.iter().any(|s| self.is_ground_of(s, grounds));
        if self.is_cause() {
            let open = !full || !about.is_empty();
            return if open { Standing::Open } else { Standing::Stale };
        }
        if blocks || run.findings.iter().any(|finding| finding.rule == self.rule()) {
            Standing::Open
        } else if about.is_empty() {
            if full { Standing::Unmatched } else { Standing::Open }
        } else if seen_whole
            && about.iter().all(holds)
            && about.iter().any(|s| s.status == Status::Passed)
        {
            Standing::Stale
        } else {
            Standing::Open
        }
    }

    /// Whether the entry is about a rule without which a scenario could not be judged.
    pub(super) fn is_ground_of(&self, scenario: &ScenarioResult, grounds: &Grounds<'_>) -> bool {
        scenario.status == Status::Blocked && grounds.chain(scenario).contains(&self.id.as_str())
    }

    /// The rule that the entry is about, wholly or in part; empty if it is about a cause.
    pub(super) fn rule(&self) -> &str {
        if self.is_cause() {
            return "";
        }
        self.id.split('.').next().unwrap_or_default()
    }

    /// Whether the last day of the entry is over.
    pub(super) fn has_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }
}
