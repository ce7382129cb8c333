//! What a session is told of its server, and of its own frames.

use std::time::Duration;

use serde_json::{Value, json};

use super::Session;
use crate::clock::Moment;
use crate::deviations::deviates;
use crate::stats::{Stats, average};

/// How often a session gets statistics.
pub(super) const STATS_PERIOD: Duration = Duration::from_secs(60);

impl Session {
    /// The first ones, or those of a minute.
    pub(super) fn send_due_stats(&mut self, now: Moment) {
        let first = self.players.is_empty() && self.next_stats == now + STATS_PERIOD;
        match () {
            () if first && deviates("LL-WEBSOCKET-021/none") => return,
            () if first && deviates("LL-STATS-020/late") => {
                self.next_stats = now + STATS_PERIOD / 60;
                return;
            }
            () if deviates("LL-STATS-022/30-seconds") => {
                self.next_stats = now + STATS_PERIOD / 2;
            }
            () if deviates("LL-STATS-022/65-seconds") => {
                self.next_stats = self.next_stats + STATS_PERIOD / 12;
            }
            () if first && deviates("LL-WEBSOCKET-021/twice") => self.send_stats(),
            () => {}
        }
        self.send_stats();
    }

    /// Statistics, with the frames of this session's players.
    pub(crate) fn send_stats(&mut self) {
        if !self.outbox.is_open() && deviates("LL-SESSION-034/dropped") {
            return;
        }
        self.watch_players();
        let controls = self.server.controls.as_ref();
        let made_up = controls.and_then(|controls| controls.statistics.figures().frames);
        let frames = made_up.unwrap_or_else(|| self.frame_stats());
        let mut message = Stats::read(&self.server).message(frames);
        if deviates("LL-STATS-041/own-in-messages") {
            message["players"] = self.players.len().into();
        }
        self.say(message.to_string());
    }

    /// Statistics, to a client that is there.
    pub(crate) fn send_stats_if_open(&mut self) {
        if self.outbox.is_open() {
            self.send_stats();
        }
    }

    /// Looks at who plays, so that gaps are known. Nothing else changes between two looks.
    pub(super) fn watch_players(&mut self) {
        let now = self.server.clock.wall_ms();
        for player in self.players.values_mut() {
            player.frames.watch(player.track.is_some() && !player.paused, now);
        }
    }

    fn frame_stats(&self) -> Value {
        let now = self.server.clock.wall_ms();
        let tell = self.players.values().filter_map(|player| player.frames.last_minute(now));
        let mut told: Vec<_> = tell.collect();
        if !told.is_empty() && deviates("LL-STATS-054/idle-averaged") {
            told.resize(self.players.len(), Default::default());
        }
        let nobody_plays = || self.players.values().all(|player| player.track.is_none());
        let zeros = told.is_empty()
            && if nobody_plays() {
                deviates("LL-STATS-054/zeros")
            } else {
                deviates("LL-STATS-050/zeros")
            };
        if zeros { json!({"sent": 0, "nulled": 0, "deficit": 0}) } else { average(&told) }
    }
}
