//! Compares what this server said with what the real one said.

use serde_json::Value;

/// Values that differ from run to run or from machine to machine. Only their JSON type is
/// compared.
const VOLATILE: &[&str] = &[
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
    "branch",
    "commit",
    "commitTime",
    "jvm",
    "lavaplayer",
    "trace",
    "causeStackTrace",
    "sessionId",
];

/// The differences, a line each; none when the two agree.
pub(crate) fn differences(recorded: &Value, seen: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", recorded, seen, &mut found);
    found
}

fn compare(path: &str, recorded: &Value, seen: &Value, found: &mut Vec<String>) {
    match (recorded, seen) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let path = format!("{path}/{key}");
                match b.get(key) {
                    None => found.push(format!("{path}: missing, recorded {value}")),
                    Some(other) if VOLATILE.contains(&key.as_str()) => {
                        if kind(value) != kind(other) {
                            found.push(format!("{path}: {other}, recorded {value}"));
                        }
                    }
                    Some(other) => compare(&path, value, other, found),
                }
            }
            for key in b.keys().filter(|key| !a.contains_key(*key)) {
                found.push(format!("{path}/{key}: {}, not recorded", b[key]));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (value, other)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}/{index}"), value, other, found);
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        // Long texts were cut when they were recorded.
        (Value::String(a), Value::String(b))
            if a.strip_suffix('…').is_some_and(|start| b.starts_with(start)) => {}
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: {b}, recorded {a}")),
    }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}
