//! A new address for each request, of one /64 until it fails, then of the next.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::Value;

use super::nano::{Counter, LAST_OF_64};
use super::planner::{Around, PickError, Strategy};
use super::runs::Runs;
use super::status::NoAddressYet;
use crate::deviations::switch::{self, deviates, either};

/// `RotatingNanoSwitch`: counts as NanoSwitch does, anew in each /64.
#[derive(Debug)]
pub(super) struct RotatingNano {
    /// Which /64; one beyond the last until the next pick.
    block: u128,
    /// When counting began in it, since the planner began.
    since: Duration,
    counter: Counter,
    passed_over: Runs,
}

impl RotatingNano {
    pub(super) fn new() -> Self {
        Self {
            block: 0,
            since: Duration::ZERO,
            counter: Counter::default(),
            passed_over: Runs::default(),
        }
    }

    fn go_on(&mut self, elapsed: Duration) {
        self.block = self.block.saturating_add(1);
        self.since = elapsed;
        self.counter = Counter::default();
    }
}

impl Strategy for RotatingNano {
    fn pick(&mut self, around: &mut Around<'_>) -> Result<IpAddr, PickError> {
        let last = around.blocks.last_offset();
        if self.block > last >> 64 {
            if deviates(switch::ROUTEPLANNER_046_ENDS) {
                return Err(PickError::NoneFree);
            }
            self.block = either(switch::ROUTEPLANNER_046_STAYS_AT_LAST, 0, last >> 64);
        }
        if deviates(switch::ROUTEPLANNER_045_EACH_REQUEST) {
            self.block = (self.block + 1) & (last >> 64);
        }
        // A /64 has more addresses than can ever fail, unless it is the part of one that is left
        // at the end.
        for _ in 0..2 {
            let first = self.block << 64;
            let range = (first, last.min(first | LAST_OF_64));
            let elapsed = around.elapsed.saturating_sub(self.since);
            if let Some(offset) = self.counter.next(elapsed, range, &self.passed_over) {
                return Ok(around.blocks.address_at(offset));
            }
            self.go_on(around.elapsed);
            self.block = if self.block > last >> 64 { 0 } else { self.block };
        }
        Err(PickError::NoneFree)
    }

    fn on_failure(&mut self, address: IpAddr, around: &mut Around<'_>) {
        let mut offsets = around.blocks.offsets_of(address);
        // A request that was sent before the last change tells nothing of this /64.
        let in_use = offsets.any(|offset| offset >> 64 == self.block);
        if in_use && !deviates(switch::ROUTEPLANNER_045_STAYS) {
            self.go_on(around.elapsed);
        }
    }

    fn pass_over(&mut self, offset: u128) {
        self.passed_over.insert(offset);
    }

    fn allow(&mut self, offset: u128) {
        self.passed_over.remove(offset);
    }

    fn class(&self) -> &'static str {
        "RotatingNanoIpRoutePlanner"
    }

    fn details(&self, around: &Around<'_>) -> Result<Vec<(&'static str, Value)>, NoAddressYet> {
        let index = self.counter.shown(around.elapsed.saturating_sub(self.since));
        Ok(vec![
            ("blockIndex", self.block.to_string().into()),
            ("currentAddressIndex", index.to_string().into()),
        ])
    }
}
