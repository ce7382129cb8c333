//! Which scenario a target died of.
//!
//! Scenarios run side by side on one server, and a server may die a moment after the scenario that
//! killed it has ended. So those that had done something to it, and those that ended just before it
//! died, run again with fewer beside them, and at last one by one. Who has the server alone when it
//! dies is to blame. But one that finds it dead is innocent, and the one before it is to blame; and
//! one to which it said nothing at all is tried once more, as it may have met it dying.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

use super::play::{Contact, Played};
use crate::target::Death;

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
    /// Scenarios that may have met the target dying, with the one before each and that death.
    tried_again: BTreeMap<String, Option<(String, Death)>>,
    /// Those that run again although their first outcome stands: they may be to blame.
    rechecked: BTreeSet<String>,
}

impl Deaths {
    /// A scenario has ended, and the target lives. Gives back who killed the target before, if this
    /// shows it.
    pub(super) fn survived(&mut self, id: &str) -> Option<(String, Death)> {
        self.recent.push_back((id.to_owned(), Instant::now()));
        if self.recent.len() > MOST_RECENT {
            self.recent.pop_front();
        }
        self.tried_again.remove(id).flatten()
    }

    /// The target was found dead while this scenario ran.
    pub(super) fn judge(&mut self, id: &str, played: &Played, was_alone: bool) -> Sentence {
        let recent = self.recent.drain(..).filter(|(_, at)| at.elapsed() <= LATE);
        let mut recent: Vec<_> = recent.map(|(id, _)| id).collect();
        match (was_alone, played.contact) {
            (true, Contact::Busy) => Sentence::Guilty,
            (true, Contact::First) => {
                if self.tried_again.remove(id).is_some() {
                    return Sentence::Guilty;
                }
                let before = recent.pop().zip(played.death.clone());
                self.tried_again.insert(id.to_owned(), before);
                Sentence::Innocent { guilty: None }
            }
            (true, Contact::None) => match self.may_retry(id) {
                true => Sentence::Innocent { guilty: recent.pop() },
                false => Sentence::Guilty,
            },
            (false, contact) => {
                self.rechecked.extend(recent.iter().cloned());
                match contact == Contact::None && recent.is_empty() && self.may_retry(id) {
                    true => Sentence::Innocent { guilty: None },
                    false => Sentence::Suspect(recent),
                }
            }
        }
    }

    fn may_retry(&mut self, id: &str) -> bool {
        let retries = self.retries.entry(id.to_owned()).or_default();
        *retries += 1;
        *retries <= MOST_RETRIES
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

    fn played(contact: Contact) -> Played {
        let death = Death { what: "it ended".into(), log: Vec::new(), replaced: true };
        Played {
            outcome: Outcome::passed(),
            violations: Vec::new(),
            contact,
            crowded: false,
            death: Some(death),
        }
    }

    #[test]
    fn who_finds_the_target_dead_is_innocent() {
        let mut deaths = Deaths::default();
        deaths.survived("a");
        let innocent = Sentence::Innocent { guilty: Some("a".into()) };
        assert_eq!(deaths.judge("b", &played(Contact::None), true), innocent);
        deaths.survived("a");
        assert_eq!(deaths.judge("c", &played(Contact::Busy), true), Sentence::Guilty);
    }

    #[test]
    fn who_meets_the_target_dying_is_tried_once_more() {
        let mut deaths = Deaths::default();
        let again = Sentence::Innocent { guilty: None };
        assert_eq!(deaths.judge("b", &played(Contact::First), true), again);
        assert_eq!(deaths.judge("b", &played(Contact::First), true), Sentence::Guilty);
        deaths.survived("a");
        assert_eq!(deaths.judge("c", &played(Contact::First), true), again);
        assert_eq!(deaths.survived("c").map(|(guilty, _)| guilty), Some("a".into()));
    }

    #[test]
    fn who_sent_something_or_ended_before_a_death_runs_again_with_fewer() {
        let mut deaths = Deaths::default();
        deaths.survived("a");
        let suspect = Sentence::Suspect(vec!["a".into()]);
        assert_eq!(deaths.judge("b", &played(Contact::Busy), false), suspect);
        assert_eq!(deaths.judge("c", &played(Contact::First), false), Sentence::Suspect(vec![]));
        let waited = Sentence::Innocent { guilty: None };
        assert_eq!(deaths.judge("d", &played(Contact::None), false), waited);
        assert!(deaths.take_recheck("a") && !deaths.take_recheck("a"));
        assert!(!deaths.take_recheck("b"));
    }

    #[test]
    fn who_finds_a_dead_target_again_and_again_is_suspected() {
        let mut deaths = Deaths::default();
        for _ in 0..MOST_RETRIES {
            let innocent = Sentence::Innocent { guilty: None };
            assert_eq!(deaths.judge("a", &played(Contact::None), false), innocent);
        }
        assert_eq!(deaths.judge("a", &played(Contact::None), false), Sentence::Suspect(vec![]));
    }
}
