//! Recognises a container and reads its tags and its length.

use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::{MetadataOptions, MetadataRevision, StandardTag};
use symphonia::core::units::{Duration, TimeBase};

use super::adts::is_adts;
use super::http_media::{Described, Hint};
use super::lookup::Reference;
use super::mp3::{self, Mp3};
use super::mpeg_ts::Demuxer;
use super::peeked::Peeked;
use super::playlist::{self, List, Listed};
use super::{TrackInfo, formats};
use crate::deviations::switch::{self, Seam, deviates, either};

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
    TRANSPORT,
];

/// An MPEG transport stream with raw AAC in it.
pub(super) const TRANSPORT: &str = "mpegts-adts";

/// Bytes that tell which kind of container it is.
const HEAD: u64 = 1024;

/// What the real server says when a file has no such tag.
const UNKNOWN_TITLE: &str = "Unknown title";
pub(super) const UNKNOWN_ARTIST: &str = "Unknown artist";

/// The file is of no known kind, or it is damaged.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProbeError {
    #[error("unknown file format")]
    Unknown,
    #[error("it is damaged")]
    Damaged(#[source] symphonia::core::errors::Error),
    #[error("the container {0} is not supported")]
    Unsupported(&'static str),
    #[error("no audio in it")]
    NoAudio,
    #[error("the decoder failed on it")]
    Broken,
    #[error("The playlist file contains no links.")]
    NoLink,
    #[error("it cannot be read")]
    Read(#[from] std::io::Error),
}

/// What there is at a place.
#[derive(Debug)]
pub(super) enum Found {
    /// Something to play.
    Track(Box<TrackInfo>),
    /// A list that leads to something else.
    Link(Reference),
}

/// What was found out of a track, before a track is made of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Probed {
    /// As lavaplayer names it.
    pub(crate) container: String,
    /// What stands behind the last full stop of the place.
    pub(crate) extension: String,
    /// Milliseconds; `None` for a stream without end.
    pub(crate) length: Option<i64>,
    /// Of tags, as are the two below.
    pub(crate) title: Option<String>,
    pub(crate) author: Option<String>,
    pub(crate) isrc: Option<String>,
    /// Of headers, as is the one below.
    pub(crate) described_title: Option<String>,
    pub(crate) described_author: Option<String>,
}

/// Where deviations change what was found out of a track.
pub(crate) static PROBED: Seam<fn(&mut Probed)> = Seam::new();

/// What is at the place that `reference` names, and `described` describes. Blocks while it reads.
pub(super) fn probe(
    source: Box<dyn MediaSource>,
    reference: &Reference,
    described: &Described,
    source_name: &'static str,
) -> Result<Found, ProbeError> {
    // A decoder that trips over a damaged file must not take the server with it.
    let looking = || Looking { reference, described, source_name }.look(source);
    catch_unwind(AssertUnwindSafe(looking)).unwrap_or(Err(ProbeError::Broken))
}

/// What is known before the source is read.
struct Looking<'a> {
    reference: &'a Reference,
    described: &'a Described,
    source_name: &'static str,
}

