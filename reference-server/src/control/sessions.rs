//! Sessions as a test sees them, and the end of them and of their sockets.

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::Value;

use super::refusal::{Answer, Given, Refusal};
use super::reset::farewell;
use super::told::{Object, Place};
use crate::server::Server;
use crate::session::{Call, Farewell, Handle, Reply};

/// All of them, oldest first.
pub(super) async fn all(State(server): State<Server>) -> Json<Value> {
    let mut shown = Vec::new();
    for session in server.sessions.in_order() {
        // One that has ended meanwhile is none any more.
        shown.extend(session.call(Call::Describe).await);
    }
    Json(Value::Array(shown))
}

pub(super) async fn one(
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    ask(&server, &id, Call::Describe).await.map(Json)
}

/// Ends one, as if the server had lost it.
pub(super) async fn end(
    State(server): State<Server>,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    ask(&server, &id, Call::End).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drops the socket of one. It answers when the session is away, or over.
pub(super) async fn drop_socket(
    State(server): State<Server>,
    Path(id): Path<String>,
    given: Given,
) -> Answer<Json<Value>> {
    let body = given.or_empty();
    let object = Object::read(&body, Place::Body, &["code", "reason", "abort"])?;
    let farewell = match (object.boolean("abort")?, farewell(&object, "code", "reason")?) {
        (Some(true), Farewell::Silent) => Farewell::Reset,
        (Some(true), _) => return Err(object.wrong("abort", "does not go with code").into()),
        (_, farewell) => farewell,
    };
    let dropped = ask(&server, &id, |reply| Call::DropSocket(farewell, reply)).await?;
    let no_socket = || Refusal::conflict("the session has no socket; it is away");
    let after = dropped.ok_or_else(no_socket)?.await;
    after.map(Json).map_err(|_| Refusal::conflict("the socket has ended already"))
}

/// A session by its id, or the `latest`.
fn find(server: &Server, id: &str) -> Answer<Handle> {
    let found = match id {
        "latest" => server.sessions.latest(),
        id => server.sessions.any(id),
    };
    found.ok_or_else(|| {
        let known: Vec<_> = server.sessions.in_order();
        let known: Vec<_> = known.iter().map(|session| Value::from(session.id())).collect();
        let message = match known.is_empty() {
            true => format!("there is no session {id}, and no other"),
            false => format!("there is no session {id}"),
        };
        Refusal::not_found(message).with("known", known.into())
    })
}

/// Asks a session for something.
pub(super) async fn ask<T>(
    server: &Server,
    id: &str,
    call: impl FnOnce(Reply<T>) -> Call,
) -> Answer<T> {
    let session = find(server, id)?;
    let over = || Refusal::not_found(format!("the session {id} has just ended"));
    session.call(call).await.ok_or_else(over)
}
