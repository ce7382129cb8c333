//! Bodies of answers, and the types that a web server gives them.

use std::io;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;

/// The body of an answer.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// The type of a file that has none of its own.
pub(super) const UNTYPED: &str = "application/octet-stream";

/// A body that is there at once.
pub(super) fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// A body that comes block by block, and may break.
pub(super) fn pieces(blocks: impl Stream<Item = io::Result<Vec<u8>>> + Send + 'static) -> Body {
    let frames = blocks.map(|block| Ok(Frame::data(Bytes::from(block?))));
    StreamBody::new(frames).boxed_unsync()
}

/// An answer with this status and no body.
pub(super) fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(whole(Bytes::new()));
    *response.status_mut() = status;
    response
}

/// The answer with the type of a file of that name.
pub(super) fn typed(mut response: Response<Body>, name: &str) -> Response<Body> {
    let kind = HeaderValue::from_static(content_type(name));
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// The type that a web server gives a file of that name: some targets take a file for sound only if
/// its type says so.
pub(super) fn content_type(name: &str) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_said_to_be_what_it_is() {
        assert_eq!(content_type("tone-30s.wav"), "audio/wav");
        assert_eq!(content_type("tone.mp3"), "audio/mpeg");
        assert_eq!(content_type("garbage.bin"), "application/octet-stream");
    }
}
