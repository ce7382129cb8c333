//! A run in parts, and the whole of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{
    Features, HOLDS, Output, Target, read, run, scenario, scenario_with, validate_report,
};

const FAILS: &[&str] = &["When the client requests \"GET /version\"", "Then the answer is 418"];

/// Five scenarios, one of which fails.
fn features() -> Features {
    Features::of(
        "must",
        &(scenario("a", HOLDS)
            + &scenario("b", FAILS)
            + &scenario_with("c", "@needs-nosuch-source", HOLDS)
            + &scenario("d", HOLDS)
            + &scenario("e", HOLDS)),
    )
}

/// The reports of all shards.
fn parts(features: &Features, count: usize, args: &[&str]) -> Vec<PathBuf> {
    (1..=count).map(|number| part(features, &format!("{number}/{count}"), args).0).collect()
}

/// The report of a shard, and what it printed.
fn part(features: &Features, shard: &str, args: &[&str]) -> (PathBuf, Output) {
    let file = features.file(&format!("part-{}.json", shard.replace('/', "-")));
    let path = file.to_str().unwrap();
    let output = features.run(&[&["--shard", shard, "--json", path], args].concat());
    assert!(file.exists(), "{}", output.text);
    (file, output)
}

fn merge(parts: &[PathBuf], args: &[&str]) -> Output {
    let parts: Vec<_> = parts.iter().map(|path| path.to_str().unwrap()).collect();
    run(&[&["merge"], parts.as_slice(), args].concat())
}

/// What is printed from the failures on, without what differs between two runs: addresses, times.
fn summary(output: &Output) -> Vec<&str> {
    let lines = output.text.lines().skip_while(|line| !line.starts_with("area"));
    lines.filter(|line| !line.starts_with("target http")).collect()
}

fn json_of(path: &Path) -> Value {
    serde_json::from_str(&read(path)).unwrap()
}

/// Rewrites a report.
fn change(path: &Path, change: impl Fn(&mut Value)) {
    let mut report = json_of(path);
    change(&mut report);
    std::fs::write(path, report.to_string()).unwrap();
}

#[test]
fn the_parts_of_a_run_are_merged_to_its_verdict() {
    let features = features();
    let whole = features.run(&[]);
    assert_eq!(whole.code, 1, "{}", whole.text);
    for count in [1, 2, 3] {
        let parts = parts(&features, count, &[]);
        let (json_file, junit_file) = (features.file("all.json"), features.file("all.xml"));
        let (json, junit) = (json_file.to_str().unwrap(), junit_file.to_str().unwrap());
        let merged = merge(&parts, &["--json", json, "--junit", junit]);
        assert_eq!(merged.code, 1, "{}", merged.text);
        assert_eq!(summary(&merged), summary(&whole), "{}", merged.text);
        assert!(merged.text.contains("1. LL-HTTP-001 (must): R\n"), "{}", merged.text);
        assert!(merged.text.contains("--id LL-HTTP-001.b\n"), "{}", merged.text);
        assert!(merged.text.contains("status: expected 418, got 200"), "{}", merged.text);
        assert!(merged.text.contains("curl -i -X GET"), "{}", merged.text);
        assert!(merged.text.contains(&format!("merged from {count} shards")), "{}", merged.text);
        validate_report(&read(&json_file));
        let report = json_of(&json_file);
        assert_eq!(report["verdict"], "not_conformant");
        assert_eq!(report["scenarios"].as_array().unwrap().len(), 5);
        assert_eq!((&report["shard"], &report["mergedFrom"]), (&Value::Null, &json!(count)));
        assert!(read(&junit_file).contains("tests=\"5\""), "{}", read(&junit_file));
        for part in &parts {
            validate_report(&read(part));
        }
        if count == 1 {
            // Nothing is lost or changed on its way.
            let part = json_of(&parts[0]);
            for key in [
                "causes",
                "findings",
                "judged",
                "scenarios",
                "rules",
                "totals",
                "notes",
                "asked",
                "target",
            ] {
                assert_eq!(report[key], part[key], "{key}");
            }
        }
    }
}

#[test]
fn a_selection_moves_no_scenario_to_another_shard() {
    let features = features();
    let ids = |args: &[&str]| {
        let output = run(&[&["list", "--json", "--features", features.path()], args].concat());
        let rules: Value = serde_json::from_str(&output.text).unwrap();
        let scenarios = rules.as_array().unwrap().iter().flat_map(|rule| {
            rule["scenarios"]
                .as_array()
                .unwrap()
                .iter()
                .map(|s| s["id"].as_str().unwrap().to_owned())
        });
        scenarios.collect::<BTreeSet<_>>()
    };
    let few = ["--id", "LL-HTTP-001.b", "--id", "LL-HTTP-001.e"];
    for number in 1..=3 {
        let shard = format!("{number}/3");
        let all = ids(&["--shard", &shard]);
        let selected = ids(&[&["--shard", shard.as_str()], few.as_slice()].concat());
        let expected: BTreeSet<_> = ids(&few).intersection(&all).cloned().collect();
        assert_eq!(selected, expected, "{all:?}");
    }
}

