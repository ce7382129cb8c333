//! Runs of cases against a server that does one thing wrong, or nothing.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;

use super::finding::{Fault, Finding};
use super::{Driver, Grammar, Options, Summary, run};
use crate::assets;
use crate::client::Trust;
use crate::schema::Schemas;
use crate::settings::{Budgets, Secret, Settings};
use crate::verdict::Verdict;

/// How long the fake server may take.
const LIMIT: Duration = Duration::from_millis(700);

/// After so long nothing more of a request is expected.
const IDLE: Duration = Duration::from_millis(25);

/// What is answered in place of the right thing.
#[derive(Clone, Copy)]
enum Wrong {
    Nothing,
    /// A status and a body for paths that begin so.
    Answer(&'static str, u16, &'static str),
    /// Silence for paths that begin so.
    Silence(&'static str),
    /// Silence for everything after so many requests.
    Wedge(u64),
    /// No password is asked for.
    Open,
    /// `ready` has no session id.
    NotReady,
}

#[derive(Default)]
struct State {
    requests: AtomicU64,
    sessions: Mutex<BTreeSet<String>>,
}

/// Serves just enough of the protocol.
async fn serve(mut stream: TcpStream, wrong: Wrong, state: Arc<State>) {
    let mut head = vec![0; 16 * 1024];
    let count = stream.peek(&mut head).await.unwrap_or_default();
    let seen = String::from_utf8_lossy(&head[..count]).into_owned();
    let number = state.requests.fetch_add(1, Ordering::SeqCst);
    let path = seen.split(' ').nth(1).unwrap_or_default().to_owned();
    let silent = match wrong {
        Wrong::Silence(prefix) => path.starts_with(prefix),
        Wrong::Wedge(after) => number > after,
        _ => false,
    };
    if silent {
        return std::future::pending().await;
    }
    let given = seen.lines().filter_map(|line| line.split_once(": "));
    let passwords = given.filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let known = passwords.map(|(_, password)| password).eq(["pw"]) || matches!(wrong, Wrong::Open);
    if known && path == "/v4/websocket" && seen.contains("Sec-WebSocket-Key") {
        if let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await {
            let id = format!("session{number}");
            state.sessions.lock().unwrap().insert(id.clone());
            let mut ready = json!({"op": "ready", "resumed": false, "sessionId": id});
            if matches!(wrong, Wrong::NotReady) {
                ready = json!({"op": "ready"});
            }
            socket.send(Message::text(ready.to_string())).await.ok();
            while let Some(Ok(_)) = socket.next().await {}
            state.sessions.lock().unwrap().remove(&id);
        }
        return;
    }
    let mut rest = vec![0; 64 * 1024];
    while let Ok(Ok(1..)) = tokio::time::timeout(IDLE, stream.read(&mut rest)).await {}
    let method = seen.split(' ').next().unwrap_or_default();
    let (status, body) = match wrong {
        Wrong::Answer(prefix, status, body) if known && path.starts_with(prefix) => {
            (status, body.to_owned())
        }
        _ if !known => (401, String::new()),
        _ => answer(method, &path, &state),
    };
    let body = if method == "HEAD" { String::new() } else { body };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    // A client that has left wants no answer.
    stream.write_all(answer.as_bytes()).await.ok();
}

fn answer(method: &str, path: &str, state: &State) -> (u16, String) {
    let error = |status: u16| {
        let body = json!({
            "timestamp": 1, "status": status, "error": "E", "message": "M", "path": "/",
        });
        (status, body.to_string())
    };
    let parts: Vec<_> = path.split('/').collect();
    let is_open = |id: &str| state.sessions.lock().unwrap().contains(id);
    match (method, &parts[..]) {
        ("GET", ["", "version"]) => (200, "4".into()),
        ("GET", ["", "v4", "stats"]) => (200, stats().to_string()),
        ("GET", ["", "v4", "sessions", id, "players"]) if is_open(id) => (200, "[]".into()),
        ("PATCH", ["", "v4", "sessions", id, "players", "1"]) if is_open(id) => {
            (200, player().to_string())
        }
        ("DELETE", ["", "v4", "sessions", id, "players", "1"]) if is_open(id) => {
            (204, String::new())
        }
        _ => error(404),
    }
}

fn stats() -> Value {
    json!({
        "players": 0, "playingPlayers": 0, "uptime": 1, "frameStats": null,
        "memory": {"free": 1, "used": 1, "allocated": 1, "reservable": 1},
        "cpu": {"cores": 1, "systemLoad": 0.0, "lavalinkLoad": 0.0},
    })
}

fn player() -> Value {
    json!({
        "guildId": "1", "track": null, "volume": 100, "paused": false, "filters": {},
        "state": {"time": 1, "position": 0, "connected": false, "ping": -1},
        "voice": {"token": "", "endpoint": "", "sessionId": "", "channelId": null},
    })
}

async fn fuzz(wrong: Wrong, cases: u64) -> Result<Summary, Finding> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let state = Arc::new(State::default());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, wrong, Arc::clone(&state)));
        }
    });
    against(url, cases).await
}

async fn against(url: String, cases: u64) -> Result<Summary, Finding> {
    let files = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
    let settings = Settings {
        url,
        trust: Trust::default(),
        password: Secret::new("pw"),
        media_url: "http://127.0.0.1:1".into(),
        budgets: Budgets { answer: LIMIT, ..Budgets::scaled(1.0) },
        schemas: Schemas::load(files).unwrap(),
        manual_time: None,
        outliving: Arc::default(),
        authority: Arc::new(crate::discord::Authority::new().unwrap()),
    };
    let options = Options {
        seed: 1,
        time: None,
        cases: Some(cases),
        grammar: Grammar::SPARING,
        group: None,
        most_growth: 64,
    };
    run(Driver { settings: Arc::new(settings) }, options, Summary::default()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_nothing_wrong_has_no_findings() {
    let summary = fuzz(Wrong::Nothing, 150).await.unwrap();
    assert_eq!(summary.verdict(), Verdict::Conformant, "{}", summary.to_text());
    assert_eq!(summary.cases, 150);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_is_wrong_is_found() {
    let servers = [
        (Wrong::Answer("/v4/loadtracks", 500, "{}"), Fault::ServerError),
        (Wrong::Answer("/v4/loadtracks", 200, "{}"), Fault::Schema),
        (Wrong::Answer("/v4/loadtracks", 404, "oops"), Fault::Schema),
        (Wrong::Silence("/v4/loadtracks"), Fault::Hang),
        (Wrong::Open, Fault::LetIn),
        (Wrong::Wedge(100), Fault::Dead),
    ];
    // Side by side, as some wait for what does not answer.
    let runs = servers.map(|(wrong, fault)| async move {
        let summary = fuzz(wrong, 200).await.unwrap();
        assert_eq!(summary.verdict(), Verdict::NotConformant, "{fault:?}");
        assert!(summary.faults().any(|found| found == fault), "{fault:?}: {}", summary.to_text());
    });
    futures::future::join_all(runs).await;
}

#[tokio::test]
async fn a_server_that_serves_nobody_is_no_finding_but_an_error() {
    assert!(fuzz(Wrong::NotReady, 10).await.is_err());
    assert!(fuzz(Wrong::Silence("/version"), 10).await.is_err());
    assert!(against("http://127.0.0.1:1".into(), 10).await.is_err());
}
