//! What requests cost: 16 connections that ask one thing after the other on the cores that the server
//! has too, as bots on one machine do. With `LAVALINK_URL` (and `LAVALINK_PASSWORD`) another server is
//! measured in the same run, so that the two can be compared:
//!
//! `LAVALINK_URL=http://127.0.0.1:2333 cargo bench -p lavalink-benches --bench requests`
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the machine's time is measured"
)]
#![expect(clippy::unwrap_used, reason = "a benchmark")]

mod session;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use lavalink_reference_server::config::Config;
use lavalink_reference_server::serve;
use tokio::runtime::Runtime;

/// Connections that ask at the same time.
const CONNECTIONS: u64 = 16;

/// Requests of each connection before anything is measured: a JVM has to warm up.
const WARM_UP: u64 = 2_000;

const FILTERS: &str = r#"{"filters":{"volume":0.8,"equalizer":[{"band":0,"gain":0.1},{"band":1,"gain":0.2}],"timescale":{"speed":1.1},"karaoke":{"level":0.5}}}"#;

/// A server with a session whose messages are read.
struct Server {
    name: String,
    address: String,
    password: String,
    session: String,
}

/// One of the connections, and what it asks.
struct Connection {
    stream: TcpStream,
    request: String,
    answer: Vec<u8>,
    /// How long each request took, µs.
    latencies: Vec<u32>,
}

fn main() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let runtime = Runtime::new().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let own = listener.local_addr().unwrap().to_string();
    let config = Config { simulate_voice: true, ..Config::default() };
    runtime.spawn(serve(listener, config, std::future::pending()));
    let mut servers = vec![("reference server".to_owned(), own, "youshallnotpass".to_owned())];
    if let Ok(url) = std::env::var("LAVALINK_URL") {
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let password = std::env::var("LAVALINK_PASSWORD");
        servers.push((url, address, password.unwrap_or_else(|_| "youshallnotpass".into())));
    }
    let servers = servers
        .into_iter()
        .map(|(name, address, password)| runtime.block_on(Server::reach(name, address, password)));
    let servers: Vec<_> = servers.collect();
    let mut told = Vec::new();
    for (what, method, of_player, body) in
        [("GET of the info", "GET", false, ""), ("PATCH of four filters", "PATCH", true, FILTERS)]
    {
        let mut group = criterion.benchmark_group(what);
        group.throughput(Throughput::Elements(1)).measurement_time(Duration::from_secs(8));
        for server in &servers {
            let mut connections: Vec<_> = (1..=CONNECTIONS)
                .map(|guild| {
                    let path = match of_player {
                        true => format!("/v4/sessions/{}/players/{guild}", server.session),
                        false => "/v4/info".to_owned(),
                    };
                    server.connect(method, &path, body)
                })
                .collect();
            let mut is_warm = false;
            group.bench_function(&server.name, |bencher| {
                if !std::mem::replace(&mut is_warm, true) {
                    ask_all(&mut connections, WARM_UP * CONNECTIONS);
                    connections.iter_mut().for_each(|connection| connection.latencies.clear());
                }
                bencher.iter_custom(|times| ask_all(&mut connections, times));
            });
            let latencies = connections.iter().flat_map(|connection| &connection.latencies);
            told.extend(
                percentiles(latencies.copied().collect())
                    .map(|line| format!("{what}, {}: {line}", server.name)),
            );
        }
        group.finish();
    }
    criterion.final_summary();
    told.iter().for_each(|line| println!("{line}"));
}

/// Has the connections ask so many times together; gives back how long that took.
fn ask_all(connections: &mut [Connection], times: u64) -> Duration {
    let each = times.div_ceil(CONNECTIONS);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for connection in connections {
            scope.spawn(move || (0..each).for_each(|_| connection.ask()));
        }
    });
    // As long as only those took that were wanted.
    began.elapsed().mul_f64(times as f64 / (each * CONNECTIONS) as f64)
}

/// Half of them were answered sooner, and 99 of 100; nothing if there were none.
fn percentiles(mut latencies: Vec<u32>) -> Option<String> {
    latencies.sort_unstable();
    let at = |share: f64| latencies.get((latencies.len() as f64 * share) as usize);
    Some(format!("half within {} µs, 99 of 100 within {} µs", at(0.5)?, at(0.99)?))
}

impl Server {
    async fn reach(name: String, address: String, password: String) -> Self {
        let session = session::open(&address, &password).await;
        Self { name, address, password, session }
    }

    fn connect(&self, method: &str, path: &str, body: &str) -> Connection {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.password,
            body.len()
        );
        Connection { stream, request, answer: Vec::new(), latencies: Vec::new() }
    }
}

impl Connection {
    fn ask(&mut self) {
        let began = Instant::now();
        self.stream.write_all(self.request.as_bytes()).unwrap();
        self.answer.clear();
        let mut piece = [0; 16_384];
        while !is_whole(&self.answer) {
            let count = self.stream.read(&mut piece).unwrap();
            assert_ne!(count, 0, "the connection ended");
            self.answer.extend_from_slice(&piece[..count]);
        }
        assert!(self.answer.starts_with(b"HTTP/1.1 200"), "no success");
        self.latencies.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
}

/// Whether an answer is there to its end, which a length or a last chunk tells.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    match head.lines().find_map(|line| line.strip_prefix("content-length:")) {
        Some(length) => answer.len() >= end + 4 + length.trim().parse::<usize>().unwrap(),
        None => answer.ends_with(b"0\r\n\r\n"),
    }
}
