//! The route planner's endpoints, with and without one.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::body;
use crate::error::ApiError;
use crate::json::Json as Body;
use crate::routeplanner::{Named, RoutePlanner};
use crate::server::Server;

/// `GET /v4/routeplanner/status`; 204 without a route planner.
pub(crate) async fn status(State(server): State<Server>) -> Response {
    let Some(planner) = &server.planner else { return StatusCode::NO_CONTENT.into_response() };
    match planner.status() {
        Ok(status) => Json(status).into_response(),
        Err(error) => ApiError::uncaught(&error.to_string()).into_response(),
    }
}

/// `POST /v4/routeplanner/free/address`: the body is decoded before a route planner is missed.
pub(crate) async fn free_address(
    State(server): State<Server>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let body = body::json(&server, request).await?;
    // What else there is does not matter.
    let address = body.required("address", Body::text)?;
    free(server.planner.as_deref().ok_or_else(disabled_planner)?, &address)
}

/// Frees whatever Java takes for an address, if it is failing.
fn free(planner: &RoutePlanner, text: &str) -> Result<StatusCode, ApiError> {
    match Named::read(text) {
        Ok(Named::Address(address)) => planner.free(address),
        // To Java an address with a name or a zone is never the one that is failing.
        Ok(Named::ThisMachine | Named::Zoned(_)) => {}
        Err(error) => return Err(ApiError::bad_request(format!("Invalid address: {error}"))),
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v4/routeplanner/free/all`, with any body or none.
pub(crate) async fn free_all(State(server): State<Server>) -> Result<StatusCode, ApiError> {
    server.planner.as_ref().ok_or_else(disabled_planner)?.free_all();
    Ok(StatusCode::NO_CONTENT)
}

fn disabled_planner() -> ApiError {
    ApiError::internal("Can't access disabled route planner")
}
