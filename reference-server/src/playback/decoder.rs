//! From a file or a stream to Opus frames of 20 ms.

use std::panic::{AssertUnwindSafe, catch_unwind};

use symphonia::core::errors::Error as MediaError;

use super::frame::{Frame, Sound};
use super::length::LengthLine;
#[cfg(feature = "audio")]
use super::resample::ConversionError;
#[cfg(not(feature = "audio"))]
use super::silent::SoundLine;
#[cfg(feature = "audio")]
use super::sound::SoundLine;
use crate::deviations::switch::{self, deviates, either};
use crate::filters::{Chain, FilterError, Filters, PlayerVolume};
use crate::pcm::FRAME_MS;
use crate::tracks::Media;

/// What a decoder makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Making {
    /// Sound.
    Sound {
        /// How hard Opus tries, 0 to 10.
        complexity: u8,
    },
    /// Sound that becomes Opus only when it is taken. In manual time nobody waits for that, and
    /// most of what is made ahead is never taken.
    Samples,
    /// Frames as many as there would be with sound, and each where it would be. Nothing is filtered
    /// or encoded for them, and nothing decoded whose packets say how long they are.
    Frames,
}

/// Decodes a track, bit by bit. Every call blocks as long as its source does.
pub(crate) struct Decoder {
    line: Line,
    filters: Filters,
    /// Of the next frame, ms.
    position: i64,
    at_end: bool,
}

/// What the samples of a source go through.
enum Line {
    Sound(Box<SoundLine>),
    Length(Box<LengthLine>),
}

