//! What somebody who wrote an unknown word may have meant.

/// The known word that is most like an unknown one, if any is.
pub(crate) fn nearest<'a>(
    asked: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    best(asked, known).filter(|(likeness, _)| *likeness > 0.7).map(|(_, other)| other)
}

/// The known word that is most like an unknown one, however little.
pub(crate) fn most_like<'a>(
    asked: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    best(asked, known).map(|(_, other)| other)
}

/// The end of a message about an unknown word: a question, or nothing.
pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean {nearest:?}?")).unwrap_or_default()
}

fn best<'a>(asked: &str, known: impl IntoIterator<Item = &'a str>) -> Option<(f64, &'a str)> {
    let asked = asked.to_lowercase();
    let likeness = |other: &str| strsim::jaro_winkler(&other.to_lowercase(), &asked);
    let known = known.into_iter().map(|other| (likeness(other), other));
    known.max_by(|a, b| a.0.total_cmp(&b.0))
}
