//! Playback: a track becomes frames, and frames are taken.

mod decoder;
mod frame;
#[cfg(feature = "audio")]
mod late;
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

pub(crate) use decoder::{Decoder, Making, PlaybackError};
#[cfg(feature = "audio")]
pub(crate) use decoder::{encode, encoder};
pub(crate) use frame::Packet;
#[cfg(feature = "audio")]
pub(crate) use frame::Sound;
pub(crate) use stream::{Stream, frames_of};
pub(crate) use work::{Decoded, Work};
#[cfg(all(feature = "audio", feature = "voice"))]
pub(crate) use {reader::Reader, resample::Resampler};
