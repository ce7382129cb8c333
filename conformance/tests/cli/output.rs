//! Nobody reads what is printed: `| head`, a full disk.

use std::process::{Command, Stdio};

use crate::support::{Features, HOLDS, run, scenario};

/// The exit code and what stderr says when stdout is closed at once.
fn unread(args: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = Command::new(env!("CARGO_BIN_EXE_lavalink-conformance"))
        .args(args)
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_closed_pipe_ends_what_prints_quietly() {
    for args in [&["list"][..], &["list", "--json"], &["explain", "LL-PLAYER-021"], &["lint"]] {
        assert_eq!(unread(args), (Some(3), String::new()), "{args:?}");
    }
}

#[test]
fn a_run_whose_report_nobody_reads_is_not_green_and_writes_its_files() {
    let features = Features::of("must", &scenario("a", HOLDS));
    let report = tempfile::NamedTempFile::new().unwrap();
    let json = report.path().to_str().unwrap();
    let (code, _) = unread(&["--features", features.path(), "--json", json]);
    assert_eq!(code, Some(3));
    let report = std::fs::read_to_string(report.path()).unwrap();
    assert!(report.contains("\"verdict\""), "{report}");
}

#[test]
fn a_shell_has_a_session_at_hand() {
    let given = r#"test -n "$SESSION" && test -n "$MEDIA" && echo "$GUILD at $LAVALINK_URL""#;
    let output = run(&["shell", "--", "sh", "-c", given]);
    assert_eq!(output.code, 0, "{}", output.text);
    assert!(output.text.contains("100000000000000001 at http://127.0.0.1:"), "{}", output.text);
    assert_eq!(run(&["shell", "--", "sh", "-c", "exit 4"]).code, 1);
    let output = run(&["shell", "--url", "http://127.0.0.1:1", "--", "true"]);
    assert_eq!(output.code, 3, "{}", output.text);
    let told = "nothing answers at http://127.0.0.1:1: ";
    assert!(output.text.contains(told), "{}", output.text);
}

#[test]
fn the_help_of_the_bundled_server_is_about_this_program() {
    let output = run(&["serve", "--help"]);
    assert!(output.text.contains("\n  lavalink-conformance serve --mock\n"), "{}", output.text);
    assert!(!output.text.contains("  lavalink-reference-server"), "{}", output.text);
}

#[test]
fn what_cannot_be_printed_is_told() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_lavalink-conformance"))
        .arg("list")
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("failed to print") && told.contains("No space left"), "{told}");
}
