//! JSON held against JSON Schemas.

use std::collections::BTreeMap;
use std::fmt;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Registry, ValidationError, Validator};
use serde_json::Value;

/// Schemas that are ready to be used, by the paths of their files.
pub struct Validators(BTreeMap<String, Validator>);

/// A file that is no schema, or refers to one that is not there.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {message}")]
pub struct NoSchema {
    /// The file.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

/// A way in which a value is not what a schema says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where in the value, as a JSON pointer; empty for all of it.
    pub path: String,
    /// What is there and what should be.
    pub message: String,
    /// Whether the value there is of another type.
    pub is_of_another_type: bool,
}

impl Validators {
    /// Compiles those that are `wanted` of all documents, which refer to each other by `$id`.
    ///
    /// # Errors
    /// [`NoSchema`] for a document that is none, or that refers to one that is not among them.
    pub fn of<'a>(
        documents: &BTreeMap<String, Value>,
        wanted: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, NoSchema> {
        let broken = |path: &str, error: &dyn fmt::Display| NoSchema {
            path: path.to_owned(),
            message: error.to_string(),
        };
        let mut registry = Registry::new();
        for (path, document) in documents {
            let id = document["$id"].as_str().ok_or_else(|| broken(path, &"it has no $id"))?;
            registry = registry.add(id, document).map_err(|e| broken(path, &e))?;
        }
        let registry = registry.prepare().map_err(|e| broken("schemas", &e))?;
        let mut validators = BTreeMap::new();
        for path in wanted {
            let document = documents.get(path).ok_or_else(|| broken(path, &"it is missing"))?;
            let options = jsonschema::options().with_registry(&registry);
            let validator = options.build(document).map_err(|e| broken(path, &e))?;
            validators.insert(path.to_owned(), validator);
        }
        Ok(Self(validators))
    }

    /// Every way in which a value is not what the schema of that path says; none for a path that
    /// was not wanted.
    pub fn differences(&self, path: &str, value: &Value) -> Vec<Difference> {
        self.0.get(path).map(|validator| list(validator, value)).unwrap_or_default()
    }
}

impl fmt::Debug for Validators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Every way in which a value is not what one schema says, which refers to no other.
///
/// # Errors
/// [`NoSchema`] if it is none.
pub fn differences(schema: &Value, value: &Value) -> Result<Vec<Difference>, NoSchema> {
    let validator = jsonschema::validator_for(schema);
    let validator =
        validator.map_err(|e| NoSchema { path: "schema".to_owned(), message: e.to_string() })?;
    Ok(list(&validator, value))
}

fn list(validator: &Validator, value: &Value) -> Vec<Difference> {
    let difference = |error: ValidationError<'_>| Difference {
        path: error.instance_path().to_string(),
        message: error.to_string(),
        is_of_another_type: matches!(error.kind(), ValidationErrorKind::Type { .. }),
    };
    validator.iter_errors(value).map(difference).collect()
}
