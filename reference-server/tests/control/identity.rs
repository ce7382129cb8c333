//! What a mock says it is and how it is.

use lavalink_reference_server::Mock;
use serde_json::{Value, json};

use crate::support::{Bot, ask, get, http};

#[tokio::test]
async fn another_version_and_plugins_are_told() {
    let info = json!({"version": "3.7.13", "plugins": ["lavasrc-plugin"], "apiVersion": "3"});
    let mock = Mock::builder().info(info.clone()).start().await.unwrap();
    assert_eq!(ask(&mock, "GET", "/version", None).await.unwrap().1, "3.7.13");
    let told = get(&mock, "/v4/info").await;
    let version =
        json!({"semver": "3.7.13", "major": 3, "minor": 7, "patch": 13, "preRelease": ""});
    assert_eq!(told["version"], version);
    assert_eq!(told["plugins"], json!([{"name": "lavasrc-plugin", "version": "1.0.0"}]));
    let request = http().get(format!("{}/v4/info", mock.url()));
    let answer = request.header("Authorization", mock.password()).send().await.unwrap();
    assert_eq!(answer.headers()["lavalink-api-version"], "3");
    let bot = Bot::connect(&mock).await;
    assert_eq!(bot.response.headers()["lavalink-api-version"], "3");
    assert_eq!(mock.control("GET", "/info", None).await.unwrap(), info);

    mock.info(json!({"filters": ["volume"]})).await.unwrap();
    let told = get(&mock, "/v4/info").await;
    assert_eq!(
        (&told["version"]["semver"], &told["filters"]),
        (&json!("4.2.2"), &json!(["volume"]))
    );
    mock.info(json!({})).await.unwrap();
    assert_eq!(get(&mock, "/v4/info").await["filters"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn statistics_are_made_up_and_sent_at_once() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    let own = bot.until(|message| message["op"] == "stats").await;
    let made_up = json!({
        "cpu": {"systemLoad": 0.99}, "playingPlayers": 250, "frameStats": {"nulled": 10, "deficit": 500},
    });
    mock.stats(made_up).await.unwrap();
    let told = bot.until(|message| message["op"] == "stats").await;
    assert_eq!((&told["cpu"]["systemLoad"], &told["playingPlayers"]), (&json!(0.99), &json!(250)));
    assert_eq!(told["frameStats"], json!({"sent": 2490, "nulled": 10, "deficit": 500}));
    assert_eq!(told["memory"], own["memory"]);
    let rest = get(&mock, "/v4/stats").await;
    assert_eq!((&rest["cpu"]["systemLoad"], &rest["frameStats"]), (&json!(0.99), &Value::Null));
    mock.stats(json!({})).await.unwrap();
    assert_eq!(bot.until(|message| message["op"] == "stats").await, own);
}

/// What clients see of a run: every byte.
async fn transcript(seed: u64) -> Vec<String> {
    let mock = Mock::builder().seed(seed).start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    let mut seen = vec![bot.id.clone()];
    bot.play(&mock, "ytsearch:[7s] a").await;
    for _ in 0..3 {
        mock.advance(std::time::Duration::from_secs(30)).await.unwrap();
        seen.push(ask(&mock, "GET", "/v4/stats", None).await.unwrap().1);
        seen.push(bot.player(&mock, 1).await.to_string());
    }
    mock.push("latest", json!({"op": "over"})).await.unwrap();
    loop {
        let text = bot.text().await;
        let over = text.contains("over");
        seen.push(text);
        if over {
            return seen;
        }
    }
}

#[tokio::test]
async fn two_runs_are_the_same_to_the_byte() {
    let first = transcript(1).await;
    assert!(first.len() > 10, "{first:?}");
    assert_eq!(first, transcript(1).await);
    assert_ne!(first[0], transcript(2).await[0]);
    assert!(first.iter().any(|text| text.contains("1735689")), "{first:?}");
}
