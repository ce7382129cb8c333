//! To 48 kHz, whatever the source has.

#[cfg(feature = "audio")]
pub(crate) use lavalink_resampler::ConversionError;
#[cfg(feature = "audio")]
use lavalink_resampler::Converter;

use crate::pcm::{CHANNELS, SAMPLE_RATE};

/// Frames of input that are converted together.
const CHUNK: usize = 1024;

/// Turns interleaved stereo of one rate into interleaved stereo at 48 kHz, piece by piece. What
/// comes out begins with the first sample that went in: the converter's delay is taken away.
#[cfg(feature = "audio")]
#[derive(Debug)]
pub(crate) struct Resampler {
    converter: Option<Converter>,
    input: Vec<f32>,
    output: Vec<f32>,
    /// Samples of the converter's delay that are still to come.
    delay: usize,
    /// Samples that the input so far has to become.
    owed: f64,
}

#[cfg(feature = "audio")]
impl Resampler {
    /// `rate` in Hz; at 48 kHz nothing is converted.
    pub(crate) fn new(rate: u32) -> Result<Self, ConversionError> {
        let converter = match rate {
            SAMPLE_RATE => None,
            rate => Some(Converter::new(rate, SAMPLE_RATE, CHUNK, CHANNELS)?),
        };
        let output = match &converter {
            Some(converter) => vec![0.0; converter.most() * CHANNELS],
            None => Vec::new(),
        };
        let delay = converter.as_ref().map_or(0, |c| c.delay() * CHANNELS);
        Ok(Self { converter, input: Vec::new(), output, delay, owed: 0.0 })
    }

    /// Takes input and appends what it becomes so far.
    pub(crate) fn feed(
        &mut self,
        input: &[f32],
        out: &mut Vec<f32>,
    ) -> Result<(), ConversionError> {
        let Some(converter) = &self.converter else {
            out.extend_from_slice(input);
            return Ok(());
        };
        self.owed += input.len() as f64 * converter.ratio();
        self.input.extend_from_slice(input);
        while let Some(wanted) = self.wanted().filter(|wanted| self.input.len() >= *wanted) {
            self.convert(wanted, out)?;
            self.input.drain(..wanted);
        }
        Ok(())
    }

    /// Samples that the next conversion takes.
    fn wanted(&self) -> Option<usize> {
        Some(self.converter.as_ref()?.wanted() * CHANNELS)
    }

    /// Appends what is still owed for the input so far.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), ConversionError> {
        while self.converter.is_some() && self.owed >= CHANNELS as f64 {
            self.convert(self.input.len(), out)?;
            self.input.clear();
        }
        Ok(())
    }

    fn convert(&mut self, samples: usize, out: &mut Vec<f32>) -> Result<(), ConversionError> {
        let Some(converter) = &mut self.converter else { return Ok(()) };
        let frames = converter.convert(&self.input[..samples], &mut self.output)?;
        let made = &self.output[..frames * CHANNELS];
        let late = self.delay.min(made.len());
        self.delay -= late;
        let owed = (self.owed.round() as usize).min(made.len() - late);
        out.extend_from_slice(&made[late..late + owed]);
        self.owed -= owed as f64;
        Ok(())
    }
}

/// How much a [`Resampler`] makes of how much.
#[derive(Debug)]
pub(super) struct ResampledLength {
    blocks: Option<Blocks>,
    /// Frames of input that were not converted yet.
    input: usize,
    /// Frames in the converter that make no whole block.
    saved: usize,
    /// Samples of its delay that are still to come.
    delay: usize,
    /// As in [`Resampler`].
    owed: f64,
}

/// What the converter makes at once, frames.
#[derive(Clone, Copy, Debug)]
struct Blocks {
    from: usize,
    to: usize,
    ratio: f64,
}

