//! What to fix first: the failures of a run by what they have in common, in the order of how much
//! they hold up.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::alike::{endpoint, without_ids, without_numbers};
use super::{Beyond, Finding, Outcome, Run, ScenarioResult};
use crate::spec::Level;
use crate::verdict::Status;

/// Failures and blocks that are likely to go away together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The rule that does not hold; the most binding, if there are several.
    pub rule: String,
    /// What it requires.
    pub rule_title: String,
    /// How binding it is.
    pub level: Level,
    /// What was wrong in one line, without ids and ports.
    pub headline: String,
    /// The first of what differs, without ids and ports.
    pub difference: Option<String>,
    /// Method and path of the request, if it is about one.
    pub endpoint: Option<String>,
    /// The scenarios that failed of it.
    pub failed: BTreeSet<String>,
    /// The scenarios that could not be judged because of it.
    pub blocked: BTreeSet<String>,
    /// How many of both the baseline knows.
    pub known: usize,
    /// The rules that are not held or not judged because of it.
    pub rules: BTreeSet<String>,
    /// How many scenarios in which area.
    pub areas: BTreeMap<String, usize>,
    /// If it is about a shape: how many answers or messages were wrong.
    pub seen: usize,
    /// If it is about a shape: in how many scenarios.
    pub seen_in: usize,
    /// What all that failed of it has in common, if it is of several rules; see `fingerprint`.
    pub fingerprint: Option<String>,
    /// The scenario that shows it best.
    pub example: String,
    /// A `curl` line of the request that it was seen in.
    pub reproduce: Option<String>,
    /// What that line cannot bring along, if it shows nothing without it.
    pub beyond: Option<Beyond>,
}

impl Cause {
    /// How many scenarios failed or were blocked.
    pub fn holds_up(&self) -> usize {
        self.failed.len() + self.blocked.len()
    }

    /// Whether the baseline knows all of it.
    pub fn is_known(&self) -> bool {
        self.known >= self.holds_up().max(1)
    }

    /// Whether a scenario failed or was blocked because of it.
    pub fn has(&self, scenario: &str) -> bool {
        self.failed.contains(scenario) || self.blocked.contains(scenario)
    }

    /// A `curl` line that shows it, if one can.
    pub fn curl(&self) -> Option<&str> {
        self.reproduce.as_deref().filter(|_| self.beyond.is_none())
    }

    /// What was wrong, and the first of what differs.
    pub fn in_one_line(&self) -> String {
        match &self.difference {
            Some(difference) => format!("{}: {difference}", self.headline),
            None => self.headline.clone(),
        }
    }
}

/// By what failures are put together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// All that does not hold of a rule, and all that it blocks.
    Rule(String),
    /// What looks the same in several rules.
    Alike(Likeness),
    /// What a rule blocks that holds where it is judged itself.
    Held(String, Likeness),
}

/// Message, first difference, endpoint.
type Likeness = (String, String, Option<String>);

