//! From outcomes to verdicts, and to the exit code.

use serde::{Deserialize, Serialize};

use crate::baseline::Judged;
use crate::report::{Run, ScenarioResult};
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

    /// Of a rule, from its scenarios: the worst that was seen. A failure is the worst, as what else
    /// could not be established takes nothing from it.
    pub fn of_rule(scenarios: impl Iterator<Item = Self>) -> Self {
        let rank = |status: &Self| match status {
            Self::NotApplicable => 0,
            Self::Passed => 1,
            Self::NotRun => 2,
            Self::Blocked => 3,
            Self::Error => 4,
            Self::Failed => 5,
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
    /// 1: something else was seen, whatever else could not be established.
    NotConformant,
    /// 2: the command line or the features cannot be used.
    Usage,
    /// 3: nothing failed, but nothing can be said, or not all of it.
    NotEstablished,
    /// 4: it would be conformant, but the baseline excuses what holds.
    StaleBaseline,
}

impl Verdict {
    /// Of a run. With `strict` the observed rules count too; that the target died of a scenario always
    /// counts. Failures that a baseline knows do not.
    /// What was blocked counts as its cause does: it has not been judged.
    ///
    /// A failure was seen, whatever else could not be established beside it; that nothing failed is
    /// worth something only if everything could be. What was blocked by a rule that the run does not
    /// tell of, as it was not chosen, is not established, whatever its own level.
    pub fn of(run: &Run, strict: bool) -> Self {
        let any = |status: Status| run.scenarios.iter().any(|s| s.status == status);
        let counts = |level: Level| strict || level != Level::Observed;
        let is_fatal =
            |s: &ScenarioResult| s.attempts.last().is_some_and(|attempt| attempt.target_died);
        let failed =
            run.scenarios.iter().any(|s| s.is_new_failure() && (counts(s.level) || is_fatal(s)))
                || run.findings.iter().any(|f| f.known.is_none() && counts(f.level));
        let judged = any(Status::Passed) || any(Status::Failed);
        if failed && (judged || any(Status::Blocked)) {
            Self::NotConformant
        } else if !judged
            || run.scenarios.iter().any(|s| is_blocked_from_outside(run, s))
            || any(Status::Error)
            || any(Status::NotRun)
            || !run.troubles.is_empty()
            || !run.is_complete()
        {
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

/// Whether a scenario was blocked, nobody knew, and what blocked it is not among what the run found.
fn is_blocked_from_outside(run: &Run, scenario: &ScenarioResult) -> bool {
    if scenario.status != Status::Blocked || scenario.known.is_some() {
        return false;
    }
    let cause = scenario.blocked_by();
    let failed = |s: &ScenarioResult| s.status == Status::Failed && Some(&*s.rule) == cause;
    !run.scenarios.iter().any(failed) && !run.findings.iter().any(|f| Some(&*f.rule) == cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::{blocked, failed, passed, run};

    #[test]
    fn a_rule_is_as_bad_as_its_worst_scenario() {
        let of = |statuses: &[Status]| Status::of_rule(statuses.iter().copied());
        assert_eq!(of(&[Status::Passed, Status::NotApplicable]), Status::Passed);
        assert_eq!(of(&[Status::Passed, Status::NotRun]), Status::NotRun);
        assert_eq!(of(&[Status::Passed, Status::Failed]), Status::Failed);
        assert_eq!(of(&[Status::Failed, Status::Error]), Status::Failed);
        assert_eq!(of(&[Status::Error, Status::Blocked]), Status::Error);
        assert_eq!(of(&[Status::NotApplicable]), Status::NotApplicable);
        assert_eq!(of(&[]), Status::NotRun);
    }

    fn error(id: &str) -> ScenarioResult {
        let mut broken = failed(id, "unknown variable ${nope}", &[]);
        broken.attempts[0].status = Status::Error;
        ScenarioResult { status: Status::Error, ..broken }
    }

    #[test]
    fn a_failure_is_one_whatever_else_could_not_be_established() {
        let bad = || failed("LL-A-001.a", "another status", &[]);
        let mut observed = bad();
        observed.level = Level::Observed;
        let mut known = bad();
        known.known = Some("a defect of ours".into());
        let mut fatal = observed.clone();
        fatal.attempts[0].target_died = true;
        for (scenarios, strict, expected) in [
            (vec![fatal, passed("LL-B-001.a")], false, Verdict::NotConformant),
            (vec![bad(), error("LL-B-001.a")], false, Verdict::NotConformant),
            (
                vec![blocked("LL-A-001.a", "LL-A-002"), error("LL-B-001.a")],
                false,
                Verdict::NotConformant,
            ),
            (vec![observed.clone(), error("LL-B-001.a")], true, Verdict::NotConformant),
            (vec![observed, error("LL-B-001.a")], false, Verdict::NotEstablished),
            (vec![known, error("LL-B-001.a")], false, Verdict::NotEstablished),
            (vec![passed("LL-A-001.a"), error("LL-B-001.a")], false, Verdict::NotEstablished),
            (vec![passed("LL-A-001.a")], false, Verdict::Conformant),
            (vec![], false, Verdict::NotEstablished),
        ] {
            let told: Vec<_> = scenarios.iter().map(|s| (s.id.clone(), s.status)).collect();
            assert_eq!(Verdict::of(&run(scenarios), strict), expected, "{told:?} {strict}");
        }
    }

    #[test]
    fn what_was_blocked_needs_a_cause_that_the_run_tells_of() {
        let observed = |mut scenario: ScenarioResult| {
            scenario.level = Level::Observed;
            scenario
        };
        let cause = || observed(failed("LL-A-001.a", "another status", &[]));
        let held_up = || observed(blocked("LL-B-001.a", "LL-A-001"));
        let mut known = held_up();
        known.known = Some("a defect of ours".into());
        for (scenarios, expected) in [
            (vec![held_up()], Verdict::NotEstablished),
            (vec![passed("LL-C-001.a"), held_up()], Verdict::NotEstablished),
            (vec![passed("LL-C-001.a"), held_up(), cause()], Verdict::Conformant),
            (vec![passed("LL-C-001.a"), known.clone()], Verdict::Conformant),
            (vec![known], Verdict::NotEstablished),
        ] {
            let told: Vec<_> = scenarios.iter().map(|s| (s.id.clone(), s.status)).collect();
            assert_eq!(Verdict::of(&run(scenarios), false), expected, "{told:?}");
        }
    }

    #[test]
    fn a_run_that_did_not_come_to_its_end_is_never_green_but_a_failure_stays_one() {
        let unfinished: [fn(&mut Run); 3] = [
            |run| run.interrupted = true,
            |run| run.target_died = true,
            |run| run.troubles.push("the disk is full".into()),
        ];
        for change in unfinished {
            let mut green = run(vec![passed("LL-A-001.a")]);
            let mut red = run(vec![passed("LL-A-001.a"), failed("LL-B-001.a", "x", &[])]);
            change(&mut green);
            change(&mut red);
            assert_eq!(Verdict::of(&green, false), Verdict::NotEstablished);
            assert_eq!(Verdict::of(&red, false), Verdict::NotConformant);
        }
    }
}
