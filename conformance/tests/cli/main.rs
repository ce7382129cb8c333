//! The program as a user meets it.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod compare;
mod diff;
mod fuzz;
mod known_failures;
mod launched;
mod manual_time;
mod output;
mod pages;
mod readme;
mod runs;
mod self_check;
mod shards;
mod site;
mod support;
mod voice;
