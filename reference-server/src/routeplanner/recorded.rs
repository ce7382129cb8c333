//! What was recorded of the real server's starts and first answers
//! (docs/observed/routeplanner.md#configuration).

use std::time::Duration;

use serde_json::{Value, json};

use super::{Planner, RateLimit, StrategyName};

const NOW: Duration = Duration::from_secs(1_795_410_000);

/// The status after the start, or `None` if the server does not start.
fn start(strategy: &str, blocks: &[&str], quirks: bool) -> Option<Result<Value, String>> {
    let config = RateLimit::new(blocks, &[""; 0], StrategyName::read(strategy).ok()?).ok()?;
    let mut planner = Planner::new(&config, 1, quirks, NOW).ok()?;
    Some(planner.status(NOW).map_err(|error| error.to_string()))
}

const TWO_V4: &[&str] = &["127.0.0.0/24", "127.0.2.0/24"];
const TWO_64: &[&str] = &["fd00:1234:0:1::/64", "fd00:1234:0:2::/64"];
const MIXED: &[&str] = &["127.0.0.0/24", "fd00:1234::/64"];

/// Every configuration that was recorded with all strategies, with its size.
const BLOCKS: [(&[&str], &str); 12] = [
    (&["127.0.0.0/24"], "256"),
    (&["127.0.0.0/30"], "4"),
    (&["127.0.0.5/32"], "1"),
    (&["127.0.0.5"], "1"),
    (TWO_V4, "512"),
    (&["fd00:1234::/64"], "18446744073709551616"),
    (&["fd00:1234::/48"], "1208925819614629174706176"),
    (&["fd00:1234::/56"], "4722366482869645213696"),
    (&["fd00:1234::/72"], "72057594037927936"),
    (&["fd00:1234::1/128"], "1"),
    (TWO_64, "36893488147419103232"),
    (MIXED, ""),
];

#[test]
fn load_balance_starts_with_anything_of_one_family() {
    for (blocks, size) in BLOCKS {
        let class = if blocks[0].contains('.') { "Inet4Address" } else { "Inet6Address" };
        let recorded = json!({
            "class": "BalancingIpRoutePlanner",
            "details": {"ipBlock": {"type": class, "size": size}, "failingAddresses": []},
        });
        let expected = (blocks != MIXED).then_some(Ok(recorded));
        assert_eq!(start("LoadBalance", blocks, false), expected, "{blocks:?}");
    }
}

#[test]
fn rotate_on_ban_starts_with_anything_of_one_family_and_has_no_address_yet() {
    for (blocks, size) in BLOCKS {
        match (start("RotateOnBan", blocks, false), start("RotateOnBan", blocks, true)) {
            (Some(Ok(sane)), Some(Err(message))) => {
                assert_eq!(sane["class"], "RotatingIpRoutePlanner");
                assert_eq!(sane["details"]["ipBlock"]["size"], size);
                let own = ["rotateIndex", "ipIndex", "currentAddress"];
                assert_eq!(
                    own.map(|name| sane["details"][name].as_str()),
                    ["0", "0", ""].map(Some)
                );
                assert!(message.ends_with("getCurrentAddress()\" is null"), "{message}");
            }
            started => assert!(blocks == MIXED && started == (None, None), "{started:?}"),
        }
    }
}

#[test]
fn nano_strategies_start_with_a_64_or_more() {
    for (blocks, size) in BLOCKS {
        let large = size.len() >= "18446744073709551616".len();
        for (strategy, class) in [
            ("NanoSwitch", "NanoIpRoutePlanner"),
            ("RotatingNanoSwitch", "RotatingNanoIpRoutePlanner"),
        ] {
            let Some(status) = start(strategy, blocks, false) else {
                assert!(!large, "{strategy} {blocks:?}");
                continue;
            };
            assert!(large, "{strategy} {blocks:?}");
            let mut recorded = json!({
                "class": class,
                "details": {
                    "ipBlock": {"type": "Inet6Address", "size": size}, "failingAddresses": [],
                },
            });
            if strategy == "RotatingNanoSwitch" {
                recorded["details"]["blockIndex"] = "0".into();
            }
            recorded["details"]["currentAddressIndex"] = "0".into();
            assert_eq!(status.unwrap().to_string(), recorded.to_string());
        }
    }
    // Recordings 2_RotatingNanoSwitch_two65 and 2_NanoSwitch_fd00__-1.
    let two_65 = ["fd00:1234:0:1::/65", "fd00:1234:0:2::/65"];
    assert!(start("RotatingNanoSwitch", &two_65, false).is_some());
    let half = start("NanoSwitch", &["fd00::/1"], false).unwrap().unwrap();
    assert_eq!(half["details"]["ipBlock"]["size"], "170141183460469231731687303715884105728");
}

