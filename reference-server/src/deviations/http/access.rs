//! Passwords: who is let in, and how the others are refused.

use http::StatusCode;
use http::header::AUTHORIZATION;

use super::super::row::Row;
use super::{
    Answer, Asked, At, Break, Endpoint, Outcome, Password, answer, around, patch, request,
};

const PLANNER: At =
    At::AnyOf(&[Endpoint::PLANNER_STATUS, Endpoint::PLANNER_FREE, Endpoint::PLANNER_FREE_ALL]);

/// What `LL-HTTP-011/mostly-open` leaves to other rows.
const OTHERS: [Endpoint; 9] = [
    Endpoint::VERSION,
    Endpoint::ROOT,
    Endpoint::OLD_WEBSOCKET,
    Endpoint::DECODE_TRACKS,
    Endpoint::SESSION,
    Endpoint::PLANNER_STATUS,
    Endpoint::PLANNER_FREE,
    Endpoint::PLANNER_FREE_ALL,
    Endpoint::WEBSOCKET,
];

pub(super) const ROWS: &[Row<Break>] = &[
    request(
        "LL-HTTP-010/opens-only-v4",
        "the password does not open the version",
        At::AnyOf(&[Endpoint::VERSION, Endpoint::ROOT]),
        close,
    ),
    request(
        "LL-HTTP-010/players-closed",
        "the password does not open a session's players",
        At::Endpoint(Endpoint::PLAYERS),
        close,
    ),
    request(
        "LL-HTTP-011/decoding-open",
        "tracks are decoded without a password",
        At::Endpoint(Endpoint::DECODE_TRACKS),
        open,
    ),
    request(
        "LL-HTTP-011/session-open",
        "a session is changed without a password",
        At::Endpoint(Endpoint::SESSION),
        open,
    ),
    request(
        "LL-HTTP-011/mostly-open",
        "most of what REST has needs no password",
        At::Everywhere,
        |asked| {
            if asked.endpoint().is_some_and(|endpoint| !OTHERS.contains(&endpoint)) {
                open(asked);
            }
        },
    ),
    request(
        "LL-HTTP-011/query-counts",
        "the password may stand in the query",
        At::Everywhere,
        |asked| {
            let (_, password) = asked.secrets();
            let query = asked.uri.query().unwrap_or_default().as_bytes();
            if asked.endpoint() != Some(Endpoint::WEBSOCKET) && query.ends_with(password) {
                open(asked);
            }
        },
    ),
    around(
        "LL-HTTP-011/applied",
        "a session is changed before a missing password is refused",
        patch(Endpoint::SESSION),
        |exchange| Box::pin(apply_refused(exchange, StatusCode::UNAUTHORIZED)),
    ),
    around(
        "LL-HTTP-012/applied",
        "a session is changed before a wrong password is refused",
        patch(Endpoint::SESSION),
        |exchange| Box::pin(apply_refused(exchange, StatusCode::FORBIDDEN)),
    ),
    request(
        "LL-HTTP-012/case-ignored",
        "upper and lower case of the password are the same",
        At::Everywhere,
        |asked| {
            admit_if(asked, |given, password| given.eq_ignore_ascii_case(password));
        },
    ),
    request(
        "LL-HTTP-012/more-may-follow",
        "anything may follow the password",
        At::Everywhere,
        |asked| {
            admit_if(asked, |given, password| given.starts_with(password));
        },
    ),
    request(
        "LL-HTTP-012/more-may-precede",
        "anything may precede the password",
        At::Everywhere,
        |asked| {
            admit_if(asked, |given, password| given.ends_with(password));
        },
    ),
    request(
        "LL-HTTP-012/empty-accepted",
        "an empty Authorization opens everything",
        At::Everywhere,
        |asked| {
            if asked.password() == Password::Wrong {
                admit_if(asked, |given, _| given.is_empty());
            }
        },
    ),
    request(
        "LL-HTTP-015/bearer-accepted",
        "the password may follow the scheme Bearer",
        At::Everywhere,
        |asked| {
            admit_if(asked, |given, password| given.strip_prefix(b"Bearer ") == Some(password));
        },
    ),
    request(
        "LL-HTTP-015/quotes-stripped",
        "the password may stand in quotes",
        At::Everywhere,
        |asked| {
            admit_if(asked, |given, password| {
                let inner = given.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
                inner == Some(password)
            });
        },
    ),
    answer(
        "LL-HTTP-013/none-is-401",
        "an unknown path asks for the password",
        At::NoEndpoint,
        |asked, answer| {
            if answer.status == StatusCode::NOT_FOUND && asked.password() == Password::Missing {
                answer.set_bare(StatusCode::UNAUTHORIZED);
            }
        },
    ),
    answer(
        "LL-HTTP-013/wrong-is-403",
        "an unknown path refuses a wrong password",
        At::NoEndpoint,
        |asked, answer| {
            if answer.status == StatusCode::NOT_FOUND && asked.password() == Password::Wrong {
                answer.set_bare(StatusCode::FORBIDDEN);
            }
        },
    ),
    request(
        "LL-HTTP-014/version-open",
        "the version is told without a password",
        At::Endpoint(Endpoint::VERSION),
        open,
    ),
    request(
        "LL-HTTP-034/root-open",
        "the root needs no password",
        At::Endpoint(Endpoint::ROOT),
        open,
    ),
    request(
        "LL-HTTP-014/old-socket-open",
        "the socket of version 3 answers without a password",
        At::Endpoint(Endpoint::OLD_WEBSOCKET),
        open,
    ),
    request(
        "LL-HTTP-014/freeing-open",
        "freeing all addresses needs no password",
        At::Endpoint(Endpoint::PLANNER_FREE_ALL),
        open,
    ),
    request(
        "LL-ROUTEPLANNER-005/status-open",
        "the status needs no password",
        At::Endpoint(Endpoint::PLANNER_STATUS),
        open,
    ),
    request(
        "LL-ROUTEPLANNER-005/address-open",
        "freeing an address needs no password",
        At::Endpoint(Endpoint::PLANNER_FREE),
        open,
    ),
    request(
        "LL-WEBSOCKET-002/missing-is-right",
        "a handshake without a password is accepted",
        At::Endpoint(Endpoint::WEBSOCKET),
        open,
    ),
    request(
        "LL-ROUTEPLANNER-092/any-frees-address",
        "an address is freed with any password",
        At::Endpoint(Endpoint::PLANNER_FREE),
        |asked| {
            if asked.password() == Password::Wrong {
                asked.admit();
            }
        },
    ),
    answer("LL-HTTP-014/forbidden", "a missing password is 403", At::Everywhere, |_, answer| {
        if answer.status == StatusCode::UNAUTHORIZED {
            answer.status = StatusCode::FORBIDDEN;
        }
    }),
    answer(
        "LL-HTTP-014/error-object",
        "a missing password is answered with an error object",
        At::Everywhere,
        |asked, answer| {
            if answer.status == StatusCode::UNAUTHORIZED {
                tell(asked, answer);
            }
        },
    ),
    answer(
        "LL-HTTP-015/unauthorized",
        "a wrong password is 401",
        At::Everywhere,
        |asked, answer| {
            if is_refused(asked, answer) {
                answer.status = StatusCode::UNAUTHORIZED;
            }
        },
    ),
    answer(
        "LL-HTTP-015/empty-is-none",
        "an empty Authorization is taken for a missing one",
        At::Everywhere,
        |asked, answer| {
            if is_refused(asked, answer) && asked.header(AUTHORIZATION).is_empty() {
                answer.status = StatusCode::UNAUTHORIZED;
            }
        },
    ),
    answer(
        "LL-HTTP-015/error-object",
        "a wrong password is answered with an error object",
        At::Everywhere,
        |asked, answer| {
            if is_refused(asked, answer) {
                tell(asked, answer);
            }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-092/wrong-is-401",
        "a wrong password is 401",
        PLANNER,
        |asked, answer| {
            if is_refused(asked, answer) {
                answer.status = StatusCode::UNAUTHORIZED;
            }
        },
    ),
    answer(
        "LL-ROUTEPLANNER-092/error-object",
        "a refused password is answered with an error object",
        PLANNER,
        |asked, answer| {
            if is_refused(asked, answer) || answer.status == StatusCode::UNAUTHORIZED {
                tell(asked, answer);
            }
        },
    ),
    answer(
        "LL-WEBSOCKET-034/forbidden",
        "a handshake with a wrong password is 403",
        At::Endpoint(Endpoint::WEBSOCKET),
        |asked, answer| {
            if answer.status == StatusCode::UNAUTHORIZED && asked.password() == Password::Wrong {
                answer.status = StatusCode::FORBIDDEN;
            }
        },
    ),
];

/// Whether a wrong password was refused.
fn is_refused(asked: &Asked, answer: &Answer) -> bool {
    answer.status == StatusCode::FORBIDDEN && asked.password() == Password::Wrong
}

/// Has an error object say the status.
fn tell(asked: &Asked, answer: &mut Answer) {
    let reason = answer.status.canonical_reason().unwrap_or_default();
    *answer = asked.error(answer.status, reason);
}

/// Takes the right password for a wrong one.
fn close(asked: &mut Asked) {
    if asked.is_admitted() {
        asked.set_header(AUTHORIZATION, "refused");
    }
}

/// Lets in who gives no password.
fn open(asked: &mut Asked) {
    if asked.password() == Password::Missing {
        asked.admit();
    }
}

fn admit_if(asked: &mut Asked, is_password: fn(&[u8], &[u8]) -> bool) {
    let (given, password) = asked.secrets();
    if is_password(given, password) {
        asked.admit();
    }
}

/// Refuses an update of a session, and does it all the same.
async fn apply_refused(exchange: super::Exchange, status: StatusCode) -> Outcome {
    let refusal = exchange.usual().await;
    if refusal.status != status {
        return Outcome::Usual(refusal);
    }
    let mut admitted = exchange.asked.clone();
    admitted.admit();
    exchange.asking(&admitted).await;
    Outcome::Broken(refusal)
}
