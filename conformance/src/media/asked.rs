//! Requests for a part of a file.

use futures::stream;
use http::header::{CONTENT_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;

use super::body::{Body, status};

/// What a request asks for of something that long (RFC 9110, section 14): from which byte on, and up
/// to which. Units and forms that are not known are as if nothing had been asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    All,
    Bytes {
        from: u64,
        end: u64,
    },
    /// There is no such byte.
    Beyond,
}

impl Asked {
    pub(super) fn of(headers: &HeaderMap, length: u64) -> Self {
        let range = headers.get(RANGE).and_then(|range| range.to_str().ok());
        range.and_then(|range| Self::read(range, length)).unwrap_or(Self::All)
    }

    fn read(range: &str, length: u64) -> Option<Self> {
        let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
        let (from, end) = match (first, last) {
            ("", last) => (length.saturating_sub(last.parse().ok()?), length),
            (first, "") => (first.parse().ok()?, length),
            (first, last) => {
                (first.parse().ok()?, last.parse::<u64>().ok()?.saturating_add(1).min(length))
            }
        };
        let backwards = !last.is_empty() && !first.is_empty() && from >= end && from < length;
        match from < length {
            true if backwards => None,
            true => Some(Self::Bytes { from, end }),
            false => Some(Self::Beyond),
        }
    }

    /// The first byte, and the one behind the last.
    pub(super) fn bounds(self, length: u64) -> Option<(u64, u64)> {
        match self {
            Self::All => Some((0, length)),
            Self::Bytes { from, end } => Some((from, end)),
            Self::Beyond => None,
        }
    }

    /// Nothing behind the last byte, of a body that begins with the first.
    pub(super) fn cut(self, body: Body, length: u64) -> Body {
        let Self::Bytes { from, end } = self else { return body };
        if end == length {
            return body;
        }
        let next = |(mut body, left): (Body, u64)| async move {
            if left == 0 {
                return None;
            }
            match body.frame().await?.map(Frame::into_data) {
                Ok(Ok(mut bytes)) => {
                    bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                    let left = left - bytes.len() as u64;
                    Some((Ok(Frame::data(bytes)), (body, left)))
                }
                Ok(Err(_)) => None,
                Err(error) => Some((Err(error), (body, 0))),
            }
        };
        StreamBody::new(stream::unfold((body, end - from), next)).boxed_unsync()
    }

    /// What an answer has to say of it besides its length.
    pub(super) fn mark<B>(self, response: &mut Response<B>, length: u64) {
        let Self::Bytes { from, end } = self else { return };
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let shown = format!("bytes {from}-{}/{length}", end - 1);
        if let Ok(value) = HeaderValue::from_str(&shown) {
            response.headers_mut().insert(CONTENT_RANGE, value);
        }
    }
}

/// The answer to a request for bytes that are not there.
pub(super) fn beyond(length: u64) -> Response<Body> {
    let mut response = status(StatusCode::RANGE_NOT_SATISFIABLE);
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{length}")) {
        response.headers_mut().insert(CONTENT_RANGE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::super::body::whole;
    use super::*;

    fn asked(range: &str) -> Asked {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, HeaderValue::from_str(range).unwrap());
        Asked::of(&headers, 100)
    }

    #[test]
    fn ranges_are_read_as_the_rfc_has_them() {
        let bytes = |from, end| Asked::Bytes { from, end };
        assert_eq!(asked("bytes=0-"), bytes(0, 100));
        assert_eq!(asked("bytes=7-"), bytes(7, 100));
        assert_eq!(asked("bytes=0-1"), bytes(0, 2));
        assert_eq!(asked("bytes=90-400"), bytes(90, 100));
        assert_eq!(asked("bytes=-30"), bytes(70, 100));
        assert_eq!(asked("bytes=-300"), bytes(0, 100));
        for beyond in ["bytes=100-", "bytes=100-120", "bytes=-0"] {
            assert_eq!(asked(beyond), Asked::Beyond, "{beyond}");
        }
        for unknown in ["items=0-1", "bytes=5-2", "bytes=0-1,3-4", "bytes=x-", "bytes", "bytes=-"] {
            assert_eq!(asked(unknown), Asked::All, "{unknown}");
        }
        assert_eq!(Asked::of(&HeaderMap::new(), 100), Asked::All);
    }

    #[tokio::test]
    async fn an_answer_has_the_bytes_that_were_asked_for() {
        let part = asked("bytes=10-19");
        let mut response = Response::new(part.cut(whole(vec![7; 90].into()), 100));
        part.mark(&mut response, 100);
        assert_eq!(response.status(), 206);
        assert_eq!(response.headers()[CONTENT_RANGE], "bytes 10-19/100");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, vec![7; 10]);
        assert_eq!(beyond(100).headers()[CONTENT_RANGE], "bytes */100");
    }
}
