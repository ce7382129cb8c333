//! What the server tells of itself.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
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
pub(crate) async fn info(State(server): State<Server>) -> Response {
    let (major, minor, patch) = SPOKEN;
    let info = Info {
        version: Version { semver: semver(), major, minor, patch, pre_release: "" },
        build_time: 0,
        git: Git { branch: "unknown", commit: "unknown", commit_time: 0 },
        jvm: "none",
        lavaplayer: concat!("lavalink-reference-server ", env!("CARGO_PKG_VERSION")),
        source_managers: server.sources.names(),
        filters: filters::enabled(&server.config.disabled_filters),
        plugins: [],
    };
    let Some(controls) = &server.controls else { return Json(info).into_response() };
    let mut info = json!(info);
    controls.identity.change(&mut info);
    Json(info).into_response()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Info {
    version: Version,
    build_time: u64,
    git: Git,
    jvm: &'static str,
    lavaplayer: &'static str,
    source_managers: Vec<String>,
    filters: Vec<&'static str>,
    plugins: [(); 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    semver: String,
    major: u32,
    minor: u32,
    patch: u32,
    pre_release: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Git {
    branch: &'static str,
    commit: &'static str,
    commit_time: u64,
}

/// `GET /v4/stats`: frame statistics belong to a session, so there are none here.
pub(crate) async fn stats(State(server): State<Server>) -> Json<Value> {
    Json(server.stats().to_json())
}

fn semver() -> String {
    let (major, minor, patch) = SPOKEN;
    format!("{major}.{minor}.{patch}")
}
