//! Runs scenarios and collects what became of each.
//!
//! A run is a row of passes: the prerequisites one after the other, then all others side by side,
//! then those again of which nothing can be said yet, because the machine was too slow, because
//! others ran beside them when the target died, or because others may have kept it too busy.

mod book;
mod crowd;
mod deaths;
mod pass;
mod play;
mod run;
mod schedule;

pub(crate) use run::run_silently;
pub use run::{Options, run};
