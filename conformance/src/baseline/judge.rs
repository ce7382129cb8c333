//! What a baseline makes of a run.

use std::collections::BTreeMap;

use super::standing::Standing;
use super::{Baseline, Date, Known, outline};
use crate::moment::Moment;
use crate::nearest::{did_you_mean, nearest};
use crate::report::{Finding, Grounds, Run, ScenarioResult};
use crate::spec::Spec;
use crate::verdict::Status;

/// How many failures of an entry a note names.
const MOST_TOLD: usize = 10;

/// What a baseline makes of a run.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The entries that excuse scenarios which failed or were blocked, by the id of the scenario. If
    /// several excuse one, it is the entry that is about the least.
    pub excused: BTreeMap<String, Known>,
    /// The entries that excuse answers and messages which are not as they have to be, by the rule of
    /// the shape.
    pub excused_shapes: BTreeMap<String, Known>,
    /// Entries about what holds now.
    pub stale: Vec<Known>,
    /// Entries about nothing that there is. Only a full run can tell.
    pub unmatched: Vec<Unmatched>,
    /// Entries that excuse nothing any more.
    pub expired: Vec<Expired>,
}

/// An entry about nothing that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The entry.
    pub known: Known,
    /// The id that is most like its own.
    pub nearest: Option<String>,
}

/// An entry whose last day is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expired {
    /// The entry.
    pub known: Known,
    /// The ids of the scenarios whose failures count again for that reason.
    pub failed: Vec<String>,
}

impl Baseline {
    /// What is wrong with the first entry about a rule or a scenario that the spec does not have.
    pub fn about_nothing(&self, spec: &Spec) -> Option<String> {
        let scenarios = || spec.rules.iter().flat_map(|rule| &rule.scenarios);
        let ids = || {
            let rules = spec.rules.iter().map(|rule| rule.id.as_str());
            rules.chain(scenarios().flat_map(|scenario| [outline(&scenario.id), &scenario.id]))
        };
        let known = self.known.iter().filter(|known| !known.is_cause());
        let unmatched = known.into_iter().find(|known| ids().all(|id| id != known.id))?;
        let hint = did_you_mean(nearest(&unmatched.id, ids()));
        Some(format!("{} is in the baseline, and there is no such scenario{hint}", unmatched.id))
    }

    /// Judges a run. `full` says that the run was about the whole spec: of a part nobody can tell
    /// whether an entry is about nothing, nor whether all of a rule or an outline holds.
    ///
    /// What was blocked is excused by an entry about it or about a rule that it stands on, and if
    /// everything that failed of the rule at its root is excused: it counts as its cause does.
    pub fn judge(&self, run: &Run, full: bool, today: Date) -> Judged {
        let mut judged = Judged::default();
        let grounds = Grounds::of(run);
        let valid = || self.known.iter().filter(|known| !known.has_expired(today));
        let bad = |status| run.scenarios.iter().filter(move |s| s.status == status);
        for scenario in bad(Status::Failed) {
            let about = valid().filter(|known| known.covers(scenario, &grounds));
            let about_least = about.max_by_key(|known| (!known.is_cause(), known.id.len()));
            judged.excused.extend(about_least.map(|known| (scenario.id.clone(), known.clone())));
        }
        let of_rules = judged.rules_that_are_excused(run);
        for scenario in bad(Status::Blocked) {
            let chain = grounds.chain(scenario);
            let about = valid().filter(|known| known.covers(scenario, &grounds));
            let excuse = about
                .max_by_key(|known| known.id.len())
                .or_else(|| valid().find(|known| chain.contains(&known.id.as_str())))
                .or_else(|| of_rules.get(*chain.last()?));
            judged.excused.extend(excuse.map(|known| (scenario.id.clone(), known.clone())));
        }
        for finding in &run.findings {
            let excuse = valid().find(|known| known.rule() == finding.rule);
            let excuse = excuse.map(|known| (finding.rule.clone(), known.clone()));
            judged.excused_shapes.extend(excuse);
        }
        let failed = || bad(Status::Failed).chain(bad(Status::Blocked));
        for known in &self.known {
            match known.standing(run, &grounds, full) {
                Standing::Stale => judged.stale.push(known.clone()),
                Standing::Unmatched => judged.unmatched.push(Unmatched::of(known, run)),
                Standing::Open if known.has_expired(today) => {
                    let again = failed().filter(|s| {
                        !judged.excused.contains_key(&s.id)
                            && (known.covers(s, &grounds) || known.is_ground_of(s, &grounds))
                    });
                    let failed = again.map(|scenario| scenario.id.clone()).collect();
                    judged.expired.push(Expired { known: known.clone(), failed });
                }
                Standing::Open => {}
            }
        }
        judged
    }
}

impl Judged {
    /// The entry that excuses a scenario.
    pub fn excuse(&self, scenario: &ScenarioResult) -> Option<&Known> {
        self.excused.get(&scenario.id)
    }

    /// The entry that excuses answers and messages that are not as they have to be.
    pub fn excuse_shape(&self, finding: &Finding) -> Option<&Known> {
        self.excused_shapes.get(&finding.rule)
    }

    /// Rules of which everything that failed is excused, and an entry that does so.
    fn rules_that_are_excused(&self, run: &Run) -> BTreeMap<String, Known> {
        let mut rules: BTreeMap<String, Option<Known>> = BTreeMap::new();
        for scenario in run.scenarios.iter().filter(|s| s.status == Status::Failed) {
            let excuse = self.excused.get(&scenario.id);
            match rules.get_mut(&scenario.rule) {
                None => _ = rules.insert(scenario.rule.clone(), excuse.cloned()),
                Some(all) if excuse.is_none() => *all = None,
                Some(_) => {}
            }
        }
        rules.into_iter().filter_map(|(rule, excuse)| Some((rule, excuse?))).collect()
    }

    /// A sentence for every entry that somebody has to look after.
    pub fn notes(&self) -> Vec<String> {
        let stale = self.stale.iter().map(|known| {
            if known.is_cause() {
                let cause = &known.id;
                return format!(
                    "the cause {cause:?} is in the baseline, and nothing fails like that any more; \
                     remove it"
                );
            }
            format!("{} is in the baseline ({}) and holds now; remove it", known.id, known.reason)
        });
        let unmatched = self.unmatched.iter().map(|entry| {
            let hint = did_you_mean(entry.nearest.as_deref());
            format!("{} is in the baseline, and there is no such scenario{hint}", entry.known.id)
        });
        let expired = self.expired.iter().map(|Expired { known, failed }| {
            let until = known.until.map(|date| date.to_string()).unwrap_or_default();
            let again = match failed.as_slice() {
                [] => "nothing of it failed".to_owned(),
                failed => format!("these failures count again: {}", some(failed)),
            };
            format!("{} ({}) was excused until {until}; {again}", known.id, known.reason)
        });
        stale.chain(unmatched).chain(expired).collect()
    }
}

/// The first of these ids, and how many there are more.
fn some(ids: &[String]) -> String {
    let first = ids.iter().take(MOST_TOLD).map(String::as_str).collect::<Vec<_>>().join(", ");
    match ids.len().saturating_sub(MOST_TOLD) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

impl Unmatched {
    fn of(known: &Known, run: &Run) -> Self {
        let ids = run.scenarios.iter().flat_map(|s| [s.rule.as_str(), &s.id]);
        Self { known: known.clone(), nearest: nearest(&known.id, ids).map(str::to_owned) }
    }
}

/// The day that it is now, in UTC.
pub fn today() -> Date {
    Moment::now().date()
}

#[cfg(test)]
mod tests;
