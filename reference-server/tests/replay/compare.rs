//! Compares what this server said with what the real one said.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
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

/// By how much a position may be ahead of the recorded one, and behind it, ms. The recorded server
/// now and then began late or lost time while it played, and its answers were recorded when they
/// had arrived.
const AHEAD: i64 = 350;
const BEHIND: i64 = 100;

/// And what it lost in five minutes: one in so many.
const LOST: i64 = 200;

/// How many frames of a minute may be counted otherwise.
const FRAMES: u64 = 40;

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
                    Some(other) if key == "position" && near(value, other) => {}
                    Some(other) if key == "encoded" && same_track(value, other) => {}
                    Some(other) if key == "ping" && sign(value) == sign(other) => {}
                    Some(other)
                        if ["sent", "nulled", "deficit"].contains(&key.as_str())
                            && close(value, other) => {}
                    Some(other) => compare(&path, value, other, found),
                }
            }
            for key in b.keys().filter(|key| !a.contains_key(*key)) {
                found.push(format!("{path}/{key}: {}, not recorded", b[key]));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let (a, b) = (in_order(a), in_order(b));
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

/// Whether two positions agree. None that is told without a voice connection may be off.
fn near(recorded: &Value, seen: &Value) -> bool {
    match (recorded.as_i64(), seen.as_i64()) {
        (Some(a), Some(b)) => {
            a == b || a != 0 && b != 0 && (-BEHIND..=AHEAD + a / LOST).contains(&(b - a))
        }
        _ => false,
    }
}

/// Whether two encoded tracks differ in nothing but their positions, which stand in their infos too.
/// The position is the last number of an encoded track.
fn same_track(recorded: &Value, seen: &Value) -> bool {
    let essence = |text: &Value| {
        let bytes = STANDARD.decode(text.as_str()?).ok()?;
        Some(bytes.split_last_chunk::<8>()?.0.to_vec())
    };
    let recorded = essence(recorded);
    recorded.is_some() && recorded == essence(seen)
}

fn close(recorded: &Value, seen: &Value) -> bool {
    match (recorded.as_i64(), seen.as_i64()) {
        (Some(a), Some(b)) => a.abs_diff(b) <= FRAMES,
        _ => false,
    }
}

/// Players by their guilds, as their order in a list is no promise; others as they are.
fn in_order(list: &[Value]) -> Vec<&Value> {
    let mut list: Vec<_> = list.iter().collect();
    if list.iter().all(|player| player.get("voice").is_some()) {
        list.sort_by_key(|player| player["guildId"].as_str());
    }
    list
}

fn sign(ping: &Value) -> Option<bool> {
    Some(ping.as_i64()? >= 0)
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
