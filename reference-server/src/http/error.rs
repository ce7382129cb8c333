//! Errors as the real server words them.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::json::Undecodable;
use crate::deviations::{deviates, either};
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

    pub(crate) fn session_not_found() -> Self {
        let wrong = "Session with id not found";
        let error =
            Self::not_found(either("LL-HTTP-029/other-message", "Session not found", wrong));
        let status = either("LL-SESSION-021/gone", error.status, StatusCode::GONE);
        Self { status, ..error }
    }

    /// 405.
    pub(crate) fn method_not_allowed(method: &str) -> Self {
        let mut message = format!("Method '{method}' is not supported.");
        if deviates("LL-HTTP-030/request-method") {
            message.insert_str(0, "Request ");
        }
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
        let (right, wrong) = (StatusCode::UNSUPPORTED_MEDIA_TYPE, StatusCode::BAD_REQUEST);
        Self::expected(either("LL-HTTP-050/bad-request", right, wrong), message)
    }

    /// 415 for a Content-Type that is no media type.
    pub(crate) fn unparsable_media_type(seen: &str) -> Self {
        let error = Self::unsupported_media_type(seen);
        let message = "Could not parse Content-Type.".to_owned();
        Self { message: either("LL-HTTP-303/named", message, error.message.clone()), ..error }
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
        let wrong = StatusCode::UNPROCESSABLE_ENTITY;
        let status = either("LL-HTTP-049/unprocessable", StatusCode::BAD_REQUEST, wrong);
        Self::expected(status, error.to_string())
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
