//! What a client does in one case, before it is known where the server is.

use serde_json::json;

use crate::track;

/// What a client does, from its first connection to its last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    /// Its number within the seed, from 0.
    pub(crate) number: u64,
    /// What it is about.
    pub(crate) kind: Kind,
    /// Whether a session is opened for it first.
    pub(crate) session: bool,
    /// What follows, one after the other.
    pub(crate) steps: Vec<Step>,
}

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Valid updates of players, in chains.
    Players,
    /// Bodies that are not quite right.
    Bodies,
    /// Encoded tracks, whole and broken.
    Tracks,
    /// Identifiers of `loadtracks`.
    Loading,
    /// Headers of requests.
    Headers,
    /// Paths, methods and queries.
    Paths,
    /// What is not quite HTTP, and clients that are slow or break off.
    Wire,
    /// WebSocket handshakes.
    Handshakes,
    /// WebSocket frames.
    Frames,
    /// Sessions that are left and resumed.
    Resuming,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 10] = [
        Self::Players,
        Self::Bodies,
        Self::Tracks,
        Self::Loading,
        Self::Headers,
        Self::Paths,
        Self::Wire,
        Self::Handshakes,
        Self::Frames,
        Self::Resuming,
    ];

    /// For people and reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Players => "players",
            Self::Bodies => "bodies",
            Self::Tracks => "tracks",
            Self::Loading => "loading",
            Self::Headers => "headers",
            Self::Paths => "paths",
            Self::Wire => "wire",
            Self::Handshakes => "handshakes",
            Self::Frames => "frames",
            Self::Resuming => "resuming",
        }
    }
}

/// One thing that the client does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Sends a request on a connection of its own, and reads what comes.
    Request(Request),
    /// Opens a WebSocket of its own, sends frames, and ends it.
    Socket(Script),
    /// Drops the connection of the session.
    Leave,
}

/// A request, well-formed or not. Its parts may hold [`Places`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Sent before the request line.
    pub(crate) before: Vec<u8>,
    /// Usually GET or the like.
    pub(crate) method: Vec<u8>,
    /// Path and query.
    pub(crate) target: Vec<u8>,
    /// Usually HTTP/1.1.
    pub(crate) version: &'static str,
    /// `Host` and `Content-Length` are added if they are not among them.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// Without one no length is sent.
    pub(crate) body: Option<Vec<u8>>,
    /// Sends the body in chunks of so many bytes.
    pub(crate) chunks: Option<usize>,
    /// How the bytes leave.
    pub(crate) delivery: Delivery,
    /// How often it is sent on one connection, without waiting for answers.
    pub(crate) copies: usize,
    /// Whether it is HTTP as it should be and within what servers usually take, so that its answer
    /// is held to everything.
    pub(crate) sound: bool,
}

/// How the bytes of a request leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// All at once.
    Whole,
    /// In so many pieces, with a pause of so many milliseconds after each.
    Pieces(usize, u64),
    /// So many thousandths of it, then nothing more is sent.
    Half(usize),
    /// So many thousandths of it, then the connection is reset.
    Dropped(usize),
}

/// A WebSocket: its handshake, its frames, its end. Header values may hold [`Places`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The handshake.
    pub(crate) handshake: Request,
    /// Bytes of frames, sent as they are.
    pub(crate) frames: Vec<Vec<u8>>,
    /// Whether all of that is what a client may send, so that the socket has to stay open.
    pub(crate) legal: bool,
    /// How it ends.
    pub(crate) end: End,
}

/// How a client ends a WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A close frame.
    Close,
    /// No more bytes, but it still reads.
    Silence,
    /// The connection is reset.
    Reset,
}

impl Request {
    /// A sound one with the right password.
    pub(crate) fn new(method: &str, target: impl Into<Vec<u8>>) -> Self {
        Self {
            before: Vec::new(),
            method: method.into(),
            target: target.into(),
            version: "HTTP/1.1",
            headers: vec![("Authorization".into(), Places::PASSWORD.into())],
            body: None,
            chunks: None,
            delivery: Delivery::Whole,
            copies: 1,
            sound: true,
        }
    }

    /// With a JSON body.
    pub(crate) fn with_json(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.headers.push(("Content-Type".into(), b"application/json".to_vec()));
        self.body = Some(body.into());
        self
    }

    /// The values of a header, however its name is written.
    pub(crate) fn header(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = move |given: &str| given.eq_ignore_ascii_case(name);
        self.headers.iter().filter(move |(n, _)| named(n)).map(|(_, value)| value.as_slice())
    }

