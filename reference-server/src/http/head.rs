//! What the real server's web server, Undertow, does with a request before anything else looks at
//! it: which heads it refuses, and which path a target means.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, LOCATION, TRANSFER_ENCODING};
use http::uri::PathAndQuery;
use http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, Version,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::wire::LONGEST_HEAD;
use crate::error::ApiError;

/// How much of everything a head may have, as Undertow limits it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Bytes, the empty line included.
    pub(crate) bytes: usize,
    /// Headers, whatever they are.
    pub(crate) headers: usize,
    /// Headers of one name.
    pub(crate) of_one_name: usize,
    /// Parameters of a query, empty ones included.
    pub(crate) parameters: usize,
}

impl Limits {
    /// Those of the real server.
    pub(crate) const REAL: Self =
        Self { bytes: LONGEST_HEAD, headers: 200, of_one_name: 127, parameters: 1000 };
}

/// Cookies of different names that a request may have.
pub(crate) const MOST_COOKIES: usize = 200;

/// What a path may have besides letters and digits.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The target as the client wrote it, where [`canonical`] has changed it.
#[derive(Clone, Debug)]
pub(crate) struct AsSent(pub(crate) Uri);

/// The target of a request as its client wrote it; errors show that.
pub(crate) fn as_sent(uri: &Uri, extensions: &Extensions) -> Uri {
    extensions.get::<AsSent>().map_or_else(|| uri.clone(), |sent| sent.0.clone())
}

/// Whether Undertow would refuse the request without a word. `sent` is its head as it was sent, if
/// that is known.
pub(crate) fn is_refused<B>(request: &Request<B>, sent: &[u8], limits: &Limits) -> bool {
    let sent = Sent::of(request, sent, limits);
    is_wrong_target(request.uri(), &sent)
        || is_wrong_host(request)
        || has_too_much(request, &sent, limits)
        || has_two_lengths(request.headers(), &sent)
        || sent.has_a_wrong_name()
}

/// The answer to a refused head. The connection ends with it.
pub(crate) fn refusal() -> Response {
    (StatusCode::BAD_REQUEST, [(CONNECTION, HeaderValue::from_static("close"))]).into_response()
}

/// The request with the path that its target means: parameters after `;` are left out, and what
/// need not be escaped is not. The target as it was sent is kept beside it, for errors.
pub(super) fn canonical<B>(mut request: Request<B>) -> Request<B> {
    let uri = request.uri();
    let path = uri.path();
    if !path.contains(['%', ';']) {
        return request;
    }
    let segments = path.split('/').map(segment).collect::<Vec<_>>();
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
    request.extensions_mut().get_or_insert_with(|| AsSent(sent));
    request
}

/// Where a path that means the root and ends with a dot is sent: Undertow takes it for a folder that
/// lacks its slash.
pub(super) fn redirection<B>(request: &Request<B>) -> Option<Response> {
    let path = percent_decode_str(request.uri().path()).decode_utf8().ok()?;
    if !path.ends_with('.') || !path.split('/').all(|part| matches!(part, "" | ".")) {
        return None;
    }
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let query = request.uri().query().filter(|query| !query.is_empty());
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let status = match *request.method() {
        Method::GET | Method::HEAD => StatusCode::FOUND,
        _ => StatusCode::TEMPORARY_REDIRECT,
    };
    Some((status, [(LOCATION, format!("http://{host}{path}/{query}"))]).into_response())
}

/// Whether a path has a part without a name, which no endpoint has: empty, or only parameters.
pub(crate) fn has_nameless_part(path: &str) -> bool {
    path != "/" && path.split('/').skip(1).any(|part| part.is_empty() || part.starts_with(';'))
}

/// A segment without its parameters, with nothing escaped that need not be.
fn segment(sent: &str) -> Cow<'_, str> {
    let name = match sent.split_once(';') {
        Some((name, _)) if !name.is_empty() => name,
        _ => sent,
    };
    if !name.contains('%') {
        return Cow::Borrowed(name);
    }
    let text = percent_decode_str(name).decode_utf8_lossy();
    Cow::Owned(utf8_percent_encode(&text, SEGMENT).to_string())
}

