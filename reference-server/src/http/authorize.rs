//! Who may ask: the bare password in `Authorization`.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use subtle::ConstantTimeEq;

use super::routes::Endpoint;
use super::{ApiError, metrics};
use crate::deviations::{deviates, either};
use crate::server::Server;

/// The bare password, 401 without and 403 with a wrong one; a socket gets 401 for both.
pub(super) fn authorize(
    server: &Server,
    endpoint: Endpoint,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), StatusCode> {
    let password = server.config.password.0.as_bytes();
    match headers.get(AUTHORIZATION) {
        Some(given) if is_password(given.as_bytes(), password, endpoint) => Ok(()),
        _ if endpoint != Endpoint::WEBSOCKET && metrics::opens(server, uri) => Ok(()),
        None if is_open(endpoint, uri, &server.config.password.0) => Ok(()),
        None if endpoint == Endpoint::WEBSOCKET
            && deviates("LL-WEBSOCKET-002/missing-is-right") =>
        {
            Ok(())
        }
        None => {
            Err(either("LL-HTTP-014/forbidden", StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN))
        }
        Some(_) if endpoint == Endpoint::WEBSOCKET => {
            let (right, wrong) = (StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN);
            Err(either("LL-WEBSOCKET-002/forbidden", right, wrong))
        }
        Some(given) => Err(status_of_wrong(given, endpoint)),
    }
}

/// Whether the password is given, and nothing else.
fn is_password(given: &[u8], password: &[u8], endpoint: Endpoint) -> bool {
    if same_secret(given, password) {
        let unversioned = matches!(endpoint, Endpoint::VERSION | Endpoint::ROOT);
        return !(unversioned && deviates("LL-HTTP-010/opens-only-v4")
            || endpoint == Endpoint::PLAYERS && deviates("LL-HTTP-010/players-closed"));
    }
    let bearer = given.strip_prefix(b"Bearer ");
    let quoted = given.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    // Asked first, so that nothing else is compared with the password when it is not to be.
    deviates("LL-HTTP-012/case-ignored") && given.eq_ignore_ascii_case(password)
        || deviates("LL-HTTP-012/more-may-follow") && given.starts_with(password)
        || deviates("LL-HTTP-012/more-may-precede") && given.ends_with(password)
        || deviates("LL-HTTP-015/bearer-accepted") && bearer == Some(password)
        || deviates("LL-HTTP-015/quotes-stripped") && quoted == Some(password)
        || given.is_empty() && deviates("LL-HTTP-012/empty-accepted")
        || endpoint == Endpoint::PLANNER_FREE && deviates("LL-ROUTEPLANNER-092/any-frees-address")
}

/// No endpoint is meant to be open to those who give no password.
fn is_open(endpoint: Endpoint, uri: &Uri, password: &str) -> bool {
    let in_query = || uri.query().is_some_and(|query| query.ends_with(password));
    match endpoint {
        Endpoint::VERSION => deviates("LL-HTTP-014/version-open"),
        Endpoint::ROOT => deviates("LL-HTTP-034/root-open"),
        Endpoint::OLD_WEBSOCKET => deviates("LL-HTTP-014/old-socket-open"),
        Endpoint::DECODE_TRACKS => deviates("LL-HTTP-011/decoding-open"),
        Endpoint::SESSION => deviates("LL-HTTP-011/session-open"),
        Endpoint::PLANNER_STATUS => deviates("LL-ROUTEPLANNER-005/status-open"),
        Endpoint::PLANNER_FREE => deviates("LL-ROUTEPLANNER-005/address-open"),
        Endpoint::PLANNER_FREE_ALL => deviates("LL-HTTP-014/freeing-open"),
        Endpoint::WEBSOCKET => false,
        _ if deviates("LL-HTTP-011/mostly-open") => true,
        _ => uri.query().is_some() && deviates("LL-HTTP-011/query-counts") && in_query(),
    }
}

fn status_of_wrong(given: &HeaderValue, endpoint: Endpoint) -> StatusCode {
    let unauthorized = deviates("LL-HTTP-015/unauthorized")
        || given.is_empty() && deviates("LL-HTTP-015/empty-is-none")
        || endpoint.is_planner() && deviates("LL-ROUTEPLANNER-092/wrong-is-401");
    if unauthorized { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN }
}

/// Nothing is done, and nothing is said but the status.
pub(super) async fn refuse(
    status: StatusCode,
    endpoint: Endpoint,
    request: Request,
    next: Next,
) -> Response {
    let missing = status == StatusCode::UNAUTHORIZED;
    let told = missing && deviates("LL-HTTP-014/error-object")
        || !missing && deviates("LL-HTTP-015/error-object")
        || endpoint.is_planner() && deviates("LL-ROUTEPLANNER-092/error-object");
    let applied = endpoint == Endpoint::SESSION
        && (missing && deviates("LL-HTTP-011/applied")
            || !missing && deviates("LL-HTTP-012/applied"));
    if applied {
        next.run(request).await;
    }
    if told {
        let message = status.canonical_reason().unwrap_or_default().to_owned();
        return ApiError { status, message, unexpected: false }.into_response();
    }
    status.into_response()
}

/// Compares without telling by its time where the first difference is.
pub(crate) fn same_secret(given: &[u8], secret: &[u8]) -> bool {
    given.ct_eq(secret).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_compared_whole() {
        assert!(same_secret(b"abc", b"abc"));
        assert!(!same_secret(b"ab", b"abc"));
        assert!(!same_secret(b"abd", b"abc"));
    }
}
