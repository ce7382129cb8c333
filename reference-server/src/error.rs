//! Errors as the real server words them.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::json::Undecodable;
use crate::tracks::DecodeError;

/// An answer that is an error. The gate turns it into the error object, as only that knows the
/// path and whether a trace was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    /// `message` of the error object.
    pub(crate) message: String,
    /// The real server leaves the version header out of errors that it did not expect; so does
    /// this one with `--quirks`.
    pub(crate) unexpected: bool,
}

impl ApiError {
    /// Any error that the real server gives on purpose.
    pub(crate) fn expected(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), unexpected: false }
    }

    /// 400.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::expected(StatusCode::BAD_REQUEST, message)
    }

    /// 404.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::expected(StatusCode::NOT_FOUND, message)
    }

    /// 404 for an id that no session with an open socket has.
    pub(crate) fn session_not_found() -> Self {
        Self::not_found("Session not found")
    }

    /// 405.
    pub(crate) fn method_not_allowed(method: &str) -> Self {
        let message = format!("Method '{method}' is not supported.");
        Self::expected(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// 413: a body over the limit.
    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("Request body is larger than {limit} bytes");
        Self::expected(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// 415.
    pub(crate) fn unsupported_media_type(seen: &str) -> Self {
        let message = format!("Content-Type '{seen}' is not supported.");
        Self::expected(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
    }

    /// 415 for a Content-Type that is no media type.
    pub(crate) fn unparsable_media_type() -> Self {
        Self::expected(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Could not parse Content-Type.")
    }

    /// 500 that the real server throws on purpose.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::expected(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// 500 from an exception that nothing in the real server catches.
    pub(crate) fn uncaught(exception: &str) -> Self {
        Self {
            unexpected: true,
            ..Self::internal(format!("Request processing failed: {exception}"))
        }
    }
}

impl From<Undecodable> for ApiError {
    fn from(error: Undecodable) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<DecodeError> for ApiError {
    fn from(error: DecodeError) -> Self {
        Self { unexpected: true, ..Self::internal(error.to_string()) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
