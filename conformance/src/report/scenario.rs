//! What became of one scenario, over all attempts at it.

use super::Outcome;
use crate::spec::{Level, Rule, Scenario};
use crate::verdict::Status;

/// What became of one scenario.
#[derive(Clone, Debug)]
pub struct ScenarioResult {
    /// The scenario's id.
    pub id: String,
    /// The title, which says what the scenario shows.
    pub title: String,
    /// The id of its rule.
    pub rule: String,
    /// What the rule requires.
    pub rule_title: String,
    /// How binding the rule is.
    pub level: Level,
    /// The rule's area.
    pub area: String,
    /// The file and the line of the scenario.
    pub place: String,
    /// The verdict over all attempts.
    pub status: Status,
    /// Why the scenario was not applicable or not run.
    pub reason: Option<String>,
    /// The rule without which the scenario cannot be tried, if it was not tried for that reason.
    pub blocked_by: Option<String>,
    /// Why the failure does not count, if the baseline knows it.
    pub known: Option<String>,
    /// Every attempt that could be judged.
    pub attempts: Vec<Outcome>,
    /// Every attempt that did not pass while the machine was starved, so that the scenario ran again.
    pub starved: Vec<Outcome>,
    /// Every attempt that did not pass while other scenarios kept the target busy, so that the
    /// scenario ran again with fewer of them or with none.
    pub crowded: Vec<Outcome>,
}

impl ScenarioResult {
    /// The result of a scenario that did not run.
    pub fn without_run(rule: &Rule, scenario: &Scenario, status: Status, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), status, ..Self::of(rule, scenario, Vec::new()) }
    }

    /// The result of a scenario with all its attempts.
    pub fn of(rule: &Rule, scenario: &Scenario, attempts: Vec<Outcome>) -> Self {
        let status = Status::of_rule(attempts.iter().map(|attempt| attempt.status));
        Self {
            id: scenario.id.clone(),
            title: scenario.title.clone(),
            rule: rule.id.clone(),
            rule_title: rule.title.clone(),
            level: rule.level,
            area: rule.area.clone(),
            place: format!("{}:{}", rule.file, scenario.line),
            status,
            reason: None,
            blocked_by: None,
            known: None,
            attempts,
            starved: Vec::new(),
            crowded: Vec::new(),
        }
    }

    /// The result of a scenario that was not tried because it stands on a rule that does not hold.
    pub fn without_ground(rule: &Rule, scenario: &Scenario, ground: &str) -> Self {
        let reason = format!("it stands on {ground}, which does not hold");
        let blocked_by = Some(ground.to_owned());
        Self { blocked_by, ..Self::without_run(rule, scenario, Status::Blocked, &reason) }
    }

    /// Whether the scenario failed or was blocked, and no baseline knows of it.
    pub fn is_new_failure(&self) -> bool {
        matches!(self.status, Status::Failed | Status::Blocked) && self.known.is_none()
    }

    /// The rule that the scenario was blocked by.
    pub fn blocked_by(&self) -> Option<&str> {
        let attempt = self.telling().and_then(|attempt| attempt.blocked_by.as_deref());
        self.blocked_by.as_deref().or(attempt).filter(|_| self.status == Status::Blocked)
    }

    /// Whether nothing could be established about the scenario because the machine was too slow.
    pub fn was_starved(&self) -> bool {
        let errors = self.attempts.iter().filter(|attempt| attempt.status == Status::Error);
        self.status == Status::Error && errors.clone().all(Outcome::is_starved)
    }

    /// Whether the scenario passed, but only with fewer others beside it or with none.
    pub fn passed_alone(&self) -> bool {
        self.status == Status::Passed && !self.crowded.is_empty()
    }

    /// Whether the attempts disagree.
    pub fn is_flaky(&self) -> bool {
        self.attempts.windows(2).any(|pair| pair[0].status != pair[1].status)
    }

    /// The attempt that tells most: the first that did not pass.
    pub fn telling(&self) -> Option<&Outcome> {
        let bad = self.attempts.iter().find(|attempt| attempt.status != Status::Passed);
        bad.or(self.attempts.last())
    }
}
