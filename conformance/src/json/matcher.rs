//! Texts that begin with `#` and stand for many values.

use regex::Regex;
use serde_json::Value;

/// How far a server's clock may be from the runner's.
const CLOCK_SKEW_MS: f64 = 60_000.0;

/// A text that stands for many values.
#[derive(Debug)]
pub(super) enum Matcher {
    Any,
    Absent,
    /// No key, null, or this value.
    None(Option<Value>),
    Kind(&'static str),
    Integer,
    Now,
    /// One of these, each with both of its ends.
    Ranges(Vec<(f64, f64)>),
    Multiple(i64),
    In(Vec<Value>),
    Pattern(Regex),
    Not(Value),
}

impl Matcher {
    /// `None` for a text that is no matcher; an error for one that is not understood.
    pub(super) fn parse(text: &str) -> Option<Result<Self, String>> {
        let rest = text.strip_prefix('#')?;
        Some(Self::parse_rest(rest).ok_or_else(|| format!("unknown matcher {text}")))
    }

    fn parse_rest(rest: &str) -> Option<Self> {
        if let Some(pattern) = rest.strip_prefix('/') {
            let pattern = pattern.strip_suffix('/')?;
            return Regex::new(&format!("^(?:{pattern})$")).ok().map(Self::Pattern);
        }
        let (word, argument) = rest.split_once(' ').unwrap_or((rest, ""));
        let bound = |text: &str, open: f64| match text.trim() {
            "" => Some(open),
            number => number.parse().ok(),
        };
        Some(match word {
            "any" => Self::Any,
            "absent" => Self::Absent,
            "none" if argument.is_empty() => Self::None(None),
            "none" => {
                let value = serde_json::from_str(argument.strip_prefix("or ")?);
                Self::None(Some(value.ok()?))
            }
            "string" => Self::Kind("string"),
            "number" => Self::Kind("number"),
            "boolean" => Self::Kind("boolean"),
            "object" => Self::Kind("object"),
            "array" => Self::Kind("array"),
            "integer" => Self::Integer,
            "now" => Self::Now,
            "range" => {
                let ranges = argument.split(',').map(|range| {
                    let (from, to) = range.split_once("..")?;
                    Some((bound(from, f64::NEG_INFINITY)?, bound(to, f64::INFINITY)?))
                });
                Self::Ranges(ranges.collect::<Option<_>>()?)
            }
            "multiple" => Self::Multiple(argument.parse().ok().filter(|of| *of > 0)?),
            "in" => Self::In(serde_json::from_str(argument).ok()?),
            "not" => Self::Not(serde_json::from_str(argument).ok()?),
            _ => return None,
        })
    }

    /// Whether it stands for no value at all.
    pub(super) fn accepts_absence(&self) -> bool {
        matches!(self, Self::Absent | Self::None(_))
    }

    /// Whether a value that is there is one of those it stands for.
    pub(super) fn accepts(&self, value: &Value, now_ms: f64) -> bool {
        match self {
            Self::Any => true,
            Self::Absent => false,
            Self::None(other) => {
                value.is_null() || other.as_ref().is_some_and(|other| equal(other, value))
            }
            Self::Kind(wanted) => kind(value) == *wanted,
            Self::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Self::Now => value.as_f64().is_some_and(|ms| (ms - now_ms).abs() < CLOCK_SKEW_MS),
            Self::Ranges(ranges) => value
                .as_f64()
                .is_some_and(|n| ranges.iter().any(|(from, to)| (*from..=*to).contains(&n))),
            Self::Multiple(of) => value.as_i64().is_some_and(|number| number % of == 0),
            Self::In(values) => values.iter().any(|other| equal(other, value)),
            Self::Pattern(pattern) => value.as_str().is_some_and(|text| pattern.is_match(text)),
            Self::Not(other) => !equal(other, value),
        }
    }
}

/// Equal, with 1 and 1.0 the same number.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => match (x.as_i128(), y.as_i128()) {
            // Beyond 2^53 neighbours look alike as floats.
            (Some(x), Some(y)) => x == y,
            _ => x.as_f64() == y.as_f64(),
        },
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(a, b)| equal(a, b))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(k, v)| y.get(k).is_some_and(|w| equal(v, w)))
        }
        _ => a == b,
    }
}

pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
