//! `--start-time`: a moment of RFC 3339, or milliseconds since the epoch.

/// Milliseconds since the epoch.
pub(super) fn read(text: &str) -> Result<u64, String> {
    let wrong = || {
        format!(
            "{text:?} is no time from 1970 on; give one such as 2025-01-01T00:00:00Z, or milliseconds since 1970"
        )
    };
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map_err(|_| wrong());
    }
    moment(text).ok_or_else(wrong)
}

fn moment(text: &str) -> Option<u64> {
    let (date, time) = text.split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers::<3>(date, '-')?;
    let (time, offset_minutes) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => {
            let at = time.rfind(['+', '-'])?;
            let [hours, minutes] = numbers::<2>(&time[at + 1..], ':')?;
            let sign = if time[at..].starts_with('-') { -1 } else { 1 };
            (&time[..at], sign * (hours * 60 + minutes))
        }
    };
    let (time, ms) = match time.split_once('.') {
        Some((time, fraction)) => (time, milliseconds(fraction)?),
        None => (time, 0),
    };
    let [hour, minute, second] = numbers::<3>(time, ':')?;
    let known = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !known {
        return None;
    }
    let years = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 });
    let months = (1..month).map(|month| days_of(year, month));
    let days = years.chain(months).sum::<i64>() + day - 1;
    let minutes = (days * 24 + hour) * 60 + minute - offset_minutes;
    u64::try_from((minutes * 60 + second) * 1000 + ms).ok()
}

/// Numbers of digits only, as many as there have to be.
fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let number = |part: &str| {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| digits)
    };
    text.split(separator).map(number).collect::<Option<Vec<i64>>>()?.try_into().ok()
}

fn milliseconds(fraction: &str) -> Option<i64> {
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let padded = format!("{fraction:0<3}");
    padded.get(..3).filter(|_| digits)?.parse().ok()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && year % 100 != 0 || year % 400 == 0
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn moments_and_milliseconds_are_read() {
        for (text, ms) in [
            ("0", 0),
            ("1970-01-01T00:00:00Z", 0),
            ("2025-01-01T00:00:00Z", 1_735_689_600_000),
            ("2024-02-29t12:30:15.5z", 1_709_209_815_500),
            ("2025-01-01T01:00:00+01:00", 1_735_689_600_000),
            ("2024-12-31 23:30:00-00:30", 1_735_689_600_000),
        ] {
            assert_eq!(read(text), Ok(ms), "{text}");
        }
        for wrong in [
            "",
            "today",
            "2025-01-01",
            "2025-02-29T00:00:00Z",
            "2025-13-01T00:00:00Z",
            "2025-01-01T24:00:00Z",
            "2025-01-01T00:00:00",
            "1969-12-31T23:59:59Z",
            "2025-01-01T00:00:00.Z",
            "-1",
            "99999999999999999999",
        ] {
            assert!(read(wrong).unwrap_err().contains("2025-01-01T00:00:00Z"), "{wrong}");
        }
    }
}
