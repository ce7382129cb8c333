//! Every answer and every message against the JSON Schemas of the protocol.

mod unknown;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Registry, Validator};
use serde_json::Value;
use unknown::{Documents, unknown_fields};

use crate::client::Answer;
use crate::failure::Failure;
use crate::steps::ground::matches;

/// The schemas of the protocol, ready to be used.
pub struct Schemas {
    validators: BTreeMap<&'static str, Validator>,
    documents: Documents,
}

/// Why the schemas cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// A file is no JSON.
    #[error("{path} is not JSON")]
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

/// Schemas of answers, and the rules that they make, by method and path; `*` stands for one segment.
const ANSWERS: &[(&str, &str, &str, &str)] = &[
    ("GET", "/v4/info", "rest/info.schema.json", "LL-SHAPE-001"),
    ("GET", "/v4/stats", "rest/stats.schema.json", "LL-SHAPE-002"),
    ("GET", "/v4/loadtracks", "rest/load-result.schema.json", "LL-SHAPE-003"),
    ("GET", "/v4/decodetrack", "rest/track.schema.json", "LL-SHAPE-004"),
    ("POST", "/v4/decodetracks", "rest/tracks.schema.json", "LL-SHAPE-005"),
    ("PATCH", "/v4/sessions/*", "rest/session.schema.json", "LL-SHAPE-006"),
    ("GET", "/v4/sessions/*/players", "rest/players.schema.json", "LL-SHAPE-007"),
    ("GET", "/v4/sessions/*/players/*", "rest/player.schema.json", "LL-SHAPE-008"),
    ("PATCH", "/v4/sessions/*/players/*", "rest/player.schema.json", "LL-SHAPE-009"),
    ("GET", "/v4/routeplanner/status", "rest/routeplanner-status.schema.json", "LL-SHAPE-010"),
];

/// The rule of every answer that is an error.
pub(crate) const ERROR_RULE: &str = "LL-SHAPE-011";

/// The rule of every message.
const MESSAGE_RULE: &str = "LL-SHAPE-020";

/// The rules of the messages that the protocol has, by op or event type.
const MESSAGES: &[(&str, &str)] = &[
    ("ready", "LL-SHAPE-021"),
    ("stats", "LL-SHAPE-022"),
    ("playerUpdate", "LL-SHAPE-023"),
    ("TrackStartEvent", "LL-SHAPE-024"),
    ("TrackEndEvent", "LL-SHAPE-025"),
    ("TrackExceptionEvent", "LL-SHAPE-026"),
    ("TrackStuckEvent", "LL-SHAPE-027"),
    ("WebSocketClosedEvent", "LL-SHAPE-028"),
];

/// Whether the protocol has a message of that op or event type.
pub(crate) fn is_known(kind: &str) -> bool {
    MESSAGES.iter().any(|(known, _)| *known == kind)
}

/// The area of the rules about shapes.
pub const AREA: &str = "shape";

/// Every rule that a schema makes.
pub(crate) fn rules() -> impl Iterator<Item = &'static str> {
    let answers = ANSWERS.iter().map(|(.., rule)| *rule);
    answers.chain([ERROR_RULE, MESSAGE_RULE]).chain(MESSAGES.iter().map(|(_, rule)| *rule))
}

/// What each schema makes a rule of: the answer or message, the schema's path, the rule.
pub(crate) fn made() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let answers = ANSWERS
        .iter()
        .map(|(method, path, schema, rule)| (format!("{method} {path}"), *schema, *rule));
    let others = [
        ("an error".to_owned(), ERROR, ERROR_RULE),
        ("a message".to_owned(), MESSAGE, MESSAGE_RULE),
    ];
    let messages = MESSAGES.iter().map(|(kind, rule)| ((*kind).to_owned(), MESSAGE, *rule));
    answers.chain(others).chain(messages)
}

/// An answer or a message that is not as its schema says. It says nothing about the rule of the
/// scenario in which it was seen: it breaks a rule of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule that the schema makes.
    pub rule: &'static str,
    /// The answer or the message, such as `GET /v4/info` or `the message ready`.
    pub what: String,
    /// In which way it differs, a line each, with the JSON path; never empty.
    pub difference: Vec<String>,
    /// A `curl` line that asks for the answer again.
    pub reproduce: Option<String>,
}

impl Violation {
    /// For a scenario that is about the shape.
    pub(crate) fn into_failure(self) -> Failure {
        let failure = Failure::assertion(format!("{} is not as it has to be", self.what));
        Failure { difference: self.difference, reproduce: self.reproduce, ..failure }
    }
}

