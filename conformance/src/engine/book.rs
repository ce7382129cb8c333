//! What is known so far of the scenarios of a run, and what that means for those to come.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::crowd::{Crowd, Crowded};
use super::deaths::{Deaths, Sentence};
use super::pass::{Item, Shared};
use super::play::{Ended, Played};
use super::run::Options;
use super::schedule::{Again, Pass};
use crate::lag::is_starved;
use crate::report::{Outcome, Progress, ScenarioResult};
use crate::schema::{ERROR_RULE, Violation};
use crate::spec::{Rule, Scenario};
use crate::steps::{ground, grounds};
use crate::target::Death;
use crate::verdict::Status;

/// How often a scenario runs again because it did not pass on a machine that was starved.
pub(super) const MOST_REPEATS: usize = 3;

/// The tag of scenarios that send what no client should: a target that takes it may well give it
/// back, so only the shape of refusals is judged there.
const ODD_INPUT: &str = "odd-input";

/// What a run knows of its scenarios so far.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// The attempts at scenarios that could be judged.
    attempts: BTreeMap<String, Vec<Outcome>>,
    /// The attempts that did not pass while the machine was starved, so that the scenario ran again.
    starved: BTreeMap<String, Vec<Outcome>>,
    /// Why scenarios cannot be judged.
    pub(super) reasons: BTreeMap<String, String>,
    /// Scenarios that are not tried, and the rule that they would need.
    blocked: BTreeMap<String, String>,
    /// Prerequisites that do not hold, and the one at the root of that.
    down: BTreeMap<String, String>,
    /// Prerequisites that cannot be judged, and why.
    lacking: BTreeMap<String, String>,
    /// The outcomes of scenarios that are to run again, in case the run ends before they do.
    provisional: BTreeMap<String, Outcome>,
    /// Scenarios that failed, perhaps because of others that ran beside them.
    pub(super) crowded: Crowded,
    /// The outcomes of those before they ran again.
    in_crowd: BTreeMap<String, Vec<Outcome>>,
    /// Answers and messages that were not as they have to be, and the scenarios that saw them.
    pub(super) seen: Vec<(String, Violation)>,
    pub(super) deaths: Deaths,
    pub(super) target_died: bool,
    /// How the target died last. Each of those that ran then met the same death.
    last_death: Option<String>,
}

impl Book {
    /// A book of a run that has not begun: only the reasons why scenarios are excluded are known.
    pub(super) fn of(options: &Options) -> Self {
        Self { reasons: options.excluded.clone(), ..Self::default() }
    }

    /// The scenario, unless a rule that it stands on is known not to hold or not to be judged here.
    pub(super) fn standing(&mut self, item: &Arc<Item>, progress: &Progress) -> Option<Arc<Item>> {
        let id = &item.scenario.id;
        let stands_on: BTreeSet<_> = grounds(&item.scenario).into_iter().collect();
        let others = || stands_on.iter().filter(|rule| **rule != item.rule);
        if let Some(root) = others().find_map(|rule| self.down.get(*rule)) {
            self.blocked.insert(id.clone(), root.clone());
            progress.ended(id, Status::Blocked);
            if ground::is_prerequisite(&item.rule) {
                self.down.insert(item.rule.clone(), root.clone());
            }
            return None;
        }
        if let Some(reason) = others().find_map(|rule| self.lacking.get(*rule)) {
            let reason = reason.clone();
            if ground::is_prerequisite(&item.rule) {
                self.lacking.insert(item.rule.clone(), reason.clone());
            }
            self.reasons.insert(id.clone(), reason);
            progress.leave_out(1);
            return None;
        }
        Some(Arc::clone(item))
    }

    /// Whether a scenario is to run: if it runs again, that has to be able to change something.
    pub(super) fn is_worth(&mut self, pass: &Pass, item: &Item, progress: &Progress) -> bool {
        let id = &item.scenario.id;
        let is_worth = !pass.of_crowded || self.crowded.is_worth(pass.crowd, id);
        if !is_worth {
            progress.leave_out(1);
        }
        is_worth
    }

