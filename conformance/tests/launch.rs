//! Targets that the runner starts itself: how they get ready, how they end, and that nothing of
//! them is left.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lavalink_conformance::settings::Secret;
use lavalink_conformance::target::launch::on_interrupt;
use lavalink_conformance::target::{Launch, LaunchError, LaunchOptions, Launched};
use tempfile::TempDir;

const PROFILE: &str = "server: {port: {port}}\nlavalink: {server: {password: \"{password}\"}}\n";

/// Runs this program again, as a server: see [`as_another_program`].
const SERVE: &str = "exec \"$TEST_PROGRAM\" as_another_program --exact --ignored --nocapture";

/// Something that goes on until it is killed, and that can be seen to go on.
const TICK: &str = "(while :; do echo tick >> \"$TICKS\"; sleep 0.02; done) &";

#[tokio::test]
async fn a_target_gets_ready_with_its_configuration_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(&folder, "echo \"at {config} in {dir}\"").await.unwrap();
    assert!(get(&launched, "/anything").starts_with("HTTP/1.1 200"));
    let log = launched.log_tail(usize::MAX);
    let line = log.iter().find_map(|line| line.strip_prefix("at ")).unwrap();
    let (config, dir) = line.split_once(" in ").unwrap();
    assert_eq!(Path::new(config), Path::new(dir).join("application.yml"));
    let port = launched.url().rsplit_once(':').unwrap().1;
    assert_eq!(
        std::fs::read_to_string(config).unwrap(),
        format!("server: {{port: {port}}}\nlavalink: {{server: {{password: \"hun\\\"ter\"}}}}\n")
    );
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
    let launch = launch(&folder, SERVE);
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
    let error = launch(&folder, script).start(PROFILE).await.unwrap_err();
    let LaunchError::NotReady { last_lines, .. } = &error else { panic!("{error}") };
    assert_eq!(last_lines.len(), 20);
    let text = error.to_string();
    for part in ["sh -c", "it ended with exit code 7", "\n  line 30", "not the password: ***"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("line 1\n") && !format!("{error:?}").contains("hun"), "{error:?}");
    let error = launch(&folder, "kill -9 $$").start(PROFILE).await.unwrap_err().to_string();
    assert!(error.ends_with("it was killed by signal 9; it has written nothing"), "{error}");
}

#[tokio::test]
async fn a_target_that_is_too_slow_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    for (rest, why) in [("wait", "refused"), (&format!("MODE=hang {SERVE}"), "says nothing")] {
        let mut options = options(&folder);
        options.ready_timeout = Duration::from_millis(700);
        let launch = Launch::new(&shell(&format!("{TICK} {rest}")), options).unwrap();
        let error = launch.start(PROFILE).await.unwrap_err().to_string();
        assert!(error.contains("within 700ms"), "{error}");
        assert!(error.contains(why), "{error}");
        assert_no_ticks(&folder);
    }
}

#[tokio::test]
async fn a_target_that_dies_later_says_how() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(&folder, ":").await.unwrap();
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
    let launched = server(&folder, flood).await.unwrap();
    assert_eq!(launched.log_tail(usize::MAX).len(), 2000);
}

#[tokio::test]
async fn a_target_that_does_not_want_to_end_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(&folder, "trap '' TERM").await.unwrap();
    let began = Instant::now();
    let url = launched.url().to_owned();
    launched.stop().await;
    assert!(began.elapsed() >= Duration::from_secs(5), "{:?}", began.elapsed());
    assert!(TcpStream::connect(url.trim_start_matches("http://")).is_err());
}

#[tokio::test]
async fn what_a_target_has_started_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let launched = server(&folder, TICK).await.unwrap();
    assert_ticks(&folder);
    launched.stop().await;
    assert_no_ticks(&folder);
    // Without its leader, and with a drop instead of a stop.
    let launched = server(&folder, &format!("{TICK} echo in {{dir}}")).await.unwrap();
    let dir =
        launched.log_tail(usize::MAX).iter().find_map(|l| Some(l.strip_prefix("in ")?.into()));
    let dir: PathBuf = dir.unwrap();
    get(&launched, "/die");
    eventually(|| launched.ended().is_some()).await;
    assert_ticks(&folder);
    assert!(dir.exists());
    drop(launched);
    assert_no_ticks(&folder);
    assert!(!dir.exists());
}

#[tokio::test]
async fn a_start_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let launch = launch(&folder, &format!("{TICK} sleep 60"));
    let starting = tokio::time::timeout(Duration::from_millis(500), launch.start(PROFILE));
    assert!(starting.await.is_err());
    assert!(folder.path().join("ticks").exists());
    assert_no_ticks(&folder);
}

