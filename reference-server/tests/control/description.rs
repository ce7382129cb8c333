//! `control.openapi.yaml` describes what there is, and there is what it describes.

use std::collections::BTreeSet;

use lavalink_reference_server::{Mock, MockError};
use serde_json::{Map, Value, json};

use crate::support::{Bot, voice};

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

struct Description(Value);

impl Description {
    fn read() -> Self {
        Self(serde_saphyr::from_str(include_str!("../../control.openapi.yaml")).unwrap())
    }

    /// What a reference leads to.
    fn followed<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(link) => {
                let target = self.0.pointer(link.trim_start_matches('#'));
                self.followed(target.unwrap_or_else(|| panic!("{link} leads nowhere")))
            }
            None => value,
        }
    }

    /// Path, method and operation.
    fn operations(&self) -> Vec<(&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().unwrap();
        let mut operations = Vec::new();
        for (path, methods) in paths {
            for (method, operation) in methods.as_object().unwrap() {
                if METHODS.contains(&method.as_str()) {
                    operations.push((path.as_str(), method.as_str(), operation));
                }
            }
        }
        operations
    }

    fn body_of<'a>(&'a self, operation: &'a Value) -> Option<&'a Value> {
        let schema = operation.pointer("/requestBody/content/application~1json/schema")?;
        Some(self.followed(schema))
    }

    /// What does not fit: a path and why.
    fn misfits(&self, value: &Value, schema: &Value, place: &str, found: &mut Vec<String>) {
        let schema = self.followed(schema);
        let types: Vec<_> = match &schema["type"] {
            Value::String(name) => vec![name.as_str()],
            Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        let own = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let fits = types.is_empty()
            || types.contains(&own)
            || own == "integer" && types.contains(&"number");
        if !fits {
            found.push(format!("{place}: {own} is not {types:?}"));
        }
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            found.push(format!("{place}: {value} is none of {words:?}"));
        }
        if schema.get("const").is_some_and(|only| only != value) {
            found.push(format!("{place}: {value} is not {}", schema["const"]));
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.misfits(item, &schema["items"], &format!("{place}[{index}]"), found);
        }
        let Some(object) = value.as_object() else { return };
        for key in schema["required"].as_array().into_iter().flatten() {
            if !object.contains_key(key.as_str().unwrap()) {
                found.push(format!("{place}: {key} is missing"));
            }
        }
        let Some(properties) = schema["properties"].as_object() else { return };
        for (key, value) in object {
            match properties.get(key) {
                Some(schema) => self.misfits(value, schema, &format!("{place}.{key}"), found),
                None => found.push(format!("{place}: {key} is not described")),
            }
        }
    }

    /// Every object that a body may have, with a body that has it and an unknown key in it.
    fn objects(
        &self,
        schema: &Value,
        place: &str,
        into: &mut Vec<(String, BTreeSet<String>, Value)>,
    ) {
        let schema = self.followed(schema);
        if let Some(items) = schema.get("items") {
            let mut inner = Vec::new();
            self.objects(items, &format!("{place}[0]"), &mut inner);
            into.extend(inner.into_iter().map(|(place, keys, body)| (place, keys, json!([body]))));
        }
        for one in schema["oneOf"].as_array().into_iter().flatten() {
            self.objects(one, place, into);
        }
        let Some(properties) = schema["properties"].as_object() else { return };
        if schema["additionalProperties"] == true {
            return;
        }
        let mut least = Map::new();
        for key in schema["required"].as_array().into_iter().flatten() {
            let key = key.as_str().unwrap();
            least.insert(key.to_owned(), self.least(&properties[key], key));
        }
        let mut unknown = least.clone();
        unknown.insert("zzzz".into(), json!(1));
        into.push((place.to_owned(), properties.keys().cloned().collect(), unknown.into()));
        for (key, schema) in properties {
            let mut inner = Vec::new();
            let separator = if place.is_empty() { "" } else { "." };
            self.objects(schema, &format!("{place}{separator}{key}"), &mut inner);
            into.extend(inner.into_iter().map(|(place, keys, body)| {
                let mut outer = least.clone();
                outer.insert(key.clone(), body);
                (place, keys, outer.into())
            }));
        }
    }

    /// Something that fits a key that has to be there.
    fn least(&self, schema: &Value, key: &str) -> Value {
        let schema = self.followed(schema);
        match key {
            "answer" => json!({"status": 500}),
            "identifier" => json!("x"),
            "code" => json!(4014),
            _ => match schema["type"].as_str() {
                Some("integer") => json!(1),
                Some("boolean") => json!(true),
                Some("array") => json!([]),
                Some("object") => json!({}),
                _ => json!("x"),
            },
        }
    }
}

