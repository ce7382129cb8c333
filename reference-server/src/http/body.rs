//! Request bodies and parameters, checked in the order in which the real server checks them.

use std::time::Duration;

use axum::BoxError;
use axum::body::Body;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, Request, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::encoding::Encoding;
use super::media_type::MediaType;
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
    let encoding = json_type(request.headers());
    let given = request.headers().get(CONTENT_TYPE);
    let untyped = given.is_none_or(|given| given.as_bytes().trim_ascii().is_empty());
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
    let encoding = if untyped && body.is_empty() { Encoding::Utf8 } else { encoding? };
    Ok(Json::read(&encoding.decode(&body))?)
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
    json_type(headers).map(|_| ())
}

/// The encoding that a body is said to have; UTF-8 if nothing is said.
fn json_type(headers: &HeaderMap) -> Result<Encoding, ApiError> {
    let given = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let Some(given) = given.filter(|given| !given.trim().is_empty()) else {
        // Spring's word for a body without a type.
        return Err(ApiError::unsupported_media_type("application/octet-stream"));
    };
    let media_type = MediaType::read(&given).map_err(|_| ApiError::unparsable_media_type())?;
    if media_type.is_json() && !media_type.is_range() {
        Ok(media_type.charset().map_or(Encoding::Utf8, Encoding::of))
    } else {
        Err(ApiError::unsupported_media_type(&shown_type(&given)))
    }
}

/// As Spring prints a media type: no space around the parameters, and the encoding that it takes
/// the request for when the type names none.
pub(crate) fn shown_type(given: &str) -> String {
    let read = MediaType::read(given);
    read.map_or_else(|_| given.to_owned(), |read| read.or_charset("UTF-8").to_string())
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

/// A guild id in a path: a signed 64-bit integer, hexadecimal after `0x` or `#`. Blanks in it do
/// not count.
///
/// # Errors
/// 400 for anything else.
pub(crate) fn guild(text: &str) -> Result<i64, ApiError> {
    // Java has no blank that may not be broken.
    let is_blank = |c: char| c.is_whitespace() && !"\u{a0}\u{2007}\u{202f}\u{85}".contains(c);
    let compact: String = text.chars().filter(|c| !is_blank(*c)).map(ascii_digit).collect();
    let number = match hexadecimal(&compact) {
        Some((sign, digits)) if digits.chars().all(|c| c.is_ascii_hexdigit()) => {
            i64::from_str_radix(&format!("{sign}{digits}"), 16)
        }
        Some(_) => "".parse(),
        None => compact.parse(),
    };
    number.map_err(|_| ApiError::bad_request("Bad Request"))
}

/// The sign and the digits of a number that begins as a hexadecimal one.
fn hexadecimal(text: &str) -> Option<(&str, &str)> {
    let (sign, unsigned) = text.split_at(usize::from(text.starts_with('-')));
    let digits = ["0x", "0X", "#"].iter().find_map(|prefix| unsigned.strip_prefix(prefix))?;
    Some((sign, digits))
}

/// Digits of other scripts count as those of ASCII: each script has its ten in a row.
fn ascii_digit(c: char) -> char {
    /// Where the zero is: Arabic, Persian, N'Ko, Devanagari, Bengali, Thai, full width.
    const ZEROS: [u32; 7] = [0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xe50, 0xff10];
    let value = ZEROS.iter().map(|zero| u32::from(c).wrapping_sub(*zero)).find(|value| *value < 10);
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
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
        for (good, value) in [
            ("-1", -1),
            ("+1", 1),
            ("010", 10),
            (" 1 2 ", 12),
            ("0x1F", 31),
            ("-#ff", -255),
            ("-0x8000000000000000", i64::MIN),
            ("\u{ff11}\u{661}", 11),
        ] {
            assert_eq!(guild(good), Ok(value), "{good}");
        }
        for bad in [
            "abc",
            "1.5",
            "",
            " ",
            "99999999999999999999",
            "0x",
            "0x-1",
            "0x+1",
            "+0x1",
            "0x8000000000000000",
            "1\u{a0}2",
        ] {
            assert!(guild(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn media_types_are_shown_as_spring_prints_them() {
        assert_eq!(shown_type("text/plain"), "text/plain;charset=UTF-8");
        assert_eq!(shown_type("text/plain; charset=utf-8"), "text/plain;charset=utf-8");
        assert_eq!(shown_type("Application/XML"), "application/xml;charset=UTF-8");
    }
}
