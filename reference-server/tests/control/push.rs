//! Messages, events and closes because the test says so.

use lavalink_reference_server::Mock;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use crate::support::{Bot, voice};

#[tokio::test]
async fn anything_can_be_said_to_a_client() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    bot.until(|message| message["op"] == "stats").await;
    mock.push("latest", json!({"op": "unknown", "x": [1]})).await.unwrap();
    mock.push_text(&bot.id, "no JSON {").await.unwrap();
    assert_eq!(bot.text().await, r#"{"op":"unknown","x":[1]}"#);
    assert_eq!(bot.text().await, "no JSON {");
    let error = mock.push("nobody", json!({})).await.unwrap_err();
    assert_eq!(error.status(), Some(404));
    assert!(error.to_string().contains("nobody"), "{error}");
}

#[tokio::test]
async fn sessions_tell_who_they_are_and_what_they_have() {
    let mock = Mock::start().await.unwrap();
    let first = Bot::connect(&mock).await;
    let second = Bot::connect(&mock).await;
    second.patch(&mock, 5, json!({"volume": 7})).await;
    let sessions = mock.sessions().await.unwrap();
    let ids: Vec<_> = sessions.iter().map(|session| &session["id"]).collect();
    assert_eq!(ids, [first.id.as_str(), second.id.as_str()]);
    let told = |key: &str| sessions[1][key].clone();
    assert_eq!((told("userId"), told("clientName")), (json!("7"), json!("bot/1")));
    assert_eq!(
        (told("state"), told("resuming"), told("timeout")),
        (json!("open"), json!(false), json!(60))
    );
    assert_eq!(told("players")[0]["volume"], 7);
    let latest = mock.control("GET", "/sessions/latest", None).await.unwrap();
    assert_eq!(latest["id"], second.id.as_str());
}

#[tokio::test]
async fn events_are_filled_in_and_a_track_that_ends_is_over() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    let none = mock.event("latest", 1, json!({"type": "TrackStuckEvent"})).await.unwrap_err();
    assert_eq!(none.status(), Some(404));
    let playing = bot.play(&mock, "ytsearch:a").await;
    bot.event("TrackStartEvent").await;
    let encoded = &playing["track"]["encoded"];

    mock.event("latest", 1, json!({"type": "TrackStuckEvent"})).await.unwrap();
    let stuck = bot.event("TrackStuckEvent").await;
    assert_eq!((&stuck["track"]["encoded"], &stuck["thresholdMs"]), (encoded, &json!(10_000)));
    assert_eq!(stuck["guildId"], "1");
    let exception = json!({"message": "no", "severity": "suspicious", "cause": "why"});
    let event = json!({"type": "TrackExceptionEvent", "exception": exception});
    mock.event("latest", 1, event).await.unwrap();
    let told = bot.event("TrackExceptionEvent").await;
    for (key, value) in exception.as_object().unwrap() {
        assert_eq!(&told["exception"][key], value);
    }
    assert!(told["exception"]["causeStackTrace"].is_string());
    let event = json!({"type": "SegmentsLoaded", "segments": []});
    mock.event("latest", 1, event).await.unwrap();
    let loaded = bot.event("SegmentsLoaded").await;
    assert_eq!((&loaded["op"], &loaded["segments"]), (&json!("event"), &json!([])));
    assert!(bot.player(&mock, 1).await["track"].is_object());

    let end = json!({"type": "TrackEndEvent", "reason": "loadFailed"});
    mock.event("latest", 1, end.clone()).await.unwrap();
    let told = bot.event("TrackEndEvent").await;
    assert_eq!((&told["reason"], &told["track"]["encoded"]), (&json!("loadFailed"), encoded));
    assert_eq!(bot.player(&mock, 1).await["track"], Value::Null);
    assert_eq!(mock.event("latest", 1, end).await.unwrap_err().status(), Some(409));
}

