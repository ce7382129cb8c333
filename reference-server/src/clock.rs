//! The only place that knows what time it is.
//!
//! Every timer and every timestamp of the server comes from a [`Clock`]: the machine's time, or
//! manual time that moves only when told. Clippy refuses both anywhere else
//! (`reference-server/clippy.toml`).

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "this is the clock")]

mod manual;

use std::ops::Add;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(crate) use manual::Advanced;
use manual::{Hold as ManualHold, Listening, ManualTime, ManualTimer};

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum ClockKind {
    /// The machine's time.
    Real,
    /// Time stands still until the control API moves it.
    Manual,
}

/// Tells the time and waits for it. Clones tell the same time.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// The time since the epoch when it began.
    began_wall: Duration,
    time: Time,
    /// When it has [begun anew](Clock::begin_anew), ns.
    origin: Arc<AtomicU64>,
}

#[derive(Clone, Debug)]
enum Time {
    Real(Instant),
    Manual(ManualTime),
}

/// A moment on a [`Clock`]: the time since the clock began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Duration);

/// What a task waits with, again and again. Manual time moves on only when every task that has
/// one waits.
#[derive(Debug)]
pub(crate) enum Timer {
    Real(Instant),
    Manual(ManualTimer),
}

/// Keeps manual time from moving on while something is on its way from one task to another.
#[derive(Debug)]
pub(crate) struct Hold(#[expect(dead_code, reason = "held until dropped")] Option<ManualHold>);

/// Keeps manual time from moving on while a decoder is at work, but not for long while that waits
/// for the network. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<Option<Hold>>>);

/// Whose time it is that the network is waited for.
#[derive(Clone, Debug)]
pub(crate) enum Patience {
    /// The machine's.
    Machine,
    /// The clock's. Manual time stands still at first, as long as the gate is closed.
    Clock(Clock, Gate),
}

/// What everything that comes round does so within.
const LONGEST_PERIOD: Duration = Duration::from_secs(60);

/// How long (the machine's time) manual time stands still for the network.
const STANDSTILL: Duration = Duration::from_secs(1);

/// The same where the machine is late for everything: less than a step of moving time may take.
const LONGEST_STANDSTILL: Duration = Duration::from_secs(4);

/// Over after [`STANDSTILL`], in which pieces that the machine was late for do not count: whoever is
/// waited for had no time then either.
async fn standstill() {
    let piece = STANDSTILL / 20;
    let began = Instant::now();
    let mut stood = Duration::ZERO;
    while stood < STANDSTILL && began.elapsed() < LONGEST_STANDSTILL {
        let begun = Instant::now();
        tokio::time::sleep(piece).await;
        if begun.elapsed() < 2 * piece {
            stood += piece;
        }
    }
}

impl Patience {
    /// The result of something that may never end; `None` after `limit`.
    pub(crate) async fn wait<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let (clock, gate) = match self {
            Self::Clock(clock, gate) if clock.is_manual() => (clock, gate),
            _ => return tokio::time::timeout(limit, work).await.ok(),
        };
        let mut work = std::pin::pin!(work);
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            () = standstill() => {}
        }
        let mut timer = clock.timer();
        let _listening = clock.listening();
        gate.open();
        let deadline = clock.now() + limit;
        let result = tokio::select! {
            biased;
            done = &mut work => Some(done),
            () = timer.until(deadline) => None,
        };
        // What comes of it is told at this moment.
        gate.close(clock.hold());
        result
    }
}

impl Patience {
    /// Lets time pass, as a source does that is known to have nothing to give. Manual time does not
    /// stand still for it.
    pub(crate) async fn pass(&self, time: Duration) {
        let (clock, gate) = match self {
            Self::Clock(clock, gate) if clock.is_manual() => (clock, gate),
            _ => return tokio::time::sleep(time).await,
        };
        let (mut timer, deadline) = (clock.timer(), clock.now() + time);
        // The timer holds time until it waits.
        gate.open();
        timer.until(deadline).await;
        // What comes of it is told at this moment.
        gate.close(clock.hold());
    }
}

