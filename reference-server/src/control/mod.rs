//! The control API, for tests: moves manual time, tells what clients did, has the server fail and
//! speak, and empties it.
//!
//! Off unless a token is configured; `control.openapi.yaml` describes it. It is outside the
//! protocol, and the protocol cannot reach it. Two layers [round](surround) the protocol write
//! requests down and have them fail; everything else is asked of sessions and of what all of them
//! share.

mod catalogue;
mod clock;
mod failing;
mod identity;
mod push;
mod recorder;
mod refusal;
mod reset;
mod sessions;
mod statistics;
pub(crate) mod told;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, patch, post};
use axum::{Json, Router};
use http::StatusCode;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use self::refusal::{Answer, Given, Refusal};
use self::told::{Controls, Match, Object, PREFIX, Place, Wrong};
use crate::deviations;
use crate::http::same_secret;
use crate::nearest::nearest;
use crate::server::Server;

pub(crate) use self::catalogue::of_text as read_catalogue;

/// A path, its methods in words, and what serves them.
type Route = (&'static str, &'static [&'static str], MethodRouter<Server>);

/// Every path there is.
fn routes() -> Vec<Route> {
    let faults = get(all_faults).post(add_fault).delete(clear_faults);
    let own = get(catalogue::tell).put(catalogue::put).post(catalogue::add);
    vec![
        ("/health", &["GET"], get(health)),
        ("/clock", &["GET"], get(clock::tell)),
        ("/clock/advance", &["POST"], post(clock::advance)),
        ("/sound", &["POST"], post(sound)),
        ("/reset", &["POST"], post(reset::reset)),
        ("/deviations", &["GET"], get(chosen_deviations)),
        ("/requests", &["GET", "DELETE"], get(requests).delete(forget_requests)),
        ("/requests/wait", &["POST"], post(wait_for_requests)),
        ("/faults", &["GET", "POST", "DELETE"], faults),
        ("/faults/{id}", &["GET", "DELETE"], get(one_fault).delete(remove_fault)),
        ("/handshakes", &["POST"], post(refuse_handshakes)),
        ("/sessions", &["GET"], get(sessions::all)),
        ("/sessions/{session}", &["GET", "DELETE"], get(sessions::one).delete(sessions::end)),
        ("/sessions/{session}/messages", &["POST"], post(push::message)),
        ("/sessions/{session}/socket", &["DELETE"], delete(sessions::drop_socket)),
        ("/sessions/{session}/players/{guild}", &["PATCH"], patch(push::state)),
        ("/sessions/{session}/players/{guild}/events", &["POST"], post(push::event)),
        ("/sessions/{session}/players/{guild}/voice-close", &["POST"], post(push::voice_close)),
        ("/catalogue", &["GET", "PUT", "POST", "DELETE"], own.delete(catalogue::clear)),
        ("/info", &["GET", "PUT"], get(identity::tell).put(identity::put)),
        ("/stats", &["GET", "PUT"], get(statistics::tell).put(statistics::put)),
    ]
}

/// The control API; nothing at all without a token.
pub(crate) fn router(server: &Server) -> Router {
    if server.config.control_token.is_none() {
        return Router::new();
    }
    let served = served(server).layer(from_fn_with_state(server.clone(), authorize));
    Router::new().nest(PREFIX, served)
}

/// The control API for those who need no token: they are in the same process.
pub(crate) fn served(server: &Server) -> Router {
    let mut router = Router::new();
    for (path, methods, served) in routes() {
        let others = move |request| wrong_method(methods, request);
        router = router.route(path, served.fallback(others));
    }
    router.fallback(unknown_path).with_state(server.clone())
}

/// The protocol, with what the control API has to see and to break; as it is without a token.
pub(crate) fn surround(protocol: Router, server: &Server) -> Router {
    let Some(controls) = &server.controls else { return protocol };
    let state = (server.clone(), Arc::clone(controls));
    protocol
        .layer(from_fn_with_state(state.clone(), failing::fail))
        .layer(from_fn_with_state(state, recorder::record))
}

async fn authorize(State(server): State<Server>, request: Request, next: Next) -> Response {
    let given = request.headers().get(AUTHORIZATION).map(|value| value.as_bytes());
    let token = given.and_then(|value| value.split_at_checked("Bearer ".len()));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"Bearer "));
    let token = token.map(|(_, token)| token);
    let wanted = server.config.control_token.as_ref().map(|token| token.0.as_bytes());
    match (token, wanted) {
        (Some(token), Some(wanted)) if same_secret(token, wanted) => next.run(request).await,
        _ => {
            let message = "send Authorization: Bearer and the control token";
            Refusal::new(StatusCode::UNAUTHORIZED, message).into_response()
        }
    }
}

/// 405, with what the path takes instead; axum adds `Allow`.
async fn wrong_method(methods: &'static [&'static str], request: Request) -> Refusal {
    let path = request.uri().path();
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let message = format!("{path} takes {}, not {}", methods.join(", "), request.method());
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, message).with("known", methods.into())
}

async fn unknown_path(request: Request) -> Refusal {
    let given = request.uri().path();
    let given = given.strip_prefix(PREFIX).unwrap_or(given);
    let known: Vec<_> = routes().into_iter().map(|(path, ..)| path).collect();
    let message = format!("there is no {given}");
    match nearest(given, known.iter().copied()) {
        Some(nearest) => Refusal::not_found(format!("{message}; did you mean {nearest}?"))
            .with("nearest", nearest.into()),
        None => Refusal::not_found(message).with("known", known.into()),
    }
}

