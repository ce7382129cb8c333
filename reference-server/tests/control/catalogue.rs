//! Tracks of a test's own.

use std::time::Duration;

use lavalink_reference_server::{Mock, Until};
use serde_json::{Value, json};

use crate::support::{Bot, get, load};

#[tokio::test]
async fn a_track_of_any_source_encodes_decodes_plays_and_ends() {
    let mock = Mock::start().await.unwrap();
    let hello = json!({
        "title": "Hello", "author": "Adele", "isrc": "GBBKS1500214", "lengthMs": 295_000,
        "artworkUrl": "https://i.scdn.co/x", "pluginInfo": {"albumName": "25"},
        "userData": {"from": "test"},
    });
    mock.track("spsearch:hello", hello).await.unwrap();
    let found = load(&mock, "spsearch:hello").await;
    assert_eq!(found["loadType"], "search");
    let track = &found["data"][0];
    let info = &track["info"];
    assert_eq!((&info["title"], &info["author"]), (&json!("Hello"), &json!("Adele")));
    assert_eq!((&info["isrc"], &info["length"]), (&json!("GBBKS1500214"), &json!(295_000)));
    assert_eq!(
        (&info["sourceName"], &info["artworkUrl"]),
        (&json!("spotify"), &json!("https://i.scdn.co/x"))
    );
    assert_eq!(
        (&track["pluginInfo"], &track["userData"]),
        (&json!({"albumName": "25"}), &json!({"from": "test"}))
    );

    let encoded = track["encoded"].as_str().unwrap();
    let escaped = encoded.replace('+', "%2B").replace('=', "%3D");
    let decoded = get(&mock, &format!("/v4/decodetrack?encodedTrack={escaped}")).await;
    assert_eq!((&decoded["info"], &decoded["pluginInfo"]), (info, &track["pluginInfo"]));
    // It is found by its address too.
    let by_uri = load(&mock, info["uri"].as_str().unwrap()).await;
    assert_eq!((&by_uri["loadType"], &by_uri["data"]["info"]), (&json!("track"), info));

    let mut bot = Bot::connect(&mock).await;
    bot.play(&mock, "spsearch:hello").await;
    let started = bot.event("TrackStartEvent").await;
    assert_eq!(started["track"]["pluginInfo"], json!({"albumName": "25"}));
    let end = mock.advance_until(Until::event("TrackEndEvent").guild(1)).await.unwrap();
    assert_eq!(
        (&end["reason"], &end["track"]["info"]["title"]),
        (&json!("finished"), &json!("Hello"))
    );
    assert_eq!(bot.event("TrackEndEvent").await, end);
    let sources = get(&mock, "/v4/info").await["sourceManagers"].clone();
    assert!(sources.as_array().unwrap().contains(&json!("spotify")), "{sources}");
}

#[tokio::test]
async fn identifiers_lead_to_what_they_are_told_to() {
    let failure = json!({"message": "private", "severity": "suspicious", "cause": "x"});
    let playlist = json!({
        "name": "Best", "selectedTrack": 1, "pluginInfo": {"type": "album"},
        "tracks": [{"title": "a"}, {"title": "b"}],
    });
    let catalogue = json!({"entries": [
        {"identifier": "ytsearch:none", "empty": true},
        {"identifier": "ytsearch:*", "search": [{"title": "any"}, {"title": "other"}]},
        {"identifier": "https://www.deezer.com/album/*", "playlist": playlist},
        {"identifier": "broken", "error": failure},
    ]});
    let mock = Mock::builder().catalogue(catalogue.clone()).start().await.unwrap();
    assert_eq!(load(&mock, "ytsearch:none").await["loadType"], "empty");
    let found = load(&mock, "ytsearch:whatever it is").await;
    assert_eq!(found["data"].as_array().unwrap().len(), 2);
    let list = load(&mock, "https://www.deezer.com/album/1").await;
    assert_eq!(list["loadType"], "playlist");
    assert_eq!(list["data"]["info"], json!({"name": "Best", "selectedTrack": 1}));
    assert_eq!(list["data"]["pluginInfo"], json!({"type": "album"}));
    assert_eq!(list["data"]["tracks"][1]["info"]["sourceName"], "deezer");
    let error = load(&mock, "broken").await;
    assert_eq!(
        (&error["loadType"], &error["data"]["severity"]),
        (&json!("error"), &json!("suspicious"))
    );
    assert_eq!(error["data"]["message"], "private");
    // What is not in it is as it was.
    assert_eq!(load(&mock, "scsearch:a").await["data"].as_array().unwrap().len(), 5);
    let told = mock.control("GET", "/catalogue", None).await.unwrap();
    assert_eq!(told["entries"], catalogue["entries"]);
    mock.track("ytsearch:none", json!({"title": "new"})).await.unwrap();
    assert_eq!(load(&mock, "ytsearch:none").await["data"][0]["info"]["title"], "new");
    mock.control("DELETE", "/catalogue", None).await.unwrap();
    assert_eq!(load(&mock, "ytsearch:x").await["data"].as_array().unwrap().len(), 5);
}

