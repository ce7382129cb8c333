//! The frames of a track that plays: decoded ahead of time, in the background.

use std::collections::VecDeque;

use super::Decoder;
use super::frame::{Frame, Packet, Sound};
#[cfg(not(feature = "audio"))]
use super::silent::{LateEncoder, Revolume};
use super::work::{Decoded, Made, Work};
#[cfg(feature = "audio")]
use super::{late::LateEncoder, revolume::Revolume};
use crate::clock::Gate;
use crate::deviations::switch::{self, deviates, either};
use crate::filters::{Filters, PlayerVolume};
use crate::pcm::{FRAME_MS, MUTE, SILENCE};
use crate::tracks::LoadFailure;

/// Frames that are decoded in one go; the first ones come at once.
const FIRST_BATCH: usize = 25;
const BATCH: usize = 50;

/// Pieces of fewer frames are not worth the way.
const SMALL: usize = BATCH / 5;

/// Frames that have to be there before the first is taken, so that sound does not stutter at once.
const HEAD_START: usize = 25;

/// How often frames are asked for, and kept back, until those that are there have to do.
const PATIENCE: usize = 10;

/// Frames of a track, and the decoder that makes more of them.
#[derive(Debug)]
pub(crate) struct Stream {
    /// Tells the streams of a session apart.
    serial: u64,
    /// Changes with every seek, so that what was decoded for the old position is not used.
    generation: u64,
    gate: Gate,
    frames: VecDeque<Frame>,
    /// Where the decoder that is at work puts them.
    made: Made,
    pub(crate) stage: Stage,
    seek: Option<i64>,
    /// Filters that the decoder does not have yet.
    filters: Option<Filters>,
    /// What changes the volume of frames that were decoded before it changed.
    revolume: Option<Revolume>,
    /// What encodes frames that were not when they were made.
    late: Option<LateEncoder>,
    /// The frame that was taken last, as it was encoded first.
    last: Option<Box<[u8]>>,
    /// Whether frames may be taken.
    flows: bool,
    /// How often they were asked for and kept back.
    kept_back: usize,
    /// Whether a frame was ever taken.
    pub(crate) was_heard: bool,
    /// Whether decoding broke.
    pub(crate) is_broken: bool,
}

#[derive(Debug)]
pub(crate) enum Stage {
    /// Nobody has asked for a frame yet.
    Unopened,
    /// The decoder is here.
    Resting(Box<Decoder>),
    /// The decoder is at work.
    Working,
    /// There are no more frames than those that are here.
    Ended(Option<Box<Decoder>>),
}

impl Stream {
    /// Of a track that begins at a position, ms.
    pub(crate) fn new(serial: u64, position: i64) -> Self {
        Self {
            serial,
            generation: 0,
            gate: Gate::default(),
            frames: VecDeque::new(),
            made: Made::default(),
            stage: Stage::Unopened,
            seek: (position > 0).then_some(position),
            filters: None,
            revolume: None,
            late: None,
            last: None,
            flows: false,
            kept_back: 0,
            was_heard: false,
            is_broken: false,
        }
    }

    pub(crate) fn serial(&self) -> u64 {
        self.serial
    }

    /// What is decoded from now on goes through these filters, which begin anew.
    pub(crate) fn set_filters(&mut self, filters: Filters) {
        if filters == Filters::default() && deviates(switch::FILTERS_120_KEPT) {
            return;
        }
        self.filters = Some(filters);
        if !self.frames.is_empty() && deviates(switch::FILTERS_115_AT_ONCE) {
            self.frames.clear();
        }
    }

    /// The next frame at a volume, if it is there. `complexity`: how hard Opus tries to encode it
    /// again if that is not the volume that it has.
    pub(crate) fn take(&mut self, volume: PlayerVolume, complexity: u8) -> Option<Packet> {
        if self.frames.is_empty() {
            self.frames.extend(self.made.take());
        }
        let ended = matches!(self.stage, Stage::Ended(_));
        self.flows |= self.frames.len() >= HEAD_START || ended || self.kept_back >= PATIENCE;
        if !self.flows {
            self.kept_back += usize::from(!self.frames.is_empty());
            return None;
        }
        let frame = self.frames.pop_front()?;
        self.was_heard = true;
        let opus = self.at_volume(frame.sound, volume, complexity);
        Some(Packet { position: frame.position, opus })
    }

    fn at_volume(&mut self, sound: Sound, volume: PlayerVolume, complexity: u8) -> Box<[u8]> {
        let opus = match &sound {
            Sound::Encoded(opus, _) => Some(opus.clone()),
            Sound::Unmade | Sound::Plain(_) => None,
        };
        let previous = std::mem::replace(&mut self.last, opus);
        if volume.is_mute() {
            self.revolume = None;
            return either(switch::FILTERS_127_SILENCE, MUTE, SILENCE).into();
        }
        match sound {
            Sound::Unmade => MUTE.into(),
            Sound::Plain(samples) => self.encoded(samples, volume, complexity),
            Sound::Encoded(opus, made_at) if made_at == volume => {
                self.revolume = None;
                opus
            }
            Sound::Encoded(opus, made_at) => {
                if self.revolume.is_none() {
                    self.revolume = Revolume::new(complexity, previous.as_deref()).ok();
                }
                let again = self.revolume.as_mut().map(|r| r.apply(&opus, made_at, volume));
                // A frame that cannot be encoded again is heard as it is.
                again.and_then(Result::ok).unwrap_or(opus)
            }
        }
    }

    fn encoded(&mut self, samples: Box<[i16]>, volume: PlayerVolume, complexity: u8) -> Box<[u8]> {
        if self.late.is_none() {
            self.late = LateEncoder::new(complexity).ok();
        }
        let opus = self.late.as_mut().map(|late| late.encode(samples, volume));
        opus.and_then(Result::ok).unwrap_or_else(|| MUTE.into())
    }

