//! Playback: a track becomes frames, and frames are taken.

mod decoder;
mod length;
mod packets;
mod reader;
mod resample;
#[cfg(feature = "audio")]
mod revolume;
#[cfg(not(feature = "audio"))]
mod silent;
#[cfg(feature = "audio")]
mod sound;
mod stream;
mod work;

pub(crate) use decoder::{Decoder, Frame, Making, PlaybackError};
#[cfg(feature = "audio")]
pub(crate) use decoder::{encode, encoder};
pub(crate) use stream::{Stream, frames_of};
pub(crate) use work::{Decoded, Work};
#[cfg(all(feature = "audio", feature = "voice"))]
pub(crate) use {reader::Reader, resample::Resampler};

/// Of everything that is sent to Discord, Hz.
pub(crate) const SAMPLE_RATE: u32 = 48_000;

pub(crate) const CHANNELS: usize = 2;

/// Samples of one channel in a frame.
pub(crate) const FRAME_SAMPLES: usize = 960;

/// A frame at volume 0: stereo silence, and not the frame that is sent when sound stops
/// (docs/observed/playback.md#volume). It stands for frames too that no sound was made for.
const MUTE: [u8; 3] = [0xfc, 0xff, 0xfe];

/// Length of a frame, ms.
pub(crate) const FRAME_MS: i64 = 20;