/// Every failure, block and finding of a run belongs to one of these. Those that hold up most come
/// first, those that the baseline knows last.
pub fn causes(run: &Run) -> Vec<Cause> {
    let grounds = Grounds::of(run);
    let mut keys: Vec<(Key, &ScenarioResult)> = Vec::new();
    for scenario in &run.scenarios {
        match scenario.status {
            Status::Blocked => keys.push((grounds.key_of_blocked(scenario), scenario)),
            Status::Failed => keys.push((Key::Rule(scenario.rule.clone()), scenario)),
            _ => {}
        }
    }
    put_alike_together(run, &mut keys);
    let mut groups: BTreeMap<Key, Vec<&ScenarioResult>> = BTreeMap::new();
    for (key, scenario) in keys {
        groups.entry(key).or_default().push(scenario);
    }
    let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &run.findings {
        groups.entry(Key::Rule(finding.rule.clone())).or_default();
        findings.entry(&finding.rule).or_default().push(finding);
    }
    let made = groups.into_iter().filter_map(|(key, scenarios)| {
        let findings = match &key {
            Key::Rule(rule) => findings.get(rule.as_str()).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        make(run, &key, &scenarios, findings)
    });
    let mut causes: Vec<_> = made.collect();
    causes.sort_by_cached_key(|cause| {
        let new = cause.holds_up().saturating_sub(cause.known);
        let seen = Reverse(cause.seen);
        (
            cause.is_known(),
            Reverse(new),
            cause.level,
            seen,
            cause.rule.clone(),
            cause.headline.clone(),
        )
    });
    causes
}

/// What a failure has in common with all others of the same cause, whatever their rules: endpoint,
/// message and first difference, without ids and numbers that are measured.
fn fingerprint(scenario: &ScenarioResult) -> Option<String> {
    (scenario.status == Status::Failed).then(|| scenario.telling().map(likeness).map(written))?
}

/// A fingerprint as somebody has written it, to be compared.
pub(crate) fn same_fingerprint(written: &str) -> String {
    without_numbers(written)
}

fn written((headline, difference, endpoint): Likeness) -> String {
    let endpoint = endpoint.filter(|endpoint| !headline.contains(endpoint));
    let parts = [endpoint.unwrap_or_default(), headline, difference];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    without_numbers(&parts.join(": "))
}

/// Failures of different rules that look the same are put together. Those that look like the first
/// failure of a rule that blocks others belong to that, and so do blocks by rules that hold.
fn put_alike_together(run: &Run, keys: &mut [(Key, &ScenarioResult)]) {
    let blocking: BTreeSet<String> = keys
        .iter()
        .filter(|(_, scenario)| scenario.status == Status::Blocked)
        .filter_map(|(key, _)| match key {
            Key::Rule(rule) => Some(rule.clone()),
            _ => None,
        })
        .collect();
    let about_shapes = |rule: &str| run.findings.iter().any(|finding| finding.rule == rule);
    let mut rules: BTreeMap<Likeness, BTreeSet<&str>> = BTreeMap::new();
    let mut first: BTreeMap<Likeness, &str> = BTreeMap::new();
    let mut begun = BTreeSet::new();
    for (_, scenario) in keys.iter().filter(|(_, scenario)| scenario.status == Status::Failed) {
        let Some(likeness) = scenario.telling().map(likeness) else { continue };
        if blocking.contains(&scenario.rule) {
            if begun.insert(&scenario.rule) {
                first.entry(likeness).or_insert(&scenario.rule);
            }
        } else if !about_shapes(&scenario.rule) {
            rules.entry(likeness).or_default().insert(&scenario.rule);
        }
    }
    for (key, scenario) in keys.iter_mut() {
        if let Key::Held(_, likeness) = key {
            if let Some(rule) = first.get(likeness) {
                *key = Key::Rule((*rule).to_owned());
            }
            continue;
        }
        let alone = scenario.status == Status::Failed
            && !blocking.contains(&scenario.rule)
            && !about_shapes(&scenario.rule);
        let Some(likeness) = scenario.telling().filter(|_| alone).map(likeness) else { continue };
        if let Some(rule) = first.get(&likeness) {
            *key = Key::Rule((*rule).to_owned());
        } else if rules.get(&likeness).is_some_and(|rules| rules.len() > 1) {
            *key = Key::Alike(likeness);
        }
    }
}

/// What a failure has in common with others.
fn likeness(outcome: &Outcome) -> Likeness {
    let headline = without_numbers(&headline(outcome));
    // What came in place of something is seldom the same.
    let difference = first_difference(outcome)
        .map(|line| without_numbers(line.split(", came: ").next().unwrap_or_default()));
    let endpoint = outcome.reproduce.as_deref().and_then(endpoint);
    (headline, difference.unwrap_or_default(), endpoint)
}

/// The message without ids; of a target that died only how.
fn headline(outcome: &Outcome) -> String {
    let step = || outcome.step.as_ref().map(|(step, _)| step.as_str());
    let message = outcome.message.as_deref().or_else(step).unwrap_or("it does not hold");
    let message = match (outcome.target_died, message.split_once("): ")) {
        (true, Some((how, _))) => format!("{how})"),
        _ => message.to_owned(),
    };
    without_ids(&message)
}

/// The first line of the difference; of a target that died the line of its log that tells why.
fn first_difference(outcome: &Outcome) -> Option<String> {
    let why = |line: &&String| {
        let line = line.to_lowercase();
        ["error", "panicked", "exception", "fatal", "abort"].iter().any(|word| line.contains(word))
    };
    let telling = outcome.difference.iter().find(why).filter(|_| outcome.target_died);
    telling.or(outcome.difference.first()).map(|line| without_ids(line))
}

fn make(
    run: &Run,
    key: &Key,
    scenarios: &[&ScenarioResult],
    findings: &[&Finding],
) -> Option<Cause> {
    let of = |status: Status| scenarios.iter().copied().filter(move |s| s.status == status);
    let ids = |status| of(status).map(|scenario| scenario.id.clone()).collect::<BTreeSet<_>>();
    let own = match key {
        Key::Rule(rule) | Key::Held(rule, _) => Some(rule.as_str()),
        Key::Alike(_) => None,
    };
    // The scenario of the rule itself, of the most binding rule, with something to show.
    let rank = |scenario: &&ScenarioResult| {
        let shows = scenario.telling().is_some_and(|outcome| outcome.reproduce.is_some());
        let tried = scenario.telling().is_some();
        (own != Some(&scenario.rule), !tried, scenario.level, !shows, scenario.id.clone())
    };
    let best = of(Status::Failed).min_by_key(rank).or_else(|| of(Status::Blocked).min_by_key(rank));
    let finding = findings.iter().max_by_key(|finding| finding.count);
    let rule = own.map(str::to_owned).or_else(|| best.map(|best| best.rule.clone()))?;
    let of_rule = run.scenarios.iter().find(|scenario| scenario.rule == rule);
    let outcome = best.and_then(ScenarioResult::telling);
    let (headline, difference) = match (finding, outcome) {
        (Some(finding), _) => {
            let difference = finding.main_difference().map(|(line, _)| without_ids(line));
            (format!("{} is not as it has to be", finding.what), difference)
        }
        (None, Some(outcome)) => (headline(outcome), first_difference(outcome)),
        (None, None) => ("it does not hold".to_owned(), None),
    };
    let mut areas: BTreeMap<String, usize> = BTreeMap::new();
    for scenario in scenarios {
        *areas.entry(scenario.area.clone()).or_default() += 1;
    }
    let reproduce = finding.and_then(|finding| finding.reproduce.clone());
    let reproduce = reproduce.or_else(|| outcome.and_then(|outcome| outcome.reproduce.clone()));
    let seen_in: BTreeSet<_> = findings.iter().flat_map(|finding| &finding.scenarios).collect();
    let example = finding.and_then(|finding| finding.scenarios.first().cloned());
    let known = scenarios.iter().filter(|scenario| scenario.known.is_some()).count();
    let known_finding = scenarios.is_empty() && findings.iter().all(|f| f.known.is_some());
    Some(Cause {
        rule_title: of_rule
            .map(|scenario| scenario.rule_title.clone())
            .or_else(|| finding.map(|finding| finding.rule_title.clone()))
            .unwrap_or_default(),
        level: of_rule
            .map(|scenario| scenario.level)
            .or_else(|| finding.map(|finding| finding.level))
            .or_else(|| best.map(|best| best.level))?,
        headline,
        difference,
        endpoint: reproduce.as_deref().and_then(endpoint),
        failed: ids(Status::Failed),
        blocked: ids(Status::Blocked),
        known: if known_finding { 1 } else { known },
        fingerprint: match key {
            Key::Alike(likeness) => Some(written(likeness.clone())),
            Key::Rule(_) => {
                let mut others = of(Status::Failed).filter(|scenario| scenario.rule != rule);
                others.find_map(fingerprint)
            }
            Key::Held(..) => None,
        },
        rules: scenarios
            .iter()
            .map(|s| s.rule.clone())
            .chain(findings.iter().map(|f| f.rule.clone()))
            .collect(),
        areas,
        seen: findings.iter().map(|finding| finding.count).sum(),
        seen_in: seen_in.len(),
        beyond: outcome.and_then(|outcome| outcome.beyond).filter(|_| finding.is_none()),
        example: example.or_else(|| best.map(|best| best.id.clone()))?,
        reproduce,
        rule,
    })
}

/// Which rules blocked others in a run, and what failures have in common.
#[derive(Debug, Default)]
pub(crate) struct Grounds<'a> {
    /// Rules of which nothing could be judged, and what blocked them.
    blocked: BTreeMap<&'a str, &'a str>,
    /// Rules that do not hold.
    failed: BTreeSet<&'a str>,
    /// What each failure has in common with others.
    fingerprints: BTreeMap<&'a str, String>,
}