    /// Frames that can be taken, one every 20 ms, before anything comes of it but that they are
    /// fewer, and before more of `wanted` has to be read of the source. Less if that is not known.
    pub(crate) fn certain_frames(&self, wanted: usize) -> usize {
        if !self.flows || self.seek.is_some() || self.filters.is_some() {
            return 0;
        }
        let there = self.frames.len();
        match &self.stage {
            Stage::Resting(decoder) => match decoder.certain_frames() {
                Some(to_come) => there + to_come,
                None => there.saturating_sub(wanted.saturating_sub(SMALL)),
            },
            Stage::Ended(_) => there,
            Stage::Unopened | Stage::Working => 0,
        }
    }

    /// Where the next frame begins, ms, if it is there.
    pub(crate) fn next_position(&self) -> Option<i64> {
        self.frames.front().map(|frame| frame.position)
    }

    /// Whether there are frames that can still be heard.
    pub(crate) fn has_frames(&self) -> bool {
        !self.frames.is_empty()
    }

    /// Whether nothing more comes.
    pub(crate) fn has_ended(&self) -> bool {
        self.frames.is_empty() && self.seek.is_none() && matches!(self.stage, Stage::Ended(_))
    }

    /// Whether all of it has been decoded.
    pub(crate) fn is_through(&self) -> bool {
        self.seek.is_none() && matches!(self.stage, Stage::Ended(_))
    }

    /// Whether there is, or may be, something that can seek: not if the track could not be opened.
    pub(crate) fn can_go_on(&self) -> bool {
        !matches!(self.stage, Stage::Ended(None))
    }

    /// Goes on at another position, ms.
    pub(crate) fn seek(&mut self, position: i64) {
        self.generation += 1;
        (self.flows, self.kept_back) = (false, 0);
        self.seek = Some(position.max(0));
        self.frames.clear();
        self.made = Made::default();
        (self.revolume, self.last) = (None, None);
        if let Stage::Ended(decoder) = &mut self.stage
            && let Some(decoder) = decoder.take()
        {
            self.stage = Stage::Resting(decoder);
        }
    }

    /// What is to be decoded so that there are `wanted` frames; nothing while something is.
    pub(crate) fn work(&mut self, wanted: usize, volume: PlayerVolume) -> Option<Work> {
        let missing = wanted.saturating_sub(self.frames.len());
        let enough = missing == 0 || (missing < SMALL && !self.frames.is_empty());
        if enough && self.seek.is_none() {
            return None;
        }
        let decoder = match std::mem::replace(&mut self.stage, Stage::Working) {
            Stage::Unopened => None,
            Stage::Resting(decoder) => Some(decoder),
            other => {
                self.stage = other;
                return None;
            }
        };
        let late = self.seek.is_some() && deviates(switch::FILTERS_115_SEEK_KEEPS_OLD);
        let most = match self.frames.is_empty() {
            _ if late => usize::MAX,
            true => FIRST_BATCH,
            false => BATCH,
        };
        Some(Work {
            serial: self.serial,
            generation: self.generation,
            gate: self.gate.clone(),
            decoder,
            seek: self.seek.take(),
            filters: if late { None } else { self.filters.take() },
            volume,
            count: missing.clamp(1, most),
            made: self.made.clone(),
        })
    }

    /// Takes what was decoded; gives back why it broke, if it did.
    pub(crate) fn receive(&mut self, decoded: Decoded) -> Option<LoadFailure> {
        let current = decoded.generation == self.generation;
        if decoded.failure.is_some() && deviates(switch::FILTERS_118_CUT_OFF) {
            self.frames.clear();
        }
        if current {
            self.frames.extend(self.made.take());
        }
        let ended = decoded.ended && current;
        self.stage = match decoded.decoder {
            Some(decoder) if !ended => Stage::Resting(decoder),
            decoder => Stage::Ended(decoder),
        };
        if !self.can_go_on() {
            self.seek = None;
        }
        let first = decoded.failure.filter(|_| !self.is_broken);
        self.is_broken |= first.is_some();
        first
    }
}

/// Frames of that many milliseconds.
pub(crate) fn frames_of(milliseconds: u64) -> usize {
    usize::try_from(milliseconds / FRAME_MS.unsigned_abs()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(position: i64) -> Frame {
        Frame { position, sound: Sound::Encoded([0].into(), PlayerVolume::default()) }
    }

    /// A stream whose decoder is at work, and where that puts its frames.
    fn at_work() -> (Stream, Made) {
        let mut stream = Stream::new(1, 0);
        let work = stream.work(250, PlayerVolume::default()).unwrap();
        (stream, work.made)
    }

    #[test]
    fn the_first_frames_wait_for_others_but_not_for_ever() {
        let (mut stream, made) = at_work();
        let mut take = || stream.take(PlayerVolume::default(), 10).map(|frame| frame.position);
        assert_eq!(take(), None);
        (0..3).for_each(|n| made.push(frame(20 * n)));
        for _ in 0..PATIENCE {
            assert_eq!(take(), None);
        }
        assert_eq!([take(), take(), take(), take()], [Some(0), Some(20), Some(40), None]);
        made.push(frame(60));
        assert_eq!(take(), Some(60));
    }

    #[test]
    fn with_enough_of_them_they_come_at_once() {
        let (mut stream, made) = at_work();
        (0..HEAD_START as i64).for_each(|n| made.push(frame(20 * n)));
        let first = stream.take(PlayerVolume::default(), 10).unwrap();
        assert_eq!(first.position, 0);
        stream.seek(5000);
        made.push(frame(500));
        assert_eq!(stream.take(PlayerVolume::default(), 10), None);
    }
}
