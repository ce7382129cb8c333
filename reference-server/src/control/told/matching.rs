//! What a request has to have: read from a body, compared with what came.

use serde_json::Value;

use super::journal::{Kind, Recorded};
use super::keys::{Object, Place, Wrong, shown};
use crate::wildcard::is_like;

/// The keys of a match.
const KEYS: &[&str] =
    &["kind", "method", "path", "query", "headers", "body", "status", "sessionId", "code"];

/// Those that can be told of a request before it is answered.
const KEYS_OF_REQUESTS: &[&str] = &["kind", "method", "path", "query", "headers", "body"];

/// Methods that requests have. `*` stands for all of them.
const METHODS: &[&str] =
    &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "*"];

/// What a request has to have, all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Match {
    /// As it was given.
    given: Value,
    kind: Option<Kind>,
    method: Option<String>,
    path: Option<String>,
    query: Vec<(String, String)>,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    body: Option<Value>,
    status: Option<u16>,
    session_id: Option<String>,
    code: Option<u16>,
}

/// How far an entry is from what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Distance {
    /// How much of it is there.
    pub(crate) agreeing: usize,
    /// The first that is not; `None` if all is.
    pub(crate) difference: Option<String>,
}

impl Match {
    /// Of entries of the journal.
    pub(crate) fn read(value: &Value, place: Place<'_>) -> Result<Self, Wrong> {
        Self::read_keys(value, place, KEYS)
    }

    /// Of requests that are not answered yet.
    pub(crate) fn read_for_fault(value: &Value, place: Place<'_>) -> Result<Self, Wrong> {
        let wanted = Self::read_keys(value, place, KEYS_OF_REQUESTS)?;
        if wanted.kind == Some(Kind::Close) {
            let message = "a close is no request; DELETE /sessions/{session}/socket makes one";
            return Err(Object::open(value, place)?.wrong("kind", message));
        }
        Ok(wanted)
    }

    /// Handshakes.
    pub(crate) fn handshakes() -> Self {
        let given = serde_json::json!({"kind": "handshake"});
        Self { given, kind: Some(Kind::Handshake), ..Self::default() }
    }

    fn read_keys(value: &Value, place: Place<'_>, keys: &[&'static str]) -> Result<Self, Wrong> {
        let object = Object::read(value, place, keys)?;
        let kind = object.word("kind", &Kind::NAMES)?.and_then(Kind::of_name);
        let pairs = |key| {
            let pairs = object.strings(key)?.unwrap_or_default().into_iter();
            Ok(pairs.map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
        };
        let small = |key, range| object.integer(key, range).map(|it| it.map(|it| it as u16));
        let lower = |(name, value): (String, String)| (name.to_lowercase(), value);
        let path = object.text("path")?;
        if let Some(why) = path.and_then(|path| never_seen(path, kind)) {
            return Err(object.wrong("path", why));
        }
        Ok(Self {
            given: value.clone(),
            kind,
            method: method(&object)?,
            path: path.map(str::to_owned),
            query: pairs("query")?,
            headers: pairs("headers")?.into_iter().map(lower).collect(),
            body: object.map().get("body").cloned(),
            status: small("status", 100..=599)?,
            session_id: object.text("sessionId")?.map(str::to_owned),
            code: small("code", 1000..=4999)?,
        })
    }

    /// Names the session that `latest` stands for.
    pub(crate) fn resolve_session(&mut self, latest: impl FnOnce() -> Option<String>) {
        if self.session_id.as_deref() == Some("latest") {
            self.session_id = latest().or(self.session_id.take());
        }
    }

    /// As it was given.
    pub(crate) fn to_json(&self) -> Value {
        if self.given.is_null() { serde_json::json!({}) } else { self.given.clone() }
    }

    /// Whether the body has to be known to decide.
    pub(crate) fn looks_at_body(&self) -> bool {
        self.body.is_some()
    }

    pub(crate) fn matches(&self, entry: &Recorded) -> bool {
        self.distance(entry).difference.is_none()
    }

    /// How much of what was asked for an entry has.
    pub(crate) fn distance(&self, entry: &Recorded) -> Distance {
        let mut comparison = Distance { agreeing: 0, difference: None };
        let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        if let Some(kind) = self.kind {
            comparison.take("kind", kind == entry.kind, kind.name(), entry.kind.name());
        }
        if let Some(path) = &self.path {
            let given = entry.path.as_deref();
            let same = given.is_some_and(|given| is_like(path, given));
            comparison.take("path", same, path, &told(&entry.path));
        }
        if let Some(method) = &self.method {
            let given = entry.method.as_deref();
            let same = given.is_some_and(|given| given.eq_ignore_ascii_case(method));
            comparison.take("method", same, method, &told(&entry.method));
        }
        for (place, wanted, given) in
            [("query", &self.query, &entry.query), ("headers", &self.headers, &entry.headers)]
        {
            for (name, wanted) in wanted {
                let given = given.iter().find(|(other, _)| other == name).map(|(_, value)| value);
                let same = given.is_some_and(|given| is_like(wanted, given));
                let shown = given.map_or("nothing", |given| given.as_str());
                comparison.take(&format!("{place}.{name}"), same, wanted, shown);
            }
        }
        if let Some(wanted) = &self.body {
            let difference = match &entry.body {
                None => Some(format!("body: {} was asked for, nothing was sent", shown(wanted))),
                Some(given) => first_difference(wanted, given, "body"),
            };
            comparison.note(difference);
        }
        for (place, wanted, given) in
            [("status", self.status, entry.status), ("code", self.code, entry.code)]
        {
            if let Some(wanted) = wanted {
                let shown = given.map_or("nothing".to_owned(), |given| given.to_string());
                comparison.take(place, given == Some(wanted), &wanted.to_string(), &shown);
            }
        }
        if let Some(wanted) = &self.session_id {
            let same = entry.session_id.as_ref() == Some(wanted);
            comparison.take("sessionId", same, wanted, &told(&entry.session_id));
        }
        comparison
    }
}

