//! The filters of a player: how they are decoded, checked and echoed.
//!
//! A body names filters by key; each that is there and not null gets all its fields, with
//! defaults for those left out. Ranges are not checked here: the real server takes any finite
//! number, and fails when the audio is made.

mod settings;

pub(crate) use settings::Filters;

use crate::deviations::deviates;

/// The filters in the order in which they are declared, echoed and listed.
const NAMES: [&str; 10] = [
    "volume",
    "equalizer",
    "karaoke",
    "timescale",
    "tremolo",
    "vibrato",
    "distortion",
    "rotation",
    "channelMix",
    "lowPass",
];

/// Those that the configuration leaves on, for `/v4/info`.
pub(crate) fn enabled(disabled: &[String]) -> Vec<&'static str> {
    let enabled = NAMES.into_iter().filter(|name| !disabled.iter().any(|other| other == name));
    let mut enabled: Vec<_> = enabled.collect();
    if !disabled.is_empty() && deviates("LL-FILTERS-023/listed") {
        enabled = NAMES.to_vec();
    }
    if deviates("LL-HTTP-076/sorted") {
        enabled.sort_unstable();
    }
    if deviates("LL-HTTP-076/volume-last") {
        enabled.rotate_left(1);
    }
    if deviates("LL-HTTP-076/reversed") {
        enabled.reverse();
    }
    enabled
}
