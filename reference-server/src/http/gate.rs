//! What happens to every request before and after its handler: unknown paths, methods,
//! authorization, the error object, the version header.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_TYPE,
    LOCATION, ORIGIN,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde_json::json;

use super::accepted::{ErrorForm, page};
use super::authorize::{authorize, refuse};
use super::error_object::{error_object, error_type, wants_trace};
use super::head::{self, AsSent};
use super::routes::Endpoint;
use super::{ApiError, metrics, server_info};
use crate::deviations::{deviates, either};
use crate::server::Server;
use crate::websocket::{self, as_current_version};

const API_VERSION: HeaderName = HeaderName::from_static("lavalink-api-version");
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const JSON_TYPES: HeaderValue = HeaderValue::from_static("application/json, application/*+json");

const HTML: [(HeaderName, HeaderValue); 1] =
    [(CONTENT_TYPE, HeaderValue::from_static("text/html;charset=UTF-8"))];

/// How much later than its messages the answer to a request may come with `--vary`
/// (docs/observed/players.md#playerupdates).
const SLOWEST_ANSWER: Duration = Duration::from_millis(15);

/// Wraps every handler.
pub(crate) async fn gate(State(server): State<Server>, request: Request, next: Next) -> Response {
    let uri = as_sent(&request);
    let method = request.method().clone();
    let accept = request.headers().get(ACCEPT).cloned();
    let mut response = admit(&server, request, next).await;
    server.latitude.linger(&server.clock, SLOWEST_ANSWER).await;

    if is_refused_by_extractor(&response) {
        response = ApiError::bad_request("Bad Request").into_response();
    }
    let mut unexpected = false;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        unexpected = error.unexpected;
        let headers = std::mem::take(response.headers_mut());
        let accepts_json = accept.as_ref().is_none_or(accepts_json);
        response = match ErrorForm::of(accept.as_ref(), accepts_json) {
            ErrorForm::Json => {
                let body = error_object(&error, &uri, server.clock.wall_ms());
                let mut response = (error.status, headers, Json(body)).into_response();
                let media_type = HeaderValue::from_static(error_type(&uri));
                response.headers_mut().insert(CONTENT_TYPE, media_type);
                response
            }
            ErrorForm::Page => {
                (error.status, headers, HTML, page(error.status, &error.message)).into_response()
            }
            ErrorForm::Empty => (error.status, headers).into_response(),
        };
        if error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            name_supported_types(response.headers_mut(), &method, &error);
        }
    } else if is_json(&response) && !accept.as_ref().is_none_or(accepts_json) {
        response = not_acceptable(response);
        let empty = response.status() == StatusCode::NOT_ACCEPTABLE && !is_json(&response);
        if empty && ErrorForm::of(accept.as_ref(), false) == ErrorForm::Page {
            let text = page(StatusCode::NOT_ACCEPTABLE, "Only JSON is served here.");
            response = (StatusCode::NOT_ACCEPTABLE, HTML, text).into_response();
        }
        response.headers_mut().insert(ACCEPT, JSON_TYPES);
    }
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
        if response.status() == StatusCode::OK && deviates("LL-HTTP-031/no-content") {
            *response.status_mut() = StatusCode::NO_CONTENT;
        }
    }
    if !(unexpected && server.config.quirks || is_versionless(&uri, &response)) {
        let version = either("LL-HTTP-001/wrong-version", "4", "3");
        let made_up = server.controls.as_ref().and_then(|controls| controls.identity.api_version());
        let version = made_up.unwrap_or(HeaderValue::from_static(version));
        response.headers_mut().insert(API_VERSION, version);
    }
    response
}

