//! Events of a player, as they go over the socket.

use serde_json::{Value, json};

use super::EndReason;

/// Something that happened to a player.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// A track began; the track object.
    TrackStart(Value),
    /// A track ended; the track object and why.
    TrackEnd(Value, EndReason),
}

impl Event {
    /// The whole message.
    pub(crate) fn message(&self, guild: i64) -> Value {
        let guild = guild.to_string();
        match self {
            Self::TrackStart(track) => json!({
                "op": "event", "type": "TrackStartEvent", "guildId": guild, "track": track,
            }),
            Self::TrackEnd(track, reason) => json!({
                "op": "event", "type": "TrackEndEvent", "guildId": guild, "track": track,
                "reason": reason.name(),
            }),
        }
    }
}
