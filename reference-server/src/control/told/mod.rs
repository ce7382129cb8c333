//! What the control API was told and what it saw: the protocol looks here, and writes it down.

mod failure;
mod faults;
mod identity;
mod journal;
mod keys;
mod matching;
mod statistics;
mod strict;
mod until;

pub(crate) use failure::{End, Failure};
use faults::Faults;
pub(crate) use faults::Strike;
pub(crate) use identity::Identity;
pub(crate) use journal::{Closing, EntryId, Journal};
pub(crate) use journal::{Kind, LONGEST_BODY, Recorded, TooFew};
pub(crate) use keys::{Object, Place, Wrong, shown};
pub(crate) use matching::Match;
use statistics::MadeUp;
pub(crate) use strict::read as read_strictly;
pub(crate) use until::Until;
pub(crate) use until::Watches;

/// Where the control API is.
pub(crate) const PREFIX: &str = "/control";

/// What the control API was told, and what it tells.
#[derive(Debug)]
pub(crate) struct Controls {
    pub(crate) journal: Journal,
    pub(crate) identity: Identity,
    pub(crate) statistics: MadeUp,
    pub(crate) faults: Faults,
}

impl Controls {
    /// Nothing yet but what the server is. With a seed faults are drawn as in each run.
    pub(crate) fn new(seed: Option<u64>, identity: Identity) -> Self {
        Self {
            journal: Journal::default(),
            identity,
            statistics: MadeUp::default(),
            faults: Faults::new(seed),
        }
    }
}
