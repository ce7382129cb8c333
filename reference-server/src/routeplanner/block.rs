//! Blocks of addresses, several as one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::deviations::switch::{self, deviates, either};

/// Addresses of one family. Each has an offset, counted from the first address of the first
/// block, and the blocks follow each other in the order in which they were given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks {
    family: Family,
    parts: Vec<Part>,
    /// Offset of the last address: one less than the size, which may be 2^128.
    last: u128,
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// 32 bits.
    V4,
    /// 128 bits.
    V6,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// The lowest address, as a number.
    first: u128,
    /// One less than how many addresses there are.
    last: u128,
    /// The offset of `first`.
    start: u128,
}

impl Family {
    /// Of an address.
    pub fn of(address: IpAddr) -> Self {
        if address.is_ipv4() { Self::V4 } else { Self::V6 }
    }

    /// `type` of the status: the class of such addresses in Java.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::V4 => "Inet4Address",
            Self::V6 => "Inet6Address",
        }
    }

    /// How far `to` is behind `from`, around the end of all addresses if need be.
    fn distance(self, from: u128, to: u128) -> u128 {
        match self {
            Self::V4 => (to as u32).wrapping_sub(from as u32).into(),
            Self::V6 => to.wrapping_sub(from),
        }
    }

    fn address(self, number: u128) -> IpAddr {
        match self {
            Self::V4 => Ipv4Addr::from(number as u32).into(),
            Self::V6 => Ipv6Addr::from(number).into(),
        }
    }
}

impl Blocks {
    /// `None` without blocks or with blocks of both families. What lies in another block is left
    /// out, so that no address is there twice. With `host_bits` an IPv4 block begins with the
    /// address that was written, as in the real server, not with the first of its network
    /// (docs/observed/routeplanner.md#configuration).
    pub fn new(nets: &[IpNet], host_bits: bool) -> Option<Self> {
        let family = Family::of(nets.first()?.addr());
        let mut blocks = Self { family, parts: Vec::new(), last: 0 };
        let mut start = 0_u128;
        for (at, net) in nets.iter().enumerate() {
            if Family::of(net.addr()) != family {
                return None;
            }
            if holder(nets, at).is_some() {
                continue;
            }
            let whole = host_bits && family == Family::V4;
            let first = number(if whole { net.addr() } else { net.network() });
            let host_length = net.max_prefix_len() - net.prefix_len();
            let last = u128::MAX.checked_shr(128 - u32::from(host_length)).unwrap_or(0);
            blocks.parts.push(Part { first, last, start });
            blocks.last = start + last;
            // Blocks of which none lies in another are at most all addresses together; only
            // after the very last one is there no next offset.
            start = blocks.last.wrapping_add(1);
        }
        Some(blocks)
    }

    /// The family of all addresses.
    pub fn family(&self) -> Family {
        self.family
    }

    /// The offset of the last address: one less than how many there are.
    pub fn last_offset(&self) -> u128 {
        self.last
    }

    /// How many addresses there are, in decimal digits.
    pub(super) fn size(&self) -> String {
        let counted = match self.parts.first() {
            Some(first)
                if self.parts.len() > 1 && deviates(switch::ROUTEPLANNER_014_FIRST_BLOCK) =>
            {
                first.last
            }
            _ => self.last,
        };
        let counted =
            either(switch::ROUTEPLANNER_014_LAST_OFFSET, counted, counted.saturating_sub(1));
        match counted.checked_add(1) {
            Some(size) => size.to_string(),
            None => "340282366920938463463374607431768211456".into(),
        }
    }

    /// The address at an offset that is not beyond the last one.
    pub fn address_at(&self, offset: u128) -> IpAddr {
        let at = self.parts.partition_point(|part| part.start <= offset).saturating_sub(1);
        let part = self.parts.get(at);
        let number = part.map_or(0, |part| part.first.wrapping_add(offset - part.start));
        self.family.address(number)
    }

    /// Where an address is: nowhere, or at one offset; at several if blocks with host bits reach
    /// into each other.
    pub fn offsets_of(&self, address: IpAddr) -> impl Iterator<Item = u128> {
        let address = (Family::of(address) == self.family).then(|| number(address));
        self.parts.iter().filter_map(move |part| {
            let distance = self.family.distance(part.first, address?);
            (distance <= part.last).then(|| part.start + distance)
        })
    }

    /// Whether it is one of them.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.offsets_of(address).next().is_some()
    }
}