#[test]
fn the_real_server_does_not_work_with_these() {
    for (strategy, blocks) in [
        ("RotateOnBan", &["127.0.0.0/25"][..]),
        ("RotateOnBan", &["127.0.0.0/26", "127.0.0.64/26"]),
        ("NanoSwitch", &["fd00:1234::/48"]),
        ("NanoSwitch", &["fd00:1234::/63"]),
    ] {
        let config = RateLimit::new(blocks, &[""; 0], StrategyName::read(strategy).unwrap());
        let pick =
            |quirks| Planner::new(config.as_ref().unwrap(), 1, quirks, NOW).unwrap().pick(NOW);
        assert!(pick(true).is_err() && pick(false).is_ok(), "{strategy} {blocks:?}");
    }
}

/// Recordings 3A_rotateonban_24 and 3B_rotateonban_hostbits.
#[test]
fn rotate_on_ban_steps_by_10_to_19() {
    for quirks in [false, true] {
        let config = RateLimit::new(&["127.0.0.0/24"], &[""; 0], StrategyName::RotateOnBan);
        let mut planner = Planner::new(&config.unwrap(), 5, quirks, NOW).unwrap();
        let mut at = -1_i32;
        for rotations in 0..9 {
            let address = planner.pick(NOW).unwrap();
            assert_eq!(planner.pick(NOW), Ok(address));
            let last =
                i32::from(address.to_string().rsplit('.').next().unwrap().parse::<u8>().unwrap());
            assert!((10..20).contains(&(last - at)), "{at} {last}");
            at = last;
            let details = planner.status(NOW).unwrap()["details"].take();
            let own =
                ["rotateIndex", "ipIndex", "currentAddress"].map(|name| details[name].clone());
            let expected =
                [rotations.to_string(), (last + 1).to_string(), format!("/127.0.0.{last}")];
            assert_eq!(own, expected.map(Value::from));
            planner.mark(address, NOW);
            planner.mark(address, NOW);
        }
    }
}

/// Recording 3E_RotatingNanoSwitch_two64: the blocks take turns.
#[test]
fn rotating_nano_goes_from_block_to_block_and_around() {
    let config = RateLimit::new(TWO_64, &[""; 0], StrategyName::RotatingNanoSwitch).unwrap();
    let mut planner = Planner::new(&config, 1, false, NOW).unwrap();
    for (turn, block) in ["1:", "2:", "1:", "2:"].into_iter().enumerate() {
        let now = NOW + Duration::from_millis(turn as u64);
        let (first, second) = (planner.pick(now).unwrap(), planner.pick(now).unwrap());
        for address in [first, second] {
            assert!(address.to_string().starts_with(&format!("fd00:1234:0:{block}")), "{address}");
        }
        assert!(second > first);
        planner.mark(second, now);
        // A failure of an address of an earlier block changes nothing.
        let index = planner.status(now).unwrap()["details"]["blockIndex"].take();
        assert_eq!(index, (turn % 2 + 1).to_string());
    }
}

/// Recording 3E_NanoSwitch_64: new, rising addresses.
#[test]
fn nano_counts_nanoseconds_and_rises_without_them() {
    let config = RateLimit::new(&["fd00:1234::/64"], &["fd00:1234::1"], StrategyName::NanoSwitch);
    let mut planner = Planner::new(&config.unwrap(), 1, false, NOW).unwrap();
    let mut picks = Vec::new();
    for _ in 0..3 {
        picks.push(planner.pick(NOW).unwrap().to_string());
    }
    picks.push(planner.pick(NOW + Duration::from_nanos(0x68b3_c0d5)).unwrap().to_string());
    assert_eq!(picks, ["fd00:1234::", "fd00:1234::2", "fd00:1234::3", "fd00:1234::68b3:c0d5"]);
}
