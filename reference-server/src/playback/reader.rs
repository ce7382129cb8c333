//! From a file or a stream to samples at the rate that it has.

use std::io::{Seek, SeekFrom};

use symphonia::core::errors::{Error as MediaError, SeekErrorKind};
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::well_known::{FORMAT_ID_ISOMP4, FORMAT_ID_MKV};
use symphonia::core::formats::{
    FormatOptions, FormatReader, SeekMode, SeekTo, SeekedTo, Track, TrackType,
};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Time;

use super::PlaybackError;
use super::packets::PacketDecoder;
use crate::deviations::switch::{self, deviates};
use crate::pcm::CHANNELS;
use crate::tracks::{Media, Unproductive, formats};

/// Packets in a row that may be damaged.
const DAMAGED_PACKETS: usize = 200;

/// Reads the first audio track of a source, packet by packet.
pub(crate) struct Reader {
    unproductive: Unproductive,
    /// `None` if opening the source again failed.
    format: Option<Box<dyn FormatReader>>,
    /// Whether the end was reached, and the format cannot come back from there by itself.
    exhausted: bool,
    /// Whether the source can be read again.
    seekable: bool,
    packets: PacketDecoder,
    track: u32,
    /// Whether packets say how long they are, to the sample.
    tells_length: bool,
    /// Frames to leave out after a seek.
    skip: u64,
    /// Frames that were decoded.
    decoded: u64,
}

impl Reader {
    /// Opens a source at its beginning.
    pub(crate) fn open(media: Media) -> Result<Self, PlaybackError> {
        let Media { source, unproductive, .. } = media;
        let seekable = source.is_seekable();
        let format = probe(MediaSourceStream::new(source, Default::default()))?;
        let track = format.default_track(TrackType::Audio).ok_or(PlaybackError::NoAudio)?;
        let parameters = track.codec_params.as_ref().and_then(|codec| codec.audio());
        let parameters = parameters.ok_or(PlaybackError::NoAudio)?;
        let packets = PacketDecoder::new(parameters)?;
        let tells_length = packets.tells_length(track.time_base);
        unproductive.clear();
        let (skip, decoded) = (0, 0);
        Ok(Self {
            unproductive,
            track: track.id,
            format: Some(format),
            exhausted: false,
            seekable,
            packets,
            tells_length,
            skip,
            decoded,
        })
    }

    /// Hz.
    pub(crate) fn sample_rate(&self) -> u32 {
        self.packets.sample_rate()
    }

    /// Interleaved stereo of the next packet, which may be none of it; `None` at the end.
    pub(crate) fn read(&mut self) -> Result<Option<Vec<f32>>, PlaybackError> {
        for _ in 0..DAMAGED_PACKETS {
            let Some(packet) = self.next_packet()? else { return Ok(None) };
            if packet.track_id != self.track {
                return Ok(Some(Vec::new()));
            }
            let mut stereo = match self.packets.decode(&packet) {
                Ok(stereo) => stereo,
                Err(MediaError::DecodeError(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let left = self.leave_out(stereo.len() / CHANNELS);
            stereo.drain(..stereo.len() - left * CHANNELS);
            return Ok(Some(stereo));
        }
        Err(PlaybackError::Damaged)
    }

    /// How many frames [`Self::read`] gives; packets that say so are not decoded.
    pub(super) fn read_length(&mut self) -> Result<Option<usize>, PlaybackError> {
        if !self.tells_length {
            return Ok(self.read()?.map(|stereo| stereo.len() / CHANNELS));
        }
        let Some(packet) = self.next_packet()? else { return Ok(None) };
        if packet.track_id != self.track {
            return Ok(Some(0));
        }
        Ok(Some(self.leave_out(PacketDecoder::length(&packet))))
    }

    fn next_packet(&mut self) -> Result<Option<Packet>, PlaybackError> {
        let Some(format) = &mut self.format else { return Ok(None) };
        let packet = format.next_packet()?;
        self.exhausted |= packet.is_none() && loses_its_place(format.as_ref());
        if packet.is_none() && deviates(switch::PLAYBACK_062_TOLD) && self.was_short() {
            return Err(PlaybackError::Damaged);
        }
        Ok(packet)
    }

    /// So many frames more came of the source; gives back how many of them are left after a seek.
    fn leave_out(&mut self, frames: usize) -> usize {
        self.unproductive.clear();
        self.decoded += frames as u64;
        let skipped = self.skip.min(frames as u64);
        self.skip -= skipped;
        frames - skipped as usize
    }

    /// Goes on at a position in ms; `false` beyond the end.
    pub(crate) fn seek(&mut self, position: i64) -> Result<bool, PlaybackError> {
        self.packets.reset();
        let time = Time::try_from_nanos_i128(i128::from(position) * 1_000_000);
        let to = SeekTo::Time { time: time.unwrap_or(Time::MAX), track_id: Some(self.track) };
        self.unproductive.forgive();
        let reached = self.seek_format(to);
        self.unproductive.clear();
        match reached {
            Ok(reached) => {
                let late = reached.required_ts.get().saturating_sub(reached.actual_ts.get());
                self.skip = self.frames_of(late);
                Ok(true)
            }
            Err(MediaError::SeekError(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn seek_format(&mut self, to: SeekTo) -> Result<SeekedTo, MediaError> {
        if self.exhausted && self.seekable {
            let format = self.format.take();
            self.format = format.map(reopened).transpose()?;
            self.exhausted = false;
        }
        let Some(format) = &mut self.format else {
            return Err(MediaError::SeekError(SeekErrorKind::Unseekable));
        };
        let reached = format.seek(SeekMode::Accurate, to);
        self.exhausted |= reached.is_err() && loses_its_place(format.as_ref());
        reached
    }

    /// Whether much less was decoded than the container promises.
    fn was_short(&self) -> bool {
        let promised = self.track().and_then(|track| track.num_frames);
        promised.is_some_and(|promised| self.decoded < promised / 10 * 9)
    }

    /// Frames that lie between two timestamps of the track.
    fn frames_of(&self, ticks: i64) -> u64 {
        let base = self.track().and_then(|track| track.time_base);
        let seconds = base.map_or(0.0, |base| {
            ticks as f64 * f64::from(base.numer.get()) / f64::from(base.denom.get())
        });
        (seconds.max(0.0) * f64::from(self.sample_rate())).round() as u64
    }

    fn track(&self) -> Option<&Track> {
        self.format.as_ref()?.tracks().iter().find(|track| track.id == self.track)
    }
}

fn probe(stream: MediaSourceStream<'static>) -> Result<Box<dyn FormatReader>, MediaError> {
    let (format, metadata) = (FormatOptions::default(), MetadataOptions::default());
    formats().probe(&Hint::new(), stream, format, metadata)
}

/// The same source from its beginning.
fn reopened(format: Box<dyn FormatReader>) -> Result<Box<dyn FormatReader>, MediaError> {
    let mut stream = format.into_inner();
    stream.seek(SeekFrom::Start(0))?;
    probe(stream)
}

/// Whether the media library loses its place in such a container when it looks for more behind the
/// last packet; from there a seek fails or nothing can be read after it ("no atom pending read",
/// "the element is not an ancestor of the current element").
fn loses_its_place(format: &dyn FormatReader) -> bool {
    [FORMAT_ID_ISOMP4, FORMAT_ID_MKV].contains(&format.format_info().format)
}
