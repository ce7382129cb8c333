//! Keeps cases from sending a server anywhere but to loopback, and from what the real one dies of.
//!
//! A server goes where a track, an identifier or voice data tell it. Cases name loopback addresses
//! only, but a mutation could make `http://17.0.0.1` of one, so the outcome of every mutation is
//! looked at before it is used.

use std::ops::RangeInclusive;

use super::Grammar;
use crate::fuzz::case::Places;

/// An address that refuses at once, unless somebody has a server on port 1.
pub(super) const REFUSING: &str = "127.0.0.1:1";

/// How much the real server can stretch sound, by each of speed, pitch and rate.
pub(super) const STRETCH: RangeInclusive<f64> = 0.1..=10.0;

/// Whether nothing in it could make a server go anywhere else, or do what it cannot stand.
pub(super) fn is_harmless(bytes: &[u8], grammar: Grammar) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    names_loopback_only(&text)
        && joins_nothing(&text, grammar)
        && (grammar.stretching || stretches_little(&text))
}

fn names_loopback_only(text: &str) -> bool {
    let allowed = [
        format!("http://{REFUSING}/"),
        format!("http%3a%2f%2f{}%2f", REFUSING.replace(':', "%3a")),
    ];
    let schemes = ["http:", "https:", "http%3a", "https%3a"].iter().all(|scheme| {
        text.match_indices(scheme)
            .all(|(at, _)| allowed.iter().any(|allowed| text[at..].starts_with(allowed.as_str())))
    });
    // What follows a port must not become a part of it, or of a host's name.
    let marks = [Places::MEDIA, Places::TARGET].map(str::to_ascii_lowercase);
    let marks = marks.iter().all(|mark| {
        text.match_indices(mark.as_str())
            .all(|(at, mark)| ["/", "%2f"].iter().any(|s| text[at + mark.len()..].starts_with(s)))
    });
    schemes && marks
}

/// Voice data are blank, or lack something; the bundled server's may name what refuses.
fn joins_nothing(text: &str, grammar: Grammar) -> bool {
    text.match_indices("endpoint\"").all(|(at, key)| {
        let rest = text[at + key.len()..].trim_start();
        let Some(value) = rest.strip_prefix(':').map(str::trim_start) else { return true };
        let Some(value) = value.strip_prefix('"') else {
            // No text, so no address; a mutation may have left something that looks like one.
            return !value.starts_with(|c: char| c.is_ascii_alphabetic() || c == '\'')
                || value.starts_with("null")
                || value.starts_with("true");
        };
        let value = value.split('"').next().unwrap_or_default();
        value.trim().is_empty() || grammar.voice && value == REFUSING
    })
}

/// Whether every `speed`, `pitch` and `rate` is a number that can be stood, or none at all.
fn stretches_little(text: &str) -> bool {
    let keys = ["\"speed\"", "\"pitch\"", "\"rate\""];
    keys.iter().flat_map(|key| text.match_indices(key)).all(|(at, key)| {
        let rest = text[at + key.len()..].trim_start();
        let Some(value) = rest.strip_prefix(':').map(str::trim_start) else { return true };
        // Numbers in quotes are numbers too.
        let value = value.trim_start_matches('"').trim_start();
        let value = value.split([',', '}', '"', ' ', '\n', '\r', '\t']).next().unwrap_or_default();
        // Lavalink refuses what is no more than zero, and what is no number.
        let Ok(number) = value.parse::<f64>() else { return true };
        number <= 0.0 || STRETCH.contains(&number)
    })
}

/// Stands in identifiers for media that are there.
pub(super) fn media(name: &str) -> String {
    format!("{}/{name}", Places::MEDIA)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHERS: Grammar = Grammar::SPARING;
    const BUNDLED: Grammar = Grammar::ALL;

    #[test]
    fn only_loopback_is_named() {
        let ok = |text: &str| is_harmless(text.as_bytes(), OTHERS);
        assert!(ok(r#"{"identifier": "http://127.0.0.1:1/x", "b": "@MEDIA@/x"}"#));
        assert!(ok("/v4/loadtracks?identifier=http%3A%2F%2F127.0.0.1%3A1%2Fx"));
        for bad in [
            "http://17.0.0.1:1/x",
            "http://127.0.0.1:1@x/",
            "HTTP://example.org",
            "https://127.0.0.1:1/",
            "http%3A%2F%2F27.0.0.1%3A1%2Fx",
            "http:/127.0.0.1:1/",
            "@MEDIA@@x/",
            "@TARGET@5/",
        ] {
            assert!(!ok(bad), "{bad}");
        }
    }

    #[test]
    fn voice_data_are_blank() {
        for (text, others, bundled) in [
            (r#"{"endpoint": ""}"#, true, true),
            (r#"{"endpoint" : "  "}"#, true, true),
            (r#"{"endpoint": null}"#, true, true),
            (r#"{"endpoint": 5}"#, true, true),
            (r#"{"endpoint": "127.0.0.1:1"}"#, false, true),
            (r#"{"endpoint": "x"}"#, false, false),
            (r#"{"endpoint": x}"#, false, false),
        ] {
            assert_eq!(is_harmless(text.as_bytes(), OTHERS), others, "{text}");
            assert_eq!(is_harmless(text.as_bytes(), BUNDLED), bundled, "{text}");
        }
    }
    #[test]
    fn what_stretches_sound_beyond_measure_is_spared() {
        for (text, spared) in [
            (r#"{"timescale": {"speed": 1.5, "pitch":0.1, "rate" : "10"}}"#, false),
            (r#"{"timescale": {"speed": 0, "pitch": -5, "rate": null}}"#, false),
            (r#"{"timescale": {"speed": 1e-9}}"#, true),
            (r#"{"timescale": {"pitch": "1e30"}}"#, true),
            (r#"{"timescale": {"rate": 99999999999999999999}}"#, true),
            (r#"{"timescale": {"rate": NaN}}"#, true),
        ] {
            assert_eq!(is_harmless(text.as_bytes(), OTHERS), !spared, "{text}");
            assert!(is_harmless(text.as_bytes(), BUNDLED), "{text}");
        }
    }
}
