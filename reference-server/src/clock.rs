//! The only place that knows what time it is.
//!
//! Every timer and every timestamp of the server comes from a [`Clock`], so that time can be
//! something else than the machine's.

use std::ops::Add;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Tells the time and waits for it. Clones tell the same time.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    began: Instant,
    began_wall: Duration,
}

/// A moment on a [`Clock`]: the time since the clock began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Duration);

impl Clock {
    /// The machine's time; it begins now.
    pub(crate) fn real() -> Self {
        let began_wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began: Instant::now(), began_wall }
    }

    /// Now.
    pub(crate) fn now(&self) -> Moment {
        Moment(self.began.elapsed())
    }

    /// Milliseconds since the epoch; they never run backwards.
    pub(crate) fn wall_ms(&self) -> u64 {
        let wall = self.began_wall + self.now().0;
        u64::try_from(wall.as_millis()).unwrap_or(u64::MAX)
    }

    /// Returns when that moment has come; at once when it has passed.
    pub(crate) async fn sleep_until(&self, moment: Moment) {
        match self.began.checked_add(moment.0) {
            Some(instant) => tokio::time::sleep_until(instant.into()).await,
            // Later than the machine can tell: never.
            None => std::future::pending().await,
        }
    }

    /// The result, unless it takes longer than `limit`.
    pub(crate) async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        tokio::time::timeout(limit, work).await.ok()
    }
}

impl Moment {
    /// When the clock began.
    pub(crate) const BEGIN: Self = Self(Duration::ZERO);

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
        let clock = Clock::real();
        clock.sleep_until(Moment::BEGIN).await;
        assert!(clock.now() >= Moment::BEGIN);
    }

    #[tokio::test]
    async fn a_limit_ends_what_takes_longer() {
        let clock = Clock::real();
        let never = std::future::pending::<()>();
        assert_eq!(clock.within(Duration::from_millis(5), never).await, None);
        assert_eq!(clock.within(Duration::from_secs(5), async { 7 }).await, Some(7));
    }

    #[test]
    fn nothing_else_in_the_server_reads_time() {
        let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders = vec![src.clone()];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path != src.join("clock.rs") {
                    seen += 1;
                    let text = std::fs::read_to_string(&path).unwrap();
                    for word in ["time::Instant", "SystemTime", "tokio::time", "thread::sleep"] {
                        assert!(!text.contains(word), "{} uses {word}", path.display());
                    }
                }
            }
        }
        assert!(seen > 10, "the sources were not found");
    }
}
