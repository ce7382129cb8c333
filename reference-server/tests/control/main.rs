//! A mock as the tests of a bot or of a client use it.
#![expect(clippy::unwrap_used, reason = "a test")]

mod catalogue;
mod description;
mod example;
mod faults;
mod identity;
mod journal;
mod many;
mod program;
mod push;
mod refusals;
mod reset;
mod support;
mod until;