impl Schemas {
    /// Reads all files, `(path below schemas/, text)`.
    ///
    /// # Errors
    /// [`SchemaError`] if one is no JSON or no schema, or names one that is not among them.
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
        for path in ANSWERS.iter().map(|(_, _, path, _)| *path).chain([MESSAGE, ERROR]) {
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

    /// The schema that an answer has to follow, and the rule that it makes, if there is one.
    fn of_answer(method: &str, path: &str, status: u16) -> Option<(&'static str, &'static str)> {
        let mut known =
            ANSWERS.iter().filter(|(m, pattern, ..)| *m == method && matches(pattern, path));
        match status {
            200 => known.next().map(|(_, _, schema, rule)| (*schema, *rule)),
            // What is no handshake is told so in plain words, or with none.
            400.. if path == "/v4/websocket" => None,
            // A preflight that is refused never comes to where errors are made.
            403 if method == "OPTIONS" => None,
            400.. => Some((ERROR, ERROR_RULE)),
            _ => None,
        }
    }

    /// Whether the value as a whole is of the type that the schema says.
    fn has_type(&self, schema: &str, value: &Value) -> bool {
        let Some(validator) = self.validators.get(schema) else { return true };
        !validator.iter_errors(value).any(|error| {
            error.instance_path().as_str().is_empty()
                && matches!(error.kind(), ValidationErrorKind::Type { .. })
        })
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

/// Checks what one scenario sees, and remembers what is wrong and what no schema knows.
#[derive(Clone, Debug)]
pub(crate) struct Checker {
    schemas: Arc<Schemas>,
    violations: Arc<Mutex<Vec<Violation>>>,
    unknown: Arc<Mutex<BTreeSet<String>>>,
    /// The rule of the last answer's shape, if that is something else altogether.
    unreadable: Arc<Mutex<Option<&'static str>>>,
}

impl Checker {
    pub(crate) fn new(schemas: Arc<Schemas>) -> Self {
        Self {
            schemas,
            violations: Arc::default(),
            unknown: Arc::default(),
            unreadable: Arc::default(),
        }
    }

    /// Of a message that is a JSON object with an op. One that the protocol does not have is
    /// nothing but information.
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

    /// What came on a socket and is no message at all.
    pub(crate) fn no_message(&self, what: &str) {
        self.add(Violation {
            rule: MESSAGE_RULE,
            what: "a message".into(),
            difference: vec![format!("(root): expected a JSON object with op, got {what}")],
            reproduce: None,
        });
    }

    /// `again` is a line that sends the request again.
    pub(crate) fn check_answer(&self, answer: &Answer, again: String) {
        let method = answer.request.method.as_str();
        self.set_unreadable(None);
        // A page of the framework, not of the protocol.
        if answer.path() == "/error" {
            return;
        }
        let Some((schema, rule)) = Schemas::of_answer(method, answer.path(), answer.status) else {
            return;
        };
        let what = match rule {
            ERROR_RULE => "an error".to_owned(),
            _ => format!("the answer of {method} {}", pattern_of(method, answer.path())),
        };
        match answer.json() {
            Some(body) => {
                let readable = self.schemas.has_type(schema, &body);
                self.set_unreadable((!readable).then_some(rule));
                self.check(schema, rule, &body, &what, Some(again));
            }
            // Refused before anything could be said, as without a password.
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

    /// Fields and messages that no schema knows; information, never a verdict.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown.iter().cloned().collect()
    }

    /// The fields of an answer's body that its schema says nothing of; indices of arrays are `*`.
    pub(crate) fn unknown_in_answer(&self, answer: &Answer, body: &Value) -> BTreeSet<String> {
        let method = answer.request.method.as_str();
        let schema = Schemas::of_answer(method, answer.path(), answer.status);
        let schema = schema.map(|(schema, _)| schema);
        schema.map(|schema| self.unknown_in(schema, body)).unwrap_or_default()
    }

    /// The same of a message.
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

    fn check(
        &self,
        schema: &str,
        rule: &'static str,
        value: &Value,
        what: &str,
        again: Option<String>,
    ) {
        let unknown = self.unknown_in(schema, value);
        unknown
            .into_iter()
            .for_each(|path| self.note(format!("{schema} does not describe {path}")));
        let difference = self.schemas.violations(schema, value);
        if !difference.is_empty() {
            self.add(Violation { rule, what: what.to_owned(), difference, reproduce: again });
        }
    }

    fn note(&self, line: String) {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).insert(line);
    }

    fn add(&self, violation: Violation) {
        self.violations.lock().unwrap_or_else(PoisonError::into_inner).push(violation);
    }
}

/// The path of an endpoint, with `*` for what is another one each time.
fn pattern_of<'a>(method: &str, path: &'a str) -> &'a str {
    let mut known =
        ANSWERS.iter().filter(|(m, pattern, ..)| *m == method && matches(pattern, path));
    known.next().map_or(path, |(_, pattern, ..)| *pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_in_place_of_a_list_is_something_else_altogether() {
        let files = crate::assets::SCHEMAS.iter();
        let files = files.map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        let schemas = Schemas::load(files).unwrap();
        let is = |schema: &str, value: Value| schemas.has_type(schema, &value);
        assert!(is("rest/players.schema.json", serde_json::json!([{"guildId": 1}])));
        assert!(!is("rest/players.schema.json", serde_json::json!({"players": []})));
        assert!(is("rest/track.schema.json", serde_json::json!({})));
        assert!(!is("rest/track.schema.json", Value::Null));
    }

    #[test]
    fn answers_are_held_to_the_schema_of_their_route() {
        let of = Schemas::of_answer;
        let players = Some(("rest/players.schema.json", "LL-SHAPE-007"));
        assert_eq!(of("GET", "/v4/sessions/a/players", 200), players);
        let player = Some(("rest/player.schema.json", "LL-SHAPE-009"));
        assert_eq!(of("PATCH", "/v4/sessions/a/players/1", 200), player);
        assert_eq!(of("PATCH", "/v4/sessions/a/players/1", 400), Some((ERROR, ERROR_RULE)));
        assert_eq!(of("GET", "/v4/nope", 404), Some((ERROR, ERROR_RULE)));
        assert_eq!(of("DELETE", "/v4/sessions/a/players/1", 204), None);
        assert_eq!(of("GET", "/v4/websocket", 400), None);
    }
}
