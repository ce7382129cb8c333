//! The filters against what the real server's filters did with the same sound
//! (`fixtures/dsp/README.md`).
#![expect(clippy::unwrap_used, reason = "a test")]

mod errors;
mod golden;
mod signals;
mod timescale;
