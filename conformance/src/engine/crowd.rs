//! Which scenarios failed only because others ran beside them.
//!
//! A target that many clients keep busy sends less sound, answers later, or breaks connections. What
//! failed by waiting runs again with fewer beside it, and at last with nobody; if it holds then, that
//! is told, and is no failure of its rule. A difference that no crowd explains is not tried again.
//! What this may cost is bounded: those of the highest level come first, those that look like one
//! that failed again are left out, and so are all when time is up.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::report::{Outcome, without_numbers};
use crate::spec::Level;
use crate::verdict::Status;

/// How many scenarios run again with fewer beside them.
const MOST_WITH_FEWER: usize = 60;

/// How many run again with nobody beside them.
const MOST_ALONE: usize = 20;

/// For how long scenarios begin to run again, with fewer or with nobody.
const LONGEST: [Duration; 2] = [Duration::from_secs(45), Duration::from_secs(30)];

/// Of what looks the same so many may fail again before the others are taken to do the same.
const MOST_ALIKE: usize = 2;

/// How few run beside a scenario that runs again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Crowd {
    /// As many as in any pass.
    Usual,
    /// Fewer.
    Few,
    /// Nobody.
    None,
}

/// What looks the same: the rule that failed or that blocks, and the message without numbers.
type Likeness = (String, String);

/// Scenarios that are to run again, as others may have made them fail.
#[derive(Debug, Default)]
pub(super) struct Crowded {
    waiting: BTreeMap<String, (Level, Likeness)>,
    /// What became of scenarios that ran again: how many of a kind failed, while none held.
    again: BTreeMap<(Crowd, Likeness), usize>,
    begun: BTreeMap<Crowd, usize>,
    until: Option<Instant>,
}

impl Crowd {
    /// Where a scenario goes next that failed in this one.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Usual => Self::Few,
            Self::Few | Self::None => Self::None,
        }
    }

    fn most(self) -> (usize, Duration) {
        match self {
            Self::Usual | Self::Few => (MOST_WITH_FEWER, LONGEST[0]),
            Self::None => (MOST_ALONE, LONGEST[1]),
        }
    }
}

impl Crowded {
    /// A scenario has failed and may be innocent. Its outcome stands unless it runs again.
    pub(super) fn add(&mut self, id: &str, rule: &str, level: Level, outcome: &Outcome) {
        self.waiting.insert(id.to_owned(), (level, kind(rule, outcome)));
    }

    /// A scenario that ran again has ended.
    pub(super) fn note(&mut self, crowd: Crowd, rule: &str, before: &Outcome, now: &Outcome) {
        let failed = self.again.entry((crowd, kind(rule, before))).or_default();
        match now.status {
            Status::Passed => *failed = 0,
            _ => *failed += 1,
        }
    }

    /// Whether there are any.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Those that run again now: of each level first one of each kind.
    pub(super) fn begin(&mut self, crowd: Crowd) -> Vec<String> {
        let (most, longest) = crowd.most();
        let begun = self.begun.entry(crowd).or_default();
        let mut of_kind: BTreeMap<Likeness, usize> = BTreeMap::new();
        let mut chosen: Vec<_> = std::mem::take(&mut self.waiting)
            .into_iter()
            .map(|(id, (level, kind))| {
                let nth = of_kind.entry(kind.clone()).or_default();
                *nth += 1;
                (level, *nth, id, kind)
            })
            .collect();
        chosen.sort();
        chosen.truncate(most.saturating_sub(*begun));
        *begun += chosen.len();
        self.until = Some(Instant::now() + longest);
        let ids = chosen.iter().map(|(_, _, id, _)| id.clone()).collect();
        self.waiting = chosen.into_iter().map(|(level, _, id, kind)| (id, (level, kind))).collect();
        ids
    }

    /// Whether it is worth while to run a scenario again, which is asked once.
    pub(super) fn is_worth(&mut self, crowd: Crowd, id: &str) -> bool {
        let Some((_, kind)) = self.waiting.remove(id) else { return false };
        let alike = self.again.get(&(crowd, kind)).copied().unwrap_or_default();
        alike < MOST_ALIKE && self.until.is_some_and(|until| Instant::now() < until)
    }
}

fn kind(rule: &str, outcome: &Outcome) -> Likeness {
    let rule = outcome.blocked_by.as_deref().unwrap_or(rule);
    (rule.to_owned(), without_numbers(outcome.message.as_deref().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn late(message: &str) -> Outcome {
        let message = Some(message.to_owned());
        Outcome { status: Status::Failed, message, ..Outcome::passed() }
    }

    #[test]
    fn those_of_the_highest_level_come_first_and_one_of_each_kind_before_the_next() {
        let mut crowded = Crowded::default();
        for (id, rule, level, message) in [
            ("LL-A-001.a", "LL-A-001", Level::Observed, "no x within 5s"),
            ("LL-B-001.a", "LL-B-001", Level::Must, "no x within 5s"),
            ("LL-B-001.b", "LL-B-001", Level::Must, "no x within 7.1s"),
            ("LL-B-002.a", "LL-B-002", Level::Must, "no x within 5s"),
            ("LL-C-001.a", "LL-C-001", Level::Should, "no x within 5s"),
        ] {
            crowded.add(id, rule, level, &late(message));
        }
        let ids = crowded.begin(Crowd::Few);
        assert_eq!(ids, ["LL-B-001.a", "LL-B-002.a", "LL-B-001.b", "LL-C-001.a", "LL-A-001.a"]);
    }

    #[test]
    fn what_looks_like_two_that_failed_again_is_left_out() {
        let mut crowded = Crowded::default();
        let (seen, rule) = (late("no x within 5s"), "LL-A-001");
        let held = Outcome::passed();
        for id in ["a", "b", "c", "d"] {
            crowded.add(id, rule, Level::Must, &seen);
        }
        crowded.begin(Crowd::None);
        assert!(crowded.is_worth(Crowd::None, "a"));
        assert!(!crowded.is_worth(Crowd::None, "a"), "asked once");
        crowded.note(Crowd::None, rule, &seen, &seen);
        crowded.note(Crowd::None, rule, &seen, &held);
        crowded.note(Crowd::None, rule, &seen, &seen);
        assert!(crowded.is_worth(Crowd::None, "b"));
        crowded.note(Crowd::None, rule, &seen, &seen);
        assert!(!crowded.is_worth(Crowd::None, "c"));
        // Of another kind.
        crowded.add("e", "LL-A-002", Level::Must, &seen);
        assert!(crowded.is_worth(Crowd::None, "e"));
    }

    #[test]
    fn a_wall_of_failures_does_not_run_again() {
        let mut crowded = Crowded::default();
        let outcome = |n: usize| late(&format!("no message number {n}x within 5s"));
        for n in 0..600 {
            crowded.add(
                &format!("LL-A-{n:03}.a"),
                &format!("LL-A-{n:03}"),
                Level::Must,
                &outcome(n),
            );
        }
        let ids = crowded.begin(Crowd::Few);
        assert_eq!(ids.len(), MOST_WITH_FEWER);
        crowded.until = Some(Instant::now());
        assert!(!crowded.is_worth(Crowd::Few, &ids[0]));
        // However often the whole runs.
        crowded.add(&ids[0], "LL-A-001", Level::Must, &outcome(0));
        assert!(crowded.begin(Crowd::Few).is_empty() && crowded.is_empty());
        crowded.add(&ids[0], "LL-A-001", Level::Must, &outcome(0));
        assert_eq!(crowded.begin(Crowd::None), ids[..1]);
    }
}
