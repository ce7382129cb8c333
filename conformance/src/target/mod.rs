//! What is tested: the bundled server or a URL, and what it can do.

mod bundled;
mod file;
pub mod launch;
mod probe;

pub use bundled::Bundled;
pub use file::{Start, TargetFile};
pub use launch::{Launch, LaunchError, LaunchOptions, Launched};
pub use probe::{Capabilities, ProbeError, Target, is_alive, probe};
