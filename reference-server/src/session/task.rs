//! One session: its players, its timers, and the order of everything that it says.

use std::time::Duration;

use indexmap::IndexMap;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::outbox::{Outbox, Queue, SocketReader, SocketWriter};
use super::registry::{Handle, Job, Phase};
use super::statistics::STATS_PERIOD;
use crate::clock::{Moment, Timer};
use crate::deviations::{deviates, either};
use crate::latitude::Otherwise;
use crate::player::{CLEANUP_PERIOD, CLEANUP_THRESHOLD, EndReason, Event, Player, Playing};
use crate::server::Server;
use crate::voice::Outgoing;

/// Seconds between playerUpdates where none come by themselves: ten years.
const NEVER: u64 = 315_360_000;

/// How long an expired session waits for the socket that has claimed it.
const CLAIM_GRACE: Duration = Duration::from_secs(1);

/// What a session's task owns.
pub(crate) struct Session {
    /// The bot's.
    pub(super) user: i64,
    /// What the client calls itself.
    pub(super) client_name: Option<String>,
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
    /// Whether it was resumed before.
    was_resumed: bool,
    /// The first timeout that a client asked for, s.
    pub(super) first_timeout: Option<i64>,
    pub(super) next_stats: Moment,
    next_cleanup: Moment,
    /// What voice connections that are left still have to send.
    pub(super) leaving: Vec<Outgoing>,
    /// Whether it is over as soon as its socket is gone, whatever was agreed.
    pub(super) ends: bool,
    over: bool,
}

/// Whose session it is.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    /// The bot's.
    pub(crate) user: i64,
    /// What the client calls itself.
    pub(crate) client_name: Option<String>,
}

impl Session {
    /// Begins with `ready` and `stats`.
    pub(super) fn begin(
        Begin { user, client_name }: Begin,
        server: Server,
        handle: Handle,
        socket: SocketWriter,
    ) -> Self {
        let now = server.clock.now();
        let mut session = Self {
            user,
            client_name,
            serials: 0,
            handle,
            outbox: Outbox::Open(socket),
            players: IndexMap::new(),
            resuming: either("LL-SESSION-001/resuming-on", false, true),
            timeout: either("LL-SESSION-001/timeout-30", 60, 30),
            was_resumed: false,
            first_timeout: None,
            next_stats: now,
            next_cleanup: now.next_tick(CLEANUP_PERIOD),
            leaving: Vec::new(),
            ends: false,
            over: false,
            server,
        };
        if session.server.latitude.takes(Otherwise::StatsBeforeReady) {
            session.run_due_timers();
            session.send_ready(false);
        } else {
            session.send_ready(false);
            session.run_due_timers();
        }
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
                    Some(job) => {
                        self.catch_up();
                        job(&mut self);
                    }
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
        self.server.sessions.remove(self.id());
        // Whoever still asks gets no answer.
        drop(jobs);
        self.drain(timer).await;
    }

    /// Who it is.
    pub(super) fn id(&self) -> &str {
        self.handle.id()
    }

    /// Sends a message, or keeps it for a client that is away.
    pub(crate) fn say(&mut self, message: String) {
        self.server.messages.watches.see(self.handle.id(), &message);
        self.outbox.send(message);
    }

