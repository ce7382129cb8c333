//! The planner of a running server, shared by its requests.
//!
//! With `--vary` requests race as on the real server, whose RotateOnBan looks at two variables
//! without a lock: of six requests that fail at once, the later ones may rotate once more, or use
//! the address that fails again.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::block::Family;
use super::planner::{PickError, Planner};
use super::ratelimit::{RateLimit, RateLimitError, StrategyName};
use super::status::NoAddressYet;
use crate::clock::Clock;
use crate::latitude::{Latitude, Otherwise};

/// How often an address is used again of which others have told that it fails.
const MOST_REPEATED: u8 = 2;

/// How often the planner goes on to yet another address for the same failing one.
const MOST_ONWARD: u8 = 2;

/// A [`Planner`] with a clock.
#[derive(Debug)]
pub(crate) struct RoutePlanner {
    planner: Mutex<Planner>,
    /// What it was made of, to make it anew.
    limits: RateLimit,
    seed: Option<u64>,
    clock: Clock,
    /// Present if the strategy has requests race.
    race: Option<Mutex<Race>>,
    latitude: Latitude,
    family: Family,
    /// Whether a search that is answered with 429 marks its address.
    pub(crate) search_triggers_fail: bool,
    /// As configured: negative for the usual limit, 0 for none.
    pub(crate) retry_limit: i32,
    /// Behave as the real server where that is broken.
    pub(crate) quirks: bool,
}

/// How it behaves, as the whole server does.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    /// Without a seed each run picks differently.
    pub(crate) seed: Option<u64>,
    /// A seed for what the real server does in more than one way.
    pub(crate) vary: Option<u64>,
    /// Behave as the real server where that is broken.
    pub(crate) quirks: bool,
}

/// The requests that told of one address that it fails.
#[derive(Debug, Default)]
struct Race {
    failed: Option<IpAddr>,
    /// Picks that get it once more, and how many have been promised that.
    repeats: u8,
    repeated: u8,
    /// How often the planner has gone on once more.
    went_on: u8,
}

impl RoutePlanner {
    /// With a clock that tells when addresses fail no longer.
    pub(crate) fn new(
        limits: &RateLimit,
        manner: Manner,
        clock: Clock,
    ) -> Result<Self, RateLimitError> {
        let Manner { seed: given, vary, quirks } = manner;
        let seed = given.unwrap_or_else(rand::random);
        let planner = Planner::new(limits, seed, quirks, clock.wall())?;
        let (limits_kept, seed) = (limits.clone(), given);
        let races = limits.strategy() == StrategyName::RotateOnBan;
        Ok(Self {
            family: planner.blocks().family(),
            planner: Mutex::new(planner),
            limits: limits_kept,
            seed,
            clock,
            race: races.then(Mutex::default),
            latitude: Latitude::new(vary),
            search_triggers_fail: limits.search_triggers_fail,
            retry_limit: limits.retry_limit,
            quirks,
        })
    }

    /// It is as it was at first: nothing fails, and with a seed it picks as it did.
    pub(crate) fn begin_anew(&self) {
        let seed = self.seed.unwrap_or_else(rand::random);
        // What could be made once can be made again.
        if let Ok(planner) = Planner::new(&self.limits, seed, self.quirks, self.clock.wall()) {
            *self.planner() = planner;
        }
        if let Some(mut race) = self.race() {
            *race = Race::default();
        }
    }

    /// The family of every address that it picks.
    pub(crate) fn family(&self) -> Family {
        self.family
    }

    /// See [`Planner::pick`].
    pub(crate) fn pick(&self) -> Result<IpAddr, PickError> {
        if let Some(address) = self.race().and_then(|mut race| race.repeat()) {
            return Ok(address);
        }
        self.planner().pick(self.clock.wall())
    }

    /// See [`Planner::mark`].
    pub(crate) fn mark(&self, address: IpAddr) {
        tracing::debug!("marking {address} as failing");
        self.planner().mark(address, self.clock.wall());
        let goes_on = self.race().is_some_and(|mut race| race.mark(address, &self.latitude));
        if goes_on {
            self.planner().go_on();
        }
    }

    /// See [`Planner::free`].
    pub(crate) fn free(&self, address: IpAddr) {
        self.planner().free(address);
    }

    /// See [`Planner::free_all`].
    pub(crate) fn free_all(&self) {
        self.planner().free_all();
    }

    /// See [`Planner::status`].
    pub(crate) fn status(&self) -> Result<Value, NoAddressYet> {
        self.planner().status(self.clock.wall())
    }

    fn race(&self) -> Option<MutexGuard<'_, Race>> {
        self.race.as_ref().map(|race| race.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn planner(&self) -> MutexGuard<'_, Planner> {
        self.planner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Race {
    /// Hears that an address fails; tells whether the planner goes on to another one although it
    /// has done so for that address.
    fn mark(&mut self, address: IpAddr, latitude: &Latitude) -> bool {
        if self.failed != Some(address) {
            *self = Self { failed: Some(address), ..Self::default() };
            return false;
        }
        if self.repeated < MOST_REPEATED && latitude.takes(Otherwise::FailingAgain) {
            self.repeated += 1;
            self.repeats += 1;
            return false;
        }
        let goes_on = self.went_on < MOST_ONWARD && latitude.takes(Otherwise::RotatesAgain);
        self.went_on += u8::from(goes_on);
        goes_on
    }

    fn repeat(&mut self) -> Option<IpAddr> {
        self.repeats = self.repeats.checked_sub(1)?;
        self.failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_race_only_if_they_vary_and_not_for_long() {
        let address = "127.0.0.9".parse().unwrap();
        let run = |seed| {
            let (latitude, mut race) = (Latitude::new(seed), Race::default());
            let went_on = (0..12).filter(|_| race.mark(address, &latitude)).count();
            let repeated = std::iter::from_fn(|| race.repeat()).collect::<Vec<_>>();
            assert!(repeated.iter().all(|repeated| *repeated == address));
            (went_on, repeated.len())
        };
        assert_eq!(run(None), (0, 0));
        let runs: Vec<_> = (0..20).map(|seed| run(Some(seed))).collect();
        assert!(runs.contains(&(2, 2)), "{runs:?}");
        assert!(runs.iter().all(|(on, again)| *on <= 2 && *again <= 2), "{runs:?}");
    }
}