impl Looking<'_> {
    fn look(&self, source: Box<dyn MediaSource>) -> Result<Found, ProbeError> {
        let mut source = Peeked::new(source, HEAD)?;
        let found = |info| Ok(Found::Track(Box::new(info)));
        let hint = either(switch::TRACKS_403_BY_CONTENT, self.described.hint, Hint::None);
        if let Some(info) = self.as_kind(hint, &mut source)? {
            return found(info);
        }
        if let Some(list) = List::of(source.head()) {
            return self.follow(list, source);
        }
        match Magic::of(source.head()).or_else(|| Magic::behind_zeros(source.head())) {
            Some(Magic::Ogg) => {
                let whole = self.read(source, Magic::Ogg);
                if whole.is_err() && !deviates(switch::TRACKS_254_REFUSED) {
                    // One that is damaged is a stream whose tags nobody knows.
                    return found(self.track("ogg", None, Tags::default()));
                }
                whole.and_then(found)
            }
            Some(magic) => self.read(source, magic).and_then(found),
            None => {
                let usual = [Hint::Mp3, Hint::Adts, Hint::Transport];
                let wrong = [Hint::Mp3, Hint::Transport, Hint::Adts];
                let others = either(switch::TRACKS_255_TRANSPORT, usual, wrong);
                let mut tried = others.into_iter().map(|kind| self.as_kind(kind, &mut source));
                tried.find_map(Result::transpose).ok_or(ProbeError::Unknown)?.and_then(found)
            }
        }
    }

    /// The track, if it is of that kind, which nothing at a fixed place tells.
    fn as_kind(&self, kind: Hint, source: &mut Peeked) -> Result<Option<TrackInfo>, ProbeError> {
        match kind {
            Hint::Mp3 if mp3::is_mp3(source.head()) => {
                let mp3 = mp3::read(source).ok();
                source.seek(SeekFrom::Start(0))?;
                Ok(mp3.map(|mp3| self.track_of_mp3(mp3)))
            }
            Hint::Adts if is_adts(source.head()) => {
                Ok(Some(self.track("adts", None, Tags::default())))
            }
            Hint::Transport => Ok(self.track_of_transport(source.head())),
            _ => Ok(None),
        }
    }

    /// Only the first bytes are looked at for its sound.
    fn track_of_transport(&self, head: &[u8]) -> Option<TrackInfo> {
        let (mut demuxer, mut sound) = (Demuxer::default(), Vec::new());
        demuxer.take(head, &mut sound);
        if !is_adts(&sound) {
            return None;
        }
        let service = demuxer.service().cloned().unwrap_or_default();
        let tags = Tags { title: service.name, artist: service.provider, isrc: None };
        Some(self.track(TRANSPORT, None, tags))
    }

    fn follow(&self, list: List, source: Peeked) -> Result<Found, ProbeError> {
        let mut bytes = Vec::new();
        source.take(playlist::LONGEST).read_to_end(&mut bytes)?;
        match list.read(&bytes) {
            Listed::Nothing => Err(ProbeError::NoLink),
            Listed::Link { url, title } => Ok(Found::Link(Reference { identifier: url, title })),
            Listed::Segments => {
                let info = self.track("m3u|hls-outer", None, Tags::default());
                Ok(Found::Track(Box::new(info)))
            }
        }
    }

    fn track_of_mp3(&self, mp3: Mp3) -> TrackInfo {
        let tags = Tags { title: mp3.title, artist: mp3.artist, isrc: mp3.isrc };
        self.track("mp3", mp3.length, tags)
    }

    fn track(&self, container: &'static str, length: Option<i64>, tags: Tags) -> TrackInfo {
        let Reference { identifier, title } = self.reference;
        let Tags { title: of_title, artist, isrc } = tags;
        // These two know nothing of radio stations.
        let described = !matches!(container, "wav" | "matroska/webm");
        let described = Some(self.described).filter(|_| described);
        let mut probed = Probed {
            extension: identifier.rsplit('.').next().unwrap_or_default().to_owned(),
            container: container.to_owned(),
            length,
            title: of_title,
            author: artist,
            isrc,
            described_title: described.and_then(|it| it.title.clone()),
            described_author: described.and_then(|it| it.author.clone()),
        };
        if let Some(change) = PROBED.get() {
            change(&mut probed);
        }
        let title = probed.title.or(probed.described_title).or(title.clone());
        let author = probed.author.or(probed.described_author);
        let length = probed.length;
        TrackInfo {
            identifier: identifier.clone(),
            is_seekable: length.is_some(),
            author: author.unwrap_or_else(|| UNKNOWN_ARTIST.to_owned()),
            length: length.unwrap_or(i64::MAX),
            is_stream: length.is_none(),
            title: title.unwrap_or_else(|| UNKNOWN_TITLE.to_owned()),
            uri: Some(identifier.clone()),
            artwork_url: None,
            isrc: probed.isrc,
            source_name: self.source_name.to_owned(),
            probe_info: Some(probed.container),
        }
    }

    fn read(&self, source: Peeked, magic: Magic) -> Result<TrackInfo, ProbeError> {
        let stream = MediaSourceStream::new(Box::new(source), Default::default());
        let sized = stream.byte_len().is_some();
        let mut format = formats()
            .probe(
                &symphonia::core::formats::probe::Hint::new(),
                stream,
                FormatOptions::default(),
                MetadataOptions::default(),
            )
            .map_err(ProbeError::Damaged)?;
        let short_name = format.format_info().short_name;
        let name = Some(magic.container()).filter(|_| short_name == magic.format());
        let name = name.ok_or(ProbeError::Unsupported(short_name))?;
        let length = length_ms(format.as_ref(), name, sized)?;
        let tags = match name {
            "flac" | "mp4" => Tags { isrc: None, ..Tags::of(format.metadata().skip_to_latest()) },
            "ogg" => Tags::of(format.metadata().skip_to_latest()),
            _ => Tags::default(),
        };
        Ok(self.track(name, length, tags))
    }
}

