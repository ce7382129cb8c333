//! Sessions that come and go for minutes, and everything that they may do in between.
//!
//! `SOAK_SECONDS=600 cargo test --release -p lavalink-reference-server --test server soak -- --ignored --nocapture`

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;
use lavalink_reference_server::config::{Config, Password, SourceSwitches};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::resuming::{come_back, short_track};
use crate::support::{Server, Socket, VOICE, memory};

/// Sessions at a time.
const WORKERS: u64 = 24;

/// Players of each session.
const PLAYERS: i64 = 5;

/// Things that a session does in its life.
const DEEDS: usize = 30;

/// How much memory may grow after the first quarter of the time, MiB.
const GROWTH: f64 = 48.0;

/// What all sessions did together.
#[derive(Default)]
struct Totals {
    sessions: AtomicUsize,
    players: AtomicUsize,
    events: AtomicUsize,
    resumed: AtomicUsize,
}

/// One session.
struct Life<'a> {
    server: &'a Server,
    socket: Option<Socket>,
    id: String,
    random: StdRng,
    /// Whether a player has a track, by what the events tell.
    playing: BTreeMap<String, bool>,
    totals: &'a Totals,
}

impl Life<'_> {
    fn note(&mut self, message: &Value) {
        let guild = message["guildId"].as_str().unwrap_or_default().to_owned();
        let begins = match message["type"].as_str() {
            Some("TrackStartEvent") => true,
            Some("TrackEndEvent") => false,
            _ => return,
        };
        self.totals.events.fetch_add(1, Ordering::Relaxed);
        let before = self.playing.insert(guild, begins).unwrap_or(false);
        assert_ne!(before, begins, "an event is missing or came twice: {message}");
    }

    /// Reads what comes for a while.
    async fn read_for(&mut self, time: Duration) {
        let deadline = tokio::time::Instant::now() + time;
        let Some(mut socket) = self.socket.take() else { return };
        loop {
            let next = futures::StreamExt::next(&mut socket.stream);
            match tokio::time::timeout_at(deadline, next).await {
                Err(_) => break,
                Ok(Some(Ok(Message::Text(text)))) => {
                    self.note(&serde_json::from_str(&text).unwrap());
                }
                Ok(Some(Ok(_))) => {}
                Ok(end) => panic!("the socket ended: {end:?}"),
            }
        }
        self.socket = Some(socket);
    }

    async fn leave_and_return(&mut self) {
        let Some(mut socket) = self.socket.take() else { return };
        socket.say(Message::Close(None)).await;
        while let Some(message) = socket.next_message().await {
            if let Message::Text(text) = message {
                self.note(&serde_json::from_str(&text).unwrap());
            }
        }
        tokio::time::sleep(Duration::from_millis(self.random.random_range(0..300))).await;
        self.socket = Some(come_back(self.server, &self.id).await);
        self.totals.resumed.fetch_add(1, Ordering::Relaxed);
    }

    /// One thing of many.
    async fn deed(&mut self, track: &str) {
        let guild = self.random.random_range(1..=PLAYERS);
        let path = format!("/v4/sessions/{}/players/{guild}", self.id);
        let body = match self.random.random_range(0..12) {
            0 => return self.leave_and_return().await,
            1 => {
                let answer = self.server.call(Method::DELETE, &path, None).await;
                assert_eq!(answer.status, 204);
                return;
            }
            2 => json!({"position": self.random.random_range(0..400)}),
            3 => json!({"paused": self.random.random_bool(0.5)}),
            4 => json!({"volume": self.random.random_range(0..300)}),
            5 => json!({"filters": {"tremolo": {}, "volume": 0.7}}),
            6 => json!({"filters": {"timescale": {"speed": 1.5}}}),
            7 => json!({"filters": {}}),
            8 => json!({"track": {"encoded": null}}),
            9 => serde_json::from_str(VOICE).unwrap(),
            _ => json!({"track": {"identifier": track}, "endTime": 150}),
        };
        let answer = self.server.patch(&path, &body.to_string()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    async fn live(mut self, track: &str) {
        let session = format!("/v4/sessions/{}", self.id);
        self.server.patch(&session, r#"{"resuming": true, "timeout": 30}"#).await;
        for guild in 1..=PLAYERS {
            self.server.patch(&format!("{session}/players/{guild}"), VOICE).await;
        }
        for _ in 0..DEEDS {
            self.deed(track).await;
            let pause = Duration::from_millis(self.random.random_range(0..120));
            self.read_for(pause).await;
        }
        self.server.patch(&session, r#"{"resuming": false}"#).await;
        for guild in 1..=PLAYERS {
            let path = format!("{session}/players/{guild}");
            self.server.call(Method::DELETE, &path, None).await;
        }
        self.read_for(Duration::from_millis(300)).await;
        assert!(self.playing.values().all(|playing| !playing), "{:?}", self.playing);
        self.totals.sessions.fetch_add(1, Ordering::Relaxed);
        self.totals.players.fetch_add(PLAYERS as usize, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; see the top of this file"]
async fn soak() {
    let seconds = std::env::var("SOAK_SECONDS").ok().and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(60));
    let server = Server::start_with(Config {
        simulate_voice: true,
        opus_encoding_quality: 0,
        control_token: Some(Password("token".into())),
        sources: SourceSwitches { local: true, http: false, youtube: false, soundcloud: false },
        ..Config::default()
    });
    let (file, totals, began) = (short_track(), Totals::default(), Instant::now());
    let track = file.path().to_str().unwrap();
    let worker = async |seed: u64| {
        let mut random = StdRng::seed_from_u64(seed);
        while began.elapsed() < time {
            let socket = server.connect().await;
            let id = socket.id.clone();
            let life = Life {
                server: &server,
                socket: Some(socket),
                id,
                random: StdRng::seed_from_u64(random.random()),
                playing: BTreeMap::new(),
                totals: &totals,
            };
            life.live(track).await;
        }
    };
    let watch = async {
        let mut seen = Vec::new();
        while began.elapsed() < time {
            tokio::time::sleep(time / 20).await;
            seen.push(memory());
            println!(
                "{:>4} s: {} sessions, {} players, {} events, {} resumed, {:.0} MiB",
                began.elapsed().as_secs(),
                totals.sessions.load(Ordering::Relaxed),
                totals.players.load(Ordering::Relaxed),
                totals.events.load(Ordering::Relaxed),
                totals.resumed.load(Ordering::Relaxed),
                memory(),
            );
        }
        seen
    };
    let (seen, _) = tokio::join!(watch, join_all((0..WORKERS).map(worker)));
    let (settled, last) = (seen[seen.len() / 4], seen[seen.len() - 1]);
    assert!(last - settled < GROWTH, "memory grew from {settled:.0} to {last:.0} MiB");
    let mut left = Value::Null;
    for _ in 0..100 {
        let health = server.request(Method::GET, "/control/health").bearer_auth("token");
        left = serde_json::from_str(&health.send().await.unwrap().text().await.unwrap()).unwrap();
        if left["sockets"] == 0 && left["sessions"] == json!({"open": 0, "away": 0}) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("sessions are left: {left}");
}
