//! The summary of a run, as a terminal shows it.

use super::*;
use crate::report::causes;
use crate::report::tests::{blocked, failed, finding, passed, run};

const AREAS: [&str; 14] = [
    "FILTERS",
    "HTTP",
    "INFO",
    "METRICS",
    "PLAYBACK",
    "PLAYER",
    "PREREQUISITE",
    "ROUTEPLANNER",
    "SESSION",
    "SHAPE",
    "STATS",
    "TRACKS",
    "VOICE",
    "WEBSOCKET",
];

/// A server of which next to nothing holds: a thousand failures of four hundred rules.
fn hopeless() -> Run {
    let mut scenarios = Vec::new();
    for (at, area) in AREAS.iter().enumerate() {
        for rule in 0..30 {
            let id = |letter| format!("LL-{area}-{rule:03}.{letter}");
            let line = format!("/field{}: expected 1, got 2", rule % 7);
            scenarios.push(failed(&id('a'), &format!("answer {at} {rule} is another"), &[&line]));
            scenarios.push(blocked(&id('b'), &format!("LL-{area}-000")));
            scenarios.push(passed(&id('c')));
            let mut lacking = passed(&id('d'));
            lacking.status = Status::NotApplicable;
            lacking.reason = Some(format!("the reason {}", at * 30 + rule));
            lacking.attempts.clear();
            scenarios.push(lacking);
        }
    }
    for scenario in &mut scenarios {
        for attempt in &mut scenario.attempts {
            attempt.reproduce = Some("curl -i -X GET 'http://127.0.0.1:1/x'".into());
            attempt.notes = (0..30).map(|n| format!("a schema says nothing of {n}")).collect();
            attempt.quirks = vec![(scenario.id.clone(), true)];
        }
    }
    let mut run = run(scenarios);
    run.findings.push(finding("LL-SHAPE-099", &[("/a: is missing", 500)]));
    run.troubles.clear();
    run
}

fn render(run: &Run, verbose: bool) -> String {
    let terminal = Terminal::plain().verbose(verbose);
    terminal.render(run, &causes(run), Verdict::of(run, false), false)
}

#[test]
fn a_run_in_which_next_to_nothing_holds_fits_a_screen() {
    let text = render(&hopeless(), false);
    let lines = text.lines().count();
    assert!(lines + AROUND <= MOST_LINES, "{lines} lines\n{text}");
    assert!(lines > MOST_LINES / 2, "{lines} lines\n{text}");
    assert!(text.starts_with("what to fix first"), "{text}");
    assert!(text.contains("not conformant; 50 % of what was asked could be judged"), "{text}");
    let longest = render(&hopeless(), true);
    assert!(longest.lines().count() > 1000 && longest.contains("failed LL-STATS-029.a"));
}

#[test]
fn causes_come_with_what_they_hold_up_and_how_to_see_it() {
    let mut scenario = failed("LL-VOICE-001.a", "nobody came", &["/x: expected 1, got 2"]);
    scenario.attempts[0].reproduce = Some("curl -i -X GET \"${LAVALINK_URL}/x\"".into());
    let mut run =
        run(vec![scenario, blocked("LL-FILTERS-001.a", "LL-VOICE-001"), passed("LL-A-001.a")]);
    run.again = "lavalink-conformance --target-file mine.toml".into();
    let text = render(&run, false);
    for part in [
        "what to fix first: 1 cause for 2 scenarios",
        "1. LL-VOICE-001 (must): the title of LL-VOICE-001\n",
        "   1 failed, 1 blocked of 2 rules: filters 1, voice 1\n",
        "   nobody came\n     /x: expected 1, got 2\n",
        "   at a/b.feature:7: Then it holds\n",
        "   lavalink-conformance --target-file mine.toml --id LL-VOICE-001.a\n",
        "   curl -i -X GET \"${LAVALINK_URL}/x\"\n",
        "66 % of what was asked could be judged",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn known_failures_are_counted() {
    let mut run = run(vec![failed("LL-A-001.a", "no", &[]), passed("LL-A-001.b")]);
    run.scenarios[0].known = Some("later".into());
    let text = render(&run, false);
    assert!(text.contains("1 known failure does not count"), "{text}");
    assert!(!text.contains("LL-A-001"), "{text}");
    assert!(text.contains("conformant but for known failures; 100 %"), "{text}");
    assert!(render(&run, true).contains("known failure LL-A-001.a the title of LL-A-001.a: later"));
}

#[test]
fn what_crossed_the_wire_is_shown_as_far_as_there_is_room() {
    let mut scenario = failed("LL-A-001.a", "no", &[]);
    for number in 0..200 {
        scenario.attempts[0].timeline.push(crate::timeline::Entry {
            at: std::time::Duration::from_millis(number),
            kind: "note".into(),
            summary: format!("entry {number}"),
            detail: None,
            answer: None,
            times: if number == 199 { 417 } else { 1 },
        });
    }
    let text = render(&run(vec![scenario]), false);
    assert!(text.contains("entry 199 (417 times, always the same)"), "{text}");
    assert!(!text.contains("entry 0\n") && text.contains("lines before it: --verbose"), "{text}");
    assert!(text.lines().count() + AROUND <= MOST_LINES, "{text}");
}

#[test]
fn rules_that_were_not_tried_are_no_rules_that_do_not_hold() {
    let mut run = run(vec![passed("LL-A-001.a"), passed("LL-A-002.a"), passed("LL-B-001.a")]);
    run.scenarios[1].status = Status::NotApplicable;
    run.scenarios[2].status = Status::NotRun;
    let text = render(&run, false);
    let line = "rules held by level: must 1/1; 1 rule not applicable; 1 rule not run\n";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("    1/1\n") && text.contains("    -\n"), "{text}");
}

#[test]
fn what_passed_alone_is_named_and_nothing_hides_it() {
    let mut scenarios: Vec<_> = (0..9).map(|n| passed(&format!("LL-A-00{n}.a"))).collect();
    for scenario in &mut scenarios {
        let crowded = failed(&scenario.id, "client A: no \"stats\" within 5s", &[]).attempts;
        scenario.crowded = crowded;
    }
    let mut both = failed("LL-B-001.a", "another", &[]);
    both.crowded = both.attempts.clone();
    scenarios.push(both);
    let text = render(&run(scenarios), false);
    assert!(text.contains("passed alone: 9 scenarios failed beside others"), "{text}");
    assert!(text.contains("  LL-A-000.a: client A: no \"stats\" within 5s"), "{text}");
    assert!(text.contains("  and 4 more (--verbose)"), "{text}");
    assert!(!text.contains("  LL-B-001.a: another"), "{text}");
}
