//! What holds for every strategy, whatever happened before.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use proptest::prelude::*;

use super::failing::EXPIRY_MS;
use super::{PickError, Planner, RateLimit, StrategyName};

/// Something that happens to a planner.
#[derive(Clone, Debug)]
enum Event {
    Pick,
    /// One that was picked, counted from the latest.
    Mark(usize),
    MarkOther(u128),
    Free(usize),
    FreeAll,
    Pass(u64),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => Just(Event::Pick),
        5 => (0..4_usize).prop_map(Event::Mark),
        2 => any::<u128>().prop_map(Event::MarkOther),
        2 => (0..4_usize).prop_map(Event::Free),
        1 => Just(Event::FreeAll),
        2 => (0..EXPIRY_MS).prop_map(Event::Pass),
    ]
}

fn config() -> impl Strategy<Value = RateLimit> {
    let blocks = prop_oneof![
        Just(vec!["127.0.0.8/30"]),
        Just(vec!["127.0.0.5/32"]),
        Just(vec!["127.0.0.0/24"]),
        Just(vec!["127.0.1.0/25", "127.0.2.0/32"]),
        Just(vec!["127.0.0.0/30", "10.0.0.0/30"]),
        Just(vec!["0.0.0.0/0"]),
        Just(vec!["fd00::/125"]),
        Just(vec!["fd00::/64"]),
        Just(vec!["fd00:5::/48"]),
        Just(vec!["fd00::/65", "fd00:1::/65"]),
        Just(vec!["fd00::/64", "fd00:1::/120"]),
        Just(vec!["::/0"]),
        Just(vec!["ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff8/125"]),
    ];
    let excluded = prop::collection::vec(
        prop_oneof![
            Just("127.0.0.9"),
            Just("127.0.0.10"),
            Just("127.0.0.1"),
            Just("fd00::"),
            Just("fd00::1"),
            Just("::"),
            Just("8.8.8.8"),
            Just("10.0.0.3"),
        ],
        0..4,
    );
    let strategy = prop::sample::select(StrategyName::ALL.to_vec());
    (blocks, excluded, strategy).prop_filter_map("a nano strategy needs a /64", |parts| {
        let (blocks, excluded, (_, strategy)) = parts;
        RateLimit::new(&blocks, &excluded, strategy).ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn no_pick_is_excluded_failing_or_outside(
        config in config(), seed: u64, events in prop::collection::vec(event(), 1..120)
    ) {
        let mut now = Duration::from_secs(1_700_000_000);
        let mut planner = Planner::new(&config, seed, false, now).unwrap();
        let blocks = planner.blocks().clone();
        let mut failing: HashMap<IpAddr, Duration> = HashMap::new();
        let mut picked: Vec<IpAddr> = Vec::new();
        let earlier = |picked: &[IpAddr], at: usize| picked.iter().rev().nth(at).copied();
        for event in events {
            match event {
                Event::Pick => {
                    let fails = |address: &IpAddr| failing.get(address)
                        .is_some_and(|since| (now - *since).as_millis() <= EXPIRY_MS.into());
                    match planner.pick(now) {
                        Ok(address) => {
                            prop_assert!(blocks.contains(address), "{} is outside", address);
                            prop_assert!(!config.excluded().contains(&address), "{}", address);
                            prop_assert!(!fails(&address), "{} is failing", address);
                            picked.push(address);
                        }
                        Err(error) => {
                            prop_assert_eq!(error, PickError::NoneFree);
                            prop_assert!(blocks.last_offset() < 512);
                            for offset in 0..=blocks.last_offset() {
                                let address = blocks.address_at(offset);
                                let excluded = config.excluded().contains(&address);
                                prop_assert!(excluded || fails(&address), "{} is free", address);
                            }
                        }
                    }
                }
                Event::Mark(at) => if let Some(address) = earlier(&picked, at) {
                    planner.mark(address, now);
                    failing.insert(address, now);
                },
                Event::MarkOther(at) => {
                    let offset = blocks.last_offset().checked_add(1).map_or(at, |size| at % size);
                    let address = blocks.address_at(offset);
                    planner.mark(address, now);
                    failing.insert(address, now);
                }
                Event::Free(at) => if let Some(address) = earlier(&picked, at) {
                    planner.free(address);
                    failing.remove(&address);
                },
                Event::FreeAll => {
                    planner.free_all();
                    failing.clear();
                }
                Event::Pass(ms) => now += Duration::from_millis(ms),
            }
            let status = planner.status(now).unwrap();
            let listed = status["details"]["failingAddresses"].as_array().unwrap().len();
            prop_assert!(listed <= failing.len());
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_picks(config in config(), seed: u64) {
        let now = Duration::from_secs(1_700_000_000);
        let picks = || {
            let mut planner = Planner::new(&config, seed, false, now).unwrap();
            (0..30).map(|_| {
                let address = planner.pick(now);
                if let Ok(address) = address { planner.mark(address, now); }
                address
            }).collect::<Vec<_>>()
        };
        prop_assert_eq!(picks(), picks());
    }
}
