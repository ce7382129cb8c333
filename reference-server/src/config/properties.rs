//! A YAML file as Spring sees it: dotted keys with values, overridden by the environment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::keys;

/// Dotted keys, each with the spelling of the file and its value. Lists stay values.
#[derive(Debug, Default)]
pub(super) struct Properties {
    values: BTreeMap<String, (String, Value)>,
    /// Keys that stand in the file with nothing after them.
    empty: BTreeSet<String>,
}

impl Properties {
    /// Of a parsed file, with `${NAME:default}` filled in from the environment.
    pub(super) fn of(tree: Value, environment: &BTreeMap<String, String>) -> Self {
        let mut properties = Self::default();
        properties.flatten(String::new(), tree, environment);
        for key in keys::USED {
            if let Some(value) = environment.get(&keys::variable(key)) {
                properties.insert((*key).to_owned(), Value::String(value.clone()));
            }
        }
        properties
    }

    fn flatten(&mut self, path: String, value: Value, environment: &BTreeMap<String, String>) {
        match value {
            Value::Object(map) => {
                if map.is_empty() {
                    self.empty.insert(keys::canonical(&path));
                }
                for (key, value) in map {
                    let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                    self.flatten(path, value, environment);
                }
            }
            Value::String(text) => {
                self.insert(path, Value::String(filled_in(&text, environment)));
            }
            // An empty section says nothing, as a rule.
            Value::Null => {
                self.empty.insert(keys::canonical(&path));
            }
            value => self.insert(path, value),
        }
    }

    fn insert(&mut self, key: String, value: Value) {
        self.values.insert(keys::canonical(&key), (key, value));
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(&keys::canonical(key)).map(|(_, value)| value)
    }

    /// Whether a key or section stands in the file with nothing after it.
    pub(super) fn is_empty(&self, key: &str) -> bool {
        self.empty.contains(&keys::canonical(key))
    }

    /// Keys as they are spelled in the file.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.values.values().map(|(key, _)| key.as_str())
    }
}

/// Replaces `${NAME}` and `${NAME:default}`; what has neither value nor default stays as it is.
fn filled_in(text: &str, environment: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, tail)) = after.split_once('}') else { break };
        let (name, default) = match inside.split_once(':') {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        out.push_str(before);
        match environment.get(name).map(String::as_str).or(default) {
            Some(value) => out.push_str(value),
            None => out.push_str(&format!("${{{inside}}}")),
        }
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_take_the_environment_or_their_default() {
        let environment = BTreeMap::from([("A".to_owned(), "1".to_owned())]);
        let filled = |text| filled_in(text, &environment);
        assert_eq!(filled("x${A}y${B:2}z${C}"), "x1y2z${C}");
        assert_eq!(filled("${open"), "${open");
    }
}
