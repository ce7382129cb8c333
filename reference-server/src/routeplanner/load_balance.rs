//! Another address for each request.

use std::net::{IpAddr, Ipv6Addr};

use rand::RngExt;
use serde_json::Value;

use super::block::{Blocks, Family, number};
use super::planner::{Around, PickError, Strategy};
use super::shuffle::Shuffle;
use super::status::NoAddressYet;
use crate::deviations::switch::{self, deviates};

/// `LoadBalance`: a uniform draw from the addresses that may be used.
#[derive(Debug)]
pub(super) struct LoadBalance {
    usable: Shuffle,
    quirks: bool,
}

impl LoadBalance {
    pub(super) fn new(blocks: &Blocks, quirks: bool) -> Self {
        Self { usable: Shuffle::new(blocks.last_offset()), quirks }
    }
}

impl Strategy for LoadBalance {
    fn pick(&mut self, around: &mut Around<'_>) -> Result<IpAddr, PickError> {
        if self.quirks {
            return pick_as_the_real_one(around);
        }
        let drawn = self.usable.draw(around.random);
        let drawn = drawn.or_else(|| deviates(switch::ROUTEPLANNER_024_DRAWS_FAILING).then_some(0));
        let offset = drawn.ok_or(PickError::NoneFree)?;
        Ok(around.blocks.address_at(offset))
    }

    fn pass_over(&mut self, offset: u128) {
        if !deviates(switch::ROUTEPLANNER_031_FAILING_USED) {
            self.usable.leave_out(offset);
        }
    }

    fn allow(&mut self, offset: u128) {
        self.usable.take_in(offset);
    }

    fn class(&self) -> &'static str {
        "BalancingIpRoutePlanner"
    }

    fn details(&self, _around: &Around<'_>) -> Result<Vec<(&'static str, Value)>, NoAddressYet> {
        Ok(Vec::new())
    }
}

/// Draws blindly, twice as often as there are addresses, and gives up then. The host part of an
/// IPv6 address never has its highest bit, and has up to 31 bits however small the block is.
fn pick_as_the_real_one(around: &mut Around<'_>) -> Result<IpAddr, PickError> {
    let last = around.blocks.last_offset();
    for _ in 0..last.saturating_mul(2).saturating_add(3) {
        let bits = 128 - last.leading_zeros();
        let offset = match around.blocks.family() {
            Family::V4 => around.random.random_range(0..=last),
            Family::V6 if bits > 32 => around.random.random_range(0..=last / 2),
            Family::V6 => around.random.random_range(0..1 << 31),
        };
        let address = if offset <= last {
            around.blocks.address_at(offset)
        } else {
            Ipv6Addr::from(number(around.blocks.address_at(0)).wrapping_add(offset)).into()
        };
        if around.is_usable(address) {
            return Ok(address);
        }
    }
    Err(PickError::NoneFree)
}
