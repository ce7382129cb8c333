//! What somebody who wrote an unknown word may have meant.

/// The known word that is nearest to an unknown one, if one is near enough to be a misspelling of
/// it: one letter in four may be wrong, and one at least. Case does not matter.
pub(crate) fn nearest<'a>(
    asked: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let asked = asked.to_lowercase();
    let length = asked.chars().count();
    let allowed = (length / 4).max(1).min(length.saturating_sub(1));
    let distance = |other: &str| strsim::damerau_levenshtein(&other.to_lowercase(), &asked);
    let known = known.into_iter().map(|other| (distance(other), other));
    let near = known.filter(|(distance, _)| *distance <= allowed);
    near.min_by_key(|(distance, _)| *distance).map(|(_, other)| other)
}

/// The end of a message about an unknown word: a question, or nothing.
pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean {nearest:?}?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_misspelling_is_near() {
        let known = ["LL-PLAYER-001", "LL-PLAYER-010", "LL-HTTP-001", "session", "GET", "ids"];
        for (asked, meant) in [
            ("LL-PLAYER-01", Some("LL-PLAYER-001")),
            ("ll-plaeyr-010", Some("LL-PLAYER-010")),
            ("LL-HTTP-1", Some("LL-HTTP-001")),
            ("sesion", Some("session")),
            ("gett", Some("GET")),
            ("LL-NOPE-1", None),
            ("NOPE", None),
            ("put", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(asked, known), meant, "{asked}");
        }
    }
}
