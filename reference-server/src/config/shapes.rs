//! Values in place of sections and sections in place of values, which Lavalink passes over without a
//! word.

use super::keys::{self, Kind};
use super::names;
use super::properties::{Named, Origin, Properties};
use super::scalar::Value;
use super::values;

/// What is ignored, in one line.
pub(super) fn line(properties: &Properties) -> Option<String> {
    let mut found = Vec::new();
    for section in keys::LENIENT_SECTIONS {
        for given in properties.values_of(section) {
            let is_nothing = matches!(&given.value, Value::EmptyMap | Value::EmptyList)
                || given.value == Value::Text(String::new());
            if !is_nothing {
                found.push(told(section, &section_is_wanted(&given.value), &given.origin));
            }
        }
    }
    for Named { name, forms, value, origin, .. } in properties.names() {
        let Some(form) = forms.first() else { continue };
        let entry = if form.is_empty() && !origin.is_variable() {
            let what = if *value == Value::EmptyList { "a list" } else { "a text" };
            told("the document", &format!("{what} where keys with values are expected"), &origin)
        } else if let Some(section) = list_in_place_of(form) {
            told(section, "a list where a section of keys is expected", &origin)
        } else if let Some(key) = value_above(form).filter(|_| !origin.is_variable()) {
            told(key, "a section or a list where one value is expected", &origin)
        } else if keys::STRICT_SECTIONS.iter().any(|(section, _)| is_item_of(form, section)) {
            told(names::head(name), "a list where a section of keys is expected", &origin)
        } else {
            continue;
        };
        if !found.contains(&entry) {
            found.push(entry);
        }
    }
    (!found.is_empty()).then(|| format!("ignored, as in Lavalink: {}", found.join("; ")))
}

/// Whether a name in a file lies where no name can be.
pub(super) fn is_misplaced(form: &str) -> bool {
    let is_item = || keys::STRICT_SECTIONS.iter().any(|(section, _)| is_item_of(form, section));
    list_in_place_of(form).is_some() || value_above(form).is_some() || is_item()
}

fn told(key: &str, what: &str, origin: &Origin) -> String {
    format!("{key} is {what} ({origin})")
}

fn section_is_wanted(value: &Value) -> String {
    match value {
        Value::Text(text) if text.contains(':') => {
            "a text where a section of keys is expected: is a blank missing after its colon?"
                .to_owned()
        }
        value => format!("{} where a section of keys is expected", values::kind(value)),
    }
}

/// The section that a list stands in place of.
fn list_in_place_of(form: &str) -> Option<&'static str> {
    keys::LENIENT_SECTIONS.iter().copied().find(|section| is_item_of(form, section))
}

fn is_item_of(form: &str, section: &str) -> bool {
    let rest = form.strip_prefix(&names::canonical(section));
    let item = rest.and_then(|rest| rest.strip_prefix('.')?.split('.').next());
    item.is_some_and(|item| item.parse::<usize>().is_ok())
}

/// The key with one value that a name lies below.
fn value_above(form: &str) -> Option<&'static str> {
    let has_one_value = |kind: Kind| {
        matches!(
            kind,
            Kind::Switch(_)
                | Kind::Whole { .. }
                | Kind::Lenient { .. }
                | Kind::Text(_)
                | Kind::ForeignSource
        )
    };
    let mut keys = keys::KEYS.iter().filter(|key| has_one_value(key.kind));
    let above = |name: &str| {
        form.strip_prefix(&names::canonical(name)).is_some_and(|rest| rest.starts_with('.'))
    };
    keys.find(|key| above(key.name)).map(|key| key.name)
}
