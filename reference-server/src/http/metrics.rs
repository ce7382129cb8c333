//! Where Prometheus fetches its metrics, when the configuration says so.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Uri};
use percent_encoding::percent_decode_str;

use super::authorize::authorize;
use super::body;
use super::routes::Endpoint;
use crate::error::ApiError;
use crate::server::Server;
use crate::stats::metrics;

/// The answer, if the request is for metrics and there are any. Nobody is asked for the password,
/// unless the configured endpoint lacks the slash at its beginning. A path that is an endpoint's
/// never gets here (docs/observed/stats.md#where-the-metrics-are).
pub(super) fn answer(
    server: &Server,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<Response> {
    let prometheus = &server.config.prometheus;
    if !prometheus.enabled || !is_at(&prometheus.endpoint, uri) {
        return None;
    }
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut refusal = ApiError::method_not_allowed(method.as_str()).into_response();
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
        return Some(refusal);
    }
    if !prometheus.endpoint.starts_with('/')
        && let Err(status) = authorize(server, Endpoint::INFO, uri, headers)
    {
        return Some(status.into_response());
    }
    Some(page(server, uri))
}

/// The metrics that a request asks for.
pub(crate) fn page(server: &Server, uri: &Uri) -> Response {
    let media_type = HeaderValue::from_static(metrics::MEDIA_TYPE);
    ([(CONTENT_TYPE, media_type)], wanted(server, uri)).into_response()
}

/// Whether a request is for what is configured; a slash at its beginning may be left out there.
pub(crate) fn is_at(endpoint: &str, uri: &Uri) -> bool {
    if endpoint.is_empty() {
        return false;
    }
    let path = decoded(uri);
    path.strip_prefix('/') == Some(endpoint.strip_prefix('/').unwrap_or(endpoint))
}

/// Whether the configured endpoint, for which nobody is asked for the password, is this very path,
/// whether there are metrics or not.
pub(crate) fn opens(server: &Server, uri: &Uri) -> bool {
    let endpoint = &server.config.prometheus.endpoint;
    !endpoint.is_empty() && decoded(uri) == *endpoint
}

fn decoded(uri: &Uri) -> Cow<'_, str> {
    percent_decode_str(uri.path()).decode_utf8_lossy()
}

/// The gauges that the parameters `name[]` name, or all without one.
fn wanted(server: &Server, uri: &Uri) -> String {
    let names: Vec<_> = body::queries(uri, "name[]").collect();
    let mut gauges = server.stats().gauges();
    gauges.retain(|gauge| names.is_empty() || names.iter().any(|name| name == gauge.name));
    metrics::text(gauges)
}