/// A path of a server that has a session with a player.
fn filled(path: &str) -> String {
    path.replace("{session}", "latest").replace("{guild}", "1").replace("{id}", "1")
}

#[tokio::test]
async fn every_path_and_method_is_served_and_described() {
    let description = Description::read();
    let mock = Mock::start().await.unwrap();
    let described = description.operations();
    assert!(described.len() > 30, "{}", described.len());
    // Those that are not described are refused, by name.
    let paths: BTreeSet<_> = described.iter().map(|(path, ..)| *path).collect();
    for path in &paths {
        for method in METHODS {
            let is_described = described.iter().any(|(other, m, _)| other == path && *m == method);
            let answer = mock.control(method, &filled(path), Some(json!("wrong"))).await;
            let status = answer.err().and_then(|error| error.status());
            let unserved = status == Some(405);
            assert_eq!(unserved, !is_described, "{method} {path}: {status:?}");
        }
    }
    // And there are no others.
    let MockError::Refused { body, .. } = mock.control("get", "/0", None).await.unwrap_err() else {
        panic!("/0 is served")
    };
    let served: BTreeSet<_> =
        body["known"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert_eq!(served, paths);
}

#[tokio::test]
async fn every_key_of_every_body_is_known_and_described() {
    let description = Description::read();
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.patch(&mock, 1, voice()).await;
    let mut seen = 0;
    for (path, method, operation) in description.operations() {
        let Some(schema) = description.body_of(operation) else { continue };
        let mut objects = Vec::new();
        description.objects(schema, "", &mut objects);
        for (place, keys, body) in objects {
            let shown = body.to_string();
            let refused = mock.control(method, &filled(path), Some(body)).await;
            let Err(MockError::Refused { body: error, .. }) = refused else {
                panic!("{method} {path} takes {shown}")
            };
            let known =
                error["known"].as_array().unwrap_or_else(|| panic!("{path}: {shown}: {error}"));
            let known: BTreeSet<_> =
                known.iter().map(|key| key.as_str().unwrap().to_owned()).collect();
            // Some keys are not for every place where their object stands.
            let left_out: BTreeSet<_> = keys.difference(&known).map(String::as_str).collect();
            let of_answered: BTreeSet<_> = ["status", "sessionId", "code"].into();
            let fine = left_out.is_empty() || path == "/faults" && left_out == of_answered;
            assert!(fine, "{method} {path} {place}: {left_out:?} are described and unknown");
            let undescribed: Vec<_> = known.difference(&keys).collect();
            assert!(undescribed.is_empty(), "{method} {path} {place}: {undescribed:?}");
            let dot = if place.is_empty() { "" } else { "." };
            assert_eq!(error["key"], format!("{place}{dot}zzzz"), "{path}");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[tokio::test]
async fn answers_are_as_described() {
    let description = Description::read();
    let mock = Mock::start().await.unwrap();
    let bot = Bot::connect(&mock).await;
    bot.may_resume(&mock).await;
    let encoded = bot.play(&mock, "ytsearch:a").await["track"]["encoded"].clone();
    let player = "/sessions/{session}/players/{guild}";
    let track = json!({"title": "a", "plays": {"exception": {}}, "pluginInfo": {}});
    let catalogue = json!({"sources": ["x"], "entries": [{"identifier": "a", "track": track}]});
    let steps = [
        ("get", "/health".to_owned(), None),
        ("get", "/clock".into(), None),
        ("post", "/clock/advance".into(), Some(json!({"ms": 0}))),
        ("post", "/clock/advance".into(), Some(json!({"until": {"op": "stats"}}))),
        ("post", "/clock/advance".into(), Some(json!({"ms": 0, "until": {"op": "stats"}}))),
        ("post", "/sound".into(), Some(json!({"heard": false}))),
        ("get", "/deviations".into(), None),
        (
            "post",
            "/faults".into(),
            Some(json!({"match": {"path": "/version"}, "answer": {"status": 500}})),
        ),
        ("get", "/faults".into(), None),
        ("get", "/faults/{id}".into(), None),
        ("delete", "/faults/{id}".into(), None),
        ("delete", "/faults/{id}".into(), None),
        ("delete", "/faults".into(), None),
        ("post", "/handshakes".into(), Some(json!({"refuse": 1}))),
        ("get", "/sessions".into(), None),
        ("get", "/sessions/{session}".into(), None),
        ("post", "/sessions/{session}/messages".into(), Some(json!({"text": "x"}))),
        ("patch", player.into(), Some(json!({"ping": 1}))),
        ("post", format!("{player}/events"), Some(json!({"type": "TrackStuckEvent"}))),
        ("post", format!("{player}/events"), Some(json!({"type": "Other"}))),
        ("post", format!("{player}/voice-close"), Some(json!({"code": 4014}))),
        ("post", format!("{player}/voice-close"), Some(json!({"code": 4014}))),
        ("put", "/catalogue".into(), Some(catalogue.clone())),
        ("post", "/catalogue".into(), Some(catalogue)),
        ("get", "/catalogue".into(), None),
        ("delete", "/catalogue".into(), None),
        ("put", "/info".into(), Some(json!({"plugins": ["a"]}))),
        ("get", "/info".into(), None),
        ("put", "/stats".into(), Some(json!({"frameStats": null}))),
        ("get", "/stats".into(), None),
        ("delete", "/sessions/{session}/socket".into(), None),
        ("delete", "/sessions/{session}/socket".into(), None),
        ("get", "/requests".into(), None),
        ("post", "/requests/wait".into(), Some(json!({"match": {"kind": "close"}}))),
        (
            "post",
            "/requests/wait".into(),
            Some(json!({"match": {"method": "TRACE"}, "timeoutMs": 0})),
        ),
        ("delete", "/requests".into(), None),
        ("delete", "/sessions/{session}".into(), None),
        ("get", "/sessions/{session}".into(), None),
        ("post", "/reset".into(), Some(json!({"keep": ["info"]}))),
    ];
    assert!(encoded.is_string());
    let mut done = BTreeSet::new();
    for (method, path, body) in steps {
        let operation = &description.0["paths"][&path][method];
        assert!(operation.is_object(), "{method} {path}");
        let sent = body.as_ref().map(Value::to_string).unwrap_or_default();
        let url = format!("{}/control{}", mock.url(), filled(&path));
        let request = crate::support::http().request(method.to_uppercase().parse().unwrap(), url);
        let mut request = request.bearer_auth(mock.control_token());
        if body.is_some() {
            request = request.header("Content-Type", "application/json").body(sent.clone());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16().to_string();
        let text = answer.text().await.unwrap();
        let response = &operation["responses"][&status];
        assert!(response.is_object(), "{method} {path} {sent}: {status} is not described: {text}");
        let schema = &description.followed(response)["content"]["application/json"]["schema"];
        if schema.is_null() {
            assert_eq!(text, "", "{method} {path}");
        } else {
            let value = serde_json::from_str(&text).unwrap();
            let mut found = Vec::new();
            description.misfits(&value, schema, "", &mut found);
            assert!(found.is_empty(), "{method} {path} {sent}: {found:?}");
        }
        done.insert((path, method));
    }
    for (path, method, _) in description.operations() {
        assert!(done.contains(&(path.to_owned(), method)), "{method} {path} is not tried");
    }
}

/// Everything that has a bound is taken at it and refused beyond it.
#[tokio::test]
async fn bounds_are_as_described() {
    let description = Description::read();
    let mock = Mock::start().await.unwrap();
    let mut tried = 0;
    let stats = &description.0["components"]["schemas"]["Stats"]["properties"];
    let mut numbers = vec![];
    for (key, schema) in stats.as_object().unwrap() {
        match schema["properties"].as_object() {
            None => numbers.push((vec![key.as_str()], schema)),
            Some(inner) => {
                numbers.extend(inner.iter().map(|(own, schema)| (vec![key.as_str(), own], schema)));
            }
        }
    }
    for (path, schema) in numbers {
        let body = |value: &Value| {
            path.iter().rev().fold(value.clone(), |inner, key| json!({*key: inner}))
        };
        for (bound, beyond) in [("minimum", -1), ("maximum", 2)] {
            let Some(at) = schema.get(bound) else { continue };
            mock.control("PUT", "/stats", Some(body(at))).await.unwrap();
            let refused = mock.control("PUT", "/stats", Some(body(&json!(beyond)))).await;
            assert_eq!(refused.unwrap_err().status(), Some(400), "{path:?}");
            tried += 1;
        }
        let free = path == ["frameStats", "deficit"];
        assert_eq!(schema.get("minimum").is_none(), free, "{path:?}");
    }
    assert!(tried >= 14, "{tried}");
}
