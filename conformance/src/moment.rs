//! When something was, for people and for reports.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use toml_edit::{Date, Datetime, Offset, Time};

/// Seconds of a day.
const DAY: u64 = 86_400;

/// A moment in UTC, to the second. Written as RFC 3339 has it: `2026-11-28T21:13:31Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    date: Date,
    /// Seconds since midnight.
    second: u32,
}

/// A text that is no moment.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no moment in UTC such as 2026-11-28T21:13:31Z")]
pub struct NoMoment(String);

impl Moment {
    /// The moment that it is.
    pub fn now() -> Self {
        Self::of(SystemTime::now())
    }

    /// Of a time of this machine; one before 1970 is the first of 1970.
    pub fn of(time: SystemTime) -> Self {
        let seconds = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let second = u32::try_from(seconds % DAY).unwrap_or_default();
        Self { date: date_of(seconds / DAY), second }
    }

    /// The day.
    pub fn date(self) -> Date {
        self.date
    }

    /// For people: the day, and the time to the minute.
    pub(crate) fn in_words(self) -> String {
        let minutes = self.second / 60;
        format!("{} {:02}:{:02} UTC", self.date, minutes / 60, minutes % 60)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, seconds) = (self.second / 60, self.second % 60);
        write!(f, "{}T{:02}:{:02}:{seconds:02}Z", self.date, minutes / 60, minutes % 60)
    }
}

impl FromStr for Moment {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Self, NoMoment> {
        let read = || {
            let Datetime { date, time, offset } = text.parse().ok()?;
            let Time { hour, minute, second, .. } = time?;
            let second = u32::from(second.unwrap_or_default());
            let second = u32::from(hour) * 3600 + u32::from(minute) * 60 + second;
            (offset == Some(Offset::Z)).then_some(Self { date: date?, second })
        };
        read().ok_or_else(|| NoMoment(text.to_owned()))
    }
}

impl TryFrom<String> for Moment {
    type Error = NoMoment;

    fn try_from(text: String) -> Result<Self, NoMoment> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

/// The date of a day, counted from 1970-01-01. It begins years in March, so that the day that
/// some years do not have is the last one.
fn date_of(days: u64) -> Date {
    let days = days + 719_468; // from 0000-03-01
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let small = |number: u64| u8::try_from(number).unwrap_or(u8::MAX);
    let year = u16::try_from(era * 400 + year + next).unwrap_or(u16::MAX);
    Date { year, month: small(month), day: small(day) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn days_have_dates() {
        let date = |year, month, day| Date { year, month, day };
        assert_eq!(date_of(0), date(1970, 1, 1));
        assert_eq!(date_of(59), date(1970, 3, 1));
        assert_eq!(date_of(11_016), date(2000, 2, 29));
        assert_eq!(date_of(20_818), date(2026, 12, 31));
        assert_eq!(date_of(20_819), date(2027, 1, 1));
        assert_eq!(date_of(47_540), date(2100, 2, 28));
        assert_eq!(date_of(47_541), date(2100, 3, 1));
        assert!(Moment::now().date() > date(2025, 1, 1));
    }

    #[test]
    fn a_moment_is_written_and_read_as_rfc_3339() {
        let moment = Moment::of(UNIX_EPOCH + Duration::from_secs(1_795_900_411));
        assert_eq!(moment.to_string(), "2026-11-28T21:13:31Z");
        assert_eq!(moment.in_words(), "2026-11-28 21:13 UTC");
        assert_eq!(moment.to_string().parse::<Moment>().unwrap(), moment);
        for wrong in
            ["", "2026-11-28", "21:13:31", "2026-11-28T21:13:31", "2026-11-28T21:13:31+01:00"]
        {
            let error = wrong.parse::<Moment>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("{wrong:?} is no moment")), "{error}");
        }
    }
}
