//! What `--vary` does now like this, now like that.

use std::collections::BTreeSet;

use lavalink_reference_server::config::{ClockKind, Config, Password};
use serde_json::{Value, json};

use crate::support::{Server, VOICE, advance};

fn start(vary: Option<u64>) -> Server {
    Server::start_with(Config {
        clock: ClockKind::Manual,
        control_token: Some(Password("token".into())),
        simulate_voice: true,
        simulate_sources: true,
        vary,
        ..Config::default()
    })
}

/// The kinds of what comes when one session begins, plays, seeks and plays to its end.
async fn story(server: &Server) -> Vec<String> {
    let mut socket = server.try_connect(&[("User-Id", "1")]).await.unwrap();
    let mut kinds = Vec::new();
    for _ in 0..2 {
        let message = socket.next().await;
        kinds.push(kind(&message));
        if let Some(id) = message["sessionId"].as_str() {
            socket.id = id.to_owned();
        }
    }
    server.patch(&socket.player(1), VOICE).await;
    let found = server.get("/v4/loadtracks?identifier=ytsearch:tune%20[4s]").await.json();
    let body = json!({"track": {"encoded": found["data"][0]["encoded"]}}).to_string();
    server.patch(&socket.player(1), &body).await;
    advance(server, 1000).await;
    let answer = server.patch(&socket.player(1), r#"{"position": 2000}"#).await.json();
    kinds.push(format!("seek answered {}", answer["state"]["position"] == 2000));
    advance(server, 4000).await;
    server.patch(&socket.player(2), r#"{"filters": {}}"#).await;
    loop {
        let message = socket.next().await;
        if message["guildId"] == "2" {
            return kinds;
        }
        kinds.push(kind(&message));
    }
}

fn kind(message: &Value) -> String {
    let kind = if message["op"] == "event" { &message["type"] } else { &message["op"] };
    kind.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_time_the_same_things_happen_and_not_always_in_the_same_order() {
    let server = start(Some(1));
    let mut stories = BTreeSet::new();
    for _ in 0..16 {
        stories.insert(story(&server).await);
    }
    let all: Vec<_> = stories.iter().collect();
    assert!(all.len() > 4, "{all:?}");
    for (place, both) in
        [(0, ["ready", "stats"]), (2, ["seek answered false", "seek answered true"])]
    {
        let seen: BTreeSet<_> = all.iter().map(|story| story[place].as_str()).collect();
        assert_eq!(seen, BTreeSet::from(both));
    }
    for story in all {
        // A start gives one update less now and then (docs/observed/playback.md#starts).
        let updates = story.iter().filter(|kind| *kind == "playerUpdate").count();
        assert!((3..=4).contains(&updates), "{story:?}");
        let others =
            story.iter().filter(|kind| !kind.starts_with("seek") && *kind != "playerUpdate");
        let mut sorted: Vec<_> = others.cloned().collect();
        sorted.sort();
        assert_eq!(sorted, ["TrackEndEvent", "TrackStartEvent", "ready", "stats"], "{story:?}");
        let at = |kind: &str| story.iter().position(|other| other == kind);
        assert!(at("TrackStartEvent") < at("TrackEndEvent"), "{story:?}");
    }
}

#[tokio::test]
async fn without_a_seed_every_time_is_the_same() {
    let server = start(None);
    let first = story(&server).await;
    assert_eq!(first[..3], ["ready", "stats", "seek answered true"]);
    for _ in 0..4 {
        assert_eq!(story(&server).await, first);
    }
}
