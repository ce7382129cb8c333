//! Values as Spring converts them for a key.

use super::scalar::Value;

/// A value that cannot be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unfit;

/// `true`, `on`, `yes` and `1` as texts, whatever their case, and their opposites. A number is
/// none. `None` if there is nothing.
pub(super) fn switch(value: &Value) -> Result<Option<bool>, Unfit> {
    match value {
        Value::Switch(on) => Ok(Some(*on)),
        Value::EmptyList => Ok(None),
        Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
            "" => Ok(None),
            "true" | "on" | "yes" | "1" => Ok(Some(true)),
            "false" | "off" | "no" | "0" => Ok(Some(false)),
            _ => Err(Unfit),
        },
        Value::Whole(_) | Value::Float(_) | Value::EmptyMap => Err(Unfit),
    }
}

/// A whole number. A number with a fraction loses it; a text must not have one, but may be
/// hexadecimal. `None` if there is nothing.
pub(super) fn whole(value: &Value) -> Result<Option<i64>, Unfit> {
    match value {
        Value::Whole(digits) => digits.parse().map(Some).map_err(|_| Unfit),
        Value::Float(number) if number.abs() < 9e18 => Ok(Some(number.trunc() as i64)),
        Value::EmptyList => Ok(None),
        Value::Text(text) => whole_of_text(text),
        Value::Float(_) | Value::Switch(_) | Value::EmptyMap => Err(Unfit),
    }
}

fn whole_of_text(text: &str) -> Result<Option<i64>, Unfit> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let (minus, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let hexadecimal = ["0x", "0X", "#"].iter().find_map(|prefix| rest.strip_prefix(prefix));
    let (digits, base) = match hexadecimal {
        Some(digits) => (digits, 16),
        None if minus.is_empty() => (rest.strip_prefix('+').unwrap_or(rest), 10),
        None => (rest, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Err(Unfit);
    }
    i64::from_str_radix(&format!("{minus}{digits}"), base).map(Some).map_err(|_| Unfit)
}

/// The items of a text with commas.
pub(super) fn items(text: &str) -> Vec<String> {
    match text.trim() {
        "" => Vec::new(),
        text => text.split(',').map(|item| item.trim().to_owned()).collect(),
    }
}

/// What a value is, where its text may be a secret.
pub(super) fn kind(value: &Value) -> String {
    match value {
        Value::Text(text) if !text.is_empty() => "a text".to_owned(),
        Value::Text(_) | Value::EmptyMap => "an empty section".to_owned(),
        Value::EmptyList => "a list".to_owned(),
        value => shown(value),
    }
}

/// A value as messages show it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) if text.is_empty() => "nothing".to_owned(),
        Value::Text(text) => format!("{text:?}"),
        Value::EmptyList => "[]".to_owned(),
        Value::EmptyMap => "{}".to_owned(),
        value => value.text().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_converted_differently() {
        let text = |text: &str| whole(&Value::Text(text.to_owned()));
        for (given, expected) in [
            ("2", Ok(Some(2))),
            (" +1 0 ", Ok(Some(10))),
            ("010", Ok(Some(10))),
            ("0x10", Ok(Some(16))),
            ("-#f", Ok(Some(-15))),
            ("", Ok(None)),
            ("2.5", Err(Unfit)),
            ("1_0", Err(Unfit)),
            ("--1", Err(Unfit)),
            ("-+1", Err(Unfit)),
        ] {
            assert_eq!(text(given), expected, "{given}");
        }
        assert_eq!(whole(&Value::Float(-2.9)), Ok(Some(-2)));
        assert_eq!(whole(&Value::Float(f64::INFINITY)), Err(Unfit));
        assert_eq!(switch(&Value::Whole("1".into())), Err(Unfit));
        assert_eq!(switch(&Value::Text(" ON ".into())), Ok(Some(true)));
    }
}
