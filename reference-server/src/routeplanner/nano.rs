//! A new address of a /64 for each request.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;

use super::planner::{Around, PickError, Strategy};
use super::runs::Runs;
use super::status::NoAddressYet;

/// One less than how many addresses a /64 has.
pub(super) const LAST_OF_64: u128 = u64::MAX as u128;

/// `NanoSwitch`: the nanoseconds since the planner began are the offset in the first /64. An
/// offset is not used twice, even if no time passes.
#[derive(Debug)]
pub(super) struct Nano {
    counter: Counter,
    passed_over: Runs,
    quirks: bool,
}

/// Offsets that rise with time.
#[derive(Debug, Default)]
pub(super) struct Counter {
    /// The lowest that was not used.
    next: u128,
}

impl Counter {
    /// What a status shows: the offset that time has come to.
    pub(super) fn shown(&self, elapsed: Duration) -> u128 {
        elapsed.as_nanos().max(self.next)
    }

    /// The next one, from `first` to `last` and around; `None` if all are passed over.
    pub(super) fn next(
        &mut self,
        elapsed: Duration,
        (first, last): (u128, u128),
        passed_over: &Runs,
    ) -> Option<u128> {
        let wanted = self.shown(elapsed);
        let within = if wanted > last - first { 0 } else { wanted };
        let found = passed_over
            .next_free(first + within, last)
            .or_else(|| passed_over.next_free(first, last))?;
        self.next = found - first + 1;
        Some(found)
    }
}

impl Nano {
    pub(super) fn new(quirks: bool) -> Self {
        Self { counter: Counter::default(), passed_over: Runs::default(), quirks }
    }
}

impl Strategy for Nano {
    fn pick(&mut self, around: &mut Around<'_>) -> Result<IpAddr, PickError> {
        // The real server works only with exactly as many addresses, and skips none.
        if self.quirks && around.blocks.last_offset() != LAST_OF_64 {
            return Err(PickError::OutOfBounds);
        }
        let offset = if self.quirks {
            around.elapsed.as_nanos() % (LAST_OF_64 + 1)
        } else {
            let range = (0, LAST_OF_64);
            let next = self.counter.next(around.elapsed, range, &self.passed_over);
            next.ok_or(PickError::NoneFree)?
        };
        Ok(around.blocks.address_at(offset))
    }

    fn pass_over(&mut self, offset: u128) {
        self.passed_over.insert(offset);
    }

    fn allow(&mut self, offset: u128) {
        self.passed_over.remove(offset);
    }

    fn class(&self) -> &'static str {
        "NanoIpRoutePlanner"
    }

    fn details(&self, around: &Around<'_>) -> Result<Vec<(&'static str, Value)>, NoAddressYet> {
        let index = self.counter.shown(around.elapsed);
        Ok(vec![("currentAddressIndex", index.to_string().into())])
    }
}
