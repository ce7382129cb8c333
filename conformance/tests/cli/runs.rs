//! Exit codes, and every way in which a run could look green without being so.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{
    Features, HOLDS, Target, read, run, scenario, scenario_with, validate_report,
};
use serde_json::{Value, json};

const FAILS: &[&str] = &["When the client requests \"GET /version\"", "Then the answer is 418"];
const PANICS: &[&str] = &["When the client requests \"GET /${nope}\"", "Then the answer is 200"];

#[test]
fn a_conformant_server_ends_with_0() {
    let output = Features::of("must", &scenario("a", HOLDS)).run(&[]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("\nconformant"), "{}", output.text);
}

#[test]
fn a_failure_ends_with_1_and_tells_what_differs() {
    let output = Features::of("must", &(scenario("a", HOLDS) + &scenario("b", FAILS))).run(&[]);
    assert_eq!(output.code, 1, "{}", output.text);
    for part in [
        "what to fix first: 1 cause for 1 scenario",
        "1. LL-HTTP-001 (must): R\n",
        "--id LL-HTTP-001.b\n",
        "http/a.feature:14: Then the answer is 418",
        "status: expected 418, got 200",
        "curl -i -X GET",
        "timeline of LL-HTTP-001.b:",
        "not conformant",
    ] {
        assert!(output.text.contains(part), "{part}: {}", output.text);
    }
}

#[test]
fn observed_rules_count_only_when_asked() {
    let features = Features::of("observed", &scenario("a", FAILS));
    let output = features.run(&[]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("--id LL-HTTP-001.a\n"), "{}", output.text);
    assert_eq!(features.run(&["--strict"]).code, 1);
}

#[test]
fn misspelt_words_end_with_2_and_name_the_nearest() {
    for (args, nearest) in [
        (["--id", "LL-HTTP-01"], "LL-HTTP-001"),
        (["--area", "htpp"], "http"),
        (["--area", "nowhere"], "list shows what there is"),
        (["--tags", "@musst"], "must"),
        (["--tags", "must and"], "error"),
        (["--levle", "must"], "--level"),
        (["--level", "shall"], "must, should or observed"),
        (["--order", "backwards"], "random:SEED"),
        (["--time-scale", "0"], "give a factor"),
        (["--url", "ftp://x"], "http://127.0.0.1:2333"),
    ] {
        let output = Features::of("must", &scenario("a", HOLDS)).run(&args);
        assert_eq!(output.code, 2, "{args:?}: {}", output.text);
        assert!(output.text.contains(nearest), "{args:?}: {}", output.text);
    }
}

#[test]
fn only_the_bundled_server_can_be_varied() {
    let features = Features::of("must", &scenario("a", HOLDS));
    let output = features.run(&["--vary", "7"]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("varied by 7"), "{}", output.text);
    let output = features.run(&["--vary", "7", "--url", "http://127.0.0.1:1"]);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("--vary is about the bundled server"), "{}", output.text);
}

#[test]
fn options_that_would_do_nothing_are_refused() {
    let features = Features::of("must", &scenario("a", HOLDS));
    for (args, told) in [
        (&["--profile", "plain"][..], "--profile says what a server at --url runs with"),
        (&["--voice-ca-out", "/dev/null"], "--voice-ca-out is for a server at --url"),
        (&["--launch", "true", "--clock", "manual"], "--clock manual is about the bundled server"),
        (&["--url", "http://127.0.0.1:1", "--max-restarts", "3"], "cannot be used with"),
        (&["--url", "http://127.0.0.1:1", "--control-token", ""], "--control-token"),
        (&["--json", "-"], "--json -: give a file"),
    ] {
        let output = features.run(args);
        assert_eq!(output.code, 2, "{args:?}: {}", output.text);
        assert!(output.text.contains(told), "{args:?}: {}", output.text);
    }
}

#[test]
fn a_selection_that_leaves_nothing_ends_with_3() {
    let output = Features::of("must", &scenario("a", HOLDS)).run(&["--level", "should"]);
    assert_eq!(output.code, 3, "{}", output.text);
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(run(&["--features", empty.path().to_str().unwrap()]).code, 3);
}

