//! Sessions that come and go for minutes, and everything that they may do in between. `ci/soak` runs
//! it as docs/reliability.md tells; on its own:
//!
//! `SOAK_SECONDS=600 cargo test --release -p lavalink-reference-server --test server soak -- --ignored --nocapture`
//!
//! `SOAK_SESSIONS` says how many there are at a time (24), and `SOAK_CLOCK=manual` moves time instead
//! of waiting for it.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::future::join_all;
use lavalink_reference_server::config::{ClockKind, Config, Password, SourceSwitches};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;

use crate::resuming::{come_back, short_track};
use crate::support::{Server, Socket, VOICE, advance, memory};

/// Sessions at a time, if nothing else is said.
const SESSIONS: u64 = 24;

/// Players of each session.
const PLAYERS: i64 = 5;

/// Things that a session does in its life.
const DEEDS: usize = 30;

/// How much memory may grow after the first quarter of the time: a twentieth, or these MiB if few
/// sessions take less.
const GROWTH: (f64, f64) = (0.05, 32.0);

/// Things that all sessions together do in a second: more would only measure how busy the machine is.
const DEEDS_A_SECOND: u64 = 2_000;

/// For what a busy machine does late.
const LATE: Duration = Duration::from_secs(30);

/// What is run.
#[derive(Clone, Copy)]
struct Load {
    sessions: u64,
    /// Of the server's clock.
    time: Duration,
    /// Whether time is moved.
    manual: bool,
}

impl Load {
    fn from_environment() -> Self {
        let number = |name| std::env::var(name).ok().map(|text| text.parse().unwrap());
        Self {
            sessions: number("SOAK_SESSIONS").unwrap_or(SESSIONS),
            time: Duration::from_secs(number("SOAK_SECONDS").unwrap_or(60)),
            manual: std::env::var("SOAK_CLOCK").is_ok_and(|clock| clock == "manual"),
        }
    }

    /// The longest pause between two deeds of a session.
    fn pause(self) -> Duration {
        Duration::from_millis(120.max(2 * 1000 * self.sessions / DEEDS_A_SECOND))
    }
}

/// Time as the server has it, ms since the beginning.
#[derive(Clone)]
struct Time(watch::Receiver<u64>);

impl Time {
    fn now(&self) -> Duration {
        Duration::from_millis(*self.0.borrow())
    }

    async fn until(&mut self, moment: Duration) {
        let moment = u64::try_from(moment.as_millis()).unwrap();
        self.0.wait_for(|now| *now >= moment).await.unwrap();
    }
}

