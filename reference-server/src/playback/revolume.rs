//! Frames that were encoded at one volume, encoded again at another: a new volume is heard before
//! what was decoded ahead has been used up, as in the real server
//! (docs/observed/playback.md#volume).

use opus_pure::{OpusDecoder, OpusEncoder};

use super::opus::{encode, encoder};
use crate::filters::PlayerVolume;
use crate::pcm::{CHANNELS, FRAME_SAMPLES, SAMPLE_RATE};

/// Encodes frames again, one after the other.
pub(super) struct Revolume {
    decoder: OpusDecoder,
    encoder: OpusEncoder,
    samples: Vec<i16>,
}

impl Revolume {
    /// `previous`: the frame before the first one, as sound goes on from there.
    pub(super) fn new(complexity: u8, previous: Option<&[u8]>) -> Result<Self, opus_pure::Error> {
        let mut decoder = OpusDecoder::new(SAMPLE_RATE as i32, CHANNELS)?;
        let mut samples = vec![0; FRAME_SAMPLES * CHANNELS];
        if let Some(previous) = previous {
            decoder.decode_s16(previous, FRAME_SAMPLES, &mut samples)?;
        }
        Ok(Self { decoder, encoder: encoder(complexity)?, samples })
    }

    /// A frame at another volume than it was made at.
    pub(super) fn apply(
        &mut self,
        opus: &[u8],
        made_at: PlayerVolume,
        volume: PlayerVolume,
    ) -> Result<Box<[u8]>, opus_pure::Error> {
        self.decoder.decode_s16(opus, FRAME_SAMPLES, &mut self.samples)?;
        made_at.undo(&mut self.samples);
        volume.apply(&mut self.samples);
        encode(&mut self.encoder, &self.samples)
    }
}

impl std::fmt::Debug for Revolume {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revolume").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loudness(frames: &[Box<[u8]>]) -> f64 {
        let mut decoder = OpusDecoder::new(SAMPLE_RATE as i32, CHANNELS).unwrap();
        let mut samples = vec![0.0; FRAME_SAMPLES * CHANNELS];
        let mut power = 0.0;
        for frame in frames {
            decoder.decode(frame, FRAME_SAMPLES, &mut samples).unwrap();
            power = samples.iter().map(|sample| f64::from(sample * sample)).sum();
        }
        (power / samples.len() as f64).sqrt()
    }

    #[test]
    fn a_tone_gets_the_volume_it_would_have_been_encoded_at() {
        let tone = |n: usize| (8_000.0 * (n as f64 * 440.0 / 7_639.4).sin()) as i16;
        let volumes = [50, 100, 150].map(|volume| PlayerVolume::new(volume, false));
        for from in volumes {
            let mut direct = encoder(10).unwrap();
            let frames = (0..20).map(|index| {
                let first = index * FRAME_SAMPLES;
                let mut samples: Vec<_> =
                    (first..first + FRAME_SAMPLES).flat_map(|n| [tone(n); 2]).collect();
                from.apply(&mut samples);
                encode(&mut direct, &samples).unwrap()
            });
            let frames: Vec<_> = frames.collect();
            for (to, factor) in volumes.into_iter().zip([0.417, 1.0, 2.46]) {
                let mut again = Revolume::new(10, Some(&frames[0])).unwrap();
                let made: Vec<_> =
                    frames[1..].iter().map(|frame| again.apply(frame, from, to).unwrap()).collect();
                let expected = 8_000.0 / 32_768.0 / 2f64.sqrt() * factor;
                let found = loudness(&made);
                assert!((found / expected - 1.0).abs() < 0.05, "{from:?} {to:?}: {found}");
            }
        }
    }
}