    /// With everything put into its places.
    pub(crate) fn fill(&self, places: &Places) -> Self {
        let fill = |bytes: &Vec<u8>| places.fill(bytes);
        Self {
            target: fill(&self.target),
            headers: self.headers.iter().map(|(n, value)| (n.clone(), fill(value))).collect(),
            body: self.body.as_ref().map(fill),
            ..self.clone()
        }
    }

    /// The bytes of one copy, once it is filled.
    pub(crate) fn bytes(&self, authority: &str) -> Vec<u8> {
        let mut bytes = self.before.clone();
        bytes.extend(&self.method);
        bytes.push(b' ');
        bytes.extend(&self.target);
        bytes.extend(format!(" {}\r\n", self.version).as_bytes());
        if self.header("Host").next().is_none() {
            bytes.extend(format!("Host: {authority}\r\n").as_bytes());
        }
        for (name, value) in &self.headers {
            bytes.extend(name.as_bytes());
            bytes.extend(b": ");
            bytes.extend(value);
            bytes.extend(b"\r\n");
        }
        let body = self.body.as_deref().unwrap_or_default();
        let framed = ["Content-Length", "Transfer-Encoding"];
        if let Some(size) = self.chunks {
            bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            for chunk in body.chunks(size) {
                bytes.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
                bytes.extend(chunk);
                bytes.extend(b"\r\n");
            }
            bytes.extend(b"0\r\n\r\n");
            return bytes;
        }
        if self.body.is_some() && framed.iter().all(|name| self.header(name).next().is_none()) {
            bytes.extend(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        bytes
    }
}

/// What is known only when a case runs, and the marks in a case that stand for it.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// Host and port of the server.
    pub(crate) authority: String,
    /// Its password.
    pub(crate) password: String,
    /// Where the runner's media server listens.
    pub(crate) media: String,
    /// The id of the case's session; empty without one.
    pub(crate) session: String,
}

impl Places {
    /// Stands for the password.
    pub(crate) const PASSWORD: &str = "@PASSWORD@";
    /// Stands for the id of the session.
    pub(crate) const SESSION: &str = "@SESSION@";
    /// Stands for the address of the media server.
    pub(crate) const MEDIA: &str = "@MEDIA@";
    /// Stands for the address of the server itself.
    pub(crate) const TARGET: &str = "@TARGET@";
    /// Stands for an encoded track that can be played.
    pub(crate) const TRACK: &str = "@TRACK@";

    /// Puts everything into its place.
    pub(crate) fn fill(&self, bytes: &[u8]) -> Vec<u8> {
        let mut filled = bytes.to_vec();
        if !bytes.contains(&b'@') {
            return filled;
        }
        let target = format!("http://{}", self.authority);
        for (mark, text) in [
            (Self::PASSWORD, self.password.as_str()),
            (Self::SESSION, &self.session),
            (Self::MEDIA, &self.media),
            (Self::TARGET, &target),
            (Self::TRACK, &self.track()),
        ] {
            filled = replace(&filled, mark.as_bytes(), text.as_bytes());
        }
        filled
    }

    /// A track of the media server.
    fn track(&self) -> String {
        let url = format!("{}/tone-30s.wav", self.media);
        let fields = json!({"identifier": url, "uri": url});
        // These fields are what a track has.
        track::write(&fields).unwrap_or_default()
    }
}

fn replace(bytes: &[u8], mark: &[u8], text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.windows(mark.len()).position(|window| window == mark) {
        out.extend(&rest[..at]);
        out.extend(text);
        rest = &rest[at + mark.len()..];
    }
    out.extend(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places {
            authority: "127.0.0.1:1".into(),
            password: "pw".into(),
            media: "http://127.0.0.1:2".into(),
            session: "abc".into(),
        }
    }

    #[test]
    fn a_request_is_filled_and_framed() {
        let request = Request::new("PATCH", "/v4/sessions/@SESSION@").with_json("{\"a\":1}");
        let bytes = request.fill(&places()).bytes("127.0.0.1:1");
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "PATCH /v4/sessions/abc HTTP/1.1\r\nHost: 127.0.0.1:1\r\nAuthorization: pw\r\n\
             Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
        );
    }

    #[test]
    fn chunks_hold_what_was_filled_in() {
        let request = Request {
            chunks: Some(3),
            body: Some(b"@SESSION@d".into()),
            ..Request::new("POST", "/")
        };
        let bytes = request.fill(&places()).bytes("h");
        assert!(bytes.ends_with(b"\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"));
    }

    #[test]
    fn the_track_that_is_filled_in_is_one() {
        let track = String::from_utf8(places().fill(b"@TRACK@")).unwrap();
        assert_eq!(track::read(&track).unwrap()["uri"], "http://127.0.0.1:2/tone-30s.wav");
    }
}
