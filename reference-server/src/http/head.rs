//! What the real server's web server, Undertow, does with a request before anything else looks at
//! it: which heads it refuses, and which path a target means.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, Version};
use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode, percent_decode_str, utf8_percent_encode,
};

use super::ApiError;
use super::error_object::error_object;
use super::wire::LONGEST_HEAD;
use crate::deviations::{deviates, either};

/// Headers of a request, whatever they are.
const MOST_HEADERS: usize = 200;

/// Headers of one name.
const MOST_OF_ONE_NAME: usize = 127;

/// Parameters of a query, empty ones included.
const MOST_PARAMETERS: usize = 1000;

/// Cookies of different names.
const MOST_COOKIES: usize = 200;

/// What a path may have besides letters and digits.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The target as the client wrote it, where [`canonical`] has changed it.
#[derive(Clone, Debug)]
pub(super) struct AsSent(pub(super) Uri);

/// Whether Undertow would refuse the request without a word. `sent` is its head as it was sent, if
/// that is known.
pub(super) fn is_refused<B>(request: &Request<B>, sent: &[u8]) -> bool {
    let sent = Sent::of(request, sent);
    is_wrong_target(request.uri(), &sent)
        || is_wrong_host(request)
        || has_too_much(request, &sent)
        || has_two_lengths(request.headers(), &sent)
        || sent.has_a_wrong_name()
}

/// The answer to a refused head. The connection ends with it.
pub(super) fn refusal() -> Response {
    if deviates("LL-HTTP-200/error-object") {
        let error = ApiError::bad_request("Bad Request");
        let body = axum::Json(error_object(&error, &Uri::default(), 0));
        return (StatusCode::BAD_REQUEST, body).into_response();
    }
    let mut response = StatusCode::BAD_REQUEST.into_response();
    if !deviates("LL-HTTP-200/kept-open") {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The request with the path that its target means: parameters after `;` are left out, and what
/// need not be escaped is not. The target as it was sent is kept beside it, for errors.
pub(super) fn canonical<B>(mut request: Request<B>) -> Request<B> {
    let uri = request.uri();
    let path = uri.path();
    let merged = path.contains("//") && deviates("LL-HTTP-206/slashes-merged");
    let resolved = path.contains("/.") && deviates("LL-HTTP-206/dots-resolved");
    if !path.contains(['%', ';']) && !merged && !resolved {
        return request;
    }
    let mut segments = path.split('/').map(segment).collect::<Vec<_>>();
    if merged {
        segments.retain(|name| !name.is_empty());
        segments.insert(0, Cow::Borrowed(""));
    }
    if resolved {
        segments = resolve(segments);
    }
    let mut target = segments.join("/");
    if let Some(query) = uri.query() {
        target.push('?');
        target.push_str(query);
    }
    let Ok(target) = PathAndQuery::try_from(target) else { return request };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(target);
    let Ok(meant) = Uri::from_parts(parts) else { return request };
    let sent = std::mem::replace(request.uri_mut(), meant);
    request.extensions_mut().insert(AsSent(sent));
    request
}

fn segment(sent: &str) -> Cow<'_, str> {
    let name = match sent.split_once(';') {
        Some((name, _)) if !name.is_empty() && !deviates("LL-HTTP-203/part-of-the-path") => name,
        _ => sent,
    };
    let name = match name.to_ascii_lowercase().find("%3b") {
        Some(at) if deviates("LL-HTTP-203/escaped-too") => &name[..at],
        _ => name,
    };
    if !name.contains('%') || deviates("LL-HTTP-202/not-decoded") {
        return Cow::Borrowed(name);
    }
    let text = percent_decode_str(name).decode_utf8_lossy();
    if text.contains('/') && deviates("LL-HTTP-202/slashes-decoded") {
        return Cow::Owned(text.into_owned());
    }
    Cow::Owned(utf8_percent_encode(&text, SEGMENT).to_string())
}

/// No path is meant to be resolved.
fn resolve(segments: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    let mut resolved = Vec::new();
    for name in segments {
        match &*name {
            "." => {}
            ".." => _ = resolved.pop(),
            _ => resolved.push(name),
        }
    }
    resolved
}

/// An error of more cookies than the real server reads, which shows only when it reads them.
pub(super) fn too_many_cookies(headers: &HeaderMap) -> Option<ApiError> {
    let values = headers.get_all(http::header::COOKIE).iter();
    let cookies = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    let names = cookies.map(|cookie| cookie.split(|byte| *byte == b'=').next().unwrap_or_default());
    let mut names: Vec<_> = names.map(<[u8]>::trim_ascii).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let most = either("LL-HTTP-214/more", MOST_COOKIES, 100 * MOST_COOKIES);
    let most = either("LL-HTTP-214/fewer", most, MOST_COOKIES - 1);
    (names.len() > most).then(|| {
        let message = "UT000046: The number of cookies sent exceeded the maximum of 200";
        let error = ApiError { unexpected: true, ..ApiError::internal(message) };
        either("LL-HTTP-214/bad-request", error, ApiError::bad_request(message))
    })
}

/// A request head as it was sent.
struct Sent<'a> {
    /// The target, and what follows up to the end of the line.
    target: Option<&'a [u8]>,
    /// Everything up to the empty line; all that was kept of one that is too long.
    head: &'a [u8],
    is_too_long: bool,
}

