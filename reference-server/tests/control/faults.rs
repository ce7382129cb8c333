//! Requests and handshakes that fail.

use std::time::{Duration, Instant};

use lavalink_reference_server::{Fault, Mock, Wanted};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use crate::support::{Bot, ask, http};

const LOAD: &str = "/v4/loadtracks?identifier=ytsearch:a";

fn at_load() -> Fault {
    Fault::at("GET", "/v4/loadtracks")
}

#[tokio::test]
async fn an_answer_of_ones_own_comes_so_often_and_to_nobody_else() {
    let mock = Mock::start().await.unwrap();
    let busy = at_load().status(429).header("Retry-After", "1").times(2).skip(1);
    let id = mock.fault(busy).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let request = http().get(format!("{}{LOAD}", mock.url()));
        let response = request.header("Authorization", mock.password()).send().await.unwrap();
        let again = response.headers().get("retry-after").cloned();
        seen.push((response.status().as_u16(), again.is_some()));
        if response.status() == 429 {
            let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
            assert_eq!((&body["status"], &body["path"]), (&json!(429), &json!("/v4/loadtracks")));
        }
        assert_eq!(ask(&mock, "GET", "/v4/info", None).await.unwrap().0, 200);
    }
    assert_eq!(seen, [(200, false), (429, true), (429, true), (200, false)]);
    let fault = mock.control("GET", &format!("/faults/{id}"), None).await.unwrap();
    assert_eq!((&fault["matched"], &fault["struck"]), (&json!(3), &json!(2)));
    let struck = Wanted::request("GET", "/v4/loadtracks").status(429).count(2);
    assert_eq!(mock.wait_for(struck).await.unwrap()[1]["fault"], json!(id));
}

#[tokio::test]
async fn a_proxy_says_so_in_html_and_json_may_be_cut_off() {
    let mock = Mock::start().await.unwrap();
    let proxy = at_load().status(502).body("<html>Bad Gateway</html>").times(1);
    mock.fault(proxy).await.unwrap();
    let request = http().get(format!("{}{LOAD}", mock.url())).send().await.unwrap();
    assert_eq!(request.status(), 502);
    assert!(request.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    mock.fault(at_load().not_json().times(1)).await.unwrap();
    let (status, text) = ask(&mock, "GET", LOAD, None).await.unwrap();
    assert_eq!(status, 200);
    assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
    mock.fault(at_load().status(200).body(json!({"loadType": "new"})).times(1)).await.unwrap();
    assert_eq!(ask(&mock, "GET", LOAD, None).await.unwrap().1, r#"{"loadType":"new"}"#);
}

#[tokio::test]
async fn a_reset_and_a_hang_are_no_answers() {
    let mock = Mock::start().await.unwrap();
    mock.fault(at_load().reset().times(1)).await.unwrap();
    let error = ask(&mock, "GET", LOAD, None).await.unwrap_err();
    assert!(!error.is_timeout(), "{error:?}");
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    let mut is_reset = false;
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        is_reset |= io.is_some_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset);
        cause = error.source();
    }
    assert!(is_reset, "{error:?}");

    mock.fault(at_load().hang()).await.unwrap();
    // It is in the journal all the same, and others are answered.
    let seen = tokio::select! {
        answer = ask(&mock, "GET", LOAD, None) => panic!("{answer:?}"),
        seen = mock.wait_for(Wanted::request("GET", "/v4/loadtracks").count(2)) => seen.unwrap(),
    };
    assert_eq!(seen[1]["status"], Value::Null);
    assert_eq!(ask(&mock, "GET", "/v4/info", None).await.unwrap().0, 200);
    mock.clear_faults().await.unwrap();
    assert_eq!(ask(&mock, "GET", LOAD, None).await.unwrap().0, 200);
}

#[tokio::test]
async fn a_delay_is_of_the_machine_or_of_the_server() {
    let mock = Mock::start().await.unwrap();
    let delay = Duration::from_millis(50);
    mock.fault(at_load().delay(delay).times(1)).await.unwrap();
    let began = Instant::now();
    assert_eq!(ask(&mock, "GET", LOAD, None).await.unwrap().0, 200);
    assert!(began.elapsed() >= delay);

    mock.fault(at_load().delay(Duration::from_secs(100)).in_server_time()).await.unwrap();
    let slow = async { ask(&mock, "GET", LOAD, None).await.unwrap().0 };
    let pass = async {
        while mock.control("GET", "/clock", None).await.unwrap()["nextTimerMs"] != json!(100_000) {
            tokio::task::yield_now().await;
        }
        mock.advance(Duration::from_secs(100)).await.unwrap();
    };
    assert_eq!(tokio::join!(slow, pass).0, 200);
}

