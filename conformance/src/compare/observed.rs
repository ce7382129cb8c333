//! What a server sent, without what differs between any two servers.

use std::sync::LazyLock;

use http::HeaderMap;
use regex::Regex;
use serde_json::{Map, Value, json};

/// Headers of answers that clients may look at. The rest (dates, lengths, how bytes are framed)
/// belongs to the HTTP library of a server.
const HEADERS: &[&str] = &[
    "accept",
    "accept-patch",
    "access-control-allow-origin",
    "allow",
    "content-type",
    "lavalink-api-version",
    "location",
    "sec-websocket-accept",
    "sec-websocket-extensions",
    "sec-websocket-protocol",
    "session-resumed",
    "upgrade",
    "www-authenticate",
];

/// Keys of numbers that are a machine's or a moment's.
const MEASURED: &[&str] = &[
    "timestamp",
    "time",
    "uptime",
    "free",
    "used",
    "allocated",
    "reservable",
    "cores",
    "systemLoad",
    "lavalinkLoad",
    "buildTime",
    "commitTime",
    "sent",
    "nulled",
    "deficit",
    "players",
    "playingPlayers",
];

/// Keys of texts that tell of a build, of where in its code something went wrong, or of where it
/// began by chance.
const BUILT: &[&str] = &[
    "branch",
    "commit",
    "jvm",
    "lavaplayer",
    "trace",
    "cause",
    "causeStackTrace",
    "currentAddressIndex",
];

static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(127\.0\.0\.1|localhost|\[::1\])(:|%3A)\d+").ok());
static SESSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"sessions/[a-z0-9]{16}").ok());
static SNOWFLAKE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b\d{17,18}\b").ok());
static MEASUREMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^([^#\s][^\s]*) \S+$").ok());

/// What came of one request, or one message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Observed {
    /// An answer to a request.
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: Body },
    /// No answer: hung up, silence, what is no HTTP. Or the end of a socket, in words.
    Other(String),
    /// A WebSocket message.
    Message(Value),
}

/// A body that can be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Json(Value),
    Text(String),
}

impl Observed {
    /// An answer without what differs between any two servers.
    pub(crate) fn answer(status: u16, headers: &HeaderMap, body: &str) -> Self {
        let shown = |name: &'static str| {
            let values: Vec<_> = headers
                .get_all(name)
                .iter()
                .map(|it| String::from_utf8_lossy(it.as_bytes()))
                .collect();
            let value = normal_text(&values.join(", "));
            // Its case says nothing.
            let value = if name == "upgrade" { value.to_ascii_lowercase() } else { value };
            // The order of a list says nothing.
            let mut list: Vec<_> = value.split(',').map(|part| part.trim().to_owned()).collect();
            list.sort();
            (!values.is_empty()).then(|| (name, list.join(", ")))
        };
        let headers = HEADERS.iter().filter_map(|name| shown(name)).collect();
        let body = match serde_json::from_str(body) {
            Ok(json) => Body::Json(normal(&json)),
            Err(_) if body.starts_with('#') => {
                let names = MEASUREMENT.as_ref().map(|it| it.replace_all(body, "$1 (number)"));
                Body::Text(names.map_or_else(|| body.to_owned(), |text| text.into_owned()))
            }
            // Every server words its page as it likes.
            Err(_) if body.starts_with("<html") => Body::Text("(a page of HTML)".to_owned()),
            Err(_) => Body::Text(normal_text(body)),
        };
        Self::Answer { status, headers, body }
    }

    /// A message without what differs between any two servers.
    pub(crate) fn message(message: &Value) -> Self {
        Self::Message(normal(message))
    }

    /// In words without what differs between any two servers.
    pub(crate) fn other(text: &str) -> Self {
        Self::Other(normal_text(text))
    }
}

/// A text without ids, addresses and sessions.
pub(crate) fn normal_text(text: &str) -> String {
    let replaced = |text: String, pattern: &Option<Regex>, by: &str| match pattern {
        Some(pattern) => pattern.replace_all(&text, by).into_owned(),
        None => text,
    };
    let text = replaced(text.to_owned(), &ADDRESS, "$1$2(port)");
    let text = replaced(text, &SESSION, "sessions/(session)");
    replaced(text, &SNOWFLAKE, "(id)")
}

fn normal(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let normal = |(key, value): (&String, &Value)| (key.clone(), field(key, value));
            Value::Object(fields.iter().map(normal).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(normal).collect();
            // Players are listed in any order.
            items.sort_by_cached_key(|item| item["guildId"].as_str().map(str::to_owned));
            Value::Array(items)
        }
        Value::String(text) => json!(normal_text(text)),
        other => other.clone(),
    }
}

fn field(key: &str, value: &Value) -> Value {
    match value {
        Value::Number(_) if MEASURED.contains(&key) => json!("(number)"),
        Value::Number(number) if key == "ping" => {
            json!(if number.as_f64() < Some(0.0) { "(none)" } else { "(number)" })
        }
        Value::String(_) if BUILT.contains(&key) => json!("(text)"),
        // A secret, and the same on both.
        Value::String(text) if key == "token" && !text.is_empty() => json!("(token)"),
        Value::String(text) if key == "sessionId" && !text.is_empty() => json!("(session)"),
        Value::String(text) if key == "encoded" => normal_track(text),
        other => normal(other),
    }
}

/// The fields of an encoded track, as it may name a port and has a position.
fn normal_track(encoded: &str) -> Value {
    crate::track::read(encoded).map_or_else(|_| json!(encoded), |fields| normal(&fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_between_any_two_servers_does_not_count() {
        let answer = |session: &str, port: u16, time: u64| {
            let body = json!({
                "sessionId": session, "timestamp": time, "path": format!("/v4/sessions/{session}/players/{time}"),
                "message": format!("http://127.0.0.1:{port}/x"), "ping": time,
            });
            let mut headers = HeaderMap::new();
            headers.insert("date", time.to_string().parse().unwrap());
            headers
                .insert("allow", if port == 1 { "GET, PUT" } else { "PUT,GET" }.parse().unwrap());
            Observed::answer(400, &headers, &body.to_string())
        };
        let first = answer("abcdefghijklmnop", 1, 123_456_789_012_345_678);
        assert_eq!(first, answer("ponmlkjihgfedcba", 2, 876_543_210_987_654_321));
    }

    #[test]
    fn what_a_client_sees_counts() {
        let headers = HeaderMap::new();
        let answer = |body: &Value| Observed::answer(200, &headers, &body.to_string());
        for (first, second) in [
            (json!({"volume": 1}), json!({"volume": 2})),
            (json!({"ping": -1}), json!({"ping": 5})),
            (json!({"time": 1}), json!({"time": null})),
            (json!({"message": "a"}), json!({"message": "b"})),
        ] {
            assert_ne!(answer(&first), answer(&second), "{first} {second}");
        }
        let metrics = "# HELP a b\na 5\nb{c=\"d\"} 1.5E3\n";
        let other = metrics.replace("1.5E3", "7");
        assert_eq!(
            Observed::answer(200, &headers, metrics),
            Observed::answer(200, &headers, &other)
        );
    }
}
