//! A mock as the tests of a bot or of a client use it.
#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests run in the machine's time"
)]

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
