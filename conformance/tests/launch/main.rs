//! Targets that the runner starts itself: how they get ready, how they end, and that nothing of
//! them is left.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod program;
mod support;

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lavalink_conformance::target::{Launch, LaunchError};
use support::{
    ORDERLY, PROFILE, SERVE, TICK, assert_no_ticks, assert_ticks, ended_orderly, eventually, get,
    launch, line_after, options, server, shell,
};

#[tokio::test]
async fn a_target_gets_ready_with_its_configuration_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(folder.path(), "echo \"at {config} in {dir}\"").await.unwrap();
    assert!(get(&launched, "/anything").starts_with("HTTP/1.1 200"));
    let line = line_after(&launched, "at ").await;
    let (config, dir) = line.split_once(" in ").unwrap();
    assert_eq!(Path::new(config), Path::new(dir).join("application.yml"));
    let port = launched.url().rsplit_once(':').unwrap().1;
    let text = std::fs::read_to_string(config).unwrap();
    for line in [format!("  port: {port}\n"), "    password: \"hun\\\"ter\"\n".to_owned()] {
        assert!(text.contains(&line), "{line}: {text}");
    }
    assert!(!text.contains('{'), "{text}");
    assert_eq!(launched.ended(), None);
    let url = launched.url().to_owned();
    let began = Instant::now();
    launched.stop().await;
    assert!(began.elapsed() < Duration::from_secs(3), "it ends when it is asked to");
    assert!(!Path::new(dir).exists());
    assert!(TcpStream::connect(url.trim_start_matches("http://")).is_err());
}

#[tokio::test]
async fn one_command_starts_many_targets() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch(folder.path(), SERVE);
    let (a, b) = tokio::join!(launch.start(PROFILE), launch.start(PROFILE));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_ne!(a.url(), b.url());
    a.stop().await;
    assert_eq!(b.ended(), None);
    assert!(get(&b, "/").starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_target_that_ends_is_told_of_with_its_last_lines() {
    let folder = tempfile::tempdir().unwrap();
    let script = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; done; \
                  echo \"not the password: $PASSWORD\" >&2; exit 7";
    let error = launch(folder.path(), script).start(PROFILE).await.unwrap_err();
    let LaunchError::NotReady { last_lines, .. } = &error else { panic!("{error}") };
    assert_eq!(last_lines.len(), 20);
    let text = error.to_string();
    for part in ["sh -c", "it ended with exit code 7", "\n  line 30", "not the password: ***"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("line 1\n") && !format!("{error:?}").contains("hun"), "{error:?}");
    let error = launch(folder.path(), "kill -9 $$").start(PROFILE).await.unwrap_err().to_string();
    assert!(error.ends_with("it was killed by signal 9; it has written nothing"), "{error}");
}

#[tokio::test]
async fn a_target_that_is_too_slow_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    for (rest, why) in [("wait", "refused"), (&format!("MODE=hang {SERVE}"), "says nothing")] {
        let mut options = options(folder.path());
        options.ready_timeout = Duration::from_millis(700);
        let launch = Launch::new(&shell(&format!("{TICK} {rest}")), options).unwrap();
        let error = launch.start(PROFILE).await.unwrap_err().to_string();
        assert!(error.contains("within 700ms"), "{error}");
        assert!(error.contains(why), "{error}");
        assert_no_ticks(folder.path());
    }
}

#[tokio::test]
async fn a_target_that_dies_later_says_how() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(folder.path(), ":").await.unwrap();
    get(&launched, "/die");
    let ended = || launched.ended();
    eventually(|| ended().is_some()).await;
    assert_eq!(launched.ended().unwrap(), "it ended with exit code 3");
    eventually(|| launched.log_tail(1) == ["dying"]).await;
}

#[tokio::test]
async fn a_target_that_writes_much_is_not_held_up() {
    let folder = tempfile::tempdir().unwrap();
    // More than fits in any pipe, to both outputs.
    let flood = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; echo err >&2; done";
    let launched = server(folder.path(), flood).await.unwrap();
    eventually(|| launched.log_tail(usize::MAX).len() == 2000).await;
}

