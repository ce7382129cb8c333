//! What there is to go wrong, a file an area. A name is the rule's id and a short name; what
//! stands beside it says what the server does then.

mod filters;
mod http;
mod playback;
mod player;
mod prerequisite;
mod routeplanner;
mod session;
mod shape;
mod stats;
mod tracks;
mod voice;
mod websocket;

/// Names and summaries of an area.
type Entries = &'static [(&'static str, &'static str)];

/// All areas.
pub(super) const AREAS: &[Entries] = &[
    filters::DEVIATIONS,
    http::DEVIATIONS,
    playback::DEVIATIONS,
    player::DEVIATIONS,
    prerequisite::DEVIATIONS,
    routeplanner::DEVIATIONS,
    session::DEVIATIONS,
    shape::DEVIATIONS,
    stats::DEVIATIONS,
    tracks::DEVIATIONS,
    voice::DEVIATIONS,
    websocket::DEVIATIONS,
];