impl<'a> Sent<'a> {
    /// Nothing, if the bytes are not those of this request.
    fn of<B>(request: &Request<B>, bytes: &'a [u8]) -> Self {
        let method = request.method().as_str().as_bytes();
        let target = bytes.strip_prefix(method).and_then(|rest| rest.strip_prefix(b" "));
        let seen = request.uri().to_string();
        let target = target.filter(|rest| rest.starts_with(seen.as_bytes()));
        let Some(target) = target else {
            return Self { target: None, head: b"", is_too_long: false };
        };
        let end = end_of_head(bytes);
        Self {
            target: target.split(|byte| *byte == b' ').next(),
            head: &bytes[..end.unwrap_or(bytes.len())],
            is_too_long: end.unwrap_or(bytes.len()) > LONGEST_HEAD,
        }
    }

    /// hyper passes over a header whose name is no name.
    fn has_a_wrong_name(&self) -> bool {
        self.names().any(|name| !name.iter().all(|byte| is_token(*byte)))
    }

    /// How many headers have this name.
    fn count(&self, name: &HeaderName) -> usize {
        let name = name.as_str().as_bytes();
        self.names().filter(|sent| sent.eq_ignore_ascii_case(name)).count()
    }

    /// The names of all headers.
    fn names(&self) -> impl Iterator<Item = &[u8]> {
        let lines = self.head.split(|byte| *byte == b'\n').skip(1);
        let lines = lines.filter(|line| !line.starts_with(b" ") && !line.starts_with(b"\t"));
        lines.map(|line| line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii())
    }
}

/// How long the head is, its empty line included.
fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let line_ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    line_ends.map(|(at, _)| at + 1).find_map(|next| match &bytes[next..] {
        [b'\n', ..] => Some(next + 1),
        [b'\r', b'\n', ..] => Some(next + 2),
        _ => None,
    })
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// What a URL has to have escaped is in it as it is, or an escape is none.
fn is_wrong_target(uri: &Uri, sent: &Sent<'_>) -> bool {
    let kept = uri.to_string();
    let target = sent.target.unwrap_or(kept.as_bytes());
    let (path, query) = match target.iter().position(|byte| *byte == b'?') {
        Some(at) => target.split_at(at),
        None => (target, &b""[..]),
    };
    let wrong = |byte: &u8| {
        !byte.is_ascii_graphic()
            || match byte {
                b'#' => !deviates("LL-HTTP-200/fragment-cut-off"),
                b'|' => !deviates("LL-HTTP-200/bar-taken"),
                b'{' | b'}' | b'\\' | b'^' | b'`' | b'"' | b'<' | b'>' => true,
                b'[' | b']' => deviates("LL-HTTP-201/brackets-refused"),
                b'\'' | b'*' => deviates("LL-HTTP-201/quotes-refused"),
                _ => false,
            }
    };
    let has_wrong = |part: &[u8]| part.iter().any(wrong) && !deviates("LL-HTTP-200/taken");
    let foreign = |part: &[u8]| !part.is_ascii() && deviates("LL-HTTP-200/utf-8-taken");
    let no_escape = |part: &[u8]| has_wrong_escape(part) && !deviates("LL-HTTP-204/taken");
    has_wrong(path) && !deviates("LL-HTTP-200/path-taken") && !foreign(path)
        || has_wrong(query) && !deviates("LL-HTTP-200/query-taken") && !foreign(query)
        || no_escape(path) && !deviates("LL-HTTP-204/path-taken")
        || no_escape(query) && !deviates("LL-HTTP-204/query-taken")
        || stands_for_no_text(query)
}

