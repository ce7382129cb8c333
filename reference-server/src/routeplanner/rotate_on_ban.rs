//! One address until it fails, then another.

use std::net::IpAddr;

use rand::RngExt;
use serde_json::Value;

use super::address::java_text;
use super::planner::{Around, PickError, Strategy};
use super::runs::Runs;
use super::status::NoAddressYet;
use crate::deviations::switch::{self, deviates, either};

/// Offset of the last address of the largest blocks whose addresses are taken one by one; in
/// larger ones the step is random.
const SMALL_LAST: u128 = 127;

/// `RotateOnBan`.
#[derive(Debug)]
pub(super) struct RotateOnBan {
    /// Offset of the address in use.
    current: Option<u128>,
    /// The address in use has failed, and the next pick takes another.
    rotates: bool,
    /// How often it was rotated.
    rotations: u64,
    passed_over: Runs,
    quirk: Option<Quirk>,
}

/// What the real server keeps in place of `current` and `passed_over`.
#[derive(Debug, Default)]
struct Quirk {
    /// Offset + 1, or 0 before the first pick and after a pick that ran over the end.
    index: u128,
    last_failed: Option<IpAddr>,
    shown: Option<IpAddr>,
}

impl RotateOnBan {
    pub(super) fn new(quirks: bool) -> Self {
        Self {
            current: None,
            rotates: false,
            rotations: 0,
            passed_over: Runs::default(),
            quirk: quirks.then(Quirk::default),
        }
    }

    /// The offset to go on with: a random step of 10 to 19 in a block of more than 128 addresses
    /// (docs/observed/routeplanner.md#rotateonban), around its end.
    fn next(&self, around: &mut Around<'_>) -> Option<u128> {
        let mut last = around.blocks.last_offset();
        let step = if last > SMALL_LAST { around.random.random_range(10..20) } else { 1 };
        if last <= SMALL_LAST && self.current.is_some() {
            if deviates(switch::ROUTEPLANNER_026_NONE_AFTER_A_FAILURE) {
                return None;
            }
            last -= either(switch::ROUTEPLANNER_026_LAST_LEFT_OUT, 0, last.min(1));
        }
        let from = match self.current {
            None => step - 1,
            Some(current) => match last - current {
                left if step <= left => current + step,
                left => step - left - 1,
            },
        };
        let free = self.passed_over.next_free_around(from, last);
        if free.is_none() && deviates(switch::ROUTEPLANNER_024_USES_FAILING) {
            return Some(from);
        }
        free
    }

    fn count_rotation(&mut self) {
        if !deviates(switch::ROUTEPLANNER_022_NOT_COUNTED) {
            self.rotations += 1;
        }
    }
}

impl Strategy for RotateOnBan {
    fn pick(&mut self, around: &mut Around<'_>) -> Result<IpAddr, PickError> {
        if let Some(quirk) = &mut self.quirk {
            return quirk.pick(&mut self.rotates, around);
        }
        let failed = |current: u128| self.rotates || self.passed_over.contains(current);
        let usable = self.current.filter(|current| {
            if failed(*current) {
                deviates(switch::ROUTEPLANNER_021_STAYS)
            } else {
                !deviates(switch::ROUTEPLANNER_020_ROTATES)
            }
        });
        let offset = usable.or_else(|| self.next(around)).ok_or(PickError::NoneFree)?;
        self.current = Some(offset);
        self.rotates = self.rotations > 0 && deviates(switch::ROUTEPLANNER_021_ROTATES_ON);
        Ok(around.blocks.address_at(offset))
    }

    fn on_failure(&mut self, address: IpAddr, around: &mut Around<'_>) {
        if let Some(quirk) = &mut self.quirk {
            if quirk.last_failed.replace(address) != Some(address) && !self.rotates {
                self.rotates = true;
                self.rotations += 1;
            }
            return;
        }
        let current = self.current.map(|current| around.blocks.address_at(current));
        let in_use = current == Some(address) && !self.rotates;
        if !in_use && deviates(switch::ROUTEPLANNER_022_EVERY_FAILURE) {
            self.rotates = true;
            self.count_rotation();
        }
        // A request that was sent before the last rotation tells nothing of the address in use.
        if in_use {
            self.rotates = true;
            self.count_rotation();
        }
    }

    fn go_on(&mut self) {
        self.rotates = true;
    }

    fn pass_over(&mut self, offset: u128) {
        if !deviates(switch::ROUTEPLANNER_025_FAILING_USED) {
            self.passed_over.insert(offset);
        }
    }

    fn allow(&mut self, offset: u128) {
        self.passed_over.remove(offset);
    }

    fn class(&self) -> &'static str {
        "RotatingIpRoutePlanner"
    }

    fn details(&self, around: &Around<'_>) -> Result<Vec<(&'static str, Value)>, NoAddressYet> {
        let (index, address) = match &self.quirk {
            Some(quirk) => (quirk.index, Some(quirk.shown.ok_or(NoAddressYet)?)),
            None => match self.current {
                None => (0, None),
                Some(offset) => {
                    let first = either(switch::ROUTEPLANNER_023_FROM_ZERO, 1, 0);
                    (offset.saturating_add(first), Some(around.blocks.address_at(offset)))
                }
            },
        };
        let shown = address.map(java_text).unwrap_or_default();
        Ok(vec![
            ("rotateIndex", self.rotations.to_string().into()),
            ("ipIndex", index.to_string().into()),
            ("currentAddress", shown.into()),
        ])
    }
}

impl Quirk {
    /// Tries random steps until one hits a usable address; what it ended on is used next time
    /// without a look. In blocks of up to 128 addresses it never hits one.
    fn pick(&mut self, rotates: &mut bool, around: &mut Around<'_>) -> Result<IpAddr, PickError> {
        let last = around.blocks.last_offset();
        if self.index != 0 && !*rotates {
            let address = around.blocks.address_at(self.index - 1);
            self.shown = Some(address);
            return Ok(address);
        }
        if last > SMALL_LAST {
            for _ in 0..last.saturating_mul(2).saturating_add(3) {
                self.index += around.random.random_range(10..20_u128);
                if self.index - 1 > last {
                    self.index = 0;
                    self.shown = None;
                    continue;
                }
                let address = around.blocks.address_at(self.index - 1);
                self.shown = Some(address);
                if around.is_usable(address) {
                    *rotates = false;
                    return Ok(address);
                }
            }
        }
        Err(PickError::NoneFree)
    }
}
