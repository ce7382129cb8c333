//! The filters against what the real server's filters did with the same sound
//! (`fixtures/dsp/README.md`).

#![allow(clippy::unwrap_used)] // a test ends where it fails

mod errors;
mod golden;
mod signals;
mod timescale;
