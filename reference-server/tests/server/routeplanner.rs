//! The route planner: requests from the addresses that it picks, its endpoints, its time.

use std::collections::HashSet;

use lavalink_reference_server::config::{ClockKind, Config, Loaded, Password};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Server, advance};
use crate::upstream::Upstream;

const WATCH: &str =
    "/v4/loadtracks?identifier=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DdQw4w9WgXcQ";
const SEARCH: &str = "/v4/loadtracks?identifier=ytsearch%3Aa";

fn config(upstream: &Upstream, ratelimit: &str) -> Config {
    let yaml = format!(
        "reference-server: {{upstream: '{}/', seed: 3}}\n\
         lavalink: {{server: {{ratelimit: {{{ratelimit}}}}}}}",
        upstream.url
    );
    Loaded::read(&yaml, []).unwrap().config
}

async fn start(ratelimit: &str) -> (Server, Upstream) {
    let upstream = Upstream::start("127.0.0.1").await;
    (Server::start_with(config(&upstream, ratelimit)), upstream)
}

async fn details(server: &Server) -> Value {
    let answer = server.get("/v4/routeplanner/status").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["details"].clone()
}

async fn failing(server: &Server) -> Vec<String> {
    let details = details(server).await;
    let entries = details["failingAddresses"].as_array().unwrap();
    let address = |entry: &Value| entry["failingAddress"].as_str().unwrap()[1..].to_owned();
    entries.iter().map(address).collect()
}

async fn free(server: &Server, address: &str) -> Answer {
    let body = json!({"address": address}).to_string();
    server.call(Method::POST, "/v4/routeplanner/free/address", Some(&body)).await
}