#[test]
fn a_target_that_is_not_there_or_refuses_ends_with_3() {
    let features = Features::of("must", &scenario("a", HOLDS));
    let output = features.run(&["--url", "http://127.0.0.1:1"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("is the server running"), "{}", output.text);
    let target = Target::start(|_, _| Some((403, String::new())));
    let output = features.run(&["--url", &target.url(), "--password", "hunter2"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("refuses the password"), "{}", output.text);
    assert!(!output.text.contains("hunter2"), "{}", output.text);
}

/// A request that only scenarios make: the runner itself asks a target for other things.
const COUNTED: &str = "When the client requests \"GET /counted\"";

/// Answers [`COUNTED`] with the status for its number, from 0, and everything else with 200.
fn counting(
    status: impl Fn(usize) -> Option<u16> + Send + Sync + 'static,
) -> impl Fn(usize, &str) -> Option<(u16, String)> + Send + Sync + 'static {
    let count = AtomicUsize::new(0);
    move |_, request| {
        let counted = request.starts_with("GET /counted ");
        let status = if counted { status(count.fetch_add(1, Ordering::SeqCst))? } else { 200 };
        Some((status, "{}".into()))
    }
}

#[test]
fn a_target_that_dies_ends_with_3_and_the_rest_is_not_run() {
    let target = Target::start(counting(|number| (number < 1).then_some(200)));
    let steps = &[COUNTED, "Then the answer is 200"];
    let scenarios = scenario("a", steps) + &scenario("b", steps) + &scenario("c", steps);
    let output = Features::of("must", &scenarios).run(&["--url", &target.url(), "-j", "1"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("the target died"), "{}", output.text);
    assert!(output.text.contains("1 not run"), "{}", output.text);
}

#[test]
fn a_target_that_dies_with_its_last_answer_ends_with_3() {
    let target = Target::start(|number, _| (number < 2).then(|| (200, "{}".into())));
    let output =
        Features::of("must", &scenario("a", HOLDS)).run(&["--url", &target.url(), "-j", "1"]);
    assert_eq!(output.code, 3, "{}", output.text);
}

#[test]
fn a_dropped_connection_of_a_living_target_is_a_failure() {
    let target = Target::start(|_, request| {
        let drops = request.starts_with("GET /v4/nothing");
        Some((if drops { 0 } else { 200 }, "{}".into()))
    });
    let steps = ["When the client requests \"GET /v4/nothing\"", "Then the answer is 200"];
    let output = Features::of("must", &scenario("a", &steps)).run(&["--url", &target.url()]);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("the connection broke"), "{}", output.text);
}

#[test]
fn a_defect_of_the_suite_is_an_error_and_ends_with_3() {
    let output = Features::of("must", &(scenario("a", HOLDS) + &scenario("b", PANICS))).run(&[]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("error LL-HTTP-001.b"), "{}", output.text);
    assert!(output.text.contains("unknown variable ${nope}"), "{}", output.text);
}

#[test]
fn a_step_that_nobody_knows_is_an_error() {
    let output = Features::of("must", &scenario("a", &["When pigs fly"])).run(&[]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("no step says: pigs fly"), "{}", output.text);
}

#[test]
fn features_that_cannot_be_used_end_with_2_and_name_file_and_line() {
    let outline = "    @LL-HTTP-001.a\n    Scenario Outline: S\n      When the client requests \"GET <path>\"\n\n      Examples:\n        | way |\n        | /   |\n";
    for (features, place) in [
        (Features::raw("Feature: F\n  Rool: R\n"), "http/a.feature:1: no rules"),
        (Features::raw("Feature F\n"), "http/a.feature:2"),
        (Features::of("must", outline), "http/a.feature:8"),
        (Features::of("must", &scenario("a", &[])), "http/a.feature:7"),
        (Features::of("must", &(scenario("a", HOLDS) + &scenario("a", FAILS))), "is an id already"),
        (Features::of("must", "    Scenario: S\n      When x\n"), "scenario without an id"),
        (Features::of("nolevel", &scenario("a", HOLDS)), "rule without a level"),
    ] {
        let output = features.run(&[]);
        assert_eq!(output.code, 2, "{}", output.text);
        assert!(output.text.contains(place), "{place}: {}", output.text);
    }
    let output = run(&["--features", "/nowhere/at/all"]);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("/nowhere/at/all"), "{}", output.text);
}

#[test]
fn what_the_target_does_not_offer_is_not_applicable() {
    let needy = scenario_with("b", "@needs-nosuch-source", HOLDS);
    let features = Features::of("must", &(scenario("a", HOLDS) + &needy));
    let output = features.run(&[]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("1 not applicable: the target says that it has no source nosuch"));
    let output = Features::of("must", &scenario_with("a", "@needs-nosuch-source", HOLDS)).run(&[]);
    assert_eq!(output.code, 3, "{}", output.text);
}

#[test]
fn a_scenario_that_passes_now_and_then_has_failed() {
    let target = Target::start(counting(|number| Some(if number == 1 { 500 } else { 200 })));
    let features = Features::of("must", &scenario("a", &[COUNTED, "Then the answer is 200"]));
    let output = features.run(&["--url", &target.url(), "--repeat", "3", "-j", "1"]);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("flaky: 2 of 3 attempts passed"), "{}", output.text);
}

#[test]
fn reports_tell_all_outcomes_apart_and_are_complete() {
    let scenarios = scenario("a", HOLDS)
        + &scenario("b", FAILS)
        + &scenario("c", PANICS)
        + &scenario_with("d", "@needs-nosuch-source", HOLDS);
    let features = Features::of("must", &scenarios);
    let (json_file, junit_file) = (features.file("run.json"), features.file("run.xml"));
    let output = features.run(&[
        "--json",
        json_file.to_str().unwrap(),
        "--junit",
        junit_file.to_str().unwrap(),
    ]);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("; 1 scenario could not be established"), "{}", output.text);
    let text = read(&json_file);
    assert!(text.trim_end().ends_with("\"complete\": true\n}"), "the footer stands last");
    let report = validate_report(&text);
    assert_eq!(
        report["totals"],
        json!({"passed": 1, "failed": 1, "blocked": 0, "error": 1, "not_applicable": 1, "not_run": 0})
    );
    assert_eq!(report["judged"]["percent"], 50);
    let cause = &report["causes"][0];
    assert_eq!((&cause["rule"], &cause["holdsUp"]), (&json!("LL-HTTP-001"), &json!(1)));
    assert_eq!(cause["difference"], "status: expected 418, got 200");
    let junit = read(&junit_file);
    for part in [
        "what to fix first",
        "1 failed, 0 blocked",
        "tests=\"4\"",
        "failures=\"1\"",
        "errors=\"1\"",
        "<skipped",
    ] {
        assert!(junit.contains(part), "{part}: {junit}");
    }
    assert!(!features.file("run.json.part").exists());
}

