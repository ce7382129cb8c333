//! Which scenario a target died of.
//!
//! Scenarios run side by side on one server, and a server may die a moment after the scenario that
//! killed it has ended. So those that ran beside a death, or ended just before it, run again one
//! by one. There the scenario is to blame that had the server when it died; but one that finds it
//! dead at its very first connection is innocent, and the one before it is to blame.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use super::play::Played;

/// For how long a scenario that has ended may have killed the target.
const LATE: Duration = Duration::from_secs(2);

/// How often a scenario that found the target dead runs again.
const MOST_RETRIES: usize = 3;

/// What is to be done about a scenario during whose time the target was found dead.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sentence {
    /// It killed the target.
    Guilty,
    /// Nobody knows: it has to run again, with nobody beside it, and these before it.
    Suspect(Vec<String>),
    /// It found the target dead. It has to run again; the other one killed the target.
    Innocent {
        /// The scenario before it.
        guilty: String,
    },
}

/// Who was where when the target died.
#[derive(Debug, Default)]
pub(super) struct Deaths {
    /// Scenarios that ended a short time ago, the last one at the end.
    recent: VecDeque<(String, Instant)>,
    retries: BTreeMap<String, usize>,
    /// Those that run again although their first outcome stands: they may be to blame.
    rechecked: BTreeSet<String>,
}

impl Deaths {
    /// A scenario has ended, and the target lives.
    pub(super) fn survived(&mut self, id: &str) {
        self.recent.push_back((id.to_owned(), Instant::now()));
        while self.recent.front().is_some_and(|(_, at)| at.elapsed() > LATE) {
            self.recent.pop_front();
        }
    }

    /// The target was found dead while this scenario ran.
    pub(super) fn judge(&mut self, id: &str, played: &Played, was_alone: bool) -> Sentence {
        if !was_alone {
            let recent = self.recent.drain(..).filter(|(_, at)| at.elapsed() <= LATE);
            let recent: Vec<_> = recent.map(|(id, _)| id).collect();
            self.rechecked.extend(recent.iter().cloned());
            return Sentence::Suspect(recent);
        }
        let before = self.recent.pop_back().filter(|(_, at)| at.elapsed() <= LATE);
        let retries = self.retries.entry(id.to_owned()).or_default();
        match before {
            Some((guilty, _)) if !played.heard && *retries < MOST_RETRIES => {
                *retries += 1;
                Sentence::Innocent { guilty }
            }
            _ => Sentence::Guilty,
        }
    }

    /// The scenario is to run again only to see whether the target dies of it.
    pub(super) fn recheck(&mut self, id: &str) {
        self.rechecked.insert(id.to_owned());
    }

    /// Whether the scenario runs only to see whether the target dies of it.
    pub(super) fn take_recheck(&mut self, id: &str) -> bool {
        self.rechecked.remove(id)
    }

    /// A new pass begins.
    pub(super) fn forget_recent(&mut self) {
        self.recent.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Outcome;

    fn played(heard: bool) -> Played {
        Played { outcome: Outcome::passed(), violations: Vec::new(), heard, death: None }
    }

    #[test]
    fn who_finds_the_target_dead_is_innocent() {
        let mut deaths = Deaths::default();
        deaths.survived("a");
        let innocent = Sentence::Innocent { guilty: "a".into() };
        assert_eq!(deaths.judge("b", &played(false), true), innocent);
        assert_eq!(deaths.judge("b", &played(false), true), Sentence::Guilty, "nobody before it");
        deaths.survived("a");
        assert_eq!(deaths.judge("c", &played(true), true), Sentence::Guilty);
    }

    #[test]
    fn who_ran_beside_a_death_or_ended_before_it_runs_again() {
        let mut deaths = Deaths::default();
        deaths.survived("a");
        let suspect = Sentence::Suspect(vec!["a".into()]);
        assert_eq!(deaths.judge("b", &played(true), false), suspect);
        assert!(deaths.take_recheck("a") && !deaths.take_recheck("a"));
        assert!(!deaths.take_recheck("b"));
    }
}