async fn load(server: &Server, path: &str) -> Value {
    let answer = server.get(path).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

fn trace(result: &Value) -> &str {
    assert_eq!(result["loadType"], "error", "{result}");
    assert_eq!(result["data"]["severity"], "fault");
    assert_eq!(result["data"]["message"], "Something went wrong while looking up the track.");
    result["data"]["causeStackTrace"].as_str().unwrap()
}

#[tokio::test]
async fn searches_and_watch_addresses_are_looked_up_from_one_address() {
    let (server, upstream) = start("ipBlocks: [127.0.0.0/24]").await;
    let before = details(&server).await;
    assert_eq!((&before["ipIndex"], &before["currentAddress"]), (&json!("0"), &json!("")));

    let found = load(&server, SEARCH).await;
    assert_eq!(found["loadType"], "search");
    let info = &found["data"][0]["info"];
    assert_eq!(
        (&info["sourceName"], &info["length"], &info["identifier"], &info["title"]),
        (&json!("youtube"), &json!(213_000), &json!("dQw4w9WgXcQ"), &json!("a title"))
    );
    let found = load(&server, WATCH).await;
    assert_eq!((&found["loadType"], &found["data"]["info"]), (&json!("track"), info));

    let requests = upstream.requests();
    assert_eq!(requests[0].1, "POST /youtubei/v1/search");
    assert_eq!(requests[1].1, "POST /youtubei/v1/player");
    assert_eq!(requests[0].0, requests[1].0);
    let after = details(&server).await;
    assert_eq!(after["currentAddress"], format!("/{}", requests[0].0));
    let info = server.get("/v4/info").await.json();
    assert_eq!(info["sourceManagers"], json!(["youtube", "http"]));
}

#[tokio::test]
async fn a_429_rotates_once_and_the_new_address_stays() {
    let (server, upstream) = start("ipBlocks: [127.0.0.0/24]").await;
    for path in [SEARCH, WATCH] {
        upstream.say([429]);
        assert_ne!(load(&server, path).await["loadType"], "error");
        let sources = upstream.sources();
        assert_eq!(sources.len(), 2);
        assert_ne!(sources[0], sources[1]);
        assert!(failing(&server).await.contains(&sources[0]));
        load(&server, path).await;
        assert_eq!(upstream.sources(), [sources[1].clone()]);
    }
    let details = details(&server).await;
    assert_eq!(details["rotateIndex"], "2");
    let entry = &details["failingAddresses"][0];
    assert!(entry["failingTimestamp"].is_u64(), "{entry}");
    assert!(entry["failingTime"].as_str().unwrap().contains(" UTC 20"), "{entry}");
}

#[tokio::test]
async fn other_answers_are_taken_as_they_are() {
    let (server, upstream) = start("ipBlocks: [127.0.0.0/24]").await;
    for status in [302, 400, 403, 404, 418, 500, 503] {
        upstream.say([status]);
        let result = load(&server, SEARCH).await;
        let reason = format!("Invalid status code for search response: {status}");
        assert!(trace(&result).contains(&reason), "{result}");
        assert_eq!(upstream.sources().len(), 1, "{status}");
    }
    assert_eq!(failing(&server).await, [""; 0]);
    assert_eq!(details(&server).await["rotateIndex"], "0");
}

#[tokio::test]
async fn retries_are_limited() {
    for (limit, requests) in [("-1", 11), ("-5", 11), ("1", 2), ("3", 4)] {
        for strategy in ["RotateOnBan", "LoadBalance"] {
            let section =
                format!("ipBlocks: [127.0.0.0/24], strategy: {strategy}, retryLimit: {limit}");
            let (server, upstream) = start(&section).await;
            upstream.say([429; 30]);
            let result = load(&server, WATCH).await;
            assert!(trace(&result).contains("Retry aborted, too many retries on ratelimit."));
            let sources: HashSet<_> = upstream.sources().into_iter().collect();
            assert_eq!(sources.len(), requests, "{section}");
            assert_eq!(failing(&server).await.len(), requests, "{section}");
        }
    }
}

#[tokio::test]
async fn without_a_limit_every_address_is_tried() {
    for strategy in ["RotateOnBan", "LoadBalance"] {
        let section = format!(
            "ipBlocks: [127.0.0.8/29], excludedIps: [127.0.0.9], strategy: {strategy}, retryLimit: 0"
        );
        let (server, upstream) = start(&section).await;
        upstream.say([429; 30]);
        let result = load(&server, SEARCH).await;
        assert!(trace(&result).contains("Can't find a free ip"), "{result}");
        let sources: HashSet<_> = upstream.sources().into_iter().collect();
        assert_eq!(sources.len(), 7);
        assert!(!sources.contains("127.0.0.9"));

        let result = load(&server, SEARCH).await;
        assert!(trace(&result).contains("Can't find a free ip"), "{result}");
        assert_eq!(upstream.sources(), [""; 0]);

        upstream.say([]);
        assert_eq!(free(&server, "127.0.0.13").await.status, 204);
        assert_eq!(load(&server, SEARCH).await["loadType"], "search");
        assert_eq!(upstream.sources(), ["127.0.0.13"]);
    }
}

#[tokio::test]
async fn searches_that_do_not_mark_are_retried_from_the_same_address() {
    let (server, upstream) = start("ipBlocks: [127.0.0.0/24], searchTriggersFail: false").await;
    upstream.say([429; 11]);
    trace(&load(&server, SEARCH).await);
    let sources = upstream.sources();
    assert_eq!(sources.len(), 11);
    assert_eq!(sources.iter().collect::<HashSet<_>>().len(), 1);
    assert_eq!(failing(&server).await, [""; 0]);
    upstream.say([429]);
    load(&server, WATCH).await;
    assert_eq!(failing(&server).await, [sources[0].clone()]);
}

#[tokio::test]
async fn what_cannot_be_bound_is_marked_and_never_sent_from() {
    let section = "ipBlocks: [1.0.0.0/24], searchTriggersFail: false, retryLimit: 2";
    let (server, upstream) = start(section).await;
    let result = load(&server, SEARCH).await;
    assert!(trace(&result).contains("too many retries"), "{result}");
    let failing = failing(&server).await;
    assert_eq!(failing.len(), 3);
    assert!(failing.iter().all(|address| address.starts_with("1.0.0.")), "{failing:?}");
    assert_eq!(upstream.sources(), [""; 0]);
}

#[tokio::test]
async fn ipv6_blocks_are_walked_through_and_never_left() {
    for (strategy, block) in
        [("NanoSwitch", "2001:db8::/64"), ("RotatingNanoSwitch", "2001:db8::/48")]
    {
        let section = format!("ipBlocks: ['{block}'], strategy: {strategy}, retryLimit: 2");
        let (server, upstream) = start(&section).await;
        trace(&load(&server, SEARCH).await);
        let failing = failing(&server).await;
        let rotates = strategy == "RotatingNanoSwitch";
        for (turn, address) in failing.iter().enumerate() {
            let block = if rotates { turn } else { 0 };
            assert!(address.starts_with(&format!("2001:db8:0:{block}:")), "{failing:?}");
        }
        assert_eq!(failing.len(), 3);
        assert_eq!(upstream.sources(), [""; 0]);
        let details = details(&server).await;
        assert_eq!(details.get("blockIndex"), rotates.then_some(&json!("3")));
    }
}

#[tokio::test]
async fn what_a_video_needs_is_asked_for_once() {
    let (server, upstream) = start("ipBlocks: [127.0.0.0/24]").await;
    assert_eq!(load(&server, SEARCH).await["loadType"], "search");
    assert_eq!(upstream.everything(), ["POST /youtubei/v1/search"]);
    assert_eq!(load(&server, WATCH).await["loadType"], "track");
    let first = [
        "GET /embed/dQw4w9WgXcQ",
        "GET /s/base.js",
        "POST /youtubei/v1/visitor_id",
        "POST /youtubei/v1/player",
    ];
    assert_eq!(upstream.everything(), first);
    assert_eq!(load(&server, WATCH).await["loadType"], "track");
    assert_eq!(upstream.everything(), ["POST /youtubei/v1/player"]);
    upstream.say([401, 401]);
    let result = load(&server, WATCH).await;
    assert!(trace(&result).contains("Invalid status code for video page response: 401"));
    assert_eq!(upstream.everything(), ["POST /youtubei/v1/player"; 2]);
}

#[tokio::test]
async fn what_is_posted_is_not_sent_elsewhere() {
    let (server, upstream) = start("ipBlocks: [127.0.0.0/24], strategy: LoadBalance").await;
    for path in [SEARCH, WATCH] {
        for status in [301, 302, 307, 308] {
            upstream.redirect(status, "/elsewhere");
            let result = load(&server, path).await;
            assert!(trace(&result).contains(&format!("response: {status}")), "{result}");
            assert_eq!(upstream.sources().len(), 1, "{status}");
        }
    }
    upstream.redirect(303, "/elsewhere");
    assert_eq!(load(&server, SEARCH).await["loadType"], "search");
    let requests = upstream.requests();
    assert_eq!(requests[1].1, "GET /elsewhere");
    assert_ne!(requests[0].0, requests[1].0);
    for _ in 0..11 {
        upstream.redirect(303, "/round");
    }
    assert!(trace(&load(&server, SEARCH).await).contains("redirect"));
    assert_eq!(upstream.sources().len(), 11);
}

#[tokio::test]
async fn addresses_are_freed_in_every_spelling_of_java() {
    let (server, upstream) = start("ipBlocks: [127.0.0.66/32], strategy: LoadBalance").await;
    for spelling in ["127.0.0.66", "127.66", "0127.0.0.066", "2130706498", "::ffff:127.0.0.66"] {
        upstream.say([429]);
        trace(&load(&server, SEARCH).await);
        assert_eq!(failing(&server).await, ["127.0.0.66"]);
        for other in ["127.0.0.67", "1.1.1.1", "fd00::1", "", "localhost", "fd00::1%lo"] {
            assert_eq!(free(&server, other).await.status, 204, "{other}");
            assert_eq!(failing(&server).await, ["127.0.0.66"], "{other}");
        }
        let answer = free(&server, spelling).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{spelling}");
        assert_eq!(failing(&server).await, [""; 0], "{spelling}");
    }
    for (wrong, message) in [
        ("not-an-ip", "Invalid address: not-an-ip: Name or service not known"),
        ("/127.0.0.66", "Invalid address: /127.0.0.66: Name or service not known"),
        ("127.0.0.66/32", "Invalid address: 127.0.0.66/32: Name or service not known"),
        ("::gg", "Invalid address: ::gg: invalid IPv6 address literal"),
        ("fd00::1%nope", "Invalid address: no such interface nope"),
    ] {
        let answer = free(&server, wrong).await;
        assert_eq!((answer.status, answer.message().as_str()), (400, message));
    }
    let path = "/v4/routeplanner/free/address";
    for body in ["{}", "null", "[]", "{", r#"{"address": null}"#, r#"{"Address": "127.0.0.1"}"#] {
        let answer = server.call(Method::POST, path, Some(body)).await;
        assert_eq!((answer.status, answer.message().as_str()), (400, "Bad Request"), "{body}");
    }
}

#[tokio::test]
async fn freeing_all_leaves_the_address_in_use() {
    let (server, upstream) = start("ipBlocks: [127.0.0.0/24]").await;
    upstream.say([429, 429]);
    load(&server, SEARCH).await;
    let before = details(&server).await;
    assert_eq!(before["failingAddresses"].as_array().unwrap().len(), 2);
    let answer = server.call(Method::POST, "/v4/routeplanner/free/all", Some("garbage")).await;
    assert_eq!((answer.status, answer.text.as_str()), (204, ""));
    let after = details(&server).await;
    assert_eq!(after["failingAddresses"], json!([]));
    for field in ["rotateIndex", "ipIndex", "currentAddress"] {
        assert_eq!(after[field], before[field]);
    }
}

#[tokio::test]
async fn an_entry_expires_after_seven_days_and_is_listed_until_then_and_longer() {
    let upstream = Upstream::start("127.0.0.1").await;
    let mut config = config(&upstream, "ipBlocks: [127.0.0.7/32], strategy: LoadBalance");
    config.clock = ClockKind::Manual;
    config.control_token = Some(Password("token".into()));
    let server = Server::start_with(config);
    upstream.say([429]);
    trace(&load(&server, SEARCH).await);
    advance(&server, 7 * 86_400_000).await;
    assert!(trace(&load(&server, SEARCH).await).contains("Can't find a free ip"));
    advance(&server, 1).await;
    assert_eq!(failing(&server).await, ["127.0.0.7"]);
    assert_eq!(load(&server, SEARCH).await["loadType"], "search");
    assert_eq!(failing(&server).await, [""; 0]);
}

#[tokio::test]
async fn quirks_fail_before_the_first_request() {
    let upstream = Upstream::start("127.0.0.1").await;
    let config = config(&upstream, "ipBlocks: [127.0.0.0/24]");
    let server = Server::start_with(Config { quirks: true, ..config });
    let answer = server.get("/v4/routeplanner/status").await;
    assert_eq!((answer.status, answer.header("lavalink-api-version")), (500, None));
    let start = "Request processing failed: java.lang.NullPointerException: Cannot invoke";
    assert!(answer.message().starts_with(start), "{answer:?}");
    load(&server, SEARCH).await;
    assert!(details(&server).await["currentAddress"].as_str().unwrap().starts_with("/127.0.0."));
}

#[tokio::test]
async fn quirks_send_from_no_particular_address_to_a_host_of_another_family() {
    let upstream = Upstream::start("127.0.0.1").await;
    let config = config(&upstream, "ipBlocks: ['::1/128'], strategy: LoadBalance");
    let server = Server::start_with(Config { quirks: true, ..config.clone() });
    assert_eq!(load(&server, SEARCH).await["loadType"], "search");
    assert_eq!(upstream.sources(), ["127.0.0.1"]);
    upstream.say([429]);
    load(&server, SEARCH).await;
    assert_eq!(failing(&server).await, [""; 0]);
    let server = Server::start_with(config);
    upstream.sources();
    assert!(trace(&load(&server, SEARCH).await).contains("Could not resolve host"));
    assert_eq!(upstream.sources(), [""; 0]);
}

#[tokio::test]
async fn the_http_source_is_guarded_only_on_request() {
    for guard_http in [false, true] {
        let upstream = Upstream::start("127.0.0.1").await;
        let config = config(&upstream, "ipBlocks: [127.0.0.16/32]");
        let server = Server::start_with(Config { guard_http, ..config });
        let url = format!("{}/x.mp3", upstream.url).replace(':', "%3A").replace('/', "%2F");
        load(&server, &format!("/v4/loadtracks?identifier={url}")).await;
        let expected = if guard_http { "127.0.0.16" } else { "127.0.0.1" };
        assert!(upstream.sources().iter().all(|source| source == expected));
    }
}

#[tokio::test]
async fn without_the_source_nothing_is_asked_and_the_endpoints_live() {
    let upstream = Upstream::start("127.0.0.1").await;
    let mut config = config(&upstream, "ipBlocks: [127.0.0.0/24], strategy: LoadBalance");
    config.sources.youtube = false;
    let server = Server::start_with(config);
    assert_eq!(load(&server, SEARCH).await["loadType"], "empty");
    assert_eq!(upstream.sources(), [""; 0]);
    assert_eq!(failing(&server).await, [""; 0]);
    assert_eq!(free(&server, "127.0.0.9").await.status, 204);
}
