//! What is different, path by path.

use std::collections::BTreeSet;

use serde_json::Value;

use super::matcher::{Matcher, equal, kind};
use crate::failure::Failure;

/// How much of the seen value the expected one describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// Objects may have more keys, at every depth.
    Part,
}

/// A line for every difference; none when the seen value is as expected. `now_ms`: the target's
/// time in ms since the epoch.
pub(crate) fn differences(
    expected: &Value,
    seen: &Value,
    extent: Extent,
    now_ms: f64,
) -> Result<Vec<String>, Failure> {
    differences_but(expected, seen, extent, now_ms, &BTreeSet::new())
}

/// [`differences`], in which the seen value may have these fields: JSON paths, in which indices of
/// arrays are `*`. What is expected of them counts all the same.
pub(crate) fn differences_but(
    expected: &Value,
    seen: &Value,
    extent: Extent,
    now_ms: f64,
    extra: &BTreeSet<String>,
) -> Result<Vec<String>, Failure> {
    let mut comparison = Comparison { extent, now_ms, extra, found: Vec::new() };
    comparison.compare(&Place::default(), expected, Some(seen))?;
    Ok(comparison.found)
}

struct Comparison<'a> {
    extent: Extent,
    now_ms: f64,
    /// Patterns of fields that may be there besides.
    extra: &'a BTreeSet<String>,
    found: Vec<String>,
}

/// Where a value stands.
#[derive(Default)]
struct Place {
    /// Its JSON path.
    path: String,
    /// The same with `*` for indices of arrays, and names as they are.
    pattern: String,
}

impl Place {
    fn field(&self, key: &str) -> Self {
        let escaped = key.replace('~', "~0").replace('/', "~1");
        Self {
            path: format!("{}/{escaped}", self.path),
            pattern: format!("{}/{key}", self.pattern),
        }
    }

    fn entry(&self, index: usize) -> Self {
        Self { path: format!("{}/{index}", self.path), pattern: format!("{}/*", self.pattern) }
    }

    fn shown(&self) -> &str {
        if self.path.is_empty() { "(root)" } else { &self.path }
    }
}

impl Comparison<'_> {
    fn compare(
        &mut self,
        place: &Place,
        expected: &Value,
        seen: Option<&Value>,
    ) -> Result<(), Failure> {
        if let Some(matcher) = expected.as_str().and_then(Matcher::parse) {
            let matcher = matcher.map_err(Failure::harness)?;
            let accepted = match seen {
                None => matcher.accepts_absence(),
                Some(value) => matcher.accepts(value, self.now_ms),
            };
            if !accepted {
                self.differ(place, expected, seen);
            }
            return Ok(());
        }
        match (expected, seen) {
            (Value::Object(wanted), Some(Value::Object(there))) => {
                for (key, value) in wanted {
                    self.compare(&place.field(key), value, there.get(key))?;
                }
                if self.extent == Extent::Whole {
                    for (key, value) in there.iter().filter(|(key, _)| !wanted.contains_key(*key)) {
                        let Place { path, pattern } = place.field(key);
                        if !self.extra.contains(&pattern) {
                            let value = short(value);
                            self.found.push(format!("{path}: expected nothing, got {value}"));
                        }
                    }
                }
            }
            (Value::Array(wanted), Some(Value::Array(there))) => {
                if wanted.len() != there.len() {
                    self.found.push(format!(
                        "{}: expected {} entries, got {}",
                        place.shown(),
                        wanted.len(),
                        there.len()
                    ));
                }
                for (index, (value, other)) in wanted.iter().zip(there).enumerate() {
                    self.compare(&place.entry(index), value, Some(other))?;
                }
            }
            (value, Some(other)) if equal(value, other) => {}
            (value, other) => self.differ(place, value, other),
        }
        Ok(())
    }

    fn differ(&mut self, place: &Place, expected: &Value, seen: Option<&Value>) {
        let seen = seen.map_or("nothing".to_owned(), |value| match kind(value) {
            "object" | "array" => format!("the {} {}", kind(value), short(value)),
            _ => short(value),
        });
        self.found.push(format!("{}: expected {}, got {seen}", place.shown(), short(expected)));
    }
}

