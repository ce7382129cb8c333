//! Audio over loopback HTTP, for targets to load and play.

mod asked;
mod faults;
mod made;
mod mp3;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use asked::{Asked, beyond};
use bytes::Bytes;
use faults::{Fault, Faults, Faulty};
use futures::{StreamExt, stream};
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use made::Shelf;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::assets;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Samples a second of the generated audio.
const RATE: u64 = 48_000;

/// Bytes of one sample: two channels of 16 bits.
const FRAME: u64 = 4;

/// Longest generated audio.
const LONGEST_SECONDS: u64 = 3600;

const HEADER: u64 = 44;

/// Bytes that are made at once.
const BLOCK: u64 = 64 * 1024;

/// How long to wait after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The name of `tone.mp3` with nothing that makes sense in its middle third.
const GARBLED: &str = "garbled.mp3";

static GARBLED_TONE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = assets::media("tone.mp3").unwrap_or_default().to_vec();
    let third = bytes.len() / 3;
    let mut noise = 1_u32;
    for byte in bytes.iter_mut().skip(third).take(third) {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Nothing in it looks like the beginning of a frame.
        *byte = (noise >> 25) as u8;
    }
    bytes
});

/// Serves `tone-30s.wav` and the like until it is dropped.
#[derive(Debug)]
pub struct MediaServer {
    url: String,
    serving: JoinHandle<()>,
}

