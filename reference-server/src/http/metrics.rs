//! Where Prometheus fetches its metrics, when the configuration says so.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;

use super::authorize::authorize;
use super::routes::Endpoint;
use super::{ApiError, body};
use crate::deviations::{deviates, either};
use crate::server::Server;
use crate::stats::{Stats, metrics};

/// The answer, if the request is for metrics and there are any. Nobody is asked for the password,
/// unless the configured endpoint lacks the slash at its beginning. A path that is another one's
/// stays that one's (docs/observed/stats.md#where-the-metrics-are).
pub(super) fn answer(
    server: &Server,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<Response> {
    let prometheus = &server.config.prometheus;
    if !is_at(&prometheus.endpoint, uri) {
        return None;
    }
    if Endpoint::at(uri.path()).is_some() && !deviates("LL-STATS-096/page") {
        return None;
    }
    if !prometheus.enabled && !deviates("LL-STATS-087/always-on") {
        return deviates("LL-STATS-087/empty").then(|| StatusCode::OK.into_response());
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut refusal = ApiError::method_not_allowed(method.as_str()).into_response();
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
        return Some(refusal);
    }
    let asks = !prometheus.endpoint.starts_with('/');
    if asks
        && !deviates("LL-STATS-095/open")
        && let Err(status) = authorize(server, Endpoint::INFO, uri, headers)
    {
        return Some(status.into_response());
    }
    match headers.get(AUTHORIZATION) {
        None if deviates("LL-STATS-083/asks") => {
            return Some(StatusCode::UNAUTHORIZED.into_response());
        }
        Some(given)
            if given.as_bytes() != server.config.password.0.as_bytes()
                && deviates("LL-STATS-083/wrong-refused") =>
        {
            return Some(StatusCode::FORBIDDEN.into_response());
        }
        _ => {}
    }
    let media_type = either("LL-STATS-082/html", metrics::MEDIA_TYPE, "text/html");
    let media_type = either("LL-STATS-082/no-version", media_type, "text/plain;charset=utf-8");
    Some(([(CONTENT_TYPE, media_type)], wanted(server, uri)).into_response())
}

/// Whether a request is for what is configured; a slash at its beginning may be left out there.
fn is_at(endpoint: &str, uri: &Uri) -> bool {
    if endpoint.is_empty() || !endpoint.starts_with('/') && deviates("LL-STATS-095/nowhere") {
        return false;
    }
    let path = decoded(uri);
    path.strip_prefix('/') == Some(endpoint.strip_prefix('/').unwrap_or(endpoint))
}

/// Whether the configured endpoint, for which nobody is asked for the password, is this very path,
/// whether there are metrics or not.
pub(super) fn opens(server: &Server, uri: &Uri) -> bool {
    let endpoint = &server.config.prometheus.endpoint;
    !endpoint.is_empty() && decoded(uri) == *endpoint && !deviates("LL-STATS-096/asks")
}

fn decoded(uri: &Uri) -> Cow<'_, str> {
    percent_decode_str(uri.path()).decode_utf8_lossy()
}

/// The gauges that the parameters `name[]` name, or all without one.
fn wanted(server: &Server, uri: &Uri) -> String {
    let mut names: Vec<_> = body::queries(uri, "name[]").collect();
    if names.len() > 1 && deviates("LL-STATS-086/first-only") {
        names.truncate(1);
    }
    if deviates("LL-STATS-086/ignored") {
        names.clear();
    }
    let mut gauges = Stats::read(server).gauges();
    gauges.retain(|gauge| names.is_empty() || names.iter().any(|name| name == gauge.name));
    metrics::text(gauges)
}
