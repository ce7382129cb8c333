//! The filters that a scenario sends or expects, so that it says it needs them.

use std::collections::BTreeSet;

use super::Scenario;
use crate::target::profiles;

/// What a body calls its filters.
const FILTERS: &str = r#""filters""#;

/// An expected value that says a filter is not there.
const ABSENT: &str = r##""#absent""##;

/// Filters that the scenario's steps name, that its profile switches on, and for which it has no
/// tag `@needs-filter-NAME`: a target without them would fail it for nothing.
pub(super) fn unsaid(scenario: &Scenario) -> BTreeSet<String> {
    let on = switched_on(profiles::text(scenario.profile()).unwrap_or_default());
    let said: BTreeSet<&str> =
        scenario.needs().filter_map(|need| need.strip_prefix("filter-")).collect();
    let mut used = BTreeSet::new();
    for step in &scenario.steps {
        used.extend(named(&step.text));
        used.extend(step.docstring.as_deref().map(named).unwrap_or_default());
        for cell in step.rows.iter().flatten() {
            used.extend(named(cell));
        }
    }
    used.retain(|name| on.contains(name.as_str()) && !said.contains(name.as_str()));
    used
}

/// Names below `filters:` of a configuration that are `true` there.
fn switched_on(profile: &str) -> BTreeSet<&str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = profile.lines().skip_while(|line| line.trim() != "filters:");
    let outer = lines.next().map_or(0, indent);
    let inner = lines.take_while(|line| indent(line) > outer);
    inner.filter_map(|line| line.trim().strip_suffix(": true")).collect()
}

/// Keys of every object called `filters` in a text. The text need not be JSON: scenarios break
/// bodies on purpose, and compare them with patterns.
fn named(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let objects = text.split(FILTERS).skip(1).filter_map(|rest| {
        rest.trim_start().strip_prefix(':').map(str::trim_start)?.strip_prefix('{')
    });
    for object in objects {
        names.extend(keys(object));
    }
    names
}

/// Keys of an object whose brace has been read, without those that are to be absent.
fn keys(mut rest: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut depth = 1_usize;
    while let Some(at) = rest.find(['{', '[', '}', ']', '"']) {
        let found = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match found {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {
                let Some((text, after)) = rest.split_once('"') else { break };
                rest = after;
                let value = after.trim_start().strip_prefix(':').map(str::trim_start);
                if depth == 1 && value.is_some_and(|value| !value.starts_with(ABSENT)) {
                    keys.push(text.to_owned());
                }
            }
        }
        if depth == 0 {
            break;
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_wherever_a_step_has_filters() {
        for (text, expected) in [
            (r#"with {"filters": {"volume": 0.5}}"#, &["volume"][..]),
            (r#"{"filters": {"volume": 1, "equalizer": [{"band": 1}]}}"#, &["equalizer", "volume"]),
            (r#"{"filters":{"tremolo":{"depth":0.1}},"volume":9}"#, &["tremolo"]),
            (r#"{"volume": 9, "filters" : { "lowPass" : {}}, "paused": true}"#, &["lowPass"]),
            (
                r#"[{"filters": {"karaoke": {}}}, {"filters": {"volume": 1}}]"#,
                &["karaoke", "volume"],
            ),
            (r##"{"filters": {"karaoke": "#absent", "volume": 0.5}}"##, &["volume"]),
            (r#"{"filters": {"pluginFilters": {"timescale": {}}}}"#, &["pluginFilters"]),
            (r#"{"filters": {"volume": 0.5"#, &["volume"]),
            (r#"{"filters": {"volume"#, &[]),
            (r#"{"filters": {}, "volume": 9}"#, &[]),
            (r#"{"filters": null, "volume": 9}"#, &[]),
            (r#"the answer at "/filters" is {"volume": 1}"#, &[]),
            (r##"the answer contains {"filters": "#array"}"##, &[]),
        ] {
            let found: Vec<_> = named(text).into_iter().collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn a_profile_tells_which_filters_are_on() {
        let plain = switched_on(profiles::text(profiles::PLAIN).unwrap());
        assert_eq!(plain.len(), 10);
        let some = switched_on(profiles::text("filters-disabled").unwrap());
        assert!(some.is_subset(&plain) && some.len() == 7, "{some:?}");
        assert!(!some.contains("karaoke"));
    }
}
