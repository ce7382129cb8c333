//! Two servers asked the same: what each answers, and in what they differ.
//!
//! Requests come from the generator of bad input ([`cases`]) and from features ([`scenarios`]).
//! What a server sent is made comparable first ([`observed`]): session and guild ids, times, ports
//! and the figures of a machine differ between any two servers. A difference counts if it comes
//! again when the case or the scenario is repeated; what does not is a race, and only counted, and so
//! is what is [`known`].

mod cases;
mod difference;
mod known;
mod observed;
mod scenarios;
mod summary;

pub(crate) use cases::{CaseOptions, compare_cases};
pub(crate) use scenarios::compare_scenarios;
pub(crate) use summary::{Side, Summary};
