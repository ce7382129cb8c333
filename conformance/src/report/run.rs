//! The result of a run; every report is made from it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{Asked, Extent, Finding, Outcome, ScenarioResult};
use crate::failure::FailureKind;
use crate::moment::Moment;
use crate::spec::Level;
use crate::verdict::Status;

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// What people call the target: its name and version in the target file, or where it is.
    pub target_name: String,
    /// Where the target listened.
    pub target: String,
    /// What the target said of its version.
    pub target_version: String,
    /// The program with the options that choose this target again.
    pub again: String,
    /// Whether the target's time was moved; if not, it passed by itself.
    pub manual_time: bool,
    /// The identity of features and schemas.
    pub suite: String,
    /// How many scenarios that suite has, whatever was selected; older reports do not tell.
    pub suite_scenarios: Option<usize>,
    /// The order of the scenarios, `file` or `random:SEED`.
    pub order: String,
    /// What the run was asked for.
    pub asked: Asked,
    /// How much of that this result is about.
    pub extent: Extent,
    /// When the run, or the first of merged shards, began; older reports do not tell.
    pub began: Option<Moment>,
    /// How long it took from the first scenario to the last; of merged shards the sum.
    pub duration: Duration,
    /// Whether the target stopped answering.
    pub target_died: bool,
    /// The end of the logs of servers that the run has started by a command, passwords masked.
    pub target_log: Vec<String>,
    /// How far the machine was behind at worst.
    pub lag: Duration,
    /// Whether the run was interrupted before it was over.
    pub interrupted: bool,
    /// What went wrong outside the scenarios. With any of it nothing is established.
    pub troubles: Vec<String>,
    /// Answers and messages that were not as they have to be, by rule and what was seen.
    pub findings: Vec<Finding>,
    /// What became of each scenario, by area and id.
    pub scenarios: Vec<ScenarioResult>,
}

impl Run {
    /// Has the scenario of a rule about a shape fail if anything of that shape was wrong anywhere.
    pub fn settle_findings(&mut self) {
        for finding in &self.findings {
            let own = self.scenarios.iter_mut().filter(|scenario| scenario.rule == finding.rule);
            for scenario in own.filter(|scenario| scenario.status == Status::Passed).take(1) {
                scenario.status = Status::Failed;
                let Some(attempt) = scenario.attempts.last_mut() else { continue };
                attempt.status = Status::Failed;
                attempt.kind = Some(FailureKind::Assertion);
                let (seen, places) = (finding.count, finding.scenarios.len());
                attempt.message = Some(format!(
                    "{} is not as it has to be, {seen} times in {places} scenarios",
                    finding.what
                ));
                attempt.difference = finding.differences.keys().take(20).cloned().collect();
                attempt.reproduce.clone_from(&finding.reproduce);
            }
        }
    }

    /// Whether every scenario that was asked for has ended.
    pub fn is_complete(&self) -> bool {
        !self.interrupted && !self.target_died
    }

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

    /// How many scenarios have this status.
    pub fn count(&self, status: Status) -> usize {
        self.scenarios.iter().filter(|scenario| scenario.status == status).count()
    }
}
