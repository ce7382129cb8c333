//! The state of a route planner, and picking an address.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::net::IpAddr;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use super::block::Blocks;
use super::failing::Failing;
use super::load_balance::LoadBalance;
use super::nano::Nano;
use super::ratelimit::{RateLimit, RateLimitError, StrategyName};
use super::rotate_on_ban::RotateOnBan;
use super::rotating_nano::RotatingNano;
use super::status::{self, NoAddressYet};
use crate::deviations::switch::{self, Seam, deviates};

/// Picks source addresses, and remembers those that fail. All times are since the epoch.
#[derive(Debug)]
pub struct Planner {
    blocks: Blocks,
    excluded: BTreeSet<IpAddr>,
    failing: Failing,
    strategy: Box<dyn Strategy>,
    random: StdRng,
    began: Duration,
}

/// There is no address to pick. The messages are those of the real server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PickError {
    /// All addresses are failing or excluded.
    #[error("java.lang.RuntimeException: Can't find a free ip")]
    NoneFree,
    /// NanoSwitch of the real server with anything but a /64.
    #[error("java.lang.IllegalArgumentException: Index out of bounds for the CombinedBlock")]
    OutOfBounds,
}

/// One way to choose addresses.
pub(super) trait Strategy: Debug + Send {
    /// An address that may be used.
    fn pick(&mut self, around: &mut Around<'_>) -> Result<IpAddr, PickError>;

    /// The address has just been marked as failing.
    fn on_failure(&mut self, _address: IpAddr, _around: &mut Around<'_>) {}

    /// The next pick is to be another address than the one before, though nothing has failed.
    fn go_on(&mut self) {}

    /// The address at this offset is not to be picked.
    fn pass_over(&mut self, offset: u128);

    /// It may be picked again.
    fn allow(&mut self, offset: u128);

    /// `class` of the status.
    fn class(&self) -> &'static str;

    /// What the status tells besides blocks and failing addresses.
    fn details(&self, around: &Around<'_>) -> Result<Vec<(&'static str, Value)>, NoAddressYet>;
}

/// Where deviations change which address of the blocks is picked.
pub(crate) static PICKS: Seam<fn(&Blocks, IpAddr) -> IpAddr> = Seam::new();

/// What a strategy looks at.
pub(super) struct Around<'a> {
    pub(super) blocks: &'a Blocks,
    pub(super) random: &'a mut StdRng,
    /// Since the planner began.
    pub(super) elapsed: Duration,
    excluded: &'a BTreeSet<IpAddr>,
    failing: &'a Failing,
    now_ms: u64,
}

impl Around<'_> {
    /// Whether an address is neither excluded nor failing. Only the real server's behaviour needs
    /// to ask: otherwise a strategy has been told what to pass over.
    pub(super) fn is_usable(&self, address: IpAddr) -> bool {
        !self.excluded.contains(&address) && !self.failing.is_failing(address, self.now_ms)
    }
}

impl Planner {
    /// A planner that begins at `now`. The same seed gives the same picks. With `quirks` it does
    /// what the real server does where that is broken.
    ///
    /// # Errors
    /// [`RateLimitError`] if the strategy cannot work with these blocks.
    pub fn new(
        config: &RateLimit,
        seed: u64,
        quirks: bool,
        now: Duration,
    ) -> Result<Self, RateLimitError> {
        let blocks = config.blocks(quirks).ok_or(RateLimitError::MixedFamilies)?;
        let strategy: Box<dyn Strategy> = match config.strategy() {
            StrategyName::RotateOnBan => Box::new(RotateOnBan::new(quirks)),
            StrategyName::LoadBalance => Box::new(LoadBalance::new(&blocks, quirks)),
            StrategyName::NanoSwitch => Box::new(Nano::new(quirks)),
            StrategyName::RotatingNanoSwitch => Box::new(RotatingNano::new()),
        };
        let mut planner = Self {
            blocks,
            excluded: config.excluded().iter().copied().collect(),
            failing: Failing::default(),
            strategy,
            random: StdRng::seed_from_u64(seed),
            began: now,
        };
        let unused = [
            (StrategyName::RotateOnBan, switch::ROUTEPLANNER_025_EXCLUDED_USED),
            (StrategyName::LoadBalance, switch::ROUTEPLANNER_031_EXCLUDED_USED),
        ];
        let mut unused = unused.into_iter();
        if unused.any(|(strategy, name)| strategy == config.strategy() && deviates(name)) {
            planner.excluded.clear();
        }
        for address in planner.excluded.clone() {
            planner.pass_over(address);
        }
        Ok(planner)
    }

