//! Sessions: one task each, which owns the session's players and its outbox.

mod call;
mod connection;
mod decoding;
mod outbox;
mod patch;
mod players;
mod registry;
mod seams;
mod statistics;
mod steered;
mod task;
mod terms;
mod voice;

pub(crate) use call::{Call, Reply};
pub(crate) use connection::Connection;
pub(crate) use outbox::{LetGo, SocketReader, socket_queue};
pub(crate) use patch::Patch;
pub(crate) use players::Guild;
pub(crate) use registry::{Claim, Handle, Sessions};
pub(crate) use seams::{COMMANDS, IDS, MESSAGES, PATCHES, STEPS, Step};
pub(crate) use steered::{Farewell, Happening, Lacking};
pub(crate) use task::{Begin, Session};
pub(crate) use terms::Terms;
