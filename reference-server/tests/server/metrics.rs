//! Metrics for Prometheus, read by a parser that is not ours.

use std::collections::{BTreeMap, BTreeSet};

use lavalink_reference_server::config::{ClockKind, Config, Password, Prometheus};
use prometheus_parse::{Scrape, Value as Metric};
use reqwest::Method;

use crate::support::{Server, send};

/// Where each gauge stands in `/v4/stats`.
const GAUGES: [(&str, &str); 10] = [
    ("lavalink_players_total", "/players"),
    ("lavalink_playing_players_total", "/playingPlayers"),
    ("lavalink_uptime_milliseconds", "/uptime"),
    ("lavalink_memory_free_bytes", "/memory/free"),
    ("lavalink_memory_used_bytes", "/memory/used"),
    ("lavalink_memory_allocated_bytes", "/memory/allocated"),
    ("lavalink_memory_reservable_bytes", "/memory/reservable"),
    ("lavalink_cpu_cores", "/cpu/cores"),
    ("lavalink_cpu_system_load_percentage", "/cpu/systemLoad"),
    ("lavalink_cpu_lavalink_load_percentage", "/cpu/lavalinkLoad"),
];

/// In manual time, so that two reads are of the same moment.
fn start(enabled: bool, endpoint: &str) -> Server {
    Server::start_with(Config {
        clock: ClockKind::Manual,
        control_token: Some(Password("token".into())),
        prometheus: Prometheus { enabled, endpoint: endpoint.into() },
        ..Config::default()
    })
}

fn scrape(text: &str) -> Scrape {
    Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).unwrap()
}

fn names(scrape: &Scrape) -> BTreeSet<&str> {
    scrape.samples.iter().map(|sample| sample.metric.as_str()).collect()
}

#[tokio::test]
async fn every_gauge_tells_what_the_statistics_tell() {
    let server = start(true, "/metrics");
    let socket = server.connect().await;
    server.patch(&socket.player(1), "{}").await;
    let stats = server.get("/v4/stats").await.json();
    let answer = send(server.request(Method::GET, "/metrics")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/plain;version=0.0.4;charset=utf-8");
    assert_eq!(answer.headers["lavalink-api-version"], "4");
    let page = scrape(&answer.text);
    assert_eq!(page.samples.len(), GAUGES.len(), "{}", answer.text);
    let seen: BTreeMap<_, _> = page.samples.iter().map(|s| (s.metric.as_str(), s)).collect();
    for (name, path) in GAUGES {
        let expected = stats.pointer(path).unwrap().as_f64().unwrap();
        assert_eq!(seen[name].value, Metric::Gauge(expected), "{name}");
        assert!(seen[name].labels.is_empty() && page.docs[name].ends_with(['.', ')']), "{name}");
    }
    assert_eq!(stats["players"], 1);
    // What a checker of such pages asks for besides: a line each, and the last one ends.
    for word in ["# HELP ", "# TYPE ", "lavalink_"] {
        let lines: BTreeSet<_> = answer.text.lines().filter(|l| l.starts_with(word)).collect();
        assert_eq!(lines.len(), GAUGES.len(), "{word}");
    }
    assert!(answer.text.ends_with('\n'));
}

#[tokio::test]
async fn names_choose_and_no_password_is_asked_for() {
    let server = start(true, "/where/it/is");
    let wrong = server.request(Method::GET, "/where/it/is?name[]=lavalink_cpu_cores&x=y");
    let answer = send(wrong.header("Authorization", "wrong")).await;
    assert_eq!(names(&scrape(&answer.text)), BTreeSet::from(["lavalink_cpu_cores"]));
    let two = "/where/it/is?name%5B%5D=lavalink_cpu_cores&name%5B%5D=lavalink_players_total";
    let answer = send(server.request(Method::GET, two)).await;
    let expected = BTreeSet::from(["lavalink_cpu_cores", "lavalink_players_total"]);
    assert_eq!(names(&scrape(&answer.text)), expected);
    let answer = send(server.request(Method::GET, "/where/it/is?name[]=other")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    let answer = send(server.request(Method::HEAD, "/where/it/is")).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    let answer = send(server.request(Method::POST, "/where/it/is")).await;
    assert_eq!((answer.status, &answer.headers["allow"]), (405, &"GET".parse().unwrap()));
    assert_eq!(server.get("/metrics").await.status, 404, "they are elsewhere");
}

#[tokio::test]
async fn metrics_that_are_off_are_unknown() {
    let server = start(false, "/metrics");
    let answer = server.get("/metrics").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json()["message"], "No endpoint GET /metrics.");
}
