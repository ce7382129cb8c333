//! Voice that nobody hears: nothing is decoded, filtered or encoded for it, and a client cannot
//! tell.

use futures::{SinkExt, StreamExt};
use lavalink_reference_server::config::{ClockKind, Config, Password, SourceSwitches};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, Socket, VOICE, send};
use crate::voice::VoiceServer;

/// What a client does.
enum Step {
    /// Changes player 1, or another one.
    Patch(u8, Value),
    /// Waits, ms.
    Pass(u64),
}

use Step::{Pass, Patch};

fn config() -> Config {
    Config {
        clock: ClockKind::Manual,
        control_token: Some(Password("token".into())),
        simulate_sources: true,
        // Nobody listens to it closely.
        opus_encoding_quality: 0,
        sources: SourceSwitches { local: true, http: false, youtube: true, soundcloud: false },
        ..Config::default()
    }
}

/// A track of a simulated source, as its title says, or a file of the fixtures.
async fn track(server: &Server, name: &str) -> Value {
    if name.starts_with("tone.") {
        let path = format!("{}/../fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"));
        return json!({"identifier": path});
    }
    let path = format!("/v4/loadtracks?identifier=ytsearch:{}", name.replace(' ', "%20"));
    json!({"encoded": server.get(&path).await.json()["data"][0]["encoded"]})
}

/// Moves time by at most that, up to where something is sent; by how much, ms.
async fn advance_to_message(server: &Server, ms: u64) -> u64 {
    let request = server.request(Method::POST, "/control/clock/advance").bearer_auth("token");
    let request = request.header("Content-Type", "application/json");
    let answer = send(request.body(json!({"ms": ms, "untilMessage": true}).to_string())).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["advancedMs"].as_u64().unwrap()
}

/// What has arrived: its answer to a ping is behind it.
async fn arrived(socket: &mut Socket) -> Vec<Value> {
    socket.stream.send(Message::Ping("".into())).await.unwrap();
    let mut messages = Vec::new();
    loop {
        match socket.stream.next().await.unwrap().unwrap() {
            Message::Text(text) => messages.push(serde_json::from_str(&text).unwrap()),
            Message::Pong(_) => return messages,
            _ => {}
        }
    }
}

/// Every message, with when it came after the beginning, ms. What only the machine decides is left
/// out.
async fn messages(server: &Server, voice: &str, steps: &[Step]) -> Vec<(u64, Value)> {
    let mut socket = server.connect().await;
    for player in 1..=2 {
        assert_eq!(server.patch(&socket.player(player), voice).await.status, 200);
    }
    // A connection that is new says that it is silent.
    let mut joining = 2000;
    while joining > 0 {
        joining -= advance_to_message(server, joining).await;
    }
    arrived(&mut socket).await;
    let (mut now, mut seen) = (0, Vec::new());
    for step in steps {
        match step {
            Patch(player, body) => {
                let answer =
                    server.patch(&socket.player((*player).into()), &body.to_string()).await;
                assert_eq!(answer.status, 200, "{answer:?}");
                // What is opened has time to be.
                advance_to_message(server, 0).await;
                seen.extend(arrived(&mut socket).await.into_iter().map(|message| (now, message)));
            }
            Pass(ms) => {
                let end = now + ms;
                while now < end {
                    now += advance_to_message(server, end - now).await;
                    let came = arrived(&mut socket).await;
                    seen.extend(came.into_iter().map(|message| (now, message)));
                }
            }
        }
    }
    seen.retain(|(_, message)| message["op"] != "stats");
    for (_, message) in &mut seen {
        if let Some(state) = message["state"].as_object_mut() {
            state.remove("time");
            state.remove("ping");
        }
    }
    seen
}

/// Compares what a client sees of these steps with voice that is heard and with voice that is not.
async fn compare(what: &str, name: &str, steps: impl Fn(Value) -> Vec<Step>) -> Vec<(u64, Value)> {
    let [seen, expected] = both(name, steps).await;
    assert_eq!(seen, expected, "{what}");
    seen
}

/// What a client sees with voice that is not heard, and with voice that is.
async fn both(name: &str, steps: impl Fn(Value) -> Vec<Step>) -> [Vec<(u64, Value)>; 2] {
    let channel = VoiceServer::start().await.unwrap();
    let heard =
        Server::start_with(Config { voice_ca: Some(channel.authority().into()), ..config() });
    let unheard = Server::start_with(Config { simulate_voice: true, ..config() });
    let voice = VOICE.replace("nowhere:1", channel.endpoint());
    let expected = messages(&heard, &voice, &steps(track(&heard, name).await)).await;
    let seen = messages(&unheard, VOICE, &steps(track(&unheard, name).await)).await;
    [seen, expected]
}

