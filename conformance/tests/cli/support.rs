//! Runs the built program with features and targets of the tests' own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// No run of a test takes longer.
const LIMIT: Duration = Duration::from_secs(60);

/// What a run printed and ended with.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) text: String,
}

/// Runs the program and gives back both of its outputs together.
pub(crate) fn run(args: &[&str]) -> Output {
    let out = tempfile::NamedTempFile::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_lavalink-conformance"))
        .args(args)
        .env_remove("LAVALINK_PASSWORD")
        // Both share one place in the file, as they share a terminal.
        .stdout(out.as_file().try_clone().unwrap())
        .stderr(out.as_file().try_clone().unwrap())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap_or(-1);
        }
        if began.elapsed() > LIMIT {
            child.kill().unwrap();
            panic!("{args:?} did not end within {LIMIT:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    Output { code, text: std::fs::read_to_string(out.path()).unwrap() }
}

/// The bundled server on its own, until this is dropped.
pub(crate) struct Served {
    pub(crate) url: String,
    child: Child,
}

impl Served {
    /// With further flags of its own.
    pub(crate) fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lavalink-conformance"))
            .args(["serve", "--port", "0", "--ready-json"])
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        Self { url: ready["url"].as_str().unwrap().to_owned(), child }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with one feature of one rule.
pub(crate) struct Features(TempDir);

impl Features {
    /// `scenarios` is what stands below the rule of `LL-HTTP-001`.
    pub(crate) fn of(level: &str, scenarios: &str) -> Self {
        Self::raw(&format!(
            "Feature: F\n  @LL-HTTP-001 @{level}\n  Rule: R\n    Sources: document §1\n\n{scenarios}"
        ))
    }

    /// The whole text of the feature.
    pub(crate) fn raw(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("http")).unwrap();
        std::fs::write(folder.path().join("http/a.feature"), text).unwrap();
        Self(folder)
    }

    pub(crate) fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    /// Runs them with further arguments.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        run(&[&["--features", self.path()], args].concat())
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// Steps that hold for every server.
pub(crate) const HOLDS: &[&str] =
    &["When the client requests \"GET /version\"", "Then the answer is 200"];

/// A scenario of [`Features::of`].
pub(crate) fn scenario(letter: &str, steps: &[&str]) -> String {
    let tags = format!("    @LL-HTTP-001.{letter}\n");
    tagged(&tags, letter, steps)
}

/// A scenario with a further tag.
pub(crate) fn scenario_with(letter: &str, tag: &str, steps: &[&str]) -> String {
    tagged(&format!("    @LL-HTTP-001.{letter} {tag}\n"), letter, steps)
}

fn tagged(tags: &str, letter: &str, steps: &[&str]) -> String {
    let steps: String = steps.iter().map(|step| format!("      {step}\n")).collect();
    format!("{tags}    Scenario: S{letter}\n{steps}\n")
}

/// A server that answers every request with what `answer` gives for its number, counted from 0;
/// `None` ends the server.
pub(crate) struct Target {
    address: SocketAddr,
}

impl Target {
    pub(crate) fn start(
        answer: impl Fn(usize, &str) -> Option<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let count = Arc::new(AtomicUsize::new(0));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let request = read_request(&mut stream);
                let number = count.fetch_add(1, Ordering::SeqCst);
                match answer(number, &request) {
                    // The connection ends without an answer.
                    Some((0, _)) => drop(stream),
                    Some((status, body)) => write_answer(&mut stream, status, &body),
                    // The listener goes too: nobody answers any more.
                    None => return,
                }
            }
        });
        Self { address }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|window| window == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(count) if count > 0 => request.extend(&buffer[..count]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&request).into_owned()
}

fn write_answer(stream: &mut TcpStream, status: u16, body: &str) {
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // A runner that has hung up is no trouble of the target's.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A JSON report, which has to be as its schema says.
pub(crate) fn validate_report(text: &str) -> serde_json::Value {
    let report = serde_json::from_str(text).unwrap();
    let schema = include_str!("../../../schemas/report.schema.json");
    let schema = serde_json::from_str(schema).unwrap();
    assert_eq!(lavalink_validator::differences(&schema, &report).unwrap(), []);
    report
}
