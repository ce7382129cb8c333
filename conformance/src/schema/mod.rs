//! The JSON Schemas of the protocol, which every answer and every message is held against.

mod checker;
mod shapes;
mod unknown;
mod violation;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use checker::Checker;
use lavalink_validator::{Difference, NoSchema, Validators};
use serde_json::Value;
pub use shapes::AREA;
use shapes::{ANSWERS, ERROR, MESSAGE};
pub(crate) use shapes::{ERROR_RULE, is_known, made, rules};
use unknown::Documents;
pub use violation::Violation;

/// The schemas of the protocol, ready to be used.
pub struct Schemas {
    validators: Validators,
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
    #[error(transparent)]
    Schema(#[from] NoSchema),
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
        let wanted = ANSWERS.iter().map(|(_, _, path, _)| *path).chain([MESSAGE, ERROR]);
        for path in wanted.clone() {
            documents.get(path).ok_or(SchemaError::Missing(path))?;
        }
        let validators = Validators::of(&documents, wanted)?;
        Ok(Arc::new(Self { validators, documents }))
    }

    /// Every way in which the value is not what the schema says.
    fn differences(&self, schema: &str, value: &Value) -> Vec<Difference> {
        self.validators.differences(schema, value)
    }
}

/// Whether the value as a whole is of the type that the schema says.
fn has_type(differences: &[Difference]) -> bool {
    !differences
        .iter()
        .any(|difference| difference.path.is_empty() && difference.is_of_another_type)
}

/// A line for every difference.
fn lines(differences: &[Difference]) -> Vec<String> {
    let line = |Difference { path, message, .. }: &Difference| match path.is_empty() {
        true => format!("(root): {message}"),
        false => format!("{path}: {message}"),
    };
    differences.iter().map(line).collect()
}

impl std::fmt::Debug for Schemas {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Schemas").field(&self.validators).finish()
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
        let is = |schema: &str, value: Value| has_type(&schemas.differences(schema, &value));
        assert!(is("rest/players.schema.json", serde_json::json!([{"guildId": 1}])));
        assert!(!is("rest/players.schema.json", serde_json::json!({"players": []})));
        assert!(is("rest/track.schema.json", serde_json::json!({})));
        assert!(!is("rest/track.schema.json", Value::Null));
    }
}
