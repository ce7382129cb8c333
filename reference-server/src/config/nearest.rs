//! What was probably meant by a name that nobody knows: only what is near in meaning, or nothing.

use super::keys::{self, KEYS};
use super::names;

/// The known key that a key was meant to be.
pub(super) fn key(written: &str) -> Option<&'static str> {
    let given = names::canonical(written);
    let given: Vec<_> = given.split('.').collect();
    let known = KEYS.iter().map(|key| (names::canonical(key.name), key.name));
    let mut ranked: Vec<_> = known
        .filter_map(|(form, name)| {
            Some((distance(&given, &form.split('.').collect::<Vec<_>>())?, name))
        })
        .collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    one_of(ranked)
}

/// The variable that a variable was meant to be.
pub(super) fn variable(written: &str) -> Option<String> {
    let upper = written.to_uppercase().replace(['.', '-'], "_");
    let given = names::of_variable(&upper);
    let given: Vec<_> = given.split('.').collect();
    let mut ranked = Vec::new();
    for key in KEYS {
        let form = names::canonical(key.name);
        if let Some(distance) = distance(&given, &form.split('.').collect::<Vec<_>>()) {
            ranked.push((distance, names::variable(key.name)));
        }
        // With underscores between words parts cannot be told from sections.
        let long = names::long_variable(key.name);
        let misspelled = strsim::damerau_levenshtein(&long, &upper);
        if misspelled <= allowed(&upper) {
            ranked.push((misspelled, long));
        }
    }
    ranked.sort_by_key(|(distance, _)| *distance);
    one_of(ranked).filter(|nearest| *nearest != upper)
}

/// The name of a filter that this one was meant to be.
pub(super) fn filter(written: &str) -> Option<&'static str> {
    let form = names::canonical(written);
    keys::filters()
        .map(|known| (strsim::damerau_levenshtein(&names::canonical(known), &form), known))
        .filter(|(distance, _)| *distance <= allowed(&form))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// How far a path of sections is from a known one, if it is near: one part is misspelled, sections
/// before it are too many, or some are missing.
fn distance(given: &[&str], known: &[&str]) -> Option<usize> {
    /// More than any misspelling.
    const OTHER_SECTIONS: usize = 10;
    if given.len() == known.len() {
        let mut wrong = given.iter().zip(known).filter(|(given, known)| given != known);
        let (one, meant) = wrong.next()?;
        let misspelled = strsim::damerau_levenshtein(one, meant);
        return (wrong.next().is_none() && misspelled <= allowed(one)).then_some(misspelled);
    }
    if known.len() >= 2 && given.ends_with(known) {
        return Some(OTHER_SECTIONS + given.len() - known.len());
    }
    let says_enough = given.len() >= 2 || !GENERIC.contains(given.first()?);
    let mut rest = known.iter();
    let in_order = given.iter().all(|part| rest.any(|other| other == part));
    let is_named = given.last() == known.last();
    (given.len() < known.len() && in_order && is_named && says_enough)
        .then(|| OTHER_SECTIONS + known.len() - given.len())
}

/// Parts that many programs have, and that alone say nothing.
const GENERIC: &[&str] = &[
    "address", "clock", "enabled", "endpoint", "http", "local", "port", "simulate", "upstream",
    "volume",
];

/// How many letters of a word may be wrong.
fn allowed(word: &str) -> usize {
    match word.len() {
        ..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

/// The first of those that are sorted by distance, unless another is as near.
fn one_of<T: PartialEq>(ranked: Vec<(usize, T)>) -> Option<T> {
    let mut ranked = ranked.into_iter();
    let (nearest, name) = ranked.next()?;
    let is_alone = ranked.next().is_none_or(|(next, other)| next > nearest || other == name);
    is_alone.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_in_meaning_is_found_and_nothing_else() {
        for (written, meant) in [
            ("lavalink.server.pasword", Some("lavalink.server.password")),
            ("lavalink.sever.password", Some("lavalink.server.password")),
            ("lavalink.password", Some("lavalink.server.password")),
            ("password", Some("lavalink.server.password")),
            ("server.adress", Some("server.address")),
            ("lavalink.server.port", Some("server.port")),
            ("lavalink.server.address", Some("server.address")),
            ("lavalink.sources.bandcamp", Some("lavalink.server.sources.bandcamp")),
            ("lavalink.server.resamplingQualty", Some("lavalink.server.resamplingQuality")),
            ("metrics.enabled", Some("metrics.prometheus.enabled")),
            ("enabled", None),
            ("port", None),
            ("lavalink.server.host", None),
            ("lavalink.server.youtube.password", None),
            ("lavalink.server.region", None),
            ("zebra", None),
            ("server.name", None),
        ] {
            assert_eq!(key(written), meant, "{written}");
        }
        for (written, meant) in [
            ("LAVALINK_PASSWORD", Some("LAVALINK_SERVER_PASSWORD")),
            ("LAVALINK_SERVER_PASWORD", Some("LAVALINK_SERVER_PASSWORD")),
            ("LAVALINK_SERVER_PORT", Some("SERVER_PORT")),
            (
                "LAVALINK_SERVER_PLAYER_UPDATE_INTERVALL",
                Some("LAVALINK_SERVER_PLAYER_UPDATE_INTERVAL"),
            ),
            ("LAVALINK_PORT", None),
            ("LAVALINK_HOST", None),
            ("SERVER_NAME", None),
        ] {
            assert_eq!(variable(written).as_deref(), meant, "{written}");
        }
        assert_eq!(
            (filter("low-pass"), filter("karoke"), filter("echo")),
            (Some("lowPass"), Some("karaoke"), None)
        );
    }
}
