//! Sessions: one task each, which owns the session's players and its outbox.

mod outbox;
mod playback;
mod registry;
pub(crate) mod rest;
mod statistics;
mod task;
mod update;
mod voice;

pub(crate) use outbox::{SocketReader, socket_queue};
pub(crate) use registry::{Claim, Handle, Sessions};
pub(crate) use task::Session;
pub(crate) use voice::apply as apply_voice;
