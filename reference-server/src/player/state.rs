//! The state of a player, and the objects that show it.

use std::time::Duration;

use serde_json::{Value, json};

use super::command::Context;
use super::update::VoiceUpdate;
use super::voice::Voice;
use crate::clock::Moment;
use crate::deviations::switch::{self, deviates, either};
use crate::filters::Filters;
use crate::message::Message;
use crate::playback::Stream;
use crate::stats::FrameCounter;
use crate::tracks::Track;
use crate::values::Values;

/// Seconds between playerUpdates where none come by themselves: ten years.
const NEVER: u64 = 315_360_000;

/// One guild's player.
#[derive(Debug)]
pub(crate) struct Player {
    /// The guild's id.
    pub(crate) guild: i64,
    /// 0 to 1000.
    pub(crate) volume: i32,
    pub(crate) paused: bool,
    pub(crate) voice: Voice,
    pub(crate) filters: Filters,
    pub(crate) track: Option<Playing>,
    /// The frames that the voice connection asked for, by what became of them.
    pub(crate) frames: FrameCounter,
    /// When the next playerUpdate is due; never while there is no track.
    pub(crate) next_update: Moment,
}

/// A track that a player has.
#[derive(Debug)]
pub(crate) struct Playing {
    pub(crate) track: Track,
    pub(crate) user_data: Value,
    pub(crate) stream: Stream,
    /// When its first frame can be there.
    pub(crate) begins: Moment,
    /// Until then the position is that before the last seek.
    pub(crate) settles: Moment,
    /// Why it could not be opened, as long as that is to be told after its end.
    pub(crate) held_exception: Option<Value>,
    /// Where the last frame that was taken begins, ms.
    pub(crate) reached: Option<i64>,
    /// A start or seek position, ms, that is shown until the next request: as long as nobody
    /// takes frames there is no other position than 0.
    pub(crate) shown: Option<i64>,
    /// Where the reader was last told to go, ms.
    pub(crate) sought: i64,
    /// Where it was told to go and did not any more, ms; that is shown until the track ends.
    pub(crate) stranded: Option<i64>,
    /// Position in ms at which the track is to end. Only frames reach it.
    pub(crate) end_time: Option<i64>,
    /// When a frame was last asked for; at first, when the track started.
    pub(crate) last_asked: Moment,
    /// When a frame was last there; at first, when the track started or was resumed.
    pub(crate) last_frame: Moment,
    /// Whether the client was told that no frames come.
    pub(crate) was_stuck: bool,
}

impl Player {
    /// A guild's player before anything has happened to it.
    pub(crate) fn new(guild: i64, values: &Values) -> Self {
        Self {
            guild,
            volume: values.first_volume,
            paused: false,
            voice: Voice::default(),
            filters: Filters::default(),
            track: None,
            frames: FrameCounter::default(),
            next_update: Moment::NEVER,
        }
    }

    /// Whether it counts as playing: it has a track and is not paused.
    pub(crate) fn is_playing(&self) -> bool {
        self.track.is_some()
            && (!self.paused || deviates(switch::STATS_097_PAUSED_TOO))
            && (self.voice.is_listening() || !deviates(switch::STATS_092_UNHEARD))
    }

    /// The player object. `now` in ms since the epoch.
    pub(crate) fn to_json(&self, now: u64) -> Value {
        let nowhere = || json!({"token": "", "endpoint": "", "sessionId": "", "channelId": null});
        let voice = self.voice.data.as_ref().map_or_else(nowhere, VoiceUpdate::to_json);
        json!({
            // A text, as JavaScript cannot hold it as a number.
            "guildId": self.guild.to_string(),
            "track": self.track.as_ref().map(Playing::to_json),
            "volume": self.volume,
            "paused": self.paused,
            "state": self.state_json(now),
            "voice": voice,
            "filters": self.filters.to_json(),
        })
    }

    /// The playerUpdate message. `now` in ms since the epoch.
    pub(super) fn update_message(&self, now: u64) -> Message {
        Message::PlayerUpdate { guild: self.guild, state: self.state_json(now) }
    }

    /// Time between two playerUpdates.
    pub(crate) fn update_interval(&self, context: &Context<'_>) -> Duration {
        let seconds = match context.config.player_update_interval {
            0 => NEVER,
            seconds => seconds,
        };
        Duration::from_secs((context.values.update_interval)(seconds))
    }

    /// The position that was asked for is not shown any more.
    pub(super) fn forget_shown_position(&mut self) {
        self.show_position(None);
    }

    /// Shows this position until frames tell another; none is shown as 0.
    pub(super) fn show_position(&mut self, position: Option<i64>) {
        if let Some(track) = &mut self.track {
            track.shown = position;
        }
    }

    fn state_json(&self, now: u64) -> Value {
        let position = self.track.as_ref().map_or(0, Playing::position);
        json!({
            "time": now, "position": position, "connected": self.voice.is_connected(),
            "ping": self.voice.ping(),
        })
    }
}

impl Playing {
    /// Milliseconds.
    pub(crate) fn position(&self) -> i64 {
        self.stranded.or(self.shown).or(self.reached).unwrap_or(0)
    }

    /// Nobody is there any more who would go where the reader was told to.
    pub(super) fn strand(&mut self) {
        self.stranded = either(switch::PLAYER_143_FROM_ZERO, Some(self.sought), None);
    }

    /// The track object; `encoded` and `info` carry the current position.
    pub(crate) fn to_json(&self) -> Value {
        self.track.to_json(self.position(), &self.user_data)
    }
}
