//! Whether a target can be asked to join voice channels: it has to trust the run's authority.

use std::time::Duration;

use serde_json::json;

use crate::client::{Request, Socket};
use crate::discord::{Event, Record, Room};
use crate::failure::Failure;
use crate::schema::Checker;
use crate::settings::Settings;
use crate::timeline::Timeline;

/// How long a target may take to come to the voice gateway. It has just started, and whether all
/// scenarios with voice are judged depends on it.
const LIMIT: Duration = Duration::from_secs(20);

/// Joins a voice channel; gives back why that does not work, if it does not.
pub(super) async fn lacking(settings: &Settings) -> Option<String> {
    let timeline = Timeline::new();
    match join(settings, &timeline).await {
        Ok(()) => None,
        Err(failure) => {
            let entries = timeline.entries();
            let tls = entries.iter().map(|entry| &entry.summary).find(|line| line.contains("TLS"));
            let seen = tls.unwrap_or(&failure.message);
            Some(format!(
                "the target does not join voice channels of this run ({seen}); it has to trust \
                 the certificate of {{ca}} or --voice-ca-out"
            ))
        }
    }
}

async fn join(settings: &Settings, timeline: &Timeline) -> Result<(), Failure> {
    let room = Room::open(&settings.authority, timeline).await;
    let room = room.map_err(|error| Failure::harness(format!("no voice channel: {error}")))?;
    let password = settings.password.reveal().to_owned();
    let mut headers = vec![
        ("Authorization".to_owned(), password),
        ("User-Id".to_owned(), "170939974227541168".to_owned()),
        ("Client-Name".to_owned(), "lavalink-conformance/1".to_owned()),
    ];
    let checker = Checker::new(settings.schemas.clone());
    let (handshake, socket) = Socket::open("voice", &headers, settings, timeline, checker).await?;
    let refused = || Failure::assertion(format!("the handshake is {}", handshake.status));
    let mut socket = socket.ok_or_else(refused)?;
    let ready = socket.journal.wait(LIMIT, |record| {
        let mut messages = record.messages.iter();
        messages.find(|message| message["op"] == "ready").cloned()
    });
    let ready = ready.await.ok_or_else(|| Failure::assertion("no ready"))?;
    let session = ready["sessionId"].as_str().unwrap_or_default();
    let voice = json!({
        "token": "token", "endpoint": room.endpoint(), "sessionId": "session",
        "channelId": "170939974227541170",
    });
    headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    let request = Request {
        method: "PATCH".into(),
        path: format!("/v4/sessions/{session}/players/170939974227541169"),
        headers,
        body: Some(json!({"voice": voice}).to_string()),
    };
    let answer = request.send(settings, timeline).await?;
    let identified = |record: &Record| {
        record.events.iter().any(|event| matches!(event, Event::Identified(_))).then_some(())
    };
    let joined = match answer.status {
        200 => room.wait(LIMIT, identified).await,
        _ => None,
    };
    // Its end is nobody's business here.
    socket.reset(LIMIT).await.ok();
    joined.ok_or_else(|| {
        Failure::assertion(format!("voice data are answered with {}", answer.status))
    })
}