/// How the server is: sockets that are open, sessions with a socket, sessions that wait for theirs.
async fn health(State(server): State<Server>) -> Json<Value> {
    let (open, away) = server.sessions.count();
    Json(json!({
        "status": "up",
        "version": env!("CARGO_PKG_VERSION"),
        "sockets": server.sockets.count(),
        "sessions": {"open": open, "away": away},
    }))
}

/// Says whether anybody listens to what voice connections send. If not, frames of tracks that are
/// opened from now on are those of volume 0, as many as there would be with sound.
async fn sound(State(server): State<Server>, given: Given) -> Answer<StatusCode> {
    let body = given.0;
    let object = Object::read(&body, Place::Body, &["heard"])?;
    server.set_heard(object.required("heard", object.boolean("heard"))?);
    Ok(StatusCode::NO_CONTENT)
}

/// Every deviation there is; `reached` counts how often the code of a chosen one ran.
async fn chosen_deviations() -> Json<Value> {
    let chosen = deviations::chosen();
    let entries = deviations::all().map(|deviation| {
        let reached = chosen.iter().find(|(other, _)| *other == deviation).map(|(_, count)| count);
        json!({"name": deviation.name, "summary": deviation.summary, "reached": reached})
    });
    Json(entries.collect())
}

/// What clients did, after an id.
async fn requests(State(server): State<Server>, RawQuery(query): RawQuery) -> Answer {
    let controls = controls(&server)?;
    let mut since = 0;
    for pair in query.iter().flat_map(|query| query.split('&')).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if name != "since" {
            return Err(Wrong::parameter(name, &["since"]).into());
        }
        since = value.parse().map_err(|_| {
            let message = format!("since: send a whole number from 0 on, not {value:?}");
            Refusal::new(StatusCode::BAD_REQUEST, message).with("key", "since".into())
        })?;
    }
    let entries = controls.journal.since(since);
    let shown: Vec<_> = entries.iter().map(|entry| entry.to_json()).collect();
    let (last, dropped) = controls.journal.totals();
    Ok(Json(json!({"requests": shown, "last": last, "dropped": dropped})).into_response())
}

async fn forget_requests(State(server): State<Server>) -> Answer<StatusCode> {
    controls(&server)?.journal.clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Waits until clients did something.
async fn wait_for_requests(State(server): State<Server>, given: Given) -> Answer {
    const KEYS: &[&str] = &["match", "count", "since", "timeoutMs"];
    const LONGEST_WAIT: i64 = 600_000;
    const SAY_WHAT: &str =
        r#"say what to wait for, such as {"method": "GET", "path": "/v4/loadtracks"}"#;
    let object = Object::read(&given.0, Place::Body, KEYS)?;
    let wanted = object.value("match").filter(|wanted| **wanted != json!({}));
    let wanted = wanted.ok_or_else(|| object.wrong("match", SAY_WHAT))?;
    let mut wanted = Match::read(wanted, Place::Key(object.place(), "match"))?;
    wanted.resolve_session(|| server.sessions.latest().map(|session| session.id().to_owned()));
    let count = object.integer("count", 1..=i64::MAX)?.unwrap_or(1);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let since = object.integer("since", 0..=i64::MAX)?.unwrap_or(0).cast_unsigned();
    let limit = object.integer("timeoutMs", 0..=LONGEST_WAIT)?.unwrap_or(5000).cast_unsigned();
    let limit = std::time::Duration::from_millis(limit);
    let journal = &controls(&server)?.journal;
    match journal.wait(&server.clock, &wanted, count, since, limit).await {
        Ok(found) => {
            let shown: Vec<_> = found.iter().map(|entry| entry.to_json()).collect();
            let (last, _) = journal.totals();
            Ok(Json(json!({"requests": shown, "last": last})).into_response())
        }
        Err(few) => Err(Refusal::too_few(few, &wanted, count, limit)),
    }
}

async fn all_faults(State(server): State<Server>) -> Answer<Json<Value>> {
    Ok(Json(controls(&server)?.faults.to_json()))
}

async fn add_fault(State(server): State<Server>, given: Given) -> Answer {
    let fault = controls(&server)?.faults.add(&given.0)?;
    Ok((StatusCode::CREATED, Json(fault)).into_response())
}

async fn refuse_handshakes(State(server): State<Server>, given: Given) -> Answer {
    let fault = controls(&server)?.faults.refuse_handshakes(&given.0)?;
    Ok((StatusCode::CREATED, Json(fault)).into_response())
}

async fn clear_faults(State(server): State<Server>) -> Answer<StatusCode> {
    controls(&server)?.faults.clear();
    Ok(StatusCode::NO_CONTENT)
}

async fn one_fault(State(server): State<Server>, Path(id): Path<String>) -> Answer<Json<Value>> {
    let faults = &controls(&server)?.faults;
    let found = id.parse().ok().and_then(|id| faults.one(id));
    found.map(Json).ok_or_else(|| no_fault(&id))
}

async fn remove_fault(State(server): State<Server>, Path(id): Path<String>) -> Answer<StatusCode> {
    let faults = &controls(&server)?.faults;
    match id.parse().is_ok_and(|id| faults.remove(id)) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_fault(&id)),
    }
}

fn no_fault(id: &str) -> Refusal {
    Refusal::not_found(format!("there is no fault {id}; GET /faults lists them"))
}

/// They are there wherever the control API is.
fn controls(server: &Server) -> Answer<&Arc<Controls>> {
    server.controls.as_ref().ok_or_else(|| Refusal::not_found("there is no control API"))
}
