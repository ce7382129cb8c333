//! Audio over loopback HTTP, for targets to load and play.

use std::convert::Infallible;
use std::io;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use futures::stream;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::assets;

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// Samples a second of the generated audio.
const RATE: u64 = 48_000;

/// Bytes of one sample: two channels of 16 bits.
const FRAME: u64 = 4;

/// Longest generated audio.
const LONGEST_SECONDS: u64 = 3600;

const HEADER: u64 = 44;

/// How long to wait after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `tone-30s.wav` and the like until it is dropped.
#[derive(Debug)]
pub struct MediaServer {
    url: String,
    serving: JoinHandle<()>,
}

impl MediaServer {
    /// Listens on a free port of 127.0.0.1.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let serving = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    // Out of file descriptors, perhaps; others may give some back.
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                };
                tokio::spawn(async move {
                    let service =
                        service_fn(|request| async move { Ok::<_, Infallible>(answer(&request)) });
                    // A target hangs up as soon as it has read enough.
                    http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await
                        .ok();
                });
            }
        });
        Ok(Self { url, serving })
    }

    /// Where it listens, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for MediaServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Something that can be served from any byte on.
enum Media {
    File(&'static [u8]),
    Wave(Wave),
}

fn answer(request: &Request<Incoming>) -> Response<Body> {
    let name = request.uri().path().trim_start_matches('/');
    match name {
        "missing.mp3" => return status(StatusCode::NOT_FOUND),
        "forbidden.mp3" => return status(StatusCode::FORBIDDEN),
        "error.mp3" => return status(StatusCode::INTERNAL_SERVER_ERROR),
        _ => {}
    }
    let media = match (assets::media(name), Wave::named(name)) {
        (Some(bytes), _) => Media::File(bytes),
        (None, Some(wave)) => Media::Wave(wave),
        (None, None) => return status(StatusCode::NOT_FOUND),
    };
    let length = media.length();
    let range = request.headers().get(RANGE).and_then(|range| range.to_str().ok());
    let from = match range.map(|range| first_byte(range, length)) {
        None => 0,
        Some(Some(from)) => from,
        Some(None) => return status(StatusCode::RANGE_NOT_SATISFIABLE),
    };
    let mut response = Response::new(media.body(from));
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let shown = format!("bytes {from}-{}/{length}", length - 1);
        if let Ok(value) = HeaderValue::from_str(&shown) {
            response.headers_mut().insert(CONTENT_RANGE, value);
        }
    }
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length - from));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Full::default().boxed_unsync());
    *response.status_mut() = status;
    response
}

/// Of `bytes=N-`; `None` if there is no such byte.
fn first_byte(range: &str, length: u64) -> Option<u64> {
    let (from, _) = range.strip_prefix("bytes=")?.split_once('-')?;
    from.parse().ok().filter(|from| *from < length)
}

impl Media {
    fn length(&self) -> u64 {
        match self {
            Self::File(bytes) => bytes.len() as u64,
            Self::Wave(wave) => wave.length(),
        }
    }

    fn body(&self, from: u64) -> Body {
        match *self {
            Self::File(bytes) => {
                Full::new(Bytes::from_static(&bytes[from as usize..])).boxed_unsync()
            }
            Self::Wave(wave) => StreamBody::new(stream::iter(
                wave.blocks(from).map(|block| Ok(Frame::data(Bytes::from(block)))),
            ))
            .boxed_unsync(),
        }
    }
}

/// A generated file: 48 kHz, stereo, 16 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wave {
    seconds: u64,
    kind: Kind,
}

/// What a generated file sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tone,
    Silence,
}

/// A second of the tone.
fn tone() -> &'static [u8] {
    static TONE: OnceLock<Vec<u8>> = OnceLock::new();
    TONE.get_or_init(|| {
        let sample = |n: u64| {
            let angle = n as f64 * 440.0 / RATE as f64 * std::f64::consts::TAU;
            ((angle.sin() * 8192.0) as i16).to_le_bytes()
        };
        (0..RATE).map(sample).flat_map(|[low, high]| [low, high, low, high]).collect()
    })
}

impl Wave {
    /// `tone-30s.wav`, `silence-5s.wav`.
    fn named(name: &str) -> Option<Self> {
        let (kind, rest) = name.split_once('-')?;
        let kind = match kind {
            "tone" => Kind::Tone,
            "silence" => Kind::Silence,
            _ => return None,
        };
        let seconds: u64 = rest.strip_suffix("s.wav")?.parse().ok()?;
        (1..=LONGEST_SECONDS).contains(&seconds).then_some(Self { seconds, kind })
    }

    fn length(self) -> u64 {
        HEADER + self.seconds * RATE * FRAME
    }

    /// The file from a byte on, block by block, made as it is read.
    fn blocks(self, from: u64) -> impl Iterator<Item = Vec<u8>> + Send {
        const BLOCK: u64 = 64 * 1024;
        let mut at = from;
        std::iter::from_fn(move || {
            let end = self.length().min(at + BLOCK);
            let block: Vec<u8> = (at..end).map(|byte| self.byte(byte)).collect();
            at = end;
            (!block.is_empty()).then_some(block)
        })
    }

    fn byte(self, at: u64) -> u8 {
        match at.checked_sub(HEADER) {
            None => self.header()[at as usize],
            Some(_) if self.kind == Kind::Silence => 0,
            Some(data) => tone()[(data % (RATE * FRAME)) as usize],
        }
    }

    fn header(self) -> [u8; HEADER as usize] {
        let data = (self.length() - HEADER) as u32;
        let mut header = [0; HEADER as usize];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, b"RIFF");
        put(4, &(36 + data).to_le_bytes());
        put(8, b"WAVEfmt ");
        put(16, &16u32.to_le_bytes());
        put(20, &1u16.to_le_bytes());
        put(22, &2u16.to_le_bytes());
        put(24, &(RATE as u32).to_le_bytes());
        put(28, &((RATE * FRAME) as u32).to_le_bytes());
        put(32, &(FRAME as u16).to_le_bytes());
        put(34, &16u16.to_le_bytes());
        put(36, b"data");
        put(40, &data.to_le_bytes());
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_made() {
        assert_eq!(Wave::named("tone-30s.wav"), Some(Wave { seconds: 30, kind: Kind::Tone }));
        assert_eq!(Wave::named("silence-1s.wav"), Some(Wave { seconds: 1, kind: Kind::Silence }));
        for unknown in ["tone-0s.wav", "tone-99999s.wav", "tone.wav", "x-1s.wav", "tone-1s.mp3"] {
            assert_eq!(Wave::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_file_is_the_same_from_any_byte_on() {
        let wave = Wave { seconds: 1, kind: Kind::Tone };
        let whole: Vec<u8> = wave.blocks(0).flatten().collect();
        assert_eq!(whole.len() as u64, wave.length());
        assert_eq!(&whole[..4], b"RIFF");
        let part: Vec<u8> = wave.blocks(70_001).flatten().collect();
        assert_eq!(part, &whole[70_001..]);
        assert!(whole[44..].iter().any(|byte| *byte != 0));
    }
}
