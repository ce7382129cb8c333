//! Trees as dotted keys.

use std::collections::HashSet;

use super::{Document, Key, Node, Pair, Shape};
use crate::config::scalar::Value;

/// A tree as Spring flattens it.
pub(super) struct Flattened<'a> {
    pub(super) referred: &'a HashSet<usize>,
    pub(super) pairs: Document,
}

impl Flattened<'_> {
    pub(super) fn add(&mut self, path: String, node: Node, shared: bool) {
        let shared = shared || self.referred.contains(&node.anchor);
        let line = node.line;
        match node.shape {
            Shape::Scalar(value) => self.put(path, value, line, shared),
            Shape::List(items) if items.is_empty() => {
                self.put(path, Value::EmptyList, line, shared);
            }
            Shape::Map(pairs) if pairs.is_empty() => self.put(path, Value::EmptyMap, line, shared),
            Shape::List(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    self.add(format!("{path}[{index}]"), item, shared);
                }
            }
            Shape::Map(pairs) => {
                for (key, node) in pairs {
                    let key = match key {
                        Key::Named(Value::Text(text)) => text,
                        Key::Named(value) => format!("[{}]", value.text().unwrap_or_default()),
                        Key::Merge | Key::Odd => "[]".to_owned(),
                    };
                    let separator = if path.is_empty() || key.starts_with('[') { "" } else { "." };
                    self.add(format!("{path}{separator}{key}"), node, shared);
                }
            }
        }
    }

    /// A dotted key and a nested one may be the same: the later one counts.
    pub(super) fn put(&mut self, name: String, value: Value, line: usize, shared: bool) {
        // A document that is a text or a list has no keys: it is one value without a name.
        let name = if name.starts_with('[') { String::new() } else { name };
        if name.is_empty() && value == Value::Text(String::new()) {
            return;
        }
        let pair = Pair { name, value, line, shared };
        match self.pairs.iter_mut().find(|known| known.name == pair.name) {
            Some(known) => *known = pair,
            None => self.pairs.push(pair),
        }
    }
}
