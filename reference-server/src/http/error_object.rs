//! The JSON object that every error is answered with.

use http::{StatusCode, Uri};
use serde_json::{Value, json};

use crate::error::ApiError;

/// The error object of an error: `timestamp` in milliseconds, `status`, `error`, `message`, the
/// `path` without its query, and a `trace` if the query asks for one.
pub(crate) fn error_object(error: &ApiError, uri: &Uri, now: u64) -> Value {
    // The keys come in the real server's order.
    let mut object = json!({
        "timestamp": now,
        "status": error.status.as_u16(),
        "error": error.status.canonical_reason().unwrap_or("None"),
    });
    if wants_trace(uri) {
        let trace = format!("{}\n\tat lavalink_reference_server", exception(error));
        object["trace"] = trace.into();
    }
    object["message"] = error.message.as_str().into();
    object["path"] = uri.path().into();
    object
}

/// Whether a query asks for a trace: the first `trace` in it counts, with anything but false.
pub(crate) fn wants_trace(uri: &Uri) -> bool {
    let pairs = uri.query().unwrap_or_default().split('&');
    let mut asked = pairs.filter_map(|pair| match pair.split_once('=') {
        Some(("trace", value)) => Some(!value.eq_ignore_ascii_case("false")),
        None if pair == "trace" => Some(true),
        _ => None,
    });
    asked.next().unwrap_or(false)
}

/// The exception that the real server's trace begins with, and its message.
fn exception(error: &ApiError) -> String {
    let ApiError { status, message, .. } = error;
    match *status {
        StatusCode::NOT_FOUND if error.message.starts_with("No endpoint ") => {
            format!("org.springframework.web.servlet.NoHandlerFoundException: {message}")
        }
        status => {
            let name = status.canonical_reason().unwrap_or("None").to_uppercase().replace(' ', "_");
            let code = status.as_u16();
            format!(
                "org.springframework.web.server.ResponseStatusException: {code} {name} \"{message}\""
            )
        }
    }
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
}
