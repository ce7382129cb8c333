//! The JSON Schemas of the protocol, which every answer and every message is held against.

mod checker;
mod shapes;
mod unknown;
mod violation;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use checker::Checker;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Registry, Validator};
use serde_json::Value;
pub use shapes::AREA;
use shapes::{ANSWERS, ERROR, MESSAGE};
pub(crate) use shapes::{ERROR_RULE, is_known, made, rules};
use unknown::Documents;
pub use violation::Violation;

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
        /// Where it is not.
        source: serde_json::Error,
    },
    /// A file is no schema, or refers to one that is not there.
    #[error("{path}: {message}")]
    Schema {
        /// The file.
        path: String,
        /// What is wrong with it.
        message: String,
    },
    /// A file that has to be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
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
}
