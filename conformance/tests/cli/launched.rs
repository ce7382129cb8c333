//! Servers that the runner starts itself, and what it says when they die.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use crate::support::{Features, Output, read, scenario};

/// Runs this program again, as a server: see [`as_a_target`].
fn command() -> String {
    let program = std::env::current_exe().unwrap();
    let program = program.display();
    format!(
        "sh -c 'PORT={{port}} exec \"{program}\" launched::as_a_target --exact --ignored --nocapture'"
    )
}

/// Answers everything with `{}`; dies of one path, and answers nobody any more after another.
#[test]
#[ignore = "run by other tests, as a program of its own"]
fn as_a_target() {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    for stream in TcpListener::bind(("127.0.0.1", port)).unwrap().incoming() {
        let mut stream = stream.unwrap();
        let mut request = String::new();
        BufReader::new(&stream).read_line(&mut request).unwrap();
        if request.starts_with("GET /v4/sessions/die/players ") {
            println!("dying of it");
            std::process::exit(7);
        }
        while request.starts_with("GET /v4/sessions/wedge/players ") {
            std::thread::park();
        }
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        // A runner that has hung up is no trouble of the target's.
        let _ = stream.write_all(answer.as_bytes());
    }
}

fn asks(path: &str) -> [String; 2] {
    [format!("When the client requests \"GET {path}\""), "Then the answer is 200".to_owned()]
}

/// Five scenarios, of which the third asks for `path`.
fn features(path: &str) -> Features {
    let scenarios = ["a", "b", "c", "d", "e"].map(|letter| {
        let steps = asks(if letter == "c" { path } else { "/v4/nothing" });
        scenario(letter, &steps.each_ref().map(String::as_str))
    });
    Features::of("must", &scenarios.concat())
}

fn run(path: &str, args: &[&str]) -> Output {
    let command = command();
    features(path).run(&[&["--launch", command.as_str()], args].concat())
}

#[test]
fn a_launched_server_is_checked_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("report.json");
    let output = run("/v4/nothing", &["--json", json.to_str().unwrap()]);
    assert_eq!(output.code, 0, "{}", output.text);
    // The program that runs it again says what it runs.
    let report: serde_json::Value = serde_json::from_str(&read(&json)).unwrap();
    let log = report["target"]["log"].to_string();
    assert!(log.contains("running 1 test"), "{log}");
}

#[test]
fn the_scenario_that_a_server_dies_of_fails_and_the_rest_goes_on() {
    let output = run("/v4/sessions/die/players", &[]);
    assert_eq!(output.code, 1, "{}", output.text);
    for part in [
        "--id LL-HTTP-001.c\n",
        "the target died (it ended with exit code 7)",
        "dying of it",
        "4        1        0        0    100 %      0/1",
    ] {
        assert!(output.text.contains(part), "{part}: {}", output.text);
    }
}

#[test]
fn a_server_that_answers_nobody_any_more_is_started_again() {
    let output = run("/v4/sessions/wedge/players", &["--time-scale", "0.05"]);
    assert_eq!(output.code, 1, "{}", output.text);
    assert!(output.text.contains("it ran, but did not answer any more"), "{}", output.text);
    assert!(
        output.text.contains("4        1        0        0    100 %      0/1"),
        "{}",
        output.text
    );
}

#[test]
fn without_restarts_nothing_is_established() {
    let output = run("/v4/sessions/die/players", &["--max-restarts", "0", "-j", "1"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("2 not run: the target died before"), "{}", output.text);
}

#[test]
fn a_command_that_never_gets_ready_ends_with_3_and_its_last_lines() {
    let features = features("/v4/nothing");
    let output = features.run(&["--launch", "sh -c 'echo no java here >&2; exit 4'"]);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("exit code 4"), "{}", output.text);
    assert!(output.text.contains("no java here"), "{}", output.text);
    let args = ["--launch", "sleep 60", "--ready-timeout", "1"];
    let output = features.run(&args);
    assert_eq!(output.code, 3, "{}", output.text);
    assert!(output.text.contains("within 1s"), "{}", output.text);
}

#[test]
fn a_command_that_cannot_be_one_ends_with_2() {
    for (command, told) in [
        ("no-such-program-here", "is it installed"),
        ("node {confg}", "{confg}"),
        ("sh -c 'open", "quote"),
        ("", "give a program"),
    ] {
        let output = features("/v4/nothing").run(&["--launch", command]);
        assert_ne!(output.code, 0, "{command}");
        assert!(output.text.contains(told), "{command}: {}", output.text);
    }
}

#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let ticks = folder.path().join("ticks");
    let (command, features) = (command(), features("/v4/sessions/wedge/players"));
    let launch = command.replace("PORT=", &format!("touch {}; PORT=", ticks.display()));
    let mut run = Command::new(env!("CARGO_BIN_EXE_lavalink-conformance"))
        .args(["--features", features.path(), "--launch", &launch])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while !ticks.exists() {
        std::thread::yield_now();
    }
    let interrupted = Command::new("kill").args(["-INT", &run.id().to_string()]).status();
    assert!(interrupted.unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(3));
    // Whoever is left would have the features' folder in its command line.
    let left = Command::new("pgrep").args(["-f", &ticks.display().to_string()]).output();
    if let Ok(left) = left {
        assert_eq!(String::from_utf8_lossy(&left.stdout), "");
    }
}
