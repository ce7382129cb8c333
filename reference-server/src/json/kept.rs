//! JSON that nobody looks into: kept as it is, and given back.

use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use super::number::parse_java_float;
use super::{Decoded, Json, Undecodable};

impl Json {
    /// As plain JSON, to be kept and given back. A word that JSON does not know becomes the
    /// number it means, or a text; a number beyond all measure is refused.
    pub(crate) fn to_value(&self) -> Decoded<Value> {
        Ok(match self {
            Self::Odd | Self::Loose(_) => return Err(Undecodable),
            Self::Text(text) => Value::String(text.clone()),
            Self::List(items) => {
                Value::Array(items.iter().map(Self::to_value).collect::<Decoded<_>>()?)
            }
            Self::Object(entries) => {
                let mut last = IndexMap::new();
                for (key, value) in entries {
                    // What is kept is looked at when it is kept.
                    if let Some(before) = last.insert(key, value) {
                        before.is_read()?;
                    }
                }
                let kept =
                    last.into_iter().map(|(key, value)| Ok((key.clone(), value.to_value()?)));
                Value::Object(kept.collect::<Decoded<Map<_, _>>>()?)
            }
            Self::Word(word) => kept(word)?,
        })
    }

    /// Whether all of it is JSON, as what another value of the same key takes the place of has to be;
    /// it may be a number beyond all measure.
    fn is_read(&self) -> Decoded<()> {
        match self {
            Self::Odd | Self::Loose(_) => Err(Undecodable),
            Self::Word(_) | Self::Text(_) => Ok(()),
            Self::List(items) => items.iter().try_for_each(Self::is_read),
            Self::Object(entries) => entries.iter().try_for_each(|(_, value)| value.is_read()),
        }
    }
}

/// A word as it is given back: whole numbers of 64 bits, with a sign or without, and other numbers
/// as Java reads them. The real server fails to write a number that is not finite.
fn kept(word: &str) -> Decoded<Value> {
    match word {
        "null" => return Ok(Value::Null),
        "true" | "false" => return Ok(Value::Bool(word == "true")),
        "NaN" | "+NaN" | "-NaN" | "Infinity" | "+Infinity" | "-Infinity" => {
            return Err(Undecodable);
        }
        _ => {}
    }
    let whole = word.parse::<i64>().map(Number::from);
    if let Ok(whole) = whole.or_else(|_| word.parse::<u64>().map(Number::from)) {
        return Ok(Value::Number(whole));
    }
    match parse_java_float(word) {
        Some(number) => Number::from_f64(number).map(Value::Number).ok_or(Undecodable),
        None => Ok(Value::String(word.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_kept_as_what_they_mean() {
        for (text, value) in [
            ("null", "null"),
            ("true", "true"),
            ("True", "\"True\""),
            ("1", "1"),
            ("01", "1"),
            ("+1", "1"),
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("9223372036854775808", "9223372036854775808"),
            (".5", "0.5"),
            ("1f", "1.0"),
            ("1e-400", "0.0"),
            ("1L", "\"1L\""),
            ("0x10", "\"0x10\""),
            ("1_000", "\"1_000\""),
            ("a.b", "\"a.b\""),
        ] {
            assert_eq!(
                Json::Word(text.to_owned()).to_value().map(|it| it.to_string()).as_deref(),
                Ok(value),
                "{text}"
            );
        }
        for bad in ["NaN", "-NaN", "-Infinity", "1e400"] {
            assert_eq!(Json::Word(bad.to_owned()).to_value(), Err(Undecodable), "{bad}");
        }
    }

    #[test]
    fn of_a_key_that_stands_twice_only_the_last_value_is_kept() {
        let read = |text| Json::read(text).and_then(|json| json.to_value());
        let kept = read(r#"{"a":NaN,"b":[1],"a":1}"#).unwrap();
        assert_eq!(kept.to_string(), r#"{"a":1,"b":[1]}"#);
        for bad in [r#"{"a":1,"a":NaN}"#, r#"{"a":[,],"a":1}"#, r#"{"a":{"b":1"c":2},"a":1}"#] {
            assert_eq!(read(bad), Err(Undecodable), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read_back(keys in prop::collection::vec("[a-z\"\\\\\u{e9}😀]{1,6}", 0..6), number: i64, text in ".{0,20}") {
            let mut map = Map::new();
            for key in keys {
                map.insert(key, serde_json::json!([number, text, null, true, {"x": 1.5}]));
            }
            let value = Value::Object(map);
            prop_assert_eq!(Json::read(&value.to_string()).unwrap().to_value().unwrap(), value);
        }
    }
}
