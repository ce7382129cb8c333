//! Methods: which there are, what is said of the others, and what OPTIONS and HEAD tell.

use http::header::{ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CONTENT_LENGTH, ORIGIN};
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;

use super::super::row::Row;
use super::{Answer, Asked, At, Break, Endpoint, answer, get, instead, post, request};

const PLANNER: At =
    At::AnyOf(&[Endpoint::PLANNER_STATUS, Endpoint::PLANNER_FREE, Endpoint::PLANNER_FREE_ALL]);

const EMPTY: At = At::AnyOf(&[Endpoint::ROOT, Endpoint::OLD_WEBSOCKET]);

pub(super) const ROWS: &[Row<Break>] = &[
    answer(
        "LL-HTTP-025/empty-200",
        "an unknown path is 200 and empty",
        At::NoEndpoint,
        |_, answer| {
            if answer.status == StatusCode::NOT_FOUND {
                answer.set_bare(StatusCode::OK);
            }
        },
    ),
    answer(
        "LL-HTTP-025/method-first",
        "an unknown path is 405 for other methods than GET",
        At::NoEndpoint,
        |asked, answer| {
            if answer.status == StatusCode::NOT_FOUND && asked.method != Method::GET {
                *answer = asked.wrong_method();
            }
        },
    ),
    answer(
        "LL-HTTP-030/not-found",
        "a method that an endpoint does not have is 404",
        At::Everywhere,
        |asked, answer| {
            if is_wrong_method(asked, answer) {
                *answer = asked.no_endpoint();
            }
        },
    ),
    answer(
        "LL-HTTP-030/session-deleted",
        "DELETE of a session is 204",
        At::Request("DELETE", Endpoint::SESSION),
        |asked, answer| {
            if is_wrong_method(asked, answer) {
                answer.set_bare(StatusCode::NO_CONTENT);
            }
        },
    ),
    answer("LL-HTTP-030/empty-body", "a 405 is empty", At::Everywhere, |asked, answer| {
        if is_wrong_method(asked, answer) {
            answer.clear();
        }
    }),
    answer("LL-HTTP-030/no-allow", "a 405 has no Allow", At::Everywhere, |asked, answer| {
        if is_wrong_method(asked, answer) {
            answer.headers.remove(ALLOW);
        }
    }),
    answer(
        "LL-HTTP-030/request-method",
        "the message is that of an older framework",
        At::Everywhere,
        |_, answer| {
            let message = answer.message();
            if message.starts_with("Method '") {
                answer.set_message(format!("Request {message}"));
            }
        },
    ),
    answer(
        "LL-HTTP-030/allow-lists-one",
        "Allow lists the first method only",
        At::Everywhere,
        |asked, answer| {
            if is_wrong_method(asked, answer) {
                let first = answer.header(ALLOW).split(", ").next().unwrap_or_default().to_owned();
                answer.set_header("allow", &first);
            }
        },
    ),
    answer(
        "LL-HTTP-030/allow-lists-options",
        "Allow of a 405 lists OPTIONS too",
        At::Everywhere,
        |asked, answer| {
            if is_wrong_method(asked, answer) {
                let more = format!("{}, OPTIONS", answer.header(ALLOW));
                answer.set_header("allow", &more);
            }
        },
    ),
    request(
        "LL-HTTP-030/tracks-posted",
        "tracks are loaded with POST too",
        post(Endpoint::LOAD_TRACKS),
        |asked| {
            asked.method = Method::GET;
        },
    ),
    request(
        "LL-ROUTEPLANNER-006/status-posted",
        "the status can be posted",
        post(Endpoint::PLANNER_STATUS),
        |asked| {
            asked.method = Method::GET;
        },
    ),
    request(
        "LL-ROUTEPLANNER-006/address-deleted",
        "an address is freed with DELETE too",
        At::Request("DELETE", Endpoint::PLANNER_FREE),
        |asked| asked.method = Method::POST,
    ),
    request(
        "LL-ROUTEPLANNER-006/all-deleted",
        "all addresses are freed with DELETE too",
        At::Request("DELETE", Endpoint::PLANNER_FREE_ALL),
        |asked| asked.method = Method::POST,
    ),
    request(
        "LL-ROUTEPLANNER-006/get-frees",
        "all addresses are freed with GET too",
        get(Endpoint::PLANNER_FREE_ALL),
        |asked| {
            asked.method = Method::POST;
        },
    ),
    answer(
        "LL-ROUTEPLANNER-006/allow-lists-both",
        "Allow lists GET and POST",
        PLANNER,
        |asked, answer| {
            if is_wrong_method(asked, answer) {
                answer.set_header("allow", "GET, POST");
            }
        },
    ),
    answer("LL-HTTP-031/no-content", "HEAD is 204", At::Everywhere, |asked, answer| {
        if asked.method == Method::HEAD && answer.status == StatusCode::OK {
            answer.status = StatusCode::NO_CONTENT;
            answer.headers.remove(CONTENT_LENGTH);
        }
    }),
    instead("LL-HTTP-031/refused", "HEAD is 405", At::Everywhere, |asked| {
        let known = asked.method == Method::HEAD && asked.endpoint().is_some();
        known.then(|| asked.wrong_method())
    }),
    instead(
        "LL-HTTP-031/refused-for-text",
        "HEAD of the version is 405",
        At::Request("HEAD", Endpoint::VERSION),
        |asked| Some(asked.wrong_method()),
    ),
    answer(
        "LL-HTTP-032/head-everywhere",
        "OPTIONS lists HEAD where there is no GET",
        At::Everywhere,
        |asked, answer| {
            edit_options(asked, answer, |methods| {
                if !methods.contains(&"GET".to_owned()) {
                    methods.insert(1, "HEAD".into());
                }
            });
        },
    ),
    answer(
        "LL-HTTP-032/head-left-out",
        "OPTIONS does not list HEAD",
        At::Everywhere,
        |asked, answer| {
            edit_options(asked, answer, |methods| methods.retain(|method| method != "HEAD"));
        },
    ),
    answer(
        "LL-HTTP-032/options-left-out",
        "OPTIONS does not list itself",
        At::Everywhere,
        |asked, answer| {
            edit_options(asked, answer, |methods| methods.retain(|method| method != "OPTIONS"));
        },
    ),
    answer(
        "LL-HTTP-032/listed-in-body",
        "OPTIONS lists the methods in the body",
        At::Everywhere,
        |asked, answer| {
            if are_options(asked, answer) {
                answer.set_text("GET,HEAD,OPTIONS");
            }
        },
    ),
    answer("LL-HTTP-032/method-not-allowed", "OPTIONS is 405", At::Everywhere, |asked, answer| {
        if are_options(asked, answer) {
            *answer = asked.wrong_method();
        }
    }),
    answer("LL-HTTP-032/no-content", "OPTIONS is 204", At::Everywhere, |asked, answer| {
        if are_options(asked, answer) {
            answer.set_bare(StatusCode::NO_CONTENT);
        }
    }),
    answer(
        "LL-HTTP-033/allowed",
        "a preflight is allowed to anyone",
        At::Everywhere,
        |asked, answer| {
            if is_preflight(asked, answer) {
                answer.set_bare(StatusCode::OK);
                answer.set_header("access-control-allow-origin", "*");
            }
        },
    ),
    answer(
        "LL-HTTP-033/error-object",
        "a refused preflight is answered with an error object",
        At::Everywhere,
        |asked, answer| {
            if is_preflight(asked, answer) {
                *answer = asked.error(StatusCode::FORBIDDEN, "Invalid CORS request");
            }
        },
    ),
    answer(
        "LL-HTTP-033/refused-but-allowed",
        "a preflight is 403 and still allows any origin",
        At::Everywhere,
        |asked, answer| {
            if is_preflight(asked, answer) {
                answer.clear();
                answer.set_header("access-control-allow-origin", "*");
            }
        },
    ),
    instead(
        "LL-HTTP-033/any-method",
        "what has the headers of a preflight is one",
        At::Everywhere,
        |asked| {
            let is_one = asked.headers.contains_key(ORIGIN)
                && asked.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
            is_one.then(|| asked.bare(StatusCode::FORBIDDEN))
        },
    ),
    request(
        "LL-HTTP-033/taken-for-options",
        "a preflight is taken for another OPTIONS",
        At::Everywhere,
        |asked| {
            if asked.method == Method::OPTIONS && asked.headers.contains_key(ORIGIN) {
                asked.headers.remove(ACCESS_CONTROL_REQUEST_METHOD);
            }
        },
    ),
    answer("LL-HTTP-034/no-content", "the root and the old socket are 204", EMPTY, |_, answer| {
        if answer.status == StatusCode::OK {
            answer.set_bare(StatusCode::NO_CONTENT);
        }
    }),
    answer(
        "LL-HTTP-034/welcome",
        "the root and the old socket say something",
        EMPTY,
        |_, answer| {
            if answer.status == StatusCode::OK {
                answer.set_text("Lavalink is running.");
            }
        },
    ),
    answer(
        "LL-HTTP-034/old-socket-unknown",
        "the old socket is an unknown path",
        get(Endpoint::OLD_WEBSOCKET),
        |asked, answer| {
            if answer.status == StatusCode::OK {
                *answer = asked.no_endpoint();
            }
        },
    ),
    answer(
        "LL-HTTP-034/old-socket-expects-upgrade",
        "the old socket is 400 without an upgrade",
        get(Endpoint::OLD_WEBSOCKET),
        |_, answer| {
            if answer.status == StatusCode::OK {
                answer.set_bare(StatusCode::BAD_REQUEST);
            }
        },
    ),
    instead("LL-SESSION-009/readable", "a session can be read", get(Endpoint::SESSION), |asked| {
        let mut answer = asked.bare(StatusCode::OK);
        answer.set_json(&json!({"resuming": false, "timeout": 60}));
        Some(answer)
    }),
    instead(
        "LL-WEBSOCKET-302/error-object",
        "another method than GET gets an error object",
        At::Endpoint(Endpoint::WEBSOCKET),
        |asked| (asked.method != Method::GET).then(|| asked.wrong_method()),
    ),
    answer(
        "LL-HTTP-334/no-allow",
        "OPTIONS of an unknown path has no Allow",
        At::NoEndpoint,
        |asked, answer| {
            if asked.method == Method::OPTIONS {
                answer.headers.remove(ALLOW);
            }
        },
    ),
    answer(
        "LL-HTTP-334/known",
        "OPTIONS of an unknown path is 200",
        At::NoEndpoint,
        |asked, answer| {
            if asked.method == Method::OPTIONS && answer.status == StatusCode::NOT_FOUND {
                answer.set_bare(StatusCode::OK);
                answer.set_header("allow", "OPTIONS");
            }
        },
    ),
];

/// Whether a known path was refused for its method. The socket's path has no error object then.
fn is_wrong_method(asked: &Asked, answer: &Answer) -> bool {
    let told = asked.endpoint().is_some_and(|endpoint| endpoint != Endpoint::WEBSOCKET);
    told && answer.status == StatusCode::METHOD_NOT_ALLOWED
}

fn are_options(asked: &Asked, answer: &Answer) -> bool {
    asked.method == Method::OPTIONS && answer.status == StatusCode::OK
}

fn edit_options(asked: &Asked, answer: &mut Answer, edit: fn(&mut Vec<String>)) {
    if are_options(asked, answer) {
        let mut methods = answer.header(ALLOW).split(',').map(str::to_owned).collect();
        edit(&mut methods);
        answer.set_header("allow", &methods.join(","));
    }
}

fn is_preflight(asked: &Asked, answer: &Answer) -> bool {
    let value = |name| asked.headers.get(name).map(HeaderValue::as_bytes);
    asked.method == Method::OPTIONS
        && answer.status == StatusCode::FORBIDDEN
        && value(ORIGIN).is_some()
        && value(ACCESS_CONTROL_REQUEST_METHOD).is_some()
}
