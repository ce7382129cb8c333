//! Frames that become Opus when they are taken.

use opus_pure::OpusEncoder;

use super::opus::{encode, encoder};
use crate::filters::PlayerVolume;

/// Encodes frames one after the other, at the volume that the player has by then.
pub(super) struct LateEncoder(OpusEncoder);

impl LateEncoder {
    /// `complexity`: how hard Opus tries, 0 to 10.
    pub(super) fn new(complexity: u8) -> Result<Self, opus_pure::Error> {
        encoder(complexity).map(Self)
    }

    pub(super) fn encode(
        &mut self,
        mut samples: Box<[i16]>,
        volume: PlayerVolume,
    ) -> Result<Box<[u8]>, opus_pure::Error> {
        volume.apply(&mut samples);
        encode(&mut self.0, &samples)
    }
}

impl std::fmt::Debug for LateEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LateEncoder").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use opus_pure::OpusDecoder;

    use super::*;
    use crate::pcm::{CHANNELS, FRAME_SAMPLES, SAMPLE_RATE};

    #[test]
    fn a_frame_has_the_volume_of_the_moment_when_it_is_taken() {
        let mut late = LateEncoder::new(0).unwrap();
        let mut decoder = OpusDecoder::new(SAMPLE_RATE as i32, CHANNELS).unwrap();
        let mut heard = vec![0.0; FRAME_SAMPLES * CHANNELS];
        let mut loudness = |first: usize, volume| {
            let tone = |n: usize| (8_000.0 * (n as f64 * 440.0 / 7_639.4).sin()) as i16;
            for frame in first..first + 10 {
                let samples = frame * FRAME_SAMPLES..(frame + 1) * FRAME_SAMPLES;
                let samples: Vec<_> = samples.flat_map(|n| [tone(n); CHANNELS]).collect();
                let opus = late.encode(samples.into(), volume).unwrap();
                decoder.decode(&opus, FRAME_SAMPLES, &mut heard).unwrap();
            }
            let power: f64 = heard.iter().map(|sample| f64::from(sample * sample)).sum();
            (power / heard.len() as f64).sqrt()
        };
        let plain = loudness(0, PlayerVolume::new(100, false));
        let quiet = loudness(10, PlayerVolume::new(50, false));
        assert!((quiet / plain - 0.417).abs() < 0.03, "{quiet} of {plain}");
    }
}
