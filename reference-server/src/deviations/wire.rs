//! Messages of sockets that are changed on their way out.

use serde_json::Value;

use super::deviates;

/// A message that is another one than it should be.
struct MessageBreak {
    name: &'static str,
    /// Op or event type.
    kind: &'static str,
    /// Gives back what is sent in its place.
    change: fn(Value) -> Vec<String>,
}

const fn message(
    name: &'static str,
    kind: &'static str,
    change: fn(Value) -> Vec<String>,
) -> MessageBreak {
    MessageBreak { name, kind, change }
}

/// A message without one of its fields.
macro_rules! without {
    ($key:literal) => {
        |mut message: Value| {
            drop_key(&mut message, $key);
            vec![message.to_string()]
        }
    };
}

const MESSAGES: &[MessageBreak] = &[
    message("LL-PREREQUISITE-004/silent", "ready", |_| Vec::new()),
    message("LL-PREREQUISITE-008/silent", "TrackStartEvent", |_| Vec::new()),
    message("LL-SHAPE-020/plain-text", "stats", |stats| vec!["stats".into(), stats.to_string()]),
    message("LL-SHAPE-021/no-resumed", "ready", without!("resumed")),
    message("LL-SHAPE-022/no-uptime", "stats", without!("uptime")),
    message("LL-SHAPE-023/no-ping", "playerUpdate", |mut message| {
        drop_key(&mut message["state"], "ping");
        vec![message.to_string()]
    }),
    message("LL-SHAPE-024/no-info", "TrackStartEvent", |mut message| {
        drop_key(&mut message["track"], "info");
        vec![message.to_string()]
    }),
    message("LL-SHAPE-025/upper-case", "TrackEndEvent", |mut message| {
        let reason = message["reason"].as_str().unwrap_or_default().to_uppercase();
        message["reason"] = reason.into();
        vec![message.to_string()]
    }),
    message("LL-SHAPE-026/no-severity", "TrackExceptionEvent", |mut message| {
        drop_key(&mut message["exception"], "severity");
        vec![message.to_string()]
    }),
    message("LL-SHAPE-027/no-threshold", "TrackStuckEvent", without!("thresholdMs")),
    message("LL-SHAPE-028/no-reason", "WebSocketClosedEvent", without!("reason")),
];

/// What is sent in place of a message.
pub(crate) fn messages(text: String) -> Vec<String> {
    let Ok(message) = serde_json::from_str::<Value>(&text) else { return vec![text] };
    let kind = message["type"].as_str().or(message["op"].as_str()).unwrap_or_default();
    let mut rows = MESSAGES.iter().filter(|row| row.kind == kind);
    match rows.find(|row| deviates(row.name)) {
        Some(row) => (row.change)(message),
        None => vec![text],
    }
}

fn drop_key(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}
