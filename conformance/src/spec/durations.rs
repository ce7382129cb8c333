//! How long scenarios take.

use std::collections::BTreeMap;
use std::fmt;

use super::Scenario;

/// Measured as CONTRIBUTING.md says: milliseconds and the id of a scenario in each line.
const EMBEDDED: &str = include_str!("durations.txt");

/// What a scenario that says that it is slow takes if nobody has measured it, in milliseconds.
const USUAL_SLOW: u64 = 60_000;

/// The table is written in steps of this many milliseconds, so that it does not change with every
/// measurement. It is also the least.
const STEP: u64 = 10;

/// How long scenarios take in real time, in milliseconds; a rough measure, for nothing but to
/// balance shards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations(BTreeMap<String, u64>);

impl Durations {
    /// Those that were measured on the bundled server.
    pub fn embedded() -> Self {
        Self::read(EMBEDDED)
    }

    /// What was measured; the first of a scenario counts.
    pub fn of(measured: impl IntoIterator<Item = (String, u64)>) -> Self {
        let mut durations = BTreeMap::new();
        for (id, ms) in measured {
            durations.entry(id).or_insert(ms.next_multiple_of(STEP).max(STEP));
        }
        Self(durations)
    }

    /// How many scenarios were measured.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none was measured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a scenario takes, or what is usual if it was not measured.
    pub fn of_scenario(&self, scenario: &Scenario) -> u64 {
        let usual = || if scenario.has_tag("slow") { USUAL_SLOW } else { self.median() };
        self.0.get(&scenario.id).copied().unwrap_or_else(usual)
    }

    fn median(&self) -> u64 {
        let mut all: Vec<_> = self.0.values().copied().collect();
        all.sort_unstable();
        all.get(all.len() / 2).copied().unwrap_or(STEP)
    }

    /// Lines that cannot be read count as not measured: at worst a shard is longer than it need be.
    fn read(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        Self(lines.filter_map(|(ms, id)| Some((id.to_owned(), ms.parse().ok()?))).collect())
    }
}

impl fmt::Display for Durations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(id, ms)| writeln!(f, "{ms} {id}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let measured = [("LL-A-001.a[x y]", 1), ("LL-A-001.b", 34_567), ("LL-A-001.b", 5)];
        let durations = Durations::of(measured.map(|(id, ms)| (id.to_owned(), ms)));
        assert_eq!(durations.to_string(), "10 LL-A-001.a[x y]\n34570 LL-A-001.b\n");
        assert_eq!(Durations::read(&durations.to_string()), durations);
    }

    #[test]
    fn the_embedded_table_is_about_the_embedded_features() {
        let durations = Durations::embedded();
        let lines = EMBEDDED.lines().count();
        assert_eq!(durations.len(), lines, "a line is no duration, or an id stands twice");
        let spec = Source::embedded().read().unwrap();
        let all = spec.scenarios().count();
        let measured = spec.scenarios().filter(|(_, s)| durations.0.contains_key(&s.id)).count();
        assert!(
            measured * 10 >= all * 8,
            "{measured} of {all}: CONTRIBUTING.md says how to measure"
        );
    }
}
