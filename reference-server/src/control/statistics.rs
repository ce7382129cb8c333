//! Statistics that are made up: asked for, and put.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::Value;

use super::controls;
use super::refusal::{Answer, Given};
use crate::server::Server;
use crate::session::Call;

/// What was put.
pub(super) async fn tell(State(server): State<Server>) -> Answer<Json<Value>> {
    Ok(Json(controls(&server)?.statistics.given()))
}

/// Makes them up, and sends them to everybody.
pub(super) async fn put(State(server): State<Server>, given: Given) -> Answer<StatusCode> {
    controls(&server)?.statistics.put(&given.0)?;
    for session in server.sessions.in_order() {
        session.call(Call::SendStats).await;
    }
    Ok(StatusCode::NO_CONTENT)
}