    /// Leaves every voice channel, and sends what is on its way there.
    async fn drain(&mut self, mut timer: Timer) {
        for (_, mut player) in std::mem::take(&mut self.players) {
            self.leaving.extend(player.voice.take_outgoing());
            if deviates("LL-VOICE-032/stays") {
                std::mem::forget(player);
            }
        }
        let stop = self.server.stop.clone();
        while !stop.is_cancelled() {
            self.send_leaving(self.server.clock.now());
            if self.leaving.is_empty() {
                return;
            }
            tokio::select! {
                () = timer.until(self.next_packet()) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// The socket is gone, however that happened; what it did not take is kept with what comes.
    pub(crate) fn lose_socket(&mut self, reader: SocketReader) {
        if self.ends {
            return self.end();
        }
        let timeout = either("LL-SESSION-041/kept", self.timeout, self.timeout.max(1));
        let timeout = match self.first_timeout {
            Some(first) if deviates("LL-SESSION-047/first") => first,
            _ => timeout,
        };
        let once = self.was_resumed && deviates("LL-SESSION-042/once");
        let resumable = self.resuming && timeout > 0 && !once;
        if !(resumable || deviates("LL-SESSION-022/resumed")) {
            if !deviates("LL-SESSION-020/stays") {
                self.end();
            }
            return;
        }
        if deviates("LL-SESSION-037/volume") {
            self.players.values_mut().for_each(|player| player.volume = 100);
        }
        if deviates("LL-SESSION-037/filters") {
            self.players.values_mut().for_each(|player| player.filters = Default::default());
        }
        if deviates("LL-SESSION-037/user-data") {
            let tracks = self.players.values_mut().filter_map(|player| player.track.as_mut());
            tracks.for_each(|track| track.user_data = serde_json::json!({}));
        }
        if deviates("LL-SESSION-038/pauses") {
            self.players.values_mut().for_each(|player| player.paused = true);
        }
        if deviates("LL-SESSION-039/left") {
            self.players.values_mut().for_each(|player| _ = player.voice.close());
        }
        let timeout = Duration::from_secs(timeout.unsigned_abs());
        let timeout = either("LL-SESSION-040/late", timeout, 3 * timeout);
        let timeout = either("LL-SESSION-030/milliseconds", timeout, timeout / 1000);
        let until = self.server.clock.now() + timeout;
        let mut queue = Queue::default();
        let unsent = reader.into_unsent().into_iter();
        // A client gets one for each player on its return.
        let of_the_moment = |message: &String| {
            message.starts_with(r#"{"op":"playerUpdate""#)
                || message.starts_with(r#"{"op":"ready""#)
        };
        unsent.filter(|message| !of_the_moment(message)).for_each(|message| queue.push(message));
        self.outbox = Outbox::Away { queue, until };
        self.handle.set_phase(Phase::Away);
    }

    /// A new socket: `ready`, what was missed, and where every player is.
    pub(super) fn resume(&mut self, mut socket: SocketWriter) {
        if let Outbox::Away { queue, .. } = &self.outbox {
            socket.allow(queue.bytes());
        }
        let away = std::mem::replace(&mut self.outbox, Outbox::Open(socket));
        self.handle.set_phase(either("LL-SESSION-045/both", Phase::Open, Phase::Away));
        self.was_resumed = true;
        if deviates("LL-SESSION-048/reset") {
            (self.resuming, self.timeout) = (false, 60);
        }
        self.send_ready(!deviates("LL-SESSION-030/not-told"));
        let updates_first = deviates("LL-SESSION-051/updates-first");
        if updates_first {
            self.send_all_player_updates();
        }
        if let Outbox::Away { queue, .. } = away {
            let mut missed: Vec<_> = queue.into_messages().collect();
            if deviates("LL-SESSION-032/last-first") {
                missed.reverse();
            }
            if deviates("LL-SESSION-032/lost") {
                missed.pop();
            }
            if deviates("LL-SESSION-031/dropped") {
                missed.clear();
            }
            missed.into_iter().for_each(|message| self.outbox.send(message));
        }
        if !updates_first {
            self.send_all_player_updates();
        }
        let now = self.server.clock.now();
        if deviates("LL-SESSION-049/restarted") {
            let interval = self.update_interval();
            let tracks = self.players.values_mut().filter_map(|player| player.track.as_mut());
            tracks.for_each(|track| track.next_update = now + interval);
        }
        if deviates("LL-SESSION-050/restarted") {
            self.next_stats = now + STATS_PERIOD;
        }
    }

    /// Of every player, idle ones too.
    fn send_all_player_updates(&mut self) {
        let mut indices: Vec<_> = (0..self.players.len()).collect();
        self.server.latitude.shuffle(&mut indices);
        for index in indices {
            if self.players[index].track.is_some() || !deviates("LL-SESSION-051/playing-only") {
                self.send_player_update(index);
            }
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
        let mut players: Vec<_> = self.players.iter().map(show).collect();
        self.server.latitude.shuffle(&mut players);
        players.into()
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
        if self.players[index].voice.is_awaited() && deviates("LL-VOICE-034/stays") {
            return true;
        }
        if self.players[index].track.is_none() && deviates("LL-PLAYER-136/told") {
            self.send_player_update(index);
        }
        if self.players[index].track.is_some() && deviates("LL-PLAYER-106/silent") {
            self.players[index].track = None;
        }
        let (right, wrong) = (EndReason::Stopped, EndReason::Cleanup);
        self.end_track(index, either("LL-PLAYER-137/cleanup", right, wrong));
        let left = self.players[index].voice.take_outgoing();
        self.leaving.extend(left.filter(|_| !deviates("LL-PLAYBACK-044/cut-off")));
        let stays = deviates("LL-VOICE-006/stays");
        let comes_back = self.server.latitude.takes(Otherwise::BackAfterLeaving);
        if comes_back {
            self.players[index].voice.come_back();
        }
        if !stays
            && (self.players[index].voice.close() || deviates("LL-VOICE-031/again"))
            && !deviates("LL-VOICE-039/silent")
            && !comes_back
        {
            let by_remote = self.server.latitude.takes(Otherwise::ClosedByEcho);
            self.tell_closed(index, 1000, "", by_remote);
        }
        let gone = self.players.shift_remove_index(index).map(|(_, player)| player);
        if stays {
            std::mem::forget(gone);
            return true;
        }
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
        let due = self.server.clock.now() + self.update_interval();
        let entry = self.players.entry(guild);
        let index = entry.index();
        entry.or_insert_with(|| {
            let mut player = Player::default();
            player.stray_update = either("LL-PLAYER-135/idle", player.stray_update, due);
            player
        });
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
            let replaced = matches!(reason, EndReason::Replaced);
            if replaced && deviates("LL-PLAYBACK-095/old-timer")
                || !replaced && deviates("LL-PLAYER-135/goes-on")
            {
                self.players[index].stray_update = track.next_update;
            }
            let event = Event::End(track.to_json(), reason);
            self.send_event(self.guild(index), &event);
        }
    }

    pub(super) fn guild(&self, index: usize) -> i64 {
        self.players.get_index(index).map_or(0, |(guild, _)| *guild)
    }

    pub(super) fn update_interval(&self) -> Duration {
        let seconds = match self.server.config.player_update_interval {
            0 => NEVER,
            seconds => seconds,
        };
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
        let stray = self.players.values().map(|player| player.stray_update).min();
        [update, cleanup, expiry, packet, stray]
            .into_iter()
            .flatten()
            .fold(self.next_stats, Moment::min)
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
            if self.players[index].stray_update <= now {
                self.players[index].stray_update = now + interval;
                self.send_player_update(index);
            }
            let Some(track) = &mut self.players[index].track else { continue };
            if track.next_update <= now {
                let late = self.players[index].voice.is_connected();
                let late = if late { Duration::from_secs(2) } else { Duration::ZERO };
                let late = either("LL-PLAYBACK-083/slow", Duration::ZERO, late);
                let Some(track) = &mut self.players[index].track else { continue };
                while track.next_update <= now {
                    track.next_update = track.next_update + interval + late;
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
                if deviates("LL-PLAYER-108/update") {
                    self.send_player_update(index);
                }
            }
        }
    }

    fn send_ready(&mut self, resumed: bool) {
        let id = either("LL-WEBSOCKET-020/wrong-id", self.id(), "0123456789abcdef");
        let resumed = either("LL-WEBSOCKET-020/resumed", resumed, true);
        let ready = json!({"op": "ready", "resumed": resumed, "sessionId": id});
        self.say(ready.to_string());
    }

    pub(super) fn send_event(&mut self, guild: i64, event: &Event) {
        self.say(event.message(guild).to_string());
    }

    /// Not while the client is away: it gets one for every player when it is back.
    pub(super) fn send_player_update(&mut self, index: usize) {
        if self.outbox.is_open() || deviates("LL-SESSION-033/queued") {
            let now = self.server.clock.wall_ms();
            let message = self.players[index].update_message(self.guild(index), now);
            self.say(message.to_string());
        }
    }

    /// Ends the session and lets its socket go.
    pub(crate) fn end(&mut self) {
        self.over = true;
        self.handle.set_phase(Phase::Gone);
        self.server.sessions.remove(self.id());
    }

    /// Whether it has a socket, waits for one, or is over.
    pub(super) fn state_name(&self) -> &'static str {
        match (self.over, &self.outbox) {
            (true, _) => "over",
            (false, Outbox::Open(_)) => "open",
            (false, Outbox::Away { .. }) => "away",
        }
    }
}
