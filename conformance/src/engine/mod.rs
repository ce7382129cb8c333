//! Runs scenarios and collects what became of each.

mod feed;
mod listen;
mod run;

pub use run::{Options, run};
