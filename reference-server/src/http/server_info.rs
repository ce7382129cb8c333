//! What the server tells of itself.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::accepted::Accepted;
use crate::filters;
use crate::server::Server;

/// The version of Lavalink whose behaviour this is.
const SPOKEN: (u32, u32, u32) = (4, 2, 2);

/// What a text can be, as a 406 tells.
const TEXT_TYPES: &str = "text/plain, application/json, application/*+json, */*";

/// `GET /version`: the bare version, of whatever media type is asked for.
pub(crate) async fn version(State(server): State<Server>, headers: HeaderMap) -> Response {
    let made_up = server.controls.as_ref().and_then(|controls| controls.identity.version());
    let accepted = Accepted::of(&headers);
    match accepted.text() {
        Some(named) => ([(CONTENT_TYPE, named)], made_up.unwrap_or_else(semver)).into_response(),
        None if accepted.is_readable() => {
            (StatusCode::NOT_ACCEPTABLE, [(ACCEPT, TEXT_TYPES)]).into_response()
        }
        None => StatusCode::NOT_ACCEPTABLE.into_response(),
    }
}

/// `GET /v4/info`. There is no JVM and no lavaplayer here; their fields say what stands in. The
/// server does not know when it was built.
pub(crate) async fn info(State(server): State<Server>) -> Json<Value> {
    let (major, minor, patch) = SPOKEN;
    let mut info = json!({
        "version": {
            "semver": semver(),
            "major": major,
            "minor": minor,
            "patch": patch,
            "preRelease": "",
        },
        "buildTime": 0,
        "git": {"branch": "unknown", "commit": "unknown", "commitTime": 0},
        "jvm": "none",
        "lavaplayer": concat!("lavalink-reference-server ", env!("CARGO_PKG_VERSION")),
        "sourceManagers": server.sources.names(),
        "filters": filters::enabled(&server.config.disabled_filters),
        "plugins": [],
    });
    if let Some(controls) = &server.controls {
        controls.identity.change(&mut info);
    }
    Json(info)
}

/// `GET /v4/stats`: frame statistics belong to a session, so there are none here.
pub(crate) async fn stats(State(server): State<Server>) -> Json<Value> {
    Json(server.stats().to_json())
}

fn semver() -> String {
    let (major, minor, patch) = SPOKEN;
    format!("{major}.{minor}.{patch}")
}
