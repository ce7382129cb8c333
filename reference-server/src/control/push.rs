//! What is said to clients, and what happens to players, because a test says so.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::refusal::{Answer, Given, Refusal};
use super::sessions::ask;
use super::told::{Object, Place, Wrong};
use crate::message::{EndReason, Message};
use crate::server::Server;
use crate::session::{Call, Happening, Lacking};
use crate::tracks::LoadFailure;

/// A message of the caller's own.
pub(super) async fn message(
    State(server): State<Server>,
    Path(id): Path<String>,
    given: Given,
) -> Answer<StatusCode> {
    let object = Object::read(&given.0, Place::Body, &["message", "text"])?;
    let text = match (object.map().get("message"), object.text("text")?) {
        (Some(message), None) => message.to_string(),
        (None, Some(text)) => text.to_owned(),
        _ => return Err(object.refused("send either message or text").into()),
    };
    ask(&server, &id, |reply| Call::Say(Message::Written(text), reply)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How a voice connection is.
pub(super) async fn state(
    State(server): State<Server>,
    Path((id, guild)): Path<(String, String)>,
    given: Given,
) -> Answer<Json<Value>> {
    let object = Object::read(&given.0, Place::Body, &["ping", "connected"])?;
    let (ping, connected) = (object.integer("ping", -1..=i64::MAX)?, object.boolean("connected")?);
    let guild = number(&guild)?;
    let pretend = |shown| Call::Pretend { guild, ping, connected, shown };
    ask(&server, &id, pretend).await?.map(Json).map_err(refused)
}

/// An event.
pub(super) async fn event(
    State(server): State<Server>,
    Path((id, guild)): Path<(String, String)>,
    given: Given,
) -> Answer<Json<Value>> {
    let happening = happening(&given.0)?;
    let guild = number(&guild)?;
    let happened = ask(&server, &id, |reply| Call::Happen(guild, happening, reply)).await?;
    happened.map(|(event, _)| Json(event)).map_err(refused)
}

/// The end of a voice connection.
pub(super) async fn voice_close(
    State(server): State<Server>,
    Path((id, guild)): Path<(String, String)>,
    given: Given,
) -> Answer<Json<Value>> {
    let object = Object::read(&given.0, Place::Body, &["code", "reason", "byRemote"])?;
    let closed = closed(&object, false)?;
    let guild = number(&guild)?;
    let happened = ask(&server, &id, |reply| Call::Happen(guild, closed, reply)).await?;
    let (event, player) = happened.map_err(refused)?;
    Ok(Json(json!({"event": event, "player": player})))
}

fn number(guild: &str) -> Answer<i64> {
    let message = || format!("{guild} is no guild: send a whole number");
    guild.parse().map_err(|_| Refusal::not_found(message()))
}

fn refused(why: Lacking) -> Refusal {
    match why {
        Lacking::Player(_) => Refusal::not_found(why.to_string()),
        _ => Refusal::conflict(why.to_string()),
    }
}

fn happening(value: &Value) -> Result<Happening, Wrong> {
    let any = Object::open(value, Place::Body)?;
    let kind = any.required("type", any.text("type"))?;
    let keys: &[_] = match kind {
        "TrackStartEvent" => &["type", "track"],
        "TrackEndEvent" => &["type", "track", "reason"],
        "TrackExceptionEvent" => &["type", "track", "exception"],
        "TrackStuckEvent" => &["type", "track", "thresholdMs"],
        "WebSocketClosedEvent" => &["type", "code", "reason", "byRemote"],
        _ => return Ok(Happening::Other(any.map().clone())),
    };
    let object = Object::read(value, Place::Body, keys)?;
    let track = object.any_object("track")?.cloned().map(Value::Object);
    Ok(match kind {
        "TrackStartEvent" => Happening::Start(track),
        "TrackEndEvent" => {
            let names = EndReason::ALL.map(EndReason::name);
            let reason = object.word("reason", &names)?;
            let reason = EndReason::ALL.into_iter().find(|known| Some(known.name()) == reason);
            Happening::End(track, reason.unwrap_or(EndReason::Finished))
        }
        "TrackExceptionEvent" => {
            let exception = match object.value("exception") {
                Some(exception) => {
                    exception_of(exception, Place::Key(object.place(), "exception"))?
                }
                None => exception_of(&json!({}), Place::Body)?,
            };
            Happening::Exception(track, exception.to_json())
        }
        "TrackStuckEvent" => {
            let threshold = object.integer("thresholdMs", 0..=i64::MAX)?;
            Happening::Stuck(track, threshold.map(i64::cast_unsigned))
        }
        _ => closed(&object, true)?,
    })
}

fn closed(object: &Object<'_>, always: bool) -> Result<Happening, Wrong> {
    let code = object.required("code", object.integer("code", 1000..=4999))? as u16;
    let reason = object.text("reason")?.unwrap_or_else(|| words(code)).to_owned();
    let by_remote = object.boolean("byRemote")?.unwrap_or(true);
    Ok(Happening::VoiceClosed { code, reason, by_remote, always })
}

/// What Discord says with a code of its voice gateway
/// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice).
fn words(code: u16) -> &'static str {
    match code {
        4001 => "Unknown opcode.",
        4002 => "Failed to decode payload.",
        4003 => "Not authenticated.",
        4004 => "Authentication failed.",
        4005 => "Already authenticated.",
        4006 => "Session is no longer valid.",
        4009 => "Session timeout.",
        4011 => "Server not found.",
        4012 => "Unknown protocol.",
        4014 => "Disconnected.",
        4015 => "Voice server crashed.",
        4016 => "Unknown encryption mode.",
        _ => "",
    }
}

/// An exception; what is left out is what Lavalink usually says.
pub(super) fn exception_of(value: &Value, place: Place<'_>) -> Result<LoadFailure, Wrong> {
    const KEYS: &[&str] = &["message", "severity", "cause", "causeStackTrace"];
    let object = Object::read(value, place, KEYS)?;
    let message = object.text("message")?.unwrap_or("This track cannot be played.").to_owned();
    let severity = object.word("severity", &["common", "suspicious", "fault"])?.unwrap_or("common");
    let usual = || format!("com.sedmelluq.discord.lavaplayer.tools.FriendlyException: {message}");
    let cause = object.text("cause")?.map_or_else(usual, str::to_owned);
    let cause_stack_trace = object.text("causeStackTrace")?.unwrap_or(&cause).to_owned();
    Ok(LoadFailure { message, severity, cause, cause_stack_trace })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_knows_its_keys() {
        let read = |value: Value| happening(&value).map_err(|wrong| wrong.to_string());
        assert!(matches!(
            read(json!({"type": "TrackEndEvent"})),
            Ok(Happening::End(None, EndReason::Finished))
        ));
        assert!(matches!(read(json!({"type": "SegmentsLoaded", "x": 1})), Ok(Happening::Other(_))));
        for (given, error) in [
            (json!({}), "type: is missing"),
            (json!({"type": "TrackStuckEvent", "code": 1}), "code: unknown key \"code\""),
            (json!({"type": "WebSocketClosedEvent"}), "code: is missing"),
            (json!({"type": "TrackEndEvent", "reason": "end"}), "reason: unknown word \"end\""),
        ] {
            let told = read(given).unwrap_err();
            assert!(told.starts_with(error), "{told}");
        }
    }
}