    /// An address for the next request. It is in a block, neither excluded nor failing.
    ///
    /// # Errors
    /// [`PickError`] if every address is excluded or failing; with `quirks` also where the real
    /// server's strategy breaks.
    pub fn pick(&mut self, now: Duration) -> Result<IpAddr, PickError> {
        while let Some(address) = self.failing.expire_one(ms(now)) {
            self.allow(address);
            if deviates(switch::ROUTEPLANNER_081_SWEPT) {
                self.failing.free(address);
            }
        }
        let (strategy, mut around) = self.parts(now);
        let mut address = strategy.pick(&mut around)?;
        if let Some(change) = PICKS.get() {
            address = change(around.blocks, address);
        }
        // An entry that has expired is dropped when its address is considered.
        if !self.failing.is_empty() && !self.failing.is_failing(address, ms(now)) {
            self.failing.free(address);
        }
        Ok(address)
    }

    /// Marks an address as failing.
    pub fn mark(&mut self, address: IpAddr, now: Duration) {
        self.failing.mark(address, ms(now));
        self.pass_over(address);
        let (strategy, mut around) = self.parts(now);
        strategy.on_failure(address, &mut around);
    }

    /// Has the next pick be another address than the one before, if the strategy would stay on it.
    pub(super) fn go_on(&mut self) {
        self.strategy.go_on();
    }

    /// Makes an address usable again; one that is not failing stays as it is.
    pub fn free(&mut self, address: IpAddr) {
        if deviates(switch::ROUTEPLANNER_070_KEPT) {
            return;
        }
        if self.failing.free(address) && !deviates(switch::ROUTEPLANNER_070_ONLY_UNLISTED) {
            self.allow(address);
        } else if deviates(switch::ROUTEPLANNER_071_FREES_ALL) {
            self.free_all();
        }
    }

    /// Makes all failing addresses usable again.
    pub fn free_all(&mut self) {
        let mut listed: Vec<_> = self.failing.list().map(|(_, address)| address).collect();
        if deviates(switch::ROUTEPLANNER_076_FIRST_ONLY) {
            listed.truncate(1);
        }
        for address in listed {
            self.failing.free(address);
            self.allow(address);
        }
        if deviates(switch::ROUTEPLANNER_077_STARTS_OVER) {
            let quirks = false;
            self.strategy = match self.strategy.class() {
                "RotatingIpRoutePlanner" => Box::new(RotateOnBan::new(quirks)),
                "RotatingNanoIpRoutePlanner" => Box::new(RotatingNano::new()),
                _ => return,
            };
        }
    }

    /// The status object. The real server has none before RotateOnBan has picked an address.
    ///
    /// # Errors
    /// [`NoAddressYet`] with `quirks`, as long as RotateOnBan has not picked an address.
    pub fn status(&mut self, now: Duration) -> Result<Value, NoAddressYet> {
        let failing: Vec<_> = self.failing.list().collect();
        let (strategy, around) = self.parts(now);
        status::status(strategy.class(), around.blocks, &failing, strategy.details(&around)?)
    }

    /// The addresses that it picks from.
    pub fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    fn pass_over(&mut self, address: IpAddr) {
        for offset in self.blocks.offsets_of(address) {
            self.strategy.pass_over(offset);
        }
    }

    fn allow(&mut self, address: IpAddr) {
        if self.excluded.contains(&address) {
            return;
        }
        for offset in self.blocks.offsets_of(address) {
            self.strategy.allow(offset);
        }
    }

    fn parts(&mut self, now: Duration) -> (&mut dyn Strategy, Around<'_>) {
        let around = Around {
            blocks: &self.blocks,
            random: &mut self.random,
            elapsed: now.saturating_sub(self.began),
            excluded: &self.excluded,
            failing: &self.failing,
            now_ms: ms(now),
        };
        (self.strategy.as_mut(), around)
    }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