/// No answer is meant to lack the version header.
fn is_versionless(uri: &Uri, response: &Response) -> bool {
    let status = response.status();
    let error = status.is_client_error() || status.is_server_error();
    let refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    let media = matches!(status, StatusCode::NOT_ACCEPTABLE | StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let text = response.headers().contains_key(CONTENT_TYPE) && !is_json(response);
    (error && deviates("LL-HTTP-001/missing-on-errors"))
        || (refused && deviates("LL-HTTP-001/missing-on-refusals"))
        || (status == StatusCode::NO_CONTENT && deviates("LL-HTTP-001/missing-on-no-content"))
        || (media && deviates("LL-HTTP-001/missing-on-media-types"))
        || (text && deviates("LL-HTTP-001/missing-on-text"))
        || (status == StatusCode::SWITCHING_PROTOCOLS
            && deviates("LL-HTTP-002/missing-when-accepted"))
        || (error && uri.path() == "/v4/websocket" && deviates("LL-HTTP-002/missing-when-refused"))
}

async fn admit(server: &Server, mut request: Request, next: Next) -> Response {
    let (uri, method) = (request.uri().clone(), request.method().clone());
    if let Some(error) = head::too_many_cookies(request.headers()) {
        return error.into_response();
    }
    if uri.path() == "/error" {
        return error_page(server.clock.wall_ms());
    }
    if let Some(metrics) = metrics::answer(server, &method, &uri, request.headers()) {
        return metrics;
    }
    let with_query = wants_trace(&uri) && deviates("LL-HTTP-024/query-taken-for-path");
    let path = if with_query { uri.to_string() } else { uri.path().to_owned() };
    let Some(endpoint) = Endpoint::at(&path) else {
        let uri = as_sent(&request);
        let path = if with_query { path } else { uri.path().to_owned() };
        return unknown_path(server, &method, &uri, &path, request.headers()).await;
    };
    let headers = request.headers();
    if method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
        && !deviates("LL-HTTP-033/taken-for-options")
    {
        return preflight();
    }
    if endpoint == Endpoint::SESSION && method == Method::GET && deviates("LL-SESSION-009/readable")
    {
        return Json(json!({"resuming": false, "timeout": 60})).into_response();
    }
    let allowed = method == Method::OPTIONS || endpoint.allows(&method);
    let socket = endpoint == Endpoint::WEBSOCKET && !deviates("LL-WEBSOCKET-302/error-object");
    if !allowed && !socket {
        return wrong_method(endpoint, &method, &uri);
    }
    if let Err(status) = authorize(server, endpoint, &uri, headers) {
        if endpoint == Endpoint::WEBSOCKET
            && websocket::is_of_another_origin(headers)
            && deviates("LL-WEBSOCKET-201/origin-before-password")
        {
            return StatusCode::FORBIDDEN.into_response();
        }
        return refuse(status, endpoint, request, next).await;
    }
    if method == Method::OPTIONS {
        return options(endpoint);
    }
    if !allowed {
        return websocket::wrong_method(request.headers());
    }
    if endpoint == Endpoint::WEBSOCKET {
        as_current_version(request.headers_mut());
    }
    next.run(request).await
}

/// The target as the client wrote it.
fn as_sent(request: &Request) -> Uri {
    let sent =
        request.extensions().get::<AsSent>().filter(|_| !deviates("LL-HTTP-202/shown-decoded"));
    sent.map_or_else(|| request.uri().clone(), |sent| sent.0.clone())
}

/// 404, and the same for everyone.
async fn unknown_path(
    server: &Server,
    method: &Method,
    uri: &Uri,
    path: &str,
    headers: &HeaderMap,
) -> Response {
    match authorize(server, Endpoint::INFO, &Uri::default(), headers) {
        Err(status @ StatusCode::UNAUTHORIZED) if deviates("LL-HTTP-013/none-is-401") => {
            return status.into_response();
        }
        Err(status @ StatusCode::FORBIDDEN) if deviates("LL-HTTP-013/wrong-is-403") => {
            return status.into_response();
        }
        _ => {}
    }
    if let Some(known) = mistaken_for_known(server, method, path, headers).await {
        return known;
    }
    let unslashed = path.ends_with('/') && deviates("LL-HTTP-028/slash-left-out");
    let shown = if unslashed { path.trim_end_matches('/') } else { path };
    let method = either("LL-HTTP-028/always-says-get", method, &Method::GET);
    let message = if deviates("LL-HTTP-028/no-static-resource") {
        format!("No static resource {}.", shown.trim_start_matches('/'))
    } else {
        let queried = uri.query().is_some() && deviates("LL-HTTP-028/query-named");
        let shown = if queried { uri.to_string() } else { shown.to_owned() };
        format!("No endpoint {method} {shown}.")
    };
    ApiError::not_found(message).into_response()
}

/// No unknown path is meant to answer as if it were known.
async fn mistaken_for_known(
    server: &Server,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<Response> {
    let nearly_info = path == "/v4/info/" && deviates("LL-HTTP-028/slash-ignored")
        || path == "/v4/INFO" && deviates("LL-HTTP-028/case-ignored");
    if nearly_info {
        return Some(server_info::info(State(server.clone())).await);
    }
    if path == "/v4/version" {
        if deviates("LL-HTTP-071/answers-version") {
            return Some(server_info::version(State(server.clone()), headers.clone()).await);
        }
        if deviates("LL-HTTP-071/moved") {
            let to = [(LOCATION, HeaderValue::from_static("/version"))];
            return Some((StatusCode::PERMANENT_REDIRECT, to).into_response());
        }
    }
    if deviates("LL-HTTP-025/empty-200") {
        return Some(StatusCode::OK.into_response());
    }
    if deviates("LL-HTTP-020/empty-404") {
        return Some(StatusCode::NOT_FOUND.into_response());
    }
    (method != Method::GET && deviates("LL-HTTP-025/method-first"))
        .then(|| ApiError::method_not_allowed(method.as_str()).into_response())
}

/// A script in a browser wants to know whether it may.
fn preflight() -> Response {
    let anyone = [(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"))];
    if deviates("LL-HTTP-033/allowed") {
        return (StatusCode::OK, anyone).into_response();
    }
    if deviates("LL-HTTP-033/refused-but-allowed") {
        return (StatusCode::FORBIDDEN, anyone).into_response();
    }
    if deviates("LL-HTTP-033/error-object") {
        let mut refused = ApiError::bad_request("Invalid CORS request");
        refused.status = StatusCode::FORBIDDEN;
        return refused.into_response();
    }
    let mut refused = Response::new(Body::from("Invalid CORS request"));
    *refused.status_mut() = StatusCode::FORBIDDEN;
    refused
}

/// 405, with the methods that there are.
fn wrong_method(endpoint: Endpoint, method: &Method, uri: &Uri) -> Response {
    if deviates("LL-HTTP-030/not-found") {
        return ApiError::not_found(format!("No endpoint {method} {}.", uri.path()))
            .into_response();
    }
    if (endpoint, method) == (Endpoint::SESSION, &Method::DELETE)
        && deviates("LL-HTTP-030/session-deleted")
    {
        return StatusCode::NO_CONTENT.into_response();
    }
    let mut response = ApiError::method_not_allowed(method.as_str()).into_response();
    if deviates("LL-HTTP-030/empty-body") {
        response = StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if !deviates("LL-HTTP-030/no-allow") {
        response.headers_mut().insert(ALLOW, endpoint.allow());
    }
    response
}

/// What the endpoint's methods are.
fn options(endpoint: Endpoint) -> Response {
    if deviates("LL-HTTP-032/method-not-allowed") {
        return wrong_method(endpoint, &Method::OPTIONS, &Uri::default());
    }
    let status = either("LL-HTTP-032/no-content", StatusCode::OK, StatusCode::NO_CONTENT);
    let options = [(ALLOW, endpoint.options()), (ACCEPT_PATCH, HeaderValue::from_static(""))];
    let body = either("LL-HTTP-032/listed-in-body", Body::empty(), Body::from("GET,HEAD,OPTIONS"));
    (status, options, body).into_response()
}

/// The page on which the real server's framework makes its error objects, asked for without an
/// error.
fn error_page(now: u64) -> Response {
    let body = json!({
        "timestamp": now, "status": 999, "error": "None", "message": "No message available",
    });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

/// With a 415.
fn name_supported_types(headers: &mut HeaderMap, method: &Method, error: &ApiError) {
    if !deviates("LL-HTTP-051/no-accept") {
        let only = HeaderValue::from_static("application/json");
        headers.insert(ACCEPT, either("LL-HTTP-051/one-type-accepted", JSON_TYPES, only));
    }
    let named = error.message.starts_with("Content-Type ");
    if method == Method::PATCH && named || deviates("LL-HTTP-304/everywhere") {
        headers.insert(ACCEPT_PATCH, JSON_TYPES);
    }
}

/// In place of a JSON answer that the client does not want.
fn not_acceptable(response: Response) -> Response {
    if deviates("LL-HTTP-052/served-anyway") {
        return response;
    }
    if deviates("LL-HTTP-052/explained") {
        let body = Json(json!({"status": 406, "error": "Not Acceptable"}));
        return (StatusCode::NOT_ACCEPTABLE, body).into_response();
    }
    let (right, wrong) = (StatusCode::NOT_ACCEPTABLE, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    either("LL-HTTP-052/other-status", right, wrong).into_response()
}

/// A path that is no text, for example, is refused before its handler runs, in plain words.
fn is_refused_by_extractor(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    response.status().is_client_error()
        && content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/plain"))
}

fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

fn accepts_json(accept: &HeaderValue) -> bool {
    let Ok(accept) = accept.to_str() else { return true };
    let looked_at = either("LL-HTTP-052/first-range-only", usize::MAX, 1);
    let ranges = accept.split(',').map(|range| range.split(';').next().unwrap_or_default().trim());
    ranges.take(looked_at).any(|range| match range.to_ascii_lowercase().as_str() {
        "*/*" => !deviates("LL-HTTP-052/wildcard-refused"),
        "application/*" => !deviates("LL-HTTP-052/wildcard-subtype-refused"),
        "" | "application/json" => true,
        _ => range.ends_with("+json"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accept_is_read_as_a_list_of_ranges() {
        let accepts = |text| accepts_json(&HeaderValue::from_static(text));
        assert!(accepts("text/html, */*;q=0.1"));
        assert!(accepts("application/JSON"));
        assert!(!accepts("application/xml"));
    }
}