/// No escape is meant to be refused for what it stands for.
fn stands_for_no_text(query: &[u8]) -> bool {
    if !query.contains(&b'%') {
        return false;
    }
    let meant: Vec<u8> = percent_decode(query).collect();
    std::str::from_utf8(&meant).is_err() && deviates("LL-HTTP-204/only-utf-8")
        || meant.contains(&0) && deviates("LL-HTTP-204/nul-refused")
}

fn has_wrong_escape(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'%');
    parts.next();
    parts.any(|part| match part.first_chunk::<2>() {
        Some(digits) => !digits.iter().all(u8::is_ascii_hexdigit),
        None => !deviates("LL-HTTP-204/cut-short-taken"),
    })
}

fn is_wrong_host<B>(request: &Request<B>) -> bool {
    let hosts = request.headers().get_all(HOST);
    let count = hosts.iter().count();
    let empty = hosts.iter().any(|host| host.as_bytes().trim_ascii().is_empty());
    let asked = request.version() == Version::HTTP_11 || deviates("LL-HTTP-210/asked-of-1-0");
    asked && count == 0 && !deviates("LL-HTTP-210/none-taken")
        || asked && empty && count > 0 && !deviates("LL-HTTP-210/empty-taken")
        || count > 1 && !deviates("LL-HTTP-210/two-taken")
        || hosts.iter().any(is_no_host) && deviates("LL-HTTP-210/read")
}

/// What a Host says is not meant to be looked at.
fn is_no_host(host: &HeaderValue) -> bool {
    let host = host.as_bytes();
    !host.is_empty() && http::uri::Authority::try_from(host).is_err()
}

fn has_too_much<B>(request: &Request<B>, sent: &Sent<'_>) -> bool {
    let headers = request.headers();
    let longest_name = headers.keys().map(|name| headers.get_all(name).iter().count()).max();
    let most = either("LL-HTTP-212/one-less", MOST_HEADERS, MOST_HEADERS - 1);
    let most = either("LL-HTTP-212/any-number", most, 10 * most);
    let most_of_one = either("LL-HTTP-212/any-of-one-name", MOST_OF_ONE_NAME, MOST_HEADERS);
    let most_of_one = either("LL-HTTP-212/fewer-of-one-name", most_of_one, MOST_OF_ONE_NAME - 1);
    let too_long = match sent.target {
        Some(_) => sent.is_too_long,
        None => length(request) > LONGEST_HEAD,
    };
    let too_long = too_long && !deviates("LL-HTTP-211/any-length")
        || sent.head.len() == LONGEST_HEAD && deviates("LL-HTTP-211/one-less");
    let parameters = request.uri().query().map_or(0, |query| query.split('&').count());
    let most_parameters = either("LL-HTTP-205/one-less", MOST_PARAMETERS, MOST_PARAMETERS - 1);
    let most_parameters = either("LL-HTTP-205/any-number", most_parameters, usize::MAX);
    too_long
        || headers.len() > most
        || longest_name.is_some_and(|count| count > most_of_one)
        || parameters > most_parameters
}

/// How long the head is if it is written without any waste.
fn length<B>(request: &Request<B>) -> usize {
    let line = request.method().as_str().len() + request.uri().to_string().len();
    let header = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    let headers = request.headers().iter().map(|pair| header(pair) + ": \r\n".len());
    line + "  HTTP/1.1\r\n\r\n".len() + headers.sum::<usize>()
}

