//! Voice channels of servers that are not bundled.

use crate::support::{Features, Output, scenario_with};

const JOINS: &[&str] = &[
    "Given a connected client",
    "And the player is in a voice channel",
    "Then the voice gateway sees \"identify\"",
];

/// Launches the reference server with further flags.
fn run(flags: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_lavalink-conformance");
    let command = format!("{program} serve --config {{config}} {flags}");
    let features = Features::of("must", &scenario_with("a", "@needs-voice", JOINS));
    features.run(&["--launch", &command])
}

#[test]
fn a_server_that_trusts_the_run_joins_its_channels() {
    let output = run("--voice-ca {ca}");
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(
        output.text.contains("1        0        0        0    100 %      1/1"),
        "{}",
        output.text
    );
}

#[test]
fn one_that_does_not_is_not_judged_and_the_reason_says_what_was_seen() {
    let output = run("");
    assert_eq!(output.code, 3, "nothing was judged: {}", output.text);
    assert!(output.text.contains("UnknownCA"), "{}", output.text);
    assert!(output.text.contains("--voice-ca-out"), "{}", output.text);
}

#[test]
fn the_certificate_is_written_for_servers_elsewhere() {
    let features = Features::of("must", &scenario_with("a", "@needs-voice", JOINS));
    let path = features.file("ca.pem");
    let args = ["--url", "http://127.0.0.1:1", "--ready-timeout", "0"];
    let output = features.run(&[&args[..], &["--voice-ca-out", path.to_str().unwrap()]].concat());
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(std::fs::read_to_string(&path).unwrap().contains("BEGIN CERTIFICATE"));
    assert!(features.file("ca.p12").is_file());
}