fn types(messages: &[(u64, Value)]) -> Vec<&str> {
    messages.iter().filter_map(|(_, message)| message["type"].as_str()).collect()
}

#[tokio::test]
async fn a_track_ends_when_it_would() {
    for name in ["[7s] a", "tone.wav", "tone.mp3", "tone.flac", "tone.ogg"] {
        let seen = compare(name, name, |track| vec![Patch(1, json!({"track": track})), Pass(8000)]);
        assert_eq!(types(&seen.await), ["TrackStartEvent", "TrackEndEvent"]);
    }
}

#[tokio::test]
async fn seeks_pauses_and_end_times_are_where_they_would_be() {
    compare("seeks and pauses", "[20s] a", |track| {
        vec![
            Patch(1, json!({"track": track})),
            Pass(1010),
            Patch(1, json!({"position": 9_990})),
            Pass(333),
            Patch(1, json!({"paused": true})),
            Pass(2000),
            Patch(1, json!({"paused": false, "volume": 50})),
            Pass(700),
            Patch(1, json!({"position": 20_000})),
            Pass(1000),
        ]
    })
    .await;
    let seen = compare("an end time", "[20s] a", |track| {
        vec![Patch(1, json!({"track": track, "endTime": 2345})), Pass(6000)]
    });
    assert_eq!(types(&seen.await), ["TrackStartEvent", "TrackEndEvent"]);
    compare("an end time that comes later", "[20s] a", |track| {
        vec![
            Patch(1, json!({"track": track})),
            Pass(1500),
            Patch(1, json!({"endTime": 4001})),
            Pass(6000),
        ]
    })
    .await;
}

#[tokio::test]
async fn filters_change_how_long_it_takes_as_they_would() {
    for filters in [r#"{"speed":2}"#, r#"{"pitch":1.5,"rate":0.8}"#, r#"{"speed":0.6}"#] {
        let timescale: Value = serde_json::from_str(filters).unwrap();
        compare(filters, "[6s] a", |track| {
            vec![
                Patch(1, json!({"track": track})),
                Pass(610),
                Patch(1, json!({"filters": {"timescale": timescale}})),
                Pass(1000),
                Patch(1, json!({"position": 3000})),
                Pass(9000),
            ]
        })
        .await;
    }
    compare("filters that cannot be", "[8s] a", |track| {
        vec![
            Patch(1, json!({"track": track})),
            Pass(1100),
            Patch(1, json!({"filters": {"volume": 5.5}})),
            Pass(12_000),
        ]
    })
    .await;
}

#[tokio::test]
async fn players_follow_each_other_as_they_would() {
    compare("two players, one after the other", "[3s] a", |track| {
        let play = |player| Patch(player, json!({"track": track.clone()}));
        let mut steps = vec![play(1), Pass(710), play(2)];
        for _ in 0..3 {
            steps.extend([Pass(2700), play(1), Pass(1310), play(2)]);
        }
        steps.push(Pass(5000));
        steps
    })
    .await;
}

#[tokio::test]
async fn what_goes_wrong_does_so_when_it_would() {
    let play = |track: Value| vec![Patch(1, json!({"track": track})), Pass(22_000)];
    let broken = compare("broken", "[broken] [9s] a", play).await;
    assert_eq!(types(&broken), ["TrackStartEvent", "TrackExceptionEvent", "TrackEndEvent"]);
    // When a source that hung goes on is up to the machine, whether it is heard or not: 100 ms of
    // difference were seen. Up to there everything is the same; then it ends within what a voice
    // connection has in its queue.
    let [stuck, expected] = both("[stuck] [9s] a", play).await;
    assert_eq!(types(&stuck), ["TrackStartEvent", "TrackStuckEvent", "TrackEndEvent"]);
    assert_eq!(types(&stuck), types(&expected));
    let is_stuck = |(_, message): &(u64, Value)| message["type"] == "TrackStuckEvent";
    let until = stuck.iter().position(is_stuck).unwrap();
    assert_eq!(stuck[..=until], expected[..=until]);
    let [ended, expected] = [&stuck, &expected].map(|messages| messages.last().unwrap().0);
    assert!(ended.abs_diff(expected) <= 400, "ended at {ended} and {expected} ms");
    compare("not playable", "[unplayable] a", play).await;
}
