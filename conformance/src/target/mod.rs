//! What is tested: the bundled server or a URL, and what it can do.

mod bundled;
pub mod launch;
mod probe;

pub use bundled::Bundled;
pub use launch::{Launch, LaunchError, LaunchOptions, Launched};
pub use probe::{Capabilities, ProbeError, Target, is_alive, probe};
