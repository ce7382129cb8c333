//! What the server tells of itself.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::accepted::type_of_text;
use crate::deviations::{deviates, either};
use crate::filters;
use crate::server::Server;
use crate::stats::Stats;

/// The version of Lavalink whose behaviour this is.
const SPOKEN: (u32, u32, u32) = (4, 2, 2);

fn semver() -> String {
    let (major, minor, patch) = SPOKEN;
    format!("{major}.{minor}.{patch}")
}

/// `GET /version`: the bare version, of whatever media type is asked for.
pub(crate) async fn version(State(server): State<Server>, headers: HeaderMap) -> Response {
    let asked = type_of_text(&headers);
    if asked.starts_with("application/json") && deviates("LL-HTTP-052/no-text-for-json") {
        return StatusCode::NOT_ACCEPTABLE.into_response();
    }
    let asked = either("LL-HTTP-077/json", asked, "application/json".to_owned());
    let made_up = server.controls.as_ref().and_then(|controls| controls.identity.version());
    ([(CONTENT_TYPE, asked)], made_up.unwrap_or_else(version_text)).into_response()
}

/// Bare.
fn version_text() -> String {
    let semver = semver();
    match () {
        () if deviates("LL-HTTP-070/quoted") => format!("\"{semver}\""),
        () if deviates("LL-HTTP-070/line-end") => format!("{semver}\n"),
        () if deviates("LL-HTTP-070/snapshot") => format!("{semver}-SNAPSHOT"),
        () => semver,
    }
}

/// `GET /v4/info`. There is no JVM and no lavaplayer here; their fields say what stands in.
pub(crate) async fn info(State(server): State<Server>) -> Response {
    let commit_time = either("LL-HTTP-072/time-as-text", json!(0), json!("1970-01-01T00:00:00Z"));
    let git = json!({"branch": "unknown", "commit": "unknown", "commitTime": commit_time});
    let sources = json!(server.sources.names());
    let mut info = json!({
        "version": version_object(),
        "buildTime": build_time(),
        "git": either("LL-HTTP-072/git-is-null", git, Value::Null),
        "jvm": "none",
        "lavaplayer": concat!("lavalink-reference-server ", env!("CARGO_PKG_VERSION")),
        "sourceManagers": either("LL-HTTP-072/no-sources", sources, Value::Null),
        "filters": filters::enabled(&server.config.disabled_filters),
        "plugins": either("LL-HTTP-072/plugins-by-name", json!([]), json!({})),
    });
    if deviates("LL-HTTP-072/no-jvm")
        && let Some(info) = info.as_object_mut()
    {
        info.remove("jvm");
    }
    if let Some(controls) = &server.controls {
        controls.identity.change(&mut info);
    }
    let media_type = either("LL-HTTP-072/text", "application/json", "text/plain");
    ([(CONTENT_TYPE, media_type)], Json(info)).into_response()
}

/// `version` of the info.
fn version_object() -> Value {
    let (major, minor, patch) = SPOKEN;
    let mut version = json!({
        "semver": either("LL-HTTP-073/v-before", semver(), format!("v{}", semver())),
        "major": either("LL-HTTP-073/older-major", major, major - 1),
        "minor": either("LL-HTTP-073/no-minor", minor, 0),
        "patch": either("LL-HTTP-073/patch-off-by-one", patch, patch - 1),
        "preRelease": either("LL-HTTP-074/null-pre-release", json!(""), Value::Null),
    });
    if deviates("LL-HTTP-074/null-build") {
        version["build"] = Value::Null;
    }
    if deviates("LL-HTTP-074/empty-build") {
        version["build"] = json!("");
    }
    version
}

/// Milliseconds. The server does not know when it was built.
fn build_time() -> u32 {
    either("LL-HTTP-075/moving-time", 0, rand::random())
}

/// `GET /v4/stats`: frame statistics belong to a session, so there are none here.
pub(crate) async fn stats(State(server): State<Server>) -> Json<Value> {
    if deviates("LL-STATS-023/on-read") {
        for session in server.sessions.all() {
            session.ask(|session| session.send_stats()).await;
        }
    }
    Json(Stats::read(&server).to_json())
}
