//! Requests that go out byte by byte as a scenario writes them.

use std::borrow::Cow;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connection::Connection;
use super::{Answer, Request, mask};
use crate::failure::Failure;
use crate::fuzz::wire::take_answer;
use crate::settings::Settings;
use crate::timeline::Timeline;

/// Most bytes of a request, so that a slip of the pen does not fill the memory.
const LONGEST: usize = 4 * 1024 * 1024;

/// A request as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawRequest {
    bytes: Vec<u8>,
    /// Whether the client ends its side of the connection behind it, and only listens.
    pub(crate) then_ends: bool,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    pub(crate) answer: Answer,
    /// Whether the server ended the connection after it, as it said that it would.
    pub(crate) closed: bool,
    /// What it came over.
    pub(crate) connection: Connection,
}

impl RawRequest {
    /// Reads how STEPS.md writes requests: lines end with CR and LF, the head with an empty line,
    /// which may be left out; `\xff` is a byte, `\n` the end of a line, `\\` a backslash,
    /// `\{3 ab#}` three times that text with the number of the repetition for `#`, and
    /// `\{to 8192 a}` as many of it as the head needs to have that length.
    pub(crate) fn read(text: &str) -> Result<Self, Failure> {
        let mut text = text.replace("\r\n", "\n");
        if !text.contains("\n\n") {
            text.push_str("\n\n");
        }
        let mut bytes = Vec::new();
        let mut filling = None;
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\n' => bytes.extend(b"\r\n"),
                '\\' => rest = escape(rest, &mut bytes, &mut filling)?,
                _ => bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
            if bytes.len() > LONGEST {
                return Err(Failure::harness(format!("a request of more than {LONGEST} bytes")));
            }
        }
        if let Some((at, length, unit)) = filling {
            let head =
                bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_default() + 4;
            let missing = length.checked_sub(head).filter(|count| *count <= LONGEST);
            let missing = missing
                .ok_or_else(|| Failure::harness(format!("the head has {head} bytes already")))?;
            let rest = bytes.split_off(at);
            bytes.extend(std::iter::repeat_n(unit, missing));
            bytes.extend(rest);
        }
        Ok(Self { bytes, then_ends: false })
    }

    /// Nothing more comes from the client after it.
    pub(crate) fn and_end(self) -> Self {
        Self { then_ends: true, ..self }
    }

    /// Sends it on the connection of an earlier one, or else on one of its own.
    pub(crate) async fn send(
        self,
        connection: Option<Connection>,
        settings: &Settings,
        timeline: &Timeline,
    ) -> Result<RawAnswer, Failure> {
        let request = self.described();
        let line = format!("{} {}", request.method, request.path);
        let line: String =
            mask::text(&line, settings.password.reveal()).chars().take(120).collect();
        timeline.push("http", format!("-> {line} ({} bytes as they are)", self.bytes.len()), None);
        let limit = settings.budgets.answer;
        let exchange = tokio::time::timeout(limit, self.exchange(request, connection, settings));
        let result = exchange.await.unwrap_or_else(|_| {
            Err(Failure::transport(format!("{line}: no answer within {limit:?}")))
        });
        match &result {
            Ok(raw) => {
                let ending = if raw.closed { ", closed" } else { "" };
                let body: String = raw.answer.body.chars().take(300).collect();
                let body = Some(mask::text(&body, settings.password.reveal()));
                let summary = format!("<- {}{ending} to {line}", raw.answer.status);
                timeline.push("http", summary, body.filter(|body| !body.is_empty()));
            }
            Err(failure) => timeline.push("note", failure.message.clone(), None),
        }
        result
    }

    async fn exchange(
        &self,
        request: Request,
        connection: Option<Connection>,
        settings: &Settings,
    ) -> Result<RawAnswer, Failure> {
        let broken = |what: &str| Failure::transport(format!("the raw request: {what}"));
        let unreachable = |error: &dyn std::fmt::Display| {
            Failure::unreachable(format!("the raw request: cannot connect: {error}"))
        };
        let address = settings.address().map_err(|e| unreachable(&e))?;
        let mut connection = match connection {
            Some(connection) => connection,
            None => address.connect(&settings.trust).await.map_err(|e| unreachable(&e))?,
        };
        let (mut reader, mut writer) = tokio::io::split(&mut connection);
        let bytes = self.behind(&address.prefix);
        let sending = async {
            // A server that has answered already need not read the rest.
            writer.write_all(&bytes).await.ok();
            if self.then_ends {
                writer.shutdown().await.ok();
            }
            std::future::pending::<()>().await;
        };
        let bodiless = request.method == "HEAD";
        let limit = settings.budgets.message;
        let reading = async {
            let (mut read, mut ended) = (Vec::new(), false);
            let answer = loop {
                match take_answer(&mut read, bodiless, ended) {
                    Ok(Some(answer)) => break answer,
                    Ok(None) if ended => return Err(broken("the connection ended unanswered")),
                    Ok(None) => {}
                    Err(why) => return Err(broken(&why)),
                }
                // A reset is an end too.
                ended = reader.read_buf(&mut read).await.unwrap_or_default() == 0;
            };
            let said = answer.headers.get(http::header::CONNECTION);
            let says_so = said.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
            let closed = says_so && (ended || ends(&mut reader, limit).await);
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            let (status, headers) = (answer.status, answer.headers);
            Ok((Answer { request, status, headers, body }, closed))
        };
        let (answer, closed) = tokio::select! {
            () = sending => Err(broken("nothing was read")),
            answer = reading => answer,
        }?;
        Ok(RawAnswer { answer, closed, connection })
    }

    /// The bytes with a prefix before their path, if they have one.
    fn behind(&self, prefix: &str) -> Cow<'_, [u8]> {
        match self.bytes.iter().position(|byte| *byte == b' ') {
            Some(blank) if !prefix.is_empty() && self.bytes.get(blank + 1) == Some(&b'/') => {
                let (method, rest) = self.bytes.split_at(blank + 1);
                Cow::Owned([method, prefix.as_bytes(), rest].concat())
            }
            _ => Cow::Borrowed(&self.bytes),
        }
    }

    /// For the timeline and for people who want to send it again.
    fn described(&self) -> Request {
        let text = String::from_utf8_lossy(&self.bytes);
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        let mut lines = head.split("\r\n");
        let mut line = lines.next().unwrap_or_default().splitn(2, ' ');
        let method = line.next().unwrap_or_default().to_owned();
        let rest = line.next().unwrap_or_default();
        let path = rest.rsplit_once(' ').map_or(rest, |(target, _)| target).to_owned();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Request { method, path, headers, body: None }
    }
}

