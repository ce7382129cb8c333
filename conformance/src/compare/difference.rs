//! In what two observations differ.

use serde_json::Value;

use super::observed::{Body, Observed};

/// How far positions of tracks may be apart, ms: two requests are never sent at the same moment.
const POSITION_APART: f64 = 1500.0;

/// How much of a value is shown.
const SHOWN: usize = 160;

/// One thing in which two servers differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// What about, such as `status`, `header allow`, `body /message`.
    pub(crate) about: String,
    /// What the first server has there.
    pub(crate) first: String,
    /// What the second has.
    pub(crate) second: String,
}

impl Difference {
    pub(crate) fn new(about: impl Into<String>, first: &str, second: &str) -> Self {
        let shown = |text: &str| match text.char_indices().nth(SHOWN) {
            Some((at, _)) => format!("{}… ({} bytes)", &text[..at], text.len()),
            None => text.to_owned(),
        };
        Self { about: about.into(), first: shown(first), second: shown(second) }
    }

    /// The same for differences that probably have one cause: without numbers and quoted texts.
    pub(crate) fn kind(&self) -> (String, String, String) {
        let kind = |text: &str| {
            let without_quoted: Vec<_> = text.split(['"', '\'']).step_by(2).collect();
            let text = without_quoted.join("\"\"");
            let text: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
            text.chars().take(80).collect::<String>()
        };
        if self.about == "status" {
            return (self.about.clone(), self.first.clone(), self.second.clone());
        }
        (self.about.clone(), kind(&self.first), kind(&self.second))
    }
}

/// All differences; of answers with different statuses, and of answers and none, only that.
pub(crate) fn differences(first: &Observed, second: &Observed) -> Vec<Difference> {
    match (first, second) {
        (
            Observed::Answer { status, headers, body },
            Observed::Answer { status: other_status, headers: other_headers, body: other_body },
        ) => {
            if status != other_status {
                return vec![Difference::new(
                    "status",
                    &status.to_string(),
                    &other_status.to_string(),
                )];
            }
            let mut found = differing_headers(headers, other_headers);
            found.extend(differing_bodies(body, other_body));
            found
        }
        (Observed::Message(first), Observed::Message(second)) => {
            let mut found = Vec::new();
            compare("message", String::new(), Some(first), Some(second), &mut found);
            found
        }
        (first, second) if first == second => Vec::new(),
        (first, second) => vec![Difference::new("answer", &outcome(first), &outcome(second))],
    }
}

fn outcome(observed: &Observed) -> String {
    match observed {
        Observed::Answer { status, .. } => status.to_string(),
        Observed::Other(text) => text.clone(),
        Observed::Message(message) => message.to_string(),
    }
}

