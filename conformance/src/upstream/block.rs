//! Blocks of addresses, as a route planner's configuration names them.

use std::net::{IpAddr, UdpSocket};

/// One block after the other, in the order of their list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blocks(Vec<Block>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    first: IpAddr,
    /// How many bits of its addresses vary.
    bits: u32,
}

impl Blocks {
    /// Reads `127.0.0.0/24` or `127.0.1.0/25, 127.0.2.0/32`; an address is a block of one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        text.split(',').map(|block| Block::parse(block.trim())).collect::<Option<_>>().map(Self)
    }

    /// Whether an address is in one of them.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.place_of(address).is_some()
    }

    /// How many addresses of the blocks come before that one; `None` if it is in none of them.
    pub(crate) fn place_of(&self, address: IpAddr) -> Option<u128> {
        let mut before = 0u128;
        for block in &self.0 {
            if let Some(place) = block.place_of(address) {
                return before.checked_add(place);
            }
            before = before.checked_add(1u128.checked_shl(block.bits)?)?;
        }
        None
    }

    /// Why this machine cannot send from an address of each; `None` if it can.
    pub(crate) fn not_local(&self) -> Option<String> {
        self.0.iter().find_map(|block| {
            // Somewhere in the middle: the first one may be an address of its own.
            let address = block.nth((1 << block.bits.min(32)) / 2);
            let error = UdpSocket::bind((address, 0)).err()?;
            Some(format!("the machine cannot send from {address}: {error}"))
        })
    }
}

impl Block {
    fn parse(text: &str) -> Option<Self> {
        let (first, mask) = match text.split_once('/') {
            Some((first, mask)) => (first, Some(mask)),
            None => (text, None),
        };
        let first: IpAddr = first.parse().ok()?;
        let width: u32 = if first.is_ipv4() { 32 } else { 128 };
        let mask = mask.map_or(Ok(width), str::parse).ok()?;
        Some(Self { first, bits: width.checked_sub(mask)? })
    }

    fn place_of(&self, address: IpAddr) -> Option<u128> {
        if self.first.is_ipv4() != address.is_ipv4() {
            return None;
        }
        // The first address need not be a multiple of the size:
        // docs/observed/routeplanner.md#configuration.
        let place = number(address).checked_sub(number(self.first))?;
        (place.checked_shr(self.bits).unwrap_or(0) == 0).then_some(place)
    }

    fn nth(&self, place: u128) -> IpAddr {
        match self.first {
            IpAddr::V4(first) => {
                let place = u32::try_from(place).unwrap_or(u32::MAX);
                IpAddr::V4(first.to_bits().wrapping_add(place).into())
            }
            IpAddr::V6(first) => IpAddr::V6(first.to_bits().wrapping_add(place).into()),
        }
    }
}

/// An address as a number; one that is higher comes later in its block.
pub(crate) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// An address as the status spells it: IPv6 in full, without leading zeros
/// (docs/observed/routeplanner.md#status).
pub(crate) fn spelled(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => address.segments().map(|part| format!("{part:x}")).join(":"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn places_go_on_from_block_to_block() {
        let blocks = Blocks::parse("127.0.1.0/25, 127.0.2.9").unwrap();
        assert_eq!(blocks.place_of(address("127.0.1.0")), Some(0));
        assert_eq!(blocks.place_of(address("127.0.1.127")), Some(127));
        assert_eq!(blocks.place_of(address("127.0.2.9")), Some(128));
        for outside in ["127.0.1.128", "127.0.0.255", "127.0.2.8", "::1"] {
            assert!(!blocks.contains(address(outside)), "{outside}");
        }
        let unaligned = Blocks::parse("127.0.0.77/24").unwrap();
        assert_eq!(unaligned.place_of(address("127.0.1.76")), Some(255));
        assert!(!unaligned.contains(address("127.0.0.76")));
    }

    #[test]
    fn all_of_ipv6_is_a_block() {
        let everything = Blocks::parse("::/0").unwrap();
        assert!(everything.contains(address("fd00::1")));
        let few = Blocks::parse("fd00:1234::/64").unwrap();
        assert_eq!(few.place_of(address("fd00:1234::1:0")), Some(65536));
        assert!(!few.contains(address("fd00:1234:0:1::")));
    }

    #[test]
    fn what_is_no_block_is_none() {
        for text in ["", "127.0.0.0/33", "::/129", "127.0.0", "127.0.0.0/x", "127.0.0.1,"] {
            assert_eq!(Blocks::parse(text), None, "{text}");
        }
    }

    #[test]
    fn loopback_is_local_and_the_addresses_of_others_are_not() {
        assert_eq!(Blocks::parse("127.0.0.1").unwrap().not_local(), None);
        let reason = Blocks::parse("127.0.0.1, 192.0.2.0/24").unwrap().not_local().unwrap();
        assert!(reason.starts_with("the machine cannot send from 192.0.2.128: "), "{reason}");
    }

    #[test]
    fn ipv6_is_spelled_in_full() {
        assert_eq!(spelled(address("fd00:1234::7ee7:ce9d")), "fd00:1234:0:0:0:0:7ee7:ce9d");
        assert_eq!(spelled(address("127.0.0.9")), "127.0.0.9");
    }
}
