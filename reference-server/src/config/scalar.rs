//! Scalars of YAML 1.1 as SnakeYAML reads them, and the text that Java makes of them.

use crate::java_double::java_double;

/// A value of a key, typed as SnakeYAML types it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing at all is the empty text.
    Text(String),
    Switch(bool),
    /// A whole number of any size, in decimal digits.
    Whole(String),
    Float(f64),
    /// `[]`
    EmptyList,
    /// `{}`
    EmptyMap,
}

impl Value {
    /// What a plain scalar means. YAML 1.1 has more numbers and switches than 1.2: `010` is eight,
    /// `1:30` is ninety, `yes` is true.
    pub(super) fn of_plain(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Text(String::new()),
            _ => (switch(text).map(Self::Switch))
                .or_else(|| whole(text).map(Self::Whole))
                .or_else(|| float(text).map(Self::Float))
                .unwrap_or_else(|| Self::Text(text.to_owned())),
        }
    }

    /// What a scalar with one of YAML's own tags means; nothing if its text does not fit.
    pub(super) fn of_tagged(tag: &str, text: &str) -> Option<Self> {
        match tag {
            "str" => Some(Self::Text(text.to_owned())),
            "null" => Some(Self::Text(String::new())),
            "int" => whole(text).map(Self::Whole),
            "float" => match whole(text) {
                Some(digits) => digits.parse().ok().map(Self::Float),
                None => float(text).map(Self::Float),
            },
            // What is neither is nothing.
            "bool" => Some(match switch(&text.to_lowercase()) {
                Some(on) => Self::Switch(on),
                None => Self::Text(String::new()),
            }),
            _ => None,
        }
    }

    /// The text Java makes of it; none of a mapping.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Whole(text) => Some(text.clone()),
            Self::Switch(on) => Some(on.to_string()),
            Self::Float(number) => Some(java_double(*number)),
            Self::EmptyList => Some(String::new()),
            Self::EmptyMap => None,
        }
    }
}

fn switch(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// The decimal digits of a whole number in one of its five notations.
fn whole(text: &str) -> Option<String> {
    let (sign, digits) = signed(text);
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let in_base = |digits: &str, base| {
        let fits = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
        fits.then(|| u128::from_str_radix(digits, base).ok()).flatten().map(|n| n.to_string())
    };
    let first = digits.chars().next()?;
    let magnitude = if let Some(binary) = plain.strip_prefix("0b") {
        in_base(binary, 2)?
    } else if let Some(hexadecimal) = plain.strip_prefix("0x") {
        in_base(hexadecimal, 16)?
    } else if first == '0' {
        in_base(&plain, 8)?
    } else if !first.is_ascii_digit() {
        return None;
    } else if plain.contains(':') {
        sexagesimal(&plain)?.to_string()
    } else {
        plain.bytes().all(|b| b.is_ascii_digit()).then_some(plain)?
    };
    let minus = if sign == "-" && magnitude != "0" { "-" } else { "" };
    Some(format!("{minus}{magnitude}"))
}

fn signed(text: &str) -> (&str, &str) {
    text.split_at(usize::from(text.starts_with(['+', '-'])))
}

/// Hours, minutes and seconds, or more of the kind: all but the first below 60.
fn sexagesimal(text: &str) -> Option<u128> {
    let mut parts = text.split(':');
    let mut sum: u128 = parts.next()?.parse().ok()?;
    for part in parts {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let part = digits.then(|| part.parse().ok()).flatten().filter(|part| *part < 60)?;
        sum = sum.checked_mul(60)?.checked_add(part)?;
    }
    Some(sum)
}

fn float(text: &str) -> Option<f64> {
    let (sign, magnitude) = signed(text);
    let factor = if sign == "-" { -1.0 } else { 1.0 };
    match magnitude {
        ".inf" | ".Inf" | ".INF" => return Some(factor * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" if sign.is_empty() => return Some(f64::NAN),
        _ => {}
    }
    if !magnitude.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let plain: String = magnitude.chars().filter(|c| *c != '_').collect();
    if let Some((before, last)) = plain.rsplit_once(':') {
        let fraction = last.find('.').map(|dot| &last[dot..])?;
        let whole = format!("{before}:{}", &last[..last.len() - fraction.len()]);
        let fraction = if fraction == "." { 0.0 } else { format!("0{fraction}").parse().ok()? };
        return Some(factor * (sexagesimal(&whole)? as f64 + fraction));
    }
    let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (plain.as_str(), None),
    };
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let right = all_digits(before)
        && all_digits(after)
        && !(before.is_empty() && after.is_empty())
        && (mantissa.contains('.') || exponent.is_some())
        && exponent.is_none_or(|e| !signed(e).1.is_empty() && all_digits(signed(e).1));
    right.then(|| plain.parse::<f64>().ok().map(|number| factor * number)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table of what a real server read is in tests/config.
    #[test]
    fn scalars_of_yaml_1_1_keep_or_change_their_text() {
        for (written, text) in [
            ("0123456789", "0123456789"),
            ("12345678901234567890123", "12345678901234567890123"),
            ("y", "y"),
            ("yes", "true"),
            ("010", "8"),
            ("08", "08"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("-0", "0"),
            ("12:30:45", "45045"),
            ("-1:30", "-90"),
            ("1:60", "1:60"),
            ("190:20:30.15", "685230.15"),
            ("1.10", "1.1"),
            ("1e3", "1000.0"),
            ("1e400", "Infinity"),
            ("0.0001", "1.0E-4"),
            ("123456789012.5", "1.234567890125E11"),
            ("1.2.3", "1.2.3"),
            ("+", "+"),
            (".", "."),
            ("1:", "1:"),
            ("0x", "0x"),
            ("5e", "5e"),
            ("~", ""),
        ] {
            assert_eq!(Value::of_plain(written).text().as_deref(), Some(text), "{written}");
        }
    }
}
