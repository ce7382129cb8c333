//! Where a script in a browser comes from, as Spring compares it with the server it asks.

use http::HeaderValue;

use crate::error::ApiError;

/// Parts of an origin or of a Host header.
#[derive(Debug, PartialEq, Eq)]
struct Place<'a> {
    host: &'a str,
    port: Option<&'a str>,
}

/// Whether an Origin names the server that the Host header names: scheme, host and port as they
/// are written, but the usual port may be left out. What follows the port does not matter.
///
/// # Errors
/// 500 if it begins like a URL of the web and is none; the real server trips over it.
pub(crate) fn is_same_origin(
    origin: &HeaderValue,
    host: Option<&HeaderValue>,
) -> Result<bool, ApiError> {
    let origin = String::from_utf8_lossy(origin.as_bytes());
    let host = host.map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    let host = host.unwrap_or_default();
    let Some((scheme, rest)) = origin.split_once("://") else { return Ok(false) };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let place = place(authority.rsplit_once('@').map_or(authority, |(_, place)| place));
    let is_web = matches!(scheme, "http" | "https");
    let port = match place.port.map(str::parse) {
        _ if is_web && place.host.is_empty() => {
            return Err(no_url(&format!("[{origin}] is not a valid HTTP URL"), &host));
        }
        Some(Err(_)) if is_web => {
            let port = place.port.unwrap_or_default();
            return Err(no_url(&format!("The port must be an integer: {port}"), &host));
        }
        Some(port) => port.ok(),
        None => None,
    };
    let asked = self::place(&host);
    let asked_port: Option<u32> = asked.port.map_or(Some(80), |port| port.parse().ok());
    let same_port = port.or(Some(80)) == asked_port;
    Ok(scheme == "http" && place.host == asked.host && same_port)
}

fn no_url(why: &str, host: &str) -> ApiError {
    ApiError::uncaught(&format!(
        "org.springframework.web.socket.server.HandshakeFailureException: Uncaught failure for \
         request http://{host}/v4/websocket - {why}"
    ))
}

fn place(authority: &str) -> Place<'_> {
    let end = match authority.find(']') {
        Some(at) if authority.starts_with('[') => at + 1,
        _ => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    Place { host, port: port.strip_prefix(':').filter(|port| !port.is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_the_servers_own_or_another() {
        let same = |origin: &str, host: &str| {
            let value = |text: &str| HeaderValue::from_str(text).unwrap();
            is_same_origin(&value(origin), Some(&value(host))).map_err(|error| error.status)
        };
        for (origin, host) in [
            ("http://a:1", "a:1"),
            ("http://a:1/x?y", "a:1"),
            ("http://u@a:1", "a:1"),
            ("http://a:01", "a:1"),
            ("http://a", "a"),
            ("http://a:80", "a"),
            ("http://a", "a:80"),
            ("http://[::1]:1", "[::1]:1"),
        ] {
            assert_eq!(same(origin, host), Ok(true), "{origin} {host}");
        }
        for (origin, host) in [
            ("http://a", "a:1"),
            ("http://b:1", "a:1"),
            ("https://a:1", "a:1"),
            ("https://a", "a:443"),
            ("HTTP://a:1", "a:1"),
            ("http://A:1", "a:1"),
            ("ws://a:1", "a:1"),
            ("a:1", "a:1"),
            ("null", "a:1"),
            ("", "a:1"),
            ("file://", "a:1"),
            ("http://x y", "a:1"),
        ] {
            assert_eq!(same(origin, host), Ok(false), "{origin} {host}");
        }
        for origin in ["http://", "http://a:1 http://b", "http://a:b"] {
            assert!(same(origin, "a:1").is_err(), "{origin}");
        }
    }
}
