//! What is excused, by which entry, and which entries somebody has to look after.

use Status::{Error, Failed, NotApplicable, NotRun, Passed};

use super::*;
use crate::baseline::tests::{entry, file, run};

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
    let mut run = run(&[("LL-A-001.a", Failed), ("LL-A-001.b", Failed), ("LL-D-001.a", Passed)]);
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
