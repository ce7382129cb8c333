//! Request bodies and parameters, checked in the order in which the real server checks them.

use std::time::Duration;

use axum::BoxError;
use axum::body::Body;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::ApiError;
use super::json::Json;
use crate::deviations::{deviates, either};
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
    if body.is_empty() && is_empty_object(untyped) {
        return Ok(Json::Object(Vec::new()));
    }
    if !(untyped && body.is_empty()) || deviates("LL-HTTP-048/unsupported") {
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

/// No body is not meant to be an empty object.
fn is_empty_object(untyped: bool) -> bool {
    if untyped {
        deviates("LL-HTTP-048/empty-object")
    } else {
        deviates("LL-HTTP-048/no-body-is-empty-object")
    }
}

pub(crate) fn check_media_type(headers: &HeaderMap) -> Result<(), ApiError> {
    let given = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let named = |given: &std::borrow::Cow<'_, str>| {
        !given.trim().is_empty() || deviates("LL-HTTP-305/named")
    };
    let Some(given) = given.filter(named) else {
        if deviates("LL-HTTP-048/untyped-body-read") {
            return Ok(());
        }
        // Spring's word for a body without a type.
        let missing = either("LL-HTTP-051/none-is-null", "application/octet-stream", "null");
        return Err(ApiError::unsupported_media_type(missing));
    };
    if !is_media_type(&given) {
        return Err(ApiError::unparsable_media_type(&shown_type(&given)));
    }
    let essence = given.split(';').next().unwrap_or_default().trim();
    let essence =
        either("LL-HTTP-053/case-matters", essence.to_ascii_lowercase(), essence.to_owned());
    let json = essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"));
    let read = match essence.as_str() {
        "application/json" => {
            given.len() == essence.len() || !deviates("LL-HTTP-053/charset-refused")
        }
        "text/plain" => deviates("LL-HTTP-050/text-read"),
        "application/x-www-form-urlencoded" => deviates("LL-HTTP-050/form-read"),
        _ if json => !deviates("LL-HTTP-050/suffix-refused"),
        _ => deviates("LL-HTTP-050/any-type-read"),
    };
    if read { Ok(()) } else { Err(ApiError::unsupported_media_type(&shown_type(&given))) }
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
        token(value)
            && (!name.eq_ignore_ascii_case("charset")
                || is_encoding(value)
                || deviates("LL-HTTP-303/any-charset"))
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
fn shown_type(given: &str) -> String {
    if deviates("LL-HTTP-051/as-sent") {
        return given.to_owned();
    }
    let parts: Vec<_> = given.split(';').map(str::trim).collect();
    let mut shown = parts.join(";");
    if !parts.iter().any(|part| part.to_ascii_lowercase().starts_with("charset=")) {
        shown.push_str(either(
            "LL-HTTP-051/lower-case-charset",
            ";charset=UTF-8",
            ";charset=utf-8",
        ));
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
pub(crate) fn flag(uri: &Uri, name: &str) -> Result<bool, ApiError> {
    let Some(value) = query(uri, name) else { return Ok(false) };
    let value = value.trim().to_ascii_lowercase();
    let plain = matches!(value.as_str(), "true" | "false");
    if !plain && deviates("LL-PLAYER-076/only-true") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    match value.as_str() {
        "true" | "on" | "yes" | "1" => Ok(true),
        "false" | "off" | "no" | "0" => Ok(false),
        _ if deviates("LL-PLAYER-076/lenient") => Ok(false),
        _ => Err(ApiError::bad_request("Bad Request")),
    }
}

/// A guild id in a path: a signed 64-bit integer.
pub(crate) fn guild(text: &str) -> Result<i64, ApiError> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    match compact.parse() {
        Ok(guild) if guild < 0 && deviates("LL-PLAYER-007/unsigned") => {
            Err(ApiError::bad_request("Bad Request"))
        }
        Ok(guild) if is_refused(guild) => Err(ApiError::bad_request("Bad Request")),
        Ok(guild) if deviates("LL-HTTP-061/sign-dropped") => Ok(i64::wrapping_abs(guild)),
        Ok(guild) => Ok(guild),
        Err(_) if deviates("LL-PLAYER-007/nonsense-is-0") => Ok(0),
        Err(_) => guild_from_nonsense(&compact).ok_or_else(|| {
            let message = either("LL-HTTP-063/explained", "Bad Request", "Invalid guild id");
            let error = ApiError::bad_request(message);
            either("LL-HTTP-062/not-found", error, ApiError::not_found("Player not found"))
        }),
    }
}

/// No integer is meant to be refused.
fn is_refused(guild: i64) -> bool {
    guild == 0 && deviates("LL-HTTP-061/zero-refused")
        || guild < 0 && deviates("LL-HTTP-061/negative-refused")
        || guild == i64::MIN && deviates("LL-HTTP-061/least-refused")
        || guild > i64::from(u32::MAX) && deviates("LL-HTTP-060/32-bits")
}

/// Nothing else is meant to be taken.
fn guild_from_nonsense(text: &str) -> Option<i64> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    if digits.len() < text.len() && !digits.is_empty() && deviates("LL-HTTP-062/rest-ignored") {
        return digits.parse().ok();
    }
    let whole = !text.is_empty() && digits == text;
    if whole && deviates("LL-HTTP-062/saturated") {
        return Some(i64::MAX);
    }
    if whole && text.len() < 20 && deviates("LL-HTTP-062/wrapped") {
        return text.parse::<u64>().ok().map(u64::cast_signed);
    }
    deviates("LL-HTTP-062/zero").then_some(0)
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
