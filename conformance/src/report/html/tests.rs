//! The page of a run, as people read it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::report::tests::{blocked, failed, finding, passed, run};
use crate::report::{Extent, causes};
use crate::timeline::Entry;
use crate::verdict::Status;

/// What no page may show as it is.
const HOSTILE: &str =
    "</script><script>alert(1)</script><img src=http://x onerror=y>\"'\u{1b}[31m\0\u{202e}";

fn page_of(run: &Run) -> String {
    let causes = causes(run);
    render(run, &causes, Verdict::of(run, false))
}

fn entry(ms: u64, kind: &'static str, summary: &str, detail: Option<&str>) -> Entry {
    Entry {
        at: Duration::from_millis(ms),
        kind: kind.into(),
        summary: summary.into(),
        detail: detail.map(str::to_owned),
        answer: None,
        times: 1,
    }
}

/// A scenario that failed of this, with everything that there can be of one.
fn telling(id: &str, words: &str) -> crate::report::ScenarioResult {
    let mut scenario = failed(id, words, &[&format!("/volume: expected 1, got {words}")]);
    scenario.title = format!("a title: {words}");
    let attempt = &mut scenario.attempts[0];
    attempt.reproduce = Some(format!("curl -i -X GET '{words}' \"${{LAVALINK_URL}}/x\""));
    attempt.notes = vec![words.to_owned()];
    attempt.timeline = vec![
        entry(1, "ws", "A <- ready", Some("{\n  \"op\": \"ready\"\n}")),
        entry(2, "http", "-> GET /x", Some(words)),
        entry(12, "http", "<- 200 (10 ms) to GET /x", None),
        entry(15, "voice", words, None),
        entry(20, "note", words, None),
    ];
    scenario
}

/// Every `NAME="…"` of a page, as a browser reads it.
fn attributes<'a>(page: &'a str, name: &str) -> Vec<String> {
    let begin = format!(" {name}=\"");
    let of = |rest: &'a str| {
        rest.split('"').next().unwrap().replace("&quot;", "\"").replace("&amp;", "&")
    };
    page.split(&begin).skip(1).map(of).collect()
}

