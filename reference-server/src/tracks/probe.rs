//! Recognises a container and reads its tags and its length.

use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::{MetadataOptions, MetadataRevision, StandardTag};
use symphonia::core::units::{Duration, TimeBase};

use super::{TrackInfo, formats};
use crate::deviations::{deviates, either};

/// The containers that lavaplayer plays, as it names them; an encoded track with another one is
/// not decoded.
pub(super) const CONTAINERS: &[&str] = &[
    "wav",
    "matroska/webm",
    "mp4",
    "flac",
    "ogg",
    "m3u",
    "pls",
    "plain",
    "mp3",
    "adts",
    "mpegts-adts",
];

/// What the real server says when a file has no such tag.
const UNKNOWN_TITLE: &str = "Unknown title";
const UNKNOWN_ARTIST: &str = "Unknown artist";

/// The file is of no known kind, or it is damaged.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProbeError {
    #[error("unknown file format")]
    Unknown(#[source] symphonia::core::errors::Error),
    #[error("the container {0} is not supported")]
    Unsupported(&'static str),
    #[error("no audio in it")]
    NoAudio,
    #[error("the decoder failed on it")]
    Broken,
}

/// What can be played from this source, named by `identifier`. Blocks while it reads.
pub(super) fn probe(
    source: Box<dyn MediaSource>,
    identifier: &str,
    source_name: &str,
) -> Result<TrackInfo, ProbeError> {
    let stream = MediaSourceStream::new(source, Default::default());
    // A decoder that trips over a damaged file must not take the server with it.
    let read = catch_unwind(AssertUnwindSafe(|| read(stream, identifier, source_name)));
    read.unwrap_or(Err(ProbeError::Broken))
}

fn read(
    stream: MediaSourceStream<'_>,
    identifier: &str,
    source_name: &str,
) -> Result<TrackInfo, ProbeError> {
    let sized = stream.byte_len().is_some();
    let mut format = formats()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(ProbeError::Unknown)?;
    let short_name = format.format_info().short_name;
    let name = container(short_name).ok_or(ProbeError::Unsupported(short_name))?;
    let length = length_ms(format.as_ref(), name, sized)?;
    let tags = match name {
        "mp3" | "flac" | "ogg" | "mp4" => Tags::read(format.metadata().skip_to_latest()),
        _ => Tags::default(),
    };
    let tags = either("LL-TRACKS-006/ignored", tags, Tags::default());
    let (mut title, mut author) = (tags.title, tags.artist);
    if deviates("LL-TRACKS-006/swapped") {
        std::mem::swap(&mut title, &mut author);
    }
    let length = length.map(|ms| either("LL-TRACKS-007/seconds", ms, ms / 1000));
    let length = length.map(|ms| either("LL-TRACKS-007/off-by-one", ms, ms + 1));
    let extension = identifier.rsplit('.').next().unwrap_or_default();
    let name = either("LL-TRACKS-005/by-name", name, extension);
    let name = either("LL-TRACKS-005/always-mp3", name, "mp3");
    Ok(TrackInfo {
        identifier: identifier.to_owned(),
        is_seekable: length.is_some(),
        author: author.unwrap_or_else(|| UNKNOWN_ARTIST.to_owned()),
        length: length.unwrap_or(i64::MAX),
        is_stream: length.is_none(),
        title: title.unwrap_or_else(|| UNKNOWN_TITLE.to_owned()),
        uri: Some(identifier.to_owned()),
        artwork_url: None,
        isrc: tags.isrc,
        source_name: source_name.to_owned(),
        probe_info: Some(name.to_owned()),
    })
}

/// The container as lavaplayer names it; `None` for one that lavaplayer does not play.
fn container(short_name: &str) -> Option<&'static str> {
    let name = match short_name {
        "wave" => "wav",
        "isomp4" => "mp4",
        "matroska" => "matroska/webm",
        "aac" => "adts",
        other => other,
    };
    CONTAINERS.iter().find(|known| **known == name).copied()
}

/// Milliseconds as lavaplayer counts them; `None` when it takes the container for a stream without
/// end, as it does when it would have to look at the end of a source of unknown size.
fn length_ms(
    format: &dyn FormatReader,
    container: &str,
    sized: bool,
) -> Result<Option<i64>, ProbeError> {
    let track = format.default_track(TrackType::Audio).ok_or(ProbeError::NoAudio)?;
    let audio = track.codec_params.as_ref().and_then(|codec| codec.audio());
    let codec = audio.map(|audio| audio.codec);
    let playable: &[_] = match container {
        "mp4" => &[CODEC_ID_AAC, CODEC_ID_MP3],
        "matroska/webm" => &[CODEC_ID_OPUS, CODEC_ID_VORBIS, CODEC_ID_AAC],
        _ => &[],
    };
    if !playable.is_empty() && !codec.is_some_and(|codec| playable.contains(&codec)) {
        return Err(ProbeError::Unsupported(format.format_info().short_name));
    }
    match container {
        // Has no header that would tell.
        "adts" => return Ok(None),
        "mp3" | "ogg" if !sized => return Ok(None),
        // Never a stream, even without a duration.
        "matroska/webm" => {
            let info = format.media_info();
            return Ok(milliseconds(info.time_base, info.duration).or(Some(0)));
        }
        _ => {}
    }
    let rate = audio.and_then(|audio| audio.sample_rate).filter(|rate| *rate > 0);
    let (Some(frames), Some(rate)) = (track.num_frames, rate) else {
        return Ok(milliseconds(track.time_base, track.duration));
    };
    // Whole mp3 frames are counted, those included that the encoder added for its own sake.
    let added = match container {
        "mp3" => u64::from(track.delay.unwrap_or(0)) + u64::from(track.padding.unwrap_or(0)),
        _ => 0,
    };
    let ms = (u128::from(frames) + u128::from(added)) * 1000 / u128::from(rate);
    Ok(i64::try_from(ms).ok())
}

fn milliseconds(base: Option<TimeBase>, duration: Option<Duration>) -> Option<i64> {
    let time = base?.calc_duration(duration?)?;
    i64::try_from(time.as_nanos() / 1_000_000).ok()
}

#[derive(Default)]
struct Tags {
    title: Option<String>,
    artist: Option<String>,
    isrc: Option<String>,
}

impl Tags {
    fn read(revision: Option<&MetadataRevision>) -> Self {
        let mut tags = Self::default();
        for tag in revision.into_iter().flat_map(|revision| &revision.media.tags) {
            let (place, text) = match &tag.std {
                Some(StandardTag::TrackTitle(text)) => (&mut tags.title, text),
                Some(StandardTag::Artist(text)) => (&mut tags.artist, text),
                Some(StandardTag::IdentIsrc(text)) => (&mut tags.isrc, text),
                _ => continue,
            };
            if !text.trim().is_empty() {
                place.get_or_insert_with(|| text.trim().to_owned());
            }
        }
        tags
    }
}
