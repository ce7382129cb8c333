//! `PATCH /v4/sessions/{session}`.

use axum::Json;
use axum::extract::{Path, Request, State};
use serde_json::Value;

use super::body;
use crate::error::ApiError;
use crate::server::Server;
use crate::session::{Call, Terms};

/// Sets `resuming` and `timeout`; what is left out stays.
pub(crate) async fn update(
    State(server): State<Server>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let body = body::json(&server, request).await?;
    let terms = Terms::decode(&body)?;
    // A body is decoded before the session is looked up (docs/observed/http.md#bodies).
    let session = server.sessions.find(&session).ok_or_else(ApiError::session_not_found)?;
    let answer = session.call(|reply| Call::Change(terms, reply)).await;
    answer.map(Json).ok_or_else(ApiError::session_not_found)
}
