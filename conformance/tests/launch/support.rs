//! Starts targets, and looks whether they go on.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use lavalink_conformance::settings::Secret;
use lavalink_conformance::target::{Launch, LaunchError, LaunchOptions, Launched};

/// The configuration that targets get.
pub(crate) const PROFILE: &str = include_str!("../../../fixtures/profiles/plain.yml");

/// Runs this program again, as a server: see the module `program`.
pub(crate) const SERVE: &str =
    "exec \"$TEST_PROGRAM\" program::as_another_program --exact --ignored --nocapture";

/// Something that goes on until it is killed, and that can be seen to go on.
pub(crate) const TICK: &str = "(while :; do echo tick >> \"$TICKS\"; sleep 0.02; done) &";

/// A child that needs a moment to end in an orderly way, and says that it did.
pub(crate) const ORDERLY: &str =
    "(trap 'sleep 0.5; touch \"$TICKS.over\"; exit' TERM; while :; do sleep 0.02; done) &";

pub(crate) async fn server(folder: &Path, before: &str) -> Result<Launched, LaunchError> {
    launch(folder, &format!("{before}\n{SERVE}")).start(PROFILE).await
}

pub(crate) fn launch(folder: &Path, script: &str) -> Launch {
    Launch::new(&shell(script), options(folder)).unwrap()
}

pub(crate) fn shell(script: &str) -> String {
    format!("sh -c '{}'", script.replace('\'', r"'\''"))
}

pub(crate) fn options(folder: &Path) -> LaunchOptions {
    LaunchOptions {
        env: env(folder),
        ca: None,
        ready_timeout: Duration::from_secs(30),
        password: Secret::new("hun\"ter"),
    }
}

fn env(folder: &Path) -> Vec<(String, String)> {
    let program = std::env::current_exe().unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        pair("TEST_PROGRAM", program.to_str().unwrap()),
        pair("TICKS", folder.join("ticks").to_str().unwrap()),
        pair("PORT", "{port}"),
        pair("MODE", "serve"),
        pair("PASSWORD", "{password}"),
    ]
}

pub(crate) fn get(launched: &Launched, path: &str) -> String {
    let mut stream = TcpStream::connect(launched.url().trim_start_matches("http://")).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut line = String::new();
    // Nothing comes of a target that dies.
    BufReader::new(stream).read_line(&mut line).ok();
    line
}

/// What follows these words in a line of the log, which may come later than the first answer.
pub(crate) async fn line_after(launched: &Launched, words: &str) -> String {
    let find = || {
        let log = launched.log_tail(usize::MAX);
        log.iter().find_map(|line| line.strip_prefix(words).map(str::to_owned))
    };
    eventually(|| find().is_some()).await;
    find().unwrap()
}

pub(crate) async fn eventually(holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not come to hold");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn ticks(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("ticks")).map_or(0, |file| file.len())
}

pub(crate) fn assert_ticks(folder: &Path) {
    let before = ticks(folder);
    let began = Instant::now();
    while ticks(folder) == before {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not go on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether the [`ORDERLY`] child was given the time that it needs.
pub(crate) fn ended_orderly(folder: &Path) -> bool {
    folder.join("ticks.over").exists()
}

pub(crate) fn assert_no_ticks(folder: &Path) {
    let before = ticks(folder);
    assert!(before > 0, "it has never run");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(ticks(folder), before, "it goes on");
}