/// Why a track cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaybackError {
    #[error("the media cannot be read")]
    Media(#[from] MediaError),
    #[cfg(feature = "audio")]
    #[error(transparent)]
    Conversion(#[from] ConversionErrorBox),
    #[cfg(feature = "audio")]
    #[error("Opus refuses the samples")]
    Opus(#[from] opus_pure::Error),
    #[error("there is no audio in it")]
    NoAudio,
    #[error("too much of it is damaged")]
    Damaged,
    #[error("the decoder failed on it")]
    Panicked,
}

/// So that nobody outside has to know how rates are converted.
#[cfg(feature = "audio")]
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct ConversionErrorBox(#[from] ConversionError);

impl PlaybackError {
    /// Whether the media ends before it says so.
    pub(crate) fn is_truncation(&self) -> bool {
        let Self::Media(MediaError::IoError(error)) = self else { return false };
        error.kind() == std::io::ErrorKind::UnexpectedEof
    }
}

impl Decoder {
    /// Opens a source at its beginning.
    pub(crate) fn open(media: Media, making: Making) -> Result<Self, PlaybackError> {
        guarded(|| Self::try_open(media, making))
    }

    fn try_open(media: Media, making: Making) -> Result<Self, PlaybackError> {
        let line = match making {
            Making::Sound { complexity } => {
                Line::Sound(Box::new(SoundLine::open(media, Some(complexity))?))
            }
            Making::Samples => Line::Sound(Box::new(SoundLine::open(media, None)?)),
            Making::Frames => Line::Length(Box::new(LengthLine::open(media)?)),
        };
        Ok(Self { line, filters: Filters::default(), position: 0, at_end: false })
    }

    /// Sends what is decoded from now on through these filters, which begin anew.
    pub(crate) fn set_filters(&mut self, filters: Filters) -> Result<(), FilterError> {
        if filters == self.filters && deviates(switch::FILTERS_114_SAME_KEPT) {
            return Ok(());
        }
        let chain = Chain::build(&filters)?;
        match &mut self.line {
            Line::Sound(line) => line.chain = chain,
            Line::Length(line) => line.set_chain(chain.as_ref()),
        }
        self.filters = filters;
        Ok(())
    }

    /// Goes on at a position in ms; beyond the end there is nothing to go on with.
    pub(crate) fn seek(&mut self, position: i64) -> Result<(), PlaybackError> {
        guarded(|| self.try_seek(position.max(0)))
    }

    fn try_seek(&mut self, position: i64) -> Result<(), PlaybackError> {
        self.position = position / FRAME_MS * FRAME_MS;
        let reached = (self.position as f64 * self.filters.pace()) as i64;
        let there = either(switch::FILTERS_116_SEEK_IN_OUTPUT_TIME, self.position, reached);
        let reached = match &mut self.line {
            Line::Sound(line) => line.seek(there, &self.filters)?,
            Line::Length(line) => line.seek(there)?,
        };
        self.at_end = !reached;
        Ok(())
    }

    /// Frames that there are to come at least; `None` if the source has to be read to know. If it
    /// is known making them takes no time, as nothing is waited for.
    pub(crate) fn certain_frames(&self) -> Option<usize> {
        match &self.line {
            Line::Sound(_) => None,
            Line::Length(line) => line.certain_frames(),
        }
    }

    /// The next frame, at a volume; `None` at the end. What does not fill a frame at the end is
    /// left out.
    pub(crate) fn next_frame(
        &mut self,
        volume: PlayerVolume,
    ) -> Result<Option<Frame>, PlaybackError> {
        guarded(|| self.try_next_frame(volume))
    }

    fn try_next_frame(&mut self, volume: PlayerVolume) -> Result<Option<Frame>, PlaybackError> {
        let sound = loop {
            match &mut self.line {
                Line::Sound(line) => {
                    if let Some(sound) = line.take_frame(volume)? {
                        break sound;
                    }
                }
                Line::Length(line) => {
                    if line.take_frame() {
                        break Sound::Unmade;
                    }
                }
            }
            if self.line.drain() {
                continue;
            }
            if self.at_end {
                return Ok(None);
            }
            self.at_end = !self.line.read_more()?;
        };
        let position = self.position;
        let source = (FRAME_MS as f64 * self.filters.pace()) as i64;
        self.position += either(switch::FILTERS_116_SOURCE_TIME, FRAME_MS, source);
        Ok(Some(Frame { position, sound }))
    }
}

impl Line {
    /// Lets the filters give more of what they have; says whether there was anything.
    fn drain(&mut self) -> bool {
        match self {
            Self::Sound(line) => line.drain(),
            Self::Length(line) => line.drain(),
        }
    }

    /// Lets more of the source pass; says whether there was more.
    fn read_more(&mut self) -> Result<bool, PlaybackError> {
        match self {
            Self::Sound(line) => line.read_more(),
            Self::Length(line) => line.read_more(),
        }
    }
}

/// A decoder that trips over a damaged file must not take the server with it.
fn guarded<T>(work: impl FnOnce() -> Result<T, PlaybackError>) -> Result<T, PlaybackError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(PlaybackError::Panicked))
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").field("position", &self.position).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(feature = "audio")]
mod tests {
    use std::fs::File;

    use super::*;

    const SOUND: Making = Making::Sound { complexity: 10 };

    fn open(name: &str) -> Decoder {
        open_for(name, SOUND)
    }

    fn open_for(name: &str, making: Making) -> Decoder {
        let path = format!("{}/../fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"));
        Decoder::open(Media::finite(Box::new(File::open(path).unwrap())), making).unwrap()
    }

    fn frames(decoder: &mut Decoder) -> Vec<Frame> {
        std::iter::from_fn(|| decoder.next_frame(PlayerVolume::default()).unwrap()).collect()
    }

    fn decoded(frames: &[Frame]) -> Vec<f32> {
        let mut decoder = opus_pure::OpusDecoder::new(48_000, 2).unwrap();
        let mut out = vec![0.0; 1920];
        let mut samples = Vec::new();
        for frame in frames {
            let Sound::Encoded(opus, _) = &frame.sound else { panic!("{frame:?}") };
            let count = decoder.decode(opus, 960, &mut out).unwrap();
            samples.extend_from_slice(&out[..count * 2]);
        }
        samples
    }

    #[test]
    fn every_container_gives_frames_of_twenty_milliseconds() {
        for (name, milliseconds) in [
            ("tone.wav", 1000),
            ("tone.flac", 3000),
            ("tone.mp3", 3000),
            ("tone.ogg", 3000),
            ("tone.m4a", 3000),
            ("tone.webm", 3000),
            ("tone.aac", 3000),
        ] {
            let frames = frames(&mut open(name));
            let length = frames.len() as i64 * FRAME_MS;
            assert!((length - milliseconds).abs() <= 60, "{name}: {length}");
            let positions: Vec<_> = frames.iter().map(|frame| frame.position).collect();
            let expected: Vec<_> = (0..frames.len() as i64).map(|n| n * FRAME_MS).collect();
            assert_eq!(positions, expected, "{name}");
        }
    }

    #[test]
    fn a_seek_goes_there_and_beyond_the_end_is_the_end() {
        let mut decoder = open("tone.flac");
        decoder.seek(2010).unwrap();
        let rest = frames(&mut decoder);
        assert_eq!((rest[0].position, rest.len()), (2000, 50));
        decoder.seek(0).unwrap();
        assert_eq!(frames(&mut decoder).len(), 150);
        decoder.seek(60_000).unwrap();
        assert_eq!(decoder.next_frame(PlayerVolume::default()).unwrap(), None);
        decoder.seek(-5).unwrap();
        assert_eq!(decoder.next_frame(PlayerVolume::default()).unwrap().unwrap().position, 0);
    }

    #[test]
    fn every_container_goes_back_from_its_end_and_from_beyond() {
        for name in ["wav", "flac", "mp3", "ogg", "m4a", "webm", "aac"] {
            let mut decoder = open_for(&format!("tone.{name}"), Making::Frames);
            let whole = frames(&mut decoder);
            decoder.seek(60_000).unwrap();
            decoder.seek(0).unwrap();
            let again = frames(&mut decoder);
            // What an encoder put before the sound is left out once only.
            assert!(again.len().abs_diff(whole.len()) <= 3, "{name}: {}", again.len());
        }
    }

    #[test]
    fn what_was_recorded_is_heard() {
        let samples = decoded(&frames(&mut open("tone.flac")));
        let power = |samples: &[f32]| {
            (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt()
        };
        assert!(power(&samples[48_000..240_000]) > 0.02, "{}", power(&samples[48_000..240_000]));
    }

    #[test]
    fn filters_are_heard_and_positions_count_what_comes_out() {
        let power = |frames: &[Frame]| {
            let samples = decoded(frames);
            let inner = &samples[48_000..samples.len() - 48_000];
            (inner.iter().map(|s| s * s).sum::<f32>() / inner.len() as f32).sqrt()
        };
        let mut decoder = open("tone.flac");
        let plain = power(&frames(&mut decoder));
        decoder.seek(0).unwrap();
        decoder.set_filters(r#"{"volume":0.5}"#.parse().unwrap()).unwrap();
        let quiet = power(&frames(&mut decoder));
        assert!((quiet / plain - 0.4169).abs() < 0.02, "{quiet} of {plain}");
        for (speed, count) in [(2.0, 73), (0.5, 290)] {
            decoder.seek(0).unwrap();
            let filters = format!(r#"{{"timescale":{{"speed":{speed}}}}}"#);
            decoder.set_filters(filters.parse().unwrap()).unwrap();
            let frames = frames(&mut decoder);
            assert!(frames.len().abs_diff(count) <= 1, "{speed}: {}", frames.len());
            assert_eq!(frames[50].position, 1000);
            decoder.seek(1000).unwrap();
            let first = decoder.next_frame(PlayerVolume::default()).unwrap().unwrap();
            assert_eq!(first.position, 1000);
        }
        decoder.seek(0).unwrap();
        decoder.set_filters(Filters::default()).unwrap();
        assert!((power(&frames(&mut decoder)) / plain - 1.0).abs() < 0.02);
    }

    #[test]
    fn bad_filters_are_refused_and_those_before_stay() {
        let mut decoder = open("tone.flac");
        let error = decoder.set_filters(r#"{"volume":6}"#.parse().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "java.lang.IllegalArgumentException: Volume > 5.0");
        assert_eq!(frames(&mut decoder).len(), 150);
    }

    #[test]
    fn garbage_is_refused() {
        let path = format!("{}/../fixtures/media/garbage.bin", env!("CARGO_MANIFEST_DIR"));
        assert!(Decoder::open(Media::finite(Box::new(File::open(path).unwrap())), SOUND).is_err());
    }

    #[test]
    fn frames_without_sound_are_as_many_as_with_it_and_where_those_are() {
        let positions = |decoder: &mut Decoder, most: usize| {
            let next = || decoder.next_frame(PlayerVolume::default()).unwrap();
            let frames = std::iter::from_fn(next).take(most);
            frames.map(|frame| frame.position).collect::<Vec<_>>()
        };
        let filters = [
            r#"{"volume":0.5}"#,
            r#"{"timescale":{"speed":2}}"#,
            r#"{"timescale":{"speed":0.7,"pitch":1.3}}"#,
            r#"{"timescale":{"rate":0.45}}"#,
            r#"{"timescale":{"pitch":2.5,"rate":1.1}}"#,
        ];
        let sound = Making::Sound { complexity: 0 };
        for (name, filters) in [
            ("tone.wav", &filters[..]),
            ("tone.flac", &filters[1..3]),
            ("tone.mp3", &filters[3..4]),
            ("tone.ogg", &filters[..1]),
            ("tone.m4a", &filters[..1]),
            ("tone.webm", &filters[..1]),
            ("tone.aac", &filters[..1]),
        ] {
            let mut both = [sound, Making::Frames].map(|making| open_for(name, making));
            let mut compare = |act: &dyn Fn(&mut Decoder), most| {
                let seen = both.each_mut().map(|decoder| {
                    act(decoder);
                    positions(decoder, most)
                });
                assert_eq!(seen[0], seen[1], "{name}");
            };
            compare(&|_| (), 1000);
            compare(&|decoder| decoder.seek(70_000).unwrap(), 1000);
            for filters in filters {
                compare(&|decoder| decoder.seek(330).unwrap(), 10);
                compare(&|decoder| decoder.set_filters(filters.parse().unwrap()).unwrap(), 30);
                compare(&|decoder| decoder.seek(330).unwrap(), 1000);
                compare(&|decoder| decoder.seek(400).unwrap(), 10);
                compare(&|decoder| decoder.set_filters(Filters::default()).unwrap(), 1000);
            }
        }
    }
}
