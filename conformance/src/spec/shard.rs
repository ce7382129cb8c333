//! Parts of a spec that take about the same time.
//!
//! What a shard has depends on the whole spec, the number of shards and the table of durations, and
//! on nothing else: whatever is selected, a scenario stays in its shard.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::{Durations, Scenario, Spec};
use crate::target::profiles;

/// More shards than this are a slip of the pen.
const MOST: usize = 1000;

/// What it takes to start a server for one scenario, in milliseconds: what a JVM needs on two cores.
/// Where it is nothing, nothing is lost by having such scenarios in all shards.
const SERVER_START: u64 = 4000;

/// One of the parts that a spec is divided into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    number: usize,
    count: usize,
}

impl Shard {
    /// Which one, counted from 1.
    pub fn number(self) -> usize {
        self.number
    }

    /// How many there are.
    pub fn count(self) -> usize {
        self.count
    }

    /// The scenarios that it has of a spec.
    pub fn ids(self, spec: &Spec) -> BTreeSet<&str> {
        let durations = Durations::embedded();
        let loads: Vec<_> =
            spec.scenarios().map(|(_, scenario)| Load::of(scenario, &durations)).collect();
        let dealt = deal(&loads, self.count).into_iter();
        dealt.filter(|(_, number)| *number == self.number).map(|(id, _)| id).collect()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once('/').and_then(|(number, count)| {
            Some(Self { number: number.parse().ok()?, count: count.parse().ok()? })
        });
        match parsed {
            None => Err("give a shard and how many there are, such as 2/5".into()),
            Some(Self { count, .. }) if count > MOST => Err(format!("there can be {MOST} shards")),
            Some(Self { number, count }) if !(1..=count).contains(&number) => Err(format!(
                "shards are counted from 1 to the number of them, 1/{0} to {0}/{0}",
                count.max(1)
            )),
            Some(shard) => Ok(shard),
        }
    }
}

/// A scenario, as far as it matters for how long a shard takes.
#[derive(Clone, Debug)]
struct Load<'a> {
    id: &'a str,
    /// In milliseconds.
    duration: u64,
    /// Whether nothing runs beside it, or nothing of its kind may.
    serial: bool,
    /// The profile whose server it shares with others, if that is started for them only.
    shares: Option<&'a str>,
}

impl<'a> Load<'a> {
    fn of(scenario: &'a Scenario, durations: &Durations) -> Self {
        let owns_server = scenario.needs().any(|need| need == "upstream");
        let profile = scenario.profile();
        Self {
            id: &scenario.id,
            duration: durations.of_scenario(scenario) + if owns_server { SERVER_START } else { 0 },
            serial: owns_server || scenario.has_tag("alone"),
            shares: (!owns_server && profile != profiles::PLAIN).then_some(profile),
        }
    }
}

/// What is dealt to one shard as it is.
#[derive(Debug)]
struct Item<'a> {
    ids: Vec<&'a str>,
    duration: u64,
    serial: bool,
}

/// The shard of every scenario, counted from 1.
///
/// The longest go first, each to the shard that has least so far; so two shards differ by no more
/// than the longest item. Those that run one after another are dealt before the others, so that
/// they are balanced too. Scenarios that share a server stay together, as each shard would have to
/// start that server, unless they are more than a shard's part of the whole.
fn deal<'a>(loads: &[Load<'a>], count: usize) -> BTreeMap<&'a str, usize> {
    let mut items = items(loads, count);
    items.sort_by_key(|item| (!item.serial, Reverse(item.duration), item.ids.first().copied()));
    let mut sums = vec![0; count.max(1)];
    let mut shards = BTreeMap::new();
    for item in items {
        let least = sums.iter().enumerate().min_by_key(|(at, sum)| (**sum, *at));
        let at = least.map_or(0, |(at, _)| at);
        sums[at] += item.duration;
        shards.extend(item.ids.into_iter().map(|id| (id, at + 1)));
    }
    shards
}

