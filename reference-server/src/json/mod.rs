//! JSON as the real server reads it.
//!
//! Lavalink decodes bodies with kotlinx.serialization, which is strict about structure (quoted
//! keys, no trailing comma, nothing after the value) and lenient about scalars: a number or a
//! boolean may stand in quotes, and an unquoted word is handed to Java's number parsers as it
//! is, so that `01`, `+1` or `1f` pass where a float is wanted. Hence scalars stay texts here
//! until somebody asks for a type.

mod kept;
mod number;
mod reader;

use std::collections::HashSet;

use number::{java_number, parse_java_float, parse_long};
use reader::Reader;

/// A decoded body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// An unquoted word: `null`, `true`, `1`, `1f`…
    Word(String),
    /// A quoted text.
    Text(String),
    /// `[…]`.
    List(Vec<Json>),
    /// `{…}`. Of equal keys the last one counts, but each is decoded.
    Object(Vec<(String, Json)>),
    /// `{…}` in which commas are left out: as good as any where its keys are known, and undecodable
    /// where they are kept as they are (docs/observed/http.md#bodies).
    Loose(Vec<(String, Json)>),
    /// What is in brackets and is no JSON: fine where nobody looks at it, and undecodable elsewhere.
    Odd,
}

/// The body does not decode. The real server never says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Bad Request")]
pub(crate) struct Undecodable;

type Decoded<T> = Result<T, Undecodable>;

impl Json {
    /// Reads a whole body.
    pub(crate) fn read(text: &str) -> Decoded<Self> {
        Reader::new(text).whole()
    }

    /// The value of a key; `None` when it is absent.
    pub(crate) fn get(&self, key: &str) -> Decoded<Option<&Json>> {
        Ok(self.entries()?.iter().rfind(|(known, _)| known == key).map(|(_, value)| value))
    }

    /// The decoded value of a key; `None` when it is absent. Where it stands more than once each of
    /// them has to decode.
    pub(crate) fn field<T>(
        &self,
        key: &str,
        decode: fn(&Json) -> Decoded<T>,
    ) -> Decoded<Option<T>> {
        let values =
            self.entries()?.iter().filter(|(known, _)| known == key).map(|(_, value)| value);
        values.map(decode).try_fold(None, |_, value| value.map(Some))
    }

    /// The decoded value of a key that must be there.
    pub(crate) fn required<T>(&self, key: &str, decode: fn(&Json) -> Decoded<T>) -> Decoded<T> {
        self.field(key, decode)?.ok_or(Undecodable)
    }