#[tokio::test]
async fn a_target_that_does_not_want_to_end_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(folder.path(), "trap '' TERM").await.unwrap();
    let began = Instant::now();
    let url = launched.url().to_owned();
    launched.stop().await;
    assert!(began.elapsed() >= Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(TcpStream::connect(url.trim_start_matches("http://")).is_err());
}

#[tokio::test]
async fn what_a_target_has_started_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(folder.path(), &format!("{TICK} {ORDERLY}")).await.unwrap();
    assert_ticks(folder.path());
    launched.stop().await;
    assert_no_ticks(folder.path());
    assert!(ended_orderly(folder.path()), "it is not killed because its leader ends earlier");
    // Without its leader, and with a drop instead of a stop.
    let launched = server(folder.path(), &format!("{TICK} echo in {{dir}}")).await.unwrap();
    let dir = PathBuf::from(line_after(&launched, "in ").await);
    get(&launched, "/die");
    eventually(|| launched.ended().is_some()).await;
    assert_ticks(folder.path());
    assert!(dir.exists());
    drop(launched);
    assert_no_ticks(folder.path());
    assert!(!dir.exists());
}

#[tokio::test]
async fn a_start_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch(folder.path(), &format!("{TICK} sleep 60"));
    let starting = tokio::time::timeout(Duration::from_millis(500), launch.start(PROFILE));
    assert!(starting.await.is_err());
    assert!(folder.path().join("ticks").exists());
    assert_no_ticks(folder.path());
}

#[test]
fn a_runner_that_is_interrupted_leaves_nothing() {
    for signal in ["INT", "TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let mut runner = Command::new(std::env::current_exe().unwrap())
            .args(["program::as_another_program", "--exact", "--ignored", "--nocapture"])
            .envs([("MODE", "runner"), ("FOLDER", folder.path().to_str().unwrap())])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(runner.stdout.take().unwrap()).lines();
        let dir = lines.find_map(|l| Some(l.unwrap().split_once("running in ")?.1.to_owned()));
        let dir = PathBuf::from(dir.unwrap());
        assert!(dir.exists());
        assert_ticks(folder.path());
        let kill = format!("kill -{signal} {}", runner.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(runner.wait().unwrap().code(), Some(program::INTERRUPTED));
        assert!(!dir.exists());
        assert_no_ticks(folder.path());
        assert!(ended_orderly(folder.path()), "it is asked to end first");
    }
}

#[tokio::test]
async fn commands_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused =
        |command: &str| Launch::new(command, options(folder.path())).unwrap_err().to_string();
    assert!(refused("node 'x").contains("--launch node 'x: a quote has no end"));
    assert!(refused("  ").contains("give a program"));
    assert!(refused("node {confg}").contains("unknown placeholder {confg}"));
    assert!(refused("node {ca} hun\"ter\"").contains("this run has none"));
    let mut with_env = options(folder.path());
    with_env.env.push(("P".into(), "{prot}".into()));
    let error = Launch::new("node", with_env).unwrap_err().to_string();
    assert!(error.starts_with("the environment variable P: unknown placeholder {prot}"), "{error}");
    let launch = Launch::new("/no/such/program x", options(folder.path())).unwrap();
    let error = launch.start(PROFILE).await.unwrap_err();
    assert!(error.to_string().contains("failed to start /no/such/program"), "{error}");
    let error = launch.start("server: {port: {port}}").await.unwrap_err();
    assert!(error.to_string().contains("the profile has no {password}"), "{error}");
}