#[test]
fn the_first_thing_is_the_verdict_and_then_what_to_fix() {
    let scenarios = vec![
        telling("LL-VOICE-001.a", "nobody came"),
        blocked("LL-FILTERS-001.a[x y]", "LL-VOICE-001"),
        passed("LL-INFO-001.a"),
    ];
    let mut run =
        Run { again: "lavalink-conformance --target-file mine.toml".into(), ..run(scenarios) };
    run.target_name = "Mine 1.0".into();
    let page = page_of(&run);
    for part in [
        "<title>Mine 1.0: not conformant</title>",
        "<strong>Not conformant</strong><span>66 % of what was asked could be judged</span>",
        "1 cause for 2 scenarios that did not hold or could not be judged",
        "<b>/volume</b> expected 1, got nobody came",
        "<p>1 failed, 1 blocked of 2 rules: filters 1, voice 1</p>",
        "lavalink-conformance --target-file mine.toml --id LL-VOICE-001.a</code>",
        "curl -i -X GET 'nobody came' &quot;${LAVALINK_URL}/x&quot;</code>",
        "lavalink-conformance shell --target-file mine.toml</code>",
        "data-rules=\"3\"",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let places =
        ["<h1>", "<h2 id=\"causes\">", "<h2 id=\"areas\">", "<h2 id=\"rules\">", "<h2 id=\"run\">"];
    let places: Vec<_> = places.into_iter().map(|part| page.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn every_link_leads_somewhere_and_no_two_places_have_the_same_name() {
    let mut scenarios = vec![
        telling("LL-VOICE-001.a", "nobody came"),
        telling("LL-VOICE-001.b[a b]", "nobody came"),
        telling("LL-VOICE-001.b[a-b]", "nobody came"),
        blocked("LL-FILTERS-001.a", "LL-VOICE-001"),
        passed("LL-INFO-001.a"),
        passed("LL-SHAPE-001.a"),
    ];
    scenarios[4].area = "odd area\"".into();
    let mut run = run(scenarios);
    let mut shape = finding("LL-SHAPE-001", &[("/a: is missing", 3)]);
    shape.scenarios = ["LL-INFO-001.a".to_owned()].into();
    run.findings.push(shape);
    run.settle_findings();
    let page = page_of(&run);
    let ids = attributes(&page, "id");
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len(), "{ids:?}");
    let values = attributes(&page, "value");
    for link in attributes(&page, "href") {
        let Some(place) = link.strip_prefix('#') else {
            assert_eq!(link, "data:,");
            continue;
        };
        match place.contains('=') {
            false => assert!(unique.contains(&place.to_owned()), "{link}"),
            true => place.split('&').for_each(|part| {
                let (_, value) = part.split_once('=').unwrap();
                assert!(values.iter().any(|other| other == value), "{link}");
            }),
        }
    }
    assert!(ids.iter().any(|id| id == "LL-VOICE-001.b/a~20b"), "{ids:?}");
}

#[test]
fn what_a_target_says_is_neither_markup_nor_an_order() {
    let mut scenarios = vec![
        telling("LL-A-001.a", HOSTILE),
        blocked(&format!("LL-B-001.a[{HOSTILE}]"), &format!("LL-A-002{HOSTILE}")),
        passed("LL-C-001.a"),
        passed("LL-D-001.a"),
    ];
    scenarios[2].known = Some(HOSTILE.into());
    scenarios[2].status = Status::NotApplicable;
    scenarios[2].reason = Some(HOSTILE.into());
    scenarios[3].rule_title = HOSTILE.into();
    let mut run = run(scenarios);
    for text in [&mut run.target_name, &mut run.target, &mut run.target_version, &mut run.again] {
        HOSTILE.clone_into(text);
    }
    run.suite = HOSTILE.into();
    run.target_log = vec![HOSTILE.into()];
    run.troubles = vec![HOSTILE.into()];
    run.asked.declared.profile = Some(HOSTILE.into());
    let mut shape = finding("LL-SHAPE-001", &[(HOSTILE, 1)]);
    shape.what = HOSTILE.into();
    shape.reproduce = Some(HOSTILE.into());
    run.findings.push(shape);
    let page = page_of(&run);
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), "{page}");
    assert_eq!(page.matches("<script>").count(), 2, "{page}");
    assert!(!page.contains("<img"));
    let bad = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!page.contains(bad), "{:?}", page.find(bad).map(|at| &page[at - 80..at]));
    // A quotation mark in an attribute would end it.
    assert!(!page.contains("\"'\\u{1b}"));
}

#[test]
fn a_run_that_is_not_whole_says_so_at_the_top() {
    let mut run = run(vec![failed("LL-A-001.a", "no", &[]), passed("LL-A-001.b")]);
    run.scenarios[1].status = Status::NotRun;
    run.interrupted = true;
    run.target_died = true;
    run.troubles = vec!["the disk is full".into()];
    run.extent = Extent::Part { shard: "1/2".parse().unwrap(), whole: BTreeSet::new() };
    let page = page_of(&run);
    let top = page.split("<h2").next().unwrap();
    for part in [
        "the target stopped answering",
        "it was interrupted before its end",
        "1 scenario was not run",
        "This is shard 1/2",
        "Partial run: shard 1/2, interrupted, 1 scenario.",
        "The runner: the disk is full",
    ] {
        assert!(top.contains(part), "{part}\n{top}");
    }
    run = self::run(vec![passed("LL-A-001.a")]);
    assert!(!page_of(&run).contains("role=\"alert\""));
}

