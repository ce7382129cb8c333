//! Error objects.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::row::Row;
use super::{Answer, Asked, At, Break, Endpoint, answer, instead};

pub(super) const ROWS: &[Row<Break>] = &[
    answer(
        "LL-HTTP-020/empty-404",
        "an unknown path is 404 and empty",
        At::NoEndpoint,
        |_, answer| {
            if answer.status == StatusCode::NOT_FOUND {
                answer.clear();
            }
        },
    ),
    answer("LL-HTTP-020/no-path", "an error has no path", At::Everywhere, |_, answer| {
        answer.edit_error(|error| _ = error.remove("path"));
    }),
    answer(
        "LL-HTTP-020/seconds",
        "the timestamp of an error is in seconds",
        At::Everywhere,
        |_, answer| {
            answer.edit_error(|error| {
                let now = error.get("timestamp").and_then(Value::as_u64).unwrap_or_default();
                error.insert("timestamp".into(), (now / 1000).into());
            });
        },
    ),
    answer(
        "LL-HTTP-020/status-as-text",
        "the status of an error is a text",
        At::Everywhere,
        |_, answer| {
            let status = answer.status.as_u16().to_string();
            answer.edit_error(|error| _ = error.insert("status".into(), status.into()));
        },
    ),
    answer(
        "LL-HTTP-021/problem",
        "errors are application/problem+json",
        At::Everywhere,
        |_, answer| {
            set_type(answer, "application/problem+json");
        },
    ),
    answer(
        "LL-HTTP-021/text",
        "a session that nobody has is told of as text/plain",
        At::Endpoint(Endpoint::PLAYERS),
        |_, answer| {
            set_type(answer, "text/plain;charset=UTF-8");
        },
    ),
    answer(
        "LL-HTTP-022/with-query",
        "the path of an error has the query",
        At::Everywhere,
        |asked, answer| {
            if asked.uri.query().is_some_and(|query| !query.is_empty()) {
                show_query(asked, answer);
            }
        },
    ),
    answer(
        "LL-HTTP-022/only-trace-left-out",
        "the path of an error has the query unless it is trace",
        At::Everywhere,
        |asked, answer| {
            if asked.uri.query().is_some_and(|it| !it.is_empty() && !it.contains("trace=")) {
                show_query(asked, answer);
            }
        },
    ),
    answer(
        "LL-HTTP-022/with-long-query",
        "the path of an error has a query of several parameters",
        At::Everywhere,
        |asked, answer| {
            if asked.uri.query().is_some_and(|query| query.contains('&')) {
                show_query(asked, answer);
            }
        },
    ),
    answer(
        "LL-HTTP-023/always",
        "errors have a trace without being asked for one",
        At::Everywhere,
        |_, answer| {
            answer.edit_error(|error| {
                if !error.contains_key("trace") {
                    error.insert("trace".into(), trace(error).into());
                }
            });
        },
    ),
    answer(
        "LL-HTTP-023/false-asks-too",
        "trace=false asks for a trace",
        At::Everywhere,
        |asked, answer| {
            let asks = asked.parameter("trace").is_some_and(|it| it.eq_ignore_ascii_case("false"));
            answer.edit_error(|error| {
                if asks {
                    error.insert("trace".into(), trace(error).into());
                }
            });
        },
    ),
    answer(
        "LL-HTTP-023/list-of-lines",
        "the trace is an array of lines",
        At::Everywhere,
        |_, answer| {
            answer.edit_error(|error| {
                if let Some(trace) = error.get_mut("trace") {
                    let text = trace.as_str().unwrap_or_default().to_owned();
                    *trace = json!(text.lines().collect::<Vec<_>>());
                }
            });
        },
    ),
    answer("LL-HTTP-023/never", "no error has a trace", At::Everywhere, |_, answer| {
        answer.edit_error(|error| _ = error.remove("trace"));
    }),
    answer(
        "LL-HTTP-023/not-of-bodies",
        "an error about a body has no trace",
        At::Everywhere,
        |_, answer| {
            if answer.message() == "Bad Request" {
                answer.edit_error(|error| _ = error.remove("trace"));
            }
        },
    ),
    answer("LL-HTTP-023/not-of-methods", "a 405 has no trace", At::Everywhere, |_, answer| {
        if answer.status == StatusCode::METHOD_NOT_ALLOWED {
            answer.edit_error(|error| _ = error.remove("trace"));
        }
    }),
    answer(
        "LL-ROUTEPLANNER-004/no-trace",
        "the error has no trace",
        At::Everywhere,
        |_, answer| {
            if answer.status == StatusCode::INTERNAL_SERVER_ERROR {
                answer.edit_error(|error| _ = error.remove("trace"));
            }
        },
    ),
    answer(
        "LL-HTTP-027/exception-named",
        "an error names an exception in one more field",
        At::Everywhere,
        |_, answer| {
            answer.edit_error(|error| _ = error.insert("exception".into(), class(error).into()));
        },
    ),
    answer(
        "LL-HTTP-027/message-is-reason",
        "the message of an error repeats the reason phrase",
        At::Everywhere,
        |_, answer| {
            let reason = answer.status.canonical_reason().unwrap_or_default();
            answer.set_message(reason);
        },
    ),
    answer(
        "LL-HTTP-027/null-trace",
        "trace is null unless it is asked for",
        At::Everywhere,
        |_, answer| {
            answer.edit_error(|error| _ = error.entry("trace").or_insert(Value::Null));
        },
    ),
    answer(
        "LL-HTTP-027/status-line",
        "error begins with the status",
        At::Everywhere,
        |_, answer| {
            let line = answer.status.to_string();
            answer.edit_error(|error| _ = error.insert("error".into(), line.into()));
        },
    ),
    answer(
        "LL-HTTP-027/type-of-the-endpoint",
        "an error of the version is as text/plain as the version",
        At::Endpoint(Endpoint::VERSION),
        |_, answer| {
            set_type(answer, "text/plain;charset=ISO-8859-1");
        },
    ),
    answer(
        "LL-HTTP-029/other-message",
        "the message is another one",
        At::Everywhere,
        |_, answer| {
            if answer.message() == "Session not found" {
                answer.set_message("Session with id not found");
            }
        },
    ),
    answer(
        "LL-HTTP-049/unprocessable",
        "a body that does not decode is 422",
        At::Everywhere,
        |asked, answer| {
            if asked.media_type().is_some() && answer.message() == "Bad Request" {
                answer.restate(StatusCode::UNPROCESSABLE_ENTITY);
            }
        },
    ),
    answer(
        "LL-SESSION-021/gone",
        "a request about a session that is gone is 410",
        At::Everywhere,
        |_, answer| {
            if answer.message() == "Session not found" {
                answer.restate(StatusCode::GONE);
            }
        },
    ),
    answer(
        "LL-HTTP-342/asked-by-any",
        "whatever has trace in it asks for a trace",
        At::Everywhere,
        |asked, answer| {
            let query = asked.uri.query().unwrap_or_default().to_ascii_lowercase();
            if query.contains("trace") {
                answer.edit_error(|error| _ = error.insert("trace".into(), trace(error).into()));
            }
        },
    ),
    answer(
        "LL-HTTP-342/message-only",
        "a trace is the message, and has to be asked for with true",
        At::Everywhere,
        |asked, answer| {
            let is_true = asked.parameter("trace").is_some_and(|value| value == "true");
            answer.edit_error(|error| {
                if error.remove("trace").is_some() && is_true {
                    error.insert("trace".into(), error["message"].clone());
                }
            });
        },
    ),
    instead(
        "LL-HTTP-346/unknown",
        "the place of errors is an unknown path",
        At::NoEndpoint,
        |asked| (asked.sent().path() == ERRORS).then(|| asked.no_endpoint()),
    ),
    instead(
        "LL-HTTP-346/below",
        "whatever is below the place of errors is that place",
        At::NoEndpoint,
        |asked| {
            let path = asked.sent().path().to_owned();
            path.strip_prefix(ERRORS).filter(|rest| rest.starts_with('/'))?;
            let mut answer = asked.bare(StatusCode::INTERNAL_SERVER_ERROR);
            answer.set_json(&json!({"status": 999}));
            Some(answer)
        },
    ),
    answer(
        "LL-HTTP-346/found",
        "the place of errors is 404 for who wants neither JSON nor a page",
        At::NoEndpoint,
        |asked, answer| {
            if asked.sent().path() == ERRORS && answer.is_empty() && answer.status != StatusCode::OK
            {
                answer.set_bare(StatusCode::NOT_FOUND);
            }
        },
    ),
    answer(
        "LL-HTTP-346/status",
        "where there is no error its number is 500",
        At::NoEndpoint,
        |asked, answer| {
            if asked.sent().path() == ERRORS {
                answer.set_text(answer.text().replace("999", "500"));
            }
        },
    ),
    answer(
        "LL-HTTP-346/methods",
        "the place of errors has the methods of all",
        At::NoEndpoint,
        |asked, answer| {
            if asked.sent().path() == ERRORS {
                answer
                    .replace_header("allow", "GET, HEAD, POST, PUT, DELETE, TRACE, OPTIONS, PATCH");
            }
        },
    ),
];

/// Where the framework writes errors.
const ERRORS: &str = "/error";

fn set_type(answer: &mut Answer, media_type: &str) {
    if answer.is_error() && answer.is_json() {
        answer.set_header("content-type", media_type);
    }
}

/// The path of an error with the query.
fn show_query(asked: &Asked, answer: &mut Answer) {
    let sent = asked.sent().to_string();
    answer.edit_error(|error| _ = error.insert("path".into(), sent.into()));
}

/// A trace like the server's own.
fn trace(error: &Map<String, Value>) -> String {
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    format!("{}: {message}\n\tat lavalink_reference_server", class(error))
}

fn class(error: &Map<String, Value>) -> &'static str {
    let message = error.get("message").and_then(Value::as_str).unwrap_or_default();
    match message.starts_with("No endpoint ") {
        true => "org.springframework.web.servlet.NoHandlerFoundException",
        false => "org.springframework.web.server.ResponseStatusException",
    }
}