async fn events(plays: Value, length: u64) -> Vec<Value> {
    let mock = Mock::start().await.unwrap();
    mock.track("odd", json!({"lengthMs": length, "plays": plays})).await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    bot.play(&mock, "odd").await;
    mock.advance(Duration::from_secs(60)).await.unwrap();
    mock.push("latest", json!({"op": "over"})).await.unwrap();
    let mut events = Vec::new();
    loop {
        let message =
            bot.until(|message| message["op"] == "event" || message["op"] == "over").await;
        match message["op"] == "over" {
            true => return events,
            false => events.push(message),
        }
    }
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_track_can_break_at_its_beginning_or_later() {
    let exception = json!({"message": "gone", "severity": "common", "cause": "it is"});
    let seen = events(json!({"exception": exception}), 10_000).await;
    assert_eq!(types(&seen), ["TrackStartEvent", "TrackExceptionEvent", "TrackEndEvent"]);
    for key in ["message", "severity", "cause"] {
        assert_eq!(seen[1]["exception"][key], exception[key]);
    }
    assert_eq!(seen[2]["reason"], "loadFailed");

    let seen = events(json!({"exception": exception, "afterMs": 3000}), 10_000).await;
    assert_eq!(types(&seen), ["TrackStartEvent", "TrackExceptionEvent", "TrackEndEvent"]);
    for key in ["message", "severity", "cause"] {
        assert_eq!(seen[1]["exception"][key], exception[key]);
    }
    assert_eq!(seen[2]["reason"], "finished");
}

#[tokio::test]
async fn a_track_can_get_stuck() {
    let seen = events(json!("stuck"), 10_000).await;
    assert_eq!(types(&seen), ["TrackStartEvent", "TrackStuckEvent", "TrackEndEvent"]);
    let seen = events(json!({"stuckMs": 5000, "afterMs": 1000}), 10_000).await;
    assert_eq!(types(&seen), ["TrackStartEvent", "TrackEndEvent"]);
}

#[tokio::test]
async fn sources_can_be_had_without_tracks() {
    let mock = Mock::start().await.unwrap();
    mock.track("dzsearch:a", json!({"title": "a"})).await.unwrap();
    let found = load(&mock, "dzsearch:a").await;
    let encoded = found["data"][0]["encoded"].clone();
    let other = Mock::start().await.unwrap();
    let decode = async |mock: &Mock| {
        crate::support::ask(mock, "POST", "/v4/decodetracks", Some(json!([encoded])))
            .await
            .unwrap()
            .0
    };
    assert_eq!(decode(&other).await, 500);
    other.catalogue(json!({"sources": ["deezer"]})).await.unwrap();
    assert_eq!(decode(&other).await, 200);
    let mut bot = Bot::connect(&other).await;
    bot.patch(&other, 1, crate::support::voice()).await;
    bot.patch(&other, 1, json!({"track": {"encoded": encoded}})).await;
    other.advance_until(Until::event("TrackEndEvent").reason("finished")).await.unwrap();
    bot.event("TrackEndEvent").await;
}
