//! One session: its players, its timers, and the order of everything that it says.

use std::time::Duration;

use indexmap::IndexMap;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::outbox::{Outbox, Queue, SocketWriter};
use super::registry::{Handle, Job, Phase};
use super::statistics::STATS_PERIOD;
use crate::clock::Moment;
use crate::deviations::{deviates, either};
use crate::player::{CLEANUP_PERIOD, CLEANUP_THRESHOLD, EndReason, Event, Player, Playing};
use crate::server::Server;

/// How long an expired session waits for the socket that has claimed it.
const CLAIM_GRACE: Duration = Duration::from_secs(1);

/// What a session's task owns.
pub(crate) struct Session {
    id: String,
    /// The bot's.
    pub(super) user: i64,
    pub(super) server: Server,
    pub(super) handle: Handle,
    pub(super) outbox: Outbox,
    /// In the order in which they were created.
    pub(super) players: IndexMap<i64, Player>,
    /// Numbers given to streams and voice connections so far.
    pub(super) serials: u64,
    /// Whether it can be resumed.
    pub(super) resuming: bool,
    /// Seconds for which it can be.
    pub(super) timeout: i64,
    pub(super) next_stats: Moment,
    next_cleanup: Moment,
    over: bool,
}

impl Session {
    /// Begins with `ready` and `stats`.
    pub(super) fn begin(
        id: String,
        user: i64,
        server: Server,
        handle: Handle,
        socket: SocketWriter,
    ) -> Self {
        let now = server.clock.now();
        let mut session = Self {
            id,
            user,
            serials: 0,
            handle,
            outbox: Outbox::Open(socket),
            players: IndexMap::new(),
            resuming: either("LL-SESSION-001/resuming-on", false, true),
            timeout: either("LL-SESSION-001/timeout-30", 60, 30),
            next_stats: now,
            next_cleanup: now.next_tick(CLEANUP_PERIOD),
            over: false,
            server,
        };
        session.send_ready(false);
        session.run_due_timers();
        session
    }