    /// Writes down what became of a scenario, or has it run again.
    pub(super) fn note(
        &mut self,
        shared: &Shared,
        pass: &Pass,
        options: &Options,
        item: &Item,
        ended: Ended,
        again: &mut Again,
    ) {
        let id = &item.scenario.id;
        let mut played = match ended {
            Ended::NotApplicable(reason) => {
                if pass.first {
                    self.lacking.insert(item.rule.clone(), reason.clone());
                }
                self.reasons.insert(id.clone(), reason);
                return;
            }
            Ended::Ran(played) => *played,
        };
        let mut violations = std::mem::take(&mut played.violations);
        if item.scenario.has_tag(ODD_INPUT) {
            violations.retain(|violation| violation.rule == ERROR_RULE);
        }
        let violations = violations.into_iter();
        self.seen.extend(violations.map(|violation| (id.clone(), violation)));
        let is_recheck = self.deaths.take_recheck(id);
        match &played.death {
            Some(death) => {
                if !death.replaced {
                    self.target_died = true;
                    shared.end();
                }
                let death = death.clone();
                self.last_death = Some(death.what.clone());
                self.note_death(pass, id, played, &death, is_recheck, shared.is_over(), again);
            }
            None => {
                if let Some((guilty, death)) = self.deaths.survived(id) {
                    self.blame(&guilty, &death);
                }
                if is_recheck {
                    return;
                }
                self.note_outcome(shared, pass, options, item, played, again);
            }
        }
        if self.down.contains_key(ground::VOICE) {
            shared.fleet.note_that_nobody_joins();
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all of it decides who is to blame")]
    fn note_death(
        &mut self,
        pass: &Pass,
        id: &str,
        played: Played,
        death: &Death,
        is_recheck: bool,
        over: bool,
        again: &mut Again,
    ) {
        match self.deaths.judge(id, &played, pass.jobs == 1) {
            Sentence::Suspect(before) if !over => {
                before.iter().for_each(|id| add_once(&mut again.fewer, id));
                add_once(&mut again.fewer, id);
                // Who is to blame is not known if the run ends before that.
                self.provisional.insert(id.to_owned(), played.outcome.not_established());
                if is_recheck {
                    self.deaths.recheck(id);
                }
            }
            Sentence::Innocent { guilty } if !over => {
                if let Some(guilty) = guilty {
                    self.blame(&guilty, death);
                }
                if is_recheck {
                    self.deaths.recheck(id);
                }
                add_once(&mut again.same, id);
            }
            _ => {
                let outcomes = self.attempts.entry(id.to_owned()).or_default();
                if is_recheck {
                    outcomes.pop();
                }
                outcomes.push(played.outcome);
            }
        }
        if pass.first {
            self.settle_prerequisite(id);
        }
    }

    /// What is to be told of deaths that no scenario can be blamed for: nothing is established then,
    /// even if everything held when it ran again.
    pub(super) fn unexplained_deaths(&self) -> Option<String> {
        let last = |outcomes: &Vec<Outcome>| outcomes.last().is_some_and(|last| last.target_died);
        let how = self.last_death.as_ref().filter(|_| !self.attempts.values().any(last))?;
        Some(format!(
            "the target died ({how}) and no scenario can be blamed: what ran then held when it ran again"
        ))
    }

    /// The target died of a scenario that had ended.
    fn blame(&mut self, guilty: &str, death: &Death) {
        let outcome = self.attempts.get_mut(guilty).and_then(|outcomes| outcomes.last_mut());
        if let Some(outcome) = outcome.filter(|outcome| !outcome.target_died) {
            outcome.blame(death, "the target died after it");
        }
    }

    fn note_outcome(
        &mut self,
        shared: &Shared,
        pass: &Pass,
        options: &Options,
        item: &Item,
        played: Played,
        again: &mut Again,
    ) {
        let id = &item.scenario.id;
        let Played { outcome, crowded, .. } = played;
        if pass.crowd != Crowd::Usual && pass.repeats == 0 {
            let before = self.attempts.get_mut(id).and_then(Vec::pop);
            if let Some(before) = before {
                if !outcome.is_starved() {
                    self.crowded.note(pass.crowd, &item.rule, &before, &outcome);
                }
                self.in_crowd.entry(id.clone()).or_default().push(before);
            }
        }
        let bad = outcome.status != Status::Passed;
        if bad && options.fail_fast && !is_starved(outcome.lag) {
            shared.end();
        }
        let may_be_innocent = crowded
            && matches!(outcome.status, Status::Failed | Status::Blocked)
            && !outcome.is_starved()
            && pass.jobs > 1
            && shared.fleet.has_crowds();
        if may_be_innocent {
            self.crowded.add(id, &item.rule, item.level, &outcome);
        }
        if !outcome.is_starved() {
            self.attempts.entry(id.clone()).or_default().push(outcome);
        } else if pass.repeats < MOST_REPEATS && !shared.is_over() {
            again.late.push(id.clone());
            self.provisional.insert(id.clone(), outcome.clone().not_established());
            self.starved.entry(id.clone()).or_default().push(outcome);
            return;
        } else {
            self.attempts.entry(id.clone()).or_default().push(outcome.not_established());
        }
        if pass.first {
            self.settle_prerequisite(id);
        }
    }

    /// What stands on a prerequisite that failed or was blocked need not be tried.
    fn settle_prerequisite(&mut self, id: &str) {
        let rule = id.split('.').next().unwrap_or_default().to_owned();
        let last = self.attempts.get(id).and_then(|attempts| attempts.last());
        let root = match last.map(|outcome| (outcome.status, &outcome.blocked_by)) {
            Some((Status::Failed, _)) => rule.clone(),
            Some((Status::Blocked, Some(by))) => self.down.get(by).unwrap_or(by).clone(),
            _ => return,
        };
        self.down.insert(rule, root);
    }

    /// What became of a scenario; it is taken from the book.
    pub(super) fn result(
        &mut self,
        rule: &Rule,
        scenario: &Scenario,
        target_died: bool,
        interrupted: bool,
    ) -> ScenarioResult {
        let without =
            |status, reason: &str| ScenarioResult::without_run(rule, scenario, status, reason);
        let id = &scenario.id;
        if let Some(reason) = self.reasons.get(id) {
            return without(Status::NotApplicable, reason);
        }
        if let Some(root) = self.blocked.get(id) {
            return ScenarioResult::without_ground(rule, scenario, root);
        }
        let provisional = self.provisional.remove(id).map(|outcome| vec![outcome]);
        match self.attempts.remove(id).or(provisional) {
            Some(attempts) => {
                let starved = self.starved.remove(id).unwrap_or_default();
                let crowded = self.in_crowd.remove(id).unwrap_or_default();
                ScenarioResult { starved, crowded, ..ScenarioResult::of(rule, scenario, attempts) }
            }
            None if target_died => without(Status::NotRun, "the target died before"),
            None if interrupted => without(Status::NotRun, "the run was interrupted before"),
            None => without(Status::NotRun, "the run ended before"),
        }
    }
}

fn add_once(ids: &mut Vec<String>, id: &str) {
    if !ids.iter().any(|other| other == id) {
        ids.push(id.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_death_is_told_unless_a_scenario_is_blamed_for_it() {
        let mut book = Book::default();
        book.attempts.insert("a".into(), vec![Outcome::passed()]);
        assert_eq!(book.unexplained_deaths(), None);
        book.last_death = Some("it ended with exit code 139".into());
        let told = book.unexplained_deaths().unwrap();
        assert!(told.contains("the target died (it ended with exit code 139)"), "{told}");
        let death = Death { what: "it ended".into(), log: Vec::new(), replaced: true };
        book.blame("a", &death);
        assert_eq!(book.unexplained_deaths(), None);
    }
}
