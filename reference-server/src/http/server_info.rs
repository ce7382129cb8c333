//! What the server tells of itself, and the route planner's answers without one.

use axum::Json;
use axum::extract::Request;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{ApiError, body, json as reading};
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

/// `GET /version`: the bare version, whatever media type is asked for.
pub(crate) async fn version(headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    let content_type = if accept.starts_with("application/json") {
        if deviates("LL-HTTP-052/no-text-for-json") {
            return StatusCode::NOT_ACCEPTABLE.into_response();
        }
        "application/json"
    } else {
        either("LL-HTTP-070/json", "text/plain;charset=ISO-8859-1", "application/json")
    };
    ([(CONTENT_TYPE, content_type)], version_text()).into_response()
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

/// `GET /v4/routeplanner/status`: without a route planner there is nothing to tell.
pub(crate) async fn planner_status() -> Response {
    if deviates("LL-ROUTEPLANNER-001/nulls") {
        return Json(json!({"class": null, "details": null})).into_response();
    }
    if deviates("LL-ROUTEPLANNER-001/disabled") {
        return disabled_planner().into_response();
    }
    if deviates("LL-ROUTEPLANNER-001/not-found") {
        return ApiError::not_found("No endpoint GET /v4/routeplanner/status.").into_response();
    }
    let (right, wrong) = (StatusCode::NO_CONTENT, StatusCode::OK);
    either("LL-ROUTEPLANNER-001/ok", right, wrong).into_response()
}

/// `POST /v4/routeplanner/free/address`: the body is decoded first.
pub(crate) async fn free_address(
    State(server): State<Server>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    if deviates("LL-ROUTEPLANNER-003/planner-first") {
        return Err(disabled_planner());
    }
    let address = match body::json(&server, request).await {
        Ok(body) => address(&body)?,
        Err(error) if is_overlooked(&error) => String::new(),
        Err(error) => return Err(error),
    };
    let parsed = address.parse::<std::net::IpAddr>();
    if parsed.is_err() && deviates("LL-ROUTEPLANNER-002/address-checked") {
        return Err(ApiError::bad_request(format!("Invalid address: {address}")));
    }
    if address.is_empty() && deviates("LL-ROUTEPLANNER-002/empty-refused") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    if parsed.is_ok() && deviates("LL-ROUTEPLANNER-002/pretends") {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(disabled_planner())
}

/// `address` must be there, and what else there is does not matter.
fn address(body: &reading::Json) -> Result<String, ApiError> {
    let given = body.object()?.get("address")?;
    if given.is_none() && deviates("LL-ROUTEPLANNER-003/address-optional")
        || given.is_some_and(reading::Json::is_null) && deviates("LL-ROUTEPLANNER-003/null-taken")
    {
        return Ok(String::new());
    }
    if body.keys().count() > 1 && deviates("LL-ROUTEPLANNER-003/unknown-refused") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    Ok(body.required("address", reading::Json::text)?)
}

/// No error of a body is meant to be overlooked.
fn is_overlooked(error: &ApiError) -> bool {
    if error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        deviates("LL-ROUTEPLANNER-003/any-type")
    } else {
        deviates("LL-ROUTEPLANNER-003/garbage-overlooked")
    }
}

/// `POST /v4/routeplanner/free/all`, with any body or none.
pub(crate) async fn free_all(
    State(server): State<Server>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let bodiless = request.headers().get(CONTENT_TYPE).is_none();
    if bodiless && deviates("LL-ROUTEPLANNER-004/body-required") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    if !bodiless && deviates("LL-ROUTEPLANNER-004/body-decoded") {
        body::json(&server, request).await?.object()?;
    } else if !bodiless && deviates("LL-ROUTEPLANNER-004/type-checked") {
        body::check_media_type(request.headers())?;
    }
    if deviates("LL-ROUTEPLANNER-004/pretends") {
        return Ok(StatusCode::NO_CONTENT);
    }
    if deviates("LL-ROUTEPLANNER-004/not-found") {
        return Err(ApiError::not_found("Route planner not found"));
    }
    Err(disabled_planner())
}

fn disabled_planner() -> ApiError {
    let right = "Can't access disabled route planner";
    let wrong = "Can't access the disabled route planner";
    ApiError::internal(either("LL-ROUTEPLANNER-002/other-message", right, wrong))
}
