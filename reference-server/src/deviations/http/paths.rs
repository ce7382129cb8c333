//! Paths that nobody knows, and how they are told of.

use http::{Method, StatusCode};

use super::super::row::Row;
use super::{Answer, At, Break, answer, instead, request};
use crate::http::{has_nameless_part, wants_trace};

pub(super) const ROWS: &[Row<Break>] = &[
    instead(
        "LL-HTTP-024/query-taken-for-path",
        "with trace=true every path is unknown",
        At::Everywhere,
        |asked| {
            let unknown = asked.endpoint().is_some() && wants_trace(&asked.uri);
            let message = || format!("No endpoint {} {}.", asked.method, asked.uri);
            unknown.then(|| asked.error(StatusCode::NOT_FOUND, message()))
        },
    ),
    answer(
        "LL-HTTP-028/always-says-get",
        "the message names GET, whatever the method was",
        At::NoEndpoint,
        |asked, answer| {
            say(answer, &Method::GET, asked.sent().path());
        },
    ),
    request(
        "LL-HTTP-028/case-ignored",
        "/v4/INFO answers as /v4/info does",
        At::NoEndpoint,
        |asked| {
            if asked.uri.path() == "/v4/INFO" {
                asked.set_path("/v4/info");
            }
        },
    ),
    answer(
        "LL-HTTP-028/no-static-resource",
        "the message is that of a newer framework",
        At::NoEndpoint,
        |asked, answer| {
            if is_unknown(answer) {
                let path = asked.sent().path().trim_start_matches('/').to_owned();
                answer.set_message(format!("No static resource {path}."));
            }
        },
    ),
    answer(
        "LL-HTTP-028/query-named",
        "the message names the query too",
        At::NoEndpoint,
        |asked, answer| {
            if asked.uri.query().is_some() {
                say(answer, &asked.method, &asked.sent().to_string());
            }
        },
    ),
    request(
        "LL-HTTP-028/slash-ignored",
        "/v4/info/ answers as /v4/info does",
        At::NoEndpoint,
        |asked| {
            if asked.uri.path() == "/v4/info/" {
                asked.set_path("/v4/info");
            }
        },
    ),
    answer(
        "LL-HTTP-028/slash-left-out",
        "the message leaves out a slash at the end of the path",
        At::NoEndpoint,
        |asked, answer| {
            say(answer, &asked.method, asked.sent().path().trim_end_matches('/'));
        },
    ),
    request(
        "LL-HTTP-071/answers-version",
        "/v4/version answers the version",
        At::NoEndpoint,
        |asked| {
            if asked.uri.path() == "/v4/version" {
                asked.set_path("/version");
            }
        },
    ),
    answer(
        "LL-HTTP-071/moved",
        "/v4/version sends on to /version",
        At::NoEndpoint,
        |asked, answer| {
            if asked.uri.path() == "/v4/version" {
                answer.set_bare(StatusCode::PERMANENT_REDIRECT);
                answer.set_header("location", "/version");
            }
        },
    ),
    request(
        "LL-HTTP-202/not-decoded",
        "escapes in a path are not decoded",
        At::Everywhere,
        |asked| {
            let sent = asked.sent();
            let bare = |name: &str| name.split(';').next().unwrap_or_default().to_owned();
            asked.set_path(&sent.path().split('/').map(bare).collect::<Vec<_>>().join("/"));
        },
    ),
    answer(
        "LL-HTTP-202/shown-decoded",
        "an error shows the decoded path",
        At::Everywhere,
        |asked, answer| {
            let (sent, meant) = (asked.sent(), &asked.uri);
            let message = answer.message().replace(sent.path(), meant.path());
            answer.edit_error(|error| {
                if let Some(path) = error.get_mut("path") {
                    *path = meant.path().into();
                    error.insert("message".into(), message.into());
                }
            });
        },
    ),
    request(
        "LL-HTTP-332/any-name",
        "a part of a path without a name is a name",
        At::NoEndpoint,
        |asked| {
            let path = asked.uri.path();
            if path.starts_with("/v4/sessions/") && has_nameless_part(path) {
                let named = |part: &str| match part.trim_start_matches(';') {
                    "" => "none".to_owned(),
                    name => name.to_owned(),
                };
                let parts = path.split('/').skip(1).map(named).collect::<Vec<_>>();
                asked.set_path(&format!("/{}", parts.join("/")));
            }
        },
    ),
    instead(
        "LL-HTTP-333/unknown",
        "a dot at the root is an unknown path",
        At::NoEndpoint,
        |asked| (asked.uri.path() == "/.").then(|| asked.no_endpoint()),
    ),
    answer(
        "LL-HTTP-333/as-get",
        "whoever asks for a dot at the root is sent on as a GET is",
        At::NoEndpoint,
        |_, answer| {
            if answer.status == StatusCode::TEMPORARY_REDIRECT {
                answer.status = StatusCode::FOUND;
            }
        },
    ),
    answer(
        "LL-HTTP-333/to-root",
        "a dot at the root is sent on to the root",
        At::NoEndpoint,
        |_, answer| {
            let location = answer.header("location").to_owned();
            if let Some(root) = location.strip_suffix("/./") {
                answer.replace_header("location", &format!("{root}/"));
            }
        },
    ),
];

fn is_unknown(answer: &Answer) -> bool {
    answer.message().starts_with("No endpoint ")
}

/// Says of another method or path that there is no endpoint.
fn say(answer: &mut Answer, method: &Method, path: &str) {
    if is_unknown(answer) {
        answer.set_message(format!("No endpoint {method} {path}."));
    }
}
