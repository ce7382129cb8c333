//! Events of a player, as they go over the socket.

use std::time::Duration;

use serde_json::{Value, json};

use super::EndReason;

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
        }
    }
}