/// The number of cookies of different names.
pub(crate) fn count_cookies(headers: &HeaderMap) -> usize {
    let values = headers.get_all(http::header::COOKIE).iter();
    let cookies = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    let names = cookies.map(|cookie| cookie.split(|byte| *byte == b'=').next().unwrap_or_default());
    let mut names: Vec<_> = names.map(<[u8]>::trim_ascii).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

/// 500 for more than [`MOST_COOKIES`].
pub(crate) fn too_many_cookies() -> ApiError {
    let message = "UT000046: The number of cookies sent exceeded the maximum of 200";
    ApiError { unexpected: true, ..ApiError::internal(message) }
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
    fn of<B>(request: &Request<B>, bytes: &'a [u8], limits: &Limits) -> Self {
        let method = request.method().as_str().as_bytes();
        let target = bytes.strip_prefix(method).and_then(|rest| rest.strip_prefix(b" "));
        let seen = text(request.uri());
        let target = target.filter(|rest| rest.starts_with(seen.as_bytes()));
        let Some(target) = target else {
            return Self { target: None, head: b"", is_too_long: false };
        };
        let end = end_of_head(bytes);
        Self {
            target: target.split(|byte| *byte == b' ').next(),
            head: &bytes[..end.unwrap_or(bytes.len())],
            is_too_long: end.unwrap_or(bytes.len()) > limits.bytes,
        }
    }

    /// hyper passes over a header whose name is no name. Blanks in it are fine.
    fn has_a_wrong_name(&self) -> bool {
        self.names().any(|name| !name.iter().all(|byte| is_token(*byte) || *byte == b' '))
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

/// A target as a text, without copying what nearly all of them are.
fn text(uri: &Uri) -> Cow<'_, str> {
    match uri.path_and_query() {
        Some(path) if uri.authority().is_none() && path.as_str().starts_with('/') => {
            Cow::Borrowed(path.as_str())
        }
        _ => Cow::Owned(uri.to_string()),
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

/// Whether a target has something in it as it is that a URL has to escape, or an escape that is none.
fn is_wrong_target(uri: &Uri, sent: &Sent<'_>) -> bool {
    let kept = text(uri);
    let target = sent.target.unwrap_or(kept.as_bytes());
    let (path, query) = match target.iter().position(|byte| *byte == b'?') {
        Some(at) => target.split_at(at),
        None => (target, &b""[..]),
    };
    let wrong = |byte: &u8| !byte.is_ascii_graphic() || b"#|{}\\^`\"<>".contains(byte);
    [path, query].into_iter().any(|part| part.iter().any(wrong) || has_wrong_escape(part))
}

fn has_wrong_escape(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'%');
    parts.next();
    parts.any(|part| match part.first_chunk::<2>() {
        Some(digits) => !digits.iter().all(u8::is_ascii_hexdigit),
        None => true,
    })
}

fn is_wrong_host<B>(request: &Request<B>) -> bool {
    let hosts = request.headers().get_all(HOST);
    let count = hosts.iter().count();
    let empty = hosts.iter().any(|host| host.as_bytes().trim_ascii().is_empty());
    count > 1 || request.version() == Version::HTTP_11 && (count == 0 || empty)
}

fn has_too_much<B>(request: &Request<B>, sent: &Sent<'_>, limits: &Limits) -> bool {
    let headers = request.headers();
    let of_one_name = headers.keys().map(|name| headers.get_all(name).iter().count()).max();
    let is_too_long = match sent.target {
        Some(_) => sent.is_too_long,
        None => length(request) > limits.bytes,
    };
    let parameters = request.uri().query().map_or(0, |query| query.split('&').count());
    is_too_long
        || headers.len() > limits.headers
        || of_one_name.is_some_and(|count| count > limits.of_one_name)
        || parameters > limits.parameters
}

/// The length of the head if it is written without any waste.
fn length<B>(request: &Request<B>) -> usize {
    let line = request.method().as_str().len() + text(request.uri()).len();
    let header = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    let headers = request.headers().iter().map(|pair| header(pair) + ": \r\n".len());
    line + "  HTTP/1.1\r\n\r\n".len() + headers.sum::<usize>()
}

/// Two readers of it could disagree where the body ends. hyper makes one of two that agree.
fn has_two_lengths(headers: &HeaderMap, sent: &Sent<'_>) -> bool {
    let count = |name: HeaderName| headers.get_all(&name).iter().count().max(sent.count(&name));
    let (lengths, encodings) = (count(CONTENT_LENGTH), count(TRANSFER_ENCODING));
    lengths > 1 || encodings > 1 || lengths > 0 && encodings > 0
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
        is_refused(&request(std::str::from_utf8(target).unwrap()), sent, &Limits::REAL)
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
        assert!(!is_refused(&request("/a"), other, &Limits::REAL));
        assert!(is_refused(&request("/other"), other, &Limits::REAL));
    }

    #[test]
    fn names_of_headers_are_tokens() {
        let sent = |line: &str| format!("GET / HTTP/1.1\r\nHost: x\r\n{line}\r\n\r\n");
        for wrong in ["X(: y", "\"X\": y", "X\u{1}: y", "X/: y"] {
            assert!(refused(sent(wrong).as_bytes()), "{wrong}");
        }
        for right in ["X : y", "X y: z", " X: y", ": y", "X", "X: a\u{1}b"] {
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
    fn a_dot_at_the_root_is_a_folder() {
        let sent_on = |target: &str| {
            let answer = redirection(&request(target))?;
            let location = answer.headers()[LOCATION].to_str().unwrap().to_owned();
            Some((answer.status().as_u16(), location))
        };
        for (target, location) in
            [("/.", "http://x/./"), ("/%2e?a=b", "http://x/./?a=b"), ("//./.", "http://x//././")]
        {
            assert_eq!(sent_on(target), Some((302, location.to_owned())), "{target}");
        }
        for target in ["/", "//", "/..", "/./", "/v4/.", "/a/../.", "/;/.;", "/.;a"] {
            assert_eq!(sent_on(target), None, "{target}");
        }
    }

    #[test]
    fn every_part_of_an_endpoint_has_a_name() {
        for path in ["/v4/sessions//players", "/v4/sessions/;x/players", "/v4/info/", "//"] {
            assert!(has_nameless_part(path), "{path}");
        }
        for path in ["/", "/v4/sessions/x/players", "/v4/sessions/%3B/players"] {
            assert!(!has_nameless_part(path), "{path}");
        }
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
