//! The JSON object that every error is answered with.

use http::{StatusCode, Uri};
use serde_json::{Map, Value, json};

use super::ApiError;
use crate::deviations::{deviates, either};

pub(crate) fn error_object(error: &ApiError, uri: &Uri, now: u64) -> Value {
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
    let message = either("LL-HTTP-027/message-is-reason", error.message.as_str(), reason);
    object.insert("message".into(), message.into());
    if deviates("LL-HTTP-027/exception-named") {
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
        let null = deviates("LL-HTTP-027/null-trace").then_some(Value::Null);
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
pub(super) fn wants_trace(uri: &Uri) -> bool {
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
pub(super) fn error_type(uri: &Uri) -> &'static str {
    if uri.path() == "/version" && deviates("LL-HTTP-027/type-of-the-endpoint") {
        return "text/plain;charset=ISO-8859-1";
    }
    if uri.path().ends_with("/players") && deviates("LL-HTTP-021/text") {
        return "text/plain;charset=UTF-8";
    }
    either("LL-HTTP-021/problem", "application/json", "application/problem+json")
}

fn class(error: &ApiError) -> &'static str {
    match error.status {
        StatusCode::NOT_FOUND if error.message.starts_with("No endpoint ") => {
            "org.springframework.web.servlet.NoHandlerFoundException"
        }
        _ => "org.springframework.web.server.ResponseStatusException",
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
