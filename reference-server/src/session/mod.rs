//! Sessions: one task each, which owns the session's players and its outbox.

mod outbox;
mod registry;
pub(crate) mod rest;
mod task;

pub(crate) use outbox::{SocketReader, socket_queue};
pub(crate) use registry::{Claim, Handle, Sessions};
pub(crate) use task::Session;
