//! Frames in Opus.

use opus_pure::{Application, OpusEncoder};

use crate::pcm::{CHANNELS, FRAME_SAMPLES, SAMPLE_RATE};

/// Bits of a second of Opus; what Lavalink's encoder makes of music.
const BITRATE: i32 = 128_000;

/// Longest Opus frame.
const LONGEST_FRAME: usize = 1276;

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