#[test]
fn rest_websocket_and_voice_stand_on_one_axis() {
    let page = page_of(&run(vec![telling("LL-A-001.a", "words")]));
    let begin = page.find("<details class=\"wire\">").unwrap();
    let wire = &page[begin..page[begin..].find("</ol>").unwrap() + begin];
    for part in [
        // A request as long as its answer took, and points for the others.
        "<path class=\"l0\" d=\"M124 18h343\">",
        "<path class=\"l1\" d=\"M90 44h0\">",
        "<path class=\"l2\" d=\"M570 70h0\">",
        "<li class=\"w\"><i>1.0</i><b>WebSocket</b><details><summary>A &lt;- ready</summary>",
        "<li class=\"r\"><i>12.0</i><b>REST</b><p>&lt;- 200 (10 ms) to GET /x</p></li>",
        "<li class=\"v\"><i>15.0</i><b>Voice</b><p>words</p></li>",
        "<li class=\"n\"><i>20.0</i><b>Runner</b><p>words</p></li>",
    ] {
        assert!(wire.contains(part), "{part}\n{wire}");
    }
}

/// A server that answers every request of every scenario with pages of its own.
fn endless(scenarios: usize, words: usize) -> Run {
    let text = "<a word & another> ".repeat(words);
    let made = (0..scenarios).map(|number| {
        let rule = number % 533;
        let mut scenario = telling(&format!("LL-A{}-{rule:03}.a[{number}]", rule % 14), &text);
        scenario.attempts[0].message = Some(format!("{number}: {text}"));
        scenario.attempts[0].difference = vec![text.clone(); 30];
        let more = (0..80).map(|ms| entry(ms, "http", &text, Some(&text)));
        scenario.attempts[0].timeline.extend(more);
        scenario
    });
    let mut run = run(made.collect());
    run.target_log = vec![text.clone(); 500];
    run.troubles = vec![text.clone(); 50];
    run.findings = (0..60)
        .map(|number| {
            let rule = format!("LL-SHAPE-{number:03}");
            let lines: Vec<_> = (0..50).map(|line| format!("/{line}: {text}")).collect();
            let lines: Vec<_> = lines.iter().map(|line| (line.as_str(), 1)).collect();
            finding(&rule, &lines)
        })
        .collect();
    run
}

#[test]
fn a_page_is_below_two_megabytes_whatever_a_server_says() {
    for (scenarios, words) in [(40, 300), (1700, 30)] {
        let run = endless(scenarios, words);
        let page = page_of(&run);
        assert!(page.len() < 2_000_000, "{} bytes", page.len());
        // Little is left out without need.
        assert!(page.len() > 500_000, "{} bytes", page.len());
        assert_eq!(page.matches("<li id=").count(), scenarios);
    }
    let first = page_of(&endless(40, 300));
    assert!(first.contains("<details class=\"wire\">"));
}

#[test]
fn filters_count_rules_and_a_rule_that_held_in_part_does_not_look_whole() {
    let mut scenarios = vec![
        passed("LL-A-001.a"),
        passed("LL-A-001.b"),
        passed("LL-A-002.a"),
        failed("LL-A-003.a", "no", &[]),
        passed("LL-A-003.b"),
    ];
    scenarios[1].status = Status::NotApplicable;
    let page = page_of(&run(scenarios));
    // Two rules passed, not the four that have a scenario that did.
    assert!(page.contains("value=\"passed\"><span>passed <b>2</b>"), "{page}");
    assert!(page.contains("value=\"failed\"><span>failed <b>1</b>"), "{page}");
    assert!(!page.contains("value=\"not-applicable\""), "{page}");
    assert!(page.contains("<span class=\"status passed partly\">passed in part</span>"), "{page}");
    assert!(page.contains("2 scenarios: 1 passed, 1 not applicable"), "{page}");
    assert!(page.contains("data-unit=\"rules\""), "{page}");
    assert!(page.contains("<b>2<small> of 3</small></b>"), "{page}");
}

#[test]
fn what_takes_a_voice_connection_has_no_line_of_curl() {
    let mut scenario = telling("LL-A-001.a", "nobody came");
    scenario.attempts[0].beyond = Some(crate::report::Beyond::Voice);
    let page = page_of(&run(vec![scenario]));
    assert!(page.contains("Curl alone cannot show it: it takes a voice connection."), "{page}");
    assert!(!page.contains("curl -i"), "{page}");
    assert!(page.contains("lavalink-conformance --id LL-A-001.a</code>"), "{page}");
}