#[test]
fn a_shard_that_judges_nothing_is_not_green_and_can_be_merged() {
    let features = features();
    let few = ["--id", "LL-HTTP-001.a"];
    let outputs: Vec<_> =
        (1..=2).map(|number| part(&features, &format!("{number}/2"), &few)).collect();
    let mut codes: Vec<_> = outputs.iter().map(|(_, output)| output.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 3]);
    let empty = outputs.iter().find(|(_, output)| output.code == 3).unwrap();
    assert!(empty.1.text.contains("that need not matter to the whole"), "{}", empty.1.text);
    let parts: Vec<_> = outputs.into_iter().map(|(path, _)| path).collect();
    let merged = merge(&parts, &[]);
    assert_eq!(merged.code, 0, "{}", merged.text);
    // Nothing is nothing, however many parts it has.
    let nothing = parts_of_nothing(&features);
    assert_eq!(merge(&nothing, &[]).code, 3);
}

fn parts_of_nothing(features: &Features) -> Vec<PathBuf> {
    parts(features, 2, &["--id", "LL-HTTP-001.c"])
}

#[test]
fn a_shard_says_that_it_is_not_the_whole() {
    let (_, output) = part(&features(), "2/2", &[]);
    assert!(output.text.contains("of 5 (shard 2/2)"), "{}", output.text);
    assert!(output.text.contains("order file, shard 2/2,"), "{}", output.text);
    assert!(output.text.contains("lavalink-conformance merge joins"), "{}", output.text);
    for (shard, told) in [("0/2", "1/2 to 2/2"), ("3/2", "1/2 to 2/2"), ("2", "such as 2/5")] {
        let output = features().run(&["--shard", shard]);
        assert_eq!(output.code, 2, "{}", output.text);
        assert!(output.text.contains(told), "{}", output.text);
    }
}

/// What `merge` refuses, and names.
#[track_caller]
fn refused(parts: &[PathBuf], told: &[&str]) {
    let output = merge(parts, &[]);
    assert_eq!(output.code, 3, "{}", output.text);
    for part in told {
        assert!(output.text.contains(part), "{part}: {}", output.text);
    }
    assert!(!output.text.contains("conformant"), "{}", output.text);
}

#[test]
fn what_is_missing_or_double_is_named() {
    let features = features();
    let all = parts(&features, 3, &[]);
    refused(&[all[0].clone(), all[2].clone()], &["shard 2/3 is missing"]);
    let double = [all[0].clone(), all[1].clone(), all[2].clone(), all[1].clone()];
    refused(&double, &["shard 2/3 is there twice", "part-2-3.json"]);
    let nowhere = features.file("nowhere.json");
    refused(&[all[0].clone(), nowhere], &["nowhere.json cannot be read"]);
    // A scenario that is gone from its shard, and one that another has too.
    let lost = json_of(&all[1])["scenarios"][0].clone();
    let id = lost["id"].as_str().unwrap().to_owned();
    let key = lost["status"].as_str().unwrap().to_owned();
    let add = |report: &mut Value, by: i64| {
        let count = report["totals"][&key].as_i64().unwrap();
        report["totals"][&key] = json!(count + by);
    };
    change(&all[1], |report| {
        report["scenarios"].as_array_mut().unwrap().remove(0);
        add(report, -1);
    });
    refused(&all, &[&format!("{id} is missing")]);
    change(&all[1], |report| {
        report["scenarios"].as_array_mut().unwrap().insert(0, lost.clone());
        add(report, 1);
    });
    change(&all[0], |report| {
        report["scenarios"].as_array_mut().unwrap().push(lost.clone());
        add(report, 1);
    });
    refused(&all, &[&format!("{id} is there twice"), "part-1-3.json", "part-2-3.json"]);
}

#[test]
fn parts_of_different_runs_are_refused() {
    let features = features();
    let mut all = parts(&features, 2, &[]);
    for (args, told) in [
        (&["--strict"][..], "--strict: true"),
        (&["--level", "must"], "--level: [\"must\"]"),
        (&["--tags", "not @should"], "tag"),
        (&["--time-scale", "2"], "--time-scale: 2.0"),
        (&["--repeat", "2"], "--repeat: 2"),
        (&["--clock", "real"], "in real time"),
        (&["--vary", "1"], "varied by 1"),
    ] {
        let path = features.file("part-2-2.json");
        let path = path.to_str().unwrap();
        let output = features.run(&[&["--shard", "2/2", "--json", path], args].concat());
        if output.code == 2 {
            assert!(output.text.contains(told), "{}", output.text);
            continue;
        }
        refused(&all, &[told, "part-1-2.json", "part-2-2.json"]);
    }
    // Other features, another number of shards.
    let other = Features::of("must", &(scenario("a", HOLDS) + &scenario("b", HOLDS)));
    all[1] = part(&other, "2/2", &[]).0;
    refused(&all, &["suite: custom-"]);
    all[1] = part(&features, "2/3", &[]).0;
    refused(&all, &["number of shards"]);
    // Another target.
    let target = Target::start(|_, _| Some((200, "{}".into())));
    all[1] = part(&features, "2/2", &["--url", &target.url()]).0;
    refused(&all, &["target: \"http://127.0.0.1:"]);
}

