//! What somebody who wrote an unknown name may have meant.

/// Fewer letters are the beginning of too many names.
const SHORTEST_BEGINNING: usize = 4;

/// The known name that is nearest to an unknown one, if one is near enough to be a misspelling of
/// it: one letter in three may be wrong, and one at least, or the end is missing. Case does not
/// matter.
pub(crate) fn nearest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = given.to_lowercase();
    let length = given.chars().count();
    let allowed = (length / 3).max(1).min(length.saturating_sub(1));
    let distance = |other: &str| {
        let other = other.to_lowercase();
        let is_cut_off = length >= SHORTEST_BEGINNING && other.starts_with(&given);
        if is_cut_off { 1 } else { strsim::damerau_levenshtein(&other, &given) }
    };
    let known = known.into_iter().map(|other| (distance(other), other));
    let near = known.filter(|(distance, _)| *distance <= allowed);
    near.min_by_key(|(distance, _)| *distance).map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_misspelling_is_near() {
        let known = ["player-update/order", "session", "GET", "entries", "delayMs"];
        for (given, meant) in [
            ("player-update/oder", Some("player-update/order")),
            ("SESION", Some("session")),
            ("entrys", Some("entries")),
            ("delay", Some("delayMs")),
            ("del", None),
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
