//! Sources that ask nobody.

use lavalink_reference_server::config::{ClockKind, Config, Password};
use serde_json::{Value, json};

use crate::support::{Server, Socket, VOICE, advance};

fn start() -> Server {
    Server::start_with(Config {
        clock: ClockKind::Manual,
        control_token: Some(Password("token".into())),
        simulate_voice: true,
        simulate_sources: true,
        ..Config::default()
    })
}

async fn load(server: &Server, identifier: &str) -> Value {
    let path = format!("/v4/loadtracks?identifier={}", identifier.replace(' ', "%20"));
    server.get(&path).await.json()
}

/// Plays what a search finds first, for so many seconds; the types and reasons of the events.
async fn events(search: &str, seconds: u64) -> Vec<(Value, Value)> {
    let server = start();
    let mut socket = server.connect().await;
    server.patch(&socket.player(1), VOICE).await;
    let found = load(&server, search).await;
    let body = json!({"track": {"encoded": found["data"][0]["encoded"]}}).to_string();
    assert_eq!(server.patch(&socket.player(1), &body).await.status, 200, "{found}");
    advance(&server, seconds * 1000).await;
    server.patch(&socket.player(2), r#"{"filters": {}}"#).await;
    let mut events = Vec::new();
    loop {
        let message = socket.next().await;
        if message["guildId"] == "2" {
            return events;
        }
        if message["op"] == "event" {
            events.push((message["type"].clone(), message["reason"].clone()));
        }
    }
}

#[tokio::test]
async fn searches_lists_and_links_are_answered_as_the_real_server_does() {
    let server = start();
    let names = server.get("/v4/info").await.json()["sourceManagers"].clone();
    assert_eq!(names, json!(["youtube", "soundcloud", "http"]));
    let found = load(&server, "ytsearch:a b").await;
    assert_eq!(
        (&found["loadType"], &found["data"][4]["info"]["title"]),
        (&json!("search"), &json!("a b 5"))
    );
    let list = load(&server, "https://www.youtube.com/playlist?list=PL1").await;
    assert_eq!(list["loadType"], "playlist");
    assert_eq!(list["data"]["info"], json!({"name": "Playlist PL1", "selectedTrack": -1}));
    assert_eq!(list["data"]["pluginInfo"], json!({}));
    assert_eq!(list["data"]["tracks"].as_array().map(Vec::len), Some(10));
    let track = load(&server, "https://youtu.be/dQw4w9WgXcQ").await;
    assert_eq!(track["data"]["info"]["sourceName"], "youtube");
    assert_eq!(load(&server, "ytsearch:[empty]").await, json!({"loadType": "empty", "data": null}));
    assert_eq!(load(&server, "scsearch:[error]").await["loadType"], "error");
}

#[tokio::test]
async fn a_list_is_not_played_by_its_identifier() {
    let server = start();
    let socket: Socket = server.connect().await;
    for identifier in ["ytsearch:a", "https://www.youtube.com/playlist?list=PL1"] {
        let body = json!({"track": {"identifier": identifier}}).to_string();
        let answer = server.patch(&socket.player(1), &body).await;
        assert_eq!(answer.status, 400, "{identifier}");
        assert_eq!(answer.message(), "Cannot play a playlist or search result", "{identifier}");
    }
}

#[tokio::test]
async fn tracks_do_what_their_titles_ask_for() {
    let event = |kind: &str| (json!(format!("{kind}Event")), Value::Null);
    let end = |reason: &str| (json!("TrackEndEvent"), json!(reason));
    assert_eq!(events("ytsearch:a [5s]", 6).await, [event("TrackStart"), end("finished")]);
    assert_eq!(
        events("scsearch:a [unplayable]", 1).await,
        [event("TrackStart"), event("TrackException"), end("loadFailed")]
    );
    assert_eq!(
        events("ytsearch:a [broken]", 5).await,
        [event("TrackStart"), event("TrackException"), end("finished")]
    );
    assert_eq!(
        events("ytsearch:a [20s] [stuck]", 40).await,
        [event("TrackStart"), event("TrackStuck"), end("finished")]
    );
    assert_eq!(events("ytsearch:a [live]", 60).await, [event("TrackStart")]);
}