#[test]
fn reports_that_are_none_are_refused() {
    let features = features();
    let all = parts(&features, 2, &[]);
    let text = read(&all[1]);
    let part = features.file("part-2-2.json");
    let refused_with = |text: &str, told: &str| {
        std::fs::write(&part, text).unwrap();
        refused(&all, &["part-2-2.json", told]);
    };
    refused_with(&text[..text.len() / 2], "was cut off");
    refused_with("", "was cut off");
    refused_with(
        &text.replace("\"complete\": true", "\"complete\": false"),
        "did not come to its end",
    );
    refused_with("hello", "is no report of a run");
    refused_with("{}", "it has no schemaVersion");
    refused_with(
        &text.replace("\"schemaVersion\": 3", "\"schemaVersion\": 1"),
        "has schemaVersion 1, this program reads 3",
    );
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    refused_with(
        &text.replacen(&version, "\"version\": \"99.0.0\"", 1),
        "written by version 99.0.0",
    );
    refused_with(&text.replace("\"suite\"", "\"suit\""), "missing field `suite`");
    refused_with(&text.replacen("\"passed\": ", "\"passed\": 9", 1), "contradicts itself");
    refused_with(&text.replacen("\"number\": 2", "\"number\": 3", 1), "contradicts itself");
    let whole = features.file("whole.json");
    features.run(&["--json", whole.to_str().unwrap()]);
    refused(&[all[0].clone(), whole], &["whole.json is of no shard; only shards are merged"]);
}

#[test]
fn a_failure_cannot_be_made_a_pass() {
    let features = features();
    let all = parts(&features, 1, &[]);
    change(&all[0], |report| {
        for scenario in report["scenarios"].as_array_mut().unwrap() {
            if scenario["status"] == "failed" {
                scenario["status"] = json!("passed");
            }
        }
        report["totals"]["failed"] = json!(0);
        report["totals"]["passed"] = json!(4);
    });
    refused(&all, &["LL-HTTP-001.b is said to be passed, its attempts are not"]);
    // What went wrong outside scenarios counts too.
    let all = parts(&features, 1, &["--id", "LL-HTTP-001.a"]);
    assert_eq!(merge(&all, &[]).code, 0);
    change(&all[0], |report| report["troubles"] = json!(["it fell over"]));
    let output = merge(&all, &[]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("shard 1/1: it fell over"), "{}", output.text);
}

#[test]
fn strictness_and_known_failures_go_with_the_parts() {
    let observed = Features::of("observed", &(scenario("a", HOLDS) + &scenario("b", FAILS)));
    assert_eq!(merge(&parts(&observed, 2, &[]), &[]).code, 0);
    assert_eq!(merge(&parts(&observed, 2, &["--strict"]), &[]).code, 1);
    let features = features();
    let known = features.file("known.toml");
    let with_baseline = |id: &str| {
        let entry = format!("[[known]]\nid = \"{id}\"\nreason = \"not yet\"\nuntil = 9999-12-31\n");
        std::fs::write(&known, entry).unwrap();
        merge(&parts(&features, 2, &["--baseline", known.to_str().unwrap()]), &[])
    };
    let output = with_baseline("LL-HTTP-001.b");
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("conformant but for known failures"), "{}", output.text);
    assert!(output.text.contains("1 known failure does not count"), "{}", output.text);
    std::fs::write(&known, "[[known]]\nid = \"LL-HTTP-002\"\nreason = \"not yet\"\n").unwrap();
    let output = features.run(&["--shard", "1/2", "--baseline", known.to_str().unwrap()]);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("there is no such scenario"), "{}", output.text);
}

#[test]
fn a_report_that_is_merged_is_not_replaced() {
    let features = features();
    let all = parts(&features, 1, &[]);
    let before = read(&all[0]);
    let output = merge(&all, &["--json", all[0].to_str().unwrap()]);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("give what is written another name"), "{}", output.text);
    assert_eq!(read(&all[0]), before);
}

#[test]
fn a_merged_report_of_before_does_not_survive_a_merge_that_is_refused() {
    let features = features();
    let all = parts(&features, 2, &[]);
    let merged = features.file("all.json");
    let path = merged.to_str().unwrap();
    merge(&all, &["--json", path]);
    assert!(merged.exists());
    assert_eq!(merge(&all[..1], &["--json", path]).code, 3);
    assert!(!merged.exists());
}

#[test]
fn reports_make_a_table_of_durations() {
    let features = features();
    let all = parts(&features, 2, &[]);
    let parts: Vec<_> = all.iter().map(|path| path.to_str().unwrap()).collect();
    let output = run(&[&["durations"], parts.as_slice()].concat());
    assert_eq!(output.code, 0, "{}", output.text);
    let ids: Vec<_> = output.text.lines().map(|line| line.split_once(' ').unwrap().1).collect();
    let ran = ["LL-HTTP-001.a", "LL-HTTP-001.b", "LL-HTTP-001.d", "LL-HTTP-001.e"];
    assert_eq!(ids, ran, "{}", output.text);
}
