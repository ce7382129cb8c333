//! Request bodies and parameters, checked in the order in which the real server checks them.

use std::time::Duration;

use axum::BoxError;
use axum::body::Body;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::error::ApiError;
use crate::json::Json;
use crate::server::Server;

/// Longest body that is read.
const LIMIT: usize = 4 * 1024 * 1024;

/// How long a body may take to arrive.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Reads a JSON body: 415 for another media type, 413 over the limit, 400 if it does not decode or
/// there is none, or it does not come in time.
pub(crate) async fn json(server: &Server, request: Request<Body>) -> Result<Json, ApiError> {
    let media_type = check_media_type(request.headers());
    let untyped = !request.headers().contains_key(CONTENT_TYPE);
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if announced
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| length > LIMIT as u64)
    {
        return Err(ApiError::too_large(LIMIT));
    }
    let reading = gather(Limited::new(request.into_body(), LIMIT));
    let body = match server.clock.within(TIME_LIMIT, reading).await {
        Some(Ok(body)) => body,
        Some(Err(error)) if error.is::<LengthLimitError>() => {
            return Err(ApiError::too_large(LIMIT));
        }
        Some(Err(_)) | None => return Err(ApiError::bad_request("Bad Request")),
    };
    // Where there is no body, its type cannot be wrong.
    if !(untyped && body.is_empty()) {
        media_type?;
    }
    Ok(Json::read(&String::from_utf8_lossy(&body))?)
}

/// All bytes of a body in one piece. Keeping the pieces as they come would take far more memory
/// than there are bytes when a client sends them one by one.
async fn gather(mut body: Limited<Body>) -> Result<Vec<u8>, BoxError> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes)
}

/// Checks that a body is said to be JSON.
///
/// # Errors
/// 415 otherwise. An empty Content-Type counts as none.
pub(crate) fn check_media_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let given = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let Some(given) = given.filter(|given| !given.trim().is_empty()) else {
        // Spring's word for a body without a type.
        return Err(ApiError::unsupported_media_type("application/octet-stream"));
    };
    if !is_media_type(&given) {
        return Err(ApiError::unparsable_media_type());
    }
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let json = essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"));
    if json { Ok(()) } else { Err(ApiError::unsupported_media_type(&shown_type(&given))) }
}

/// Whether it names a type and a subtype of the characters of a token, and an encoding that exists,
/// if any.
fn is_media_type(given: &str) -> bool {
    let token = |text: &str| {
        let odd = |c: char| !c.is_ascii_graphic() || "()<>@,;:\\\"/[]?={}".contains(c);
        !text.is_empty() && !text.contains(odd)
    };
    let mut parts = given.split(';').map(str::trim);
    let (kind, subtype) = parts.next().and_then(|name| name.split_once('/')).unwrap_or_default();
    let known = |part: &str| {
        let Some((name, value)) = part.split_once('=') else { return true };
        let value = value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(value);
        token(value) && (!name.eq_ignore_ascii_case("charset") || is_encoding(value))
    };
    token(kind) && token(subtype) && parts.all(known)
}

/// Whether an encoding is one of those that every JVM has.
fn is_encoding(name: &str) -> bool {
    const KNOWN: [&str; 6] = ["utf-", "utf8", "utf16", "us-ascii", "iso-8859-", "windows-125"];
    let name = name.to_ascii_lowercase();
    KNOWN.iter().any(|known| name.starts_with(known)) || matches!(&*name, "ascii" | "latin1")
}

/// As Spring prints a media type: no space around the parameters, and the encoding that it takes
/// the request for when the type names none.
pub(crate) fn shown_type(given: &str) -> String {
    let parts: Vec<_> = given.split(';').map(str::trim).collect();
    let mut shown = parts.join(";");
    if !parts.iter().any(|part| part.to_ascii_lowercase().starts_with("charset=")) {
        shown.push_str(";charset=UTF-8");
    }
    shown
}

/// The first value of a query parameter, decoded; `None` when it is absent. A parameter without
/// `=` is empty.
pub(crate) fn query(uri: &Uri, name: &str) -> Option<String> {
    queries(uri, name).next()
}

