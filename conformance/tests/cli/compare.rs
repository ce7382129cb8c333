//! `compare`: two servers that do the same, two that do not, and what cannot be meant.

use lavalink_validator::differences;
use serde_json::Value;

use crate::support::{Served, Target, read, run};

/// The features that are run on both in these tests: some of each kind that take no time.
const FEATURES: &[&str] = &[
    "--id",
    "LL-HTTP-001",
    "--id",
    "LL-HTTP-040",
    "--id",
    "LL-PLAYER-021",
    "--id",
    "LL-PLAYER-020",
];

#[test]
fn two_servers_that_do_the_same_have_no_difference() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("compare.json");
    let json = file.to_str().unwrap();
    let args = ["compare", "--with", "bundled", "--seed", "1", "--cases", "300", "--json", json];
    let output = run(&[&args[..], FEATURES].concat());
    assert_eq!(output.code, 0, "{}", output.text);
    let begin = "comparing the bundled server with the bundled server, seed 1";
    for part in [begin, "300 cases of seed 1, ", "\nno difference\n"] {
        assert!(output.text.contains(part), "{part}: {}", output.text);
    }
    let report: Value = serde_json::from_str(&read(&file)).unwrap();
    let schema = include_str!("../../../schemas/compare.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert_eq!(differences(&schema, &report).unwrap(), [], "{report}");
    assert!(report["compared"].as_u64() > Some(300), "{report}");
    assert!(report["scenarios"].as_u64() > Some(5), "{report}");
    assert_eq!(report["differences"], Value::Array(Vec::new()), "{report}");
}

#[test]
fn what_one_of_them_does_otherwise_is_found_and_named() {
    for (deviation, place, about) in [
        ("LL-HTTP-070/snapshot", "GET /version", "body"),
        ("LL-PLAYER-021/1001", "PATCH /v4/sessions/*/players/*", "body /volume"),
    ] {
        let other = Served::start(&["--deviate", deviation]);
        let args = ["compare", "--with", &other.url, "--seed", "1", "--cases", "600"];
        let output = run(&[&args[..], &["--no-features"]].concat());
        assert_eq!(output.code, 1, "{deviation}: {}", output.text);
        assert!(output.text.contains(&format!("times: {place}: {about}\n")), "{}", output.text);
        assert!(
            output.text.contains("again: lavalink-conformance compare --with"),
            "{}",
            output.text
        );
        assert!(output.text.contains("curl -i "), "{}", output.text);
        assert!(!output.text.contains("youshallnotpass"), "{}", output.text);
    }
}

#[test]
fn what_shows_in_scenarios_only_is_found() {
    let other = Served::start(&["--deviate", "LL-PLAYER-021/1001"]);
    let output = run(&["compare", "--with", &other.url, "--cases", "0", "--id", "LL-PLAYER-021"]);
    assert_eq!(output.code, 1, "{}", output.text);
    for part in [": body /volume\n", "first:  1000\n", "--cases 0 --id 'LL-PLAYER-021.a"] {
        assert!(output.text.contains(part), "{part}: {}", output.text);
    }
}

#[test]
fn nothing_is_said_of_servers_that_cannot_be_compared() {
    let output =
        run(&["compare", "--with", "http://127.0.0.1:1", "--cases", "10", "--no-features"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("nothing answers at"), "{}", output.text);
    let target = Target::start(|_, _| Some((200, "{}".into())));
    let output = run(&["compare", "--with", &target.url(), "--cases", "10", "--no-features"]);
    assert_eq!(output.code, 3, "{}", output.text);
}

#[test]
fn what_cannot_be_meant_ends_with_2() {
    for (args, part) in [
        (&[][..], "--with"),
        (&["--with", "bundled", "--cases", "0", "--no-features"], "nothing to compare"),
        (&["--with", "bundled", "--kind", "odd"], "players, bodies"),
        (&["--with", "bundled", "--case", "1"], "--seed"),
        (&["--with", "http://10.0.0.1:2333"], "--allow-remote"),
        (&["--with", "bundled", "--with-launch", "x"], "cannot be used with"),
    ] {
        let output = run(&[&["compare"], args].concat());
        assert_eq!(output.code, 2, "{args:?}: {}", output.text);
        assert!(output.text.contains(part), "{args:?}: {}", output.text);
    }
}
