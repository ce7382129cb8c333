//! What happens to every request before and after its handler: unknown paths, methods,
//! authorization, the error object, the version header.

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, AUTHORIZATION, CONTENT_TYPE, ORIGIN,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};

use super::ApiError;
use super::routes::Endpoint;
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
        if error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            response.headers_mut().insert(ACCEPT, JSON_TYPES);
            response.headers_mut().insert(ACCEPT_PATCH, JSON_TYPES);
        }
    } else if is_json(&response) && !accept.as_ref().is_none_or(accepts_json) {
        response = StatusCode::NOT_ACCEPTABLE.into_response();
        response.headers_mut().insert(ACCEPT, JSON_TYPES);
    }
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    let error = response.status().is_client_error() || response.status().is_server_error();
    let left_out = (unexpected && server.config.quirks)
        || (error && deviates("LL-HTTP-001/missing-on-errors"));
    if !left_out {
        let version = either("LL-HTTP-001/wrong-version", "4", "3");
        response.headers_mut().insert(API_VERSION, HeaderValue::from_static(version));
    }
    response
}

async fn admit(server: &Server, request: Request, next: Next) -> Response {
    let (uri, method) = (request.uri().clone(), request.method().clone());
    if uri.path() == "/error" {
        return error_page(server.clock.wall_ms());
    }
    let Some(endpoint) = Endpoint::at(uri.path()) else {
        return ApiError::not_found(format!("No endpoint {method} {}.", uri.path()))
            .into_response();
    };
    let headers = request.headers();
    if method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    {
        return StatusCode::FORBIDDEN.into_response();
    }
    if method != Method::OPTIONS && !endpoint.allows(&method) {
        let mut response = ApiError::method_not_allowed(method.as_str()).into_response();
        response.headers_mut().insert(ALLOW, endpoint.allow());
        return response;
    }
    if let Err(status) = authorize(server, endpoint, headers) {
        return status.into_response();
    }
    if method == Method::OPTIONS {
        let options = [(ALLOW, endpoint.options()), (ACCEPT_PATCH, HeaderValue::from_static(""))];
        return options.into_response();
    }
    next.run(request).await
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
fn authorize(server: &Server, endpoint: Endpoint, headers: &HeaderMap) -> Result<(), StatusCode> {
    let password = server.config.password.0.as_bytes();
    match headers.get(AUTHORIZATION) {
        Some(given) if same_secret(given.as_bytes(), password) => Ok(()),
        None => Err(StatusCode::UNAUTHORIZED),
        Some(_) if endpoint == Endpoint::WEBSOCKET => Err(StatusCode::UNAUTHORIZED),
        Some(_) => Err(StatusCode::FORBIDDEN),
    }
}

/// Compares without telling by its time where the first difference is.
pub(crate) fn same_secret(given: &[u8], secret: &[u8]) -> bool {
    given.len() == secret.len()
        && given.iter().zip(secret).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn error_object(error: &ApiError, uri: &Uri, now: u64) -> Value {
    let mut object = Map::new();
    object.insert("timestamp".into(), now.into());
    object.insert("status".into(), error.status.as_u16().into());
    object.insert("error".into(), error.status.canonical_reason().unwrap_or("None").into());
    if wants_trace(uri) {
        let trace = format!("{}: {}\n\tat lavalink_reference_server", class(error), error.message);
        object.insert("trace".into(), trace.into());
    }
    object.insert("message".into(), error.message.clone().into());
    object.insert("path".into(), uri.path().into());
    Value::Object(object)
}

/// `?trace=` with anything but false asks for it.
fn wants_trace(uri: &Uri) -> bool {
    let pairs = uri.query().unwrap_or_default().split('&');
    pairs
        .filter_map(|pair| match pair.split_once('=') {
            Some(("trace", value)) => Some(!value.eq_ignore_ascii_case("false")),
            None if pair == "trace" => Some(true),
            _ => None,
        })
        .next()
        .unwrap_or(false)
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
    accept.split(',').map(|range| range.split(';').next().unwrap_or_default().trim()).any(|range| {
        matches!(
            range.to_ascii_lowercase().as_str(),
            "" | "*/*" | "application/*" | "application/json"
        ) || range.ends_with("+json")
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
