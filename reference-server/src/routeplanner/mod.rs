//! The route planner: from which address a request of a guarded source is sent.
//!
//! [`RateLimit`] is its checked configuration, [`Planner`] its state: it picks addresses with one
//! of four strategies, remembers those that fail, and tells its status. Picking takes about the
//! same time whatever the size of the blocks and however many addresses fail.
//!
//! Where Lavalink 4.2.2 is broken (docs/observed/routeplanner.md, each **Quirk**) the sane
//! behaviour is the default, and `--quirks` gives the real one; README.md lists the differences.

mod address;
mod block;
mod failing;
mod guard;
mod load_balance;
mod nano;
mod planner;
#[cfg(test)]
mod properties;
mod ratelimit;
#[cfg(test)]
mod recorded;
mod rotate_on_ban;
mod rotating_nano;
mod runs;
mod shuffle;
mod status;

pub use address::{Named, UnknownHost};
pub use block::{Blocks, Family};
pub(crate) use guard::{Manner, RoutePlanner};
pub(crate) use planner::PICKS;
pub use planner::{PickError, Planner};
pub use ratelimit::{RateLimit, RateLimitError, StrategyName};
pub use status::NoAddressYet;
