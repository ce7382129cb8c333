//! Players: state machines that are told commands and give back what comes of them.
//!
//! Nothing here waits, sends or knows a session: a [`Command`] and a [`Context`] go in, [`Effects`]
//! come out, and the session carries them out.

mod change;
mod command;
mod frames;
mod seek;
mod start;
mod state;
mod update;
mod voice;

pub(crate) use command::{Command, Context, Due, Effects, News, Order, Outcome};
pub(crate) use state::{Player, Playing};
pub(crate) use update::{PlayerUpdate, TrackChange, VoiceUpdate};
pub(crate) use voice::Voice;

#[cfg(test)]
mod tests;
