//! Playback: a track becomes frames, and frames are taken.

mod decoder;
mod frame;
#[cfg(feature = "audio")]
mod late;
mod length;
#[cfg(feature = "audio")]
mod opus;
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
pub(crate) use frame::Packet;
#[cfg(feature = "audio")]
pub(crate) use frame::Sound;
#[cfg(feature = "audio")]
pub(crate) use opus::{encode, encoder};
pub(crate) use stream::{Stage, Stream, frames_of};
pub(crate) use work::{Decoded, Work};
#[cfg(all(feature = "audio", feature = "voice"))]
pub(crate) use {reader::Reader, resample::Resampler};