/// Two readers of it could disagree where the body ends. hyper makes one of two that agree.
fn has_two_lengths(headers: &HeaderMap, sent: &Sent<'_>) -> bool {
    let count = |name: HeaderName| headers.get_all(&name).iter().count().max(sent.count(&name));
    let (lengths, encodings) = (count(CONTENT_LENGTH), count(TRANSFER_ENCODING));
    lengths > 1 && !deviates("LL-HTTP-213/same-lengths-taken")
        || encodings > 1 && !deviates("LL-HTTP-213/encodings-taken")
        || lengths > 0 && encodings > 0 && !deviates("LL-HTTP-213/both-taken")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn request(target: &str) -> Request<Body> {
        Request::get(target).header(HOST, "x").body(Body::empty()).unwrap()
    }

    fn refused(sent: &[u8]) -> bool {
        let line = sent.split(|byte| *byte == b' ').nth(1).unwrap();
        let target = line.split(|byte| *byte == b'#').next().unwrap();
        is_refused(&request(std::str::from_utf8(target).unwrap()), sent)
    }

    #[test]
    fn a_target_has_its_characters_escaped() {
        for wrong in ["/a|b", "/a#b", "/a?b#c", "/a%zz", "/a%", "/?a=%4", "/?a={", "/a\\b", "/é"] {
            assert!(
                refused(format!("GET {wrong} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()),
                "{wrong}"
            );
        }
        for right in ["/a%7Cb", "/a[b]!$&'()*+,;=:@~", "/?a=/?%20", "/%ff%00"] {
            let sent = format!("GET {right} HTTP/1.1\r\nHost: x\r\n\r\n");
            assert!(!refused(sent.as_bytes()), "{right}");
        }
    }

    #[test]
    fn the_head_of_another_request_says_nothing() {
        let other = b"GET /other#x HTTP/1.1\r\nHost: x\r\nX(: y\r\n\r\n";
        assert!(!is_refused(&request("/a"), other));
        assert!(is_refused(&request("/other"), other));
    }

    #[test]
    fn names_of_headers_are_tokens() {
        let sent = |line: &str| format!("GET / HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n");
        for wrong in ["X(: y", "\"X\": y", "X y: z"] {
            assert!(refused(sent(wrong).as_bytes()), "{wrong}");
        }
        for right in ["X : y", " X: y", ": y", "X", "X: a\u{1}b"] {
            assert!(!refused(sent(right).as_bytes()), "{right}");
        }
    }

    #[test]
    fn a_head_has_so_many_bytes() {
        let sent = |length: usize| {
            let head = "GET / HTTP/1.1\r\nHost: x\r\nX: \r\n\r\n";
            head.replace("X: ", &format!("X: {}", "y".repeat(length - head.len())))
        };
        assert!(!refused(sent(LONGEST_HEAD).as_bytes()));
        assert!(refused(sent(LONGEST_HEAD + 1).as_bytes()));
        // What follows the head is not of it.
        assert!(!refused((sent(LONGEST_HEAD) + "body").as_bytes()));
    }

    #[test]
    fn the_length_of_a_body_is_told_once() {
        let sent = |lines: &str| format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
        let length = "Content-Length: 2\r\n";
        assert!(!refused(sent(length).as_bytes()));
        assert!(refused(sent(&length.repeat(2)).as_bytes()));
        let chunked = "transfer-encoding: chunked\r\n";
        assert!(refused(sent(&format!("{length}{chunked}")).as_bytes()));
    }

    #[test]
    fn paths_are_what_they_mean() {
        let path = |target: &str| canonical(request(target)).uri().to_string();
        assert_eq!(path("/v4/%69nfo?a=%69"), "/v4/info?a=%69");
        assert_eq!(path("/v4;a=b/info;c"), "/v4/info");
        assert_eq!(path("/v4%2finfo"), "/v4%2Finfo");
        assert_eq!(path("/v4/a%25b%3B"), "/v4/a%25b%3B");
        assert_eq!(path("/;x"), "/;x");
        assert_eq!(path("/a/%2e%2e/b"), "/a/../b");
        let sent = canonical(request("/%61")).extensions().get::<AsSent>().cloned();
        assert_eq!(sent.unwrap().0, "/%61");
        assert!(canonical(request("/a")).extensions().get::<AsSent>().is_none());
    }
}