#[test]
fn a_runner_that_is_interrupted_leaves_nothing() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let folder = tempfile::tempdir().unwrap();
        let mut runner = Command::new(std::env::current_exe().unwrap())
            .args(["as_another_program", "--exact", "--ignored", "--nocapture"])
            .envs([("MODE", "runner"), ("FOLDER", folder.path().to_str().unwrap())])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(runner.stdout.take().unwrap()).lines();
        let dir = lines.find_map(|l| Some(l.unwrap().split_once("running in ")?.1.to_owned()));
        let dir = PathBuf::from(dir.unwrap());
        assert!(dir.exists());
        assert_ticks(&folder);
        let kill = format!("kill -{signal} {}", runner.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(runner.wait().unwrap().code(), Some(code));
        assert!(!dir.exists());
        assert_no_ticks(&folder);
    }
}

#[tokio::test]
async fn commands_that_cannot_be_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |command: &str| Launch::new(command, options(&folder)).unwrap_err().to_string();
    assert!(refused("node 'x").contains("--launch node 'x: a quote has no end"));
    assert!(refused("  ").contains("give a program"));
    assert!(refused("node {confg}").contains("unknown placeholder {confg}"));
    assert!(refused("node {ca} hun\"ter\"").contains("this run has none"));
    let mut with_env = options(&folder);
    with_env.env.push(("P".into(), "{prot}".into()));
    let error = Launch::new("node", with_env).unwrap_err().to_string();
    assert!(error.starts_with("the environment variable P: unknown placeholder {prot}"), "{error}");
    let launch = Launch::new("/no/such/program x", options(&folder)).unwrap();
    let error = launch.start(PROFILE).await.unwrap_err();
    assert!(error.to_string().contains("failed to start /no/such/program"), "{error}");
    let error = launch.start("server: {port: {port}}").await.unwrap_err();
    assert!(error.to_string().contains("the profile has no {password}"), "{error}");
}

/// What the targets and the runner of these tests are: a server, or a runner with a target.
#[test]
#[ignore = "the other tests run it as a program of its own"]
fn as_another_program() {
    match (std::env::var("MODE").as_deref(), std::env::var("PORT")) {
        (Ok("runner"), _) => run_until_interrupted(),
        (mode, Ok(port)) => serve(&port, mode == Ok("hang")),
        _ => {}
    }
}

fn serve(port: &str, silent: bool) {
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    let mut open = Vec::new();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        if silent {
            open.push(stream);
            continue;
        }
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        lines.find(|line| line.as_ref().unwrap().is_empty());
        if first.contains("/die") {
            println!("dying");
            std::process::exit(3);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
}

fn run_until_interrupted() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let code = runtime.block_on(async {
        let folder = PathBuf::from(std::env::var("FOLDER").unwrap());
        let launch = Launch::new(
            &shell(&format!("{TICK} echo in {{dir}}; {SERVE}")),
            LaunchOptions { env: env(&folder), ..options_in(&folder) },
        )
        .unwrap();
        let run = async {
            let launched = launch.start(PROFILE).await.unwrap();
            let log = launched.log_tail(usize::MAX);
            println!("running {}", log.iter().find(|line| line.starts_with("in ")).unwrap());
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = run => unreachable!("it runs for ever"),
            code = on_interrupt() => code.unwrap(),
        }
    });
    std::process::exit(code.into());
}

async fn server(folder: &TempDir, before: &str) -> Result<Launched, LaunchError> {
    launch(folder, &format!("{before}\n{SERVE}")).start(PROFILE).await
}

fn launch(folder: &TempDir, script: &str) -> Launch {
    Launch::new(&shell(script), options(folder)).unwrap()
}

fn shell(script: &str) -> String {
    format!("sh -c '{}'", script.replace('\'', r"'\''"))
}

fn options(folder: &TempDir) -> LaunchOptions {
    options_in(folder.path())
}

fn options_in(folder: &Path) -> LaunchOptions {
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

fn get(launched: &Launched, path: &str) -> String {
    let mut stream = TcpStream::connect(launched.url().trim_start_matches("http://")).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut line = String::new();
    // Nothing comes of a target that dies.
    BufReader::new(stream).read_line(&mut line).ok();
    line
}

async fn eventually(holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not come to hold");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn ticks(folder: &TempDir) -> u64 {
    std::fs::metadata(folder.path().join("ticks")).map_or(0, |file| file.len())
}

fn assert_ticks(folder: &TempDir) {
    let before = ticks(folder);
    let began = Instant::now();
    while ticks(folder) == before {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not go on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn assert_no_ticks(folder: &TempDir) {
    let before = ticks(folder);
    assert!(before > 0, "it has never run");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(ticks(folder), before, "it goes on");
}
