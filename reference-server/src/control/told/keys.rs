//! Bodies of the control API, read strictly: what is wrong is named, and so is what was meant.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::nearest::nearest;

/// What is wrong with a body, and where.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Wrong {
    /// Dotted, such as `match.method`; empty for the whole body.
    pub(crate) key: String,
    message: String,
    pub(crate) nearest: Option<String>,
    /// What there is in that place.
    pub(crate) known: Vec<&'static str>,
}

/// An object that has no other keys than it may have. Null counts as absent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Object<'a> {
    place: Place<'a>,
    map: &'a Map<String, Value>,
}

/// Where in a body something is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'a> {
    Body,
    Key(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

type Read<T> = Result<T, Wrong>;

impl Wrong {
    fn at(place: &Place<'_>, message: String) -> Self {
        let key = place.to_string();
        let message = if key.is_empty() { message } else { format!("{key}: {message}") };
        Self { key, message, nearest: None, known: Vec::new() }
    }

    /// A parameter of a query that does not exist.
    pub(crate) fn parameter(given: &str, known: &[&'static str]) -> Self {
        Self::unknown(&Place::Body, "parameter", given, known)
    }

    /// A word or a key that does not exist.
    fn unknown(place: &Place<'_>, what: &str, given: &str, known: &[&'static str]) -> Self {
        let nearest = nearest(given, known.iter().copied());
        let hint = match nearest {
            Some(nearest) => format!("; did you mean {nearest}?"),
            None => String::new(),
        };
        let message = format!("unknown {what} {given:?}{hint} There is: {}", known.join(", "));
        let message =
            if hint.is_empty() { message.replacen(" There", ". There", 1) } else { message };
        let nearest = nearest.map(str::to_owned);
        Self { nearest, known: known.to_vec(), ..Self::at(place, message) }
    }
}

impl<'a> Object<'a> {
    /// Reads a value that has to be an object with these keys only.
    pub(crate) fn read(value: &'a Value, place: Place<'a>, known: &[&'static str]) -> Read<Self> {
        let Value::Object(map) = value else {
            let message = format!("send an object with {}, not {}", known.join(", "), shown(value));
            return Err(Wrong { known: known.to_vec(), ..Wrong::at(&place, message) });
        };
        let object = Self { place, map };
        match object.map.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(object),
            Some(key) => {
                let place = Place::Key(&object.place, key);
                Err(Wrong::unknown(&place, "key", key, known))
            }
        }
    }

    /// Reads a value that has to be an object, with any keys.
    pub(crate) fn open(value: &'a Value, place: Place<'a>) -> Read<Self> {
        match value {
            Value::Object(map) => Ok(Self { place, map }),
            other => Err(Wrong::at(&place, format!("send an object, not {}", shown(other)))),
        }
    }

    pub(crate) fn place(&self) -> &Place<'a> {
        &self.place
    }

    pub(crate) fn map(&self) -> &'a Map<String, Value> {
        self.map
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// Anything but null.
    pub(crate) fn value(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key).filter(|value| !value.is_null())
    }

    fn get<T>(
        &self,
        key: &str,
        wanted: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Read<Option<T>> {
        let Some(value) = self.value(key) else { return Ok(None) };
        match read(value) {
            Some(read) => Ok(Some(read)),
            None => Err(self.wrong(key, format!("send {wanted}, not {}", shown(value)))),
        }
    }

    /// A refusal of what a key has.
    pub(crate) fn wrong(&self, key: &str, message: impl Into<String>) -> Wrong {
        Wrong::at(&Place::Key(&self.place, key), message.into())
    }

    /// A refusal of the whole object.
    pub(crate) fn refused(&self, message: impl Into<String>) -> Wrong {
        Wrong::at(&self.place, message.into())
    }

    /// What has to be there.
    pub(crate) fn required<T>(&self, key: &str, read: Read<Option<T>>) -> Read<T> {
        read?.ok_or_else(|| self.wrong(key, "is missing"))
    }

    pub(crate) fn text(&self, key: &str) -> Read<Option<&'a str>> {
        self.get(key, "a text", Value::as_str)
    }

    pub(crate) fn boolean(&self, key: &str) -> Read<Option<bool>> {
        self.get(key, "true or false", Value::as_bool)
    }

    /// A whole number.
    pub(crate) fn integer(&self, key: &str, range: RangeInclusive<i64>) -> Read<Option<i64>> {
        let wanted = match range.end() {
            &i64::MAX => format!("a whole number from {} on", range.start()),
            end => format!("a whole number from {} to {end}", range.start()),
        };
        self.get(key, &wanted, |value| value.as_i64().filter(|number| range.contains(number)))
    }

    pub(crate) fn number(&self, key: &str, range: RangeInclusive<f64>) -> Read<Option<f64>> {
        let wanted = format!("a number from {} to {}", range.start(), range.end());
        self.get(key, &wanted, |value| value.as_f64().filter(|number| range.contains(number)))
    }

    /// One of these words.
    pub(crate) fn word(&self, key: &str, words: &[&'static str]) -> Read<Option<&'static str>> {
        self.text(key)?.map(|given| self.known_word(key, given, words)).transpose()
    }

    /// The one of these words that was given for a key, or in a list for it.
    pub(crate) fn known_word(
        &self,
        key: &str,
        given: &str,
        words: &[&'static str],
    ) -> Read<&'static str> {
        let known = words.iter().find(|word| **word == given).copied();
        known.ok_or_else(|| Wrong::unknown(&Place::Key(&self.place, key), "word", given, words))
    }

    /// Any text but a misspelling of one of these words.
    pub(crate) fn word_or_other(&self, key: &str, words: &[&'static str]) -> Read<Option<&'a str>> {
        let Some(given) = self.text(key)? else { return Ok(None) };
        match nearest(given, words.iter().copied()).filter(|meant| *meant != given) {
            None => Ok(Some(given)),
            Some(meant) => {
                let message = format!("unknown word {given:?}; did you mean {meant}?");
                let wrong = Wrong::at(&Place::Key(&self.place, key), message);
                Err(Wrong { nearest: Some(meant.to_owned()), ..wrong })
            }
        }
    }

    /// An object with any keys.
    pub(crate) fn any_object(&self, key: &str) -> Read<Option<&'a Map<String, Value>>> {
        self.get(key, "an object", Value::as_object)
    }

    pub(crate) fn list(&self, key: &str) -> Read<Option<&'a Vec<Value>>> {
        self.get(key, "a list", Value::as_array)
    }

    /// A list of texts.
    pub(crate) fn texts(&self, key: &str) -> Read<Option<Vec<&'a str>>> {
        let texts = |value: &'a Value| value.as_array()?.iter().map(Value::as_str).collect();
        self.get(key, "a list of texts", texts)
    }

    /// An object whose values are texts; a number or a boolean is taken for its text.
    pub(crate) fn strings(&self, key: &str) -> Read<Option<Vec<(&'a str, String)>>> {
        let Some(map) = self.any_object(key)? else { return Ok(None) };
        let place = Place::Key(&self.place, key);
        let text = |(name, value): (&'a String, &Value)| match value {
            Value::String(text) => Ok((name.as_str(), text.clone())),
            Value::Number(_) | Value::Bool(_) => Ok((name.as_str(), value.to_string())),
            _ => {
                let place = Place::Key(&place, name);
                Err(Wrong::at(&place, format!("send a text, not {}", shown(value))))
            }
        };
        map.iter().map(text).collect::<Read<Vec<_>>>().map(Some)
    }
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Body => Ok(()),
            Self::Key(Self::Body, key) => f.write_str(key),
            Self::Key(outer, key) => write!(f, "{outer}.{key}"),
            Self::Item(outer, index) => write!(f, "{outer}[{index}]"),
        }
    }
}

