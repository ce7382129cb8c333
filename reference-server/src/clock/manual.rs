//! Time that moves only when told.
//!
//! Moving it is exact: it stops at every moment that somebody waits for, wakes those who do, and
//! goes on only when all of them wait again and nothing is on its way between tasks.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify};

use super::Moment;

/// How long (machine time) one step may take to be worked off. A client that does not read can
/// hold a message back for ever.
const SETTLE_LIMIT: Duration = Duration::from_secs(5);

/// How long (machine time) those who wait for the network may take to read what has arrived.
const LISTENING_PAUSE: Duration = Duration::from_millis(30);

/// How often the tasks get a turn before nothing is taken to be left to do.
const TURNS: usize = 8;

/// Manual time. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(super) struct ManualTime(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Told when the last task waits and nothing is on its way.
    quiet: Notify,
    /// One mover at a time.
    moving: AsyncMutex<()>,
    /// How long (machine time) one step may take to be worked off.
    patience: Duration,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            quiet: Notify::default(),
            moving: AsyncMutex::default(),
            patience: SETTLE_LIMIT,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    /// Timers that wait, by moment and number.
    waiting: BTreeMap<(Duration, u64), Waker>,
    /// Timers whose task does something.
    running: usize,
    /// Things on their way between tasks.
    holds: usize,
    /// Those who wait for the network.
    listening: usize,
    timers: u64,
}

/// How far time was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Advanced {
    /// By how much.
    pub(crate) by: Duration,
    /// Whether all that was due has been done and sent. Otherwise time stopped on its way.
    pub(crate) settled: bool,
}

/// A task's timer.
#[derive(Debug)]
pub(crate) struct ManualTimer {
    time: ManualTime,
    number: u64,
}

/// See [`super::Hold`].
#[derive(Debug)]
pub(super) struct Hold(ManualTime);

/// Somebody waits for the network. Before time is moved, what has arrived gets a chance.
#[derive(Debug)]
pub(super) struct Listening(ManualTime);

impl ManualTime {
    pub(super) fn now(&self) -> Moment {
        Moment(self.lock().now)
    }

    pub(super) fn timer(&self) -> ManualTimer {
        let mut state = self.lock();
        state.timers += 1;
        state.running += 1;
        ManualTimer { time: self.clone(), number: state.timers }
    }

    pub(super) fn hold(&self) -> Hold {
        self.lock().holds += 1;
        Hold(self.clone())
    }

    pub(super) fn listening(&self) -> Listening {
        self.lock().listening += 1;
        Listening(self.clone())
    }

    pub(super) fn next_timer(&self) -> Option<Duration> {
        let state = self.lock();
        let ((moment, _), _) = state.waiting.first_key_value()?;
        Some(moment.saturating_sub(state.now))
    }

    pub(super) async fn advance(&self, duration: Duration, enough: impl Fn() -> bool) -> Advanced {
        let _moving = self.0.moving.lock().await;
        if self.lock().listening > 0 {
            tokio::time::sleep(LISTENING_PAUSE).await;
        }
        let mut settled = self.settle().await;
        let begin = self.lock().now;
        let end = begin.saturating_add(duration);
        while settled && !enough() && self.step(end) {
            settled = self.settle().await;
        }
        Advanced { by: self.lock().now - begin, settled }
    }

    /// Moves to the next moment up to `end` that somebody waits for, and wakes those who do.
    /// Without any moves to the end and gives back false.
    fn step(&self, end: Duration) -> bool {
        let mut state = self.lock();
        let next = state.waiting.first_key_value().map(|((moment, _), _)| *moment);
        let Some(moment) = next.filter(|moment| *moment <= end) else {
            state.now = end;
            return false;
        };
        state.now = state.now.max(moment);
        let later = state.waiting.split_off(&(moment, u64::MAX));
        let due = std::mem::replace(&mut state.waiting, later);
        state.running += due.len();
        drop(state);
        due.into_values().for_each(Waker::wake);
        true
    }

    /// Waits until every timer waits and nothing is on its way.
    async fn settle(&self) -> bool {
        let settling = async {
            let mut quiet_turns = 0;
            while quiet_turns < TURNS {
                if self.is_quiet() {
                    quiet_turns += 1;
                    tokio::task::yield_now().await;
                } else {
                    quiet_turns = 0;
                    self.0.quiet.notified().await;
                }
            }
        };
        tokio::time::timeout(self.0.patience, settling).await.is_ok()
    }

    fn is_quiet(&self) -> bool {
        self.lock().is_quiet()
    }