impl MediaServer {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let faults = Arc::<Faults>::default();
        let shelf = Arc::<Shelf>::default();
        let serving = tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    // Out of file descriptors, perhaps; others may give some back.
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                };
                let faults = Arc::clone(&faults);
                let shelf = Arc::clone(&shelf);
                tokio::spawn(async move {
                    let service = service_fn(|request: Request<Incoming>| {
                        let (faults, shelf) = (Arc::clone(&faults), Arc::clone(&shelf));
                        async move {
                            if request.method() == Method::PUT {
                                return Ok::<_, Infallible>(shelf.put(request).await);
                            }
                            Ok(match shelf.find(&request) {
                                Some(made) => made,
                                None => answer(&request, faults).await,
                            })
                        }
                    });
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

/// Lets media that hangs go on; returns when it is being read.
pub(crate) async fn go_on(url: &str) -> Result<(), TellError> {
    tell(Request::post(url).body(Full::default())?).await
}

/// Puts media where a scenario wants it: what `made` describes, as STEPS.md writes it.
pub(crate) async fn put(url: &str, made: &serde_json::Value) -> Result<(), TellError> {
    tell(Request::put(url).body(Full::from(made.to_string()))?).await
}

/// Sends a request of a scenario to its media server.
async fn tell(request: Request<Full<Bytes>>) -> Result<(), TellError> {
    let authority = request.uri().authority().map_or("", |authority| authority.as_str());
    let stream = TcpStream::connect(authority).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    let why = answer.into_body().collect().await?.to_bytes();
    connection.abort();
    if status == StatusCode::NO_CONTENT {
        return Ok(());
    }
    Err(TellError::Status(status, String::from_utf8_lossy(&why).into_owned()))
}

/// Why the media server does not do what a scenario wants.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TellError {
    #[error("this is no URL")]
    Url(#[from] http::Error),
    #[error("no connection")]
    Network(#[from] io::Error),
    #[error("the request failed")]
    Request(#[from] hyper::Error),
    #[error("it answered {0} {1}")]
    Status(StatusCode, String),
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

/// POST lets a source that hangs go on.
async fn answer(request: &Request<Incoming>, faults: Arc<Faults>) -> Response<Body> {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    if request.method() == Method::POST {
        faults.release(target).await;
        return status(StatusCode::NO_CONTENT);
    }
    let Ok(faulty) = Faulty::of(target) else { return status(StatusCode::BAD_REQUEST) };
    let name = request.uri().path().trim_start_matches('/');
    match name {
        "missing.mp3" => return status(StatusCode::NOT_FOUND),
        "forbidden.mp3" => return status(StatusCode::FORBIDDEN),
        "error.mp3" => return status(StatusCode::INTERNAL_SERVER_ERROR),
        "endless.mp3" => return typed(Response::new(endless()), name),
        _ => {}
    }
    let file = if name == GARBLED { Some(GARBLED_TONE.as_slice()) } else { assets::media(name) };
    let media = match (file, Wave::named(name)) {
        (Some(bytes), _) => Media::File(bytes),
        (None, Some(wave)) => Media::Wave(wave),
        (None, None) => return status(StatusCode::NOT_FOUND),
    };
    let end = faulty.iter().find(|faulty| faulty.fault == Fault::End);
    let length = match (&media, end) {
        (Media::Wave(wave), Some(end)) => wave.byte_at(end.second),
        _ => media.length(),
    };
    let asked = Asked::of(request.headers(), length);
    let Some((from, end)) = asked.bounds(length) else { return beyond(length) };
    let at_once = |faulty: &&Faulty| faulty.second == 0 && faulty.fault == Fault::Hang;
    if let Some(faulty) = faulty.iter().find(at_once) {
        // An error is one of breaking; this one waits.
        faults.reached(faulty).await.ok();
        faults.read_on(faulty);
    }
    let mut response = Response::new(asked.cut(media.body(from, faulty, faults), length));
    asked.mark(&mut response, length);
    let headers = response.headers_mut();
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(end - from));
    typed(response, name)
}

fn typed(mut response: Response<Body>, name: &str) -> Response<Body> {
    let kind = HeaderValue::from_static(content_type(name));
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// The type of what has none of its own.
const UNTYPED: &str = "application/octet-stream";

/// What a web server says of a file: there are servers that take nothing for sound that is not said
/// to be.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("aac") => "audio/aac",
        Some("flac") => "audio/flac",
        Some("m3u" | "m3u8") => "audio/mpegurl",
        Some("m4a") => "audio/mp4",
        Some("mp3") => "audio/mpeg",
        Some("ogg") => "audio/ogg",
        Some("pls") => "audio/x-scpls",
        Some("ts") => "video/mp2t",
        Some("wav") => "audio/wav",
        Some("webm") => "audio/webm",
        _ => UNTYPED,
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(whole(Bytes::new()));
    *response.status_mut() = status;
    response
}

impl Media {
    fn length(&self) -> u64 {
        match self {
            Self::File(bytes) => bytes.len() as u64,
            Self::Wave(wave) => wave.length(),
        }
    }

    fn body(&self, from: u64, faulty: Vec<Faulty>, faults: Arc<Faults>) -> Body {
        let wave = match *self {
            Self::File(bytes) => return whole(Bytes::from_static(&bytes[from as usize..])),
            Self::Wave(wave) => wave,
        };
        let mut body = stream::empty().boxed();
        let mut at = from;
        for faulty in faulty.into_iter().filter(|faulty| from <= wave.byte_at(faulty.second)) {
            let place = wave.byte_at(faulty.second);
            body = body.chain(stream::iter(wave.blocks(at, place).map(Ok))).boxed();
            if faulty.fault == Fault::End {
                return pieces(body);
            }
            // One block, and when the next is asked for the first has been read.
            at = (place + BLOCK).min(wave.length());
            let faults = Arc::clone(&faults);
            let rest = async move {
                if let Err(error) = faults.reached(&faulty).await {
                    return stream::iter(vec![Err(error)]).boxed();
                }
                let read = stream::once(async move {
                    faults.read_on(&faulty);
                    Ok(Vec::new())
                });
                stream::iter(wave.blocks(place, at).map(Ok)).chain(read).boxed()
            };
            body = body.chain(stream::once(rest).flatten()).boxed();
        }
        pieces(body.chain(stream::iter(wave.blocks(at, wave.length()).map(Ok))))
    }
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

fn pieces(blocks: impl stream::Stream<Item = io::Result<Vec<u8>>> + Send + 'static) -> Body {
    let frames = blocks.map(|block| Ok(Frame::data(Bytes::from(block?))));
    StreamBody::new(frames).boxed_unsync()
}

/// The frames of an mp3 file again and again, as a radio station sends them.
fn endless() -> Body {
    let file = assets::media("tone.mp3").unwrap_or_default();
    // The first frame tells how long the file is.
    let second = file.iter().skip(12).zip(file.iter().skip(13));
    let mut starts = second.enumerate().filter(|(_, pair)| matches!(pair, (0xff, 0xf2..=0xfb)));
    let begin = starts.nth(1).map_or(0, |(at, _)| at + 12);
    pieces(stream::repeat_with(move || Ok(file[begin..].to_vec())))
}

/// A generated file: 48 kHz, stereo, 16 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wave {
    seconds: u64,
    kind: Kind,
}

/// What a generated file sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Silence,
    /// A tone on each side, Hz.
    Tones(u32, u32),
    /// Two tones together on both sides.
    Mix(u32, u32),
    /// A tone that is nearly as loud as can be.
    Loud(u32),
}

/// What `tone-30s.wav` has, Hz.
const USUAL_TONE: u32 = 440;

/// Tones are whole Hertz and have to fit twice into the rate.
const TONES: std::ops::RangeInclusive<u32> = 20..=20_000;

/// A quarter of full scale, and nine tenths.
const AMPLITUDE: f64 = 8192.0;
const LOUD_AMPLITUDE: f64 = 29_491.0;

/// A second of it, which is the same as every other.
fn second_of(kind: Kind) -> Arc<Vec<u8>> {
    static SECONDS: Mutex<BTreeMap<Kind, Arc<Vec<u8>>>> = Mutex::new(BTreeMap::new());
    let mut seconds = SECONDS.lock().unwrap_or_else(PoisonError::into_inner);
    let make = || {
        let tone = |frequency: u32, n: u64| {
            (n as f64 * f64::from(frequency) / RATE as f64 * std::f64::consts::TAU).sin()
        };
        let pair = |n: u64| match kind {
            Kind::Silence => (0.0, 0.0),
            Kind::Tones(left, right) => (AMPLITUDE * tone(left, n), AMPLITUDE * tone(right, n)),
            Kind::Mix(one, other) => {
                let both = AMPLITUDE * (tone(one, n) + tone(other, n));
                (both, both)
            }
            Kind::Loud(frequency) => {
                let both = LOUD_AMPLITUDE * tone(frequency, n);
                (both, both)
            }
        };
        let bytes = |(left, right): (f64, f64)| {
            let ([a, b], [c, d]) = ((left as i16).to_le_bytes(), (right as i16).to_le_bytes());
            [a, b, c, d]
        };
        Arc::new((0..RATE).map(pair).flat_map(bytes).collect::<Vec<u8>>())
    };
    Arc::clone(seconds.entry(kind).or_insert_with(make))
}

impl Wave {
    /// `tone-30s.wav`, `tone-1000hz-5s.wav`, `tone-440hz-1000hz-5s.wav` (left and right),
    /// `mix-100hz-4000hz-5s.wav`, `loud-1000hz-5s.wav`, `silence-5s.wav`.
    fn named(name: &str) -> Option<Self> {
        let mut words = name.strip_suffix("s.wav")?.split('-');
        let kind = words.next()?;
        let mut words: Vec<_> = words.collect();
        let seconds: u64 = words.pop()?.parse().ok()?;
        let tone = |word: &&str| {
            let frequency: u32 = word.strip_suffix("hz")?.parse().ok()?;
            TONES.contains(&frequency).then_some(frequency)
        };
        let tones: Vec<u32> = words.iter().map(tone).collect::<Option<_>>()?;
        let kind = match (kind, tones.as_slice()) {
            ("silence", []) => Kind::Silence,
            ("tone", []) => Kind::Tones(USUAL_TONE, USUAL_TONE),
            ("tone", [both]) => Kind::Tones(*both, *both),
            ("tone", [left, right]) => Kind::Tones(*left, *right),
            ("mix", [one, other]) => Kind::Mix(*one, *other),
            ("loud", [both]) => Kind::Loud(*both),
            _ => return None,
        };
        (1..=LONGEST_SECONDS).contains(&seconds).then_some(Self { seconds, kind })
    }

    fn length(self) -> u64 {
        HEADER + self.seconds * RATE * FRAME
    }

    /// Where a second of the audio begins.
    fn byte_at(self, second: u64) -> u64 {
        (HEADER + second * RATE * FRAME).min(self.length())
    }

    /// The file from a byte on up to another, block by block, made as it is read.
    fn blocks(self, from: u64, to: u64) -> impl Iterator<Item = Vec<u8>> + Send {
        let mut at = from;
        let (header, second) = (self.header(), second_of(self.kind));
        std::iter::from_fn(move || {
            let end = to.min(at + BLOCK);
            let mut block = Vec::with_capacity(end.saturating_sub(at) as usize);
            while at < end {
                let rest = match at.checked_sub(HEADER) {
                    None => &header[at as usize..],
                    Some(data) => &second[(data % (RATE * FRAME)) as usize..],
                };
                let part = &rest[..rest.len().min((end - at) as usize)];
                block.extend_from_slice(part);
                at += part.len() as u64;
            }
            (!block.is_empty()).then_some(block)
        })
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
        let named = |name| Wave::named(name).map(|wave| (wave.kind, wave.seconds));
        assert_eq!(named("tone-30s.wav"), Some((Kind::Tones(440, 440), 30)));
        assert_eq!(named("tone-1000hz-5s.wav"), Some((Kind::Tones(1000, 1000), 5)));
        assert_eq!(named("tone-440hz-1000hz-5s.wav"), Some((Kind::Tones(440, 1000), 5)));
        assert_eq!(named("mix-100hz-4000hz-5s.wav"), Some((Kind::Mix(100, 4000), 5)));
        assert_eq!(named("loud-1000hz-5s.wav"), Some((Kind::Loud(1000), 5)));
        assert_eq!(Wave::named("silence-1s.wav"), Some(Wave { seconds: 1, kind: Kind::Silence }));
        for unknown in [
            "tone-0s.wav",
            "tone-99999s.wav",
            "tone.wav",
            "x-1s.wav",
            "tone-1s.mp3",
            "tone-5hz-1s.wav",
            "tone-x-1s.wav",
            "mix-100hz-1s.wav",
            "loud-1s.wav",
        ] {
            assert_eq!(Wave::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_file_that_ends_early_is_short() {
        let wave = Wave { seconds: 3, kind: Kind::Tones(440, 440) };
        assert_eq!(wave.byte_at(1), 44 + 192_000);
        assert_eq!(wave.byte_at(99), wave.length());
        assert_eq!(wave.blocks(0, wave.byte_at(1)).flatten().count(), 44 + 192_000);
    }

    #[test]
    fn a_file_is_said_to_be_what_it_is() {
        assert_eq!(content_type("tone-30s.wav"), "audio/wav");
        assert_eq!(content_type("tone.mp3"), "audio/mpeg");
        assert_eq!(content_type("garbage.bin"), "application/octet-stream");
    }

    #[tokio::test]
    async fn media_hang_until_they_are_told_to_go_on() {
        let server = MediaServer::start().await.unwrap();
        let url = format!("{}/tone-2s.wav?hang=1s&of=test", server.url());
        let client = TcpStream::connect(url[7..].split('/').next().unwrap()).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(client)).await.unwrap();
        tokio::spawn(connection);
        let request = Request::get(&url).body(Full::<Bytes>::default()).unwrap();
        let mut body = sender.send_request(request).await.unwrap().into_body();
        let mut count = 0;
        while count < 44 + 192_000 {
            count += body.frame().await.unwrap().unwrap().into_data().unwrap().len();
        }
        assert_eq!(count, 44 + 192_000);
        let waiting = tokio::time::timeout(Duration::from_millis(50), body.frame()).await;
        assert!(waiting.is_err(), "it does not hang");
        let (told, rest) = tokio::join!(go_on(&url), body.collect());
        told.unwrap();
        assert_eq!(rest.unwrap().to_bytes().len(), 192_000);
    }

    #[test]
    fn a_file_is_the_same_from_any_byte_on() {
        let wave = Wave { seconds: 1, kind: Kind::Tones(440, 440) };
        let whole: Vec<u8> = wave.blocks(0, wave.length()).flatten().collect();
        assert_eq!(whole.len() as u64, wave.length());
        assert_eq!(&whole[..4], b"RIFF");
        let part: Vec<u8> = wave.blocks(70_001, wave.length()).flatten().collect();
        assert_eq!(part, &whole[70_001..]);
        assert!(whole[44..].iter().any(|byte| *byte != 0));
    }
}
