//! Handshakes of sockets, as far as they are HTTP: whose socket it is to be, and what is said to
//! requests that are no handshake.

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, HOST, ORIGIN, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::origin::is_same_origin;

const SESSION_RESUMED: HeaderName = HeaderName::from_static("session-resumed");

/// The versions of the handshake that the real server speaks.
const VERSIONS: &str = "13,8,7";

/// The `User-Id` of a handshake.
pub(crate) enum User {
    /// There is none, or it is 0 however that is written.
    Missing,
    /// The real server accepts the handshake and closes the socket with 1011 at once.
    NoNumber,
    Id(i64),
}

impl User {
    /// Read from the first header of that name: digits with an optional sign.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let user = headers.get("user-id").map(|value| String::from_utf8_lossy(value.as_bytes()));
        match user.as_deref().map(|user| (user, user.parse())) {
            None | Some(("", _) | (_, Ok(0))) => Self::Missing,
            Some((_, user)) => user.map_or(Self::NoNumber, Self::Id),
        }
    }
}

/// 426: the client is to come back with a version that the server speaks.
fn other_version() -> Response {
    let versions = [(SEC_WEBSOCKET_VERSION, HeaderValue::from_static(VERSIONS))];
    (StatusCode::UPGRADE_REQUIRED, versions).into_response()
}

/// Versions 7 and 8 of the handshake differ from 13 in nothing that matters here.
pub(super) fn as_current_version(headers: &mut HeaderMap) {
    let version = headers.get(SEC_WEBSOCKET_VERSION);
    let older = version.is_some_and(|version| matches!(version.as_bytes(), b"7" | b"8"));
    if older {
        headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    }
}

/// Why a request is no handshake: in words, where the real server has some.
pub(crate) fn no_handshake(headers: &HeaderMap, resumed: &'static str) -> Response {
    let upgrade =
        headers.get(UPGRADE).is_some_and(|it| it.as_bytes().eq_ignore_ascii_case(b"websocket"));
    let names = |name: &str, word: &str| {
        let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let mut response = if !upgrade {
        (StatusCode::BAD_REQUEST, "Can \"Upgrade\" only to \"WebSocket\".").into_response()
    } else if !names("connection", "upgrade") {
        (StatusCode::BAD_REQUEST, "\"Connection\" must be \"upgrade\".").into_response()
    } else if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        other_version()
    } else {
        StatusCode::BAD_REQUEST.into_response()
    };
    // Nothing of this is JSON, or of any type.
    response.headers_mut().remove(CONTENT_TYPE);
    tell_resumed(&mut response, resumed);
    response
}

/// 405, once the client has said whose socket it would be and where it is from.
pub(super) fn wrong_method(headers: &HeaderMap) -> Response {
    if matches!(User::of(headers), User::Missing) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let origin = headers.get(ORIGIN);
    match origin.map_or(Ok(true), |origin| is_same_origin(origin, headers.get(HOST))) {
        Ok(true) => {}
        Ok(false) => {
            let mut refusal = StatusCode::FORBIDDEN.into_response();
            tell_resumed(&mut refusal, "false");
            return refusal;
        }
        Err(error) => return error.into_response(),
    }
    let mut response = StatusCode::METHOD_NOT_ALLOWED.into_response();
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    tell_resumed(&mut response, "false");
    response
}

/// Tells whether the handshake resumes a session, or would have.
pub(crate) fn tell_resumed(response: &mut Response, resumed: &'static str) {
    response.headers_mut().insert(SESSION_RESUMED, HeaderValue::from_static(resumed));
}
