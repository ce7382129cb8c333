//! From a file or a stream to samples at the rate that it has.

use symphonia::core::errors::Error as MediaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Time;

use super::packets::PacketDecoder;
use super::{CHANNELS, PlaybackError};
use crate::deviations::deviates;
use crate::tracks::{Media, Unproductive, formats};

/// Packets in a row that may be damaged.
const DAMAGED_PACKETS: usize = 200;

/// Reads the first audio track of a source, packet by packet.
pub(crate) struct Reader {
    unproductive: Unproductive,
    format: Box<dyn FormatReader>,
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
        let stream = MediaSourceStream::new(source, Default::default());
        let format = formats().probe(
            &Hint::new(),
            stream,
            FormatOptions::default(),
            MetadataOptions::default(),
        )?;
        let track = format.default_track(TrackType::Audio).ok_or(PlaybackError::NoAudio)?;
        let parameters = track.codec_params.as_ref().and_then(|codec| codec.audio());
        let parameters = parameters.ok_or(PlaybackError::NoAudio)?;
        let packets = PacketDecoder::new(parameters)?;
        let tells_length = packets.tells_length(track.time_base);
        unproductive.clear();
        let (skip, decoded) = (0, 0);
        Ok(Self { unproductive, track: track.id, format, packets, tells_length, skip, decoded })
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
        let packet = self.format.next_packet()?;
        if packet.is_none() && deviates("LL-PLAYBACK-062/told") && self.was_short() {
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
        let reached = self.format.seek(SeekMode::Accurate, to);
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

    /// Whether much less was decoded than the container promises.
    fn was_short(&self) -> bool {
        let track = self.format.tracks().iter().find(|track| track.id == self.track);
        let promised = track.and_then(|track| track.num_frames);
        promised.is_some_and(|promised| self.decoded < promised / 10 * 9)
    }

    /// Frames that lie between two timestamps of the track.
    fn frames_of(&self, ticks: i64) -> u64 {
        let track = self.format.tracks().iter().find(|track| track.id == self.track);
        let base = track.and_then(|track| track.time_base);
        let seconds = base.map_or(0.0, |base| {
            ticks as f64 * f64::from(base.numer.get()) / f64::from(base.denom.get())
        });
        (seconds.max(0.0) * f64::from(self.sample_rate())).round() as u64
    }
}
