//! From a file or a stream to Opus frames of 20 ms.

use std::panic::{AssertUnwindSafe, catch_unwind};

use opus_pure::{Application, OpusEncoder};
use symphonia::core::errors::Error as MediaError;

use super::reader::Reader;
use super::resample::{ConversionError, Resampler};
use super::{CHANNELS, FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE};
use crate::deviations::{deviates, either};
use crate::filters::{Chain, FilterError, Filters, PlayerVolume, to_whole};
use crate::tracks::Media;

/// Bits of a second of Opus; what Lavalink's encoder makes of music.
const BITRATE: i32 = 128_000;

/// Longest Opus frame.
const LONGEST_FRAME: usize = 1276;

/// 20 ms of a track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Where in the track it begins, ms.
    pub(crate) position: i64,
    pub(crate) opus: Box<[u8]>,
    /// The player's volume that is in the sound.
    pub(crate) volume: PlayerVolume,
}

/// Decodes a track, bit by bit. Every call blocks as long as its source does.
pub(crate) struct Decoder {
    reader: Reader,
    resampler: Resampler,
    encoder: OpusEncoder,
    /// Stereo at 48 kHz on its way to the filters.
    converted: Vec<f32>,
    filters: Filters,
    chain: Option<Chain>,
    /// What has passed them and is no whole frame yet.
    samples: Vec<f32>,
    /// A frame in whole numbers.
    whole: Vec<i16>,
    /// Of the next frame, ms.
    position: i64,
    at_end: bool,
}

/// Why a track cannot be decoded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaybackError {
    #[error("the media cannot be read")]
    Media(#[from] MediaError),
    #[error(transparent)]
    Conversion(#[from] ConversionErrorBox),
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
    /// Opens a source at its beginning. `complexity`: how hard Opus tries, 0 to 10.
    pub(crate) fn open(media: Media, complexity: u8) -> Result<Self, PlaybackError> {
        guarded(|| Self::try_open(media, complexity))
    }

    fn try_open(media: Media, complexity: u8) -> Result<Self, PlaybackError> {
        let reader = Reader::open(media)?;
        let encoder = encoder(complexity)?;
        Ok(Self {
            resampler: Resampler::new(reader.sample_rate()).map_err(ConversionErrorBox)?,
            reader,
            encoder,
            converted: Vec::new(),
            filters: Filters::default(),
            chain: None,
            samples: Vec::new(),
            whole: Vec::new(),
            position: 0,
            at_end: false,
        })
    }

    /// Sends what is decoded from now on through these filters, which begin anew.
    pub(crate) fn set_filters(&mut self, filters: Filters) -> Result<(), FilterError> {
        if filters == self.filters && deviates("LL-FILTERS-114/same-kept") {
            return Ok(());
        }
        self.chain = Chain::build(&filters)?;
        self.filters = filters;
        Ok(())
    }

    /// Goes on at a position in ms; beyond the end there is nothing to go on with.
    pub(crate) fn seek(&mut self, position: i64) -> Result<(), PlaybackError> {
        guarded(|| self.try_seek(position.max(0)))
    }

    fn try_seek(&mut self, position: i64) -> Result<(), PlaybackError> {
        self.samples.clear();
        if let Some(chain) = &mut self.chain {
            chain.seek();
        }
        if self.chain.is_some() && deviates("LL-FILTERS-114/fresh-on-seek") {
            self.chain = Chain::build(&self.filters).ok().flatten();
        }
        let rate = self.reader.sample_rate();
        self.resampler = Resampler::new(rate).map_err(ConversionErrorBox)?;
        self.position = position / FRAME_MS * FRAME_MS;
        let reached = (self.position as f64 * self.filters.pace()) as i64;
        let there = either("LL-FILTERS-116/seek-in-output-time", self.position, reached);
        self.at_end = !self.reader.seek(there)?;
        Ok(())
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
        while self.samples.len() < FRAME_SAMPLES * CHANNELS {
            let drained = self.chain.as_mut().is_some_and(|chain| chain.drain(&mut self.samples));
            if !drained && self.at_end {
                return Ok(None);
            }
            if !drained {
                self.decode_more()?;
            }
        }
        self.whole.clear();
        to_whole(&self.samples[..FRAME_SAMPLES * CHANNELS], &mut self.whole);
        self.samples.drain(..FRAME_SAMPLES * CHANNELS);
        volume.apply(&mut self.whole);
        let opus = encode(&mut self.encoder, &self.whole)?;
        let position = self.position;
        let source = (FRAME_MS as f64 * self.filters.pace()) as i64;
        self.position += either("LL-FILTERS-116/source-time", FRAME_MS, source);
        Ok(Some(Frame { position, opus, volume }))
    }

    /// Lets more of the source pass the filters.
    fn decode_more(&mut self) -> Result<(), PlaybackError> {
        self.converted.clear();
        self.convert_more()?;
        match &mut self.chain {
            Some(chain) => chain.process(&self.converted, &mut self.samples),
            None => self.samples.extend_from_slice(&self.converted),
        }
        Ok(())
    }

    fn convert_more(&mut self) -> Result<(), PlaybackError> {
        let converted = match self.reader.read()? {
            Some(stereo) => self.resampler.feed(&stereo, &mut self.converted),
            None => {
                self.at_end = true;
                self.resampler.finish(&mut self.converted)
            }
        };
        Ok(converted.map_err(ConversionErrorBox)?)
    }
}

/// An encoder of what is sent to Discord.
pub(crate) fn encoder(complexity: u8) -> Result<OpusEncoder, opus_pure::Error> {
    let mut encoder = OpusEncoder::new(SAMPLE_RATE as i32, CHANNELS, Application::Audio)?;
    encoder.bitrate_bps = BITRATE;
    encoder.complexity = complexity.into();
    Ok(encoder)
}

/// A frame in Opus.
pub(crate) fn encode(
    encoder: &mut OpusEncoder,
    samples: &[i16],
) -> Result<Box<[u8]>, opus_pure::Error> {
    let mut opus = [0; LONGEST_FRAME];
    let length = encoder.encode_s16(samples, FRAME_SAMPLES, &mut opus)?;
    Ok(opus[..length].into())
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
mod tests {
    use std::fs::File;

    use super::*;

    fn open(name: &str) -> Decoder {
        let path = format!("{}/../fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"));
        Decoder::open(Media::finite(Box::new(File::open(path).unwrap())), 10).unwrap()
    }

    fn frames(decoder: &mut Decoder) -> Vec<Frame> {
        std::iter::from_fn(|| decoder.next_frame(PlayerVolume::default()).unwrap()).collect()
    }

    fn decoded(frames: &[Frame]) -> Vec<f32> {
        let mut decoder = opus_pure::OpusDecoder::new(48_000, 2).unwrap();
        let mut out = vec![0.0; 1920];
        let mut samples = Vec::new();
        for frame in frames {
            let count = decoder.decode(&frame.opus, 960, &mut out).unwrap();
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
        assert!(Decoder::open(Media::finite(Box::new(File::open(path).unwrap())), 10).is_err());
    }
}
