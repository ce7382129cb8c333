//! Bad input, counted: seeded cases against any server, and what is wrong with its answers.
//!
//! A case ([`case`]) is what one client does, on connections of its own. [`generate`] makes it of
//! a seed and its number alone, so that the same numbers are the same cases whatever the timing.
//! [`drive`] plays it over [`wire`], which smooths nothing over; [`oracle`] says what is wrong, but
//! for what the real server fails at too ([`known`]).

mod case;
mod drive;
mod finding;
mod generate;
mod growth;
mod health;
mod known;
mod oracle;
mod progress;
mod random;
mod run;
mod shown;
mod summary;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

pub(crate) use case::{Case, Delivery, Kind, Request, Step};
#[cfg(test)]
pub(crate) use case::{End, Script};
pub(crate) use drive::{Driver, Played, Seen};
pub(crate) use generate::Grammar;
pub(crate) use health::is_served;
pub(crate) use known::{breaks_framework, is_nested_beyond_measure, keeps_broken_json};
pub(crate) use oracle::endpoint;
pub(crate) use progress::Progress;
pub(crate) use run::{Options, play, run};
pub(crate) use summary::Summary;
pub(crate) use wire::Outcome as Wire;