/// The method of a match; `None` for any.
fn method(object: &Object<'_>) -> Result<Option<String>, Wrong> {
    let Some(given) = object.text("method")? else { return Ok(None) };
    let method = object.known_word("method", &given.to_uppercase(), METHODS)?;
    Ok((method != "*").then(|| method.to_owned()))
}

/// Why no entry of a kind has a path that is like this one.
fn never_seen(path: &str, kind: Option<Kind>) -> Option<&'static str> {
    const SOCKET: &str = "/v4/websocket";
    let of_control = path.strip_prefix(super::PREFIX);
    if of_control.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '*'])) {
        return Some("the control API is not watched, and nothing of it fails");
    }
    if path.contains(['?', '#']) {
        return Some("it has no query; see query");
    }
    if !path.starts_with(['/', '*']) {
        return Some("begin it with / or *");
    }
    match kind {
        Some(Kind::Handshake) if !is_like(path, SOCKET) => Some("a handshake is /v4/websocket"),
        Some(Kind::Request) if path == SOCKET => Some("/v4/websocket is a handshake"),
        Some(Kind::Close) => Some("a close has none"),
        _ => None,
    }
}

impl Distance {
    fn take(&mut self, place: &str, same: bool, wanted: &str, given: &str) {
        let difference = || format!("{place}: {wanted} was asked for, {given} was there");
        self.note((!same).then(difference));
    }

    fn note(&mut self, difference: Option<String>) {
        match difference {
            None => self.agreeing += 1,
            Some(difference) => self.difference = self.difference.take().or(Some(difference)),
        }
    }
}

/// The first place at which `given` lacks something of `wanted`.
fn first_difference(wanted: &Value, given: &Value, place: &str) -> Option<String> {
    let differs =
        || Some(format!("{place}: {} was asked for, {} was sent", shown(wanted), shown(given)));
    match (wanted, given) {
        (Value::Object(wanted), Value::Object(given)) => wanted.iter().find_map(|(key, wanted)| {
            let place = format!("{place}.{key}");
            match given.get(key) {
                Some(given) => first_difference(wanted, given, &place),
                None => Some(format!("{place}: {} was asked for, nothing was sent", shown(wanted))),
            }
        }),
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            let pairs = wanted.iter().zip(given).enumerate();
            pairs.into_iter().find_map(|(index, (wanted, given))| {
                first_difference(wanted, given, &format!("{place}[{index}]"))
            })
        }
        (Value::Number(a), Value::Number(b)) if a == b || a.as_f64() == b.as_f64() => None,
        (wanted, given) if wanted == given => None,
        _ => differs(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in [
            ("*", ""),
            ("*/players/*", "/v4/sessions/a/players/1"),
            ("ytsearch:*", "ytsearch:a"),
            ("a*b*c", "aXbYbZc"),
            ("a", "a"),
            ("a**", "ab"),
        ] {
            assert!(is_like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("", "a"), ("*b", "a"), ("a*b*c", "acb"), ("a*a", "a")]
        {
            assert!(!is_like(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_part_of_a_body_is_enough() {
        let given = json!({"volume": 30, "track": {"encoded": "x", "userData": {}}, "l": [1, {"a": 1, "b": 2}]});
        for wanted in [
            json!({}),
            json!({"volume": 30.0}),
            json!({"track": {"encoded": "x"}}),
            json!({"l": [1, {"a": 1}]}),
        ] {
            assert_eq!(first_difference(&wanted, &given, "body"), None, "{wanted}");
        }
        for (wanted, difference) in [
            (json!({"volume": 50}), "body.volume: 50 was asked for, 30 was sent"),
            (json!({"track": {"x": 1}}), "body.track.x: 1 was asked for, nothing was sent"),
            (json!({"l": [1]}), r#"body.l: [1] was asked for, [1,{"a":1,"b":2}] was sent"#),
            (json!({"l": [1, {"b": 3}]}), "body.l[1].b: 3 was asked for, 2 was sent"),
            (json!([]), ""),
        ] {
            let found = first_difference(&wanted, &given, "body").unwrap();
            assert!(found.starts_with(difference), "{found}");
        }
    }
}
