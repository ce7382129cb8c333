//! Moving time to a message.

use std::time::Duration;

use lavalink_reference_server::{Mock, Until};
use serde_json::json;

use crate::support::Bot;

#[tokio::test]
async fn time_ends_at_the_message_and_says_where() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.play(&mock, "ytsearch:[240s] a").await;
    let until = json!({"until": {"type": "TrackEndEvent", "guildId": 1, "sessionId": "latest"}});
    let moved = mock.control("POST", "/clock/advance", Some(until)).await.unwrap();
    assert_eq!(moved["message"]["reason"], "finished");
    // Packets are ahead of what is heard by up to 400 ms.
    let advanced = moved["advancedMs"].as_u64().unwrap();
    assert!((239_500..=240_100).contains(&advanced), "{moved}");
}

#[tokio::test]
async fn a_message_that_does_not_come_is_an_error_that_says_what_did() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.play(&mock, "ytsearch:[240s] a").await;
    let until = Until::event("TrackStuckEvent").within(Duration::from_secs(60));
    let error = mock.advance_until(until).await.unwrap_err();
    assert_eq!(error.status(), Some(408));
    let message = error.to_string();
    assert!(message.contains("12 playerUpdate, 1 stats"), "{message}");
}

#[tokio::test]
async fn a_message_that_is_kept_for_a_client_counts() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.may_resume(&mock).await;
    bot.play(&mock, "ytsearch:[7s] a").await;
    mock.drop_socket("latest", None).await.unwrap();
    mock.advance_until(Until::event("TrackEndEvent").session(&bot.id)).await.unwrap();
    let mut bot = Bot::try_connect(&mock, Some(&bot.id)).await.unwrap();
    bot.event("TrackEndEvent").await;
}
