//! What fails together becomes one cause, whatever the rules.

use super::*;
use crate::report::tests::{blocked, failed, finding, passed, run};

fn ids(set: &BTreeSet<String>) -> Vec<&str> {
    set.iter().map(String::as_str).collect()
}

#[test]
fn what_is_blocked_belongs_to_the_root() {
    let run = run(vec![
        failed("LL-A-001.a", "no socket opens", &["status: expected 101, got 404"]),
        blocked("LL-A-002.a", "LL-A-001"),
        blocked("LL-B-001.a", "LL-A-002"),
        passed("LL-C-001.a"),
    ]);
    let causes = causes(&run);
    assert_eq!(causes.len(), 1);
    let cause = &causes[0];
    assert_eq!((cause.rule.as_str(), cause.headline.as_str()), ("LL-A-001", "no socket opens"));
    assert_eq!(cause.difference.as_deref(), Some("status: expected 101, got 404"));
    assert_eq!(ids(&cause.failed), ["LL-A-001.a"]);
    assert_eq!(ids(&cause.blocked), ["LL-A-002.a", "LL-B-001.a"]);
    assert_eq!(cause.rules.len(), 3);
    assert_eq!(cause.areas, [("a".to_owned(), 2), ("b".to_owned(), 1)].into());
    assert_eq!(cause.example, "LL-A-001.a");
}

#[test]
fn rules_that_block_each_other_come_to_an_end() {
    let run = run(vec![blocked("LL-A-001.a", "LL-A-002"), blocked("LL-A-002.a", "LL-A-001")]);
    let blocked: usize = causes(&run).iter().map(|cause| cause.blocked.len()).sum();
    assert_eq!(blocked, 2);
}

#[test]
fn what_looks_the_same_is_one_cause_whatever_the_rule() {
    let line = |session: &str| format!("GET /v4/sessions/{session}/players: /x: expected 1, got 2");
    let run = run(vec![
        failed("LL-A-001.a", "the answer is another", &[&line("aaaa")]),
        failed("LL-B-001.a", "the answer is another", &[&line("bbbb")]),
        failed("LL-C-001.a", "the answer is another", &["/y: expected 1, got 2"]),
        failed("LL-C-001.b", "the answer is wrong", &[]),
    ]);
    let causes = causes(&run);
    let found: Vec<_> = causes.iter().map(|cause| ids(&cause.failed)).collect();
    assert_eq!(found, [["LL-A-001.a", "LL-B-001.a"], ["LL-C-001.a", "LL-C-001.b"]]);
    assert!(causes[0].difference.as_deref().unwrap().contains("{session}"));
}

#[test]
fn what_looks_like_the_failure_of_a_rule_that_blocks_is_that() {
    let run = run(vec![
        failed("LL-A-001.a", "no socket opens", &["404"]),
        blocked("LL-B-001.a", "LL-A-001"),
        failed("LL-C-001.a", "no socket opens", &["404"]),
    ]);
    let causes = causes(&run);
    assert_eq!(causes.len(), 1);
    assert_eq!(ids(&causes[0].failed), ["LL-A-001.a", "LL-C-001.a"]);
}

#[test]
fn rules_that_hold_themselves_block_by_what_was_seen() {
    let blocked = |id: &str, message: &str| {
        let mut scenario = failed(id, message, &[]);
        scenario.status = Status::Blocked;
        scenario.attempts[0].status = Status::Blocked;
        scenario.attempts[0].blocked_by = Some("LL-A-001".into());
        scenario
    };
    let run = run(vec![
        passed("LL-A-001.a"),
        blocked("LL-B-001.a", "the answer is 400"),
        blocked("LL-B-002.a", "the answer is 400"),
        blocked("LL-B-003.a", "no answer within 5 s"),
    ]);
    let found = |run: &Run| {
        let causes = causes(run).into_iter();
        causes.map(|cause| (cause.rule.clone(), cause.blocked.len())).collect::<Vec<_>>()
    };
    assert_eq!(found(&run), [("LL-A-001".to_owned(), 2), ("LL-A-001".to_owned(), 1)]);
    // What looks like the failure of another rule that blocks is blocked by that.
    let mut run = run.clone();
    run.scenarios.push(failed("LL-D-001.a", "the answer is 400", &[]));
    run.scenarios.push(crate::report::tests::blocked("LL-E-001.a", "LL-D-001"));
    assert_eq!(found(&run), [("LL-D-001".to_owned(), 3), ("LL-A-001".to_owned(), 1)]);
}

#[test]
fn what_holds_up_most_comes_first_and_what_is_known_last() {
    let mut run = run(vec![
        failed("LL-A-001.a", "one", &[]),
        failed("LL-B-001.a", "two", &[]),
        blocked("LL-C-001.a", "LL-B-001"),
        failed("LL-D-001.a", "three", &[]),
        failed("LL-D-001.b", "three", &[]),
        failed("LL-D-001.c", "three", &[]),
    ]);
    for scenario in run.scenarios.iter_mut().filter(|scenario| scenario.rule == "LL-D-001") {
        scenario.known = Some("because".into());
    }
    let causes = causes(&run);
    let rules: Vec<_> = causes.iter().map(|cause| cause.rule.as_str()).collect();
    assert_eq!(rules, ["LL-B-001", "LL-A-001", "LL-D-001"]);
    let known: Vec<_> = causes.iter().map(Cause::is_known).collect();
    assert_eq!(known, [false, false, true]);
}

#[test]
fn a_shape_is_a_cause_with_the_scenario_of_its_rule_or_without() {
    let mut run = run(vec![passed("LL-SHAPE-001.a"), passed("LL-A-001.a")]);
    run.findings.push(finding("LL-SHAPE-001", &[("/a: is missing", 3), ("/b: is missing", 5)]));
    run.findings.push(finding("LL-SHAPE-002", &[("/c: is missing", 1)]));
    run.settle_findings();
    let causes = causes(&run);
    let found: Vec<_> = causes.iter().map(|c| (c.rule.as_str(), c.holds_up(), c.seen)).collect();
    assert_eq!(found, [("LL-SHAPE-001", 1, 8), ("LL-SHAPE-002", 0, 1)]);
    assert_eq!(causes[0].difference.as_deref(), Some("/b: is missing"));
    assert_eq!(causes[0].seen_in, 2);
    assert!(!causes[1].is_known());
}

#[test]
fn a_death_is_known_by_the_line_that_tells_why() {
    let died = |id: &str, message: &str| {
        let mut scenario = failed(id, message, &["listening on 1", "TypeError: x is undefined"]);
        scenario.attempts[0].target_died = true;
        scenario
    };
    let run = run(vec![
        died("LL-A-001.a", "the target died (exit code 1): GET /a: the connection broke"),
        died("LL-B-001.a", "the target died (exit code 1): cannot connect"),
    ]);
    let causes = causes(&run);
    assert_eq!(causes.len(), 1);
    assert_eq!(causes[0].headline, "the target died (exit code 1)");
    assert_eq!(causes[0].difference.as_deref(), Some("TypeError: x is undefined"));
}
