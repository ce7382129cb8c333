//! REST: who is let in, what is refused and how, what players show.

use lavalink_reference_server::config::Config;
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Server, send};

#[tokio::test]
async fn password() {
    let server = Server::start();
    for (path, password, status) in [
        ("/version", None, 401),
        ("/version", Some(""), 403),
        ("/version", Some("Youshallnotpass"), 403),
        ("/version", Some("Bearer youshallnotpass"), 403),
        ("/version", Some("youshallnotpass"), 200),
        ("/version", Some(" youshallnotpass"), 200),
        ("/", None, 401),
        ("/v4/sessions/x/players", None, 401),
        ("/v4/nope", None, 404),
        ("/error", None, 500),
    ] {
        let mut request = server.request(Method::GET, path);
        if let Some(password) = password {
            request = request.header("Authorization", password);
        }
        let answer = send(request).await;
        assert_eq!(answer.status, status, "{path} {password:?}");
        assert_eq!(answer.header("lavalink-api-version"), Some("4"), "{path}");
        if status == 401 || status == 403 {
            assert_eq!(answer.text, "", "{path}");
        }
    }
}

#[tokio::test]
async fn unknown_paths_and_methods() {
    let server = Server::start();
    for path in ["/v4/nope", "/v4/info/", "/v4/INFO", "/v4/sessions", "/v4/version", "/v4"] {
        let answer = server.get(&format!("{path}?x=1")).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.message(), format!("No endpoint GET {path}."));
        assert_eq!(answer.json()["path"], path);
    }
    for (method, path, allow) in [
        (Method::POST, "/v4/info", "GET"),
        (Method::GET, "/v4/sessions/x", "PATCH"),
        (Method::PUT, "/v4/sessions/x/players/1", "GET, PATCH, DELETE"),
        (Method::GET, "/v4/decodetracks", "POST"),
    ] {
        let answer = send(server.request(method.clone(), path)).await;
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.header("allow"), Some(allow));
        assert_eq!(answer.message(), format!("Method '{method}' is not supported."));
    }
}

#[tokio::test]
async fn head_options_and_preflight() {
    let server = Server::start();
    let head = server.call(Method::HEAD, "/v4/info", None).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    let options = server.call(Method::OPTIONS, "/v4/info", None).await;
    assert_eq!(options.status, 200);
    assert_eq!(options.header("allow"), Some("GET,HEAD,OPTIONS"));
    assert_eq!(options.header("accept-patch"), Some(""));
    let preflight = server
        .request(Method::OPTIONS, "/v4/info")
        .header("Origin", "http://x")
        .header("Access-Control-Request-Method", "GET");
    assert_eq!(send(preflight).await.status, 403);
}

#[tokio::test]
async fn errors_have_one_shape() {
    let server = Server::start();
    let answer = server.get("/v4/sessions/none/players?trace=true").await;
    let keys: Vec<String> = answer.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["timestamp", "status", "error", "trace", "message", "path"]);
    assert_eq!(answer.message(), "Session not found");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let answer = server.get("/v4/sessions/none/players?trace=false").await;
    assert!(answer.json().get("trace").is_none());
    let socket = server.connect().await;
    let answer = server.get(&format!("/v4/sessions/{}/players/1.5", socket.id)).await;
    assert_eq!((answer.status, answer.message().as_str()), (400, "Bad Request"));
}

#[tokio::test]
async fn media_types() {
    let server = Server::start();
    let socket = server.connect().await;
    let path = format!("/v4/sessions/{}", socket.id);
    for (kind, message) in [
        (Some("text/plain"), "Content-Type 'text/plain;charset=UTF-8' is not supported."),
        (
            Some("text/plain; charset=utf-8"),
            "Content-Type 'text/plain;charset=utf-8' is not supported.",
        ),
        (None, "Content-Type 'application/octet-stream' is not supported."),
    ] {
        let mut request = server
            .request(Method::PATCH, &path)
            .header("Authorization", "youshallnotpass")
            .body("{}");
        if let Some(kind) = kind {
            request = request.header("Content-Type", kind);
        }
        let answer = send(request).await;
        assert_eq!((answer.status, answer.message().as_str()), (415, message));
        for name in ["accept", "accept-patch"] {
            assert_eq!(answer.header(name), Some("application/json, application/*+json"));
        }
    }
    let request = server
        .request(Method::GET, "/v4/info")
        .header("Authorization", "youshallnotpass")
        .header("Accept", "application/xml");
    let answer = send(request).await;
    assert_eq!((answer.status, answer.text.as_str()), (406, ""));
}

#[tokio::test]
async fn bodies_that_do_not_decode() {
    let server = Server::start();
    let socket = server.connect().await;
    for body in ["", "[]", "null", "5", "{\"volume\": 50,}", "{'volume': 50}", "{\"paused\":1}"] {
        let answer = server.patch(&socket.player(1), body).await;
        assert_eq!((answer.status, answer.message().as_str()), (400, "Bad Request"), "{body}");
    }
    assert_eq!(server.get(&socket.player(1)).await.message(), "Player not found");
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let server = Server::start();
    let socket = server.connect().await;
    let body = format!("{{\"x\":\"{}\"}}", "x".repeat(3 * 1024 * 1024));
    assert_eq!(server.patch(&socket.player(1), &body).await.status, 200);
    let body = format!("{{\"x\":\"{}\"}}", "x".repeat(4 * 1024 * 1024));
    let answer = server.patch(&socket.player(1), &body).await;
    assert_eq!(answer.status, 413);
    assert!(answer.message().contains("4194304"), "{answer:?}");
}

