//! What a session is told of its server, and of its own frames.

use serde_json::{Value, json};

use super::Session;
use super::players::Guild;
use crate::deviations::switch::{self, deviates};
use crate::message::Message;
use crate::stats::average;

impl Session {
    /// Statistics, with the frames of this session's players.
    pub(crate) fn send_stats(&mut self) {
        self.watch_players();
        let controls = self.shared.controls.as_ref();
        let made_up = controls.and_then(|controls| controls.statistics.figures().frames);
        let frames = made_up.unwrap_or_else(|| self.frame_stats());
        let mut message = self.shared.stats(self.sessions.count_players()).message(frames);
        if deviates(switch::STATS_041_OWN_IN_MESSAGES) {
            message["players"] = self.guilds.len().into();
        }
        self.say(Message::Stats(message));
    }

    /// Statistics, to a client that is there.
    pub(crate) fn send_stats_if_open(&mut self) {
        if self.outbox.is_open() {
            self.send_stats();
        }
    }

    /// Looks at who plays, so that gaps are known. Nothing else changes between two looks.
    pub(super) fn watch_players(&mut self) {
        let now = self.shared.clock.wall_ms();
        for Guild { player, .. } in self.guilds.values_mut() {
            player.frames.watch(player.track.is_some() && !player.paused, now);
        }
    }

    fn frame_stats(&self) -> Value {
        let now = self.shared.clock.wall_ms();
        let players = || self.guilds.values().map(|guild| &guild.player);
        let tell = players().filter_map(|player| player.frames.last_minute(now));
        let mut told: Vec<_> = tell.collect();
        if !told.is_empty() && deviates(switch::STATS_054_IDLE_AVERAGED) {
            told.resize(self.guilds.len(), Default::default());
        }
        let nobody_plays = || players().all(|player| player.track.is_none());
        let zeros = told.is_empty()
            && if nobody_plays() {
                deviates(switch::STATS_054_ZEROS)
            } else {
                deviates(switch::STATS_050_ZEROS)
            };
        if zeros { json!({"sent": 0, "nulled": 0, "deficit": 0}) } else { average(&told) }
    }
}