impl Gate {
    /// Time stands still.
    pub(crate) fn close(&self, hold: Hold) {
        *self.slot() = Some(hold);
    }

    /// Time may move on.
    pub(crate) fn open(&self) {
        *self.slot() = None;
    }

    fn slot(&self) -> MutexGuard<'_, Option<Hold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock {
    /// A clock that begins now.
    pub(crate) fn new(kind: ClockKind) -> Self {
        Self::starting(kind, None)
    }

    /// A clock that begins at a time since the epoch, or now.
    pub(crate) fn starting(kind: ClockKind, wall: Option<Duration>) -> Self {
        let time = match kind {
            ClockKind::Real => Time::Real(Instant::now()),
            ClockKind::Manual => Time::Manual(ManualTime::default()),
        };
        let machine = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began_wall: wall.unwrap_or_else(machine), time, origin: Arc::default() }
    }

    /// When it began, or has begun anew.
    pub(crate) fn origin(&self) -> Moment {
        Moment(Duration::from_nanos(self.origin.load(Ordering::SeqCst)))
    }

    /// Has manual time begin anew: it is the time since the epoch that it was at first. What comes
    /// round at multiples of a period from the beginning does so again as at first. Says whether
    /// it did; the machine's time does not.
    pub(crate) async fn begin_anew(&self) -> bool {
        let Time::Manual(time) = &self.time else { return false };
        let anew = time.now().next_tick(LONGEST_PERIOD);
        time.advance(anew.since(time.now()), || false).await;
        let origin = u64::try_from(time.now().0.as_nanos()).unwrap_or(u64::MAX);
        self.origin.store(origin, Ordering::SeqCst);
        true
    }

    /// Now.
    pub(crate) fn now(&self) -> Moment {
        match &self.time {
            Time::Real(began) => Moment(began.elapsed()),
            Time::Manual(time) => time.now(),
        }
    }

    /// The time since the epoch; it never runs backwards.
    pub(crate) fn wall(&self) -> Duration {
        self.began_wall + self.now().since(self.origin())
    }

    /// Milliseconds since the epoch; they never run backwards.
    pub(crate) fn wall_ms(&self) -> u64 {
        u64::try_from(self.wall().as_millis()).unwrap_or(u64::MAX)
    }

    /// Milliseconds since the epoch at a moment.
    pub(crate) fn wall_ms_at(&self, moment: Moment) -> u64 {
        u64::try_from(self.began_wall.saturating_add(moment.since(self.origin())).as_millis())
            .unwrap_or(u64::MAX)
    }

    /// For a task that waits for moments.
    pub(crate) fn timer(&self) -> Timer {
        match &self.time {
            Time::Real(began) => Timer::Real(*began),
            Time::Manual(time) => Timer::Manual(time.timer()),
        }
    }

    /// For something that another task has to take up before time may move on.
    pub(crate) fn hold(&self) -> Hold {
        Hold(match &self.time {
            Time::Real(_) => None,
            Time::Manual(time) => Some(time.hold()),
        })
    }

    /// Tells manual time that something may come over the network at any moment.
    fn listening(&self) -> Option<Listening> {
        match &self.time {
            Time::Real(_) => None,
            Time::Manual(time) => Some(time.listening()),
        }
    }

    /// Moves manual time by `duration`, one due moment after the other, or up to the one after
    /// which it is `enough`; `None` for the machine's time, which nobody moves.
    pub(crate) async fn advance(
        &self,
        duration: Duration,
        enough: impl Fn() -> bool,
    ) -> Option<Advanced> {
        match &self.time {
            Time::Real(_) => None,
            Time::Manual(time) => Some(time.advance(duration, enough).await),
        }
    }

    /// Time until the next moment that somebody waits for; `None` when nobody does, and for the
    /// machine's time.
    pub(crate) fn next_timer(&self) -> Option<Duration> {
        match &self.time {
            Time::Real(_) => None,
            Time::Manual(time) => time.next_timer(),
        }
    }

    /// A gate that keeps manual time from moving on while somebody across the network has to answer,
    /// but not for long.
    pub(crate) fn standstill(&self) -> Gate {
        let gate = Gate::default();
        if self.is_manual() {
            gate.close(self.hold());
            let closed = gate.clone();
            tokio::spawn(async move {
                standstill().await;
                closed.open();
            });
        }
        gate
    }

    pub(crate) fn is_manual(&self) -> bool {
        matches!(self.time, Time::Manual(_))
    }

    /// The result, unless it takes longer than `limit` of the machine's time: the network does
    /// not wait for a clock that stands still.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        tokio::time::timeout(limit, work).await.ok()
    }
}

