//! Numbers that are passed over.

use std::collections::BTreeMap;

/// A set of numbers, kept as runs, so that the next number that is not in it is found without
/// walking through those that are.
#[derive(Debug, Default)]
pub(super) struct Runs(BTreeMap<u128, u128>);

impl Runs {
    /// The run that a number is in, first and last.
    fn around(&self, number: u128) -> Option<(u128, u128)> {
        let (first, last) = self.0.range(..=number).next_back()?;
        (number <= *last).then_some((*first, *last))
    }

    pub(super) fn contains(&self, number: u128) -> bool {
        self.around(number).is_some()
    }

    pub(super) fn insert(&mut self, number: u128) {
        if self.contains(number) {
            return;
        }
        let before = number.checked_sub(1).and_then(|before| self.around(before));
        let after = number.checked_add(1).and_then(|after| self.around(after));
        if let Some((first, _)) = after {
            self.0.remove(&first);
        }
        let first = before.map_or(number, |(first, _)| first);
        self.0.insert(first, after.map_or(number, |(_, last)| last));
    }

    pub(super) fn remove(&mut self, number: u128) {
        let Some((first, last)) = self.around(number) else { return };
        self.0.remove(&first);
        if first < number {
            self.0.insert(first, number - 1);
        }
        if number < last {
            self.0.insert(number + 1, last);
        }
    }

    /// The first number from `from` to `last` that is not in the set.
    pub(super) fn next_free(&self, from: u128, last: u128) -> Option<u128> {
        let free = match self.around(from) {
            Some((_, end)) => end.checked_add(1)?,
            None => from,
        };
        (free <= last).then_some(free)
    }

    /// The first number from `from` on that is not in the set; after `last` comes 0.
    pub(super) fn next_free_around(&self, from: u128, last: u128) -> Option<u128> {
        self.next_free(from, last).or_else(|| self.next_free(0, last))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_number_is_a_number() {
        let mut runs = Runs::default();
        runs.insert(u128::MAX);
        runs.insert(u128::MAX - 1);
        assert_eq!(runs.next_free(u128::MAX - 1, u128::MAX), None);
        assert_eq!(runs.next_free_around(u128::MAX, u128::MAX), Some(0));
        runs.remove(u128::MAX);
        assert_eq!(runs.next_free(u128::MAX - 1, u128::MAX), Some(u128::MAX));
    }

    proptest! {
        #[test]
        fn it_is_a_set(changes in prop::collection::vec((any::<bool>(), 0..40_u128), 0..120)) {
            let (mut runs, mut set) = (Runs::default(), BTreeSet::new());
            for (insert, number) in changes {
                if insert {
                    runs.insert(number);
                    set.insert(number);
                } else {
                    runs.remove(number);
                    set.remove(&number);
                }
                for from in 0..40 {
                    prop_assert_eq!(runs.contains(from), set.contains(&from));
                    let free = (from..=39).find(|number| !set.contains(number));
                    prop_assert_eq!(runs.next_free(from, 39), free);
                }
            }
        }
    }
}
