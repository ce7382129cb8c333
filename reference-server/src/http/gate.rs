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
use serde_json::{Value, json};

use super::accepted::{Accepted, ErrorForm, page, page_of};
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

/// What the framework says of methods where no endpoint has any.
const ANY_METHOD: HeaderValue =
    HeaderValue::from_static("GET, HEAD, POST, PUT, DELETE, TRACE, OPTIONS, PATCH");

/// The methods of the place where the framework writes errors.
const ERROR_METHODS: HeaderValue =
    HeaderValue::from_static("GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS");

/// What the framework calls an error that is none, and says of it.
const NONE: &str = "None";
const NO_MESSAGE: &str = "No message available";

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

/// Marks the answer of the place where errors are written, asked for without one.
#[derive(Clone)]
struct NoError;

/// Wraps every handler.
pub(super) async fn gate(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let server = &gate.server;
    if let Some(redirection) = head::redirection(&request) {
        return redirection;
    }
    let endpoint = gate.endpoint.filter(|_| !head::has_nameless_part(request.uri().path()));
    let uri = as_sent(request.uri(), request.extensions());
    let method = request.method().clone();
    let told_nothing = endpoint.is_some() && is_preflight(&method, request.headers());
    let accepted = Accepted::of(request.headers());
    let mut response = admit(server, endpoint, request, next).await;
    server.latitude.linger(&server.clock, SLOWEST_ANSWER).await;

    if is_refused_by_extractor(&response) {
        response = ApiError::bad_request("Bad Request").into_response();
    }
    let mut unexpected = false;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        unexpected = error.unexpected;
        let headers = std::mem::take(response.headers_mut());
        let object = || Json(error_object(&error, &uri, server.clock.wall_ms()));
        let page = || page_of(error.status, &error.message);
        response = in_form(error.status, &accepted, headers, object, page);
        if error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            name_supported_types(response.headers_mut(), &method, &error);
        }
    } else if response.extensions_mut().remove::<NoError>().is_some() {
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let object = || none_object(server.clock.wall_ms());
        response = in_form(status, &accepted, headers, object, || page(NONE, 999, NO_MESSAGE));
    } else if is_json(&response) {
        match accepted.json() {
            Some(media_type) => set_type(response.headers_mut(), &media_type),
            None => response = not_acceptable(&accepted),
        }
    }
    // Where nothing else says which methods there are, the framework names those that it knows.
    if method == Method::OPTIONS && !told_nothing && !response.headers().contains_key(ALLOW) {
        response.headers_mut().insert(ALLOW, ANY_METHOD);
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
        return no_error(method);
    }
    let Some(endpoint) = endpoint else {
        if let Some(metrics) = metrics::answer(server, method, uri, headers) {
            return metrics;
        }
        if is_preflight(method, headers) {
            return refused_preflight();
        }
        let sent = as_sent(uri, request.extensions());
        return ApiError::not_found(format!("No endpoint {method} {}.", sent.path()))
            .into_response();
    };
    if is_preflight(method, headers) {
        return refused_preflight();
    }
    let is_socket = endpoint == Endpoint::WEBSOCKET;
    let allowed = method == Method::OPTIONS || endpoint.allows(method);
    // The socket's path is refused for its method only after the password.
    if !allowed && !is_socket {
        return wrong_method(endpoint, method);
    }
    if let Err(status) = authorize(server, endpoint, uri, headers) {
        return status.into_response();
    }
    if is_socket && method != Method::GET {
        return handshake::wrong_method(headers);
    }
    if method == Method::OPTIONS {
        return options(endpoint);
    }
    if is_socket {
        handshake::as_current_version(request.headers_mut());
    }
    next.run(request).await
}

/// Whether a script in a browser asks if it may.
fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
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

/// The place where the real server's framework writes errors, asked for without one
/// (docs/observed/http.md#error-objects).
fn no_error(method: &Method) -> Response {
    if method == Method::OPTIONS {
        return (StatusCode::OK, [(ALLOW, ERROR_METHODS)], Body::empty()).into_response();
    }
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(NoError);
    response
}

/// What is told where there is no error.
fn none_object(now: u64) -> Json<Value> {
    Json(json!({"timestamp": now, "status": 999, "error": NONE, "message": NO_MESSAGE}))
}

/// An error in the form that its client accepts: an object, a page, or nothing.
fn in_form(
    status: StatusCode,
    accepted: &Accepted,
    headers: HeaderMap,
    object: impl FnOnce() -> Json<Value>,
    page: impl FnOnce() -> String,
) -> Response {
    match accepted.error_form() {
        ErrorForm::Json(media_type) => {
            let mut response = (status, headers, object()).into_response();
            set_type(response.headers_mut(), &media_type);
            response
        }
        ErrorForm::Page => (status, headers, HTML, page()).into_response(),
        ErrorForm::Empty => (status, headers).into_response(),
    }
}

fn set_type(headers: &mut HeaderMap, media_type: &str) {
    if headers.get(CONTENT_TYPE).is_some_and(|set| set == media_type) {
        return;
    }
    // What was read from a header can be written to one.
    if let Ok(media_type) = HeaderValue::from_str(media_type) {
        headers.insert(CONTENT_TYPE, media_type);
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

/// In place of a JSON answer that the client does not accept. What it would have got is told if its
/// Accept could be read.
fn not_acceptable(accepted: &Accepted) -> Response {
    let status = StatusCode::NOT_ACCEPTABLE;
    if !accepted.is_readable() {
        return status.into_response();
    }
    let mut response = match accepted.error_form() {
        ErrorForm::Page => {
            (status, HTML, page_of(status, "Only JSON is served here.")).into_response()
        }
        ErrorForm::Json(_) | ErrorForm::Empty => status.into_response(),
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
