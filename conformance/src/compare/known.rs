//! Differences that are known: what the real server does by mistake, or what its framework does
//! beyond the protocol, and a server need not do. They are counted, and not told one by one
//! (docs/observed/compared.md#what-was-left).

use super::difference::Difference;
use crate::fuzz::{
    Request, Seen, Step, Wire, breaks_framework, is_nested_beyond_measure, keeps_broken_json,
};

/// An exchange with each of two servers.
pub(super) struct Exchanges<'a> {
    /// The steps of the case that it is part of.
    pub(super) steps: &'a [Step],
    pub(super) first: &'a Seen,
    pub(super) second: &'a Seen,
}

impl Exchanges<'_> {
    /// Whether a difference between them is known.
    pub(super) fn is_known(&self, difference: &Difference) -> bool {
        match &*difference.about {
            // An error that nobody expected comes without the version of the API.
            "header lavalink-api-version" if self.statuses() == [Some(500); 2] => true,
            // Of two things that are wrong with a frame either may be told, its length among them.
            // One that never ends may be judged by how it begins.
            "socket" => {
                is_protocol_error(&difference.first) && is_protocol_error(&difference.second)
                    || self.steps.iter().any(ends_within_frame)
            }
            // How soon a lost connection is noticed.
            "header session-resumed" if self.has_left() => true,
            "status" => self.is_known_status() || self.is_refused_unread(),
            // The same refusal, with and without words.
            _ => {
                self.statuses() == [Some(500); 2] && breaks_framework(&self.first.request)
                    || self.is_refused_unread()
            }
        }
    }

    fn is_known_status(&self) -> bool {
        let request = &self.first.request;
        self.one_has(is_server_error) && breaks_framework(request)
            || self.one_has(is_success) && is_nested_beyond_measure(request)
            || self.one_has(|status| status == 101)
                && (has_user_of_no_number(request) || request.version != "HTTP/1.1")
            || self.one_has(|status| status == 200) && request.method == b"TRACE"
            || self.one_has(|status| status == 400)
                && (keeps_broken_json(request) || has_own_framing(request))
            || self.one_has(|status| status == 404) && self.has_left()
            || self.one_has(|status| status == 413) && is_large(request)
            || is_folded(request)
    }

    /// Whether the client has dropped the connection of its session on the way.
    fn has_left(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Leave))
    }

    fn seen(&self) -> [&Seen; 2] {
        [self.first, self.second]
    }

    fn statuses(&self) -> [Option<u16>; 2] {
        self.seen().map(status)
    }

    fn one_has(&self, wanted: impl Fn(u16) -> bool) -> bool {
        self.statuses().into_iter().flatten().any(wanted)
    }

    /// Whether one server refused without reading it what is not quite HTTP, and the other did read
    /// it.
    fn is_refused_unread(&self) -> bool {
        let refused = |seen: &&Seen| match &seen.outcome {
            Wire::Answered(answer) => {
                answer.status == 400
                    && answer.body.is_empty()
                    && answer.headers.get("lavalink-api-version").is_none()
            }
            _ => false,
        };
        self.seen().iter().filter(|seen| refused(seen)).count() == 1
            && is_not_quite_http(&self.first.request)
    }
}

fn status(seen: &Seen) -> Option<u16> {
    match &seen.outcome {
        Wire::Answered(answer) => Some(answer.status),
        _ => None,
    }
}

