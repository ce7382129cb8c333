//! What the server tells of itself, and the route planner's answers without one.

use axum::Json;
use axum::extract::Request;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use super::{ApiError, body, json as reading};
use crate::filters;
use crate::server::Server;
use crate::stats::Stats;

/// The version of Lavalink whose behaviour this is.
const SPOKEN: (u32, u32, u32) = (4, 2, 2);

fn semver() -> String {
    let (major, minor, patch) = SPOKEN;
    format!("{major}.{minor}.{patch}")
}

/// `GET /version`: the bare version, whatever media type is asked for.
pub(crate) async fn version(headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let content_type = if accept.starts_with("application/json") {
        "application/json"
    } else {
        "text/plain;charset=ISO-8859-1"
    };
    ([(CONTENT_TYPE, content_type)], semver()).into_response()
}

/// `GET /v4/info`. There is no JVM and no lavaplayer here; their fields say what stands in.
pub(crate) async fn info(State(server): State<Server>) -> Json<Value> {
    let (major, minor, patch) = SPOKEN;
    Json(json!({
        "version": {
            "semver": semver(), "major": major, "minor": minor, "patch": patch, "preRelease": "",
        },
        "buildTime": 0,
        "git": {"branch": "unknown", "commit": "unknown", "commitTime": 0},
        "jvm": "none",
        "lavaplayer": concat!("lavalink-reference-server ", env!("CARGO_PKG_VERSION")),
        "sourceManagers": server.sources.names(),
        "filters": filters::enabled(&server.config.disabled_filters),
        "plugins": [],
    }))
}

/// `GET /v4/stats`: frame statistics belong to a session, so there are none here.
pub(crate) async fn stats(State(server): State<Server>) -> Json<Value> {
    Json(Stats::read(&server).to_json())
}

/// `POST /v4/routeplanner/free/address`: the body is decoded first.
pub(crate) async fn free_address(
    State(server): State<Server>,
    request: Request,
) -> Result<(), ApiError> {
    body::json(&server, request).await?.object()?.required("address", reading::Json::text)?;
    free_all().await
}

/// `POST /v4/routeplanner/free/all`.
pub(crate) async fn free_all() -> Result<(), ApiError> {
    Err(ApiError::internal("Can't access disabled route planner"))
}
