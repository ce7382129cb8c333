//! Sessions that lose their sockets at any moment, while tracks play.

use std::io::Write;
use std::time::Duration;

use futures::future::join_all;
use lavalink_reference_server::config::{Config, SourceSwitches};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Server, Socket, VOICE};

const SESSIONS: u64 = 200;
const TRACKS: u64 = 4;

/// Length of a track, ms.
const LENGTH: u64 = 200;

/// What a client was told, over all its sockets.
#[derive(Default)]
struct Account {
    /// Numbers of the tracks that began and ended, in order.
    events: Vec<(&'static str, u64)>,
    resumed: usize,
}

impl Account {
    fn note(&mut self, message: &Value) {
        let number = || message["track"]["userData"]["number"].as_u64().unwrap();
        match message["type"].as_str() {
            Some("TrackStartEvent") => self.events.push(("start", number())),
            Some("TrackEndEvent") => {
                assert_eq!(message["reason"], "finished", "{message}");
                self.events.push(("end", number()));
            }
            Some(other) => panic!("a {other} came: {message}"),
            None => {}
        }
    }

    fn ended(&self, number: u64) -> bool {
        self.events.contains(&("end", number))
    }
}

/// A track that ends soon.
pub(crate) fn short_track() -> NamedTempFile {
    let frames = 48_000 * LENGTH / 1000;
    let data = (frames * 4) as u32;
    let mut file = tempfile::Builder::new().suffix(".wav").tempfile().unwrap();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    bytes.extend(48_000u32.to_le_bytes());
    bytes.extend(192_000u32.to_le_bytes());
    bytes.extend(b"\x04\0\x10\0data");
    bytes.extend(data.to_le_bytes());
    bytes.resize(44 + data as usize, 1);
    file.write_all(&bytes).unwrap();
    file
}

/// Comes back to its session, once the server has noticed that it was left.
pub(crate) async fn come_back(server: &Server, id: &str) -> Socket {
    let path = format!("/v4/sessions/{id}/players");
    while server.get(&path).await.status == 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let headers = [("User-Id", "1"), ("Session-Id", id)];
    let mut socket = server.try_connect(&headers).await.unwrap();
    let ready = socket.next().await;
    assert_eq!((&ready["resumed"], &ready["sessionId"]), (&json!(true), &json!(id)));
    socket.id = id.to_owned();
    socket
}

/// Closes a socket, and reads what comes until the server has closed it too: what TCP loses with
/// a connection that is cut nobody can account for.
async fn leave(mut socket: Socket, account: &mut Account) {
    socket.say(Message::Close(None)).await;
    while let Some(message) = socket.next_message().await {
        if let Message::Text(text) = message {
            account.note(&serde_json::from_str(&text).unwrap());
        }
    }
}

/// Plays one track after the other, and loses its socket now and then: in one of them as soon as it
/// is asked for, and whenever it ran out of patience, which it does less if the machine is slow.
async fn client(server: &Server, track: &str, seed: u64) -> Account {
    let mut random = StdRng::seed_from_u64(seed);
    let mut account = Account::default();
    let mut socket = server.connect().await;
    let session = format!("/v4/sessions/{}", socket.id);
    server.patch(&session, r#"{"resuming": true, "timeout": 60}"#).await;
    server.patch(&socket.player(1), VOICE).await;
    for number in 0..TRACKS {
        let play = json!({"track": {"identifier": track, "userData": {"number": number}}});
        let answer = server.patch(&socket.player(1), &play.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let mut leaves = number == seed % TRACKS;
        while leaves || !account.ended(number) {
            let patience = Duration::from_millis(random.random_range(0..400));
            let reads_on = !std::mem::take(&mut leaves) && {
                let reading = async {
                    while !account.ended(number) {
                        let message = socket.next().await;
                        account.note(&message);
                    }
                };
                tokio::time::timeout(patience, reading).await.is_ok()
            };
            if !reads_on {
                let id = std::mem::take(&mut socket.id);
                leave(socket, &mut account).await;
                let pause = Duration::from_millis(random.random_range(0..300));
                tokio::time::sleep(pause).await;
                socket = come_back(server, &id).await;
                account.resumed += 1;
            }
        }
    }
    account
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_sessions_lose_their_sockets_and_no_event() {
    let server = Server::start_with(Config {
        simulate_voice: true,
        opus_encoding_quality: 0,
        sources: SourceSwitches { local: true, http: false, youtube: false, soundcloud: false },
        ..Config::default()
    });
    let file = short_track();
    let track = file.path().to_str().unwrap();
    let accounts = join_all((0..SESSIONS).map(|seed| client(&server, track, seed))).await;
    let expected: Vec<_> =
        (0..TRACKS).flat_map(|number| [("start", number), ("end", number)]).collect();
    for (seed, account) in accounts.iter().enumerate() {
        assert_eq!(account.events, expected, "client {seed}");
        assert!(account.resumed > 0, "client {seed} never lost its socket");
    }
}
