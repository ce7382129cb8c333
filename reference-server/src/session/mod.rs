//! Sessions: one task each, which owns the session's players and its outbox.

mod outbox;
mod playback;
mod registry;
pub(crate) mod rest;
mod statistics;
mod steered;
mod task;
mod update;
mod voice;

pub(crate) use outbox::{LetGo, SocketReader, socket_queue};
pub(crate) use registry::{Claim, Handle, Sessions};
pub(crate) use steered::{Farewell, Happening, Lacking};
pub(crate) use task::{Begin, Session};
pub(crate) use voice::apply as apply_voice;
