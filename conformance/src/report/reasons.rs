//! Why scenarios were not applicable or not run.

use std::collections::{BTreeMap, BTreeSet};

use super::Run;
use super::words::plural;
use crate::verdict::Status;

/// How many reasons there are, if not all are asked for.
const MOST: usize = 6;

/// Reasons that differ in one name only: what stands before and after it, and what is said of all
/// names together.
const ALIKE: &[(&str, &str, &str)] = &[
    (
        "the target has no source ",
        " (/v4/info or its target file says so)",
        "the target says that it has no source {}, which Lavalink has (sourceManagers of /v4/info)",
    ),
    (
        "the target has no filter ",
        " (/v4/info or its target file says so)",
        "the target says that it has no filter {}, which Lavalink has (filters of /v4/info)",
    ),
    (
        "the launch command takes no {config} or {dir}, so the target has no profile ",
        "",
        "the launch command takes no {config}, so these profiles were not run: {}",
    ),
    (
        "the target runs with the profile plain, not ",
        " (--profile says which)",
        "the target runs with one configuration, so these profiles were not run: {}",
    ),
    (
        "the target file says that ",
        " is not supported",
        "the target file has it as unsupported: {}",
    ),
];

/// A line for each reason, those of most scenarios first.
pub(super) fn lines(run: &Run, all: bool) -> Vec<String> {
    let mut counts: BTreeMap<(Status, String), (usize, BTreeSet<&str>)> = BTreeMap::new();
    let without = |status| matches!(status, Status::NotApplicable | Status::NotRun);
    for scenario in run.scenarios.iter().filter(|scenario| without(scenario.status)) {
        let Some(reason) = &scenario.reason else { continue };
        let (text, name) = split(reason);
        let (count, names) = counts.entry((scenario.status, text.to_owned())).or_default();
        *count += 1;
        names.extend(name);
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|((status, text), (count, _))| {
        (std::cmp::Reverse(*count), *status, text.clone())
    });
    let shown = if all { counts.len() } else { MOST };
    let lines = counts.iter().take(shown).map(|((status, text), (count, names))| {
        let names: Vec<_> = names.iter().copied().collect();
        let text = match names.as_slice() {
            [] => text.clone(),
            names => text.replace("{}", &names.join(", ")),
        };
        format!("{count} {}: {text}", status.name())
    });
    let mut lines: Vec<_> = lines.collect();
    let left_out = counts.iter().skip(shown).map(|(_, (count, _))| count).sum::<usize>();
    if left_out > 0 {
        let reasons = plural(counts.len() - shown, "other reason", "other reasons");
        lines.push(format!("{left_out} for {reasons} (--verbose)"));
    }
    lines
}

/// What is said of a reason and all that are like it, and the name in which they differ.
fn split(reason: &str) -> (&str, Option<&str>) {
    let found = ALIKE.iter().find_map(|(before, after, text)| {
        let name = reason.strip_prefix(before)?.strip_suffix(after)?;
        Some((*text, Some(name)))
    });
    found.unwrap_or((reason, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_a_name_are_one() {
        let (text, name) =
            split("the target has no filter lowPass (/v4/info or its target file says so)");
        assert_eq!(name, Some("lowPass"));
        assert!(text.contains("which Lavalink has"), "{text}");
        assert_eq!(split("something else"), ("something else", None));
    }
}
