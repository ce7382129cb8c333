//! `lavalink.server.ratelimit`: what a route planner is told.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use super::address::Named;
use super::block::{Blocks, Family, holder};

/// A checked configuration, from which a planner can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    nets: Vec<IpNet>,
    excluded: Vec<IpAddr>,
    strategy: StrategyName,
    /// Whether a search that is answered with 429 marks its address.
    pub search_triggers_fail: bool,
    /// How often a request is retried: negative for the usual ten times, 0 for without end.
    pub retry_limit: i32,
}

/// `strategy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StrategyName {
    /// One address until it fails, then another.
    #[default]
    RotateOnBan,
    /// Another one for each request.
    LoadBalance,
    /// A new one of a /64 for each request.
    NanoSwitch,
    /// A new one for each request, of one /64 until it fails, then of the next.
    RotatingNanoSwitch,
}

/// Which part of a configuration is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give {}", self.fix())]
pub enum RateLimitError {
    /// A block is none.
    Block {
        /// As it was written.
        block: String,
        /// How it would have to be written, if that can be told.
        meant: Option<String>,
    },
    /// IPv4 and IPv6 together.
    MixedFamilies,
    /// A strategy that needs more addresses than there are.
    TooSmall(&'static str),
    /// An excluded address is none.
    Excluded(String),
    /// There is no such strategy.
    Strategy(String),
}

impl RateLimitError {
    /// What would be right, after "give".
    pub(crate) fn fix(&self) -> String {
        match self {
            Self::Block { block, meant: Some(meant) } => format!("{meant} instead of {block:?}"),
            Self::Block { block, meant: None } => format!(
                "blocks such as 198.51.100.0/24 or 2001:db8::/64, or single addresses; \
                 {block:?} is neither"
            ),
            Self::MixedFamilies => {
                "blocks of one family: a planner cannot have both IPv4 and IPv6".into()
            }
            Self::TooSmall(strategy) => {
                format!("IPv6 blocks of at least a /64 in total, as {strategy} needs them")
            }
            Self::Excluded(text) => {
                format!("single addresses, without masks and without host names; {text:?} is none")
            }
            Self::Strategy(_) => {
                let names = StrategyName::ALL.map(|(name, _)| name);
                format!("one of {}", names.join(", "))
            }
        }
    }
}

impl StrategyName {
    /// All of them, as they are usually written.
    pub const ALL: [(&'static str, Self); 4] = [
        ("RotateOnBan", Self::RotateOnBan),
        ("LoadBalance", Self::LoadBalance),
        ("NanoSwitch", Self::NanoSwitch),
        ("RotatingNanoSwitch", Self::RotatingNanoSwitch),
    ];

    /// Reads a name, whatever its case and the blanks around it.
    ///
    /// # Errors
    /// [`RateLimitError::Strategy`] if there is no strategy of that name.
    pub fn read(text: &str) -> Result<Self, RateLimitError> {
        let mut known = Self::ALL.into_iter();
        let found = known.find(|(name, _)| name.eq_ignore_ascii_case(text.trim()));
        found.map(|(_, name)| name).ok_or_else(|| RateLimitError::Strategy(text.to_owned()))
    }

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, strategy)| *strategy == self).map_or("", |(name, _)| name)
    }

    fn is_nano(self) -> bool {
        matches!(self, Self::NanoSwitch | Self::RotatingNanoSwitch)
    }
}

impl RateLimit {
    /// Checks what was written. There must be at least one block.
    ///
    /// # Errors
    /// [`RateLimitError`] for the first text that is no block or no address, for blocks of both
    /// families, and for a strategy that needs more addresses than there are.
    pub fn new(
        blocks: &[impl AsRef<str>],
        excluded: &[impl AsRef<str>],
        strategy: StrategyName,
    ) -> Result<Self, RateLimitError> {
        let nets = blocks.iter().map(|text| net(text.as_ref())).collect::<Result<Vec<_>, _>>()?;
        let blocks = Blocks::new(&nets, false).ok_or(RateLimitError::MixedFamilies)?;
        let large = blocks.family() == Family::V6 && blocks.last_offset() >= u64::MAX.into();
        if strategy.is_nano() && !large {
            return Err(RateLimitError::TooSmall(strategy.name()));
        }
        let excluded = excluded.iter().map(|text| excluded_address(text.as_ref()));
        let excluded = excluded.collect::<Result<_, _>>()?;
        Ok(Self { nets, excluded, strategy, search_triggers_fail: true, retry_limit: -1 })
    }

    /// The blocks as they were given.
    pub fn blocks_given(&self) -> &[IpNet] {
        &self.nets
    }

    /// The addresses to choose from; see [`Blocks::new`] for `host_bits`.
    pub(super) fn blocks(&self, host_bits: bool) -> Option<Blocks> {
        Blocks::new(&self.nets, host_bits)
    }

    /// The addresses that are never chosen.
    pub fn excluded(&self) -> &[IpAddr] {
        &self.excluded
    }

    /// How they are chosen.
    pub fn strategy(&self) -> StrategyName {
        self.strategy
    }

