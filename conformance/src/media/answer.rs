//! What the media server answers: files, generated ones, errors, and the faults that are asked for.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::asked::{Asked, beyond};
use super::body::{Body, pieces, status, typed, whole};
use super::faults::{Fault, Faults, Faulty};
use super::wave::{BLOCK, Wave};
use crate::assets;

/// The name of `tone.mp3` with noise for its middle third.
const GARBLED: &str = "garbled.mp3";

/// What is served by that name.
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

/// Answers GET with media; POST lets media that hangs go on.
pub(super) async fn answer(request: &Request<Incoming>, faults: Arc<Faults>) -> Response<Body> {
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
        // Only media that breaks gives an error; this one waits.
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

/// Something that can be served from any byte on.
enum Media {
    File(&'static [u8]),
    Wave(Wave),
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

/// The frames of an mp3 file again and again, as a radio station sends them.
fn endless() -> Body {
    let file = assets::media("tone.mp3").unwrap_or_default();
    // The first frame tells how long the file is.
    let second = file.iter().skip(12).zip(file.iter().skip(13));
    let mut starts = second.enumerate().filter(|(_, pair)| matches!(pair, (0xff, 0xf2..=0xfb)));
    let begin = starts.nth(1).map_or(0, |(at, _)| at + 12);
    pieces(stream::repeat_with(move || Ok(file[begin..].to_vec())))
}
