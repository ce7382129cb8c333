//! What there is to go wrong, a file an area. A name is the rule's id and a short name; what
//! stands beside it says what the server does then.

mod http;
mod player;
mod routeplanner;

/// Names and summaries of an area.
type Entries = &'static [(&'static str, &'static str)];

/// All areas.
pub(super) const AREAS: &[Entries] =
    &[http::DEVIATIONS, player::DEVIATIONS, routeplanner::DEVIATIONS];