/// Moves time, or lets it pass, until everybody has left.
async fn pass_time(server: &Server, load: Load, now: watch::Sender<u64>) {
    let began = Instant::now();
    let mut moved = 0;
    while !now.is_closed() {
        if load.manual {
            advance(server, 100).await;
            moved += 100;
            // A deed of a session goes between two steps.
            tokio::time::sleep(Duration::from_millis(5)).await;
        } else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            moved = u64::try_from(began.elapsed().as_millis()).unwrap();
        }
        now.send_replace(moved);
    }
}

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
    time: Time,
    load: Load,
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
    async fn read_for(&mut self, pause: Duration) {
        let mut time = self.time.clone();
        let deadline = time.now() + pause;
        self.read_until(async move { time.until(deadline).await }).await;
    }

    async fn read_until(&mut self, end: impl Future<Output = ()>) {
        let mut end = pin!(end);
        let Some(mut socket) = self.socket.take() else { return };
        loop {
            let next = tokio::select! {
                () = &mut end => break,
                next = socket.stream.next() => next,
            };
            match next {
                Some(Ok(Message::Text(text))) => {
                    self.note(&serde_json::from_str(&text).unwrap());
                }
                Some(Ok(_)) => {}
                end => panic!("the socket ended: {end:?}"),
            }
        }
        self.socket = Some(socket);
    }

    /// Reads until the end of every track that has begun was told.
    async fn read_to_the_end(&mut self) {
        let deadline = Instant::now() + LATE;
        while self.playing.values().any(|playing| *playing) {
            assert!(Instant::now() < deadline, "no end came: {:?}", self.playing);
            self.read_until(tokio::time::sleep(Duration::from_millis(20))).await;
        }
    }

    async fn leave_and_return(&mut self) {
        let Some(mut socket) = self.socket.take() else { return };
        socket.say(Message::Close(None)).await;
        while let Some(message) = socket.next_message().await {
            if let Message::Text(text) = message {
                self.note(&serde_json::from_str(&text).unwrap());
            }
        }
        let away = Duration::from_millis(self.random.random_range(0..300));
        let back = self.time.now() + away;
        self.time.until(back).await;
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
            let pause = self.load.pause().mul_f64(self.random.random());
            self.read_for(pause).await;
        }
        self.server.patch(&session, r#"{"resuming": false}"#).await;
        for guild in 1..=PLAYERS {
            let path = format!("{session}/players/{guild}");
            self.server.call(Method::DELETE, &path, None).await;
        }
        self.read_for(Duration::from_millis(300)).await;
        self.read_to_the_end().await;
        self.totals.sessions.fetch_add(1, Ordering::Relaxed);
        self.totals.players.fetch_add(PLAYERS as usize, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes; see the top of this file"]
async fn soak() {
    let load = Load::from_environment();
    let server = Server::start_with(Config {
        simulate_voice: true,
        opus_encoding_quality: 0,
        clock: if load.manual { ClockKind::Manual } else { ClockKind::Real },
        control_token: Some(Password("token".into())),
        sources: SourceSwitches { local: true, http: false, youtube: false, soundcloud: false },
        ..Config::default()
    });
    let (file, totals) = (short_track(), Totals::default());
    let track = file.path().to_str().unwrap();
    let (now, time) = watch::channel(0);
    let time = Time(time);
    let live = |seed| live_until_the_end(&server, track, &totals, time.clone(), load, seed);
    let lives: Vec<_> = (0..load.sessions).map(live).collect();
    let watched = watch_memory(&totals, time, load);
    // The last one that asks for the time is gone with the last session.
    let passing = pass_time(&server, load, now);
    let (seen, _, ()) = tokio::join!(watched, join_all(lives), passing);
    let (settled, last) = (seen[seen.len() / 4], seen[seen.len() - 1]);
    let growth = last - settled;
    println!("memory grew by {growth:.1} MiB, {:.1} %", 100.0 * growth / settled);
    assert!(growth < GROWTH.1.max(settled * GROWTH.0), "from {settled:.0} to {last:.0} MiB");
    let mut left = Value::Null;
    for _ in 0..100 {
        let health = server.request(Method::GET, "/control/health").bearer_auth("token");
        left = serde_json::from_str(&health.send().await.unwrap().text().await.unwrap()).unwrap();
        if left["sockets"] == 0 && left["sessions"] == json!({"open": 0, "away": 0}) {
            println!("nothing is left: {left}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("sessions are left: {left}");
}

/// One session after the other until the time is over.
async fn live_until_the_end(
    server: &Server,
    track: &str,
    totals: &Totals,
    mut time: Time,
    load: Load,
    seed: u64,
) {
    let mut random = StdRng::seed_from_u64(seed);
    // Not all of them at once.
    time.until(load.pause().mul_f64(random.random())).await;
    while time.now() < load.time {
        let socket = server.connect().await;
        let id = socket.id.clone();
        let life = Life {
            server,
            socket: Some(socket),
            id,
            random: StdRng::seed_from_u64(random.random()),
            time: time.clone(),
            load,
            playing: BTreeMap::new(),
            totals,
        };
        life.live(track).await;
    }
}

/// Tells how it goes, twenty times; gives back the memory of each time, MiB.
async fn watch_memory(totals: &Totals, mut time: Time, load: Load) -> Vec<f64> {
    let began = Instant::now();
    let mut seen = Vec::new();
    for step in 1..=20 {
        time.until(load.time / 20 * step).await;
        seen.push(memory());
        println!(
            "{:>4} s ({:.0} s of the machine's): {} sessions, {} players, {} events, {} resumed, {:.0} MiB",
            time.now().as_secs(),
            began.elapsed().as_secs_f64(),
            totals.sessions.load(Ordering::Relaxed),
            totals.players.load(Ordering::Relaxed),
            totals.events.load(Ordering::Relaxed),
            totals.resumed.load(Ordering::Relaxed),
            memory(),
        );
    }
    seen
}
