//! What one scenario sees, held against the schemas.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use lavalink_validator::Difference;
use serde_json::Value;

use super::shapes::{ERROR_RULE, MESSAGE, MESSAGE_RULE, MESSAGES, of_answer, pattern_of};
use super::unknown::unknown_fields;
use super::{Schemas, Violation, has_type, lines};
use crate::client::Answer;
use crate::failure::Failure;

/// Checks what one scenario sees, and remembers what is wrong and what no schema knows.
#[derive(Clone, Debug)]
pub(crate) struct Checker {
    schemas: Arc<Schemas>,
    violations: Arc<Mutex<Vec<Violation>>>,
    unknown: Arc<Mutex<BTreeSet<String>>>,
    /// The rule of the last answer's shape, if the answer is no JSON or of another type.
    unreadable: Arc<Mutex<Option<&'static str>>>,
}

impl Checker {
    /// One that has seen nothing yet.
    pub(crate) fn new(schemas: Arc<Schemas>) -> Self {
        Self {
            schemas,
            violations: Arc::default(),
            unknown: Arc::default(),
            unreadable: Arc::default(),
        }
    }

    /// Checks a message that is a JSON object with an op. One that the protocol does not have is
    /// noted as information.
    pub(crate) fn check_message(&self, message: &Value) {
        let kind = message["type"].as_str().or(message["op"].as_str()).unwrap_or_default();
        let event = message["op"] == "event";
        let known = MESSAGES.iter().find(|(name, _)| *name == kind);
        match known {
            Some((_, rule)) => {
                self.check(MESSAGE, rule, message, &format!("the message {kind}"), None);
            }
            None if event && !message["type"].is_string() => {
                self.check(MESSAGE, MESSAGE_RULE, message, "an event", None);
            }
            None => self.note(format!("the protocol has no message {kind}")),
        }
    }

    /// Notes that something came on a socket which is no message at all.
    pub(crate) fn no_message(&self, what: &str) {
        self.add(Violation {
            rule: MESSAGE_RULE,
            what: "a message".into(),
            difference: vec![format!("(root): expected a JSON object with op, got {what}")],
            reproduce: None,
        });
    }

    /// Checks an answer; `again` is a line for a shell that sends its request again.
    pub(crate) fn check_answer(&self, answer: &Answer, again: String) {
        let method = answer.request.method.as_str();
        self.set_unreadable(None);
        // This is a page of the framework, not of the protocol.
        if answer.path() == "/error" {
            return;
        }
        let Some((schema, rule)) = of_answer(method, answer.path(), answer.status) else {
            return;
        };
        let what = match rule {
            ERROR_RULE => "an error".to_owned(),
            _ => format!("the answer of {method} {}", pattern_of(method, answer.path())),
        };
        match answer.json() {
            Some(body) => {
                let differences = self.check(schema, rule, &body, &what, Some(again));
                self.set_unreadable((!has_type(&differences)).then_some(rule));
            }
            // It was refused before there was anything to say, as without a password.
            None if answer.body.is_empty() && answer.status >= 400 => {}
            None if is_page(answer) => {}
            None => {
                let start: String = answer.body.chars().take(100).collect();
                let difference = vec![format!("(root): expected JSON, got {start:?}")];
                self.set_unreadable(Some(rule));
                self.add(Violation { rule, what, difference, reproduce: Some(again) });
            }
        }
    }

    /// The rule of the last answer's shape, if that is no JSON, or of another type than it has to
    /// be, such as an object for an array.
    pub(crate) fn unreadable(&self) -> Option<&'static str> {
        *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_unreadable(&self, rule: Option<&'static str>) {
        *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner) = rule;
    }

    /// The fields and messages that no schema knows: information, never a verdict.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown.iter().cloned().collect()
    }

    /// The fields of an answer's body that its schema says nothing of; indices of arrays are `*`.
    pub(crate) fn unknown_in_answer(&self, answer: &Answer, body: &Value) -> BTreeSet<String> {
        let method = answer.request.method.as_str();
        let schema = of_answer(method, answer.path(), answer.status);
        let schema = schema.map(|(schema, _)| schema);
        schema.map(|schema| self.unknown_in(schema, body)).unwrap_or_default()
    }

    /// The fields of a message that its schema says nothing of; indices of arrays are `*`.
    pub(crate) fn unknown_in_message(&self, message: &Value) -> BTreeSet<String> {
        self.unknown_in(MESSAGE, message)
    }

    fn unknown_in(&self, schema: &str, value: &Value) -> BTreeSet<String> {
        unknown_fields(&self.schemas.documents, schema, value)
    }

    /// The first violation that was not taken yet, as a failure.
    pub(crate) fn take_violation(&self) -> Option<Failure> {
        let mut violations = self.violations.lock().unwrap_or_else(PoisonError::into_inner);
        if violations.is_empty() { None } else { Some(violations.remove(0).into_failure()) }
    }

    /// All violations so far.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives back in what it differs.
    fn check(
        &self,
        schema: &str,
        rule: &'static str,
        value: &Value,
        what: &str,
        again: Option<String>,
    ) -> Vec<Difference> {
        let unknown = self.unknown_in(schema, value);
        unknown
            .into_iter()
            .for_each(|path| self.note(format!("{schema} does not describe {path}")));
        let differences = self.schemas.differences(schema, value);
        if !differences.is_empty() {
            let difference = lines(&differences);
            self.add(Violation { rule, what: what.to_owned(), difference, reproduce: again });
        }
        differences
    }

    fn note(&self, line: String) {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).insert(line);
    }

    fn add(&self, violation: Violation) {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).push(violation);
    }
}

/// Whether the answer is the page that shows an error to browsers: it comes in place of JSON if the
/// request accepts HTML (docs/observed/compared.md).
fn is_page(answer: &Answer) -> bool {
    let accepts = |(name, value): &(String, String)| {
        let value = value.to_ascii_lowercase();
        name.eq_ignore_ascii_case("accept")
            && ["text/html", "text/*"].iter().any(|range| value.contains(range))
    };
    let html = answer.header("content-type").is_some_and(|value| value.starts_with("text/html"));
    answer.status >= 400 && html && answer.request.headers.iter().any(accepts)
}
