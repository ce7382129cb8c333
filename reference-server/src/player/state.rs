//! What a player is at a moment.

use std::time::Duration;

use serde_json::{Value, json};

use super::update::VoiceUpdate;
use super::voice::Voice;
use crate::clock::Moment;
use crate::deviations::{deviates, either};
use crate::filters::Filters;
use crate::playback::Stream;
use crate::stats::FrameCounter;
use crate::tracks::Track;

/// A track ends when nobody has asked for a frame for this long.
pub(crate) const CLEANUP_THRESHOLD: Duration = Duration::from_secs(60);

/// How often the server looks for such tracks.
pub(crate) const CLEANUP_PERIOD: Duration = Duration::from_secs(10);

/// One guild's player.
#[derive(Debug)]
pub(crate) struct Player {
    /// 0 to 1000.
    pub(crate) volume: i32,
    pub(crate) paused: bool,
    pub(crate) voice: Voice,
    pub(crate) filters: Filters,
    pub(crate) track: Option<Playing>,
    /// What became of the frames that its voice connection asked for.
    pub(crate) frames: FrameCounter,
    /// Whether a track has ended at its end time before.
    pub(crate) has_reached_end_time: bool,
    /// When a playerUpdate is due that no track asks for.
    pub(crate) stray_update: Moment,
    /// What the client gave as end time while there was no track, ms.
    pub(crate) lost_end_time: Option<i64>,
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
    /// Where a seek went that the reader could not carry out any more, ms.
    pub(crate) stranded: Option<i64>,
    /// Position in ms at which the track is to end. Only frames reach it.
    pub(crate) end_time: Option<i64>,
    /// When a frame was last asked for, or else when the track began.
    pub(crate) last_asked: Moment,
    /// When one was last there, or else when the track began or played on.
    pub(crate) last_frame: Moment,
    /// Whether the client was told that no frames come.
    pub(crate) was_stuck: bool,
    /// When the next playerUpdate is due.
    pub(crate) next_update: Moment,
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

impl EndReason {
    /// All there are.
    pub(crate) const ALL: [Self; 5] =
        [Self::Finished, Self::LoadFailed, Self::Stopped, Self::Replaced, Self::Cleanup];

    /// As events name it.
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

impl Default for Player {
    fn default() -> Self {
        Self {
            volume: either("LL-PLAYER-004/volume", 100, 50),
            paused: false,
            voice: Voice::default(),
            filters: Filters::default(),
            track: None,
            frames: FrameCounter::default(),
            has_reached_end_time: false,
            stray_update: Moment::NEVER,
            lost_end_time: None,
        }
    }
}

impl Player {
    /// Whether it counts as playing: it has a track and is not paused.
    pub(crate) fn is_playing(&self) -> bool {
        self.track.is_some()
            && (!self.paused || deviates("LL-STATS-097/paused-too"))
            && !(self.voice.outgoing().is_none() && deviates("LL-STATS-092/unheard"))
    }

    /// The player object. `now` in ms since the epoch.
    pub(crate) fn to_json(&self, guild: i64, now: u64) -> Value {
        let voice = self.voice.data.as_ref().map_or_else(
            || {
                let channel = either("LL-PLAYER-127/channel", Value::Null, json!(""));
                json!({"token": "", "endpoint": "", "sessionId": "", "channelId": channel})
            },
            VoiceUpdate::to_json,
        );
        json!({
            "guildId": guild_json(guild),
            "track": self.track.as_ref().map(Playing::to_json),
            "volume": self.volume,
            "paused": self.paused,
            "state": self.state_json(now),
            "voice": voice,
            "filters": self.filters.to_json(),
        })
    }

    /// The playerUpdate message.
    pub(crate) fn update_message(&self, guild: i64, now: u64) -> Value {
        let guild = guild.to_string();
        json!({"op": "playerUpdate", "state": self.state_json(now), "guildId": guild})
    }

    fn state_json(&self, now: u64) -> Value {
        let position = self.track.as_ref().map_or(0, Playing::position);
        json!({
            "time": now, "position": position, "connected": self.voice.is_connected(),
            "ping": self.voice.ping(),
        })
    }
}

/// A text, as JavaScript cannot hold it as a number.
fn guild_json(guild: i64) -> Value {
    let guild = either("LL-HTTP-060/rounded", guild, (guild as f64) as i64);
    either("LL-HTTP-060/number", json!(guild.to_string()), json!(guild))
}

impl Playing {
    /// Milliseconds.
    pub(crate) fn position(&self) -> i64 {
        self.stranded.or(self.shown).or(self.reached).unwrap_or(0)
    }

    /// The track object; `encoded` and `info` carry the current position.
    pub(crate) fn to_json(&self) -> Value {
        self.track.to_json(self.position(), &self.user_data)
    }
}
