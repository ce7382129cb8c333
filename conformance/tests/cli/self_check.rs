//! The suite checks itself.

use lavalink_validator::differences;
use serde_json::Value;

use crate::support::{Features, read, run, scenario};

const CAUGHT: &str = "LL-HTTP-001/wrong-version";

#[test]
fn a_deviation_is_caught_and_told_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let (json, html) = (folder.path().join("m.json"), folder.path().join("m.html"));
    let (json_path, html_path) = (json.to_str().unwrap(), html.to_str().unwrap());
    let args = ["self-check", "--deviation", CAUGHT, "--table"];
    let output = run(&[&args[..], &["--json", json_path, "--html", html_path]].concat());
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("1 deviations of 1 rules: 1 caught"), "{}", output.text);
    let matrix: Value = serde_json::from_str(&read(&json)).unwrap();
    let schema = include_str!("../../../schemas/kill-matrix.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert_eq!(differences(&schema, &matrix).unwrap(), [], "{matrix}");
    assert_eq!(matrix["deviations"][0]["deviation"], CAUGHT);
    assert!(read(&html).contains(CAUGHT));
}

/// The rule's only scenario asks for nothing that the deviation touches.
#[test]
fn a_scenario_that_does_not_look_lets_it_survive() {
    let steps = ["When the client requests \"GET /version\"", "Then the answer is 200"];
    let features = Features::of("must", &scenario("a", &steps));
    let args = ["self-check", "--features", features.path(), "--deviation", CAUGHT];
    let output = run(&args);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("SURVIVED"), "{}", output.text);
    assert!(output.text.contains("noticed nothing: LL-HTTP-001.a"), "{}", output.text);
}

/// It breaks errors only, and no scenario provokes one.
#[test]
fn broken_code_that_does_not_run_is_unreached() {
    let steps = ["When the client requests \"GET /version\"", "Then the answer is 200"];
    let features = Features::of("must", &scenario("a", &steps));
    let deviation = "LL-HTTP-001/missing-on-errors";
    let output = run(&["self-check", "--features", features.path(), "--deviation", deviation]);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("UNREACHED"), "{}", output.text);
}

#[test]
fn a_suite_that_fails_anyway_proves_nothing() {
    let steps = ["When the client requests \"GET /version\"", "Then the answer is 418"];
    let features = Features::of("must", &scenario("a", &steps));
    let output = run(&["self-check", "--features", features.path(), "--deviation", CAUGHT]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("without a deviation these scenarios do not pass: LL-HTTP-001.a"));
}

#[test]
fn an_unknown_deviation_is_named() {
    let output = run(&["self-check", "--deviation", "LL-HTPP"]);
    assert_eq!(output.code, 2, "{}", output.text);
    assert!(output.text.contains("LL-HTPP"), "{}", output.text);
}
