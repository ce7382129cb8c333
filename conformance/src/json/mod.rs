//! Expected JSON against seen JSON.

mod compare;
mod matcher;

pub(crate) use compare::{Extent, differences, differences_but};

use serde_json::Value;

use crate::failure::Failure;

/// Reads JSON that a feature wrote.
pub(crate) fn expected(text: &str) -> Result<Value, Failure> {
    serde_json::from_str(text.trim())
        .map_err(|error| Failure::harness(format!("not JSON in a step: {error}: {text}")))
}

/// Readable JSON for people.
pub(crate) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}
