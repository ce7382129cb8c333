//! What a baseline makes of a run.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Baseline, Date, Known};
use crate::nearest::{did_you_mean, nearest};
use crate::report::{Run, ScenarioResult};
use crate::verdict::Status;

/// What a baseline makes of a run.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// By the id of a failed scenario, the entry that excuses it. If several do, it is the one
    /// that is about the least.
    pub excused: BTreeMap<String, Known>,
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
    /// Judges a run. `full` says that the run was about the whole spec: of a part nobody can tell
    /// whether an entry is about nothing, nor whether all of a rule or an outline holds.
    pub fn judge(&self, run: &Run, full: bool, today: Date) -> Judged {
        let mut judged = Judged::default();
        let failed = || run.scenarios.iter().filter(|s| s.status == Status::Failed);
        for scenario in failed() {
            let excuses = |known: &&Known| !known.has_expired(today) && known.covers(scenario);
            let about_least = self.known.iter().filter(excuses).max_by_key(|known| known.id.len());
            judged.excused.extend(about_least.map(|known| (scenario.id.clone(), known.clone())));
        }
        for known in &self.known {
            match known.standing(run, full) {
                Standing::Stale => judged.stale.push(known.clone()),
                Standing::Unmatched => judged.unmatched.push(Unmatched::of(known, run)),
                Standing::Open if known.has_expired(today) => {
                    let again =
                        failed().filter(|s| known.covers(s) && !judged.excused.contains_key(&s.id));
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

    /// A sentence for every entry that somebody has to look after.
    pub fn notes(&self) -> Vec<String> {
        let stale = self.stale.iter().map(|known| {
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
                failed => format!("these failures count again: {}", failed.join(", ")),
            };
            format!("{} ({}) was excused until {until}; {again}", known.id, known.reason)
        });
        stale.chain(unmatched).chain(expired).collect()
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
    pub(super) fn standing(&self, run: &Run, full: bool) -> Standing {
        let about: Vec<_> = run.scenarios.iter().filter(|s| self.covers(s)).collect();
        let holds =
            |s: &&ScenarioResult| matches!(s.status, Status::Passed | Status::NotApplicable);
        let seen_whole = full || about.iter().any(|s| s.id == self.id);
        if about.is_empty() {
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
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    date_of(since.as_secs() / 86_400)
}

/// The date of a day, counted from 1970-01-01. It begins years in March, so that the day that
/// some years do not have is the last one.
fn date_of(days: u64) -> Date {
    let days = days + 719_468; // from 0000-03-01
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
    let year = u16::try_from(era * 400 + year + next).unwrap_or(u16::MAX);
    Date { year, month: small(month), day: small(day) }
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
    fn days_have_dates() {
        let date = |year, month, day| Date { year, month, day };
        assert_eq!(date_of(0), date(1970, 1, 1));
        assert_eq!(date_of(59), date(1970, 3, 1));
        assert_eq!(date_of(11_016), date(2000, 2, 29));
        assert_eq!(date_of(20_818), date(2026, 12, 31));
        assert_eq!(date_of(20_819), date(2027, 1, 1));
        assert_eq!(date_of(47_540), date(2100, 2, 28));
        assert_eq!(date_of(47_541), date(2100, 3, 1));
        assert!(today() > date(2025, 1, 1));
    }
}
