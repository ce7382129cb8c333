//! Sockets: who gets one, what comes over it, how it ends.

use std::time::{Duration, Instant};

use lavalink_reference_server::config::Config;
use reqwest::Method;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::support::{SOON, Server, Socket};

async fn refused(server: &Server, headers: &[(&'static str, &str)]) -> u16 {
    match server.try_connect(headers).await {
        Err(Error::Http(response)) => {
            assert_eq!(response.headers()["lavalink-api-version"], "4");
            response.status().as_u16()
        }
        Err(error) => panic!("{error}"),
        Ok(_) => 101,
    }
}

#[tokio::test]
async fn handshake() {
    let server = Server::start();
    for (headers, status) in [
        (&[("Authorization", "wrong"), ("User-Id", "1")][..], 401),
        (&[], 400),
        (&[("User-Id", "")], 400),
        (&[("User-Id", "0")], 400),
        (&[("User-Id", "abc")], 400),
        (&[("User-Id", "99999999999999999999999")], 400),
        (&[("User-Id", "-5")], 101),
        (&[("User-Id", "1"), ("Client-Name", "just some words")], 101),
        (&[("User-Id", "1"), ("Session-Id", "0")], 101),
    ] {
        assert_eq!(refused(&server, headers).await, status, "{headers:?}");
    }
    let plain = server.get("/v4/websocket").await;
    assert_eq!((plain.status, plain.text.as_str()), (400, ""));
}

#[tokio::test]
async fn quirks_let_a_garbled_user_in_and_close_with_1011() {
    let server = Server::start_with(Config { quirks: true, ..Config::default() });
    let mut socket = server.try_connect(&[("User-Id", "abc")]).await.unwrap();
    assert_eq!(socket.response.headers()["session-resumed"], "false");
    assert_eq!(socket.closed().await, Some(1011));
}

#[tokio::test]
async fn ready_and_stats_come_first_and_start_with_op() {
    let server = Server::start();
    let mut socket = server.try_connect(&[("User-Id", "1")]).await.unwrap();
    assert_eq!(socket.response.headers()["session-resumed"], "false");
    assert_eq!(socket.response.headers()["lavalink-api-version"], "4");
    let ready = socket.next_text().await;
    assert!(ready.starts_with(r#"{"op":"ready","resumed":false,"sessionId":""#), "{ready}");
    let stats = socket.next_text().await;
    assert!(stats.starts_with(r#"{"op":"stats","frameStats":null,"players":0,"#), "{stats}");
}

#[tokio::test]
async fn text_is_ignored_binary_is_not_and_pings_are_answered() {
    let server = Server::start();
    let mut socket = server.connect().await;
    socket.say(Message::text("x".repeat(200_000))).await;
    socket.say(Message::Ping("hello".into())).await;
    assert_eq!(socket.next_message().await, Some(Message::Pong("hello".into())));
    socket.say(Message::binary(vec![1])).await;
    assert_eq!(socket.closed().await, Some(1003));
}

#[tokio::test]
async fn shutdown_closes_every_socket_with_1001_within_a_second() {
    let mut server = Server::start();
    let mut sockets = Vec::new();
    for _ in 0..300 {
        sockets.push(server.connect().await);
    }
    assert_eq!(server.get("/v4/stats").await.json()["players"], 0);
    let (elapsed, codes) = tokio::join!(
        async {
            let started = Instant::now();
            server.stop().await;
            started.elapsed()
        },
        futures::future::join_all(sockets.iter_mut().map(Socket::closed)),
    );
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
    assert!(codes.iter().all(|code| *code == Some(1001)), "{codes:?}");
}

#[tokio::test]
async fn shutdown_does_not_wait_for_who_does_not_answer() {
    let mut server = Server::start();
    let _silent = server.connect().await;
    let _half = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_client_that_never_reads_is_cut_off_alone() {
    let server = Server::start();
    let deaf = server.connect_deaf().await;
    let mut other = server.connect().await;
    let path = deaf.player(1);
    let mut told = 0;
    loop {
        let answers = (0..32).map(|_| server.patch(&path, r#"{"filters":{}}"#));
        let answers = futures::future::join_all(answers).await;
        if answers.iter().any(|answer| answer.status == 404) {
            break;
        }
        told += answers.len();
        assert!(told < 100_000, "{told} messages and still not cut off");
    }
    let path = other.player(1);
    assert_eq!(server.patch(&path, r#"{"filters":{}}"#).await.status, 200);
    // Filling the queue may take a machine long enough for stats to come.
    while other.next().await["op"] != "playerUpdate" {}
    assert_eq!(server.get("/v4/stats").await.json()["players"], 1);
}

#[tokio::test]
async fn a_session_ends_with_its_socket() {
    let server = Server::start();
    let mut socket = server.connect().await;
    server.patch(&socket.player(1), "{}").await;
    socket.stream.close(None).await.unwrap();
    socket.closed().await;
    wait_until(&server, &socket.player(1), 404).await;
    let late = server.try_connect(&[("User-Id", "1"), ("Session-Id", &socket.id)]).await.unwrap();
    assert_eq!(late.response.headers()["session-resumed"], "false");
}

#[tokio::test]
async fn resume() {
    let server = Server::start();
    let mut socket = server.connect().await;
    let session = format!("/v4/sessions/{}", socket.id);
    let answer = server.patch(&session, r#"{"resuming":true}"#).await;
    assert_eq!(answer.text, r#"{"resuming":true,"timeout":60}"#);
    server.patch(&socket.player(7), "{}").await;
    server.patch(&socket.player(-1), "{}").await;

    let open = server.try_connect(&[("User-Id", "1"), ("Session-Id", &socket.id)]).await.unwrap();
    assert_eq!(open.response.headers()["session-resumed"], "false");

    for _ in 0..2 {
        // A lost connection, without a close frame.
        let (id, player) = (socket.id.clone(), socket.player(7));
        drop(socket);
        wait_until(&server, &player, 404).await;
        assert_eq!(server.patch(&session, "{}").await.status, 404);
        assert_eq!(server.get("/v4/stats").await.json()["players"], 0);

        socket = server.try_connect(&[("User-Id", "2"), ("Session-Id", &id)]).await.unwrap();
        assert_eq!(socket.response.headers()["session-resumed"], "true");
        let ready = socket.next().await;
        assert_eq!((&ready["resumed"], &ready["sessionId"]), (&true.into(), &id.as_str().into()));
        for guild in ["7", "-1"] {
            let update = socket.next().await;
            assert_eq!(
                (&update["op"], &update["guildId"]),
                (&"playerUpdate".into(), &guild.into())
            );
        }
        socket.id = id;
        assert_eq!(server.get("/v4/stats").await.json()["players"], 2);
    }
}

#[tokio::test]
async fn of_two_sockets_that_want_a_session_one_gets_it() {
    let server = Server::start();
    for _ in 0..20 {
        let socket = server.connect().await;
        let session = format!("/v4/sessions/{}", socket.id);
        server.patch(&session, r#"{"resuming":true}"#).await;
        let id = socket.id.clone();
        drop(socket);
        wait_until(&server, &format!("{session}/players"), 404).await;
        let headers = [("User-Id", "1"), ("Session-Id", id.as_str())];
        let both = tokio::join!(server.try_connect(&headers), server.try_connect(&headers));
        let mut resumed = 0;
        for socket in [both.0, both.1] {
            let mut socket = socket.unwrap();
            let ready = socket.next().await;
            let promised = socket.response.headers()["session-resumed"] == "true";
            assert_eq!(ready["resumed"], promised);
            assert_eq!(ready["sessionId"] == id.as_str(), promised);
            resumed += usize::from(promised);
        }
        assert_eq!(resumed, 1);
    }
}

#[tokio::test]
async fn resume_in_time_or_not_at_all() {
    let server = Server::start();
    for timeout in ["0", "-1", "1"] {
        let socket = server.connect().await;
        let session = format!("/v4/sessions/{}", socket.id);
        let body = format!(r#"{{"resuming":true,"timeout":{timeout}}}"#);
        assert_eq!(server.patch(&session, &body).await.status, 200);
        let id = socket.id.clone();
        drop(socket);
        wait_until(&server, &format!("{session}/players"), 404).await;
        // Nothing but an attempt to resume tells whether it still waits, and that would end the wait.
        let patience = if timeout == "1" { 1200 } else { 0 };
        tokio::time::sleep(Duration::from_millis(patience)).await;
        let late = server.try_connect(&[("User-Id", "1"), ("Session-Id", &id)]).await.unwrap();
        assert_eq!(late.response.headers()["session-resumed"], "false", "timeout {timeout}");
    }
}

async fn wait_until(server: &Server, path: &str, status: u16) {
    let deadline = Instant::now() + SOON;
    while server.call(Method::GET, path, None).await.status != status {
        assert!(Instant::now() < deadline, "{path} never answered {status}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
