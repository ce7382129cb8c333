//! Emptying a mock.

use lavalink_reference_server::{Fault, Mock};
use serde_json::{Value, json};

use crate::support::{Bot, ask, get, load};

async fn fill(mock: &Mock) {
    mock.track("x", json!({"title": "mine"})).await.unwrap();
    mock.info(json!({"version": "5.0.0"})).await.unwrap();
    mock.stats(json!({"players": 9})).await.unwrap();
    mock.fault(Fault::at("GET", "/version").status(500)).await.unwrap();
    mock.advance(std::time::Duration::from_millis(12_345)).await.unwrap();
}

#[tokio::test]
async fn a_reset_mock_is_as_it_was() {
    let mock = Mock::start().await.unwrap();
    let clock = mock.control("GET", "/clock", None).await.unwrap()["wallMs"].clone();
    let bot = Bot::connect(&mock).await;
    let first = bot.id.clone();
    fill(&mock).await;
    let told = mock.control("POST", "/reset", None).await.unwrap();
    let parts = ["journal", "faults", "catalogue", "info", "stats", "clock"];
    assert_eq!(told, json!({"sessions": 1, "cleared": parts, "kept": []}));
    assert_eq!(mock.control("GET", "/clock", None).await.unwrap()["wallMs"], clock);
    assert!(mock.sessions().await.unwrap().is_empty());
    assert!(mock.requests().await.unwrap().is_empty());
    assert_eq!(ask(&mock, "GET", "/version", None).await.unwrap().1, "4.2.2");
    let stats = get(&mock, "/v4/stats").await;
    assert_eq!((&stats["players"], &stats["uptime"]), (&json!(0), &json!(0)));
    assert_eq!(load(&mock, "x").await["loadType"], "empty");
    // Whoever comes first gets what the first got.
    assert_eq!(Bot::connect(&mock).await.id, first);
}

#[tokio::test]
async fn what_is_to_be_kept_is_kept() {
    let mock = Mock::start().await.unwrap();
    fill(&mock).await;
    let before = mock.control("GET", "/clock", None).await.unwrap();
    mock.reset(&["catalogue", "info", "stats", "clock", "faults"]).await.unwrap();
    assert_eq!(mock.control("GET", "/clock", None).await.unwrap(), before);
    assert_eq!(load(&mock, "x").await["data"]["info"]["title"], "mine");
    assert_eq!(get(&mock, "/v4/stats").await["players"], 9);
    assert_eq!(get(&mock, "/v4/info").await["version"]["semver"], "5.0.0");
    assert_eq!(ask(&mock, "GET", "/version", None).await.unwrap().0, 500);
    let error = mock.reset(&["catalog"]).await.unwrap_err().to_string();
    assert!(error.contains("did you mean catalogue?"), "{error}");
}

#[tokio::test]
async fn sockets_end_with_the_code_that_is_asked_for() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    bot.may_resume(&mock).await;
    let body = json!({"closeCode": 1001, "closeReason": "next test"});
    let told = mock.control("POST", "/reset", Some(body)).await.unwrap();
    assert_eq!(told["sessions"], 1);
    assert_eq!(bot.ended().await, Some(1001));
    assert!(!Bot::try_connect(&mock, Some(&bot.id)).await.unwrap().resumed);
    let mut bot = Bot::connect(&mock).await;
    mock.control("POST", "/reset", Some(Value::Null)).await.unwrap();
    assert_eq!(bot.ended().await, None);
}
