//! Players: what they are, and how a PATCH changes them.

mod events;
mod state;
mod update;
mod voice;

pub(crate) use events::Event;
pub(crate) use state::{CLEANUP_PERIOD, CLEANUP_THRESHOLD, EndReason, Player, Playing};
pub(crate) use update::{NextStep, PlayerUpdate, TrackChange, VoiceUpdate};