#[test]
fn a_report_of_an_earlier_run_does_not_survive_one_that_ends_early() {
    let features = Features::of("must", &scenario("a", HOLDS));
    let file = features.file("run.json");
    let path = file.to_str().unwrap();
    assert_eq!(features.run(&["--json", path]).code, 0);
    assert!(file.exists());
    assert_eq!(features.run(&["--json", path, "--url", "http://127.0.0.1:1"]).code, 3);
    assert!(!file.exists());
    let output = features.run(&["--json", "/nowhere/run.json"]);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(!output.text.contains("total"), "nothing has run: {}", output.text);
}

#[test]
fn the_password_shows_nowhere() {
    let target = Target::start(|number, _| {
        Some((if number == 0 { 200 } else { 400 }, json!({"echo": "hunter2"}).to_string()))
    });
    let steps =
        ["When the client requests \"GET /version?x=${password}\"", "Then the answer is 200"];
    let features = Features::of("must", &scenario("a", &steps));
    let (json_file, junit_file) = (features.file("run.json"), features.file("run.xml"));
    let output = features.run(&[
        "--url",
        &target.url(),
        "--password",
        "hunter2",
        "--json",
        json_file.to_str().unwrap(),
        "--junit",
        junit_file.to_str().unwrap(),
    ]);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("${LAVALINK_PASSWORD}"), "{}", output.text);
    for text in [output.text, read(&json_file), read(&junit_file)] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn a_field_that_no_schema_knows_is_information() {
    let stats = json!({
        "frameStats": null, "players": 0, "playingPlayers": 0, "uptime": 1, "extra": true,
        "memory": {"free": 0, "used": 0, "allocated": 0, "reservable": 0, "more": 1},
        "cpu": {"cores": 1, "systemLoad": 0, "lavalinkLoad": 0},
    });
    let target = Target::start(move |_, _| Some((200, stats.to_string())));
    let steps = ["When the client requests \"GET /v4/stats\"", "Then the answer is 200"];
    let output = Features::of("must", &scenario("a", &steps)).run(&["--url", &target.url()]);
    assert_eq!(output.code, 0, "{}", output.text);
    for path in ["/extra", "/memory/more"] {
        let line = format!("information: rest/stats.schema.json does not describe {path}\n");
        assert!(output.text.contains(&line), "{}", output.text);
    }
}

#[test]
fn a_seed_gives_the_same_order_again() {
    let features = Features::of("must", &(scenario("a", HOLDS) + &scenario("b", HOLDS)));
    let output = features.run(&["--order", "random:7"]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("order random:7"), "{}", output.text);
}

#[test]
fn rules_can_be_listed_and_explained() {
    let features = Features::of("must", &scenario("a", HOLDS));
    let output = features.run(&["list"]);
    assert_eq!(output.code, 2, "options of a run stand after it: {}", output.text);
    let output = run(&["list", "--features", features.path()]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("1 rules, 1 scenarios"), "{}", output.text);
    let output = run(&["list", "--json", "--features", features.path()]);
    let list: Value = serde_json::from_str(&output.text).unwrap();
    assert_eq!(list[0]["scenarios"][0]["id"], "LL-HTTP-001.a");
    let output = run(&["explain", "LL-HTTP-001", "--features", features.path()]);
    assert!(output.text.contains("When the client requests"), "{}", output.text);
    assert_eq!(run(&["explain", "LL-NO-1", "--features", features.path()]).code, 2);
    assert_eq!(run(&["lint", "--features", features.path()]).code, 0);
    assert_eq!(run(&["lint"]).code, 0);
}

#[test]
fn only_one_module_knows_the_reference_server() {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&src).into_iter().map(|entry| entry.unwrap().into_path());
    let knowing: Vec<_> = files
        .filter(|path| path.is_file() && read(path).contains("lavalink_reference_server"))
        .map(|path| path.strip_prefix(&src).unwrap().to_owned())
        .collect();
    assert_eq!(knowing, [std::path::Path::new("target/bundled.rs")]);
    let bundled = read(&src.join("target/bundled.rs"));
    let uses: Vec<_> = bundled.split("lavalink_reference_server::").skip(1).collect();
    // It starts one, in this process or as a program, and knows no type of it.
    assert!(uses.len() == 2 && uses[0].starts_with("run(") && uses[1].starts_with("program("));
}
