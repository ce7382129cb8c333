//! The result of a run; every report is made from it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Asked, Extent};
use crate::failure::FailureKind;
use crate::lag::is_starved;
use crate::spec::{Level, Rule, Scenario};
use crate::timeline::Entry;
use crate::verdict::Status;

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What people call the target: its name and version in the target file, or where it is.
    pub target_name: String,
    /// Where the target listened.
    pub target: String,
    /// What it said of its version.
    pub target_version: String,
    /// Whether its time was moved, or passed by itself.
    pub manual_time: bool,
    /// The identity of features and schemas.
    pub suite: String,
    /// `file` or `random:SEED`.
    pub order: String,
    /// What it was asked for.
    pub asked: Asked,
    /// How much of that it is about.
    pub extent: Extent,
    /// From the first scenario to the last; of merged shards all of them together.
    pub duration: Duration,
    /// Whether the target stopped answering.
    pub target_died: bool,
    /// The end of the logs of servers that the run has started by a command, passwords masked.
    pub target_log: Vec<String>,
    /// How far the machine was behind at worst.
    pub lag: Duration,
    /// What went wrong outside the scenarios. With any of it nothing is established.
    pub troubles: Vec<String>,
    /// By area and id.
    pub scenarios: Vec<ScenarioResult>,
}

/// What became of one scenario.
#[derive(Clone, Debug)]
pub struct ScenarioResult {
    /// Its id.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The id of its rule.
    pub rule: String,
    /// What the rule requires.
    pub rule_title: String,
    /// How binding the rule is.
    pub level: Level,
    /// The rule's area.
    pub area: String,
    /// File and line.
    pub place: String,
    /// Over all attempts.
    pub status: Status,
    /// Why it was not applicable or not run.
    pub reason: Option<String>,
    /// Why its failure does not count: the baseline knows it.
    pub known: Option<String>,
    /// Every time that it ran and could be judged.
    pub attempts: Vec<Outcome>,
    /// Every time that it did not pass while the machine was starved, so that it ran again.
    pub starved: Vec<Outcome>,
}

/// What one attempt at a scenario saw.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Passed, failed or error.
    pub status: Status,
    /// The step that did not hold, and its line.
    pub step: Option<(String, usize)>,
    /// Who is to blame for it.
    pub kind: Option<FailureKind>,
    /// What was wrong, in one sentence.
    pub message: Option<String>,
    /// Expected and seen.
    pub difference: Vec<String>,
    /// A `curl` line.
    pub reproduce: Option<String>,
    /// Everything that crossed the wire; only of what did not pass.
    pub timeline: Vec<Entry>,
    /// Accepted outcomes that were seen: name, and whether it was the real server's quirk.
    pub quirks: Vec<(String, bool)>,
    /// Whether the target was found dead afterwards.
    pub target_died: bool,
    /// Information, such as fields that no schema knows.
    pub notes: Vec<String>,
    /// How far the machine was behind at worst meanwhile.
    pub lag: Duration,
    /// How long it took.
    pub duration: Duration,
}

impl Outcome {
    /// Whether it did not pass on a machine on which nothing about time can be judged. A target
    /// that died did so by itself.
    pub fn is_starved(&self) -> bool {
        self.status != Status::Passed && !self.target_died && is_starved(self.lag)
    }

    /// Of an attempt that did not pass on such a machine, and is not made again.
    #[must_use]
    pub fn not_established(self) -> Self {
        let seen = self.message.unwrap_or_default();
        let late = self.lag.as_millis();
        let message =
            format!("could not be established, as the machine was {late} ms late: {seen}");
        Self { status: Status::Error, message: Some(message), ..self }
    }
}

impl ScenarioResult {
    /// Of a scenario that did not run.
    pub fn without_run(rule: &Rule, scenario: &Scenario, status: Status, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), status, ..Self::of(rule, scenario, Vec::new()) }
    }

    /// Of a scenario with all its attempts.
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
            known: None,
            attempts,
            starved: Vec::new(),
        }
    }

    /// Whether it failed, and nobody knew.
    pub fn is_new_failure(&self) -> bool {
        self.status == Status::Failed && self.known.is_none()
    }

    /// Whether attempts disagree.
    pub fn is_flaky(&self) -> bool {
        self.attempts.windows(2).any(|pair| pair[0].status != pair[1].status)
    }

    /// The attempt that tells most: the first that did not pass.
    pub fn telling(&self) -> Option<&Outcome> {
        let bad = self.attempts.iter().find(|attempt| attempt.status != Status::Passed);
        bad.or(self.attempts.last())
    }
}

impl Run {
    /// Puts the scenarios into the order of reports.
    pub fn sort(&mut self) {
        self.scenarios.sort_by(|a, b| (&a.area, &a.id).cmp(&(&b.area, &b.id)));
    }

    /// Every rule that was selected: area, level, id and verdict.
    pub fn rules(&self) -> Vec<(&str, Level, &str, Status)> {
        let mut rules: Vec<(&ScenarioResult, Vec<Status>)> = Vec::new();
        let mut places = BTreeMap::new();
        for scenario in &self.scenarios {
            let at = *places.entry(&scenario.rule).or_insert_with(|| {
                rules.push((scenario, Vec::new()));
                rules.len() - 1
            });
            rules[at].1.push(scenario.status);
        }
        rules
            .into_iter()
            .map(|(first, statuses)| {
                let status = Status::of_rule(statuses.into_iter());
                (first.area.as_str(), first.level, first.rule.as_str(), status)
            })
            .collect()
    }

    /// Scenarios that ran again because the machine was starved, how often they did so together,
    /// and how many of them could not be established all the same.
    pub fn starved(&self) -> (usize, usize, usize) {
        let starved = self.scenarios.iter().filter(|scenario| !scenario.starved.is_empty());
        let again = starved.clone().map(|scenario| scenario.starved.len()).sum();
        let lost = |scenario: &&ScenarioResult| scenario.attempts.iter().any(Outcome::is_starved);
        (starved.clone().count(), again, starved.filter(lost).count())
    }

    /// What was noted on the way, each once.
    pub fn notes(&self) -> BTreeSet<&str> {
        let attempts = self.scenarios.iter().flat_map(|scenario| &scenario.attempts);
        attempts.flat_map(|attempt| &attempt.notes).map(String::as_str).collect()
    }

    /// How many scenarios ended this way.
    pub fn count(&self, status: Status) -> usize {
        self.scenarios.iter().filter(|scenario| scenario.status == status).count()
    }
}