/// At most a line of it.
fn short(value: &Value) -> String {
    const LONGEST: usize = 160;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: f64 = 1_800_000_000_000.0;

    fn whole(expected: Value, seen: Value) -> Vec<String> {
        differences(&expected, &seen, Extent::Whole, NOW).unwrap()
    }

    fn part(expected: Value, seen: Value) -> Vec<String> {
        differences(&expected, &seen, Extent::Part, NOW).unwrap()
    }

    #[test]
    fn numbers_are_compared_by_value_and_objects_by_extent() {
        assert!(whole(json!({"a": 1, "b": [1.0]}), json!({"b": [1], "a": 1.0})).is_empty());
        assert_eq!(whole(json!({"a": 1}), json!({"a": 2})), ["/a: expected 1, got 2"]);
        assert_eq!(whole(json!(i64::MAX), json!(i64::MAX - 1)).len(), 1);
        assert_eq!(whole(json!({}), json!({"x": 1})), ["/x: expected nothing, got 1"]);
        assert!(part(json!({"a": {}}), json!({"a": {"x": 1}, "b": 2})).is_empty());
        assert_eq!(part(json!([1]), json!([1, 2])), ["(root): expected 1 entries, got 2"]);
    }

    #[test]
    fn what_may_be_there_besides_is_no_difference_unless_it_is_named() {
        let extra = BTreeSet::from(["/more".to_owned(), "/list/*/more".to_owned()]);
        let but = |expected: Value, seen: &Value| {
            differences_but(&expected, seen, Extent::Whole, NOW, &extra).unwrap()
        };
        let seen = json!({"list": [{"a": 1, "more": {"b": 1}}], "more": 2});
        assert!(but(json!({"list": [{"a": 1}]}), &seen).is_empty());
        assert_eq!(but(json!({"list": [{}]}), &seen), ["/list/0/a: expected nothing, got 1"]);
        let named = but(json!({"list": [{"a": 1}], "more": "#absent"}), &seen);
        assert_eq!(named, ["/more: expected \"#absent\", got 2"]);
    }

    #[test]
    fn absent_null_and_any_are_three_things() {
        assert!(part(json!({"a": "#absent"}), json!({})).is_empty());
        assert_eq!(part(json!({"a": "#absent"}), json!({"a": null})).len(), 1);
        assert!(part(json!({"a": "#any"}), json!({"a": null})).is_empty());
        assert_eq!(part(json!({"a": "#any"}), json!({})).len(), 1);
        assert_eq!(part(json!({"a": null}), json!({})), ["/a: expected null, got nothing"]);
        for seen in [json!({}), json!({"a": null}), json!({"a": {}})] {
            assert!(part(json!({"a": "#none or {}"}), seen.clone()).is_empty(), "{seen}");
        }
        assert_eq!(part(json!({"a": "#none or {}"}), json!({"a": 1})).len(), 1);
        assert_eq!(part(json!({"a": "#none"}), json!({"a": {}})).len(), 1);
    }

    #[test]
    fn matchers_accept_what_they_stand_for() {
        for (matcher, good, bad) in [
            ("#string", json!("x"), json!(1)),
            ("#integer", json!(2.0), json!(2.5)),
            ("#range 1..5", json!(5), json!(5.1)),
            ("#range ..0", json!(-9), json!(1)),
            ("#multiple 20", json!(-40), json!(50)),
            ("#in [1, null]", json!(null), json!(2)),
            ("#/[a-z]+/", json!("abc"), json!("abc1")),
            ("#not 1", json!(2), json!(1.0)),
            ("#now", json!(NOW - 59_000.0), json!(NOW + 61_000.0)),
        ] {
            assert!(whole(json!(matcher), good.clone()).is_empty(), "{matcher} {good}");
            assert_eq!(whole(json!(matcher), bad.clone()).len(), 1, "{matcher} {bad}");
        }
    }

    #[test]
    fn a_matcher_that_is_not_understood_is_the_suites_fault() {
        for bad in ["#strin", "#range 1", "#multiple 0", "#/(/", "#in 5", "#none 5"] {
            let failure = differences(&json!(bad), &json!(1), Extent::Part, NOW).unwrap_err();
            assert_eq!(failure.kind, crate::failure::FailureKind::Harness, "{bad}");
        }
    }
}
