//! Every schema, field by field.

use maud::{Markup, html};
use serde_json::Value;

use super::{File, Site};
use crate::assets;
use crate::pages;
use crate::schema;

/// A field that a schema tells of.
#[derive(Debug, PartialEq, Eq)]
struct Field {
    /// How to get there: `details.ipBlock.type`, `[].track`.
    path: String,
    is_required: bool,
    /// Its types, with what limits them.
    types: Vec<Type>,
    about: String,
}

/// What a value may be.
#[derive(Debug, PartialEq, Eq)]
enum Type {
    /// In words.
    Words(String),
    /// What another schema tells; its path below `schemas/`.
    Other(String),
}

/// Keywords that limit a value, as they are shown.
const LIMITS: [(&str, &str); 9] = [
    ("minimum", "≥ "),
    ("maximum", "≤ "),
    ("exclusiveMinimum", "> "),
    ("exclusiveMaximum", "< "),
    ("minLength", "length ≥ "),
    ("maxLength", "length ≤ "),
    ("minItems", "items ≥ "),
    ("maxItems", "items ≤ "),
    ("pattern", "like "),
];

/// The id of a schema in its page.
pub(super) fn anchor(path: &str) -> String {
    pages::anchor(&path.trim_end_matches(".schema.json").replace('/', "-"))
}

impl Site<'_> {
    pub(super) fn schemas(&self) -> File {
        let main = html! {
            h1 { "Schemas" }
            p.lead {
                "Every answer and every message of every scenario is checked against these. They ask \
                 for what the documentation promises; rules ask for more."
            }
            ul.columns {
                @for (path, _) in assets::SCHEMAS {
                    li { a href=(format!("#{}", anchor(path))) { (path.trim_end_matches(".schema.json")) } }
                }
            }
            @for (path, text) in assets::SCHEMAS { (self.schema(path, text)) }
        };
        let says = "The JSON Schemas of every answer and message of the Lavalink v4 protocol.";
        self.page("schemas.html", "Schemas", says, main)
    }

    fn schema(&self, path: &str, text: &str) -> Markup {
        let schema: Value = serde_json::from_str(text).unwrap_or_default();
        let made: Vec<_> = schema::made().filter(|(_, known, _)| *known == path).collect();
        let mut fields = Vec::new();
        collect(&schema, "", true, path, &mut fields);
        html! {
            section.card {
                h2 id=(anchor(path)) { (schema["title"].as_str().unwrap_or(path)) }
                p.row.small { code { "schemas/" (path) } }
                @if !made.is_empty() {
                    p { "Checked by " @for (what, _, rule) in &made {
                        (self.links.rule(rule)) " (" code { (what) } ") "
                    } }
                }
                (fields_table(&fields))
                details { summary { "As JSON" } pre { (text) } }
            }
        }
    }
}

fn fields_table(fields: &[Field]) -> Markup {
    let rows = html! {
        thead { tr { th { "Field" } th { "Type" } th { "" } } }
        tbody {
            @for field in fields {
                tr {
                    th scope="row" { @if field.path.is_empty() { "the whole" } @else { code { (field.path) } } }
                    td { @for (n, kind) in field.types.iter().enumerate() {
                        @if n > 0 { " or " }
                        @match kind {
                            Type::Words(words) => (words),
                            Type::Other(path) => a href=(format!("#{}", anchor(path))) {
                                (path.trim_end_matches(".schema.json"))
                            },
                        }
                    } }
                    td {
                        @if !field.is_required { span.dim { "may be missing" } " " }
                        (field.about)
                    }
                }
            }
        }
    };
    pages::table("Fields", &rows)
}

/// Adds a value and what is in it. `own` is the path of the schema, for references.
fn collect(schema: &Value, path: &str, is_required: bool, own: &str, fields: &mut Vec<Field>) {
    let text = |key: &str| schema[key].as_str().unwrap_or_default().to_owned();
    let about = if path.is_empty() {
        text("description")
    } else {
        format!("{} {}", text("title"), text("description")).trim().to_owned()
    };
    let types = types(schema, own);
    let seen = fields.iter().any(|field| field.path == path);
    if !types.is_empty() && !seen {
        fields.push(Field { path: path.to_owned(), is_required, types, about });
    }
    let required = |name: &str| {
        schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name))
    };
    let dot = if path.is_empty() { "" } else { "." };
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        collect(inner, &format!("{path}{dot}{name}"), required(name), own, fields);
    }
    if schema["items"].is_object() {
        collect(&schema["items"], &format!("{path}[]"), true, own, fields);
    }
    if schema["additionalProperties"].is_object() {
        collect(&schema["additionalProperties"], &format!("{path}{dot}*"), true, own, fields);
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for inner in schema[key].as_array().into_iter().flatten() {
            if inner.get("properties").is_some() || inner.get("then").is_some() {
                collect(inner, path, is_required, own, fields);
            }
        }
    }
    for key in ["then", "else"] {
        if schema[key].is_object() {
            collect(&schema[key], path, is_required, own, fields);
        }
    }
}

/// What a value may be.
fn types(schema: &Value, own: &str) -> Vec<Type> {
    if let Some(reference) = schema["$ref"].as_str() {
        return vec![other(reference, own)];
    }
    let mut types = Vec::new();
    let named: Vec<&str> = match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if let Some(values) = schema["enum"].as_array() {
        types.extend(values.iter().map(|value| Type::Words(value.to_string())));
    } else if schema.get("const").is_some() {
        types.push(Type::Words(schema["const"].to_string()));
    } else {
        let limits = limits(schema);
        types.extend(named.iter().map(|name| {
            let is_limited = *name != "null" && !limits.is_empty();
            Type::Words(if is_limited { format!("{name} {limits}") } else { (*name).to_owned() })
        }));
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        for inner in schema[key].as_array().into_iter().flatten() {
            for kind in self::types(inner, own) {
                if !types.contains(&kind) {
                    types.push(kind);
                }
            }
        }
    }
    types
}

fn limits(schema: &Value) -> String {
    let limits = LIMITS.iter().filter_map(|(key, sign)| {
        let value = schema.get(*key)?;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Some(format!("{sign}{value}"))
    });
    limits.collect::<Vec<_>>().join(", ")
}

/// A reference, as the path of the schema that it names.
fn other(reference: &str, own: &str) -> Type {
    let file = reference.split('#').next().unwrap_or_default();
    let mut folders: Vec<&str> = own.split('/').collect();
    folders.pop();
    for part in file.split('/') {
        match part {
            ".." => _ = folders.pop(),
            part => folders.push(part),
        }
    }
    let path = folders.join("/");
    match assets::SCHEMAS.iter().any(|(known, _)| *known == path) {
        true => Type::Other(path),
        false => Type::Words(reference.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_have_their_paths_types_and_limits() {
        let schema = json!({
            "type": "object",
            "required": ["a"],
            "properties": {
                "a": {"type": "integer", "minimum": 0},
                "b": {"anyOf": [{"type": "null"}, {"$ref": "track.schema.json"}]},
                "c": {"type": "array", "items": {"type": "object", "properties": {"d": {"const": 4}}}},
            },
        });
        let mut fields = Vec::new();
        collect(&schema, "", true, "common/player.schema.json", &mut fields);
        let field = |path: &str| fields.iter().find(|field| field.path == path).unwrap();
        assert_eq!(field("a").types, [Type::Words("integer ≥ 0".into())]);
        assert!(field("a").is_required && !field("b").is_required);
        assert_eq!(field("b").types[1], Type::Other("common/track.schema.json".into()));
        assert_eq!(field("c[].d").types, [Type::Words("4".into())]);
    }
}
