//! Emptying the server.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::controls;
use super::refusal::{Answer, Given};
use super::told::{Object, Place, Wrong};
use crate::server::Server;
use crate::session::Farewell;

/// What can be kept, besides sessions, which never are.
const PARTS: [&str; 7] =
    ["journal", "faults", "catalogue", "info", "stats", "clock", "routePlanner"];

/// Ends all sessions and forgets what is not to be kept. Whoever comes next may listen.
pub(super) async fn reset(State(server): State<Server>, given: Given) -> Answer<Json<Value>> {
    let body = given.or_empty();
    let object = Object::read(&body, Place::Body, &["keep", "closeCode", "closeReason"])?;
    let keep = kept(&object)?;
    let farewell = farewell(&object, "closeCode", "closeReason")?;
    let (open, away) = server.sessions.count();
    server.sessions.end_all(farewell).await;
    server.sessions.begin_anew();
    server.set_heard(true);
    let controls = controls(&server)?;
    let mut cleared = Vec::new();
    for part in PARTS.into_iter().filter(|part| !keep.contains(part)) {
        match part {
            "journal" => controls.journal.clear(),
            "faults" => controls.faults.clear(),
            "catalogue" => server.sources.catalogue().clear(),
            "info" => controls.identity.clear(),
            "stats" => controls.statistics.clear(),
            "routePlanner" => match &server.planner {
                Some(planner) => planner.begin_anew(),
                None => continue,
            },
            _ if server.clock.begin_anew().await => {}
            _ => continue,
        }
        cleared.push(part);
    }
    Ok(Json(json!({"sessions": open + away, "cleared": cleared, "kept": keep})))
}

fn kept(object: &Object<'_>) -> Result<Vec<&'static str>, Wrong> {
    let given = object.texts("keep")?.unwrap_or_default().into_iter();
    given.map(|name| object.known_word("keep", name, &PARTS)).collect()
}

/// How sockets are to end.
pub(super) fn farewell(
    object: &Object<'_>,
    code_key: &str,
    reason_key: &str,
) -> Result<Farewell, Wrong> {
    /// What fits into a close frame.
    const LONGEST_REASON: usize = 123;
    let code = object.integer(code_key, 1000..=4999)?;
    let reason = object.text(reason_key)?;
    if reason.is_some_and(|reason| reason.len() > LONGEST_REASON) {
        return Err(object.wrong(reason_key, format!("at most {LONGEST_REASON} bytes")));
    }
    match (code, reason) {
        // They stand for closes that have no frame.
        (Some(code @ (1004..=1006 | 1015)), _) => {
            Err(object.wrong(code_key, format!("{code} cannot be sent in a close frame")))
        }
        (Some(code), reason) => {
            Ok(Farewell::Close { code: code as u16, reason: reason.unwrap_or_default().to_owned() })
        }
        (None, Some(_)) => Err(object.wrong(reason_key, format!("goes with {code_key}; send one"))),
        (None, None) => Ok(Farewell::Silent),
    }
}