fn is_server_error(status: u16) -> bool {
    (500..600).contains(&status)
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Whether HTTP forbids it and Undertow reads it: something before the request line, a target that
/// is no path, another version or transfer coding, a header without a name.
fn is_not_quite_http(request: &Request) -> bool {
    !request.sound
        && (!request.before.is_empty()
            || !request.target.starts_with(b"/")
            || request.version != "HTTP/1.1"
            || request.header("Transfer-Encoding").any(|coding| coding != b"chunked")
            || request.headers.iter().any(|(name, _)| name.trim_ascii().is_empty()))
}

/// Whether the length of a body is told in a way that servers read in different ways.
fn has_own_framing(request: &Request) -> bool {
    !request.sound && request.header("Transfer-Encoding").next().is_some()
}

/// Whether the last frame of a socket is not all there.
fn ends_within_frame(step: &Step) -> bool {
    let Step::Socket(script) = step else { return false };
    let bytes = script.frames.concat();
    let mut rest = bytes.as_slice();
    while let [_, length, ..] = rest {
        let (digits, short) = match length & 0x7f {
            126 => (2, 0),
            127 => (8, 0),
            short => (0, u64::from(short)),
        };
        let long = rest.iter().skip(2).take(digits);
        let long = long.fold(0_u64, |long, digit| long << 8 | u64::from(*digit));
        let mask = if length & 0x80 == 0 { 0 } else { 4 };
        let whole = (2 + digits as u64 + mask).saturating_add(short.max(long));
        let Some(after) = usize::try_from(whole).ok().and_then(|whole| rest.get(whole..)) else {
            return true;
        };
        rest = after;
    }
    !rest.is_empty()
}

/// Whether a body is longer than any client sends; the real server knows no limit.
fn is_large(request: &Request) -> bool {
    request.body.as_ref().is_some_and(|body| body.len() > 4 << 20)
}

/// Whether a header goes on in the next line, which HTTP forbids by now.
fn is_folded(request: &Request) -> bool {
    let goes_on =
        |(name, _): &(String, Vec<u8>)| name.starts_with([' ', '\t']) || name.contains("\n ");
    !request.sound && request.headers.iter().any(goes_on)
}

fn is_protocol_error(end: &str) -> bool {
    matches!(end, "closed with 1002" | "closed with 1007" | "closed with 1009")
}

/// Whether a handshake names a user that is no 64-bit integer: 101 and then 1011, by mistake.
fn has_user_of_no_number(request: &Request) -> bool {
    let user = request.header("User-Id").next().map(<[u8]>::trim_ascii);
    let number = |user| std::str::from_utf8(user).is_ok_and(|user| user.parse::<i64>().is_ok());
    user.is_some_and(|user| !user.is_empty() && !number(user))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::fuzz::wire::Answer;
    use crate::fuzz::{End, Script};

    fn seen(request: &Request, status: u16) -> Seen {
        let answer = Answer { status, headers: HeaderMap::new(), body: Vec::new() };
        Seen { request: request.clone(), outcome: Wire::Answered(answer), closed: None, curl: None }
    }

    fn known(request: &Request, about: &str, first: u16, second: u16) -> bool {
        let (first, second) = (seen(request, first), seen(request, second));
        let difference = Difference::new(about, "x", "y");
        Exchanges { steps: &[], first: &first, second: &second }.is_known(&difference)
    }

    #[test]
    fn a_frame_that_never_ends_is_seen() {
        let socket = |frames: &[&[u8]]| {
            let frames = frames.iter().map(|frame| frame.to_vec()).collect();
            let handshake = Request::new("GET", "/v4/websocket");
            Step::Socket(Script { handshake, frames, legal: false, end: End::Silence })
        };
        for whole in [&[&b"\x81\x81\0\0\0\0x"[..], b"\x89\0"][..], &[b"\x82\x7e\0\x01x"], &[]] {
            assert!(!ends_within_frame(&socket(whole)), "{whole:?}");
        }
        for cut in [
            &[&b"\x89\0"[..], b"\x81"][..],
            &[b"\x81\x82\0\0\0\0x"],
            &[b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0x"],
            &[b"\x81\xff\xff\xff"],
        ] {
            assert!(ends_within_frame(&socket(cut)), "{cut:?}");
        }
        assert!(!ends_within_frame(&Step::Leave));
    }

    #[test]
    fn defects_of_the_framework_are_known_and_others_are_not() {
        let plain = Request::new("PATCH", "/v4/sessions/x").with_json("{}".to_owned());
        assert!(!known(&plain, "status", 500, 400));
        let with = |name: &str, value: &str| {
            let mut request = plain.clone();
            request.headers.push((name.to_owned(), value.as_bytes().to_vec()));
            request
        };
        let multipart = with("Content-Type", "multipart/form-data; boundary=x");
        assert!(known(&multipart, "status", 415, 500));
        assert!(!known(&multipart, "status", 415, 200));
        assert!(known(&multipart, "body", 500, 500));
        assert!(!known(&plain, "body", 500, 500));
        let large = plain.clone().with_json("0".repeat((4 << 20) + 1));
        assert!(known(&large, "status", 413, 400) && !known(&large, "status", 200, 400));
        assert!(!known(&plain, "status", 413, 400));
        let player = Request::new("PATCH", "/v4/sessions/x/players/1");
        let odd = player.clone().with_json(r#"{"track":{"userData":{"a":1e400}}}"#.to_owned());
        assert!(known(&odd, "status", 400, 500) && known(&odd, "status", 400, 200));
        let sound = player.with_json(r#"{"track":{"userData":{"a":1e300}}}"#.to_owned());
        assert!(!known(&sound, "status", 400, 200));
        assert!(known(&with("User-Id", "1.5"), "status", 101, 400));
        assert!(!known(&with("User-Id", "+5"), "status", 101, 400));
        assert!(!known(&with("User-Id", ""), "status", 101, 400));
    }

    #[test]
    fn the_version_may_be_missing_only_from_an_unexpected_error() {
        let request = Request::new("GET", "/v4/decodetrack");
        assert!(known(&request, "header lavalink-api-version", 500, 500));
        assert!(!known(&request, "header lavalink-api-version", 200, 200));
        assert!(!known(&request, "header content-type", 500, 500));
    }

    #[test]
    fn what_is_not_quite_http_may_be_refused() {
        let mut request = Request::new("GET", "/version");
        assert!(!known(&request, "status", 400, 200));
        request.sound = false;
        assert!(!known(&request, "status", 400, 200));
        request.before = b" ".to_vec();
        assert!(known(&request, "status", 400, 200));
        assert!(!known(&request, "status", 404, 200));
        assert!(!known(&request, "status", 400, 400));
    }
}