/// All values of a query parameter, decoded.
pub(crate) fn queries(uri: &Uri, name: &str) -> impl Iterator<Item = String> {
    parameters(uri).filter(move |(key, _)| key == name).map(|(_, value)| value)
}

/// All query parameters, decoded, in the order in which they were sent.
pub(crate) fn parameters(uri: &Uri) -> impl Iterator<Item = (String, String)> {
    let pairs = uri.query().into_iter().flat_map(|query| query.split('&'));
    pairs.map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key), decode(value))
    })
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// A boolean query parameter as Spring converts it; absent is false.
///
/// # Errors
/// 400 for anything but the four spellings of either.
pub(crate) fn flag(uri: &Uri, name: &str) -> Result<bool, ApiError> {
    let Some(value) = query(uri, name) else { return Ok(false) };
    let value = value.trim().to_ascii_lowercase();
    match value.as_str() {
        "true" | "on" | "yes" | "1" => Ok(true),
        "false" | "off" | "no" | "0" => Ok(false),
        _ => Err(ApiError::bad_request("Bad Request")),
    }
}

/// A guild id in a path: a signed 64-bit integer.
///
/// # Errors
/// 400 for anything else.
pub(crate) fn guild(text: &str) -> Result<i64, ApiError> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    compact.parse().map_err(|_| ApiError::bad_request("Bad Request"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_is_gathered_up_to_the_limit() {
        let pieces = |count: usize| {
            let pieces = (0..count).map(|_| Ok::<_, std::io::Error>("ab"));
            Body::from_stream(futures::stream::iter(pieces))
        };
        assert_eq!(gather(Limited::new(pieces(3), 6)).await.unwrap(), b"ababab");
        let error = gather(Limited::new(pieces(4), 6)).await.unwrap_err();
        assert!(error.is::<LengthLimitError>(), "{error}");
    }

    #[test]
    fn parameters_are_decoded() {
        let uri: Uri = "/x?a&b=c%20d+e&b=2&identifier=http%3A%2F%2Fx".parse().unwrap();
        assert_eq!(query(&uri, "a").as_deref(), Some(""));
        assert_eq!(query(&uri, "b").as_deref(), Some("c d e"));
        assert_eq!(query(&uri, "identifier").as_deref(), Some("http://x"));
        assert_eq!(query(&uri, "z"), None);
    }

    #[test]
    fn flags_take_four_spellings_each() {
        let flag =
            |value: &str| flag(&format!("/x?noReplace={value}").parse().unwrap(), "noReplace");
        for yes in ["true", "TRUE", "on", "yes", "1"] {
            assert_eq!(flag(yes), Ok(true), "{yes}");
        }
        for no in ["false", "Off", "no", "0"] {
            assert_eq!(flag(no), Ok(false), "{no}");
        }
        for bad in ["", "maybe", "2"] {
            assert!(flag(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn guilds_are_signed_64_bit_integers() {
        assert_eq!(guild("-1"), Ok(-1));
        for bad in ["abc", "1.5", "", " ", "99999999999999999999"] {
            assert!(guild(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn media_types_have_a_type_a_subtype_and_an_encoding_that_exists() {
        for good in [
            "application/json",
            "a/b; charset=utf-8",
            "a/b;",
            "a/b;x",
            "a/b;charset=\"UTF-16\"",
            "application/vnd.x+json",
        ] {
            assert!(is_media_type(good), "{good}");
        }
        for bad in [
            "json",
            "/",
            "a/",
            "a/b/c",
            ";",
            "a b/c",
            "a/b, a/b",
            "a/b;charset=odd",
            "a/b;charset=\"x",
        ] {
            assert!(!is_media_type(bad), "{bad}");
        }
    }

    #[test]
    fn media_types_are_shown_as_spring_prints_them() {
        assert_eq!(shown_type("text/plain"), "text/plain;charset=UTF-8");
        assert_eq!(shown_type("text/plain; charset=utf-8"), "text/plain;charset=utf-8");
        assert_eq!(shown_type("application/xml"), "application/xml;charset=UTF-8");
    }
}
