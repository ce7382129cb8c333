//! What a baseline makes of a run.

use std::collections::BTreeMap;

use super::{Baseline, Date, Known, outline};
use crate::moment::Moment;
use crate::nearest::{did_you_mean, nearest};
use crate::report::{Finding, Grounds, Run, ScenarioResult};
use crate::schema;
use crate::spec::Spec;
use crate::verdict::Status;

/// How many failures of an entry are told.
const MOST_TOLD: usize = 10;

/// What a baseline makes of a run.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// By the id of a scenario that failed or was blocked, the entry that excuses it. If several
    /// do, it is the one that is about the least.
    pub excused: BTreeMap<String, Known>,
    /// By their rule, the entries that excuse answers and messages that are not as they have to be.
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
    /// The ids of the scenarios that fail again for that reason.
    pub failed: Vec<String>,
}

impl Baseline {
    /// What is wrong with the first entry about a rule or a scenario that the spec has not.
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

/// How an entry stands after a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// All that it is about holds.
    Stale,
    /// It is about nothing.
    Unmatched,
    /// Something of it failed, or it cannot be told.
    Open,
}

impl Known {
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

    /// Whether it is about a rule without which a scenario could not be judged.
    fn is_ground_of(&self, scenario: &ScenarioResult, grounds: &Grounds<'_>) -> bool {
        scenario.status == Status::Blocked && grounds.chain(scenario).contains(&self.id.as_str())
    }

    /// The rule that it is about, or about a part of.
    fn rule(&self) -> &str {
        if self.is_cause() {
            return "";
        }
        self.id.split('.').next().unwrap_or_default()
    }

    fn has_expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
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
mod tests {
    use super::super::tests::{entry, file, run};
    use super::*;
    use Status::{Error, Failed, NotApplicable, NotRun, Passed};

    const TODAY: Date = Date { year: 2027, month: 1, day: 31 };

    fn judge(text: &str, scenarios: &[(&str, Status)], full: bool) -> Judged {
        let (_folder, path) = file(text);
        Baseline::read(&path).unwrap().judge(&run(scenarios), full, TODAY)
    }

    fn ids(known: &[Known]) -> Vec<&str> {
        known.iter().map(|known| known.id.as_str()).collect()
    }

    #[test]
    fn only_failures_are_excused_by_the_entry_that_is_about_the_least() {
        let text = ["LL-A-001.b[x]", "LL-A-001", "LL-A-001.b"].map(entry).concat();
        let all = [
            ("LL-A-001.a", Failed),
            ("LL-A-001.b[x]", Failed),
            ("LL-A-001.b[y]", Failed),
            ("LL-A-001.c", Error),
            ("LL-A-001.d", NotRun),
            ("LL-A-001.e", NotApplicable),
            ("LL-A-001.f", Passed),
            ("LL-A-0011.a", Failed),
            ("LL-A-002.a", Failed),
        ];
        let judged = judge(&text, &all, true);
        let excused: Vec<_> =
            judged.excused.iter().map(|(id, known)| (id.as_str(), known.id.as_str())).collect();
        let expected = [
            ("LL-A-001.a", "LL-A-001"),
            ("LL-A-001.b[x]", "LL-A-001.b[x]"),
            ("LL-A-001.b[y]", "LL-A-001.b"),
        ];
        assert_eq!(excused, expected);
        let of_run = run(&all);
        assert!(judged.excuse(&of_run.scenarios[0]).is_some());
        assert!(judged.excuse(&of_run.scenarios[8]).is_none());
        assert!(judged.notes().is_empty());
    }

    #[test]
    fn what_holds_is_stale_and_what_was_not_seen_is_not() {
        let stale = |id: &str, scenarios: &[(&str, Status)], full| {
            !judge(&entry(id), scenarios, full).stale.is_empty()
        };
        let (a, b) = ("LL-A-001.a", "LL-A-001.b[x]");
        assert!(stale("LL-A-001", &[(a, Passed), (b, Passed)], true));
        assert!(stale("LL-A-001", &[(a, Passed), (b, NotApplicable)], true));
        for other in [Failed, Error, NotRun] {
            assert!(!stale("LL-A-001", &[(a, Passed), (b, other)], true), "{other:?}");
        }
        for alone in [Failed, Error, NotRun, NotApplicable] {
            assert!(!stale(a, &[(a, alone)], true), "{alone:?}");
        }
        // Other scenarios of the rule, and other rows, may not have been selected.
        assert!(!stale("LL-A-001", &[(a, Passed)], false));
        assert!(!stale("LL-A-001.b", &[(b, Passed)], false));
        assert!(stale(a, &[(a, Passed)], false));
        assert!(stale(b, &[(b, Passed)], false));
        let notes = judge(&entry(a), &[(a, Passed)], true).notes();
        assert_eq!(notes, ["LL-A-001.a is in the baseline (because) and holds now; remove it"]);
    }

    #[test]
    fn what_matches_nothing_is_told_of_after_a_full_run() {
        let text = ["LL-PLAYER-012", "LL-A-001"].map(entry).concat();
        let scenarios = [("LL-PLAYER-021.a", Passed), ("LL-A-001.a", Failed)];
        let judged = judge(&text, &scenarios, true);
        assert_eq!(judged.unmatched.len(), 1);
        assert_eq!(
            judged.notes(),
            ["LL-PLAYER-012 is in the baseline, and there is no such scenario; \
              did you mean \"LL-PLAYER-021\"?"]
        );
        assert!(judge(&text, &scenarios, false).unmatched.is_empty());
    }

