//! Who may ask: the bare password in `Authorization`.

use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode, Uri};
use subtle::ConstantTimeEq;

use super::metrics;
use super::routes::Endpoint;
use crate::server::Server;

/// Lets a request in that gives the bare password, and nothing else.
///
/// # Errors
/// The status, which is all that is said: 401 without a password and 403 with a wrong one; a socket
/// gets 401 for both.
pub(super) fn authorize(
    server: &Server,
    endpoint: Endpoint,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<(), StatusCode> {
    let password = server.config.password.0.as_bytes();
    match headers.get(AUTHORIZATION) {
        Some(given) if same_secret(given.as_bytes(), password) => Ok(()),
        _ if endpoint != Endpoint::WEBSOCKET && metrics::opens(server, uri) => Ok(()),
        None => Err(StatusCode::UNAUTHORIZED),
        Some(_) if endpoint == Endpoint::WEBSOCKET => Err(StatusCode::UNAUTHORIZED),
        Some(_) => Err(StatusCode::FORBIDDEN),
    }
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