/// As a real Lavalink 4.2.2 does (docs/observed/voice.md).
#[tokio::test]
async fn a_voice_connection_that_discord_closes_leaves_the_player_without_one() {
    for (code, reason) in [(4014, "Disconnected."), (4006, "Session is no longer valid.")] {
        let mock = Mock::start().await.unwrap();
        let mut bot = Bot::connect(&mock).await;
        bot.patch(&mock, 1, json!({})).await;
        let none = mock.voice_close("latest", 1, code).await.unwrap_err();
        assert_eq!(none.status(), Some(409));
        let playing = bot.play(&mock, "ytsearch:a").await;
        assert_eq!(playing["state"]["connected"], true);
        mock.voice_close("latest", 1, code).await.unwrap();
        let told = bot.event("WebSocketClosedEvent").await;
        let wanted = json!({
            "op": "event", "type": "WebSocketClosedEvent", "guildId": "1", "code": code,
            "reason": reason, "byRemote": true,
        });
        assert_eq!(told, wanted);
        let update = bot.until(|message| message["op"] == "playerUpdate").await;
        assert_eq!(update["state"]["connected"], false);
        let player = bot.player(&mock, 1).await;
        assert_eq!(player["voice"], voice()["voice"]);
        assert_eq!(player["track"]["encoded"], playing["track"]["encoded"]);
        // The same voice data connect again.
        let player = bot.patch(&mock, 1, voice()).await;
        assert_eq!(player["state"]["connected"], true);
    }
}

#[tokio::test]
async fn after_some_codes_nobody_is_told() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.patch(&mock, 1, voice()).await;
    assert_eq!(mock.voice_close("latest", 1, 4015).await.unwrap(), Value::Null);
    assert_eq!(bot.player(&mock, 1).await["state"]["connected"], true);
    let always = json!({"type": "WebSocketClosedEvent", "code": 4015});
    assert_eq!(mock.event("latest", 1, always).await.unwrap()["code"], 4015);
    assert_eq!(bot.player(&mock, 1).await["state"]["connected"], false);
}

#[tokio::test]
async fn a_ping_is_told_at_once() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    bot.patch(&mock, 1, voice()).await;
    mock.voice_state("latest", 1, 42, true).await.unwrap();
    bot.until(|message| message["state"]["ping"] == 42).await;
}

#[tokio::test]
async fn a_session_that_is_lost_cannot_be_resumed() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    bot.may_resume(&mock).await;
    mock.end_session("latest").await.unwrap();
    assert_eq!(bot.ended().await, None);
    let again = Bot::try_connect(&mock, Some(&bot.id)).await.unwrap();
    assert!(!again.resumed);
    assert_ne!(again.id, bot.id);
}

#[tokio::test]
async fn a_thousand_drops_are_resumed_a_thousand_times() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    bot.may_resume(&mock).await;
    for round in 0..1000 {
        let code = [None, Some(4000), Some(1001)][round % 3];
        let body = match round % 4 {
            3 => json!({"abort": true}),
            _ => code.map_or(json!({}), |code| json!({"code": code})),
        };
        let dropped = mock.control("DELETE", "/sessions/latest/socket", Some(body)).await.unwrap();
        assert_eq!(dropped["state"], "away", "{round}");
        let next = Bot::try_connect(&mock, Some(&bot.id)).await.unwrap();
        assert!(next.resumed, "{round}");
        assert_eq!(next.response.headers()["session-resumed"], "true");
        bot = next;
    }
}

#[tokio::test]
async fn a_socket_ends_as_it_is_told_to() {
    let mock = Mock::start().await.unwrap();
    let mut bot = Bot::connect(&mock).await;
    let over = mock.drop_socket("latest", Some(4321)).await.unwrap();
    assert_eq!(over["state"], "over");
    assert_eq!(bot.ended().await, Some(4321));

    let mut bot = Bot::connect(&mock).await;
    let body = json!({"abort": true});
    mock.control("DELETE", "/sessions/latest/socket", Some(body)).await.unwrap();
    let error = loop {
        match bot.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => break error,
            None => panic!("no reset"),
        }
    };
    let Error::Io(error) = error else { panic!("{error}") };
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);

    let bot = Bot::connect(&mock).await;
    bot.may_resume(&mock).await;
    mock.drop_socket("latest", None).await.unwrap();
    let away = mock.drop_socket("latest", None).await.unwrap_err();
    assert_eq!(away.status(), Some(409));
}

#[tokio::test]
async fn what_is_pushed_to_a_client_that_is_away_comes_when_it_is_back() {
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.may_resume(&mock).await;
    mock.drop_socket("latest", None).await.unwrap();
    mock.push(&bot.id, json!({"op": "late"})).await.unwrap();
    let mut bot = Bot::try_connect(&mock, Some(&bot.id)).await.unwrap();
    bot.until(|message| message["op"] == "late").await;
}