    #[test]
    fn entries_excuse_until_their_last_day_is_over() {
        let until = |date: &str| format!("{}until = {date}\n", entry("LL-A-001"));
        let failed = [("LL-A-001.a", Failed)];
        for date in ["2027-01-31", "2027-02-01", "2028-01-01"] {
            let judged = judge(&until(date), &failed, true);
            assert_eq!((judged.excused.len(), judged.expired.len()), (1, 0), "{date}");
        }
        for date in ["2027-01-30", "2026-12-31"] {
            let judged = judge(&until(date), &failed, true);
            assert_eq!((judged.excused.len(), judged.expired.len()), (0, 1), "{date}");
            let note = format!(
                "LL-A-001 (because) was excused until {date}; these failures count again: LL-A-001.a"
            );
            assert_eq!(judged.notes(), [note]);
        }
        // Another entry may still excuse it.
        let both = until("2027-01-30") + &entry("LL-A-001.a");
        let judged = judge(&both, &failed, true);
        assert_eq!(judged.excused["LL-A-001.a"].id, "LL-A-001.a");
        assert_eq!(judged.expired[0].failed, Vec::<String>::new());
        let judged = judge(&until("2027-01-30"), &[("LL-A-001.a", Passed)], true);
        assert_eq!((ids(&judged.stale), judged.expired.len()), (vec!["LL-A-001"], 0));
    }

    #[test]
    fn a_cause_excuses_what_fails_like_it_whatever_the_rule() {
        let failed = |id: &str, session: &str| {
            let line = "/x: got 1.5 s";
            let mut failed = crate::report::tests::failed(id, "the answer is another", &[line]);
            let line = format!("curl -i -X GET 'http://h:1/v4/sessions/{session}/players'");
            failed.attempts[0].reproduce = Some(line);
            failed
        };
        let mut run = run(&[("LL-C-001.a", Failed)]);
        run.scenarios.extend([failed("LL-A-001.a", "aaaaaa"), failed("LL-B-001.a", "bbbbbb")]);
        let text = "[[known]]\ncause = \"GET /v4/sessions/{session}/players: the answer is another: \
                    /x: got 2.5 s\"\nreason = \"r\"\n";
        let judged = judge_run(text, &run);
        assert_eq!(judged.excused.keys().collect::<Vec<_>>(), ["LL-A-001.a", "LL-B-001.a"]);
        assert!(judged.stale.is_empty());
        // An entry about the scenario itself is about less.
        let judged = judge_run(&(text.to_owned() + &entry("LL-A-001.a")), &run);
        assert_eq!(judged.excused["LL-A-001.a"].id, "LL-A-001.a");
        run.scenarios.truncate(1);
        let judged = judge_run(text, &run);
        assert_eq!(judged.stale.len(), 1);
        assert!(judged.notes()[0].contains("nothing fails like that any more"));
    }

    /// One that could not be judged without the rule.
    fn blocked(id: &str, by: &str) -> ScenarioResult {
        crate::report::tests::blocked(id, by)
    }

    fn judge_run(text: &str, run: &Run) -> Judged {
        let (_folder, path) = file(text);
        Baseline::read(&path).unwrap().judge(run, true, TODAY)
    }

    #[test]
    fn what_is_blocked_is_excused_as_its_cause_is() {
        let mut run =
            run(&[("LL-A-001.a", Failed), ("LL-A-001.b", Failed), ("LL-D-001.a", Passed)]);
        run.scenarios.push(blocked("LL-B-001.a", "LL-A-001"));
        run.scenarios.push(blocked("LL-C-001.a", "LL-B-001"));
        run.scenarios.push(blocked("LL-E-001.a", "LL-D-001"));
        let excused = |text: &str| judge_run(text, &run).excused.into_keys().collect::<Vec<_>>();
        let all = ["LL-A-001.a", "LL-A-001.b", "LL-B-001.a", "LL-C-001.a"];
        assert_eq!(excused(&entry("LL-A-001")), all);
        assert_eq!(excused(&(entry("LL-A-001.a") + &entry("LL-A-001.b"))), all);
        // Another failure of the rule may be what blocks them.
        assert_eq!(excused(&entry("LL-A-001.a")), ["LL-A-001.a"]);
        assert_eq!(excused(&entry("LL-B-001")), ["LL-B-001.a", "LL-C-001.a"]);
        // A rule that holds itself is no stale entry as long as it blocks others.
        let judged = judge_run(&entry("LL-D-001"), &run);
        assert_eq!(judged.excused.into_keys().collect::<Vec<_>>(), ["LL-E-001.a"]);
        assert!(judged.stale.is_empty());
        run.scenarios.retain(|scenario| scenario.id != "LL-E-001.a");
        assert_eq!(ids(&judge_run(&entry("LL-D-001"), &run).stale), ["LL-D-001"]);
    }

    #[test]
    fn a_shape_is_excused_wherever_it_was_seen() {
        let mut run = run(&[("LL-SHAPE-001.a", Passed), ("LL-A-001.a", Passed)]);
        run.findings.push(crate::report::tests::finding("LL-SHAPE-001", &[("/a: is missing", 3)]));
        run.settle_findings();
        for id in ["LL-SHAPE-001", "LL-SHAPE-001.a"] {
            let judged = judge_run(&entry(id), &run);
            assert!(judged.excuse_shape(&run.findings[0]).is_some(), "{id}");
            assert_eq!((judged.excused.len(), judged.stale.len()), (1, 0), "{id}");
        }
        assert!(judge_run(&entry("LL-A-001"), &run).excused_shapes.is_empty());
    }
}