/// Whether the connection ends, whatever comes before that.
async fn ends(reader: &mut (impl AsyncReadExt + Unpin), limit: Duration) -> bool {
    let mut rest = Vec::new();
    tokio::time::timeout(limit, reader.read_to_end(&mut rest)).await.is_ok()
}

/// What stands behind a backslash; gives back what follows it.
fn escape<'a>(
    text: &'a str,
    bytes: &mut Vec<u8>,
    filling: &mut Option<(usize, usize, u8)>,
) -> Result<&'a str, Failure> {
    let unknown = || {
        let shown: String = text.chars().take(12).collect();
        Failure::harness(format!("no escape of a raw request: \\{shown}"))
    };
    let kind = text.chars().next().ok_or_else(unknown)?;
    let after = &text[kind.len_utf8()..];
    match kind {
        'n' => bytes.extend(b"\r\n"),
        '\\' => bytes.push(b'\\'),
        'x' => {
            let digits = after.get(..2).ok_or_else(unknown)?;
            bytes.push(u8::from_str_radix(digits, 16).map_err(|_| unknown())?);
            return Ok(&after[2..]);
        }
        '{' => {
            let (inside, rest) = after.split_once('}').ok_or_else(unknown)?;
            let (to, inside) = match inside.strip_prefix("to ") {
                Some(inside) => (true, inside),
                None => (false, inside),
            };
            let (count, unit) = inside.split_once(' ').ok_or_else(unknown)?;
            let count: usize = count.parse().map_err(|_| unknown())?;
            if to {
                let [unit] = unit.as_bytes() else { return Err(unknown()) };
                *filling = Some((bytes.len(), count, *unit));
                return Ok(rest);
            }
            for number in 1..=count.min(LONGEST) {
                let unit = unit.replace("\\n", "\r\n").replace('#', &number.to_string());
                bytes.extend(unit.as_bytes());
            }
            return Ok(rest);
        }
        _ => return Err(unknown()),
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<u8> {
        RawRequest::read(text).unwrap().bytes
    }

    #[test]
    fn a_request_is_written_in_lines() {
        assert_eq!(read("GET / HTTP/1.1\nHost: x"), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(read("A\n\nbody\\n"), b"A\r\n\r\nbody\r\n");
        assert_eq!(read("\\xff\\\\\\n")[..4], *b"\xff\\\r\n");
        assert_eq!(read("\\{3 a#;}"), b"a1;a2;a3;\r\n\r\n");
        assert_eq!(read("\\{2 X: y\\n}Z: y"), b"X: y\r\nX: y\r\nZ: y\r\n\r\n");
        let filled = read("GET / HTTP/1.1\nX: \\{to 100 y}\n\nbody");
        assert_eq!(filled.len(), 104);
        for wrong in ["\\q", "\\x4", "\\{3", "\\{a b}", "\\{to 1 a}", "\\{to 90 ab}"] {
            assert!(RawRequest::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_prefix_stands_before_the_path() {
        let behind = |text: &str| {
            let request = RawRequest::read(text).unwrap();
            String::from_utf8(request.behind("/lavalink").into_owned()).unwrap()
        };
        assert!(behind("GET /v4/info HTTP/1.1").starts_with("GET /lavalink/v4/info HTTP/1.1"));
        for other in ["GET http://a/v4/info HTTP/1.1", "OPTIONS * HTTP/1.1", "nonsense"] {
            assert!(behind(other).starts_with(other), "{other}");
        }
    }

    #[test]
    fn a_request_is_described() {
        let request = RawRequest::read("GET /a b HTTP/1.1\nHost: x").unwrap().described();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/a b"));
        assert_eq!(request.headers, [("Host".to_owned(), "x".to_owned())]);
    }
}
