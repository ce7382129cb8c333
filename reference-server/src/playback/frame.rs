//! 20 ms of a track, made ahead of time, and on its way.

use crate::filters::PlayerVolume;

/// 20 ms of a track, made ahead of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// Where in the track it begins, ms.
    pub(crate) position: i64,
    pub(crate) sound: Sound,
}

/// What is heard of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sound {
    /// No sound was made.
    Unmade,
    /// In Opus, with the volume in it that the player had when this was made.
    Encoded(Box<[u8]>, PlayerVolume),
    /// As it left the filters: stereo at 48 kHz, to be encoded when it is taken.
    Plain(Box<[i16]>),
}

/// 20 ms of a track on their way to Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packet {
    /// Where in the track it begins, ms.
    pub(crate) position: i64,
    pub(crate) opus: Box<[u8]>,
}
