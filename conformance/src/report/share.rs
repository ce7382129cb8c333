//! How much of what was asked could be judged, and how much of that holds.

use std::collections::BTreeMap;

use super::Run;
use crate::verdict::Status;

/// How many scenarios were judged, and of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that passed or failed.
    pub judged: usize,
    /// All that were asked for.
    pub of: usize,
}

impl Share {
    /// Of a run.
    pub fn of(run: &Run) -> Self {
        let mut share = Self::default();
        run.scenarios.iter().for_each(|scenario| share.add(scenario.status));
        share
    }

    /// By area.
    pub fn by_area(run: &Run) -> BTreeMap<&str, Self> {
        let mut shares: BTreeMap<&str, Self> = BTreeMap::new();
        for scenario in &run.scenarios {
            shares.entry(&scenario.area).or_default().add(scenario.status);
        }
        shares
    }

    /// In whole percent. Only all of it is 100, and only nothing is 0.
    pub fn percent(self) -> usize {
        match (self.judged * 100).checked_div(self.of) {
            Some(0) if self.judged > 0 => 1,
            Some(percent) => percent,
            None => 0,
        }
    }

    fn add(&mut self, status: Status) {
        self.judged += usize::from(matches!(status, Status::Passed | Status::Failed));
        self.of += 1;
    }
}

/// How many rules hold, and of how many. Rules that are not applicable or were not run are not
/// counted: they say nothing of the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Those of which nothing failed.
    pub held: usize,
    /// All that were tried.
    pub of: usize,
}

impl Held {
    /// Counts a rule that ended like this.
    pub fn add(&mut self, status: Status) {
        self.held += usize::from(status == Status::Passed);
        self.of += usize::from(!matches!(status, Status::NotApplicable | Status::NotRun));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_tried_is_neither_held_nor_not() {
        let mut held = Held::default();
        Status::ALL.into_iter().for_each(|status| held.add(status));
        assert_eq!(held, Held { held: 1, of: 4 });
    }

    #[test]
    fn only_all_is_a_hundred_percent_and_only_nothing_is_none() {
        let percent = |judged, of| Share { judged, of }.percent();
        assert_eq!(percent(1197, 1198), 99);
        assert_eq!(percent(1198, 1198), 100);
        assert_eq!(percent(1, 1198), 1);
        assert_eq!((percent(0, 1198), percent(0, 0)), (0, 0));
    }
}
