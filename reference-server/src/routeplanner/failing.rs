//! Addresses that are failing, and since when.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use crate::deviations::switch::{self, either};

/// An address is usable again when more than this has passed since it was marked, in ms: seven
/// days (docs/observed/routeplanner.md#expiry).
pub(super) const EXPIRY_MS: u64 = 7 * 24 * 60 * 60 * 1000;

/// Failing addresses. One that has expired is usable, and still listed until it is used.
#[derive(Debug, Default)]
pub(super) struct Failing {
    /// All that are listed, with when they were marked, in ms since the epoch.
    since: HashMap<IpAddr, u64>,
    /// The same, oldest first.
    listed: BTreeSet<(u64, IpAddr)>,
    /// Those that have not expired, oldest first.
    unexpired: BTreeSet<(u64, IpAddr)>,
}

impl Failing {
    /// Marks an address; one that is marked already begins anew.
    pub(super) fn mark(&mut self, address: IpAddr, now_ms: u64) {
        self.free(address);
        self.since.insert(address, now_ms);
        self.listed.insert((now_ms, address));
        self.unexpired.insert((now_ms, address));
    }

    /// Whether the address was listed.
    pub(super) fn free(&mut self, address: IpAddr) -> bool {
        let Some(since) = self.since.remove(&address) else { return false };
        self.listed.remove(&(since, address));
        self.unexpired.remove(&(since, address));
        true
    }

    /// Takes one that has just expired; it stays listed.
    pub(super) fn expire_one(&mut self, now_ms: u64) -> Option<IpAddr> {
        let (since, address) = *self.unexpired.first()?;
        if !has_expired(since, now_ms) {
            return None;
        }
        self.unexpired.pop_first();
        Some(address)
    }

    /// Whether the address is not to be used.
    pub(super) fn is_failing(&self, address: IpAddr, now_ms: u64) -> bool {
        self.since.get(&address).is_some_and(|since| !has_expired(*since, now_ms))
    }

    /// Whether none is listed.
    pub(super) fn is_empty(&self) -> bool {
        self.since.is_empty()
    }

    /// What the status lists: addresses and when they were marked, oldest first.
    pub(super) fn list(&self) -> impl Iterator<Item = (u64, IpAddr)> {
        self.listed.iter().copied()
    }
}

fn has_expired(since: u64, now_ms: u64) -> bool {
    let right = now_ms.saturating_sub(since) > EXPIRY_MS;
    let right = either(switch::ROUTEPLANNER_080_NEVER, right, false);
    either(switch::ROUTEPLANNER_080_A_DAY, right, now_ms.saturating_sub(since) > EXPIRY_MS / 7)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn an_entry_expires_after_more_than_seven_days_and_stays_listed() {
        let mut failing = Failing::default();
        failing.mark(ADDRESS, 1000);
        assert_eq!(failing.expire_one(1000 + EXPIRY_MS), None);
        assert!(failing.is_failing(ADDRESS, 1000 + EXPIRY_MS));
        let late = 1001 + EXPIRY_MS;
        assert!(!failing.is_failing(ADDRESS, late));
        assert_eq!(failing.expire_one(late), Some(ADDRESS));
        assert_eq!(failing.expire_one(late), None);
        assert_eq!(failing.list().collect::<Vec<_>>(), [(1000, ADDRESS)]);
        assert!(failing.free(ADDRESS) && !failing.free(ADDRESS) && failing.is_empty());
    }

    #[test]
    fn marking_again_begins_anew() {
        let mut failing = Failing::default();
        failing.mark(ADDRESS, 0);
        failing.mark(ADDRESS, 5000);
        assert_eq!(failing.expire_one(EXPIRY_MS + 1), None);
        assert_eq!(failing.list().collect::<Vec<_>>(), [(5000, ADDRESS)]);
    }
}
