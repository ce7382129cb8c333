//! Messages to clients, typed until the outbox writes them.

use std::time::Duration;

use serde_json::{Value, json};

/// A message to a client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Message {
    /// The first message of a socket: the id of its session, and whether that was resumed.
    Ready { session: String, resumed: bool },
    /// Statistics: the whole message.
    Stats(Value),
    /// The `state` of a player.
    PlayerUpdate { guild: i64, state: Value },
    /// Something happened to a player.
    Event { guild: i64, event: Event },
    /// Text as it goes over the socket: a message that a client has missed, or one that a test
    /// has made up.
    Written(String),
}

/// Something that happened to a player.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// A track began; the track object.
    Start(Value),
    /// A track ended; the track object and why.
    End(Value, EndReason),
    /// A track cannot be decoded; the track object and the exception.
    Exception(Value, Value),
    /// No frame came for so long; the track object.
    Stuck(Value, Duration),
    /// The voice gateway is gone. `by_remote`: whether the other side has closed it.
    Closed { code: u16, reason: String, by_remote: bool },
}

/// Why a track ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndReason {
    /// The client asked for it.
    Stopped,
    /// Another track took its place.
    Replaced,
    /// Nobody asked for frames.
    Cleanup,
    /// It played to its end.
    Finished,
    /// It could not even begin.
    LoadFailed,
}

impl Message {
    /// The message as it goes over the socket.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Written(text) => text,
            typed => typed.to_json().to_string(),
        }
    }

    /// The message as JSON; a text that is none is a JSON string.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Ready { session, resumed } => {
                json!({"op": "ready", "resumed": resumed, "sessionId": session})
            }
            Self::Stats(message) => message.clone(),
            Self::PlayerUpdate { guild, state } => {
                json!({"op": "playerUpdate", "state": state, "guildId": guild.to_string()})
            }
            Self::Event { guild, event } => event.message(*guild),
            Self::Written(text) => {
                serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into())
            }
        }
    }

    /// Whether the message tells of the moment only. A client that comes back gets a new one, so
    /// that this one need not be kept.
    pub(crate) fn is_of_the_moment(&self) -> bool {
        matches!(self, Self::Ready { .. } | Self::PlayerUpdate { .. })
    }
}

impl Event {
    /// The whole message.
    pub(crate) fn message(&self, guild: i64) -> Value {
        let guild = guild.to_string();
        match self {
            Self::Start(track) => json!({
                "op": "event", "type": "TrackStartEvent", "guildId": guild, "track": track,
            }),
            Self::End(track, reason) => json!({
                "op": "event", "type": "TrackEndEvent", "guildId": guild, "track": track,
                "reason": reason.name(),
            }),
            Self::Exception(track, exception) => json!({
                "op": "event", "type": "TrackExceptionEvent", "guildId": guild, "track": track,
                "exception": exception,
            }),
            Self::Stuck(track, threshold) => json!({
                "op": "event", "type": "TrackStuckEvent", "guildId": guild, "track": track,
                "thresholdMs": u64::try_from(threshold.as_millis()).unwrap_or(u64::MAX),
            }),
            Self::Closed { code, reason, by_remote } => json!({
                "op": "event", "type": "WebSocketClosedEvent", "guildId": guild, "code": code,
                "reason": reason, "byRemote": by_remote,
            }),
        }
    }
}

impl EndReason {
    /// Every reason there is.
    pub(crate) const ALL: [Self; 5] =
        [Self::Finished, Self::LoadFailed, Self::Stopped, Self::Replaced, Self::Cleanup];

    /// The reason as events name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Replaced => "replaced",
            Self::Cleanup => "cleanup",
            Self::Finished => "finished",
            Self::LoadFailed => "loadFailed",
        }
    }
}
