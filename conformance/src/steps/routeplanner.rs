//! What the route planner says of itself.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;

use super::answers::{check_error, check_status};
use super::args::Args;
use super::bodies::compare;
use super::ground::{Ground, ROUTE_PLANNER};
use super::upstream::address;
use super::{Steps, steps};
use crate::failure::Failure;
use crate::json::Extent;
use crate::moment::Moment;
use crate::upstream::{Blocks, Reply};
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(ROUTE_PLANNER),
        r#"^the failing addresses are "([^"]+)"$"# => failing,
        r#"^the failing addresses are those that were answered 429$"# => failing_answered,
        r#"^there (?:are|is) (no|\d+)(?: to (\d+))? failing address(?:es)?$"# => failing_count,
        r#"^the answer's ipIndex is the place of its currentAddress in "([^"]+)", counted from 1$"# => index_of_address,
        r#"^each failingTime is the text of its failingTimestamp$"# => times,
        r#"^the route planner has no address yet: 500 \(quirk\) or a status without one$"# => no_address_yet,
    );
}

async fn failing(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.text(0)?.split(',').map(|text| address(text.trim()));
    let expected = expected.collect::<Result<BTreeSet<_>, _>>()?;
    check_failing(world, expected).await
}

async fn failing_answered(world: &mut World, _: Args) -> Result<(), Failure> {
    let seen = world.upstream()?.seen().into_iter();
    let banned = seen.filter(|seen| seen.reply == Reply::Status(429)).map(|seen| seen.source);
    check_failing(world, banned.collect()).await
}

async fn check_failing(world: &mut World, expected: BTreeSet<IpAddr>) -> Result<(), Failure> {
    let listed: BTreeSet<_> = world.failing_addresses().await?.into_iter().collect();
    if listed == expected {
        return Ok(());
    }
    let missing = expected.difference(&listed).map(|address| format!("{address} is not listed"));
    let strange = listed.difference(&expected).map(|address| format!("{address} is listed"));
    let difference = missing.chain(strange).collect();
    Err(Failure { difference, ..Failure::assertion("the failing addresses are others") })
}

async fn failing_count(world: &mut World, args: Args) -> Result<(), Failure> {
    let least = if args.text(0)? == "no" { 0 } else { args.number(0)? };
    let most: usize = args.optional(1).map_or(Ok(least), |_| args.number(1))?;
    let listed = world.failing_addresses().await?;
    if (least..=most).contains(&listed.len()) {
        return Ok(());
    }
    let difference = vec![format!("listed: {listed:?}")];
    let what = format!("there are {} failing addresses", listed.len());
    Err(Failure { difference, ..Failure::assertion(what) })
}

async fn index_of_address(world: &mut World, args: Args) -> Result<(), Failure> {
    check_status(world, 200)?;
    let text = args.text(0)?;
    let blocks = Blocks::parse(text);
    let blocks = blocks.ok_or_else(|| Failure::harness(format!("no blocks: {text}")))?;
    let body = world.answer()?.json().unwrap_or_default();
    let details = &body["details"];
    let current = details["currentAddress"].as_str().unwrap_or_default();
    let place = current.trim_start_matches('/').parse().ok().and_then(|ip| blocks.place_of(ip));
    let index = details["ipIndex"].as_str().and_then(|index| index.parse::<u128>().ok());
    if index.is_some() && index == place.and_then(|place| place.checked_add(1)) {
        return Ok(());
    }
    let difference =
        vec![format!("currentAddress {current} is number {place:?} of {text}, ipIndex {index:?}")];
    Err(Failure { difference, ..Failure::assertion("ipIndex is not that of the address") })
}

/// In whatever time zone the target is.
async fn times(world: &mut World, _: Args) -> Result<(), Failure> {
    check_status(world, 200)?;
    let body = world.answer()?.json().unwrap_or_default();
    for entry in body["details"]["failingAddresses"].as_array().into_iter().flatten() {
        let text = entry["failingTime"].as_str().unwrap_or_default();
        let time = entry["failingTimestamp"].as_u64().unwrap_or_default();
        if !is_date(text, time / 1000) {
            let difference = vec![format!("{time} is not {text:?}")];
            let what = "a failingTime is not that of its failingTimestamp";
            return Err(Failure { difference, ..Failure::assertion(what) });
        }
    }
    Ok(())
}

/// Whether Java would write this second since the epoch so: `Mon Nov 23 05:00:05 CET 2026`.
fn is_date(text: &str, second: u64) -> bool {
    let parts: Vec<_> = text.split(' ').collect();
    let [weekday, month, day, time, zone, year] = parts.as_slice() else { return false };
    let shown = [*weekday, *month, *day, *time, *year];
    // Zones are whole quarters of an hour from 12 hours behind to 14 ahead.
    (-48_i64..=56).filter(|quarters| *quarters == 0 || !matches!(*zone, "UTC" | "GMT")).any(|q| {
        second.checked_add_signed(q * 15 * 60).is_some_and(|second| java_date(second) == shown)
    })
}

/// Weekday, month, day, time and year, as Java writes them.
fn java_date(second: u64) -> [String; 5] {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = Moment::of(UNIX_EPOCH + Duration::from_secs(second)).date();
    let weekday = usize::try_from(second / 86_400 % 7).map_or("", |day| DAYS[day]);
    let month = MONTHS[usize::from(date.month - 1) % MONTHS.len()];
    let (hour, minute, rest) = (second / 3600 % 24, second / 60 % 60, second % 60);
    [
        weekday.to_owned(),
        month.to_owned(),
        format!("{:02}", date.day),
        format!("{hour:02}:{minute:02}:{rest:02}"),
        date.year.to_string(),
    ]
}

/// The real server fails on its own null:
/// docs/observed/routeplanner.md#before-the-first-request.
async fn no_address_yet(world: &mut World, _: Args) -> Result<(), Failure> {
    let status = world.request("GET", "/v4/routeplanner/status", None).await?.status;
    if status == 500 {
        check_error(world, 500, &json!("#/(?s).*NullPointerException.*/"))?;
    } else {
        check_status(world, 200)?;
        let details = json!({
            "failingAddresses": [], "rotateIndex": "0", "ipIndex": "0", "currentAddress": "",
        });
        let without = json!({"class": "RotatingIpRoutePlanner", "details": details});
        compare(world, &without, Extent::Part)?;
    }
    world.note_quirk("the route planner's status before its first address is a 500", status == 500);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_any_time_zone() {
        for (text, second, expected) in [
            ("Mon Nov 23 05:00:05 UTC 2026", 1_795_410_005, true),
            ("Mon Nov 23 06:00:05 CET 2026", 1_795_410_005, true),
            ("Mon Nov 23 10:45:05 NPT 2026", 1_795_410_005, true),
            ("Sun Nov 22 21:00:05 PST 2026", 1_795_410_005, true),
            ("Tue Feb 29 23:59:59 UTC 2000", 951_868_799, true),
            ("Mon Nov 23 06:00:05 UTC 2026", 1_795_410_005, false),
            ("Mon Nov 23 06:07:05 CET 2026", 1_795_410_005, false),
            ("Tue Nov 23 06:00:05 CET 2026", 1_795_410_005, false),
            ("Mon Nov 23 05:00:05 2026", 1_795_410_005, false),
            ("Mon Nov 23 05:00:05 UTC 2027", 1_795_410_005, false),
        ] {
            assert_eq!(is_date(text, second), expected, "{text}");
        }
    }
}
