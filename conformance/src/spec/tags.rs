//! The tags that mean something. One that does not is a misspelling, and would be passed over.

use super::Scenario;
use crate::nearest::{did_you_mean, nearest};

/// Tags without a parameter; ids and profiles are looked at elsewhere.
const PLAIN: &[&str] = &[
    "must",
    "should",
    "observed",
    "twin",
    "quirk",
    "slow",
    "alone",
    "odd-input",
    "needs-voice",
    "needs-upstream",
    "needs-watch",
    "needs-local-block",
    "needs-manual-time",
    "needs-own-server",
];

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
    let known = || {
        let sources = SOURCES.iter().map(|source| format!("needs-{source}-source"));
        let filters = FILTERS.iter().map(|filter| format!("needs-filter-{filter}"));
        PLAIN.iter().map(|tag| (*tag).to_owned()).chain(sources).chain(filters)
    };
    let mut problems = Vec::new();
    let tags = scenario.tags.iter().filter(|tag| !tag.starts_with("LL-"));
    for tag in tags.clone().filter(|tag| !tag.starts_with("profile-")) {
        if !known().any(|known| known == *tag) {
            let all: Vec<_> = known().collect();
            let meant =
                nearest(tag, all.iter().map(String::as_str)).map(|meant| format!("@{meant}"));
            let meant = did_you_mean(meant.as_deref());
            problems.push(format!("{}: no tag @{tag}{meant}", scenario.id));
        }
    }
    if tags.filter(|tag| tag.starts_with("profile-")).count() > 1 {
        problems.push(format!("{} has two profiles", scenario.id));
    }
    problems
}