#[tokio::test]
async fn a_body_decides_and_reaches_its_handler() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    let loud = Fault::at("PATCH", "*/players/*").if_body(json!({"volume": 100})).status(500);
    mock.fault(loud).await.unwrap();
    assert_eq!(bot.patch(&mock, 1, json!({"volume": 30})).await["volume"], 30);
    let path = format!("/v4/sessions/{}/players/1", bot.id);
    let failed = ask(&mock, "PATCH", &path, Some(json!({"volume": 100, "paused": true}))).await;
    assert_eq!(failed.unwrap().0, 500);
    assert_eq!(bot.player(&mock, 1).await["volume"], 30);
    let seen = mock.requests().await.unwrap();
    assert_eq!(seen[1]["body"], json!({"volume": 30}));
    assert_eq!(seen[2]["body"], json!({"volume": 100, "paused": true}));
}

#[tokio::test]
async fn handshakes_are_refused_so_often() {
    let mock = Mock::start().await.unwrap();
    let refuse = json!({"refuse": 2, "status": 503});
    mock.control("POST", "/handshakes", Some(refuse)).await.unwrap();
    for _ in 0..2 {
        match Bot::try_connect(&mock, None).await.err().unwrap() {
            Error::Http(response) => assert_eq!(response.status(), 503),
            other => panic!("{other}"),
        }
    }
    // Kept, as its end would be an entry too.
    let _bot = Bot::connect(&mock).await;
    let seen = mock.requests().await.unwrap();
    let statuses: Vec<_> = seen.iter().map(|entry| entry["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [503, 503, 101]);
    mock.fault(Fault::of_handshakes().reset().times(1)).await.unwrap();
    assert!(matches!(Bot::try_connect(&mock, None).await.err().unwrap(), Error::Io(_)));
}

#[tokio::test]
async fn a_mock_with_hanging_requests_stops() {
    let mock = Mock::start().await.unwrap();
    mock.fault(at_load().hang()).await.unwrap();
    let hanging = http().get(format!("{}{LOAD}", mock.url())).send();
    let stop = async {
        mock.wait_for(Wanted::request("GET", "/v4/loadtracks")).await.unwrap();
        mock.stop().await;
    };
    let (hung, ()) = tokio::join!(hanging, stop);
    assert!(!hung.unwrap_err().is_timeout());
}

#[tokio::test]
async fn what_could_never_strike_is_refused_with_the_reason() {
    let mock = Mock::start().await.unwrap();
    let refused = async |wanted: Value, answer: Value| {
        let body = json!({"match": wanted, "answer": answer});
        let error = mock.control("POST", "/faults", Some(body.clone())).await;
        error.err().map_or_else(|| panic!("{body} is taken"), |error| error.to_string())
    };
    for (wanted, told) in [
        (json!({"kind": "close"}), "match.kind: a close is no request"),
        (json!({"path": "v4/loadtracks"}), "match.path: begin it with / or *"),
        (json!({"path": "/v4/loadtracks?identifier=*"}), "match.path: it has no query; see query"),
        (json!({"path": "/control/clock"}), "match.path: the control API is not watched"),
        (json!({"path": "/control*"}), "match.path: the control API is not watched"),
        (json!({"method": "GETT"}), "did you mean GET?"),
        (
            json!({"kind": "handshake", "path": "/v4/info"}),
            "match.path: a handshake is /v4/websocket",
        ),
        (
            json!({"kind": "request", "path": "/v4/websocket"}),
            "match.path: /v4/websocket is a handshake",
        ),
    ] {
        let error = refused(wanted.clone(), json!({"status": 500})).await;
        assert!(error.contains(told), "{wanted}: {error}");
    }
    for header in ["Content-Length", "transfer-encoding", "Connection"] {
        let error = refused(json!({}), json!({"status": 200, "headers": {header: "5"}})).await;
        assert!(error.contains(&format!("answer.headers.{header}: ")), "{error}");
    }
    for status in [204, 205, 304] {
        let error = refused(json!({}), json!({"status": status, "body": "x"})).await;
        assert!(error.contains("answer.body: "), "{error}");
    }
    assert_eq!(mock.control("GET", "/faults", None).await.unwrap(), json!([]));
    let any = json!({"match": {"method": "*", "path": "*"}, "answer": {"status": 204}});
    mock.control("POST", "/faults", Some(any)).await.unwrap();
    assert_eq!(ask(&mock, "GET", LOAD, None).await.unwrap(), (204, String::new()));
}

/// A proxy between client and server knows nothing of it.
#[tokio::test]
async fn an_answer_with_a_body_of_its_own_has_no_version_of_the_api() {
    let mock = Mock::start().await.unwrap();
    let answer = async || {
        let request = http().get(format!("{}{LOAD}", mock.url()));
        let answer = request.header("Authorization", mock.password()).send().await.unwrap();
        answer.headers().get("lavalink-api-version").map(|value| value.to_str().unwrap().to_owned())
    };
    mock.fault(at_load().status(502).times(1)).await.unwrap();
    assert_eq!(answer().await.as_deref(), Some("4"));
    mock.fault(at_load().status(502).body("Bad Gateway").times(1)).await.unwrap();
    assert_eq!(answer().await, None);
    let own = at_load().status(502).body("x").header("Lavalink-Api-Version", "4").times(1);
    mock.fault(own).await.unwrap();
    assert_eq!(answer().await.as_deref(), Some("4"));
}
