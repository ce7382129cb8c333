//! The sound that is sent to Discord: samples and frames.

use std::time::Duration;

/// Of everything that is sent to Discord, Hz.
pub(crate) const SAMPLE_RATE: u32 = 48_000;

pub(crate) const CHANNELS: usize = 2;

/// Samples of one channel in a frame.
pub(crate) const FRAME_SAMPLES: usize = 960;

/// A frame at volume 0: stereo silence, and not the frame that is sent when sound stops
/// (docs/observed/playback.md#volume). It stands for frames too that no sound was made for.
pub(crate) const MUTE: [u8; 3] = [0xfc, 0xff, 0xfe];

/// Length of a frame, ms.
pub(crate) const FRAME_MS: i64 = 20;

/// The same, as a duration.
pub(crate) const FRAME_PERIOD: Duration = Duration::from_millis(FRAME_MS as u64);

/// An Opus frame of silence; five of them are sent when sound stops.
pub(crate) const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];
