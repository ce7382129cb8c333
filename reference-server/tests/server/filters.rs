//! Filters of tracks that play to nobody, in manual time.

use serde_json::{Value, json};

use crate::playing::{play, start};
use crate::support::{Socket, VOICE, advance};

/// Types of the events until the track ends, the exception and the end.
async fn until_the_end(socket: &mut Socket) -> (Vec<String>, Value, Value) {
    let (mut types, mut exception) = (Vec::new(), Value::Null);
    loop {
        let message = socket.next().await;
        let Some(kind) = message["type"].as_str() else { continue };
        types.push(kind.to_owned());
        match kind {
            "TrackExceptionEvent" => exception = message["exception"].clone(),
            "TrackEndEvent" => return (types, exception, message),
            _ => {}
        }
    }
}

#[tokio::test]
async fn bad_filters_end_a_track_that_begins() {
    let server = start();
    let mut socket = server.connect().await;
    server.patch(&socket.player(1), VOICE).await;
    server.patch(&socket.player(1), r#"{"filters":{"volume":6}}"#).await;
    play(&server, &socket, "tone.flac").await;
    advance(&server, 1000).await;
    let (types, exception, end) = until_the_end(&mut socket).await;
    assert_eq!(types, ["TrackStartEvent", "TrackExceptionEvent", "TrackEndEvent"]);
    assert_eq!(exception["message"], "Something broke when playing the track.");
    assert_eq!(exception["severity"], "fault");
    assert_eq!(exception["cause"], "java.lang.IllegalArgumentException: Volume > 5.0");
    assert_eq!(end["reason"], "loadFailed");
}

#[tokio::test]
async fn bad_filters_while_playing_let_the_buffer_play_on() {
    let server = start();
    let mut socket = server.connect().await;
    server.patch(&socket.player(1), VOICE).await;
    // Slow, so that it is not decoded to its end already.
    server.patch(&socket.player(1), r#"{"filters":{"timescale":{"speed":0.25}}}"#).await;
    play(&server, &socket, "tone.flac").await;
    advance(&server, 1000).await;
    server.patch(&socket.player(1), r#"{"filters":{"vibrato":{"frequency":15}}}"#).await;
    advance(&server, 20_000).await;
    let (types, exception, end) = until_the_end(&mut socket).await;
    assert_eq!(types, ["TrackStartEvent", "TrackExceptionEvent", "TrackEndEvent"]);
    assert_eq!(exception["message"], "Something went wrong when decoding the track.");
    assert_eq!(exception["cause"], "java.lang.IllegalArgumentException: Frequency > max (14.0)");
    assert_eq!(end["reason"], "finished");
    let position = end["track"]["info"]["position"].as_i64().unwrap();
    assert!((5_000..7_500).contains(&position), "{position}");
}

#[tokio::test]
async fn positions_count_what_is_heard() {
    for (speed, last) in [(2.0, 1440), (0.5, 5780)] {
        let server = start();
        let mut socket = server.connect().await;
        server.patch(&socket.player(1), VOICE).await;
        let filters = json!({"filters": {"timescale": {"speed": speed}}}).to_string();
        server.patch(&socket.player(1), &filters).await;
        play(&server, &socket, "tone.flac").await;
        advance(&server, 10_000).await;
        let (_, _, end) = until_the_end(&mut socket).await;
        let position = end["track"]["info"]["position"].as_i64().unwrap();
        assert!((position - last).abs() <= 20, "{speed}: {position}");
    }
}

#[tokio::test]
async fn a_change_of_volume_keeps_the_frames() {
    let server = start();
    let mut socket = server.connect().await;
    server.patch(&socket.player(1), VOICE).await;
    play(&server, &socket, "tone.flac").await;
    for volume in [50, 0, 300, 100] {
        advance(&server, 300).await;
        server.patch(&socket.player(1), &json!({"volume": volume}).to_string()).await;
    }
    advance(&server, 5_000).await;
    let (types, _, end) = until_the_end(&mut socket).await;
    assert_eq!(types, ["TrackStartEvent", "TrackEndEvent"]);
    assert_eq!(
        (&end["reason"], &end["track"]["info"]["position"]),
        (&json!("finished"), &json!(2980))
    );
}
