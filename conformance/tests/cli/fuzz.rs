//! `fuzz`: what it ends with, and that the bundled server stands it.

use lavalink_validator::differences;
use serde_json::Value;

use crate::support::{Target, read, run};

#[test]
fn the_bundled_server_stands_two_thousand_cases() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fuzz.json");
    let json = file.to_str().unwrap();
    let output = run(&["fuzz", "--seed", "1", "--cases", "2000", "--json", json]);
    assert_eq!(output.code, 0, "{}", output.text);
    for part in ["fuzzing the bundled server, seed 1", "2000 cases in ", "\nno findings\n"] {
        assert!(output.text.contains(part), "{part}: {}", output.text);
    }
    let report: Value = serde_json::from_str(&read(&file)).unwrap();
    let schema = include_str!("../../../schemas/fuzz.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert_eq!(differences(&schema, &report).unwrap(), [], "{report}");
    assert_eq!((&report["cases"], &report["seed"]), (&2000.into(), &1.into()));
    assert_eq!(report["kinds"].as_object().unwrap().len(), 10, "{report}");
    // Cases are good for something only if the server takes some and refuses some.
    for status in ["101", "200", "204", "400", "401", "403", "404", "405", "415", "500"] {
        assert!(report["statuses"][status].as_u64() > Some(0), "{status}: {report}");
    }
}

#[test]
fn one_case_can_be_played_again() {
    let output = run(&["fuzz", "--seed", "7", "--case", "3"]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("case 3 of seed 7: "), "{}", output.text);
    assert!(output.text.contains("-> "), "{}", output.text);
    assert!(!output.text.contains("youshallnotpass"), "{}", output.text);
}

#[test]
fn nothing_is_said_of_a_server_that_cannot_be_reached_or_serves_nobody() {
    let output = run(&["fuzz", "--url", "http://127.0.0.1:1", "--cases", "10"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("nothing answers at"), "{}", output.text);
    let target = Target::start(|_, _| Some((200, "{}".into())));
    let output = run(&["fuzz", "--url", &target.url(), "--cases", "10"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("no session"), "{}", output.text);
    let output = run(&["fuzz", "--launch", "false", "--cases", "10"]);
    assert_eq!(output.code, 2, "{}", output.text);
}

#[test]
fn what_cannot_be_meant_ends_with_2() {
    for (args, part) in [
        (&["--cases", "0"][..], "at least 1"),
        (&["--max-time", "0"], "90s, 5m or 1h"),
        (&["--max-time", "soon"], "90s, 5m or 1h"),
        (&["--case", "1"], "--seed"),
        (&["--url", "http://10.0.0.1:2333"], "--allow-remote"),
        (&["--url", "https://127.0.0.1"], "no https://"),
    ] {
        let output = run(&[&["fuzz"], args].concat());
        assert_eq!(output.code, 2, "{args:?}: {}", output.text);
        assert!(output.text.contains(part), "{args:?}: {}", output.text);
    }
}
