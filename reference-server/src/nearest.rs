//! What somebody who wrote an unknown name may have meant.

/// The known name that is nearest to an unknown one, if one is near enough to be a misspelling of
/// it: one letter in four may be wrong, and one at least. Case does not matter.
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.to_lowercase();
    let length = given.chars().count();
    let allowed = (length / 4).max(1).min(length.saturating_sub(1));
    let distance = |other: &str| strsim::damerau_levenshtein(&other.to_lowercase(), &given);
    let known = known.into_iter().map(|other| (distance(other), other));
    let near = known.filter(|(distance, _)| *distance <= allowed);
    near.min_by_key(|(distance, _)| *distance).map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_misspelling_is_near() {
        let known = ["player-update/order", "session", "GET"];
        for (given, meant) in [
            ("player-update/oder", Some("player-update/order")),
            ("SESION", Some("session")),
            ("gett", Some("GET")),
            ("NOPE", None),
            ("put", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(given, known), meant, "{given}");
        }
    }
}