fn items<'a>(loads: &[Load<'a>], count: usize) -> Vec<Item<'a>> {
    let total: u64 = loads.iter().map(|load| load.duration).sum();
    let part = total / u64::try_from(count.max(1)).unwrap_or(u64::MAX);
    let mut together: BTreeMap<_, Vec<&Load<'a>>> = BTreeMap::new();
    for load in loads {
        let alone = load.shares.is_none().then_some(load.id);
        together.entry((load.shares, alone)).or_default().push(load);
    }
    let one = |loads: &[&Load<'a>]| {
        let mut ids: Vec<_> = loads.iter().map(|load| load.id).collect();
        ids.sort_unstable();
        Item {
            ids,
            duration: loads.iter().map(|load| load.duration).sum(),
            serial: loads.iter().any(|load| load.serial),
        }
    };
    let mut items = Vec::new();
    for loads in together.into_values() {
        let whole = one(&loads);
        if whole.duration <= part {
            items.push(whole);
        } else {
            items.extend(loads.chunks(1).map(one));
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Source;
    use super::*;

    #[test]
    fn a_shard_is_read_and_written() {
        for text in ["1/1", "2/5", "5/5", "1000/1000"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for (text, told) in [
            ("2", "such as 2/5"),
            ("", "such as 2/5"),
            ("-1/5", "such as 2/5"),
            ("a/b", "such as 2/5"),
            ("1/2/3", "such as 2/5"),
            ("0/5", "1/5 to 5/5"),
            ("6/5", "1/5 to 5/5"),
            ("0/0", "counted from 1"),
            ("1/1001", "1000 shards"),
            ("1/99999999999999999999999", "such as 2/5"),
        ] {
            let error = text.parse::<Shard>().unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    /// What each shard takes.
    fn sums(loads: &[Load<'_>], count: usize) -> Vec<u64> {
        let dealt = deal(loads, count);
        let mut sums = vec![0; count];
        loads.iter().for_each(|load| sums[dealt[load.id] - 1] += load.duration);
        sums
    }

    #[test]
    fn the_embedded_features_are_balanced_by_the_table() {
        let spec = Source::embedded().read().unwrap();
        let durations = Durations::embedded();
        let loads: Vec<_> = spec.scenarios().map(|(_, s)| Load::of(s, &durations)).collect();
        let longest = loads.iter().map(|load| load.duration).max().unwrap();
        for count in 1..=8 {
            let sums = sums(&loads, count);
            let (least, most) = (sums.iter().min().unwrap(), sums.iter().max().unwrap());
            assert!(most - least <= longest, "{sums:?}");
            let one_by_one: Vec<_> = loads.iter().filter(|load| load.serial).cloned().collect();
            let longest = one_by_one.iter().map(|load| load.duration).max().unwrap();
            let dealt = deal(&loads, count);
            let mut sums = vec![0; count];
            one_by_one.iter().for_each(|load| sums[dealt[load.id] - 1] += load.duration);
            let (least, most) = (sums.iter().min().unwrap(), sums.iter().max().unwrap());
            assert!(most - least <= longest, "{sums:?}");
        }
    }

    #[test]
    fn those_that_share_a_server_stay_together_unless_they_are_too_many() {
        let load = |id, shares| Load { id, duration: 10, serial: false, shares };
        let mut loads = vec![load("a", Some("x")), load("b", None), load("c", Some("x"))];
        let few = deal(&loads, 3);
        assert_eq!(few.values().collect::<BTreeSet<_>>().len(), 3, "{few:?}");
        loads.extend(["d", "e", "f"].map(|id| load(id, None)));
        let many = deal(&loads, 3);
        assert_eq!(many["a"], many["c"], "{many:?}");
    }

    /// Loads with ids `0`, `1`…: duration, serial, and the profile that is shared, if any.
    fn some_loads() -> impl Strategy<Value = Vec<(u64, bool, Option<u8>)>> {
        prop::collection::vec((1u64..100_000, any::<bool>(), prop::option::of(0u8..4)), 0..60)
    }

    proptest! {
        #[test]
        fn every_scenario_is_in_one_shard_and_none_is_too_long(
            given in some_loads(),
            count in 1usize..30,
            turn in 0usize..60,
        ) {
            let names: Vec<_> = (0..given.len()).map(|at| at.to_string()).collect();
            let profiles = ["p0", "p1", "p2", "p3"];
            let mut loads: Vec<_> = names.iter().zip(&given).map(|(id, (duration, serial, shares))| Load {
                id,
                duration: *duration,
                serial: *serial,
                shares: shares.map(|at| profiles[usize::from(at)]),
            }).collect();
            let dealt = deal(&loads, count);
            prop_assert_eq!(dealt.len(), loads.len());
            prop_assert!(dealt.values().all(|number| (1..=count).contains(number)));
            let sums = sums(&loads, count);
            let total: u64 = sums.iter().sum();
            prop_assert_eq!(total, loads.iter().map(|load| load.duration).sum::<u64>());
            let part = total / u64::try_from(count).unwrap();
            let longest = loads.iter().map(|load| load.duration).max().unwrap_or(0);
            let (least, most) = (sums.iter().min().unwrap(), sums.iter().max().unwrap());
            prop_assert!(most - least <= longest.max(part), "{:?}", sums);
            // The order of the files does not matter.
            let turn = turn % loads.len().max(1);
            loads.rotate_left(turn);
            prop_assert_eq!(deal(&loads, count), dealt);
        }
    }
}