    /// Changes the state; tells the mover if that made it quiet.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        let quiet = state.is_quiet();
        drop(state);
        if quiet {
            self.0.quiet.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_quiet(&self) -> bool {
        self.running == 0 && self.holds == 0
    }
}

impl ManualTimer {
    pub(super) fn until(&mut self, moment: Moment) -> impl Future<Output = ()> {
        Until { timer: self, moment: moment.0 }
    }
}

impl Drop for ManualTimer {
    fn drop(&mut self) {
        // Whoever has it does something; waiting borrows it.
        self.time.change(|state| state.running -= 1);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.change(|state| state.holds -= 1);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.lock().listening -= 1;
    }
}

/// Waits for a moment.
struct Until<'a> {
    timer: &'a ManualTimer,
    moment: Duration,
}

impl Future for Until<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut result = Poll::Pending;
        self.timer.time.change(|state| {
            let key = (self.moment, self.timer.number);
            if state.now >= self.moment {
                // Time may have come to it without waking this one.
                state.running += usize::from(state.waiting.remove(&key).is_some());
                result = Poll::Ready(());
            } else if state.waiting.insert(key, context.waker().clone()).is_none() {
                state.running -= 1;
            }
        });
        result
    }
}

impl Drop for Until<'_> {
    fn drop(&mut self) {
        self.timer.time.change(|state| {
            let key = (self.moment, self.timer.number);
            state.running += usize::from(state.waiting.remove(&key).is_some());
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex as StdMutex;

    use tokio::sync::mpsc;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A task that ticks at a period and writes down when.
    fn ticker(
        time: &ManualTime,
        name: char,
        period: Duration,
        log: &Arc<StdMutex<Vec<(char, u64)>>>,
    ) {
        let (time, log) = (time.clone(), Arc::clone(log));
        let mut timer = time.timer();
        tokio::spawn(async move {
            let mut next = time.now() + period;
            loop {
                timer.until(next).await;
                let now = time.now();
                log.lock().unwrap().push((name, now.0.as_secs()));
                // Work that needs more than one turn.
                for _ in 0..20 {
                    tokio::task::yield_now().await;
                }
                next = next + period;
            }
        });
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_moment_is_visited_in_order_and_worked_off() {
        let (time, log) = (ManualTime::default(), Arc::default());
        ticker(&time, 'a', 2 * SECOND, &log);
        ticker(&time, 'b', 3 * SECOND, &log);
        let advanced = time.advance(7 * SECOND, || false).await;
        assert_eq!(advanced, Advanced { by: 7 * SECOND, settled: true });
        let mut seen = log.lock().unwrap().clone();
        // Of those due at the same moment either may be first.
        seen.sort_by_key(|(name, at)| (*at, *name));
        assert_eq!(seen, [('a', 2), ('b', 3), ('a', 4), ('a', 6), ('b', 6)]);
        assert_eq!(time.now().0, 7 * SECOND);
        assert_eq!(time.next_timer(), Some(SECOND));
    }

    #[tokio::test]
    async fn time_does_not_move_on_while_something_is_on_its_way() {
        let time = ManualTime::default();
        let (sender, mut receiver) = mpsc::unbounded_channel::<(u8, Hold)>();
        let done = Arc::new(StdMutex::new(0));
        let counted = Arc::clone(&done);
        tokio::spawn(async move {
            while let Some((number, hold)) = receiver.recv().await {
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                *counted.lock().unwrap() += number;
                drop(hold);
            }
        });
        for number in 1..=3 {
            sender.send((number, time.hold())).unwrap();
        }
        time.advance(Duration::ZERO, || false).await;
        assert_eq!(*done.lock().unwrap(), 6);
    }

    #[tokio::test]
    async fn moving_ends_where_it_is_enough() {
        let (time, log) = (ManualTime::default(), Arc::default());
        ticker(&time, 'a', 2 * SECOND, &log);
        let advanced = time.advance(60 * SECOND, || log.lock().unwrap().len() == 2).await;
        assert_eq!(advanced, Advanced { by: 4 * SECOND, settled: true });
    }

    #[tokio::test]
    async fn what_never_settles_is_told() {
        let time = ManualTime(Arc::new(Shared { patience: SECOND / 100, ..Shared::default() }));
        let _hold = time.hold();
        let advanced = time.advance(SECOND, || false).await;
        assert_eq!(advanced, Advanced { by: Duration::ZERO, settled: false });
        assert_eq!(time.now(), Moment::BEGIN);
    }

    #[tokio::test]
    async fn a_task_that_gives_up_waiting_counts_as_busy_until_it_waits_again() {
        let time = ManualTime::default();
        let mut timer = time.timer();
        {
            let waiting = timer.until(Moment::BEGIN + SECOND);
            let mut waiting = Box::pin(waiting);
            assert!(futures::poll!(&mut waiting).is_pending());
            assert!(time.is_quiet());
        }
        assert!(!time.is_quiet());
        drop(timer);
        assert!(time.is_quiet());
        assert_eq!(time.next_timer(), None);
    }
}
