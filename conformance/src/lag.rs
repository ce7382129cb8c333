//! How far behind the machine is: the runner's own clock, and the target's answers.
//!
//! A busy machine wakes the runner late, and lets the target answer late. What rules say about
//! time holds all the same, but cannot be seen there. Two things follow from what is measured
//! here: waits that have an end become longer, and a scenario that failed meanwhile is run again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How often the runner looks at its own clock.
const TICK: Duration = Duration::from_millis(20);

/// Delays up to this one are nothing to write down; every machine has them.
const USUAL: Duration = Duration::from_millis(25);

/// From this delay on nothing that is about time can be judged: sound is sent from a buffer of
/// 0.4 seconds, and half of that is gone.
const STARVED: Duration = Duration::from_millis(200);

/// For how long a delay makes waits longer.
const RECENT: Duration = Duration::from_secs(30);

/// How much longer than a delay waits become: a scenario needs many answers for one message.
const FACTOR: u32 = 10;

/// However late a machine is, no wait becomes longer by more.
const LONGEST_ALLOWANCE: Duration = Duration::from_secs(15);

/// How many delays are kept.
const KEPT: usize = 4096;

/// How far behind the machine is, as the scenarios on one target see it.
#[derive(Clone, Debug, Default)]
pub struct Lag {
    /// What all targets of a run share; without it nothing is ever late.
    machine: Option<Delays>,
    target: Delays,
}

/// Delays, the latest last.
#[derive(Clone, Debug, Default)]
struct Delays(Arc<Mutex<VecDeque<Delay>>>);

#[derive(Clone, Copy, Debug)]
struct Delay {
    /// When it was over.
    at: Instant,
    by: Duration,
}

impl Lag {
    /// Of a machine that nobody looks after. Time that is moved knows no delay.
    pub fn none() -> Self {
        Self::default()
    }

    /// Of the machine, once somebody [watches](Self::watch_clock) it.
    pub fn of_machine() -> Self {
        Self { machine: Some(Delays::default()), target: Delays::default() }
    }

    /// The same machine, and another target.
    #[must_use]
    pub fn for_target(&self) -> Self {
        Self { machine: self.machine.clone(), target: Delays::default() }
    }

    /// Looks at the runner's own clock, for ever: how much later than it should does it wake up?
    /// This has to be polled by whoever polls what is to be judged.
    pub async fn watch_clock(&self) {
        loop {
            let began = Instant::now();
            sleep(TICK).await;
            self.woke_late(began.elapsed().saturating_sub(TICK));
        }
    }

    /// Writes down by how much the runner woke up late.
    pub(crate) fn woke_late(&self, by: Duration) {
        self.machine.iter().for_each(|machine| machine.add(Instant::now(), by));
    }

    /// Writes down how long the target took for an answer that needs no work.
    pub fn answered_in(&self, time: Duration) {
        self.target.add(Instant::now(), time);
    }

    /// The longest delay that was over after that moment.
    pub fn worst_since(&self, moment: Instant) -> Duration {
        let Some(machine) = &self.machine else { return Duration::ZERO };
        machine.worst_since(moment).max(self.target.worst_since(moment))
    }

    /// How much longer what has an end is waited for at the moment.
    pub fn allowance(&self) -> Duration {
        self.allowance_at(Instant::now())
    }

    fn allowance_at(&self, now: Instant) -> Duration {
        let since = now.checked_sub(RECENT);
        let worst = since.map_or(Duration::ZERO, |since| self.worst_since(since));
        (worst * FACTOR).min(LONGEST_ALLOWANCE)
    }
}

/// Whether nothing that is about time can be judged with such a delay.
pub fn is_starved(delay: Duration) -> bool {
    delay >= STARVED
}

impl Delays {
    fn add(&self, at: Instant, by: Duration) {
        if by <= USUAL {
            return;
        }
        let mut delays = self.lock();
        if delays.len() == KEPT {
            delays.pop_front();
        }
        delays.push_back(Delay { at, by });
    }

    fn worst_since(&self, moment: Instant) -> Duration {
        let delays = self.lock();
        let since = delays.iter().rev().take_while(|delay| delay.at >= moment);
        since.map(|delay| delay.by).max().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Delay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_clock_that_is_held_up_is_late_by_that_much() {
        let (lag, began) = (Lag::of_machine(), Instant::now());
        let busy = async {
            sleep(TICK * 2).await;
            // Whoever polls the clock does something else.
            std::thread::sleep(STARVED * 2);
            sleep(TICK * 2).await;
        };
        tokio::select! {
            () = lag.watch_clock() => {}
            () = busy => {}
        }
        assert!(is_starved(lag.worst_since(began)), "{:?}", lag.worst_since(began));
    }

    #[test]
    fn waits_become_longer_for_a_while_and_not_for_ever() {
        let (lag, now) = (Lag::of_machine(), Instant::now());
        lag.target.add(now, USUAL);
        assert_eq!(lag.allowance_at(now + TICK), Duration::ZERO);
        lag.target.add(now, Duration::from_millis(300));
        assert_eq!(lag.allowance_at(now + RECENT / 2), Duration::from_secs(3));
        assert_eq!(lag.allowance_at(now + RECENT * 2), Duration::ZERO);
        lag.target.add(now, Duration::from_secs(60));
        assert_eq!(lag.allowance_at(now + RECENT / 2), LONGEST_ALLOWANCE);
    }

    #[test]
    fn a_target_is_late_for_its_own_scenarios_only_and_time_that_is_moved_never_is() {
        let (machine, began) = (Lag::of_machine(), Instant::now());
        let (slow, other) = (machine.for_target(), machine.for_target());
        slow.answered_in(Duration::from_secs(1));
        assert_eq!(slow.worst_since(began), Duration::from_secs(1));
        assert_eq!(other.worst_since(began), Duration::ZERO);
        machine.woke_late(Duration::from_secs(2));
        assert_eq!(other.worst_since(began), Duration::from_secs(2));
        assert_eq!(other.worst_since(Instant::now() + TICK), Duration::ZERO);
        let moved = Lag::none();
        moved.answered_in(Duration::from_secs(1));
        moved.woke_late(Duration::from_secs(1));
        assert_eq!(moved.worst_since(began), Duration::ZERO);
    }
}
