//! The control API: moving time, emptying the server.

use crate::support::{Server, advance};
use lavalink_reference_server::config::{ClockKind, Config, Password};
use reqwest::Method;
use serde_json::{Value, json};

fn start(clock: ClockKind) -> Server {
    let control_token = Some(Password("token".into()));
    Server::start_with(Config { clock, control_token, ..Config::default() })
}

async fn control(server: &Server, method: Method, path: &str, body: &str) -> (u16, Value) {
    let request = server.request(method, &format!("/control{path}")).bearer_auth("token");
    let request = request.header("Content-Type", "application/json").body(body.to_owned());
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

#[tokio::test]
async fn without_a_token_there_is_nothing() {
    let server = Server::start();
    let (status, body) = control(&server, Method::GET, "/health", "").await;
    assert_eq!((status, &body["message"]), (404, &json!("No endpoint GET /control/health.")));
}

#[tokio::test]
async fn only_the_token_opens_it() {
    let server = start(ClockKind::Manual);
    for header in ["token", "Bearer toke", "Bearer ", "Basic token", "youshallnotpass"] {
        let request = server.request(Method::POST, "/control/reset");
        let answer = request.header("Authorization", header).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{header}");
    }
    let answer = server.request(Method::GET, "/control/clock").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(control(&server, Method::GET, "/nothing", "").await.0, 404);
    // The control token is no password of the protocol.
    let answer = server.request(Method::GET, "/v4/info").header("Authorization", "token").send();
    assert_eq!(answer.await.unwrap().status(), 403);
}

#[tokio::test]
async fn time_stands_still_until_it_is_moved_and_everything_due_is_sent() {
    let server = start(ClockKind::Manual);
    let before = control(&server, Method::GET, "/clock", "").await.1;
    assert_eq!((&before["kind"], &before["nextTimerMs"]), (&json!("manual"), &Value::Null));
    let mut socket = server.connect().await;
    let time = advance(&server, 59_999).await;
    assert_eq!(time["nextTimerMs"], 1);
    let passed = time["wallMs"].as_u64().unwrap() - before["wallMs"].as_u64().unwrap();
    assert_eq!(passed, 59_999);
    advance(&server, 120_001).await;
    for minute in 1..=3 {
        let stats = socket.next().await;
        assert_eq!((&stats["op"], &stats["uptime"]), (&json!("stats"), &json!(minute * 60_000)));
    }
}

#[tokio::test]
async fn a_real_clock_is_not_moved_and_wrong_times_are_refused() {
    let server = start(ClockKind::Real);
    let path = "/clock/advance";
    let (status, body) = control(&server, Method::POST, path, r#"{"ms": 1}"#).await;
    assert_eq!(status, 409, "{body}");
    assert_eq!(control(&server, Method::GET, "/clock", "").await.1["kind"], "real");
    let server = start(ClockKind::Manual);
    for bad in ["", "{}", r#"{"ms": -1}"#, r#"{"ms": "x"}"#, r#"{"ms": 99999999999999}"#, "[]"] {
        let (status, body) = control(&server, Method::POST, path, bad).await;
        assert_eq!(status, 400, "{bad}");
        assert!(body["error"].as_str().unwrap().contains("ms"), "{body}");
    }
}

#[tokio::test]
async fn a_reset_leaves_no_session() {
    let server = start(ClockKind::Manual);
    let (open, mut away) = (server.connect().await, server.connect().await);
    let path = format!("/v4/sessions/{}", away.id);
    server.patch(&path, r#"{"resuming": true}"#).await;
    away.stream.close(None).await.unwrap();
    let health = async || control(&server, Method::GET, "/health", "").await.1["sessions"].clone();
    while health().await != json!({"open": 1, "away": 1}) {
        tokio::task::yield_now().await;
    }
    assert_eq!(control(&server, Method::POST, "/reset", "").await.0, 200);
    assert_eq!(health().await, json!({"open": 0, "away": 0}));
    let players = server.get(&format!("/v4/sessions/{}/players", open.id)).await;
    assert_eq!(players.status, 404);
}
