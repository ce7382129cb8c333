//! What the server says it is: asked for, and put.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::Value;

use super::controls;
use super::refusal::{Answer, Given};
use crate::server::Server;

/// What was put.
pub(super) async fn tell(State(server): State<Server>) -> Answer<Json<Value>> {
    Ok(Json(controls(&server)?.identity.given()))
}

/// Puts another in its place.
pub(super) async fn put(State(server): State<Server>, given: Given) -> Answer<StatusCode> {
    controls(&server)?.identity.put(&given.0)?;
    Ok(StatusCode::NO_CONTENT)
}
