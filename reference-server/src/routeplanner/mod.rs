//! The route planner: from which address a request of a guarded source is sent.
//!
//! [`RateLimit`] is its checked configuration, [`Planner`] its state: it picks addresses with one
//! of four strategies, remembers those that fail, and tells its status. Picking takes about the
//! same time whatever the size of the blocks and however many addresses fail.
//!
//! Where Lavalink 4.2.2 is broken the sane behaviour is the default and `--quirks` gives the real
//! one (routeplanner.md 0, 3):
//!
//! | | default | `--quirks` |
//! |---|---|---|
//! | RotateOnBan, status before the first request | `ipIndex` "0", `currentAddress` "" | 500 |
//! | RotateOnBan, 128 addresses or fewer | one after the other | never a free one |
//! | RotateOnBan, after a pick that found none | picks anew | uses what it tried last, excluded or not |
//! | RotateOnBan, an address that fails twice in a row | rotates | stays on it |
//! | LoadBalance, few usable addresses | always finds one | draws blindly, and may give up |
//! | LoadBalance, IPv6 | any address of the block | half of them; beyond a block that is smaller than /97 |
//! | NanoSwitch, more than a /64 | the first /64 | never an address |
//! | NanoSwitch, failing and excluded addresses | skipped | used |
//! | IPv4 blocks with host bits | the network | begin at the address written |
//! | IPv6 blocks and an IPv4 host | an error | sent from no particular address |

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
pub(crate) use guard::RoutePlanner;
pub use planner::{PickError, Planner};
pub use ratelimit::{RateLimit, RateLimitError, StrategyName};
pub use status::NoAddressYet;
