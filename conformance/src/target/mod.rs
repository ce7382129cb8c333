//! What is tested: the bundled server or a URL, and what it can do.

mod bundled;
mod probe;

pub use bundled::Bundled;
pub use probe::{Capabilities, ProbeError, Target, is_alive, probe};