#[test]
fn profiles_differ_from_plain_in_what_they_are_about_only() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/profiles");
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = changed(&text, PROFILE);
        let changed = changed.unwrap_or_else(|line| panic!("{}: no {line:?}", path.display()));
        seen.push((path.file_stem().unwrap().to_str().unwrap().to_owned(), changed.join(", ")));
    }
    seen.sort();
    let planner = |blocks: &str, strategy: &str, rest: &str| {
        let section = "# Where the guarded source of the reference server asks., reference-server:";
        let upstream = if blocks.contains("::") { "{upstream6}" } else { "{upstream}" };
        format!(
            "youtube: true, ratelimit:, ipBlocks: [{blocks}], strategy: \"{strategy}\", {rest}, \
             {section}, upstream: {upstream}"
        )
    };
    let usual = "searchTriggersFail: true, retryLimit: -1";
    let retries = |limit: &str| format!("searchTriggersFail: true, retryLimit: {limit}");
    let v4 = "\"127.0.0.0/24\"";
    let two = "\"fd00:1234:0:1::/64\", \"fd00:1234:0:7::/64\"";
    let expected = [
        ("filters-disabled", "equalizer: false, karaoke: false, timescale: false".into()),
        ("load-balance", planner(v4, "LoadBalance", usual)),
        ("load-balance-few", planner("\"127.0.0.8/30\"", "LoadBalance", usual)),
        ("load-balance-ipv6", planner("\"fd00:1234:0:9::/64\"", "LoadBalance", usual)),
        ("local-files", "local: true".into()),
        ("metrics-at-stats", "enabled: true, endpoint: /v4/stats".into()),
        ("metrics-on", "enabled: true".into()),
        ("metrics-unslashed", "enabled: true, endpoint: made/metrics".into()),
        ("nano", planner("\"fd00:1234::/64\"", "NanoSwitch", usual)),
        ("no-send-buffer", "bufferDurationMs: 0".into()),
        ("plain", String::new()),
        (
            "planner-unused",
            planner(v4, "LoadBalance", usual).trim_start_matches("youtube: true, ").into(),
        ),
        ("retry-1", planner(v4, "LoadBalance", &retries("1"))),
        ("retry-3", planner(v4, "LoadBalance", &retries("3"))),
        ("retry-none-left", planner(v4, "RotateOnBan", &retries("0"))),
        ("rotate-128", planner("\"127.0.1.0/25\"", "RotateOnBan", usual)),
        ("rotate-129", planner("\"127.0.1.0/25\", \"127.0.2.0/32\"", "RotateOnBan", usual)),
        ("rotate-excluded", planner(v4, "RotateOnBan", usual)),
        ("rotate-on-ban", planner(v4, "RotateOnBan", usual)),
        ("rotating-nano", planner("\"fd00:1234:5::/48\"", "RotatingNanoSwitch", usual)),
        ("rotating-nano-two", planner(two, "RotatingNanoSwitch", usual)),
        (
            "search-unmarked",
            planner(v4, "RotateOnBan", "searchTriggersFail: false, retryLimit: -1"),
        ),
        ("short-updates", "playerUpdateInterval: 1".into()),
        ("soon-stuck", "trackStuckThresholdMs: 1000".into()),
        ("unbindable", planner("\"1.0.0.0/24\"", "RotateOnBan", usual)),
    ];
    assert_eq!(seen, expected.map(|(name, changed)| (name.to_owned(), changed)));
}

/// Lines of a profile that are not in the plain one, but for the first and excluded addresses; an
/// error with the line of the plain one that is missing.
fn changed<'a>(profile: &'a str, plain: &'a str) -> Result<Vec<&'a str>, &'a str> {
    let key = |line: &'a str| line.split(':').next();
    let mut plain = plain.lines().skip(1).peekable();
    let mut changed = Vec::new();
    for line in profile.lines().skip(1) {
        // A line with the same key stands for the one of the plain profile.
        let is_other = plain.next_if(|other| key(other) == key(line)) != Some(line);
        if is_other && key(line.trim()) != Some("excludedIps") {
            changed.push(line.trim());
        }
    }
    plain.next().map_or(Ok(changed), Err)
}