/// The block that another one lies in; of equal ones the first holds the others.
pub(super) fn holder(nets: &[IpNet], at: usize) -> Option<&IpNet> {
    let net = nets.get(at)?;
    let mut others = nets.iter().enumerate().filter(|(other, _)| *other != at);
    let holds = |other: usize, holder: &IpNet| {
        holder.contains(net) && (holder.prefix_len() < net.prefix_len() || other < at)
    };
    others.find(|(other, holder)| holds(*other, holder)).map(|(_, holder)| holder)
}

/// An address as a number.
pub(super) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn blocks(nets: &[&str]) -> Blocks {
        let nets: Vec<IpNet> = nets.iter().map(|net| net.parse().unwrap()).collect();
        Blocks::new(&nets, false).unwrap()
    }

    #[test]
    fn sizes_are_sums_in_decimal() {
        for (nets, size) in [
            (&["127.0.0.0/32"][..], "1"),
            (&["0.0.0.0/0"], "4294967296"),
            (&["127.0.0.0/24", "127.0.2.0/24"], "512"),
            (&["fd00::/64", "fd00:1::/64"], "36893488147419103232"),
            (&["fd00::/1"], "170141183460469231731687303715884105728"),
            (&["::/0"], "340282366920938463463374607431768211456"),
            (&["::/1", "8000::/1"], "340282366920938463463374607431768211456"),
            (&["127.0.0.0/24", "127.0.0.0/30", "127.0.0.0/24"], "256"),
        ] {
            assert_eq!(blocks(nets).size(), size, "{nets:?}");
        }
    }

    #[test]
    fn offsets_go_from_block_to_block() {
        let blocks = blocks(&["127.0.0.0/30", "127.0.2.0/31", "127.0.1.7/32"]);
        let addresses: Vec<_> =
            (0..=blocks.last_offset()).map(|at| blocks.address_at(at).to_string()).collect();
        assert_eq!(
            addresses,
            [
                "127.0.0.0",
                "127.0.0.1",
                "127.0.0.2",
                "127.0.0.3",
                "127.0.2.0",
                "127.0.2.1",
                "127.0.1.7"
            ]
        );
    }

    #[test]
    fn with_host_bits_a_block_begins_where_it_was_written() {
        let nets = ["127.0.0.77/24".parse().unwrap()];
        let blocks = Blocks::new(&nets, true).unwrap();
        assert_eq!(blocks.address_at(0).to_string(), "127.0.0.77");
        assert_eq!(blocks.address_at(255).to_string(), "127.0.1.76");
        assert!(!blocks.contains("127.0.0.76".parse().unwrap()));
        let nets = ["255.255.255.255/30".parse().unwrap()];
        let blocks = Blocks::new(&nets, true).unwrap();
        assert_eq!(blocks.address_at(3).to_string(), "0.0.0.2");
        assert_eq!(blocks.offsets_of("0.0.0.2".parse().unwrap()).next(), Some(3));
    }

    #[test]
    fn families_do_not_mix() {
        let nets = ["127.0.0.0/24".parse().unwrap(), "fd00::/64".parse().unwrap()];
        assert_eq!(Blocks::new(&nets, false), None);
        assert!(!blocks(&["::/0"]).contains("127.0.0.1".parse().unwrap()));
    }

    fn any_net() -> impl Strategy<Value = IpNet> {
        prop_oneof![
            (any::<u128>(), 0..=128_u8).prop_map(|(bits, length)| {
                IpNet::new(Ipv6Addr::from_bits(bits).into(), length).unwrap()
            }),
            (any::<u32>(), 0..=32_u8).prop_map(|(bits, length)| {
                IpNet::new(Ipv4Addr::from_bits(bits).into(), length).unwrap()
            }),
        ]
    }

    proptest! {
        #[test]
        fn every_offset_has_its_address(
            nets in prop::collection::vec(any_net(), 1..5), at: u128, host_bits: bool
        ) {
            let family = Family::of(nets[0].addr());
            let nets: Vec<_> =
                nets.into_iter().filter(|net| Family::of(net.addr()) == family).collect();
            let blocks = Blocks::new(&nets, host_bits).unwrap();
            let last = blocks.last_offset();
            for offset in [0, last, last.checked_add(1).map_or(at, |size| at % size)] {
                let address = blocks.address_at(offset);
                prop_assert!(blocks.offsets_of(address).any(|other| other == offset));
                prop_assert!(host_bits || nets.iter().any(|net| net.contains(&address)));
            }
        }
    }
}
