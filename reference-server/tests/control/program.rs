//! The program as a mock.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::http;

/// A running program, which ends with the test.
struct Program {
    child: Child,
    ready: Value,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn command(folder: &std::path::Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lavalink-reference-server"));
    command.args(args).current_dir(folder).env_remove("LAVALINK_CONTROL_TOKEN");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    command
}

fn ready(child: &mut Child) -> Value {
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
}

impl Program {
    fn start(folder: &std::path::Path, args: &[&str]) -> Self {
        Self::of(command(folder, args))
    }

    fn of(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let ready = ready(&mut child);
        Self { child, ready }
    }

    async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.ready["url"].as_str().unwrap());
        let token = match path.starts_with("/control") {
            true => format!("Bearer {}", self.ready["controlToken"].as_str().unwrap()),
            false => self.ready["password"].as_str().unwrap().to_owned(),
        };
        let answer = http().get(url).header("Authorization", token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}

#[tokio::test]
async fn a_mock_reads_no_configuration_of_the_bot() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = "server: {port: 1, address: 0.0.0.0}\nlavalink: {server: {password: secret, \
                   sources: {youtube: false}}}\n";
    std::fs::write(folder.path().join("application.yml"), foreign).unwrap();
    let mut command = command(folder.path(), &["--mock"]);
    command.env("LAVALINK_SERVER_PASSWORD", "other").env("SERVER_PORT", "2");
    command.env("LAVALINK_CONTROL_TOKEN", "that of the bot");
    let mut mock = Program::of(command);
    let ready = mock.ready.clone();
    let port = ready["port"].as_u64().unwrap();
    assert_eq!(ready["url"], format!("http://127.0.0.1:{port}"));
    assert_eq!(
        (&ready["host"], &ready["password"]),
        (&json!("127.0.0.1"), &json!("youshallnotpass"))
    );
    assert_eq!(ready["pid"], mock.child.id());
    assert_eq!(ready["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(ready["controlToken"].as_str().unwrap().len(), 32);
    let found = mock.get("/v4/loadtracks?identifier=ytsearch:a").await;
    assert_eq!(found["loadType"], "search");
    let clock = mock.get("/control/clock").await;
    assert_eq!(
        (&clock["kind"], &clock["wallMs"]),
        (&json!("manual"), &json!(1_735_689_600_000_u64))
    );
    let again = Program::start(folder.path(), &["--mock"]);
    assert_ne!(again.ready["controlToken"], ready["controlToken"]);
    // Nobody beyond the machine is asked for what is not simulated.
    let spotify = "/v4/loadtracks?identifier=https://open.spotify.com/track/1";
    assert_eq!(mock.get(spotify).await["loadType"], "error");
    assert!(mock.child.try_wait().unwrap().is_none());
}

#[tokio::test]
async fn flags_win_over_what_a_mock_is() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = json!({"entries": [{"identifier": "x", "track": {"title": "mine"}}]});
    std::fs::write(folder.path().join("c.json"), catalogue.to_string()).unwrap();
    std::fs::write(folder.path().join("i.json"), r#"{"version": "5.0.0"}"#).unwrap();
    let args = [
        "--mock",
        "--clock",
        "real",
        "--password",
        "p",
        "--control-token",
        "t",
        "--start-time",
        "2024-01-01T00:00:00Z",
        "--catalogue",
        "c.json",
        "--info",
        "i.json",
    ];
    let mock = Program::start(folder.path(), &args);
    assert_eq!((&mock.ready["password"], &mock.ready["controlToken"]), (&json!("p"), &json!("t")));
    let clock = mock.get("/control/clock").await;
    assert_eq!(clock["kind"], "real");
    assert_eq!(clock["wallMs"].as_u64().unwrap() / 100_000, 17_040_672);
    let track = mock.get("/v4/loadtracks?identifier=x").await;
    assert_eq!(track["data"]["info"]["title"], "mine");
    assert_eq!(mock.get("/v4/info").await["version"]["major"], 5);
}

#[test]
fn what_a_file_has_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("c.json"), r#"{"entires": []}"#).unwrap();
    let mut command = command(folder.path(), &["--mock", "--catalogue", "c.json"]);
    let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("c.json") && told.contains("did you mean entries?"), "{told}");
}

#[test]
fn a_configuration_that_is_not_there_is_named_with_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path(), &["--config", "my.yml", "--port", "0"]);
    let output = command.stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    let path = folder.path().join("my.yml");
    assert!(told.contains(&format!("there is no {}", path.display())), "{told}");
    assert!(!told.contains("entity"), "{told}");
}

/// Which files were read is said at the start, and that none was.
#[test]
fn the_files_that_are_read_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let said = || {
        let mut command =
            command(folder.path(), &["--port", "0", "--ready-json", "--simulate-voice"]);
        command.stderr(Stdio::piped()).env_remove("RUST_LOG");
        let mut program = Program::of(command);
        program.child.kill().unwrap();
        let mut told = String::new();
        program.child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        told
    };
    assert!(said().contains("no application.yml is here"), "{}", said());
    std::fs::write(folder.path().join("application.yml"), "").unwrap();
    assert!(said().contains("the configuration is that of application.yml"), "{}", said());
}

/// Whether something takes connections there, after what may take a moment.
fn stops(port: u16) -> bool {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if TcpStream::connect(("127.0.0.1", port)).is_err() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

#[test]
fn a_mock_ends_with_its_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let mut mock = Program::start(folder.path(), &["--mock"]);
    let mut input = mock.child.stdin.take().unwrap();
    input.write_all(b"said to nobody\n").unwrap();
    drop(input);
    assert!(mock.child.wait().unwrap().success());
}

/// A shell that is killed takes its mock with it, though it had no chance to stop it.
#[cfg(unix)]
#[test]
fn a_mock_does_not_outlive_a_parent_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_lavalink-reference-server");
    // The shell holds the pipe, and so nobody does once it is gone.
    let script = format!("mkfifo p; {program} --mock <p & exec 3>p; wait");
    let mut parent = Command::new("sh");
    parent.args(["-c", &script]).current_dir(folder.path());
    parent.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut parent = parent.spawn().unwrap();
    let ready = ready(&mut parent);
    let port = ready["port"].as_u64().unwrap() as u16;
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    parent.kill().unwrap();
    parent.wait().unwrap();
    assert!(stops(port));
}

#[test]
fn a_mock_without_a_pipe_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = command(folder.path(), &["--mock"]);
    command.stdin(Stdio::null());
    let mock = Program::of(command);
    let port = mock.ready["port"].as_u64().unwrap() as u16;
    for _ in 0..3 {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    }
}

#[test]
fn what_cannot_be_trusted_or_listened_on_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = folder.path().join("empty.pem");
    std::fs::write(&nothing, "no certificate").unwrap();
    let refusal = |args: &[&str]| {
        let mut command = command(folder.path(), args);
        let output = command.stderr(Stdio::piped()).stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let told = refusal(&["--port", "0", "--voice-ca", nothing.to_str().unwrap()]);
    assert!(told.contains("empty.pem holds no certificate in PEM"), "{told}");
    let told = refusal(&["--port", "0", "--voice-ca", "none.pem"]);
    assert!(told.contains("none.pem is no file with PEM certificates"), "{told}");
    // 192.0.2.0/24 is nobody's (RFC 5737).
    let told = refusal(&["--port", "0", "--address", "192.0.2.1"]);
    assert!(told.contains("192.0.2.1:0, which is no address of this machine"), "{told}");
}
