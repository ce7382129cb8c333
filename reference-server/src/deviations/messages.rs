//! Breaks of what a session is about to write: all that one command has its player say, or what a
//! client gets that comes back.

use std::time::Duration;

use serde_json::{Value, json};

use super::row::{Row, run};
use crate::message::{EndReason, Event, Message};

type Change = fn(&mut Vec<Message>);

const fn messages(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    messages("LL-PLAYBACK-055/default", "a stuck track always tells the default threshold", |out| {
        events(out, |event| if let Event::Stuck(_, threshold) = event {
            *threshold = Duration::from_secs(10);
        });
    }),
    messages("LL-PLAYBACK-093/message", "the message of a track that cannot be opened is another", |out| {
        events(out, |event| if let Event::Exception(_, exception) = event {
            exception["message"] = "The track cannot be played.".into();
        });
    }),
    messages("LL-PLAYBACK-093/severity", "the exception of a track that cannot be opened is common", |out| {
        events(out, |event| if let Event::Exception(_, exception) = event {
            exception["severity"] = "common".into();
        });
    }),
    messages("LL-PLAYER-049/not-in-events", "userData is not in events", |out| {
        events(out, |event| if let Event::Start(track) = event {
            track["userData"] = json!({});
        });
    }),
    messages("LL-PLAYER-100/missing", "no TrackStartEvent is sent", |out| {
        out.retain(|message| !is_start(message));
    }),
    messages("LL-PLAYER-100/twice", "TrackStartEvent is sent twice", |out| {
        if let Some(at) = out.iter().position(is_start) {
            out.insert(at, out[at].clone());
        }
    }),
    messages("LL-PLAYER-101/missing", "the end of a replaced track is not told", |out| {
        out.retain(|message| !is_replaced(message));
    }),
    messages("LL-PLAYER-101/reason", "a replaced track ends with the reason stopped", |out| {
        events(out, |event| if let Event::End(_, reason @ EndReason::Replaced) = event {
            *reason = EndReason::Stopped;
        });
    }),
    messages("LL-PLAYER-134/order", "a successor starts before its predecessor ends", |out| {
        let (end, start) = (out.iter().position(is_replaced), out.iter().position(is_start));
        if let (Some(end), Some(start)) = (end, start) {
            out[end..=start].rotate_left(1);
        }
    }),
    messages("LL-PREREQUISITE-004/silent", "ready is not sent", |out| {
        out.retain(|message| !matches!(message, Message::Ready { .. }));
    }),
    messages("LL-PREREQUISITE-008/silent", "nobody is told that a track starts", |out| {
        out.retain(|message| !is_start(message));
    }),
    messages("LL-SESSION-030/not-told", "ready of a session that is resumed says that it is not", |out| {
        out.iter_mut().for_each(|message| if let Message::Ready { resumed, .. } = message {
            *resumed = false;
        });
    }),
    messages("LL-SESSION-031/dropped", "events of the absence are dropped", |out| {
        out.retain(|message| !is_missed(message));
    }),
    messages("LL-SESSION-032/last-first", "what was missed comes last first", |out| {
        if let Some(first) = out.iter().position(is_missed) {
            let count = out[first..].iter().take_while(|message| is_missed(message)).count();
            out[first..first + count].reverse();
        }
    }),
    messages("LL-SESSION-032/lost", "the last message that was missed is lost", |out| {
        if let Some(last) = out.iter().rposition(is_missed) {
            out.remove(last);
        }
    }),
    messages("LL-SESSION-051/updates-first", "playerUpdates come before what was missed", |out| {
        if matches!(out.first(), Some(Message::Ready { resumed: true, .. })) {
            out[1..].sort_by_key(is_missed);
        }
    }),
    messages("LL-SHAPE-020/plain-text", "a text that is no JSON comes before stats", |out| {
        if let Some(at) = out.iter().position(|message| matches!(message, Message::Stats(_))) {
            out.insert(at, Message::Written("stats".into()));
        }
    }),
    messages("LL-SHAPE-021/no-resumed", "ready does not say whether a session was resumed", |out| {
        written(out, "ready", |message| drop_key(message, "resumed"));
    }),
    messages("LL-SHAPE-022/no-uptime", "stats have no uptime", |out| {
        written(out, "stats", |message| drop_key(message, "uptime"));
    }),
    messages("LL-SHAPE-023/no-ping", "the state of a playerUpdate has no ping", |out| {
        written(out, "playerUpdate", |message| drop_key(&mut message["state"], "ping"));
    }),
    messages("LL-SHAPE-024/no-info", "the track of a TrackStartEvent has no info", |out| {
        written(out, "TrackStartEvent", |message| drop_key(&mut message["track"], "info"));
    }),
    messages("LL-SHAPE-025/upper-case", "the reason of a TrackEndEvent is in upper case", |out| {
        written(out, "TrackEndEvent", |message| {
            let reason = message["reason"].as_str().unwrap_or_default().to_uppercase();
            message["reason"] = reason.into();
        });
    }),
    messages("LL-SHAPE-026/no-severity", "the exception of a TrackExceptionEvent has no severity", |out| {
        written(out, "TrackExceptionEvent", |message| drop_key(&mut message["exception"], "severity"));
    }),
    messages("LL-SHAPE-027/no-threshold", "a TrackStuckEvent has no thresholdMs", |out| {
        written(out, "TrackStuckEvent", |message| drop_key(message, "thresholdMs"));
    }),
    messages("LL-SHAPE-028/no-reason", "a WebSocketClosedEvent has no reason", |out| {
        written(out, "WebSocketClosedEvent", |message| drop_key(message, "reason"));
    }),
    messages("LL-STATS-007/of-session", "uptime is that of the session", |out| {
        written(out, "stats", |message| message["uptime"] = 0.into());
    }),
    messages("LL-STATS-021/absent", "frameStats is left out of messages", |out| {
        written(out, "stats", |message| drop_key(message, "frameStats"));
    }),
    messages("LL-STATS-024/one-more", "messages count a player more than REST", |out| {
        written(out, "stats", |message| {
            let players = message["players"].as_u64().unwrap_or_default();
            message["players"] = (players + 1).into();
        });
    }),
    messages("LL-WEBSOCKET-020/resumed", "ready says of a new session that it was resumed", |out| {
        out.iter_mut().for_each(|message| if let Message::Ready { resumed, .. } = message {
            *resumed = true;
        });
    }),
    messages("LL-WEBSOCKET-020/wrong-id", "ready gives an id that is not the session's", |out| {
        out.iter_mut().for_each(|message| if let Message::Ready { session, .. } = message {
            *session = "0123456789abcdef".into();
        });
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Changes what a session is about to write as the chosen deviations say.
pub(super) fn change(out: &mut Vec<Message>) {
    if !out.is_empty() {
        run(rows(), |row| {
            let before = out.clone();
            (row.change)(out);
            *out != before
        });
    }
}

fn events(out: &mut [Message], change: fn(&mut Event)) {
    for message in out {
        if let Message::Event { event, .. } = message {
            change(event);
        }
    }
}

/// Changes the JSON of messages of an op or of an event type.
fn written(out: &mut [Message], kind: &str, change: fn(&mut Value)) {
    for message in out {
        let mut value = message.to_json();
        if value["type"].as_str().or(value["op"].as_str()) == Some(kind) {
            change(&mut value);
            *message = Message::Written(value.to_string());
        }
    }
}

fn drop_key(value: &mut Value, key: &str) {
    if let Some(object) = value.as_object_mut() {
        object.remove(key);
    }
}

fn is_start(message: &Message) -> bool {
    matches!(message, Message::Event { event: Event::Start(_), .. })
}

fn is_replaced(message: &Message) -> bool {
    matches!(message, Message::Event { event: Event::End(_, EndReason::Replaced), .. })
}

fn is_missed(message: &Message) -> bool {
    matches!(message, Message::Written(_))
}
