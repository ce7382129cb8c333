//! The planner of a running server, shared by its requests.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::block::Family;
use super::planner::{PickError, Planner};
use super::ratelimit::{RateLimit, RateLimitError};
use super::status::NoAddressYet;
use crate::clock::Clock;

/// A [`Planner`] with a clock.
#[derive(Debug)]
pub(crate) struct RoutePlanner {
    planner: Mutex<Planner>,
    clock: Clock,
    family: Family,
    /// Whether a search that is answered with 429 marks its address.
    pub(crate) search_triggers_fail: bool,
    /// As configured: negative for the usual limit, 0 for none.
    pub(crate) retry_limit: i32,
    /// Behave as the real server where that is broken.
    pub(crate) quirks: bool,
}

impl RoutePlanner {
    /// Without a seed each run picks differently.
    pub(crate) fn new(
        config: &RateLimit,
        seed: Option<u64>,
        quirks: bool,
        clock: Clock,
    ) -> Result<Self, RateLimitError> {
        let seed = seed.unwrap_or_else(rand::random);
        let planner = Planner::new(config, seed, quirks, clock.wall())?;
        Ok(Self {
            family: planner.blocks().family(),
            planner: Mutex::new(planner),
            clock,
            search_triggers_fail: config.search_triggers_fail,
            retry_limit: config.retry_limit,
            quirks,
        })
    }

    /// The family of every address that it picks.
    pub(crate) fn family(&self) -> Family {
        self.family
    }

    /// See [`Planner::pick`].
    pub(crate) fn pick(&self) -> Result<IpAddr, PickError> {
        self.planner().pick(self.clock.wall())
    }

    /// See [`Planner::mark`].
    pub(crate) fn mark(&self, address: IpAddr) {
        tracing::debug!("marking {address} as failing");
        self.planner().mark(address, self.clock.wall());
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

    fn planner(&self) -> MutexGuard<'_, Planner> {
        self.planner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
