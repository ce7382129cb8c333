//! From outcomes to verdicts, and to the exit code.

use serde::{Deserialize, Serialize};

use crate::baseline::Judged;
use crate::report::Run;
use crate::spec::Level;

/// How a scenario ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It held.
    Passed,
    /// The target did something else.
    Failed,
    /// It came to an end before its rule could be judged, as another rule does not hold.
    Blocked,
    /// The suite could not establish what the target does.
    Error,
    /// The target does not offer what the scenario needs.
    NotApplicable,
    /// The run ended before it.
    NotRun,
}

impl Status {
    /// In the order of tables.
    pub const ALL: [Self; 6] =
        [Self::Passed, Self::Failed, Self::Blocked, Self::Error, Self::NotApplicable, Self::NotRun];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::Error => "error",
            Self::NotApplicable => "not applicable",
            Self::NotRun => "not run",
        }
    }

    /// Of a rule, from its scenarios: the worst that was seen.
    pub fn of_rule(scenarios: impl Iterator<Item = Self>) -> Self {
        let rank = |status: &Self| match status {
            Self::NotApplicable => 0,
            Self::Passed => 1,
            Self::NotRun => 2,
            Self::Blocked => 3,
            Self::Failed => 4,
            Self::Error => 5,
        };
        scenarios.max_by_key(rank).unwrap_or(Self::NotRun)
    }
}

/// What the program ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 0: everything that could be judged holds.
    Conformant,
    /// 1: something else was seen.
    NotConformant,
    /// 2: the command line or the features cannot be used.
    Usage,
    /// 3: nothing can be said, or not all of it.
    NotEstablished,
    /// 4: it would be conformant, but the baseline excuses what holds.
    StaleBaseline,
}

impl Verdict {
    /// Of a run. With `strict` the observed rules count too. Failures that a baseline knows do not.
    /// What was blocked counts as its cause does: it has not been judged.
    pub fn of(run: &Run, strict: bool) -> Self {
        let count = |status: Status| run.scenarios.iter().filter(|s| s.status == status).count();
        let counts = |level: Level| strict || level != Level::Observed;
        let failed = run.scenarios.iter().any(|s| s.is_new_failure() && counts(s.level))
            || run.findings.iter().any(|f| f.known.is_none() && counts(f.level));
        let judged = count(Status::Passed) + count(Status::Failed) + count(Status::Blocked);
        let broken = run.scenarios.iter().filter(|s| s.status == Status::Error);
        // That a machine was too slow for one takes nothing from what others have shown.
        let broken = broken.filter(|scenario| !scenario.was_starved()).count();
        if broken > 0 || !run.troubles.is_empty() || judged == 0 {
            Self::NotEstablished
        } else if failed {
            Self::NotConformant
        } else if count(Status::Error) > 0 || count(Status::NotRun) > 0 || !run.is_complete() {
            Self::NotEstablished
        } else {
            Self::Conformant
        }
    }

    /// With what a baseline makes of the run: an entry about nothing makes the baseline unusable,
    /// one about what holds makes it stale.
    #[must_use]
    pub fn with_baseline(self, judged: &Judged) -> Self {
        match self {
            Self::Conformant if !judged.unmatched.is_empty() => Self::Usage,
            Self::Conformant if !judged.stale.is_empty() => Self::StaleBaseline,
            other => other,
        }
    }

    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Conformant => 0,
            Self::NotConformant => 1,
            Self::Usage => 2,
            Self::NotEstablished => 3,
            Self::StaleBaseline => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_as_bad_as_its_worst_scenario() {
        let of = |statuses: &[Status]| Status::of_rule(statuses.iter().copied());
        assert_eq!(of(&[Status::Passed, Status::NotApplicable]), Status::Passed);
        assert_eq!(of(&[Status::Passed, Status::NotRun]), Status::NotRun);
        assert_eq!(of(&[Status::Passed, Status::Failed]), Status::Failed);
        assert_eq!(of(&[Status::Failed, Status::Error]), Status::Error);
        assert_eq!(of(&[Status::NotApplicable]), Status::NotApplicable);
        assert_eq!(of(&[]), Status::NotRun);
    }
}
