//! How much sound a source gives, without making it: the same number of frames, each where it would
//! be, and nothing in them.

use super::PlaybackError;
use super::reader::Reader;
use super::resample::ResampledLength;
use crate::filters::{Chain, MOST, ScaledLength};
use crate::pcm::{FRAME_SAMPLES, SAMPLE_RATE};
use crate::tracks::{Known, Media};

/// Samples of a channel in the packets that a wav is read in.
const WAV_PACKET: u64 = 1152;

/// Samples that filters may hold back or need ahead; more than any timescale does.
const HELD_BACK: u64 = 48_000;

/// From a source to 48 kHz and through filters, counted in samples of a channel.
pub(super) struct LengthLine {
    source: Source,
    resampler: ResampledLength,
    /// What the filters do to it.
    scale: Option<ScaledLength>,
    /// Whether they have more to give.
    more: bool,
    /// What has passed them and is no whole frame yet.
    samples: usize,
}

/// Where lengths come from.
enum Source {
    Read(Box<Reader>),
    Known(Unread),
}

/// A wav whose length is known; it is not read, but otherwise as a [`Reader`] would read it.
struct Unread {
    known: Known,
    /// Samples of a channel before the next packet, and those to leave out of it after a seek.
    at: u64,
    skip: u64,
}

impl LengthLine {
    pub(super) fn open(media: Media) -> Result<Self, PlaybackError> {
        let source = match media.known {
            Some(known) => Source::Known(Unread { known, at: 0, skip: 0 }),
            None => Source::Read(Box::new(Reader::open(media)?)),
        };
        let resampler = ResampledLength::new(source.sample_rate());
        Ok(Self { source, resampler, scale: None, more: false, samples: 0 })
    }

    /// Frames that there are to come at least; `None` if the source has to be read to know. Then
    /// it may take its time, too.
    pub(super) fn certain_frames(&self) -> Option<usize> {
        let Source::Known(unread) = &self.source else { return None };
        let left = unread.known.length.saturating_sub(unread.at + unread.skip);
        let samples = match &self.scale {
            Some(scale) => (left.saturating_sub(HELD_BACK) as f64 / scale.pace()) as u64,
            None => left + self.samples as u64,
        };
        usize::try_from(samples / FRAME_SAMPLES as u64).ok()
    }

    pub(super) fn set_chain(&mut self, chain: Option<&Chain>) {
        self.scale = chain.and_then(Chain::length);
        self.more = false;
    }

    /// Begins anew at another place of the source, ms; `false` beyond its end.
    pub(super) fn seek(&mut self, position: i64) -> Result<bool, PlaybackError> {
        self.resampler = ResampledLength::new(self.source.sample_rate());
        if let Some(scale) = &mut self.scale {
            scale.seek();
        }
        (self.more, self.samples) = (false, 0);
        match &mut self.source {
            Source::Read(reader) => reader.seek(position),
            Source::Known(unread) => Ok(unread.seek(position)),
        }
    }

    /// Takes a frame away; says whether there was one.
    pub(super) fn take_frame(&mut self) -> bool {
        let rest = self.samples.checked_sub(FRAME_SAMPLES);
        self.samples = rest.unwrap_or(self.samples);
        rest.is_some()
    }

    /// Lets the filters give more of what they have; says whether there was anything.
    pub(super) fn drain(&mut self) -> bool {
        let Some(scale) = self.scale.as_mut().filter(|_| self.more) else { return false };
        let given = scale.pull(MOST);
        self.samples += given;
        self.more = given >= MOST;
        given > 0
    }

    /// Lets more of the source pass; says whether there was more.
    pub(super) fn read_more(&mut self) -> Result<bool, PlaybackError> {
        let read = match &mut self.source {
            Source::Read(reader) => reader.read_length()?,
            Source::Known(unread) => unread.read(),
        };
        let converted = match read {
            Some(samples) => self.resampler.feed(samples),
            None => self.resampler.finish(),
        };
        match &mut self.scale {
            Some(scale) => {
                scale.push(converted);
                self.more = true;
                self.drain();
            }
            None => self.samples += converted,
        }
        Ok(read.is_some())
    }
}

impl Source {
    fn sample_rate(&self) -> u32 {
        match self {
            Self::Read(reader) => reader.sample_rate(),
            Self::Known(_) => SAMPLE_RATE,
        }
    }
}

impl Unread {
    fn read(&mut self) -> Option<usize> {
        let samples = WAV_PACKET.min(self.known.length - self.at);
        self.at += samples;
        let skipped = self.skip.min(samples);
        self.skip -= skipped;
        (samples > 0).then_some((samples - skipped) as usize)
    }

    fn seek(&mut self, position: i64) -> bool {
        let wanted = position.unsigned_abs().saturating_mul(u64::from(SAMPLE_RATE / 1000));
        let packet = wanted / WAV_PACKET * WAV_PACKET;
        if wanted > self.known.length || !self.known.seekable && packet < self.at {
            return false;
        }
        (self.at, self.skip) = (packet, wanted - packet);
        true
    }
}
