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
    let fault = json!({"answer": {"delay": 5}});
    let (_, error) = refused(&mock, "POST", "/faults", fault).await;
    assert_eq!((&error["key"], &error["nearest"]), (&json!("answer.delay"), &json!("delayMs")));
    let (status, error) = refused(&mock, "GET", "/request", json!({})).await;
    assert_eq!((status, &error["nearest"]), (404, &json!("/requests")));
    let (status, error) = refused(&mock, "PUT", "/reset", json!({})).await;
    assert_eq!((status, &error["error"]), (405, &json!("/reset takes POST, not PUT")));
    let (status, error) = refused(&mock, "DELETE", "/faults/7", json!({})).await;
    assert_eq!(status, 404, "{error}");
    let (status, _) = refused(&mock, "GET", "/requests?sinc=7", json!({})).await;
    assert_eq!(status, 400);
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
    let foreign = http().post(&url).bearer_auth("wrong").send().await.unwrap();
    assert_eq!(foreign.status(), 401);
}
