//! Every request before and after its handler: unknown paths, methods, authorization, the error
//! object, the version header.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::json;

use super::accepted::{ErrorForm, accepts_json, page};
use super::authorize::authorize;
use super::error_object::error_object;
use super::handshake;
use super::head::{self, as_sent};
use super::metrics;
use super::routes::Endpoint;
use crate::error::ApiError;
use crate::server::Server;

const API_VERSION: HeaderName = HeaderName::from_static("lavalink-api-version");
const ACCEPT_PATCH: HeaderName = HeaderName::from_static("accept-patch");
const JSON_TYPES: HeaderValue = HeaderValue::from_static("application/json, application/*+json");

/// The version of the REST API.
const VERSION: HeaderValue = HeaderValue::from_static("4");

const HTML: [(HeaderName, HeaderValue); 1] =
    [(CONTENT_TYPE, HeaderValue::from_static("text/html;charset=UTF-8"))];

/// How much later than its messages the answer to a request may come with `--vary`
/// (docs/observed/players.md#playerupdates).
const SLOWEST_ANSWER: Duration = Duration::from_millis(15);

/// The gate of one route.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) server: Server,
    /// The endpoint that the router found for the path.
    pub(super) endpoint: Option<Endpoint>,
}

/// Wraps every handler.
pub(super) async fn gate(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let server = &gate.server;
    let uri = as_sent(request.uri(), request.extensions());
    let method = request.method().clone();
    let accept = request.headers().get(ACCEPT).cloned();
    let mut response = admit(server, gate.endpoint, request, next).await;
    server.latitude.linger(&server.clock, SLOWEST_ANSWER).await;

    if is_refused_by_extractor(&response) {
        response = ApiError::bad_request("Bad Request").into_response();
    }
    let mut unexpected = false;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        unexpected = error.unexpected;
        let headers = std::mem::take(response.headers_mut());
        let object = || Json(error_object(&error, &uri, server.clock.wall_ms()));
        response = in_form(&error, accept.as_ref(), headers, object);
        if error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            name_supported_types(response.headers_mut(), &method, &error);
        }
    } else if is_json(&response) && !accept.as_ref().is_none_or(accepts_json) {
        response = not_acceptable(accept.as_ref());
    }
    if method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    // The real server leaves the header out of errors that it did not expect.
    if !(unexpected && server.config.quirks) {
        let made_up = server.controls.as_ref().and_then(|controls| controls.identity.api_version());
        response.headers_mut().insert(API_VERSION, made_up.unwrap_or(VERSION));
    }
    response
}

async fn admit(
    server: &Server,
    endpoint: Option<Endpoint>,
    mut request: Request,
    next: Next,
) -> Response {
    let (uri, method, headers) = (request.uri(), request.method(), request.headers());
    // Cookies are read before a path is looked for or a password.
    if head::count_cookies(headers) > head::MOST_COOKIES {
        return head::too_many_cookies().into_response();
    }
    if uri.path() == "/error" {
        return error_page(server.clock.wall_ms());
    }
    let Some(endpoint) = endpoint else {
        if let Some(metrics) = metrics::answer(server, method, uri, headers) {
            return metrics;
        }
        let sent = as_sent(uri, request.extensions());
        return ApiError::not_found(format!("No endpoint {method} {}.", sent.path()))
            .into_response();
    };
    if method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    {
        return refused_preflight();
    }
    let allowed = method == Method::OPTIONS || endpoint.allows(method);
    // The socket's path is refused for its method only after the password.
    if !allowed && endpoint != Endpoint::WEBSOCKET {
        return wrong_method(endpoint, method);
    }
    if let Err(status) = authorize(server, endpoint, uri, headers) {
        return status.into_response();
    }
    if method == Method::OPTIONS {
        return options(endpoint);
    }
    if !allowed {
        return handshake::wrong_method(headers);
    }
    if endpoint == Endpoint::WEBSOCKET {
        handshake::as_current_version(request.headers_mut());
    }
    next.run(request).await
}

/// A script in a browser asks whether it may; no script may.
fn refused_preflight() -> Response {
    let mut refused = Response::new(Body::from("Invalid CORS request"));
    *refused.status_mut() = StatusCode::FORBIDDEN;
    refused
}

/// 405, with the methods that there are.
fn wrong_method(endpoint: Endpoint, method: &Method) -> Response {
    let mut response = ApiError::method_not_allowed(method.as_str()).into_response();
    response.headers_mut().insert(ALLOW, endpoint.allow());
    response
}

/// The methods of an endpoint.
fn options(endpoint: Endpoint) -> Response {
    let options = [(ALLOW, endpoint.options()), (ACCEPT_PATCH, HeaderValue::from_static(""))];
    (StatusCode::OK, options, Body::empty()).into_response()
}

/// The page on which the real server's framework makes its error objects, asked for without an
/// error.
fn error_page(now: u64) -> Response {
    let body = json!({
        "timestamp": now, "status": 999, "error": "None", "message": "No message available",
    });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

/// An error in the form that its client accepts.
fn in_form(
    error: &ApiError,
    accept: Option<&HeaderValue>,
    headers: HeaderMap,
    object: impl FnOnce() -> Json<serde_json::Value>,
) -> Response {
    match ErrorForm::of(accept, accept.is_none_or(accepts_json)) {
        ErrorForm::Json => (error.status, headers, object()).into_response(),
        ErrorForm::Page => {
            (error.status, headers, HTML, page(error.status, &error.message)).into_response()
        }
        ErrorForm::Empty => (error.status, headers).into_response(),
    }
}

/// The headers of a 415.
fn name_supported_types(headers: &mut HeaderMap, method: &Method, error: &ApiError) {
    headers.insert(ACCEPT, JSON_TYPES);
    let named = error.message.starts_with("Content-Type ");
    if method == Method::PATCH && named {
        headers.insert(ACCEPT_PATCH, JSON_TYPES);
    }
}

/// In place of a JSON answer that the client does not accept.
fn not_acceptable(accept: Option<&HeaderValue>) -> Response {
    let status = StatusCode::NOT_ACCEPTABLE;
    let mut response = match ErrorForm::of(accept, false) {
        ErrorForm::Page => {
            (status, HTML, page(status, "Only JSON is served here.")).into_response()
        }
        ErrorForm::Json | ErrorForm::Empty => status.into_response(),
    };
    response.headers_mut().insert(ACCEPT, JSON_TYPES);
    response
}

/// Whether axum refused a request before its handler ran, such as for a path that is no text; it
/// does so in plain words.
fn is_refused_by_extractor(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    response.status().is_client_error()
        && content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/plain"))
}

fn is_json(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}
