//! Every answer and every message against the JSON Schemas of the protocol.

mod unknown;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Registry, Validator};
use serde_json::Value;
use unknown::{Documents, unknown_fields};

use crate::client::Answer;
use crate::failure::Failure;

/// The schemas of the protocol, ready to be used.
pub struct Schemas {
    validators: BTreeMap<&'static str, Validator>,
    documents: Documents,
}

/// Why the schemas cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A file is no JSON.
    #[error("{path}: not JSON: {source}")]
    Syntax {
        /// The file.
        path: String,
        /// Where.
        source: serde_json::Error,
    },
    /// A file is no schema, or refers to one that is not there.
    #[error("{path}: {message}")]
    Schema {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
    /// A file that has to be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
}

const MESSAGE: &str = "ws/message.schema.json";
const ERROR: &str = "rest/error.schema.json";

/// Schemas of answers, by method and path; `*` stands for one segment.
const ANSWERS: &[(&str, &str, &str)] = &[
    ("GET", "/v4/info", "rest/info.schema.json"),
    ("GET", "/v4/stats", "rest/stats.schema.json"),
    ("GET", "/v4/loadtracks", "rest/load-result.schema.json"),
    ("GET", "/v4/decodetrack", "rest/track.schema.json"),
    ("POST", "/v4/decodetracks", "rest/tracks.schema.json"),
    ("PATCH", "/v4/sessions/*", "rest/session.schema.json"),
    ("GET", "/v4/sessions/*/players", "rest/players.schema.json"),
    ("GET", "/v4/sessions/*/players/*", "rest/player.schema.json"),
    ("PATCH", "/v4/sessions/*/players/*", "rest/player.schema.json"),
    ("GET", "/v4/routeplanner/status", "rest/routeplanner-status.schema.json"),
];

impl Schemas {
    /// Reads all files, `(path below schemas/, text)`.
    pub fn load(
        files: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Arc<Self>, SchemaError> {
        let mut documents = BTreeMap::new();
        for (path, text) in files {
            let document: Value = serde_json::from_str(&text)
                .map_err(|source| SchemaError::Syntax { path: path.clone(), source })?;
            documents.insert(path, document);
        }
        let broken = |path: &str, error: &dyn std::fmt::Display| SchemaError::Schema {
            path: path.to_owned(),
            message: error.to_string(),
        };
        let mut registry = Registry::new();
        for (path, document) in &documents {
            let id = document["$id"].as_str().ok_or_else(|| broken(path, &"it has no $id"))?;
            registry = registry.add(id, document).map_err(|e| broken(path, &e))?;
        }
        let registry = registry.prepare().map_err(|e| broken("schemas", &e))?;
        let mut validators = BTreeMap::new();
        for path in ANSWERS.iter().map(|(_, _, path)| *path).chain([MESSAGE, ERROR]) {
            let document = documents.get(path).ok_or(SchemaError::Missing(path))?;
            let validator = jsonschema::options()
                .with_registry(&registry)
                .build(document)
                .map_err(|e| broken(path, &e))?;
            validators.insert(path, validator);
        }
        drop(registry);
        Ok(Arc::new(Self { validators, documents }))
    }

    /// The schema that an answer has to follow, if there is one.
    fn of_answer(method: &str, path: &str, status: u16) -> Option<&'static str> {
        let known = ANSWERS.iter().find(|(m, pattern, _)| *m == method && matches(pattern, path));
        match status {
            200 => known.map(|(_, _, schema)| *schema),
            // What is no handshake is told so in plain words, or with none.
            400.. if path == "/v4/websocket" => None,
            // A preflight that is refused never comes to where errors are made.
            403 if method == "OPTIONS" => None,
            400.. => Some(ERROR),
            _ => None,
        }
    }

    /// One line for every way in which the value is not what the schema says.
    fn violations(&self, schema: &str, value: &Value) -> Vec<String> {
        let Some(validator) = self.validators.get(schema) else { return Vec::new() };
        validator
            .iter_errors(value)
            .map(|error| {
                let path = error.instance_path().to_string();
                let path = if path.is_empty() { "(root)".to_owned() } else { path };
                format!("{path}: {error}")
            })
            .collect()
    }
}

