//! Uniform draws from numbers of which some are left out.

use std::collections::HashMap;

use rand::RngExt;
use rand::rngs::StdRng;

/// The numbers from 0 to a last one in an order of its own: those that may be drawn stand in
/// front of those that are left out. Only what is not in its own place is remembered, so a draw
/// costs the same however many numbers there are and however many are left out.
#[derive(Debug)]
pub(super) struct Shuffle {
    /// The last place that there is.
    last: u128,
    /// The last place with a number that may be drawn.
    last_drawn: Option<u128>,
    number_at: HashMap<u128, u128>,
    place_of: HashMap<u128, u128>,
}

impl Shuffle {
    pub(super) fn new(last: u128) -> Self {
        let (number_at, place_of) = (HashMap::new(), HashMap::new());
        Self { last, last_drawn: Some(last), number_at, place_of }
    }

    /// Leaves a number out.
    pub(super) fn leave_out(&mut self, number: u128) {
        let Some(last_drawn) = self.last_drawn else { return };
        let place = self.place(number);
        if place <= last_drawn {
            self.swap(place, last_drawn);
            self.last_drawn = last_drawn.checked_sub(1);
        }
    }

    /// The number may be drawn again.
    pub(super) fn take_in(&mut self, number: u128) {
        if self.last_drawn == Some(self.last) {
            return;
        }
        let first_left_out = self.last_drawn.map_or(0, |last| last + 1);
        let place = self.place(number);
        if place >= first_left_out && place <= self.last {
            self.swap(place, first_left_out);
            self.last_drawn = Some(first_left_out);
        }
    }

    /// Each number that is not left out with the same chance.
    pub(super) fn draw(&self, random: &mut StdRng) -> Option<u128> {
        let last = self.last_drawn?;
        Some(self.number(random.random_range(0..=last)))
    }

    fn number(&self, place: u128) -> u128 {
        self.number_at.get(&place).copied().unwrap_or(place)
    }

    fn place(&self, number: u128) -> u128 {
        self.place_of.get(&number).copied().unwrap_or(number)
    }

    fn swap(&mut self, one: u128, other: u128) {
        let (first, second) = (self.number(one), self.number(other));
        self.put(first, other);
        self.put(second, one);
    }

    fn put(&mut self, number: u128, place: u128) {
        if number == place {
            self.number_at.remove(&place);
            self.place_of.remove(&number);
        } else {
            self.number_at.insert(place, number);
            self.place_of.insert(number, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn all_numbers_there_are_can_be_drawn_from() {
        let mut random = StdRng::seed_from_u64(1);
        let mut shuffle = Shuffle::new(u128::MAX);
        for number in [0, u128::MAX, 5] {
            shuffle.leave_out(number);
        }
        let drawn = shuffle.draw(&mut random).unwrap();
        assert!(![0, u128::MAX, 5].contains(&drawn));
        shuffle.take_in(5);
        shuffle.take_in(5);
        assert_eq!(shuffle.last_drawn, Some(u128::MAX - 2));
    }

    #[test]
    fn draws_are_even() {
        let mut random = StdRng::seed_from_u64(7);
        let mut shuffle = Shuffle::new(9);
        for left_out in [0, 3, 9, 8] {
            shuffle.leave_out(left_out);
        }
        shuffle.take_in(3);
        let mut counts = [0_u32; 10];
        for _ in 0..70_000 {
            counts[shuffle.draw(&mut random).unwrap() as usize] += 1;
        }
        for (number, count) in counts.into_iter().enumerate() {
            if [0, 8, 9].contains(&number) {
                assert_eq!(count, 0);
            } else {
                // 10 000 each; five standard deviations.
                assert!(count.abs_diff(10_000) < 465, "{counts:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn only_what_is_not_left_out_is_drawn(
            changes in prop::collection::vec((any::<bool>(), 0..12_u128), 0..80), seed: u64
        ) {
            let mut random = StdRng::seed_from_u64(seed);
            let (mut shuffle, mut left_out) = (Shuffle::new(11), BTreeSet::new());
            for (leave_out, number) in changes {
                if leave_out {
                    shuffle.leave_out(number);
                    left_out.insert(number);
                } else {
                    shuffle.take_in(number);
                    left_out.remove(&number);
                }
                match shuffle.draw(&mut random) {
                    None => prop_assert_eq!(left_out.len(), 12),
                    Some(drawn) => prop_assert!(drawn <= 11 && !left_out.contains(&drawn)),
                }
                let drawable: BTreeSet<_> = (0..12 - left_out.len() as u128)
                    .map(|place| shuffle.number(place)).collect();
                prop_assert!(drawable.is_disjoint(&left_out));
                prop_assert_eq!(drawable.len() + left_out.len(), 12);
            }
        }
    }
}
