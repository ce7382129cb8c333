//! Tracks that play to nobody, in manual time.

use lavalink_reference_server::config::{ClockKind, Config, Password, SourceSwitches};
use serde_json::{Value, json};

use crate::support::{Server, Socket, VOICE, advance};

pub(crate) fn start() -> Server {
    Server::start_with(Config {
        clock: ClockKind::Manual,
        control_token: Some(Password("token".into())),
        simulate_voice: true,
        sources: SourceSwitches { local: true, http: false, youtube: false, soundcloud: false },
        ..Config::default()
    })
}

pub(crate) async fn play(server: &Server, socket: &Socket, name: &str) -> Value {
    let path = format!("{}/../fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"));
    let body = json!({"track": {"identifier": path}}).to_string();
    server.patch(&socket.player(1), &body).await.json()
}

#[tokio::test]
async fn a_track_plays_to_its_end_without_a_voice_server() {
    let server = start();
    let mut socket = server.connect().await;
    let player = server.patch(&socket.player(1), VOICE).await.json();
    assert_eq!(
        (&player["state"]["connected"], &player["state"]["ping"]),
        (&json!(true), &json!(0))
    );
    play(&server, &socket, "tone.flac").await;
    advance(&server, 1000).await;
    let player = server.get(&socket.player(1)).await.json();
    // The first frame is taken 20 ms after the start, and the sender keeps 20 of them.
    assert_eq!(player["state"]["position"], 1360);
    advance(&server, 2000).await;
    let ended = loop {
        let message = socket.next().await;
        if message["type"] == "TrackEndEvent" {
            break message;
        }
    };
    assert_eq!(
        (&ended["reason"], &ended["track"]["info"]["position"]),
        (&json!("finished"), &json!(2980))
    );
}

#[tokio::test]
async fn the_same_time_gives_the_same_messages() {
    let mut runs = Vec::new();
    for _ in 0..3 {
        let server = start();
        let mut socket = server.connect().await;
        server.patch(&socket.player(1), VOICE).await;
        play(&server, &socket, "tone.mp3").await;
        advance(&server, 500).await;
        server.patch(&socket.player(1), r#"{"position": 2000}"#).await;
        advance(&server, 10_000).await;
        let mut messages = Vec::new();
        while messages.last() != Some(&json!("TrackEndEvent")) {
            let message = socket.next().await;
            messages.push(message["state"]["position"].clone());
            messages.push(message.get("type").unwrap_or(&message["op"]).clone());
        }
        runs.push(messages);
    }
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
}

#[tokio::test]
async fn a_track_that_does_not_begin_leaves_the_others_alone() {
    let server = start();
    let mut socket = server.connect().await;
    server.patch(&socket.player(1), VOICE).await;
    play(&server, &socket, "tone.wav").await;
    let other = socket.player(2);
    server.patch(&other, VOICE).await;
    let broken = server.patch(&other, r#"{"track": {"identifier": "/dev/null"}}"#).await;
    assert_eq!(broken.status, 400);
    advance(&server, 2000).await;
    let ended = loop {
        let message = socket.next().await;
        if message["type"] == "TrackEndEvent" {
            break message;
        }
    };
    assert_eq!((&ended["guildId"], &ended["reason"]), (&json!("1"), &json!("finished")));
}