/// The containers that begin with bytes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Magic {
    Wav,
    Matroska,
    Mp4,
    Flac,
    Ogg,
}

impl Magic {
    /// The container that begins like this. Nothing may stand before it.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [b'R', b'I', b'F', b'F', _, _, _, _, rest @ ..] if rest.starts_with(b"WAVE") => {
                Some(Self::Wav)
            }
            [0x1A, 0x45, 0xDF, 0xA3, ..] => Some(Self::Matroska),
            [0, 0, 0, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            _ => None,
        }
    }

    /// The container that begins behind zeros, for who looks for one there.
    fn behind_zeros(head: &[u8]) -> Option<Self> {
        let first = head.iter().position(|byte| *byte != 0)?;
        (first > 0 && deviates(switch::TRACKS_252_ANYWHERE)).then(|| Self::of(&head[first..]))?
    }

    /// As lavaplayer names it.
    fn container(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Matroska => "matroska/webm",
            Self::Mp4 => "mp4",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
        }
    }

    /// As symphonia names it.
    fn format(self) -> &'static str {
        match self {
            Self::Wav => "wave",
            Self::Matroska => "matroska",
            Self::Mp4 => "isomp4",
            Self::Flac => "flac",
            Self::Ogg => "ogg",
        }
    }
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
        "ogg" if !sized => return Ok(None),
        // Never a stream, even without a duration, which is in milliseconds whatever a tick is.
        "matroska/webm" => {
            let ticks = format.media_info().duration.map_or(0, Duration::get);
            return Ok(Some(i64::try_from(ticks).unwrap_or(i64::MAX)));
        }
        _ => {}
    }
    let rate = audio.and_then(|audio| audio.sample_rate).filter(|rate| *rate > 0);
    let (Some(frames), Some(rate)) = (track.num_frames, rate) else {
        return Ok(milliseconds(track.time_base, track.duration));
    };
    let ms = u128::from(frames) * 1000 / u128::from(rate);
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
    /// The last of each name, as it stands
    /// (docs/observed/tracks-and-sources.md#containers).
    fn of(revision: Option<&MetadataRevision>) -> Self {
        let mut tags = Self::default();
        for tag in revision.into_iter().flat_map(|revision| &revision.media.tags) {
            let (place, text) = match &tag.std {
                Some(StandardTag::TrackTitle(text)) => (&mut tags.title, text),
                Some(StandardTag::Artist(text)) => (&mut tags.artist, text),
                Some(StandardTag::IdentIsrc(text)) => (&mut tags.isrc, text),
                _ => continue,
            };
            *place = Some(text.to_string());
        }
        tags
    }
}