impl<'a> Grounds<'a> {
    /// Of a run.
    pub(crate) fn of(run: &'a Run) -> Self {
        let mut grounds = Self::default();
        let mut judged = BTreeSet::new();
        for scenario in &run.scenarios {
            match scenario.status {
                Status::Failed => _ = grounds.failed.insert(scenario.rule.as_str()),
                Status::Passed => _ = judged.insert(scenario.rule.as_str()),
                Status::Blocked => {
                    if let Some(by) = scenario.blocked_by() {
                        grounds.blocked.entry(&scenario.rule).or_insert(by);
                    }
                }
                _ => {}
            }
        }
        let prints = run.scenarios.iter();
        grounds.fingerprints =
            prints.filter_map(|s| Some((s.id.as_str(), fingerprint(s)?))).collect();
        grounds.failed.extend(run.findings.iter().map(|finding| finding.rule.as_str()));
        let (failed, blocked) = (&grounds.failed, &mut grounds.blocked);
        blocked.retain(|rule, _| !failed.contains(rule) && !judged.contains(rule));
        grounds
    }

    /// What a scenario that failed has in common with others.
    pub(crate) fn fingerprint(&self, scenario: &str) -> Option<&str> {
        self.fingerprints.get(scenario).map(String::as_str)
    }

    /// The rules that a blocked scenario stands on, the root at the end.
    pub(crate) fn chain(&self, scenario: &'a ScenarioResult) -> Vec<&'a str> {
        let mut chain: Vec<&str> = scenario.blocked_by().into_iter().collect();
        while let Some(next) = chain.last().and_then(|rule| self.blocked.get(rule)) {
            if chain.contains(next) {
                break;
            }
            chain.push(next);
        }
        chain
    }

    fn key_of_blocked(&self, scenario: &'a ScenarioResult) -> Key {
        let root = self.chain(scenario).last().copied().unwrap_or(&scenario.rule);
        match scenario.telling() {
            Some(outcome) if !self.failed.contains(root) && !self.blocked.contains_key(root) => {
                Key::Held(root.to_owned(), likeness(outcome))
            }
            _ => Key::Rule(root.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
