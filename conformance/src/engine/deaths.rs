//! Which scenario a target died of.
//!
//! Scenarios run side by side on one server, and a server may die a moment after the scenario that
//! killed it has ended. So those that had sent it something, and those that ended just before it
//! died, run again with fewer beside them, and at last one by one. Who has the server alone when it
//! dies is to blame; but one that finds it dead at its very first connection is innocent, and the
//! one before it is to blame.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use super::play::Played;

/// For how long a scenario that has ended may have killed the target.
const LATE: Duration = Duration::from_millis(500);

/// How many that have ended are suspected of a death at most.
const MOST_RECENT: usize = 16;

/// How often a scenario that is innocent of a death runs again.
const MOST_RETRIES: usize = 5;

/// What is to be done about a scenario during whose time the target was found dead.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sentence {
    /// It killed the target.
    Guilty,
    /// Nobody knows: it has to run again with fewer beside it, and these that ended before it.
    Suspect(Vec<String>),
    /// It did not kill the target, and has to run again; the other one did, if it is known.
    Innocent {
        /// The scenario before it.
        guilty: Option<String>,
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
        if self.recent.len() > MOST_RECENT {
            self.recent.pop_front();
        }
    }

    /// The target was found dead while this scenario ran.
    pub(super) fn judge(&mut self, id: &str, played: &Played, was_alone: bool) -> Sentence {
        let recent = self.recent.drain(..).filter(|(_, at)| at.elapsed() <= LATE);
        let mut recent: Vec<_> = recent.map(|(id, _)| id).collect();
        let retries = self.retries.entry(id.to_owned()).or_default();
        let innocent = !played.suspicious && *retries < MOST_RETRIES;
        if innocent {
            *retries += 1;
        }
        match (was_alone, innocent) {
            (true, false) => Sentence::Guilty,
            (true, true) => match recent.pop() {
                Some(guilty) => Sentence::Innocent { guilty: Some(guilty) },
                None => Sentence::Guilty,
            },
            (false, _) => {
                self.rechecked.extend(recent.iter().cloned());
                match innocent && recent.is_empty() {
                    true => Sentence::Innocent { guilty: None },
                    false => Sentence::Suspect(recent),
                }
            }
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

    fn played(suspicious: bool) -> Played {
        Played {
            outcome: Outcome::passed(),
            violations: Vec::new(),
            suspicious,
            crowded: false,
            death: None,
        }
    }

    #[test]
    fn who_finds_the_target_dead_is_innocent() {
        let mut deaths = Deaths::default();
        deaths.survived("a");
        let innocent = Sentence::Innocent { guilty: Some("a".into()) };
        assert_eq!(deaths.judge("b", &played(false), true), innocent);
        assert_eq!(deaths.judge("b", &played(false), true), Sentence::Guilty, "nobody before it");
        deaths.survived("a");
        assert_eq!(deaths.judge("c", &played(true), true), Sentence::Guilty);
    }

    #[test]
    fn who_sent_something_or_ended_before_a_death_runs_again_with_fewer() {
        let mut deaths = Deaths::default();
        deaths.survived("a");
        let suspect = Sentence::Suspect(vec!["a".into()]);
        assert_eq!(deaths.judge("b", &played(true), false), suspect);
        assert_eq!(deaths.judge("c", &played(true), false), Sentence::Suspect(Vec::new()));
        let waited = Sentence::Innocent { guilty: None };
        assert_eq!(deaths.judge("d", &played(false), false), waited);
        assert!(deaths.take_recheck("a") && !deaths.take_recheck("a"));
        assert!(!deaths.take_recheck("b"));
    }

    #[test]
    fn who_finds_a_dead_target_again_and_again_is_suspected() {
        let mut deaths = Deaths::default();
        for _ in 0..MOST_RETRIES {
            let innocent = Sentence::Innocent { guilty: None };
            assert_eq!(deaths.judge("a", &played(false), false), innocent);
        }
        assert_eq!(deaths.judge("a", &played(false), false), Sentence::Suspect(Vec::new()));
    }
}
