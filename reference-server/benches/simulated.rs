//! How long it takes to move time for tests of bots: simulated sources and voice, manual time.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the machine's time is measured"
)]
#![expect(clippy::unwrap_used, reason = "a benchmark")]

mod session;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use criterion::Criterion;
use lavalink_reference_server::config::{ClockKind, Config, Password};
use lavalink_reference_server::serve;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// A server with a client that reads all that it is sent.
struct Bot {
    client: Client,
    address: String,
    session: String,
}

fn main() {
    // What makes tracks known to the server needs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("simulated");
    for (name, players, length, seconds) in [
        ("four minutes of a track, to its end", 1, 240, 241),
        ("an hour of a track, to its end", 1, 3600, 3601),
        ("ten players for a minute", 10, 120, 60),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let all = (0..times).map(|_| runtime.block_on(moved(players, length, seconds)));
                all.sum()
            });
        });
    }
    group.finish();
    criterion.final_summary();
}

/// How long it takes to move time by so many seconds while players play tracks of that length.
async fn moved(players: u32, length: u32, seconds: u32) -> Duration {
    let bot = Bot::start().await;
    let search = format!("/v4/loadtracks?identifier=ytsearch:%5B{length}s%5D");
    let found = bot.ask(Method::GET, &search, &Value::Null).await;
    let voice = json!({"token": "t", "endpoint": "e", "sessionId": "s", "channelId": "1"});
    let track = json!({"encoded": found["data"][0]["encoded"]});
    for player in 1..=players {
        let path = format!("/v4/sessions/{}/players/{player}", bot.session);
        bot.ask(Method::PATCH, &path, &json!({"voice": voice, "track": track})).await;
    }
    let began = Instant::now();
    let body = json!({"ms": seconds * 1000});
    bot.ask(Method::POST, "/control/clock/advance", &body).await;
    let took = began.elapsed();
    let path = format!("/v4/sessions/{}/players/1", bot.session);
    let player = bot.ask(Method::GET, &path, &Value::Null).await;
    assert_eq!(player["track"].is_null(), seconds > length, "{player}");
    took
}

impl Bot {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let config = Config {
            clock: ClockKind::Manual,
            control_token: Some(Password("youshallnotpass".into())),
            simulate_voice: true,
            simulate_sources: true,
            ..Config::default()
        };
        tokio::spawn(serve(listener, config, std::future::pending()));
        let session = session::open(&address, "youshallnotpass").await;
        Self { client: Client::builder().no_proxy().build().unwrap(), address, session }
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> Value {
        let is_control = path.starts_with("/control");
        let secret = if is_control { "Bearer youshallnotpass" } else { "youshallnotpass" };
        let request = self.client.request(method, format!("http://{}{path}", self.address));
        let request = request.header("Authorization", secret);
        let request = request.header("Content-Type", "application/json").body(body.to_string());
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}
