//! Numbers that depend on the seed alone.

/// SplitMix64: the same numbers on every machine and with every version of every library, so that
/// a seed means the same cases for ever.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of case `number` of a seed; those of other cases are unrelated.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        let first = Self(seed).next();
        Self(Self(first.wrapping_add(number)).next())
    }

    /// Any number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// A number below `end`, which has to be more than 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        // The remainder always fits, as `end` does.
        (self.next() % end as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of them; there has to be one.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One of these texts; there has to be one.
    pub(crate) fn text(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(texts.len())]
    }

    /// Any bytes.
    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_be_bytes()[0]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_numbers_for_ever() {
        let mut random = Random(0);
        assert_eq!(random.next(), 0xE220_A839_7B1D_CDAF, "the first of SplitMix64 with seed 0");
        assert_ne!(Random::of(1, 2).next(), Random::of(2, 1).next());
        assert_ne!(Random::of(1, 1).next(), Random::of(1, 2).next());
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut random = Random::of(1, 1);
        let mut seen = [false; 3];
        for _ in 0..200 {
            seen[random.between(5, 7) - 5] = true;
        }
        assert_eq!(seen, [true; 3]);
    }
}