    /// The keys of an object, each once.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let entries = self.entries().unwrap_or_default();
        let mut known = HashSet::new();
        entries.iter().map(|(key, _)| key.as_str()).filter(move |key| known.insert(*key))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Word(word) if word == "null")
    }

    /// An object whose keys are known.
    pub(crate) fn object(&self) -> Decoded<&Self> {
        self.entries().map(|_| self)
    }

    /// An object with any keys.
    pub(crate) fn map(&self) -> Decoded<&Self> {
        if matches!(self, Self::Object(_)) { Ok(self) } else { Err(Undecodable) }
    }

    fn entries(&self) -> Decoded<&[(String, Self)]> {
        match self {
            Self::Object(entries) | Self::Loose(entries) => Ok(entries),
            _ => Err(Undecodable),
        }
    }

    pub(crate) fn list(&self) -> Decoded<&[Self]> {
        if let Self::List(items) = self { Ok(items) } else { Err(Undecodable) }
    }

    pub(crate) fn text(&self) -> Decoded<String> {
        if let Self::Text(text) = self { Ok(text.clone()) } else { Err(Undecodable) }
    }

    /// A text or null.
    pub(crate) fn text_or_null(&self) -> Decoded<Option<String>> {
        if self.is_null() { Ok(None) } else { self.text().map(Some) }
    }

    /// `true` and `false` in any case, quoted or not.
    pub(crate) fn boolean(&self) -> Decoded<bool> {
        match self.scalar()? {
            scalar if scalar.eq_ignore_ascii_case("true") => Ok(true),
            scalar if scalar.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(Undecodable),
        }
    }

    /// A 64-bit integer: digits with an optional minus and an optional exponent that leaves it
    /// whole.
    pub(crate) fn long(&self) -> Decoded<i64> {
        parse_long(self.scalar()?).ok_or(Undecodable)
    }

    /// A 64-bit integer or null.
    pub(crate) fn long_or_null(&self) -> Decoded<Option<i64>> {
        if self.is_null() { Ok(None) } else { self.long().map(Some) }
    }

    pub(crate) fn int(&self) -> Decoded<i32> {
        i32::try_from(self.long()?).map_err(|_| Undecodable)
    }

    /// A finite 32-bit float in Java's notation.
    pub(crate) fn float(&self) -> Decoded<f32> {
        let value = parse_java_float(self.scalar()?).ok_or(Undecodable)?;
        // Rounded once, from the decimal text, where Rust can read it.
        let single = java_number(self.scalar()?).parse::<f32>().unwrap_or(value as f32);
        if single.is_finite() { Ok(single) } else { Err(Undecodable) }
    }

    /// A finite 64-bit float in Java's notation.
    pub(crate) fn double(&self) -> Decoded<f64> {
        parse_java_float(self.scalar()?).filter(|v| v.is_finite()).ok_or(Undecodable)
    }

    fn scalar(&self) -> Decoded<&str> {
        match self {
            Self::Word(text) | Self::Text(text) => Ok(text),
            Self::List(_) | Self::Object(_) | Self::Loose(_) | Self::Odd => Err(Undecodable),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(text: &str) -> Json {
        Json::Word(text.to_owned())
    }

    #[test]
    fn an_object_may_have_as_many_keys_as_fit_into_a_body() {
        let fields: Vec<_> = (0..300_000).map(|key| format!("\"{key}\":{key}")).collect();
        let text = format!("{{{},\"7\":8}}", fields.join(","));
        // If each key were compared with all before it, this would take hours.
        let json = Json::read(&text).unwrap();
        assert_eq!(json.required("7", Json::long), Ok(8));
    }

    #[test]
    fn structure_is_strict() {
        for bad in [
            "",
            " ",
            "{",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "{\"a\" 1}",
            "1 2",
            "{} x",
            "// c\n{}",
            "{/*c*/\"a\":1}",
            "{\"a\":1 /*c*/}",
            "\"open",
            "\"\\x\"",
            "[1 2]",
            "{\"a\":}",
        ] {
            assert_eq!(Json::read(bad), Err(Undecodable), "{bad}");
        }
        assert!(Json::read(&"[".repeat(100_000)).is_err());
        let json = Json::read(r#" {"a":1,"b":["x",null],"a":2} "#).unwrap();
        assert_eq!(json.required("a", Json::long), Ok(2));
    }

    #[test]
    fn what_nobody_asks_for_is_passed_over() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for odd in ["{\"a\"}", "[1,]", "{a: 1, 'b'}", "[\"]\" : {}]", "{\"a\":}", "[[,,]x]", &deep]
        {
            let json = Json::read(&format!("{{\"x\":{odd},\"a\":1}}")).unwrap();
            assert_eq!(json.required("a", Json::long), Ok(1), "{odd}");
            assert_eq!(json.required("x", Json::to_value), Err(Undecodable), "{odd}");
        }
        for broken in ["{\"a\"]", "[\"]", "[}", "[", "", "1 2", "\"\\x\"", "[\"\\x\"]"] {
            assert!(
                !matches!(Json::read(&format!("{{\"x\":{broken},\"a\":1}}")), Ok(Json::Object(_))),
                "{broken}"
            );
        }
    }

    #[test]
    fn commas_between_known_keys_may_be_left_out() {
        let json = Json::read(r#"{"a":1"b":{"c":2 "d":"x""e":[]},"f":3}"#).unwrap();
        assert_eq!(json.required("f", Json::long), Ok(3));
        let inner = json.get("b").unwrap().unwrap();
        assert_eq!(inner.object().unwrap().required("c", Json::long), Ok(2));
        assert_eq!(inner.keys().collect::<Vec<_>>(), ["c", "d", "e"]);
        assert_eq!((inner.map(), inner.to_value()), (Err(Undecodable), Err(Undecodable)));
        for bad in [r#"{"a":1 b:2}"#, r#"{"a":1"b":2,}"#, r#"{"a":1,,"b":2}"#, "{\"a\":[1\"x\"]}"] {
            let json = Json::read(bad);
            let read = json.and_then(|json| json.required("a", Json::to_value));
            assert_eq!(read, Err(Undecodable), "{bad}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_decoded_twice() {
        let json = Json::read(r#"{"a":"x","b":1,"a":2}"#).unwrap();
        assert_eq!(json.field("a", Json::long), Err(Undecodable));
        assert_eq!(json.get("a").unwrap().unwrap().long(), Ok(2));
        assert_eq!(json.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(json.to_value().unwrap().to_string(), r#"{"a":2,"b":1}"#);
    }

    #[test]
    fn integers_follow_the_numeric_literal() {
        for (text, value) in [
            ("1", 1),
            ("01", 1),
            ("1e0", 1),
            ("1e1", 10),
            ("10e-1", 1),
            ("-0", 0),
            ("1e", 1),
            ("1e-+1", 10),
            ("-e1", 0),
            ("-9223372036854775808", i64::MIN),
            // Its steps overflow without a change of sign.
            ("18446744073709551617", 1),
        ] {
            assert_eq!(word(text).long(), Ok(value), "{text}");
            assert_eq!(Json::Text(text.into()).long(), Ok(value), "\"{text}\"");
        }
        for bad in [
            "1.0",
            "1.5",
            "+1",
            "true",
            "null",
            "",
            "-",
            "15e-1",
            " 1",
            "1e400",
            "e1",
            "--1",
            "1-",
            "1e1.0",
            "1e5e",
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
        ] {
            assert_eq!(word(bad).long(), Err(Undecodable), "{bad}");
        }
        assert_eq!(word("2147483648").int(), Err(Undecodable));
        assert_eq!(word("9223372036854775807").long(), Ok(i64::MAX));
    }

    #[test]
    fn floats_follow_java() {
        for (text, value) in [
            ("1.5", 1.5),
            (" 2 ", 2.0),
            ("+1", 1.0),
            ("1f", 1.0),
            ("1d", 1.0),
            ("01", 1.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("0x1p1", 2.0),
            ("1e-50", 0.0),
        ] {
            assert_eq!(Json::Text(text.into()).float(), Ok(value), "{text}");
        }
        for bad in
            ["0x10", "1_0", "1e", "", "NaN", "Infinity", "inf", "nan", "1e39", "true", "null"]
        {
            assert_eq!(Json::Text(bad.into()).float(), Err(Undecodable), "{bad}");
        }
        assert_eq!(word("1e39").double(), Ok(1e39));
        assert_eq!(word("1e400").double(), Err(Undecodable));
        assert_eq!(word("0.1").float(), Ok(0.1f32));
    }

    #[test]
    fn booleans_may_be_quoted_and_of_any_case() {
        assert_eq!(word("True").boolean(), Ok(true));
        assert_eq!(Json::Text("false".into()).boolean(), Ok(false));
        for bad in ["1", "yes", "null", ""] {
            assert_eq!(word(bad).boolean(), Err(Undecodable), "{bad}");
        }
    }

    #[test]
    fn surrogates_are_joined() {
        assert_eq!(Json::read(r#""\ud83d\ude00 \ud83d""#).unwrap().text().unwrap(), "😀 ?");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = Json::read(&text);
        }
    }
}