impl Blocks {
    /// Of the converter, which cuts a chunk into pieces of about 256 frames that are whole at both rates.
    fn of(rate: u32) -> Option<Self> {
        let (from, to) = (rate as usize, SAMPLE_RATE as usize);
        let divisor = (1..=from.min(to)).rev().find(|n| from % n == 0 && to % n == 0)?;
        let (from, to) = (from / divisor, to / divisor);
        let count = 256_usize.div_ceil(from);
        let ratio = f64::from(SAMPLE_RATE) / f64::from(rate);
        (rate != SAMPLE_RATE).then_some(Self { from: count * from, to: count * to, ratio })
    }
}

impl ResampledLength {
    /// `rate` in Hz.
    pub(super) fn new(rate: u32) -> Self {
        let blocks = Blocks::of(rate);
        let delay = blocks.map_or(0, |blocks| blocks.to / 2 * CHANNELS);
        Self { blocks, input: 0, saved: 0, delay, owed: 0.0 }
    }

    /// Takes frames; gives back how many come of them.
    pub(super) fn feed(&mut self, frames: usize) -> usize {
        let Some(blocks) = self.blocks else { return frames };
        self.owed += (frames * CHANNELS) as f64 * blocks.ratio;
        self.input += frames;
        let mut made = 0;
        while self.input >= CHUNK {
            self.input -= CHUNK;
            made += self.convert(blocks);
        }
        made
    }

    /// How many frames are owed for the input so far.
    pub(super) fn finish(&mut self) -> usize {
        let Some(blocks) = self.blocks else { return 0 };
        let mut made = 0;
        while self.owed >= CHANNELS as f64 {
            self.input = 0;
            made += self.convert(blocks);
        }
        made
    }

    /// Converts a chunk, whatever is in it.
    fn convert(&mut self, blocks: Blocks) -> usize {
        let available = self.saved + CHUNK;
        self.saved = available % blocks.from;
        let made = available / blocks.from * blocks.to * CHANNELS;
        let late = self.delay.min(made);
        self.delay -= late;
        let owed = (self.owed.round() as usize).min(made - late);
        self.owed -= owed as f64;
        owed / CHANNELS
    }
}

#[cfg(test)]
#[cfg(feature = "audio")]
mod tests {
    use super::*;

    fn tone(rate: u32, seconds: f64) -> Vec<f32> {
        let frames = (f64::from(rate) * seconds) as usize;
        let sample =
            |n: usize| (n as f64 * 1000.0 * std::f64::consts::TAU / f64::from(rate)).sin() as f32;
        (0..frames).flat_map(|n| [sample(n), -sample(n)]).collect()
    }

    #[test]
    fn every_rate_keeps_length_and_tone() {
        for rate in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000] {
            let mut resampler = Resampler::new(rate).unwrap();
            let mut out = Vec::new();
            // In pieces of odd lengths.
            for piece in tone(rate, 1.0).chunks(2 * 333) {
                resampler.feed(piece, &mut out).unwrap();
            }
            resampler.finish(&mut out).unwrap();
            assert!(out.len().abs_diff(96_000) <= 2, "{rate}: {}", out.len());
            let expected = tone(48_000, 1.0);
            let worst = (9_600..86_400).map(|n| (out[n] - expected[n]).abs()).fold(0.0, f32::max);
            assert!(worst < 0.01, "{rate}: {worst}");
        }
    }

    #[test]
    fn lengths_are_those_of_the_sound() {
        let rates =
            [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 192_000];
        for rate in rates {
            for piece in [333, 1152, 5000] {
                let mut resampler = Resampler::new(rate).unwrap();
                let mut length = ResampledLength::new(rate);
                for number in 0..30 {
                    let mut out = Vec::new();
                    resampler.feed(&vec![0.0; piece * CHANNELS], &mut out).unwrap();
                    let made = length.feed(piece);
                    assert_eq!(made, out.len() / CHANNELS, "{rate}, {piece}, piece {number}");
                }
                let mut out = Vec::new();
                resampler.finish(&mut out).unwrap();
                assert_eq!(length.finish(), out.len() / CHANNELS, "{rate}, {piece}, end");
            }
        }
    }
}
