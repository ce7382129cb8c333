//! Answers of HTTP/1, read byte by byte, so that nothing a server does is smoothed over.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Longest answer that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// Most headers that an answer may have.
const MOST_HEADERS: usize = 100;

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Takes the first answer out of what was read; `None` if it is not all there. `bodiless` answers
/// have no body whatever they say (HEAD), and `ended` says that nothing more comes.
///
/// # Errors
/// What is no answer, or one that broke off.
pub(crate) fn take(
    bytes: &mut Vec<u8>,
    bodiless: bool,
    ended: bool,
) -> Result<Option<Answer>, String> {
    loop {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut head = httparse::Response::new(&mut headers);
        let parsed = head.parse(bytes).map_err(|error| format!("not HTTP: {error}"))?;
        let httparse::Status::Complete(start) = parsed else { return incomplete(bytes, ended) };
        let status = head.code.unwrap_or_default();
        let headers = owned(head.headers)?;
        // 100 Continue and the like are followed by the answer itself.
        if (100..200).contains(&status) && status != 101 {
            bytes.drain(..start);
            continue;
        }
        let none = bodiless || matches!(status, 101 | 204 | 304);
        let rest = &bytes[start..];
        let body = match length(&headers)? {
            _ if none => Some((Vec::new(), 0)),
            Length::Known(length) => rest.get(..length).map(|body| (body.to_vec(), length)),
            Length::Chunked => chunks(rest)?,
            Length::ToTheEnd => ended.then(|| (rest.to_vec(), rest.len())),
        };
        let Some((body, used)) = body else { return incomplete(bytes, ended) };
        bytes.drain(..start + used);
        return Ok(Some(Answer { status, headers, body }));
    }
}

fn incomplete(bytes: &[u8], ended: bool) -> Result<Option<Answer>, String> {
    if bytes.len() > LONGEST {
        return Err(format!("the answer is longer than {LONGEST} bytes"));
    }
    if ended && !bytes.is_empty() {
        return Err(format!("the answer broke off after {} bytes", bytes.len()));
    }
    Ok(None)
}

fn owned(headers: &[httparse::Header<'_>]) -> Result<HeaderMap, String> {
    let mut map = HeaderMap::new();
    for header in headers {
        let name = HeaderName::from_bytes(header.name.as_bytes());
        let value = HeaderValue::from_bytes(header.value);
        let (Ok(name), Ok(value)) = (name, value) else {
            return Err(format!("not HTTP: the header {}", header.name));
        };
        map.append(name, value);
    }
    Ok(map)
}

/// How long a body is.
enum Length {
    Known(usize),
    Chunked,
    ToTheEnd,
}

fn length(headers: &HeaderMap) -> Result<Length, String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text("transfer-encoding").is_some_and(|it| it.eq_ignore_ascii_case("chunked")) {
        return Ok(Length::Chunked);
    }
    let Some(length) = text("content-length") else { return Ok(Length::ToTheEnd) };
    let wrong = |_| format!("not HTTP: Content-Length: {length}");
    length.parse().map(Length::Known).map_err(wrong)
}

/// The body of chunks and how many bytes they take; `None` if they are not all there.
fn chunks(bytes: &[u8]) -> Result<Option<(Vec<u8>, usize)>, String> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let size = httparse::parse_chunk_size(&bytes[at..]);
        let size = size.map_err(|_| "not HTTP: a chunk without a size".to_owned())?;
        let httparse::Status::Complete((used, size)) = size else { return Ok(None) };
        let start = at + used;
        let end = usize::try_from(size).ok().and_then(|size| start.checked_add(size));
        let Some(chunk) = end.and_then(|end| bytes.get(start..end)) else { return Ok(None) };
        body.extend(chunk);
        at = start + chunk.len();
        // The end of a chunk, and of the empty trailer after the last one.
        let Some(line) = bytes.get(at..at + 2) else { return Ok(None) };
        if line != b"\r\n" {
            return Err("not HTTP: a chunk is longer than it says".into());
        }
        at += 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, bodiless: bool, ended: bool) -> Result<Option<(u16, String)>, String> {
        let answer = take(&mut text.as_bytes().to_vec(), bodiless, ended)?;
        Ok(answer.map(|it| (it.status, String::from_utf8(it.body).unwrap())))
    }

    #[test]
    fn bodies_are_as_long_as_they_say() {
        let known = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab";
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n";
        for text in [known, chunked] {
            assert_eq!(read(text, false, false), Ok(Some((200, "ab".into()))));
            for end in 0..text.len() {
                assert_eq!(read(&text[..end], false, false), Ok(None), "{end}");
                assert!(end == 0 || read(&text[..end], false, true).is_err(), "{end}");
            }
        }
        let open = "HTTP/1.1 200 OK\r\n\r\nab";
        assert_eq!(read(open, false, false), Ok(None));
        assert_eq!(read(open, false, true), Ok(Some((200, "ab".into()))));
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(read(head, true, false), Ok(Some((200, String::new()))));
    }

    #[test]
    fn answers_follow_each_other() {
        let mut bytes = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\n".to_vec();
        let mut next = || take(&mut bytes, false, false).unwrap().map(|it| it.status);
        assert_eq!([next(), next(), next()], [Some(204), Some(400), None]);
    }

    #[test]
    fn what_is_no_http_is_refused() {
        for text in [
            "hello\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ] {
            assert!(read(text, false, false).is_err(), "{text}");
        }
    }
}