impl Timer {
    /// Returns when that moment has come; at once when it has passed.
    pub(crate) async fn until(&mut self, moment: Moment) {
        match self {
            Self::Real(began) => match began.checked_add(moment.0) {
                Some(instant) => tokio::time::sleep_until(instant.into()).await,
                // Later than the machine can tell: never.
                None => std::future::pending().await,
            },
            Self::Manual(timer) => timer.until(moment).await,
        }
    }
}

impl Moment {
    /// When the clock began.
    #[cfg(test)]
    pub(crate) const BEGIN: Self = Self(Duration::ZERO);

    /// Later than anything that happens.
    pub(crate) const NEVER: Self = Self(Duration::MAX);

    /// The time from `earlier` to here; zero when `earlier` is later.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// The first multiple of `period`, counted from the clock's beginning, after this moment.
    pub(crate) fn next_tick(self, period: Duration) -> Self {
        let period_ns = period.as_nanos().max(1);
        let ticks = self.0.as_nanos() / period_ns + 1;
        let ns = u64::try_from(ticks * period_ns).unwrap_or(u64::MAX);
        Self(Duration::from_nanos(ns))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_lie_on_multiples_of_the_period() {
        let period = Duration::from_secs(10);
        let at = |ms| Moment(Duration::from_millis(ms));
        assert_eq!(Moment::BEGIN.next_tick(period), at(10_000));
        assert_eq!(at(9_999).next_tick(period), at(10_000));
        assert_eq!(at(10_000).next_tick(period), at(20_000));
    }

    #[tokio::test]
    async fn a_moment_that_has_passed_is_not_waited_for() {
        for kind in [ClockKind::Real, ClockKind::Manual] {
            let clock = Clock::new(kind);
            clock.timer().until(Moment::BEGIN).await;
            assert!(clock.now() >= Moment::BEGIN);
        }
    }

    #[tokio::test]
    async fn a_limit_ends_what_takes_longer() {
        let clock = Clock::new(ClockKind::Manual);
        let never = std::future::pending::<()>();
        assert_eq!(clock.within(Duration::from_millis(5), never).await, None);
        assert_eq!(clock.within(Duration::from_secs(5), async { 7 }).await, Some(7));
    }

    #[tokio::test]
    async fn time_stands_still_longer_while_the_machine_is_late() {
        let clock = Clock::new(ClockKind::Manual);
        let gate = Gate::default();
        gate.close(clock.hold());
        let patience = Patience::Clock(clock.clone(), gate.clone());
        // Takes the only thread for twice as long as manual time stands still for others.
        let busy = tokio::spawn(async {
            let began = Instant::now();
            while began.elapsed() < 2 * STANDSTILL {
                std::thread::sleep(STANDSTILL / 4);
                tokio::task::yield_now().await;
            }
        });
        let work = async {
            busy.await.unwrap();
            clock.now()
        };
        let waited = async {
            let done = patience.wait(Duration::from_secs(10), work).await;
            gate.open();
            done
        };
        let moved = clock.advance(Duration::from_secs(60), || false);
        let (done, _) = tokio::join!(waited, moved);
        assert_eq!(done, Some(Moment::BEGIN));
    }
}
