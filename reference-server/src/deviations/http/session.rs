//! Updates of sessions.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::row::Row;
use super::{
    Answer, Asked, At, Break, Endpoint, Outcome, answer, around, body, instead, patch, send_stats,
    send_stats_to_all,
};
use crate::json::Json;

const UPDATE: At = patch(Endpoint::SESSION);

/// Seconds beyond which a timeout is infinite.
const LONGEST_TIMEOUT: i64 = i64::MAX / 2 / 1000;

pub(super) const ROWS: &[Row<Break>] = &[
    instead(
        "LL-HTTP-024/player-refuses",
        "a player's update with trace is refused",
        patch(Endpoint::PLAYER),
        |asked| {
            let traces = asked.uri.query().is_some_and(|query| query.contains("trace"));
            (asked.is_admitted() && traces).then(|| asked.bad_request())
        },
    ),
    instead(
        "LL-HTTP-024/session-takes-no-query",
        "a session's update with a query is refused",
        UPDATE,
        |asked| {
            let refused = asked.is_admitted() && asked.uri.query().is_some();
            refused.then(|| asked.bad_request())
        },
    ),
    answer(
        "LL-HTTP-026/any-session-changed",
        "updating a session that nobody has answers the defaults",
        UPDATE,
        |_, answer| {
            if answer.status == StatusCode::NOT_FOUND {
                answer.succeed(&json!({"resuming": false, "timeout": 60}));
            }
        },
    ),
    answer(
        "LL-HTTP-029/message-of-an-update",
        "the message about updating an unknown session is another",
        UPDATE,
        |_, answer| {
            if is_unknown(answer) {
                answer.set_message("Unknown session");
            }
        },
    ),
    answer(
        "LL-HTTP-047/bad-request",
        "with a sound body a session that nobody has is 400",
        UPDATE,
        |_, answer| {
            if is_unknown(answer) {
                answer.restate(StatusCode::BAD_REQUEST);
                answer.set_message("Bad Request");
            }
        },
    ),
    answer(
        "LL-HTTP-047/session-first",
        "the session is looked up before the body is decoded",
        UPDATE,
        |asked, answer| {
            if asked.session().is_none() && answer.status == StatusCode::BAD_REQUEST {
                answer.restate(StatusCode::NOT_FOUND);
                answer.set_message("Session not found");
            }
        },
    ),
    around(
        "LL-SESSION-002/old-values",
        "an update answers the session as it was before",
        UPDATE,
        |exchange| {
            Box::pin(async move {
                let id = exchange.asked.segment(2).to_owned();
                let before = exchange.update_session(&id, &json!({})).await.text();
                let mut answer = exchange.usual().await;
                if !answer.status.is_success() || answer.text() == before {
                    return Outcome::Usual(answer);
                }
                answer.set_text(before);
                Outcome::Broken(answer)
            })
        },
    ),
    answer("LL-SESSION-002/text", "the session says that it is text", UPDATE, |_, answer| {
        if answer.status.is_success() {
            answer.set_header("content-type", "text/plain");
        }
    }),
    answer(
        "LL-SESSION-002/text-timeout",
        "the timeout of the answer is a text",
        UPDATE,
        |_, answer| {
            answer.edit_body(|body| body["timeout"] = body["timeout"].to_string().into());
        },
    ),
    body("LL-SESSION-003/resuming-reset", "resuming is off when it is left out", UPDATE, |asked| {
        add(asked, "resuming", "false")
    }),
    body(
        "LL-SESSION-003/timeout-reset",
        "the timeout is 60 when it is left out",
        UPDATE,
        |asked| add(asked, "timeout", "60"),
    ),
    around("LL-SESSION-004/shared", "a timeout is set for all sessions", UPDATE, |exchange| {
        Box::pin(async move {
            let answer = exchange.usual().await;
            let (Some(timeout), true) =
                (exchange.asked.field("timeout"), answer.status.is_success())
            else {
                return Outcome::Usual(answer);
            };
            for other in exchange.asked.server.sessions.all() {
                exchange.update_session(other.id(), &json!({"timeout": timeout})).await;
            }
            Outcome::Broken(answer)
        })
    }),
    body("LL-SESSION-005/32-bits", "a timeout has 32 bits", UPDATE, |asked| {
        edit_timeout(asked, |timeout| match i32::try_from(timeout) {
            Ok(_) => timeout.to_string(),
            Err(_) => "too-long".to_owned(),
        });
    }),
    body("LL-SESSION-005/negative-is-zero", "a negative timeout becomes 0", UPDATE, |asked| {
        edit_timeout(asked, |timeout| timeout.max(0).to_string());
    }),
    instead("LL-SESSION-005/zero-refused", "a timeout of 0 is refused", UPDATE, |asked| {
        let zero = asked.is_admitted() && asked.field("timeout") == Some(Value::from(0));
        zero.then(|| asked.bad_request())
    }),
    body(
        "LL-SESSION-006/32-bits",
        "a timeout that is too long becomes the longest of 32 bits",
        UPDATE,
        |asked| {
            edit_timeout(asked, |timeout| match is_infinite(timeout) {
                true => i32::MAX.to_string(),
                false => timeout.to_string(),
            });
        },
    ),
    around(
        "LL-SESSION-006/kept",
        "a timeout that is too long is kept as it is",
        UPDATE,
        |exchange| {
            Box::pin(async move {
                let mut answer = exchange.usual().await;
                let given = exchange.asked.field("timeout").and_then(|timeout| timeout.as_i64());
                match given.filter(|given| answer.status.is_success() && is_infinite(*given)) {
                    Some(given) => {
                        answer.edit_body(|body| body["timeout"] = given.into());
                        Outcome::Broken(answer)
                    }
                    None => Outcome::Usual(answer),
                }
            })
        },
    ),
    answer("LL-SESSION-008/internal", "updating an unknown session is 500", UPDATE, |_, answer| {
        if is_unknown(answer) {
            answer.restate(StatusCode::INTERNAL_SERVER_ERROR);
        }
    }),
    around("LL-SESSION-010/told", "an update is followed by stats", UPDATE, |exchange| {
        Box::pin(async move {
            let answer = exchange.usual().await;
            match exchange.asked.session().filter(|_| answer.status.is_success()) {
                Some(session) => {
                    send_stats(&session).await;
                    Outcome::Broken(answer)
                }
                None => Outcome::Usual(answer),
            }
        })
    }),
    answer(
        "LL-SESSION-021/updates-gone",
        "an update about a session that is gone is 410",
        UPDATE,
        |_, answer| {
            if is_unknown(answer) {
                answer.restate(StatusCode::GONE);
            }
        },
    ),
    around(
        "LL-STATS-023/on-read",
        "reading stats over REST sends them to all sessions",
        At::Endpoint(Endpoint::STATS),
        |exchange| {
            Box::pin(async move {
                let answer = exchange.usual().await;
                if !answer.status.is_success() || exchange.asked.method != Method::GET {
                    return Outcome::Usual(answer);
                }
                send_stats_to_all(&exchange.asked.server).await;
                Outcome::Broken(answer)
            })
        },
    ),
];

fn is_unknown(answer: &Answer) -> bool {
    answer.message() == "Session not found"
}

fn is_infinite(timeout: i64) -> bool {
    !(-LONGEST_TIMEOUT..=LONGEST_TIMEOUT).contains(&timeout)
}

/// Adds a field that is left out.
fn add(asked: &mut Asked, key: &str, value: &str) {
    asked.edit(|json| {
        if let Json::Object(fields) = json
            && fields.iter().all(|(name, _)| name != key)
        {
            fields.push((key.to_owned(), Json::Word(value.to_owned())));
        }
    });
}

fn edit_timeout(asked: &mut Asked, edit: fn(i64) -> String) {
    asked.edit_field("timeout", |value| {
        if let Ok(timeout) = value.long() {
            *value = Json::Word(edit(timeout));
        }
    });
}
