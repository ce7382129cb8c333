//! What clients did, and waiting for it.

use std::time::Duration;

use lavalink_reference_server::{Mock, Wanted};
use serde_json::{Value, json};

use crate::support::{Bot, ask, get};

#[tokio::test]
async fn requests_are_written_down_without_the_password() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.patch(&mock, 1, json!({"volume": 30})).await;
    get(&mock, "/v4/loadtracks?identifier=ytsearch%3Aa&x=%20").await;
    let seen = mock.requests().await.unwrap();
    let told = |index: usize, key: &str| seen[index][key].clone();
    assert_eq!((told(0, "kind"), told(0, "status")), (json!("handshake"), json!(101)));
    assert_eq!((told(0, "sessionId"), told(0, "resumed")), (json!(bot.id), json!(false)));
    assert_eq!(seen[0]["headers"]["client-name"], "bot/1");
    assert_eq!((told(1, "method"), told(1, "body")), (json!("PATCH"), json!({"volume": 30})));
    assert_eq!(told(1, "path"), json!(format!("/v4/sessions/{}/players/1", bot.id)));
    assert_eq!(told(2, "query"), json!({"identifier": "ytsearch:a", "x": " "}));
    assert_eq!((told(2, "status"), told(2, "body")), (json!(200), Value::Null));
    assert!(seen.iter().all(|entry| entry["headers"]["authorization"] == "***"));
    assert!(!format!("{seen:?}").contains(mock.password()));
    let ids: Vec<_> = seen.iter().map(|entry| entry["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3]);
}

#[tokio::test]
async fn a_wait_that_was_there_before_ends_with_the_request() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    let volume = |volume: u64| {
        Wanted::request("PATCH", "*/players/*").body(json!({"volume": volume})).count(2)
    };
    let wait = mock.wait_for(volume(30));
    let act = async {
        for volume in [30, 40, 30] {
            bot.patch(&mock, 1, json!({"volume": volume})).await;
        }
    };
    let (found, ()) = tokio::join!(wait, act);
    let found = found.unwrap();
    assert_eq!(found.len(), 2);
    // It is applied, and not only on its way.
    assert_eq!(found[0]["status"], 200);
    let later = volume(30).count(1).since(found[1]["id"].as_u64().unwrap());
    let none = mock.wait_for(later.within(Duration::from_millis(20))).await.unwrap_err();
    assert_eq!(none.status(), Some(408));
}

#[tokio::test]
async fn what_did_not_come_is_told_with_the_nearest_that_did() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.patch(&mock, 1, json!({"volume": 50, "paused": true})).await;
    get(&mock, "/v4/info").await;
    let wanted = Wanted::request("PATCH", "*/players/1").body(json!({"volume": 30}));
    let error = mock.wait_for(wanted.within(Duration::from_millis(20))).await.unwrap_err();
    let message = error.to_string();
    assert!(message.contains("body.volume: 30 was asked for, 50 was sent"), "{message}");
    assert!(message.starts_with("nothing that matches {\"method\":\"PATCH\""), "{message}");
    assert!(
        message.contains("came within 20 ms; the nearest was PATCH /v4/sessions/"),
        "{message}"
    );
    let lavalink_reference_server::MockError::Refused { body, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(body["matched"], 0);
    assert_eq!(body["nearest"][0]["request"]["method"], "PATCH");
    assert_eq!(body["nearest"].as_array().unwrap().len(), 3);
    let status = Wanted::request("get", "/v4/info").status(404).within(Duration::ZERO);
    let message = mock.wait_for(status).await.unwrap_err().to_string();
    assert!(message.contains("status: 404 was asked for, 200 was there"), "{message}");
}

#[tokio::test]
async fn the_ends_of_sockets_are_written_down() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    let first = bot.id.clone();
    drop(bot);
    let bot = Bot::connect(&mock).await;
    mock.drop_socket(&bot.id, Some(4000)).await.unwrap();
    let closes = mock.wait_for(Wanted::close().count(2)).await.unwrap();
    let told: Vec<_> =
        closes.iter().map(|close| (&close["sessionId"], &close["code"], &close["by"])).collect();
    let wanted = [
        (&json!(first), &json!(1006), &json!("client")),
        (&json!(bot.id), &json!(4000), &json!("server")),
    ];
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn bodies_that_are_no_json_and_requests_that_are_refused_are_there_too() {
    let mock = Mock::start().await.unwrap();
    let path = "/v4/sessions/none/players/1";
    assert_eq!(ask(&mock, "PATCH", path, Some(json!("{"))).await.unwrap().0, 400);
    let refused = crate::support::http().get(format!("{}/v4/info", mock.url())).send().await;
    assert_eq!(refused.unwrap().status(), 401);
    let seen = mock.requests().await.unwrap();
    assert_eq!((&seen[0]["body"], &seen[0]["status"]), (&json!("{"), &json!(400)));
    assert_eq!(seen[1]["status"], 401);
    mock.control("DELETE", "/requests", None).await.unwrap();
    assert!(mock.requests().await.unwrap().is_empty());
}
