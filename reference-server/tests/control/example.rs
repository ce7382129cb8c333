//! The test of a bot that README.md shows.

use lavalink_reference_server::{Mock, Until, Wanted};
use serde_json::json;

use crate::support::Bot;

#[tokio::test]
async fn a_song_ends() -> Result<(), Box<dyn std::error::Error>> {
    let mock = Mock::start().await?; // stops when it is dropped; fifty in one process are fine
    let bot = Bot::connect(&mock).await; // yours: mock.url() and mock.password() lead it here
    mock.track("ytsearch:hello", json!({"title": "Hello", "lengthMs": 295_000})).await?;
    bot.play(&mock, "ytsearch:hello").await;
    let playing = Wanted::request("PATCH", "*/players/*").body(json!({"track": {}}));
    mock.wait_for(playing).await?;
    let end = mock.advance_until(Until::event("TrackEndEvent")).await?; // five minutes, at once
    assert_eq!(end["reason"], "finished");
    Ok(())
}

#[test]
fn it_is_shown_as_it_is() {
    let source = include_str!("example.rs").replace("\r\n", "\n");
    let begin = source.find("#[tokio::test]").unwrap();
    let length = source[begin..].find("\n}\n").unwrap() + 2;
    let example = &source[begin..begin + length];
    assert!(example.lines().count() < 15);
    let shown = include_str!("../../README.md").replace("\r\n", "\n");
    assert!(shown.contains(example));
}
