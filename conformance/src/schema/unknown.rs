//! Fields that a schema says nothing of. They are no violation: servers may say more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// All schema documents by their path below `schemas/`.
pub(super) type Documents = BTreeMap<String, Value>;

/// A schema and the document that it stands in, which relative references start from.
type Placed<'a> = (&'a str, &'a Value);

/// JSON paths of fields that the schema at `path` does not know; indices of arrays are `*`.
/// Objects of which it names no field at all, such as userData, are open.
pub(super) fn unknown_fields(documents: &Documents, path: &str, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some((path, schema)) = documents.get_key_value(path) {
        let schemas = flattened(documents, &[(path.as_str(), schema)]);
        walk(documents, &schemas, value, "", &mut found);
    }
    found
}

fn walk<'a>(
    documents: &'a Documents,
    schemas: &[Placed<'a>],
    value: &Value,
    at: &str,
    found: &mut BTreeSet<String>,
) {
    match value {
        Value::Array(items) => {
            let of_items = below(documents, schemas, |schema| schema.get("items"));
            for item in items {
                walk(documents, &of_items, item, &format!("{at}/*"), found);
            }
        }
        Value::Object(fields) if schemas.iter().any(|(_, s)| s.get("properties").is_some()) => {
            for (name, value) in fields {
                let of_field =
                    below(documents, schemas, |schema| schema.get("properties")?.get(name));
                let at = format!("{at}/{name}");
                if of_field.is_empty() {
                    found.insert(at);
                } else {
                    walk(documents, &of_field, value, &at, found);
                }
            }
        }
        _ => {}
    }
}

/// A part of each schema that has it.
fn below<'a>(
    documents: &'a Documents,
    schemas: &[Placed<'a>],
    part: impl Fn(&'a Value) -> Option<&'a Value>,
) -> Vec<Placed<'a>> {
    let parts = schemas.iter().filter_map(|(path, schema)| Some((*path, part(schema)?)));
    flattened(documents, &parts.collect::<Vec<_>>())
}

/// These schemas with all that they refer to or are put together from.
fn flattened<'a>(documents: &'a Documents, schemas: &[Placed<'a>]) -> Vec<Placed<'a>> {
    let mut all = schemas.to_vec();
    let mut next = 0;
    while let Some((path, schema)) = all.get(next).copied() {
        next += 1;
        if let Some(reference) = schema["$ref"].as_str()
            && let Some((path, schema)) = documents.get_key_value(&resolved(path, reference))
        {
            all.push((path, schema));
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let parts = schema[key].as_array().into_iter().flatten();
            all.extend(parts.map(|part| (path, part)));
        }
        for key in ["if", "then", "else"] {
            all.extend(schema.get(key).map(|part| (path, part)));
        }
    }
    all
}

/// `../common/a.json` as seen from `rest/b.json`.
fn resolved(from: &str, reference: &str) -> String {
    let mut segments: Vec<&str> = from.split('/').collect();
    segments.pop();
    for segment in reference.split('/') {
        if segment == ".." {
            segments.pop();
        } else {
            segments.push(segment);
        }
    }
    segments.join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn documents() -> Documents {
        let documents = [
            (
                "rest/a.json",
                json!({"type": "object", "properties": {
                "one": {}, "part": {"$ref": "../common/b.json"},
                "list": {"type": "array", "items": {"$ref": "../common/b.json"}},
                "open": {"type": "object"},
            }, "allOf": [{"if": {"properties": {"kind": {"const": 1}}}, "then": {"properties": {"extra": {}}}}]}),
            ),
            ("common/b.json", json!({"properties": {"x": {}}})),
        ];
        documents.into_iter().map(|(path, schema)| (path.to_owned(), schema)).collect()
    }

    #[test]
    fn fields_without_a_schema_are_found_wherever_they_are() {
        let value = json!({
            "one": 1, "two": 2, "kind": 1, "extra": 1, "open": {"any": 1},
            "part": {"x": 1, "y": 2}, "list": [{"x": 1}, {"z": 1}, {"z": 2}],
        });
        let found = unknown_fields(&documents(), "rest/a.json", &value);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["/list/*/z", "/part/y", "/two"]);
    }

    #[test]
    fn references_are_relative_to_their_document() {
        assert_eq!(resolved("rest/a.json", "../common/b.json"), "common/b.json");
        assert_eq!(resolved("ws/a.json", "b.json"), "ws/b.json");
    }
}
