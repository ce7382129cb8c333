//! The status object, as Lavalink 4.2.2 writes it.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::address::java_text;
use super::block::Blocks;

/// The real server has no status yet, as it has picked no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "java.lang.NullPointerException: Cannot invoke \"java.net.InetAddress.toString()\" because \
     the return value of \"com.sedmelluq.lava.extensions.youtuberotator.planner.\
     RotatingIpRoutePlanner.getCurrentAddress()\" is null"
)]
pub struct NoAddressYet;

/// `{class, details}`. Everything but `failingTimestamp` is a text
/// (docs/observed/routeplanner.md#status).
pub(super) fn status(
    class: &str,
    blocks: &Blocks,
    failing: &[(u64, IpAddr)],
    own: Vec<(&'static str, Value)>,
) -> Result<Value, NoAddressYet> {
    let size = blocks.size();
    let mut details = Map::new();
    details.insert("ipBlock".into(), json!({"type": blocks.family().class(), "size": size}));
    let failing = failing.iter().map(|(since, address)| entry(*since, *address)).collect();
    details.insert("failingAddresses".into(), failing);
    details.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Ok(json!({"class": class, "details": details}))
}

/// A failing address.
fn entry(since_ms: u64, address: IpAddr) -> Value {
    json!({
        "failingAddress": java_text(address),
        "failingTimestamp": since_ms,
        "failingTime": java_date(since_ms),
    })
}

/// `Date.toString()` in UTC: `Mon Nov 23 05:00:05 UTC 2026`.
fn java_date(since_epoch_ms: u64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let seconds = since_epoch_ms / 1000;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let weekday = DAYS[(days % 7) as usize];
    let month = MONTHS[(month as usize).saturating_sub(1) % 12];
    format!("{weekday} {month} {day:02} {hour:02}:{minute:02}:{second:02} UTC {year}")
}

/// Year, month and day of the Gregorian calendar, from the days since the epoch.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    // 400 years have 146 097 days.
    let mut year = 1970 + days / 146_097 * 400;
    days %= 146_097;
    loop {
        let length = if leap(year) { 366 } else { 365 };
        if days < length {
            break;
        }
        days -= length;
        year += 1;
    }
    let february = if leap(year) { 29 } else { 28 };
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_java_writes_them() {
        for (ms, text) in [
            (0, "Thu Jan 01 00:00:00 UTC 1970"),
            (1_795_410_005_086, "Mon Nov 23 05:00:05 UTC 2026"),
            (951_782_400_000, "Tue Feb 29 00:00:00 UTC 2000"),
            (951_868_799_999, "Tue Feb 29 23:59:59 UTC 2000"),
            (4_107_542_400_000, "Mon Mar 01 00:00:00 UTC 2100"),
            (1_735_689_599_000, "Tue Dec 31 23:59:59 UTC 2024"),
            (16_725_225_600_000, "Fri Jan 01 00:00:00 UTC 2500"),
        ] {
            assert_eq!(java_date(ms), text);
        }
    }

    #[test]
    fn a_failing_address_as_recorded() {
        let entry = entry(1_795_410_005_086, "127.0.0.18".parse().unwrap());
        assert_eq!(
            entry.to_string(),
            r#"{"failingAddress":"/127.0.0.18","failingTimestamp":1795410005086,"failingTime":"Mon Nov 23 05:00:05 UTC 2026"}"#
        );
    }
}
