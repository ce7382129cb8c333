//! JSON as the real server reads it.
//!
//! Lavalink decodes bodies with kotlinx.serialization, which is strict about structure (quoted
//! keys, no trailing comma, nothing after the value) and lenient about scalars: a number or a
//! boolean may stand in quotes, and an unquoted word is handed to Java's number parsers as it
//! is, so that `01`, `+1` or `1f` pass where a float is wanted. Hence scalars stay texts here
//! until somebody asks for a type.

use std::str::Chars;

use serde_json::{Map, Number, Value};

/// How deep values may nest.
const MAX_DEPTH: usize = 200;

/// A decoded body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    /// An unquoted word: `null`, `true`, `1`, `1f`…
    Word(String),
    /// A quoted text.
    Text(String),
    /// `[…]`.
    List(Vec<Json>),
    /// `{…}`; of equal keys the last one is kept.
    Object(Vec<(String, Json)>),
}

/// The body does not decode. The real server never says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Bad Request")]
pub(crate) struct Undecodable;

type Decoded<T> = Result<T, Undecodable>;

impl Json {
    /// Reads a whole body.
    pub(crate) fn read(text: &str) -> Decoded<Self> {
        let mut reader = Reader { rest: text.chars() };
        let value = reader.value(0)?;
        reader.space();
        if reader.peek().is_some() { Err(Undecodable) } else { Ok(value) }
    }

    /// The value of a key; `None` when it is absent.
    pub(crate) fn get(&self, key: &str) -> Decoded<Option<&Json>> {
        match self {
            Self::Object(entries) => Ok(entries.iter().find(|(k, _)| k == key).map(|(_, v)| v)),
            _ => Err(Undecodable),
        }
    }

    /// The decoded value of a key; `None` when it is absent.
    pub(crate) fn field<T>(
        &self,
        key: &str,
        decode: fn(&Json) -> Decoded<T>,
    ) -> Decoded<Option<T>> {
        self.get(key)?.map(decode).transpose()
    }

    /// The decoded value of a key that must be there.
    pub(crate) fn required<T>(&self, key: &str, decode: fn(&Json) -> Decoded<T>) -> Decoded<T> {
        self.field(key, decode)?.ok_or(Undecodable)
    }

    /// The keys of an object.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let entries = if let Self::Object(entries) = self { entries.as_slice() } else { &[] };
        entries.iter().map(|(key, _)| key.as_str())
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Word(word) if word == "null")
    }

    pub(crate) fn object(&self) -> Decoded<&Self> {
        if matches!(self, Self::Object(_)) { Ok(self) } else { Err(Undecodable) }
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
        let scalar = self.scalar()?;
        match scalar {
            _ if scalar.eq_ignore_ascii_case("true") => Ok(true),
            _ if scalar.eq_ignore_ascii_case("false") => Ok(false),
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
            Self::List(_) | Self::Object(_) => Err(Undecodable),
        }
    }

    /// As plain JSON, to be kept and given back. A word that JSON does not know becomes the
    /// number it means, or is refused.
    pub(crate) fn to_value(&self) -> Decoded<Value> {
        Ok(match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::List(items) => {
                Value::Array(items.iter().map(Self::to_value).collect::<Decoded<_>>()?)
            }
            Self::Object(entries) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    map.insert(key.clone(), value.to_value()?);
                }
                Value::Object(map)
            }
            Self::Word(word) => match serde_json::from_str(word) {
                Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
                _ => parse_java_float(word)
                    .and_then(Number::from_f64)
                    .map(Value::Number)
                    .ok_or(Undecodable)?,
            },
        })
    }
}