    /// What is allowed and hardly meant.
    pub fn oddities(&self) -> Vec<String> {
        let nets = self.nets.iter().enumerate();
        let twice = nets.filter_map(|(at, net)| {
            let holder = holder(&self.nets, at)?;
            Some(format!("{net} lies in {holder} and counts once"))
        });
        let host_bits = self.nets.iter().filter(|net| net.addr() != net.network());
        let host_bits = host_bits.map(|net| format!("{net} is taken for {}", net.trunc()));
        let outside = self.excluded.iter().filter(|ip| !self.nets.iter().any(|n| n.contains(*ip)));
        let outside = outside.map(|ip| format!("the excluded address {ip} is in no block"));
        twice.chain(host_bits).chain(outside).collect()
    }
}

/// A block as the real server takes it: in lower case, without blanks, an address without a mask
/// for itself (docs/observed/routeplanner.md#configuration).
fn net(text: &str) -> Result<IpNet, RateLimitError> {
    let lower = text.to_lowercase();
    let read = match text.contains('/') {
        true => lower.trim().parse().ok(),
        false => lower.trim().parse().ok().map(|address: IpAddr| IpNet::from(address)),
    };
    let mapped = |net: &IpNet| match net.addr() {
        IpAddr::V6(address) => address.to_ipv4_mapped(),
        IpAddr::V4(_) => None,
    };
    let meant = match read {
        Some(net) if mapped(&net).is_some() => Some("IPv4 blocks as such".into()),
        Some(net) if lower.trim() != text => Some(net.to_string()),
        Some(net) => return Ok(net),
        None => None,
    };
    Err(RateLimitError::Block { block: text.to_owned(), meant })
}

/// Java's spellings are taken, this machine by name too.
fn excluded_address(text: &str) -> Result<IpAddr, RateLimitError> {
    match Named::read(text) {
        Ok(Named::Address(address)) => Ok(address),
        Ok(Named::ThisMachine) => Ok(Ipv4Addr::LOCALHOST.into()),
        Ok(Named::Zoned(_)) | Err(_) => Err(RateLimitError::Excluded(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(
        blocks: &[&str],
        excluded: &[&str],
        strategy: &str,
    ) -> Result<RateLimit, RateLimitError> {
        RateLimit::new(blocks, excluded, StrategyName::read(strategy)?)
    }

    #[test]
    fn strategies_are_trimmed_and_of_any_case() {
        for text in ["rotateonban", "ROTATEONBAN", "  RotateOnBan  ", "RotateOnBan\t"] {
            assert_eq!(StrategyName::read(text), Ok(StrategyName::RotateOnBan), "{text}");
        }
        for text in ["", "  ", "Rotate On Ban", "rotate-on-ban", "RotatingIpRoutePlanner", "x"] {
            let message = StrategyName::read(text).unwrap_err().to_string();
            assert!(message.contains("RotateOnBan, LoadBalance"), "{message}");
        }
    }

    /// Recordings 2_badblock_0 to 14.
    #[test]
    fn blocks_that_do_not_start() {
        for text in [
            "FD00:1234::/64",
            "::ffff:127.0.0.0/120",
            "::ffff:7f00:0/120",
            "300.1.1.1/24",
            "127.0.0.0/33",
            "fd00::/129",
            "garbage",
            "",
            "127.0.0/24",
            "127.0.0.0/24 ",
            "fe80::1%lo/64",
            "localhost",
            "127.0.0.0-127.0.0.9",
            "fd00:::/64",
            ":/64",
        ] {
            let error = read(&[text], &[], "LoadBalance").unwrap_err();
            assert!(matches!(error, RateLimitError::Block { .. }), "{text}: {error}");
        }
    }

    /// Recordings 2_excl_0 to 6.
    #[test]
    fn excluded_addresses() {
        for (text, address) in [
            ("127.0.0.9", "127.0.0.9"),
            ("", "127.0.0.1"),
            ("localhost", "127.0.0.1"),
            ("fd00::1", "fd00::1"),
            ("127.9", "127.0.0.9"),
        ] {
            let limit = read(&["127.0.0.0/24"], &[text], "LoadBalance").unwrap();
            assert_eq!(limit.excluded(), [address.parse::<IpAddr>().unwrap()]);
            assert_eq!(limit.oddities().len(), usize::from(text == "fd00::1"), "{text}");
        }
        for text in ["nope.invalid", "127.0.0.0/28"] {
            let error = read(&["127.0.0.0/24"], &[text], "LoadBalance").unwrap_err();
            assert_eq!(error, RateLimitError::Excluded(text.into()));
        }
    }

    #[test]
    fn oddities_are_told() {
        let limit = read(&["127.0.0.0/24", "127.0.0.9", "127.0.5.7/24"], &["1.1.1.1"], "").err();
        assert!(limit.is_some());
        let limit =
            read(&["127.0.0.0/24", "127.0.0.9", "127.0.5.7/24"], &["1.1.1.1"], "LoadBalance");
        assert_eq!(
            limit.unwrap().oddities(),
            [
                "127.0.0.9/32 lies in 127.0.0.0/24 and counts once",
                "127.0.5.7/24 is taken for 127.0.5.0/24",
                "the excluded address 1.1.1.1 is in no block",
            ]
        );
    }
}
