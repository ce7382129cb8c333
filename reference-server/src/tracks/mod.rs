//! Tracks: what they are, how they are written as text, where they come from.
//!
//! `codec` reads and writes the encoded form, `sources` turns identifiers into tracks, `probe`
//! recognises containers and reads tags.

mod codec;
mod sources;

pub use codec::{DecodeError, EncodedTrack};
pub use sources::{LoadFailure, LoadResult, Sources};

/// What is known of a track, wherever it plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackInfo {
    /// What its source calls it: a path for `local`, a URL for `http`.
    pub identifier: String,
    /// Whether a position can be chosen.
    pub is_seekable: bool,
    /// Artist tag, or "Unknown artist".
    pub author: String,
    /// Milliseconds; `i64::MAX` for a stream.
    pub length: i64,
    /// Whether it has no end.
    pub is_stream: bool,
    /// Title tag, or "Unknown title".
    pub title: String,
    /// Where a person finds it.
    pub uri: Option<String>,
    /// Picture.
    pub artwork_url: Option<String>,
    /// International Standard Recording Code.
    pub isrc: Option<String>,
    /// Name of its source manager, such as `local`.
    pub source_name: String,
    /// What `local` and `http` found in the container, such as `mp3`; `None` for other sources.
    pub probe_info: Option<String>,
}

/// A track that can be played, and where playing it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// What is known of it.
    pub info: TrackInfo,
    /// Milliseconds.
    pub position: i64,
}