struct Reader<'a> {
    rest: Chars<'a>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
            self.rest.next();
        }
    }

    /// Skips space and takes the next character if it is this one.
    fn take(&mut self, wanted: char) -> bool {
        self.space();
        let found = self.peek() == Some(wanted);
        if found {
            self.rest.next();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Decoded<Json> {
        if depth > MAX_DEPTH {
            return Err(Undecodable);
        }
        self.space();
        match self.peek().ok_or(Undecodable)? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' => self.quoted().map(Json::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Decoded<Json> {
        self.rest.next();
        let mut entries: Vec<(String, Json)> = Vec::new();
        if self.take('}') {
            return Ok(Json::Object(entries));
        }
        loop {
            self.space();
            if self.peek() != Some('"') {
                return Err(Undecodable);
            }
            let key = self.quoted()?;
            if !self.take(':') {
                return Err(Undecodable);
            }
            let value = self.value(depth + 1)?;
            match entries.iter_mut().find(|(k, _)| *k == key) {
                Some(entry) => entry.1 = value,
                None => entries.push((key, value)),
            }
            if self.take('}') {
                return Ok(Json::Object(entries));
            }
            if !self.take(',') {
                return Err(Undecodable);
            }
        }
    }

    fn list(&mut self, depth: usize) -> Decoded<Json> {
        self.rest.next();
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Json::List(items));
        }
        loop {
            self.space();
            if self.peek() == Some(']') {
                return Err(Undecodable);
            }
            items.push(self.value(depth + 1)?);
            if self.take(']') {
                return Ok(Json::List(items));
            }
            if !self.take(',') {
                return Err(Undecodable);
            }
        }
    }

    fn word(&mut self) -> Decoded<Json> {
        let mut word = String::new();
        while let Some(c) = self.peek() {
            if c.is_ascii_whitespace() || ",:{}[]\"".contains(c) {
                break;
            }
            word.push(c);
            self.rest.next();
        }
        if word.is_empty() { Err(Undecodable) } else { Ok(Json::Word(word)) }
    }

    fn quoted(&mut self) -> Decoded<String> {
        self.rest.next();
        let mut text = String::new();
        loop {
            match self.rest.next().ok_or(Undecodable)? {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                c => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Decoded<char> {
        Ok(match self.rest.next().ok_or(Undecodable)? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.code_point()?,
            _ => return Err(Undecodable),
        })
    }

    /// After `\u`: one unit, or a surrogate pair. A lone surrogate becomes U+FFFD.
    fn code_point(&mut self) -> Decoded<char> {
        let first = self.unit()?;
        if (0xD800..0xDC00).contains(&first) && self.rest.as_str().starts_with("\\u") {
            let before = self.rest.clone();
            self.rest.next();
            self.rest.next();
            let second = self.unit()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or('\u{FFFD}'));
            }
            self.rest = before;
        }
        Ok(char::from_u32(first).unwrap_or('\u{FFFD}'))
    }

    fn unit(&mut self) -> Decoded<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.rest.next().and_then(|c| c.to_digit(16)).ok_or(Undecodable)?;
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }
}

fn parse_long(text: &str) -> Option<i64> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let digits = mantissa.strip_prefix('-').unwrap_or(mantissa);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = mantissa.parse().ok()?;
    let Some(exponent) = exponent else { return Some(whole) };
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scaled = whole as f64 * 10f64.powi(exponent.parse::<i32>().ok()?.clamp(-400, 400));
    let fits = scaled.fract() == 0.0 && scaled.abs() < i64::MAX as f64;
    fits.then_some(scaled as i64)
}

/// `Float.parseFloat` and `Double.parseDouble`: surrounding space, a sign, a type suffix and
/// hexadecimal floats are fine.
fn parse_java_float(text: &str) -> Option<f64> {
    let number = java_number(text);
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    if let Some(hex) = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")) {
        let value = parse_hex_float(hex)?;
        return Some(if number.starts_with('-') { -value } else { value });
    }
    // Rust also reads "inf" and "nan", which are no numbers here.
    if unsigned.is_empty() || !unsigned.bytes().all(|b| b"0123456789.eE+-".contains(&b)) {
        return None;
    }
    number.parse().ok()
}

/// Without surrounding space and type suffix.
fn java_number(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c <= ' ');
    let hex = text.contains(['x', 'X']);
    match text.strip_suffix(['f', 'F', 'd', 'D']) {
        Some(number) if !hex || text.contains(['p', 'P']) => number,
        _ => text,
    }
}

fn parse_hex_float(hex: &str) -> Option<f64> {
    let (mantissa, exponent) = hex.split_once(['p', 'P'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for c in whole.chars() {
        value = value * 16.0 + f64::from(c.to_digit(16)?);
    }
    let mut weight = 1.0 / 16.0;
    for c in fraction.chars() {
        value += f64::from(c.to_digit(16)?) * weight;
        weight /= 16.0;
    }
    Some(value * 2f64.powi(exponent.clamp(-2000, 2000)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(text: &str) -> Json {
        Json::Word(text.to_owned())
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
    fn integers_follow_the_numeric_literal() {
        for (text, value) in [("1", 1), ("01", 1), ("1e0", 1), ("1e1", 10), ("10e-1", 1), ("-0", 0)]
        {
            assert_eq!(word(text).long(), Ok(value), "{text}");
            assert_eq!(Json::Text(text.into()).long(), Ok(value), "\"{text}\"");
        }
        for bad in ["1.0", "1.5", "+1", "true", "null", "", "-", "15e-1", "1e", " 1", "1e400"] {
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
        assert_eq!(Json::read(r#""\ud83d\ude00 \ud83d""#).unwrap().text().unwrap(), "😀 \u{FFFD}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,200}") {
            let _ = Json::read(&text);
        }

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