/// A value as an error shows it.
pub(crate) fn shown(value: &Value) -> String {
    const LONGEST: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(value: Value, read: impl FnOnce(Object<'_>) -> Read<()>) -> String {
        let read = Object::read(&value, Place::Body, &["method", "times"]).and_then(read);
        read.unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_named_with_what_was_meant() {
        let none = |_: Object<'_>| Ok(());
        assert_eq!(
            message(json!({"metod": 1}), none),
            "metod: unknown key \"metod\"; did you mean method? There is: method, times"
        );
        assert_eq!(
            message(json!({"zzz": 1}), none),
            "zzz: unknown key \"zzz\". There is: method, times"
        );
        assert_eq!(message(json!([1]), none), "send an object with method, times, not [1]");
        let times = |object: Object<'_>| object.integer("times", 0..=5).map(|_| ());
        assert_eq!(
            message(json!({"times": 10.5}), times),
            "times: send a whole number from 0 to 5, not 10.5"
        );
        let word = |object: Object<'_>| object.word("method", &["GET", "PUT"]).map(|_| ());
        assert_eq!(
            message(json!({"method": "gett"}), word),
            "method: unknown word \"gett\"; did you mean GET? There is: GET, PUT"
        );
        let missing =
            |object: Object<'_>| object.required("times", object.text("times")).map(|_| ());
        assert_eq!(message(json!({}), missing), "times: is missing");
    }

    #[test]
    fn places_are_dotted_and_numbered() {
        let (a, b) = (Place::Key(&Place::Body, "a"), Place::Body);
        assert_eq!(Place::Key(&Place::Item(&a, 2), "b").to_string(), "a[2].b");
        assert_eq!(b.to_string(), "");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(shown(&json!("é".repeat(200))).chars().count(), 81);
    }
}
