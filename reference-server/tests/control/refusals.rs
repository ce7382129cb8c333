//! What is wrong is said, and what was meant.

use lavalink_reference_server::{Mock, MockError};
use serde_json::{Value, json};

use crate::support::http;

async fn refused(mock: &Mock, method: &str, path: &str, body: Value) -> (u16, Value) {
    let MockError::Refused { status, body, .. } =
        mock.control(method, path, Some(body)).await.unwrap_err()
    else {
        panic!("{path} is not refused")
    };
    (status, body)
}

#[tokio::test]
async fn unknown_keys_paths_and_methods_are_named() {
    let mock = Mock::start().await.unwrap();
    let (status, error) =
        refused(&mock, "POST", "/clock/advance", json!({"untilmessage": true})).await;
    assert_eq!(
        (status, &error["key"], &error["nearest"]),
        (400, &json!("untilmessage"), &json!("untilMessage"))
    );
    let (_, error) = refused(&mock, "POST", "/clock/advance", json!({"ms": 10.5})).await;
    assert_eq!(error["error"], "ms: send a whole number from 0 to 31622400000, not 10.5");
    let until = json!({"until": {"type": "TrackEndEvnet"}});
    let (status, error) = refused(&mock, "POST", "/clock/advance", until).await;
    assert_eq!((status, &error["key"]), (400, &json!("until.type")));
    assert_eq!(
        error["error"],
        "until.type: unknown word \"TrackEndEvnet\"; did you mean TrackEndEvent?"
    );
    let fault = json!({"answer": {"delay": 5}});
    let (_, error) = refused(&mock, "POST", "/faults", fault).await;
    assert_eq!((&error["key"], &error["nearest"]), (&json!("answer.delay"), &json!("delayMs")));
    let (status, error) = refused(&mock, "GET", "/request", json!({})).await;
    assert_eq!((status, &error["nearest"]), (404, &json!("/requests")));
    let (status, error) = refused(&mock, "PUT", "/reset", json!({})).await;
    assert_eq!((status, &error["error"]), (405, &json!("/reset takes POST, not PUT")));
    let (status, error) = refused(&mock, "DELETE", "/faults/7", json!({})).await;
    assert_eq!(status, 404, "{error}");
    let (status, error) = refused(&mock, "GET", "/requests?sinse=7", json!({})).await;
    assert_eq!((status, &error["nearest"]), (400, &json!("since")));
    assert_eq!(error["error"], "unknown parameter \"sinse\"; did you mean since? There is: since");
    for body in [json!({}), json!({"match": {}})] {
        let (status, error) = refused(&mock, "POST", "/requests/wait", body).await;
        let told = error["error"].as_str().unwrap();
        let hint = r#"say what to wait for, such as {"method": "GET", "path": "/v4/loadtracks"}"#;
        assert!(status == 400 && told.contains(hint), "{status} {told}");
    }
    let never = json!({"match": {"path": "v4/info"}});
    let (status, error) = refused(&mock, "POST", "/requests/wait", never).await;
    assert_eq!((status, &error["key"]), (400, &json!("match.path")));
}

#[tokio::test]
async fn what_is_no_json_is_told_from_what_is_not_said_to_be() {
    let mock = Mock::start().await.unwrap();
    let url = format!("{}/control/clock/advance", mock.url());
    let post = || http().post(&url).bearer_auth(mock.control_token());
    let answer = async |request: reqwest::RequestBuilder| {
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        (status, body["error"].as_str().unwrap().to_owned())
    };
    let text = post().header("Content-Type", "text/plain").body("{\"ms\": 1}");
    let told = (415, "send Content-Type: application/json; not text/plain".to_owned());
    assert_eq!(answer(text).await, told);
    assert_eq!(answer(post().body("{\"ms\": 1}")).await.0, 415);
    let broken = post().header("Content-Type", "application/json").body("{\"ms\": ");
    let (status, message) = answer(broken).await;
    assert_eq!(status, 400);
    assert!(message.starts_with("the body is not JSON"), "{message}");
    let (status, message) = answer(post()).await;
    assert_eq!(
        (status, message.as_str()),
        (400, "send an object with ms, untilMessage, until, not null")
    );
    let twice = post().header("Content-Type", "application/json").body(r#"{"ms": 1, "ms": 2}"#);
    let (status, message) = answer(twice).await;
    assert_eq!(
        (status, message.contains("the key \"ms\" stands there twice")),
        (400, true),
        "{message}"
    );
    let deep = format!("{{\"ms\": {}{}}}", "[".repeat(200), "]".repeat(200));
    let (status, message) =
        answer(post().header("Content-Type", "application/json").body(deep)).await;
    assert_eq!((status, message.contains("recursion limit")), (400, true), "{message}");
    let long =
        post().header("Content-Type", "application/json").body(" ".repeat(16 * 1024 * 1024 + 1));
    let (status, message) = answer(long).await;
    assert_eq!((status, message.contains("16777216 bytes")), (413, true), "{message}");
    for scheme in ["bearer", "BEARER"] {
        let token = format!("{scheme} {}", mock.control_token());
        let health = format!("{}/control/health", mock.url());
        let known = http().get(health).header("Authorization", token).send().await.unwrap();
        assert_eq!(known.status(), 200, "{scheme}");
    }
    let foreign = http().post(&url).bearer_auth("wrong").send().await.unwrap();
    assert_eq!(foreign.status(), 401);
}