impl std::fmt::Debug for Schemas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.validators.keys()).finish()
    }
}

/// Whether it is the page that shows an error to browsers: it comes in place of JSON where a request
/// accepts HTML (docs/observed/compared.md).
fn is_page(answer: &Answer) -> bool {
    let accepts = |(name, value): &(String, String)| {
        let value = value.to_ascii_lowercase();
        name.eq_ignore_ascii_case("accept")
            && ["text/html", "text/*"].iter().any(|range| value.contains(range))
    };
    let html = answer.header("content-type").is_some_and(|value| value.starts_with("text/html"));
    answer.status >= 400 && html && answer.request.headers.iter().any(accepts)
}

fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    pattern.clone().count() == path.clone().count()
        && pattern.zip(path).all(|(wanted, given)| wanted == "*" || wanted == given)
}

/// Checks what one scenario sees, and remembers what is wrong until a step asks.
#[derive(Clone, Debug)]
pub(crate) struct Checker {
    schemas: Arc<Schemas>,
    violations: Arc<Mutex<Vec<Failure>>>,
    unknown: Arc<Mutex<BTreeSet<String>>>,
}

impl Checker {
    pub(crate) fn new(schemas: Arc<Schemas>) -> Self {
        Self { schemas, violations: Arc::default(), unknown: Arc::default() }
    }

    pub(crate) fn check_message(&self, message: &Value) {
        let kind = message["type"].as_str().or(message["op"].as_str()).unwrap_or_default();
        self.check(MESSAGE, message, &format!("the message {kind}"), None);
    }

    /// `again` is a line that sends the request again.
    pub(crate) fn check_answer(&self, answer: &Answer, again: String) {
        let method = answer.request.method.as_str();
        // A page of the framework, not of the protocol.
        if answer.path() == "/error" {
            return;
        }
        let Some(schema) = Schemas::of_answer(method, answer.path(), answer.status) else { return };
        let what = format!("the answer {} of {method} {}", answer.status, answer.path());
        match answer.json() {
            Some(body) => self.check(schema, &body, &what, Some(again)),
            // Refused before anything could be said, as without a password.
            None if answer.body.is_empty() && answer.status >= 400 => {}
            None if is_page(answer) => {}
            None => {
                let failure = Failure::assertion(format!("{what} is not JSON"));
                self.add(Failure { reproduce: Some(again), ..failure });
            }
        }
    }

    /// Fields that no schema knows; information, never a verdict.
    pub(crate) fn unknown_fields(&self) -> Vec<String> {
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown.iter().cloned().collect()
    }

    /// The first violation that no step has seen yet.
    pub(crate) fn take_violation(&self) -> Option<Failure> {
        let mut violations = self.violations.lock().unwrap_or_else(PoisonError::into_inner);
        if violations.is_empty() { None } else { Some(violations.remove(0)) }
    }

    fn check(&self, schema: &str, value: &Value, what: &str, again: Option<String>) {
        let difference = self.schemas.violations(schema, value);
        let unknown = unknown_fields(&self.schemas.documents, schema, value);
        let unknown = unknown.into_iter().map(|path| format!("{schema} says nothing of {path}"));
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).extend(unknown);
        if !difference.is_empty() {
            let failure = Failure::assertion(format!("{what} violates schemas/{schema}"));
            self.add(Failure { difference, reproduce: again, ..failure });
        }
    }

    fn add(&self, failure: Failure) {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).push(failure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_held_to_the_schema_of_their_route() {
        let of = Schemas::of_answer;
        assert_eq!(of("GET", "/v4/sessions/a/players", 200), Some("rest/players.schema.json"));
        assert_eq!(of("PATCH", "/v4/sessions/a/players/1", 200), Some("rest/player.schema.json"));
        assert_eq!(of("PATCH", "/v4/sessions/a/players/1", 400), Some(ERROR));
        assert_eq!(of("GET", "/v4/nope", 404), Some(ERROR));
        assert_eq!(of("DELETE", "/v4/sessions/a/players/1", 204), None);
        assert_eq!(of("GET", "/v4/websocket", 400), None);
    }
}
