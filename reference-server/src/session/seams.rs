//! Where deviations change what a session does.

use super::{Patch, Session};
use crate::clock::Moment;
use crate::deviations::switch::Seam;
use crate::message::Message;
use crate::player::{Command, Effects};

/// A turning point of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It has said that it is ready, and is about to give the first statistics.
    Begun,
    /// Its task is called.
    Called,
    /// Its client has set another timeout, or whether it can be resumed.
    Changed,
    /// Its socket is gone; what becomes of it is not decided yet.
    SocketLost,
    /// It has a new socket, and has said what there was to say.
    Resumed,
    /// It is over; its voice channels are about to be left.
    Ends,
}

/// A PATCH that was checked, before even its voice data are used.
pub(crate) static PATCHES: Seam<fn(&mut Patch)> = Seam::new();

/// A command to the player of a guild, with what comes of it.
pub(crate) static COMMANDS: Seam<CarryOut> = Seam::new();

type CarryOut = fn(&mut Session, i64, Command, Moment) -> Effects;

/// Messages of one command that are about to be written, or all that a client gets that comes back.
pub(crate) static MESSAGES: Seam<fn(&mut Vec<Message>)> = Seam::new();

/// The id of a new session, and its user.
pub(crate) static IDS: Seam<fn(&mut String, i64)> = Seam::new();

/// A turning point.
pub(crate) static STEPS: Seam<fn(&mut Session, Step)> = Seam::new();

impl Session {
    /// Is at a turning point.
    pub(super) fn reach(&mut self, step: Step) {
        if let Some(take) = STEPS.get() {
            take(self, step);
        }
    }
}