    /// Runs until the session is over or the server ends.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let stop = self.server.stop.clone();
        let mut timer = self.server.clock.timer();
        while !self.over {
            let deadline = self.next_deadline();
            tokio::select! {
                job = jobs.recv() => match job {
                    Some(job) => job(&mut self),
                    None => break,
                },
                () = timer.until(deadline) => {}
                () = stop.cancelled() => break,
            }
            self.run_due_timers();
            self.watch_players();
            let playing = self.players.values().filter(|player| player.is_playing()).count();
            self.handle.publish(self.players.len(), playing);
        }
        self.handle.set_phase(Phase::Gone);
        self.server.sessions.remove(&self.id);
    }

    /// The socket is gone, however that happened.
    pub(crate) fn lose_socket(&mut self) {
        let resumable = self.resuming && self.timeout > 0;
        if !(resumable || deviates("LL-SESSION-022/resumed")) {
            if !deviates("LL-SESSION-020/stays") {
                self.end();
            }
            return;
        }
        let timeout = Duration::from_secs(self.timeout.unsigned_abs());
        let until = self.server.clock.now() + timeout;
        self.outbox = Outbox::Away { queue: Queue::default(), until };
        self.handle.set_phase(Phase::Away);
    }

    /// A new socket: `ready`, what was missed, and where every player is.
    pub(super) fn resume(&mut self, mut socket: SocketWriter) {
        if let Outbox::Away { queue, .. } = &self.outbox {
            socket.allow(queue.bytes());
        }
        let away = std::mem::replace(&mut self.outbox, Outbox::Open(socket));
        let from_now = self.server.clock.now() + STATS_PERIOD;
        self.next_stats = either("LL-STATS-025/other-phase", self.next_stats, from_now);
        self.handle.set_phase(Phase::Open);
        self.send_ready(true);
        if let Outbox::Away { queue, .. } = away {
            queue.into_messages().for_each(|message| self.outbox.send(message));
        }
        for index in 0..self.players.len() {
            self.send_player_update(index);
        }
    }

    pub(crate) fn players_json(&self) -> Value {
        let now = self.server.clock.wall_ms();
        if self.players.is_empty() && deviates("LL-PLAYER-001/guild-0") {
            return json!([Player::default().to_json(0, now)]);
        }
        let show = |(guild, player): (&i64, &Player)| {
            let mut json = player.to_json(*guild, now);
            if deviates("LL-FILTERS-034/not-in-list") {
                json["filters"] = json!({});
            }
            json
        };
        self.players.iter().map(show).collect()
    }

    pub(crate) fn player_json(&self, guild: i64) -> Option<Value> {
        let player = self.players.get(&guild)?;
        let mut json = player.to_json(guild, self.server.clock.wall_ms());
        if let Some(track) = player.track.as_ref().filter(|_| player.voice.outgoing().is_none())
            && deviates("LL-PLAYER-107/runs")
        {
            let elapsed = self.server.clock.now().since(track.last_frame);
            json["state"]["position"] = (elapsed.as_millis() as u64).into();
        }
        Some(json)
    }

    /// Ends the track and forgets the player; gives back whether there was one.
    pub(crate) fn destroy_player(&mut self, guild: i64) -> bool {
        let Some(index) = self.players.get_index_of(&guild) else {
            if deviates("LL-STATS-040/made-by-destroying") {
                self.player_index(guild);
            }
            return false;
        };
        if self.players[index].track.is_none() && deviates("LL-PLAYER-005/stays") {
            return true;
        }
        if self.players[index].track.is_none() && deviates("LL-PLAYER-106/told") {
            self.send_player_update(index);
        }
        if self.players[index].track.is_some() && deviates("LL-PLAYER-106/silent") {
            self.players[index].track = None;
        }
        self.end_track(index, EndReason::Stopped);
        if !deviates("LL-VOICE-006/stays")
            && self.players[index].voice.close()
            && !deviates("LL-VOICE-006/silent")
        {
            self.tell_closed(index, 1000, "", false);
        }
        let gone = self.players.shift_remove_index(index).map(|(_, player)| player);
        if let Some(gone) = gone {
            let mut reborn = Player::default();
            reborn.volume = either("LL-PLAYER-006/volume-kept", reborn.volume, gone.volume);
            if deviates("LL-PLAYER-006/filters-kept") {
                reborn.filters = gone.filters;
            }
            if reborn.volume != 100 || reborn.filters != Default::default() {
                self.players.insert(guild, reborn);
            }
        }
        if deviates("LL-PLAYER-005/all") {
            self.players.clear();
        }
        true
    }

    pub(crate) fn player_index(&mut self, guild: i64) -> usize {
        let entry = self.players.entry(guild);
        let index = entry.index();
        entry.or_default();
        index
    }

    /// The player object. A position that was asked for is shown this once.
    pub(super) fn answer(&mut self, index: usize) -> Value {
        let now = self.server.clock.wall_ms();
        let (guild, player) = (self.guild(index), &self.players[index]);
        let answer = player.to_json(guild, now);
        self.forget_shown_position(index);
        answer
    }

    pub(super) fn forget_shown_position(&mut self, index: usize) {
        if let Some(track) = &mut self.players[index].track {
            track.shown = None;
        }
    }

    pub(super) fn end_track(&mut self, index: usize, reason: EndReason) {
        if let Some(track) = self.players[index].track.take() {
            let event = Event::End(track.to_json(), reason);
            self.send_event(self.guild(index), &event);
        }
    }

    pub(super) fn guild(&self, index: usize) -> i64 {
        self.players.get_index(index).map_or(0, |(guild, _)| *guild)
    }

    pub(super) fn update_interval(&self) -> Duration {
        let seconds = self.server.config.player_update_interval.max(1);
        let seconds = either("LL-PLAYER-110/default", seconds, 5);
        Duration::from_secs(either("LL-PLAYER-103/slow", seconds, seconds + 2))
    }

    fn next_deadline(&self) -> Moment {
        let tracks = self.players.values().filter_map(|player| player.track.as_ref());
        let update = tracks.map(|track| track.next_update).min();
        let cleanup = update.map(|_| self.next_cleanup);
        let expiry = match &self.outbox {
            Outbox::Away { until, .. } => Some(*until),
            Outbox::Open(_) => None,
        };
        let packet = Some(self.next_packet());
        [update, cleanup, expiry, packet].into_iter().flatten().fold(self.next_stats, Moment::min)
    }

    fn run_due_timers(&mut self) {
        let now = self.server.clock.now();
        if let Outbox::Away { until, .. } = &mut self.outbox
            && *until <= now
        {
            if self.handle.change(Phase::Away, Phase::Gone) {
                self.end();
                return;
            }
            *until = now + CLAIM_GRACE;
        }
        self.send_due_packets(now);
        while self.next_stats <= now {
            self.next_stats = self.next_stats + STATS_PERIOD;
            self.send_due_stats(now);
        }
        if self.next_cleanup <= now {
            self.next_cleanup = now.next_tick(CLEANUP_PERIOD);
            self.clean_up(now);
        }
        let interval = self.update_interval();
        for index in 0..self.players.len() {
            let Some(track) = &mut self.players[index].track else { continue };
            if track.next_update <= now {
                while track.next_update <= now {
                    track.next_update = track.next_update + interval;
                }
                if !(self.players[index].paused && deviates("LL-PLAYER-103/paused")) {
                    self.send_player_update(index);
                }
            }
        }
    }

    fn clean_up(&mut self, now: Moment) {
        for index in 0..self.players.len() {
            let player = &self.players[index];
            let threshold =
                either("LL-PLAYER-108/late", CLEANUP_THRESHOLD, 3 * CLEANUP_THRESHOLD / 2);
            let threshold = either("LL-PLAYER-108/early", threshold, 2 * CLEANUP_THRESHOLD / 3);
            let forgotten = |track: &Playing| now.since(track.last_asked) >= threshold;
            let nobody_asks = player.voice.outgoing().is_none()
                || player.paused && deviates("LL-PLAYBACK-012/cleaned-up");
            if nobody_asks && player.track.as_ref().is_some_and(forgotten) {
                let (right, wrong) = (EndReason::Cleanup, EndReason::Finished);
                self.end_track(index, either("LL-PLAYER-108/reason", right, wrong));
            }
        }
    }

    fn send_ready(&mut self, resumed: bool) {
        let id = either("LL-WEBSOCKET-020/wrong-id", self.id.as_str(), "0123456789abcdef");
        let resumed = either("LL-WEBSOCKET-020/resumed", resumed, true);
        let ready = json!({"op": "ready", "resumed": resumed, "sessionId": id});
        self.outbox.send(ready.to_string());
    }

    pub(super) fn send_event(&mut self, guild: i64, event: &Event) {
        self.outbox.send(event.message(guild).to_string());
    }

    /// Not while the client is away: it gets one for every player when it is back.
    pub(super) fn send_player_update(&mut self, index: usize) {
        if self.outbox.is_open() {
            let now = self.server.clock.wall_ms();
            let message = self.players[index].update_message(self.guild(index), now);
            self.outbox.send(message.to_string());
        }
    }

    /// Ends the session and lets its socket go.
    pub(super) fn end(&mut self) {
        self.over = true;
        self.handle.set_phase(Phase::Gone);
        self.server.sessions.remove(&self.id);
    }
}
