//! Answers or messages of one kind that break the rule of their shape.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::alike::without_ids;
use crate::spec::Level;

/// How many differences of a finding are told apart.
const MOST_DIFFERENCES: usize = 50;

/// Stands for all differences beyond that number.
const OTHER_DIFFERENCES: &str = "(others)";

/// Answers or messages of one kind that break the rule of their shape, whatever the scenarios were
/// about in which they were seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: String,
    /// What the rule requires.
    pub rule_title: String,
    /// How binding the rule is.
    pub level: Level,
    /// The answer or the message, such as `the answer of GET /v4/info`.
    pub what: String,
    /// Each way in which they differ, a line with the JSON path, and how often it was seen.
    pub differences: BTreeMap<String, usize>,
    /// How many of them were seen.
    pub count: usize,
    /// The scenarios in which they were seen.
    pub scenarios: BTreeSet<String>,
    /// A `curl` line that asks for one of them.
    pub reproduce: Option<String>,
    /// Why the finding does not count, if the baseline knows it.
    pub known: Option<String>,
}

impl Finding {
    /// Joins what was seen in several places. Lines that differ in ids and places in arrays only are
    /// the same.
    pub(crate) fn join(all: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut joined: BTreeMap<(String, String), Self> = BTreeMap::new();
        for mut finding in all {
            let differences = std::mem::take(&mut finding.differences);
            match joined.entry((finding.rule.clone(), finding.what.clone())) {
                Entry::Vacant(place) => place.insert(finding).count_differences(differences),
                Entry::Occupied(mut place) => {
                    place.get_mut().count_differences(differences);
                    place.get_mut().add(finding);
                }
            }
        }
        joined.into_values().collect()
    }

    fn count_differences(&mut self, differences: BTreeMap<String, usize>) {
        for (line, count) in differences {
            let line = without_ids(&line);
            let full = self.differences.len() >= MOST_DIFFERENCES;
            let line = match full && !self.differences.contains_key(&line) {
                true => OTHER_DIFFERENCES.to_owned(),
                false => line,
            };
            *self.differences.entry(line).or_default() += count;
        }
    }

    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.scenarios.extend(other.scenarios);
        self.reproduce = self.reproduce.take().or(other.reproduce);
    }

    /// What differs most often, and how often.
    pub fn main_difference(&self) -> Option<(&str, usize)> {
        let named = self.differences.iter().filter(|(line, _)| *line != OTHER_DIFFERENCES);
        let most = named.max_by_key(|(line, count)| (**count, Reverse(*line)));
        most.map(|(line, count)| (line.as_str(), *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::finding;

    #[test]
    fn differences_of_a_finding_are_told_apart_up_to_a_number() {
        let many = (0..200).map(|n| finding("LL-SHAPE-001", &[(&format!("/f{n}: is missing"), 1)]));
        let joined = Finding::join(many);
        assert_eq!(joined[0].differences.len(), MOST_DIFFERENCES + 1);
        assert_eq!(joined[0].differences.values().sum::<usize>(), 200);
        assert_ne!(joined[0].main_difference().unwrap().0, OTHER_DIFFERENCES);
    }
}
