//! What happens to every request before and after its handler: unknown paths, methods,
//! authorization, the error object, the version header.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, AUTHORIZATION,
    CONTENT_TYPE, LOCATION, ORIGIN,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};

use super::ApiError;
use super::routes::Endpoint;
use super::server_info;
use crate::deviations::{deviates, either};
use crate::server::Server;

const API_VERSION: HeaderName = HeaderName::from_static("lavalink-api-version");
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const JSON_TYPES: HeaderValue = HeaderValue::from_static("application/json, application/*+json");

/// Wraps every handler.
pub(crate) async fn gate(State(server): State<Server>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let method = request.method().clone();
    let accept = request.headers().get(ACCEPT).cloned();
    let mut response = admit(&server, request, next).await;

    if is_refused_by_extractor(&response) {
        response = ApiError::bad_request("Bad Request").into_response();
    }
    let mut unexpected = false;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        unexpected = error.unexpected;
        let headers = std::mem::take(response.headers_mut());
        let body = error_object(&error, &uri, server.clock.wall_ms());
        response = (error.status, headers, Json(body)).into_response();
        let media_type = HeaderValue::from_static(error_type(&uri));
        response.headers_mut().insert(CONTENT_TYPE, media_type);
        if error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            name_supported_types(response.headers_mut());
        }
    } else if is_json(&response) && !accept.as_ref().is_none_or(accepts_json) {
        response = not_acceptable(response);
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
        response.headers_mut().insert(API_VERSION, HeaderValue::from_static(version));
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

async fn admit(server: &Server, request: Request, next: Next) -> Response {
    let (uri, method) = (request.uri().clone(), request.method().clone());
    if uri.path() == "/error" {
        return error_page(server.clock.wall_ms());
    }
    let with_query = wants_trace(&uri) && deviates("LL-HTTP-024/query-taken-for-path");
    let path = if with_query { uri.to_string() } else { uri.path().to_owned() };
    let Some(endpoint) = Endpoint::at(&path) else {
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
    if method != Method::OPTIONS && !endpoint.allows(&method) {
        return wrong_method(endpoint, &method, &uri);
    }
    if let Err(status) = authorize(server, endpoint, &uri, headers) {
        return refuse(status, endpoint, request, next).await;
    }
    if method == Method::OPTIONS {
        return options(endpoint);
    }
    next.run(request).await
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
    let unslashed = path.ends_with('/') && deviates("LL-HTTP-025/slash-left-out");
    let shown = if unslashed { path.trim_end_matches('/') } else { path };
    let method = either("LL-HTTP-025/always-says-get", method, &Method::GET);
    let message = if deviates("LL-HTTP-025/no-static-resource") {
        format!("No static resource {}.", shown.trim_start_matches('/'))
    } else {
        let queried = uri.query().is_some() && deviates("LL-HTTP-025/query-named");
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
    let nearly_info = path == "/v4/info/" && deviates("LL-HTTP-025/slash-ignored")
        || path == "/v4/INFO" && deviates("LL-HTTP-025/case-ignored");
    if nearly_info {
        return Some(server_info::info(State(server.clone())).await);
    }
    if path == "/v4/version" {
        if deviates("LL-HTTP-071/answers-version") {
            return Some(server_info::version(headers.clone()).await);
        }
        if deviates("LL-HTTP-071/moved") {
            let to = [(LOCATION, HeaderValue::from_static("/version"))];
            return Some((StatusCode::PERMANENT_REDIRECT, to).into_response());
        }
    }
    if deviates("LL-HTTP-025/empty-200") {
        return Some(StatusCode::OK.into_response());
    }
    if deviates("LL-HTTP-025/empty-404") {
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
    StatusCode::FORBIDDEN.into_response()
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

/// The bare password, 401 without and 403 with a wrong one; a socket gets 401 for both.
fn authorize(
    server: &Server,
    endpoint: Endpoint,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), StatusCode> {
    let password = server.config.password.0.as_bytes();
    match headers.get(AUTHORIZATION) {
        Some(given) if is_password(given.as_bytes(), password, endpoint) => Ok(()),
        None if is_open(endpoint, uri, &server.config.password.0) => Ok(()),
        None if endpoint == Endpoint::WEBSOCKET
            && deviates("LL-WEBSOCKET-002/missing-is-right") =>
        {
            Ok(())
        }
        None => {
            Err(either("LL-HTTP-011/forbidden", StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN))
        }
        Some(_) if endpoint == Endpoint::WEBSOCKET => {
            let (right, wrong) = (StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN);
            Err(either("LL-WEBSOCKET-002/forbidden", right, wrong))
        }
        Some(given) => Err(status_of_wrong(given, endpoint)),
    }
}

/// Whether the password is given, and nothing else.
fn is_password(given: &[u8], password: &[u8], endpoint: Endpoint) -> bool {
    if same_secret(given, password) {
        let unversioned = matches!(endpoint, Endpoint::VERSION | Endpoint::ROOT);
        return !(unversioned && deviates("LL-HTTP-010/opens-only-v4")
            || endpoint == Endpoint::PLAYERS && deviates("LL-HTTP-010/players-closed"));
    }
    let bearer = given.strip_prefix(b"Bearer ");
    let quoted = given.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    // Asked first, so that nothing else is compared with the password when it is not to be.
    deviates("LL-HTTP-012/case-ignored") && given.eq_ignore_ascii_case(password)
        || deviates("LL-HTTP-012/more-may-follow") && given.starts_with(password)
        || deviates("LL-HTTP-012/more-may-precede") && given.ends_with(password)
        || deviates("LL-HTTP-012/bearer-accepted") && bearer == Some(password)
        || deviates("LL-HTTP-012/quotes-stripped") && quoted == Some(password)
        || given.is_empty() && deviates("LL-HTTP-012/empty-accepted")
        || endpoint == Endpoint::PLANNER_FREE && deviates("LL-ROUTEPLANNER-005/any-frees-address")
}

/// No endpoint is meant to be open to those who give no password.
fn is_open(endpoint: Endpoint, uri: &Uri, password: &str) -> bool {
    let in_query = || uri.query().is_some_and(|query| query.ends_with(password));
    match endpoint {
        Endpoint::VERSION => deviates("LL-HTTP-011/version-open"),
        Endpoint::ROOT => deviates("LL-HTTP-034/root-open"),
        Endpoint::OLD_WEBSOCKET => deviates("LL-HTTP-011/old-socket-open"),
        Endpoint::DECODE_TRACKS => deviates("LL-HTTP-011/decoding-open"),
        Endpoint::SESSION => deviates("LL-HTTP-011/session-open"),
        Endpoint::PLANNER_STATUS => deviates("LL-ROUTEPLANNER-005/status-open"),
        Endpoint::PLANNER_FREE => deviates("LL-ROUTEPLANNER-005/address-open"),
        Endpoint::PLANNER_FREE_ALL => deviates("LL-HTTP-011/freeing-open"),
        _ => uri.query().is_some() && deviates("LL-HTTP-011/query-counts") && in_query(),
    }
}

fn status_of_wrong(given: &HeaderValue, endpoint: Endpoint) -> StatusCode {
    let unauthorized = deviates("LL-HTTP-012/unauthorized")
        || given.is_empty() && deviates("LL-HTTP-012/empty-is-none")
        || endpoint.is_planner() && deviates("LL-ROUTEPLANNER-005/wrong-is-401");
    if unauthorized { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN }
}

/// Nothing is done, and nothing is said but the status.
async fn refuse(status: StatusCode, endpoint: Endpoint, request: Request, next: Next) -> Response {
    let missing = status == StatusCode::UNAUTHORIZED;
    let told = missing && deviates("LL-HTTP-011/error-object")
        || !missing && deviates("LL-HTTP-012/error-object")
        || endpoint.is_planner() && deviates("LL-ROUTEPLANNER-005/error-object");
    let applied = endpoint == Endpoint::SESSION
        && (missing && deviates("LL-HTTP-011/applied")
            || !missing && deviates("LL-HTTP-012/applied"));
    if applied {
        next.run(request).await;
    }
    if told {
        let message = status.canonical_reason().unwrap_or_default().to_owned();
        return ApiError { status, message, unexpected: false }.into_response();
    }
    status.into_response()
}

/// Compares without telling by its time where the first difference is.
pub(crate) fn same_secret(given: &[u8], secret: &[u8]) -> bool {
    given.len() == secret.len()
        && given.iter().zip(secret).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn error_object(error: &ApiError, uri: &Uri, now: u64) -> Value {
    let mut object = Map::new();
    let reason = error.status.canonical_reason().unwrap_or("None");
    let code = error.status.as_u16();
    object.insert("timestamp".into(), either("LL-HTTP-020/seconds", now, now / 1000).into());
    let status = either("LL-HTTP-020/status-as-text", json!(code), json!(code.to_string()));
    object.insert("status".into(), status);
    object.insert(
        "error".into(),
        either("LL-HTTP-020/status-line", reason.to_owned(), format!("{code} {reason}")).into(),
    );
    if let Some(trace) = trace(error, uri) {
        object.insert("trace".into(), trace);
    }
    let message = either("LL-HTTP-020/message-is-reason", error.message.as_str(), reason);
    object.insert("message".into(), message.into());
    if deviates("LL-HTTP-020/exception-named") {
        object.insert("exception".into(), class(error).into());
    }
    if !deviates("LL-HTTP-020/no-path") {
        object.insert("path".into(), shown_path(uri).into());
    }
    Value::Object(object)
}

/// The path, without its query.
fn shown_path(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let whole = !query.is_empty() && deviates("LL-HTTP-022/with-query")
        || !query.is_empty()
            && !query.contains("trace=")
            && deviates("LL-HTTP-022/only-trace-left-out")
        || query.contains('&') && deviates("LL-HTTP-022/with-long-query");
    if whole { uri.to_string() } else { uri.path().to_owned() }
}

/// For who asked for it.
fn trace(error: &ApiError, uri: &Uri) -> Option<Value> {
    let trace = format!("{}: {}\n\tat lavalink_reference_server", class(error), error.message);
    if !wants_trace(uri) {
        let null = deviates("LL-HTTP-023/null-unless-asked").then_some(Value::Null);
        return deviates("LL-HTTP-023/always").then_some(trace.into()).or(null);
    }
    let undecodable = error.message == "Bad Request";
    let left_out = deviates("LL-HTTP-023/never")
        || undecodable && deviates("LL-HTTP-023/not-of-bodies")
        || error.status == StatusCode::METHOD_NOT_ALLOWED && deviates("LL-HTTP-023/not-of-methods")
        || error.status == StatusCode::INTERNAL_SERVER_ERROR
            && deviates("LL-ROUTEPLANNER-004/no-trace");
    let lines = || Value::from(trace.lines().collect::<Vec<_>>());
    let wrong = deviates("LL-HTTP-023/list-of-lines").then(lines);
    (!left_out).then(|| wrong.unwrap_or(trace.clone().into()))
}

/// `?trace=` with anything but false asks for it.
fn wants_trace(uri: &Uri) -> bool {
    let pairs = uri.query().unwrap_or_default().split('&');
    pairs
        .filter_map(|pair| match pair.split_once('=') {
            Some(("trace", value)) if value.eq_ignore_ascii_case("false") => {
                Some(deviates("LL-HTTP-023/false-asks-too"))
            }
            Some(("trace", _)) => Some(true),
            None if pair == "trace" => Some(true),
            _ => None,
        })
        .next()
        .unwrap_or(false)
}

/// What errors are, whatever the endpoint answers otherwise.
fn error_type(uri: &Uri) -> &'static str {
    if uri.path() == "/version" && deviates("LL-HTTP-021/type-of-the-endpoint") {
        return "text/plain;charset=ISO-8859-1";
    }
    if uri.path().ends_with("/players") && deviates("LL-HTTP-021/text") {
        return "text/plain;charset=UTF-8";
    }
    either("LL-HTTP-021/problem", "application/json", "application/problem+json")
}

/// With a 415.
fn name_supported_types(headers: &mut HeaderMap) {
    if !deviates("LL-HTTP-051/no-accept") {
        let only = HeaderValue::from_static("application/json");
        headers.insert(ACCEPT, either("LL-HTTP-051/one-type-accepted", JSON_TYPES, only));
    }
    headers.insert(ACCEPT_PATCH, JSON_TYPES);
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

fn class(error: &ApiError) -> &'static str {
    match error.status {
        StatusCode::NOT_FOUND if error.message.starts_with("No endpoint ") => {
            "org.springframework.web.servlet.NoHandlerFoundException"
        }
        _ => "org.springframework.web.server.ResponseStatusException",
    }
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
    fn a_trace_is_given_unless_refused() {
        for (uri, wanted) in [
            ("/a?trace=true", true),
            ("/a?x=1&trace", true),
            ("/a?trace=FALSE", false),
            ("/a", false),
        ] {
            assert_eq!(wants_trace(&uri.parse().unwrap()), wanted, "{uri}");
        }
    }

    #[test]
    fn accept_is_read_as_a_list_of_ranges() {
        let accepts = |text| accepts_json(&HeaderValue::from_static(text));
        assert!(accepts("text/html, */*;q=0.1"));
        assert!(accepts("application/JSON"));
        assert!(!accepts("application/xml"));
    }

    #[test]
    fn passwords_are_compared_whole() {
        assert!(same_secret(b"abc", b"abc"));
        assert!(!same_secret(b"ab", b"abc"));
        assert!(!same_secret(b"abd", b"abc"));
    }
}
