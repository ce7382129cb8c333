//! Answers without the version of the API, or with another.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, StatusCode};

use super::super::row::Row;
use super::{At, Break, Endpoint, answer};

const VERSION: &str = "lavalink-api-version";

pub(super) const ROWS: &[Row<Break>] = &[
    answer(
        "LL-HTTP-001/wrong-version",
        "the version header says 3",
        At::Everywhere,
        |_, answer| {
            answer.replace_header(VERSION, "3");
        },
    ),
    answer(
        "LL-HTTP-344/closed",
        "a connection ends with its answer",
        At::Everywhere,
        |asked, answer| {
            // Not that of a socket, which says what it becomes.
            if answer.status != StatusCode::SWITCHING_PROTOCOLS && asked.method != Method::CONNECT {
                answer.set_header("connection", "close");
            }
        },
    ),
    answer(
        "LL-HTTP-001/missing-on-errors",
        "errors do not carry the version header",
        At::Everywhere,
        |_, answer| {
            drop_if(answer.is_error(), &mut answer.headers);
        },
    ),
    answer(
        "LL-HTTP-001/missing-on-refusals",
        "401 and 403 do not carry the version header",
        At::Everywhere,
        |_, answer| {
            let refused = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
            drop_if(refused, &mut answer.headers);
        },
    ),
    answer(
        "LL-HTTP-001/missing-on-no-content",
        "a 204 does not carry the version header",
        At::Everywhere,
        |_, answer| {
            drop_if(answer.status == StatusCode::NO_CONTENT, &mut answer.headers);
        },
    ),
    answer(
        "LL-HTTP-001/missing-on-media-types",
        "406 and 415 do not carry the version header",
        At::Everywhere,
        |_, answer| {
            let statuses = [StatusCode::NOT_ACCEPTABLE, StatusCode::UNSUPPORTED_MEDIA_TYPE];
            drop_if(statuses.contains(&answer.status), &mut answer.headers);
        },
    ),
    answer(
        "LL-HTTP-001/missing-on-text",
        "an answer that is no JSON does not carry the version header",
        At::Everywhere,
        |_, answer| {
            let text = answer.headers.contains_key(CONTENT_TYPE) && !answer.is_json();
            drop_if(text, &mut answer.headers);
        },
    ),
    answer(
        "LL-HTTP-002/missing-when-accepted",
        "an accepted handshake does not carry the version header",
        At::Everywhere,
        |_, answer| {
            drop_if(answer.status == StatusCode::SWITCHING_PROTOCOLS, &mut answer.headers);
        },
    ),
    answer(
        "LL-HTTP-002/missing-when-refused",
        "a refused handshake does not carry the version header",
        At::Endpoint(Endpoint::WEBSOCKET),
        |_, answer| {
            drop_if(answer.is_error(), &mut answer.headers);
        },
    ),
];

fn drop_if(concerned: bool, headers: &mut HeaderMap) {
    if concerned {
        headers.remove(VERSION);
    }
}
