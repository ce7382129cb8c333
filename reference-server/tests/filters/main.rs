//! The filters against what the real server's filters did with the same sound
//! (`fixtures/dsp/README.md`).

mod errors;
mod golden;
mod signals;
mod timescale;
