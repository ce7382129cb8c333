//! Tracks: what they are, how they are written as text, where they come from.
//!
//! `codec` reads and writes the encoded form, `sources` turns identifiers into tracks, `probe`
//! recognises containers and reads tags.

mod adts;
mod catalogue;
mod codec;
mod failure;
mod formats;
mod hls;
mod http_media;
mod java_base64;
mod java_uri;
mod lookup;
mod media;
mod modified_utf8;
mod mp3;
mod mpeg_ts;
mod outbound;
mod peeked;
mod playlist;
mod probe;
mod retry;
mod simulated;
mod sources;
mod transport;
mod youtube;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::deviations::switch::{self, deviates};

pub use catalogue::Extra;
pub(crate) use catalogue::{Catalogue, Contents, Entry, Outcome, Own, Plays};
pub use codec::{DecodeError, EncodedTrack};
pub use failure::LoadFailure;
pub(crate) use formats::formats;
pub use java_base64::Base64Error;
pub(crate) use java_uri::LEGAL;
pub(crate) use media::{Known, Media, Unproductive};
pub use modified_utf8::{MalformedText, TooLong};
pub(crate) use probe::{PROBED, Probed};
pub(crate) use retry::{RETRIES, Retry};
pub(crate) use simulated::number;
pub use sources::{LoadResult, Sources};

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
    /// What a test has given it besides.
    pub extra: Option<Arc<Extra>>,
}

impl Track {
    /// A track with nothing but what its encoded form has.
    pub fn new(info: TrackInfo, position: i64) -> Self {
        Self { info, position, extra: None }
    }

    /// Where its first frame is taken from, ms: a stream has no positions, and before the beginning
    /// there is nothing (docs/observed/playback.md#starts).
    pub(crate) fn entry(&self) -> i64 {
        if self.info.is_stream { 0 } else { self.position.max(0) }
    }

    /// The track object of an answer to loadtracks.
    pub(crate) fn found_json(&self) -> Value {
        let user_data = self.extra.as_ref().and_then(|extra| extra.user_data.clone());
        self.to_json(self.position, &user_data.unwrap_or_else(|| json!({})))
    }

    /// The track object of answers and events: `encoded`, `info`, `pluginInfo`, `userData`.
    /// `position` in ms is the one that it shows, in `encoded` too.
    pub fn to_json(&self, position: i64, user_data: &Value) -> Value {
        let info = &self.info;
        let own = self.extra.as_ref().and_then(|extra| extra.plugin_info.clone());
        let plugin_info = match (own, &info.probe_info) {
            (Some(own), _) => own,
            (None, Some(probe_info)) => json!({"probeInfo": probe_info}),
            (None, None) => json!({}),
        };
        let stale = position != 0 && deviates(switch::PLAYER_055_AS_SENT);
        let written = if stale { 0 } else { position };
        json!({
            "encoded": EncodedTrack::write(self, written),
            "info": {
                "identifier": info.identifier,
                "isSeekable": info.is_seekable,
                "author": info.author,
                "length": info.length,
                "isStream": info.is_stream,
                "position": position,
                "title": info.title,
                "uri": info.uri,
                "sourceName": info.source_name,
                "artworkUrl": info.artwork_url,
                "isrc": info.isrc,
            },
            "pluginInfo": plugin_info,
            "userData": user_data,
        })
    }
}
