//! What is tested: bundled servers, a URL, or a command; and what they can do.

mod bundled;
mod deviating;
mod file;
mod fleet;
mod lacking;
pub mod launch;
mod probe;
pub mod profiles;

pub use bundled::{Bundled, BundledClock, BundledOptions, serve};
pub use deviating::{Deviation, Program};
pub use file::{Start, TargetFile};
pub use fleet::{Death, Fleet, FleetError, Lease, Origin};
pub use launch::{Launch, LaunchError, LaunchOptions, Launched};
pub(crate) use probe::NEEDS;
pub use probe::{Capabilities, ProbeError, Target, is_alive, probe};
