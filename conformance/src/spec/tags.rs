//! The tags that mean something. One that does not is a misspelling, and would be passed over.

use super::Scenario;
use crate::nearest::{did_you_mean, nearest};
use crate::target::NEEDS;

/// Tags without a parameter; ids and profiles are looked at elsewhere.
const PLAIN: &[&str] =
    &["must", "should", "observed", "twin", "quirk", "slow", "alone", "odd-input"];

/// Sources that Lavalink has; a plugin may bring others, of which no rule here is.
const SOURCES: &[&str] =
    &["youtube", "bandcamp", "soundcloud", "twitch", "vimeo", "nico", "getyarn", "http", "local"];

/// Filters that Lavalink has.
const FILTERS: &[&str] = &[
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

/// What is wrong with the tags of a scenario, its rule's among them.
pub(super) fn problems(scenario: &Scenario) -> Vec<String> {
    let known = known();
    let tags = scenario.tags.iter().filter(|tag| !tag.starts_with("LL-"));
    let (profiles, others): (Vec<_>, Vec<_>) = tags.partition(|tag| tag.starts_with("profile-"));
    let mut problems = Vec::new();
    for tag in others.into_iter().filter(|tag| !known.contains(tag)) {
        let meant = nearest(tag, known.iter().map(String::as_str)).map(|meant| format!("@{meant}"));
        let meant = did_you_mean(meant.as_deref());
        problems.push(format!("{}: no tag @{tag}{meant}", scenario.id));
    }
    if profiles.len() > 1 {
        problems.push(format!("{} has two profiles", scenario.id));
    }
    problems
}

/// All tags but ids and profiles.
fn known() -> Vec<String> {
    let plain = PLAIN.iter().map(|tag| (*tag).to_owned());
    let needs = NEEDS.iter().map(|need| format!("needs-{need}"));
    let sources = SOURCES.iter().map(|source| format!("needs-{source}-source"));
    let filters = FILTERS.iter().map(|filter| format!("needs-filter-{filter}"));
    plain.chain(needs).chain(sources).chain(filters).collect()
}
