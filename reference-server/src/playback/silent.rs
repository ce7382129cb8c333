//! What stands where sound is made, in a server that makes none.

use std::convert::Infallible;

use super::PlaybackError;
use super::frame::Sound;
use crate::filters::{Chain, Filters, PlayerVolume};
use crate::tracks::Media;

/// There is none.
pub(super) struct SoundLine {
    pub(super) chain: Option<Chain>,
    never: Infallible,
}

impl SoundLine {
    pub(super) fn open(_media: Media, _complexity: Option<u8>) -> Result<Self, PlaybackError> {
        Err(PlaybackError::NoAudio)
    }

    pub(super) fn seek(
        &mut self,
        _position: i64,
        _filters: &Filters,
    ) -> Result<bool, PlaybackError> {
        match self.never {}
    }

    pub(super) fn take_frame(
        &mut self,
        _volume: PlayerVolume,
    ) -> Result<Option<Sound>, PlaybackError> {
        match self.never {}
    }

    pub(super) fn drain(&mut self) -> bool {
        match self.never {}
    }

    pub(super) fn read_more(&mut self) -> Result<bool, PlaybackError> {
        match self.never {}
    }
}

/// There is none: silence has no volume.
#[derive(Debug)]
pub(super) struct Revolume(Infallible);

impl Revolume {
    pub(super) fn new(_complexity: u8, _previous: Option<&[u8]>) -> Result<Self, PlaybackError> {
        Err(PlaybackError::NoAudio)
    }

    pub(super) fn apply(
        &mut self,
        _opus: &[u8],
        _made_at: PlayerVolume,
        _volume: PlayerVolume,
    ) -> Result<Box<[u8]>, PlaybackError> {
        match self.0 {}
    }
}

/// There is none.
#[derive(Debug)]
pub(super) struct LateEncoder(Infallible);

impl LateEncoder {
    pub(super) fn new(_complexity: u8) -> Result<Self, PlaybackError> {
        Err(PlaybackError::NoAudio)
    }

    pub(super) fn encode(
        &mut self,
        _samples: Box<[i16]>,
        _volume: PlayerVolume,
    ) -> Result<Box<[u8]>, PlaybackError> {
        match self.0 {}
    }
}
