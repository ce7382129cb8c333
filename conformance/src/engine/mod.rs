//! Runs scenarios and collects what became of each.
//!
//! A run is a row of passes: the prerequisites one after the other, then all others side by side,
//! then those again of which nothing can be said yet, because the machine was too slow or because
//! others ran beside them when the target died.

mod deaths;
mod pass;
mod play;
mod run;

pub use run::{Options, run};
