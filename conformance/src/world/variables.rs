//! What `${name}` stands for in the texts of steps.

use std::collections::BTreeMap;

use rand::RngExt;
use serde_json::Value;

use super::World;
use crate::failure::Failure;

/// What names stand for in one scenario.
#[derive(Debug, Default)]
pub(crate) struct Variables(BTreeMap<String, String>);

impl Variables {
    pub(crate) fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// The value of a name; guild ids are made up when they are first used.
    pub(crate) fn get(&mut self, name: &str) -> Result<String, Failure> {
        if !self.0.contains_key(name) && (name == "guild" || name.starts_with("guild.")) {
            self.set(name, snowflake());
        }
        self.0.get(name).cloned().ok_or_else(|| {
            let known: Vec<_> = self.0.keys().map(String::as_str).collect();
            let known = known.join(", ");
            Failure::harness(format!("unknown variable ${{{name}}}; known are {known}"))
        })
    }

    /// Every name with its value.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The text with every variable replaced.
    pub(crate) fn fill(&mut self, text: &str) -> Result<String, Failure> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, tail) = after
                .split_once('}')
                .ok_or_else(|| Failure::harness(format!("a variable is not closed in: {text}")))?;
            out.push_str(before);
            out.push_str(&self.get(name)?);
            rest = tail;
        }
        out.push_str(rest);
        Ok(out)
    }
}

impl World {
    /// The text with every variable replaced.
    pub(crate) fn fill(&mut self, text: &str) -> Result<String, Failure> {
        self.variables.fill(text)
    }

    /// Makes the value a variable of that name.
    pub(crate) fn remember(&mut self, name: &str, value: &Value) {
        self.variables.set(name, text_of(value));
    }

    /// The value of a variable.
    pub(crate) fn variable(&mut self, name: &str) -> Result<String, Failure> {
        self.variables.get(name)
    }

    /// The guild id of the player without a name, which is `${guild}`, or of the player "2", which is
    /// `${guild.2}`.
    pub(crate) fn guild(&mut self, player: Option<&str>) -> Result<String, Failure> {
        match player {
            Some(name) => self.variable(&format!("guild.{name}")),
            None => self.variable("guild"),
        }
    }
}

/// A value as a variable holds it. A whole number has no point, whatever the server writes.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let whole = number.as_f64().filter(|n| number.is_f64() && n.fract() == 0.0);
            whole
                .filter(|n| n.abs() < 1e15)
                .map_or_else(|| number.to_string(), |n| format!("{n:.0}"))
        }
        _ => value.to_string(),
    }
}

/// An id that looks like that of a session, and that no session has. Each scenario has another one:
/// some servers make a session of any id.
pub(crate) fn no_session() -> String {
    (0..16).map(|_| char::from(rand::random_range(b'a'..=b'z'))).collect()
}

/// An id of the size that Discord gives out. It is odd, so that it cannot be written as a number of
/// JavaScript without another one coming of it.
pub(crate) fn snowflake() -> String {
    let id = rand::rng().random_range(100_000_000_000_000_000u64..1_000_000_000_000_000_000);
    (id | 1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureKind;

    #[test]
    fn names_are_replaced_and_guilds_made_up_once() {
        let mut variables = Variables::default();
        variables.set("a", "1");
        assert_eq!(variables.fill("x${a}${a}y").unwrap(), "x11y");
        let guild = variables.get("guild").unwrap();
        assert_eq!(variables.fill("${guild}").unwrap(), guild);
        assert_ne!(variables.get("guild.2").unwrap(), guild);
    }

    #[test]
    fn an_unknown_name_is_the_suites_fault() {
        let failure = Variables::default().fill("${nope}").unwrap_err();
        assert_eq!(failure.kind, FailureKind::Harness);
        assert!(Variables::default().fill("${open").is_err());
    }
}
