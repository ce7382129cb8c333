//! Handshakes of sockets.

use http::header::{HOST, ORIGIN, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderName, StatusCode};

use super::super::row::Row;
use super::{
    Answer, Asked, At, Break, Endpoint, Outcome, answer, around, get, instead, request,
    send_stats_to_all,
};
use crate::websocket::is_of_another_origin;

const HANDSHAKE: At = get(Endpoint::WEBSOCKET);
const SESSION_RESUMED: HeaderName = HeaderName::from_static("session-resumed");
const USER_ID: HeaderName = HeaderName::from_static("user-id");

pub(super) const ROWS: &[Row<Break>] = &[
    around(
        "LL-SESSION-046/ended",
        "a new session of a user ends those that are away",
        HANDSHAKE,
        |exchange| {
            Box::pin(async move {
                let answer = exchange.usual().await;
                match user(&exchange.asked).parse() {
                    Ok(user)
                        if is_accepted(&answer) && answer.header("session-resumed") == "false" =>
                    {
                        exchange.asked.server.sessions.end_away(user).await;
                        Outcome::Broken(answer)
                    }
                    _ => Outcome::Usual(answer),
                }
            })
        },
    ),
    around(
        "LL-STATS-023/on-connect",
        "a new session brings stats to the others",
        HANDSHAKE,
        |exchange| {
            Box::pin(async move {
                let answer = exchange.usual().await;
                if !is_accepted(&answer) {
                    return Outcome::Usual(answer);
                }
                send_stats_to_all(&exchange.asked.server).await;
                Outcome::Broken(answer)
            })
        },
    ),
    instead(
        "LL-WEBSOCKET-001/needs-session",
        "a handshake without Session-Id is refused",
        HANDSHAKE,
        |asked| {
            let refused = asked.is_admitted() && !asked.headers.contains_key("session-id");
            refused.then(|| asked.bare(StatusCode::BAD_REQUEST))
        },
    ),
    request(
        "LL-WEBSOCKET-003/accepted",
        "a handshake without User-Id is accepted",
        HANDSHAKE,
        |asked| {
            if ["", "0"].contains(&&*user(asked)) {
                asked.set_header(USER_ID, "1");
            }
        },
    ),
    request(
        "LL-WEBSOCKET-004/accepted",
        "a User-Id that is no number gets a session",
        HANDSHAKE,
        |asked| {
            let user = user(asked);
            if !user.is_empty() && user.parse::<i64>().is_err() {
                asked.set_header(USER_ID, "1");
            }
        },
    ),
    request(
        "LL-WEBSOCKET-312/accepted",
        "only a User-Id of a single 0 is refused",
        HANDSHAKE,
        |asked| {
            let user = String::from_utf8_lossy(asked.header("user-id")).into_owned();
            if user != "0" && user.parse() == Ok(0) {
                asked.set_header(HeaderName::from_static("user-id"), "1");
            }
        },
    ),
    instead(
        "LL-WEBSOCKET-312/digits-only",
        "a User-Id with a plus is refused",
        HANDSHAKE,
        |asked| {
            asked.header("user-id").starts_with(b"+").then(|| asked.bare(StatusCode::BAD_REQUEST))
        },
    ),
    instead("LL-WEBSOCKET-005/refused", "a negative User-Id is refused", HANDSHAKE, |asked| {
        let negative = user(asked).parse::<i64>().is_ok_and(|user| user < 0);
        (negative && asked.is_admitted()).then(|| asked.bare(StatusCode::BAD_REQUEST))
    }),
    instead(
        "LL-WEBSOCKET-006/needs-version",
        "a Client-Name without a version is refused",
        HANDSHAKE,
        |asked| {
            let name = asked.headers.get("client-name")?;
            let refused = asked.is_admitted() && !name.as_bytes().contains(&b'/');
            refused.then(|| asked.bare(StatusCode::BAD_REQUEST))
        },
    ),
    answer(
        "LL-WEBSOCKET-007/missing",
        "the handshake does not say whether a session was resumed",
        HANDSHAKE,
        |_, answer| {
            if is_accepted(answer) {
                answer.headers.remove(SESSION_RESUMED);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-007/wrong",
        "the handshake says that a session was resumed when it was not",
        HANDSHAKE,
        |_, answer| {
            if is_accepted(answer) {
                answer.replace_header("session-resumed", "true");
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-008/refused",
        "an unknown Session-Id is refused",
        HANDSHAKE,
        |asked, answer| {
            refuse_if(asked, answer, |asked, id| asked.server.sessions.find(id).is_none());
        },
    ),
    answer(
        "LL-WEBSOCKET-009/refused",
        "the Session-Id of an open session is refused",
        HANDSHAKE,
        |asked, answer| {
            refuse_if(asked, answer, |asked, id| asked.server.sessions.find(id).is_some());
        },
    ),
    answer(
        "LL-WEBSOCKET-010/upgrade-required",
        "a request that is no handshake is 426",
        HANDSHAKE,
        |asked, answer| {
            if answer.status == StatusCode::BAD_REQUEST && !asked.headers.contains_key(UPGRADE) {
                answer.set_bare(StatusCode::UPGRADE_REQUIRED);
            }
        },
    ),
    answer("LL-WEBSOCKET-011/compressed", "compression is negotiated", HANDSHAKE, |_, answer| {
        if is_accepted(answer) {
            let name = SEC_WEBSOCKET_EXTENSIONS;
            answer.headers.insert(name, http::HeaderValue::from_static("permessage-deflate"));
        }
    }),
    answer(
        "LL-WEBSOCKET-012/unauthorized",
        "a handshake without User-Id is 401",
        HANDSHAKE,
        |asked, answer| {
            let nobody = ["", "0"].contains(&&*user(asked));
            if nobody && answer.status == StatusCode::BAD_REQUEST {
                answer.status = StatusCode::UNAUTHORIZED;
            }
        },
    ),
    request(
        "LL-WEBSOCKET-200/any-taken",
        "a handshake of any other origin is accepted",
        HANDSHAKE,
        |asked| {
            if asked.header(ORIGIN) != b"null" {
                asked.headers.remove(ORIGIN);
            }
        },
    ),
    request(
        "LL-WEBSOCKET-200/case-ignored",
        "the case of an origin's scheme does not matter",
        HANDSHAKE,
        |asked| {
            edit_origin(asked, |origin| match origin.split_once("://") {
                Some((scheme, rest)) => format!("{}://{rest}", scheme.to_ascii_lowercase()),
                None => origin.to_owned(),
            });
        },
    ),
    request(
        "LL-WEBSOCKET-200/case-of-host-ignored",
        "the case of an origin's host does not matter",
        HANDSHAKE,
        |asked| {
            edit_origin(asked, |origin| match origin.split_once("://") {
                Some((scheme, rest)) => format!("{scheme}://{}", rest.to_ascii_lowercase()),
                None => origin.to_owned(),
            });
            let host = asked.header(HOST).to_ascii_lowercase();
            asked.set_header(HOST, host);
        },
    ),
    request(
        "LL-WEBSOCKET-200/https-taken",
        "https is the same origin as http",
        HANDSHAKE,
        |asked| {
            edit_origin(asked, |origin| origin.replacen("https://", "http://", 1));
        },
    ),
    request("LL-WEBSOCKET-200/null-taken", "the origin null is accepted", HANDSHAKE, |asked| {
        if asked.header(ORIGIN) == b"null" {
            asked.headers.remove(ORIGIN);
        }
    }),
    request(
        "LL-WEBSOCKET-200/port-ignored",
        "the port of an origin does not matter",
        HANDSHAKE,
        |asked| {
            let origin = String::from_utf8_lossy(asked.header(ORIGIN)).into_owned();
            let host = String::from_utf8_lossy(asked.header(HOST)).into_owned();
            let bare = |place: &str| place.rsplit_once(':').map_or(place, |(it, _)| it).to_owned();
            if origin.strip_prefix("http://").map(bare) == Some(bare(&host)) {
                asked.headers.remove(ORIGIN);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-200/told",
        "another origin is refused with an error object",
        HANDSHAKE,
        |asked, answer| {
            if is_foreign(asked, answer) {
                *answer = asked.error(StatusCode::FORBIDDEN, "Forbidden");
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-200/unauthorized",
        "another origin is refused with 401",
        HANDSHAKE,
        |asked, answer| {
            if is_foreign(asked, answer) {
                *answer = asked.bare(StatusCode::UNAUTHORIZED);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-201/origin-before-password",
        "the origin is looked at before the password",
        HANDSHAKE,
        |asked, answer| {
            if answer.status == StatusCode::UNAUTHORIZED && is_of_another_origin(&asked.headers) {
                answer.set_bare(StatusCode::FORBIDDEN);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-201/origin-before-user",
        "the origin is looked at before the user",
        HANDSHAKE,
        |asked, answer| {
            let nobody = ["", "0"].contains(&&*user(asked));
            let refused = nobody && answer.status == StatusCode::BAD_REQUEST;
            if refused && is_of_another_origin(&asked.headers) {
                answer.set_bare(StatusCode::FORBIDDEN);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-202/forbidden",
        "an origin that is no URL is refused with 403",
        HANDSHAKE,
        |asked, answer| {
            if answer.status == StatusCode::INTERNAL_SERVER_ERROR {
                *answer = asked.error(StatusCode::FORBIDDEN, "Forbidden");
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-203/bad-request",
        "an unknown version of the handshake is a 400",
        HANDSHAKE,
        |_, answer| {
            if answer.status == StatusCode::UPGRADE_REQUIRED {
                answer.status = StatusCode::BAD_REQUEST;
                answer.headers.remove(SEC_WEBSOCKET_VERSION);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-203/not-told",
        "a 426 does not say which versions there are",
        HANDSHAKE,
        |_, answer| {
            if answer.status == StatusCode::UPGRADE_REQUIRED {
                answer.headers.remove(SEC_WEBSOCKET_VERSION);
            }
        },
    ),
    request(
        "LL-WEBSOCKET-203/only-13",
        "versions 7 and 8 of the handshake are refused",
        HANDSHAKE,
        |asked| {
            if matches!(asked.header(SEC_WEBSOCKET_VERSION), b"7" | b"8") {
                asked.set_header(SEC_WEBSOCKET_VERSION, "6");
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-300/resumed-unsaid",
        "a refused handshake does not say that nothing was resumed",
        At::Endpoint(Endpoint::WEBSOCKET),
        |_, answer| {
            if matches!(answer.status.as_u16(), 400 | 405 | 426) {
                answer.headers.remove(SESSION_RESUMED);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-300/silent",
        "a request that is no handshake is not told why",
        HANDSHAKE,
        |_, answer| {
            if answer.status == StatusCode::BAD_REQUEST {
                answer.clear();
            }
        },
    ),
];

/// The bot's id as it was sent; empty if it was not.
fn user(asked: &Asked) -> String {
    String::from_utf8_lossy(asked.header(USER_ID)).into_owned()
}

fn is_accepted(answer: &Answer) -> bool {
    answer.status == StatusCode::SWITCHING_PROTOCOLS
}

/// Whether a script of another place was refused.
fn is_foreign(asked: &Asked, answer: &Answer) -> bool {
    asked.is_admitted()
        && answer.status == StatusCode::FORBIDDEN
        && is_of_another_origin(&asked.headers)
}

fn edit_origin(asked: &mut Asked, edit: fn(&str) -> String) {
    if asked.headers.contains_key(ORIGIN) {
        let origin = edit(&String::from_utf8_lossy(asked.header(ORIGIN)));
        asked.set_header(ORIGIN, origin);
    }
}

/// Refuses a handshake that got a new session and had asked for another.
fn refuse_if(asked: &Asked, answer: &mut Answer, is_refused: fn(&Asked, &str) -> bool) {
    let id = String::from_utf8_lossy(asked.header("session-id")).into_owned();
    let anew = is_accepted(answer) && answer.header("session-resumed") == "false";
    if anew && asked.headers.contains_key("session-id") && is_refused(asked, &id) {
        *answer = asked.bare(StatusCode::BAD_REQUEST);
    }
}