fn differing_headers(
    first: &[(&'static str, String)],
    second: &[(&'static str, String)],
) -> Vec<Difference> {
    let value = |headers: &[(&'static str, String)], name: &str| {
        let found = headers.iter().find(|(known, _)| *known == name);
        found.map_or_else(|| "(absent)".to_owned(), |(_, value)| value.clone())
    };
    let mut names: Vec<_> = first.iter().chain(second).map(|(name, _)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let differing = names.into_iter().filter_map(|name| {
        let (first, second) = (value(first, name), value(second, name));
        (first != second).then(|| Difference::new(format!("header {name}"), &first, &second))
    });
    differing.collect()
}

fn differing_bodies(first: &Body, second: &Body) -> Vec<Difference> {
    match (first, second) {
        (Body::Json(first), Body::Json(second)) => {
            let mut found = Vec::new();
            compare("body", String::new(), Some(first), Some(second), &mut found);
            found
        }
        (first, second) if first == second => Vec::new(),
        (first, second) => vec![Difference::new("body", &text(first), &text(second))],
    }
}

fn text(body: &Body) -> String {
    match body {
        Body::Json(value) => value.to_string(),
        Body::Text(text) if text.is_empty() => "(empty)".to_owned(),
        Body::Text(text) => text.clone(),
    }
}

fn compare(
    what: &str,
    at: String,
    first: Option<&Value>,
    second: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (first, second) {
        (Some(Value::Object(fields)), Some(Value::Object(others))) => {
            let more = others.keys().filter(|key| !fields.contains_key(*key));
            for key in fields.keys().chain(more) {
                compare(what, format!("{at}/{key}"), fields.get(key), others.get(key), found);
            }
        }
        (Some(Value::Array(items)), Some(Value::Array(others))) if items.len() == others.len() => {
            // A list of words has no order that anybody could count on.
            if is_set(items) && sorted(items) == sorted(others) {
                return;
            }
            for (item, other) in items.iter().zip(others) {
                compare(what, format!("{at}/*"), Some(item), Some(other), found);
            }
        }
        (first, second) if same(&at, first, second) => {}
        (first, second) => {
            let shown = |value: Option<&Value>| {
                value.map_or_else(|| "(absent)".to_owned(), Value::to_string)
            };
            let place = if at.is_empty() { what.to_owned() } else { format!("{what} {at}") };
            found.push(Difference::new(place, &shown(first), &shown(second)));
        }
    }
}

fn is_set(items: &[Value]) -> bool {
    items.iter().all(Value::is_string)
}

fn sorted(items: &[Value]) -> Vec<&str> {
    let mut texts: Vec<_> = items.iter().filter_map(Value::as_str).collect();
    texts.sort_unstable();
    texts
}

fn same(at: &str, first: Option<&Value>, second: Option<&Value>) -> bool {
    let (Some(first), Some(second)) = (first, second) else { return first == second };
    match (first.as_f64(), second.as_f64()) {
        (Some(first), Some(second)) if at.ends_with("/position") => {
            (first - second).abs() <= POSITION_APART
        }
        // 1 and 1.0 are the same number to every client, 1.4e-45 and 1e-45 the same float.
        (Some(one), Some(other)) => {
            first == second
                || one == other && first.is_f64() != second.is_f64()
                || first.is_f64() && second.is_f64() && one as f32 == other as f32
        }
        _ => first == second,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;

    fn answer(status: u16, header: Option<&str>, body: &Value) -> Observed {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert("allow", value.parse().unwrap());
        }
        Observed::answer(status, &headers, &body.to_string())
    }

    #[test]
    fn statuses_headers_and_every_field_are_compared() {
        let plain = json!({"a": [1, {"b": 2}], "position": 100, "filters": ["x", "y"]});
        let first = answer(200, Some("GET"), &plain);
        let same = json!({"a": [1.0, {"b": 2}], "position": 900, "filters": ["y", "x"]});
        assert_eq!(differences(&first, &answer(200, Some("GET"), &same)), []);
        let other = json!({"a": [1, {"b": 3}], "position": 9000, "filters": ["x", "z"], "c": null});
        let found = differences(&first, &answer(200, None, &other));
        let about: Vec<_> = found.iter().map(|it| it.about.as_str()).collect();
        let expected =
            ["header allow", "body /a/*/b", "body /position", "body /filters/*", "body /c"];
        assert_eq!(about, expected);
        let found = differences(&first, &answer(404, None, &json!({})));
        assert_eq!(found, [Difference::new("status", "200", "404")]);
        let gain = |gain: f64| answer(200, None, &json!({ "gain": gain }));
        assert_eq!(differences(&gain(1e-45), &gain(1.4e-45)), []);
        assert_eq!(differences(&gain(0.25), &gain(0.26)).len(), 1);
        let closed = Observed::other("hung up");
        assert_eq!(differences(&first, &closed), [Difference::new("answer", "200", "hung up")]);
        assert_eq!(differences(&closed, &closed), []);
    }

    #[test]
    fn differences_of_one_cause_are_of_one_kind() {
        let of = |first: &str| Difference::new("body /message", first, "x").kind();
        assert_eq!(of("no field 'a' at 5"), of("no field 'bc' at 17"));
        assert_ne!(of("no field 'a'"), of("no value 'a'"));
    }
}
