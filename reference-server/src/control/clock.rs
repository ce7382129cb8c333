//! Moving time.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Value, json};

use super::refusal::{Answer, Given, Refusal};
use super::told::{Object, Place, Until, Wrong};
use crate::server::Server;

/// Longest time that one call moves the clock: a whole year for what tells dates. A player that
/// plays sends six million messages meanwhile.
const LONGEST_ADVANCE: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// How far it is moved at most to a message, if nobody says.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What time it is.
pub(super) async fn tell(State(server): State<Server>) -> Json<Value> {
    Json(status(&server))
}

fn status(server: &Server) -> Value {
    let next = server.clock.next_timer().map(|next| next.as_nanos().div_ceil(1_000_000) as u64);
    json!({
        "kind": if server.clock.is_manual() { "manual" } else { "real" },
        "wallMs": server.clock.wall_ms(),
        "nextTimerMs": next,
    })
}

/// Runs every timer that is due within `ms`, in order, and answers when all that they caused has
/// been sent. It ends where something was sent to a client, or where a certain message was, if it
/// is told so.
pub(super) async fn advance(State(server): State<Server>, given: Given) -> Answer<Json<Value>> {
    let object = Object::read(&given.0, Place::Body, &["ms", "untilMessage", "until"])?;
    let until = object.value("until").map(|until| {
        let mut until = Until::read(until, Place::Key(object.place(), "until"))?;
        if until.session.as_deref() == Some("latest") {
            until.session = server.sessions.latest().map(|session| session.id().to_owned());
        }
        Ok::<_, Wrong>(until)
    });
    let until = until.transpose()?;
    let ms = object.integer("ms", 0..=LONGEST_ADVANCE.as_millis() as i64)?;
    let duration = match (ms, &until) {
        (Some(ms), _) => Duration::from_millis(ms.cast_unsigned()),
        (None, Some(_)) => DAY,
        (None, None) => return Err(object.wrong("ms", "is missing; send milliseconds").into()),
    };
    let until_message = object.boolean("untilMessage")? == Some(true);
    let sent = server.messages.count();
    let watching = until.map(|until| server.messages.watches.watch(until));
    let enough = || {
        until_message && server.messages.count() > sent
            || watching.as_ref().is_some_and(|watching| watching.found().is_some())
    };
    let Some(advanced) = server.clock.advance(duration, enough).await else {
        let message = "the clock is the machine's; start the server with --clock manual";
        return Err(Refusal::conflict(message));
    };
    if !advanced.settled {
        let message = "something is still going on after 5 seconds, perhaps a client that does \
                       not read; time stopped on its way, and GET /control/clock tells where";
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, message));
    }
    let mut status = status(&server);
    status["advancedMs"] = (advanced.by.as_millis() as u64).into();
    if let Some(watching) = watching {
        match watching.found() {
            Some(message) => status["message"] = message,
            None if until_message && server.messages.count() > sent => {}
            None => {
                let by = advanced.by.as_millis();
                let others = watching.others();
                let message = format!("no such message was sent within {by} ms, but {others}");
                return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, message));
            }
        }
    }
    Ok(Json(status))
}