#[tokio::test]
async fn a_path_that_is_no_text_and_a_body_that_is_too_long_are_refused_at_once() {
    let server = Server::start();
    let answer = server.get("/v4/sessions/%ff/players").await;
    // It is read with a replacement character, as the real server reads it.
    assert_eq!((answer.status, answer.message().as_str()), (404, "Session not found"));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = b"POST /v4/decodetracks HTTP/1.1\r\nHost: x\r\nAuthorization: youshallnotpass\r\n\
        Content-Type: application/json\r\nContent-Length: 5000000000\r\n\r\n[";
    stream.write_all(head).await.unwrap();
    let mut start = [0; 12];
    let read = tokio::time::timeout(crate::support::SOON, stream.read_exact(&mut start));
    read.await.expect("an answer before the body").unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
}

#[tokio::test]
async fn http2_with_prior_knowledge_is_refused() {
    let server = Server::start();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(crate::support::SOON, stream.read_to_end(&mut rest)).await.unwrap().ok();
    assert!(!String::from_utf8_lossy(&rest).contains(" 200 "));
}

#[tokio::test]
async fn players_come_and_go() {
    let server = Server::start();
    let mut socket = server.connect().await;
    let players = format!("/v4/sessions/{}/players", socket.id);
    assert_eq!(server.get(&players).await.text, "[]");
    assert_eq!(server.get(&socket.player(5)).await.message(), "Player not found");
    assert_eq!(server.call(Method::DELETE, &socket.player(5), None).await.status, 204);
    for guild in [5, 0, -1] {
        let answer = server.patch(&socket.player(guild), "{}").await;
        assert_eq!(answer.json()["guildId"], guild.to_string());
    }
    let listed = server.get(&players).await.json();
    let guilds: Vec<&str> =
        listed.as_array().unwrap().iter().map(|p| p["guildId"].as_str().unwrap()).collect();
    assert_eq!(guilds, ["5", "0", "-1"]);
    assert_eq!(server.get("/v4/stats").await.json()["players"], 3);

    let body = r#"{"filters":{"rotation":{}},"volume":1001}"#;
    let answer = server.patch(&socket.player(5), body).await.json();
    assert_eq!(answer["filters"].to_string(), r#"{"rotation":{"rotationHz":0.0}}"#);
    assert_eq!(answer["volume"], 1000);
    let update = socket.next_text().await;
    assert!(update.starts_with(r#"{"op":"playerUpdate","state":{"time":"#), "{update}");

    assert_eq!(server.call(Method::DELETE, &socket.player(5), None).await.status, 204);
    assert_eq!(server.get("/v4/stats").await.json()["players"], 2);
}

#[tokio::test]
async fn a_failed_identifier_leaves_the_rest_applied() {
    let server = Server::start();
    let socket = server.connect().await;
    let body = r#"{"track":{"identifier":"no such thing"},"volume":3,"paused":true}"#;
    let answer = server.patch(&socket.player(1), body).await;
    assert_eq!(
        (answer.status, answer.message().as_str()),
        (400, "No matches found for identifier")
    );
    let player = server.get(&socket.player(1)).await.json();
    assert_eq!((&player["volume"], &player["paused"]), (&3.into(), &true.into()));
}

#[tokio::test]
async fn disabled_filters_are_refused_before_anything_happens() {
    let config = Config { disabled_filters: vec!["karaoke".into()], ..Config::default() };
    let server = Server::start_with(config);
    let socket = server.connect().await;
    let answer = server.patch(&socket.player(1), r#"{"filters":{"karaoke":null}}"#).await;
    assert_eq!(answer.message(), "Following filters are disabled in the config: karaoke");
    assert_eq!(server.get(&socket.player(1)).await.status, 404);
    let info = server.get("/v4/info").await.json();
    assert!(!info["filters"].as_array().unwrap().contains(&"karaoke".into()));
}

#[tokio::test]
async fn exceptions_lack_the_version_only_with_quirks() {
    for quirks in [false, true] {
        let server = Server::start_with(Config { quirks, ..Config::default() });
        let answer = server.get("/v4/decodetrack?track=AAAA").await;
        assert_eq!((answer.status, answer.message().as_str()), (500, "No message available"));
        assert_eq!(answer.header("lavalink-api-version").is_none(), quirks);
    }
}

#[tokio::test]
async fn tracks_and_route_planner() {
    let server = Server::start();
    let json = Some("[]");
    for (method, path, body, status, message) in [
        (
            Method::GET,
            "/v4/loadtracks",
            None,
            400,
            "Required parameter 'identifier' is not present.",
        ),
        (Method::GET, "/v4/decodetrack", None, 400, "No track to decode provided"),
        (Method::POST, "/v4/decodetracks", json, 400, "No tracks to decode provided"),
        (Method::POST, "/v4/decodetracks", Some("{}"), 400, "Bad Request"),
        (Method::POST, "/v4/routeplanner/free/address", Some("{}"), 400, "Bad Request"),
        (
            Method::POST,
            "/v4/routeplanner/free/address",
            Some(r#"{"address":"x"}"#),
            500,
            "Can't access disabled route planner",
        ),
        (
            Method::POST,
            "/v4/routeplanner/free/all",
            None,
            500,
            "Can't access disabled route planner",
        ),
    ] {
        let answer = server.call(method, path, body).await;
        assert_eq!((answer.status, answer.message().as_str()), (status, message), "{path}");
    }
    assert_eq!(server.get("/v4/routeplanner/status").await.status, 204);
    let empty = server.get("/v4/loadtracks?identifier=no%20such%20thing").await;
    assert_eq!(empty.text, r#"{"loadType":"empty","data":null}"#);
    assert_eq!(server.get("/version").await.text, "4.2.2");
}
