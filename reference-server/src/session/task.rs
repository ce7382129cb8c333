//! One session: its players, its timers, and the order of everything that it says.

use std::time::Duration;

use indexmap::IndexMap;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::outbox::{Outbox, Queue, SocketWriter};
use super::registry::{Handle, Job, Phase};
use crate::clock::Moment;
use crate::deviations::{deviates, either};
use crate::http::ApiError;
use crate::playback::Stream;
use crate::player::{
    CLEANUP_PERIOD, CLEANUP_THRESHOLD, EndReason, Event, NextStep, Player, PlayerUpdate, Playing,
    TrackChange,
};
use crate::server::Server;
use crate::stats::Stats;
use crate::tracks::{DecodeError, Track};

/// How often a session gets statistics.
const STATS_PERIOD: Duration = Duration::from_secs(60);

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
    next_stats: Moment,
    next_cleanup: Moment,
    over: bool,
}

/// What a band that does not exist comes to.
fn bad_band(exception: &str) -> ApiError {
    let usual = ApiError::uncaught(exception);
    let error = either("LL-FILTERS-005/message", usual, ApiError::internal("Invalid band"));
    either("LL-FILTERS-005/bad-request", error, ApiError::bad_request("Bad Request"))
}

/// Why an encoded track cannot be played.
fn undecodable(error: DecodeError) -> ApiError {
    let error = ApiError::from(error);
    let refused = ApiError::bad_request(error.message.clone());
    either("LL-PLAYER-048/bad-request", error, refused)
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
            let playing = self.players.values().filter(|player| player.is_playing()).count();
            self.handle.publish(self.players.len(), playing);
        }
        self.handle.set_phase(Phase::Gone);
        self.server.sessions.remove(&self.id);
    }

    /// The socket is gone, however that happened.
    pub(crate) fn lose_socket(&mut self) {
        if !(self.resuming && self.timeout > 0) && !deviates("LL-SESSION-022/resumed") {
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

    /// Forgets a player without a word.
    pub(crate) fn forget(&mut self, guild: i64) {
        self.players.shift_remove(&guild);
    }

    /// Takes back what an update has set.
    pub(crate) fn roll_back(&mut self, guild: i64) {
        let index = self.player_index(guild);
        self.players[index].volume = 100;
        self.players[index].filters = Default::default();
    }

    /// Ends the track and forgets the player; gives back whether there was one.
    pub(crate) fn destroy_player(&mut self, guild: i64) -> bool {
        let Some(index) = self.players.get_index_of(&guild) else { return false };
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

    /// Applies a checked body in the real server's order. What was applied before an error stays.
    pub(crate) fn update_player(
        &mut self,
        guild: i64,
        update: PlayerUpdate,
        no_replace: bool,
    ) -> Result<NextStep, ApiError> {
        if update == PlayerUpdate::default()
            && !self.players.contains_key(&guild)
            && deviates("LL-PLAYER-003/empty-ignored")
        {
            let player = Player::default().to_json(guild, self.server.clock.wall_ms());
            return Ok(NextStep::Done(player));
        }
        if deviates("LL-STATS-023/on-update") {
            self.send_stats();
        }
        let index = self.player_index(guild);
        let change = update.track_change();
        // Without a new track these are about the present one.
        let present = change == TrackChange::Keep;
        let skipped = !present && no_replace && self.players[index].track.is_some();
        if let Some(paused) = update.paused.filter(|_| {
            present && !(no_replace && deviates("LL-PLAYER-075/pause-skipped"))
                || skipped && deviates("LL-PLAYER-074/pause")
        }) {
            self.set_paused(index, paused);
        }
        self.check_deviating(index, &update)?;
        let player = &mut self.players[index];
        if let (Some(track), Some(data), true) = (&mut player.track, update.user_data(), present) {
            if !deviates("LL-PLAYER-049/dropped") {
                track.user_data = data.clone();
            }
        }
        if let Some(volume) = update.volume
            && !(skipped && deviates("LL-PLAYER-074/volume-skipped"))
            && !deviates("LL-PLAYER-020/not-kept")
        {
            let least = either("LL-PLAYER-021/below-zero", 0, i32::MIN);
            player.volume = volume.clamp(least, either("LL-PLAYER-021/1001", 1000, 1001));
            if deviates("LL-PLAYER-104/volume") {
                self.send_player_update(index);
            }
        }
        if let Some(position) = update.position.filter(|_| present) {
            self.seek(index, position);
        }
        if let Some(end) = update.end_time.flatten().filter(|_| present) {
            self.set_end_time(index, end);
        }
        let player = &mut self.players[index];
        if let Some(filters) = &update.filters {
            if let Err(error) = filters.check_bands() {
                if let TrackChange::Play(encoded) = &change
                    && deviates("LL-FILTERS-018/starts")
                {
                    let track = self.server.sources.decode(encoded)?;
                    self.play(guild, track, &update);
                }
                return Err(bad_band(&error.to_string()));
            }
            let merged = filters.clone().merged_into(&player.filters);
            player.filters = either("LL-FILTERS-030/merged", filters.clone(), merged);
            if deviates("LL-FILTERS-032/shared") {
                self.players.values_mut().for_each(|player| player.filters = filters.clone());
            }
            let silent = update.position.is_some() && deviates("LL-PLAYER-120/once")
                || !present && deviates("LL-PLAYER-105/none")
                || deviates("LL-PLAYER-104/filters-silent");
            if !silent {
                self.send_player_update(index);
            }
        }
        if update.filters.is_none()
            && update != PlayerUpdate::default()
            && deviates("LL-FILTERS-031/cleared")
        {
            self.players[index].filters = Default::default();
        }
        if self.keeps_track(index, &update, &change, no_replace)? {
            return Ok(NextStep::Done(self.answer(index)));
        }
        match change {
            TrackChange::Keep => {}
            TrackChange::Stop if deviates("LL-PLAYER-051/stays-paused") => {}
            TrackChange::Stop if deviates("LL-PLAYER-051/pause-lost") => {
                self.set_paused(index, false);
            }
            TrackChange::Play(_) if deviates("LL-PLAYER-052/stays-paused") => {}
            TrackChange::Play(_) if deviates("LL-PLAYER-052/pause-lost") => {
                self.set_paused(index, false);
            }
            _ => self.set_paused(index, update.paused.unwrap_or(false)),
        }
        match change {
            TrackChange::Keep => {}
            TrackChange::Stop if deviates("LL-PLAYER-050/goes-on") => {}
            TrackChange::Stop => {
                let (right, wrong) = (EndReason::Stopped, EndReason::Finished);
                self.end_track(index, either("LL-PLAYER-050/reason", right, wrong));
            }
            TrackChange::Play(encoded) => {
                let track = self.server.sources.decode(&encoded).map_err(undecodable)?;
                return Ok(NextStep::Done(self.play(guild, track, &update)));
            }
            TrackChange::LookUp(identifier) => {
                self.forget_shown_position(index);
                return Ok(NextStep::LookUp(identifier));
            }
        }
        Ok(NextStep::Done(self.answer(index)))
    }

    /// Whether the present track stays, and nothing of the new one is looked at.
    fn keeps_track(
        &mut self,
        index: usize,
        update: &PlayerUpdate,
        change: &TrackChange,
        no_replace: bool,
    ) -> Result<bool, ApiError> {
        if !no_replace || *change == TrackChange::Keep {
            return Ok(false);
        }
        if self.players[index].track.is_none() {
            return match change {
                TrackChange::Stop if deviates("LL-PLAYER-122/refused") => {
                    Err(ApiError::bad_request("No track is playing"))
                }
                TrackChange::Play(_) => Ok(deviates("LL-PLAYER-071/idle-skipped")),
                _ => Ok(false),
            };
        }
        match change {
            TrackChange::Stop => Ok(!deviates("LL-PLAYER-073/stopped")),
            TrackChange::Play(encoded) if deviates("LL-PLAYER-072/looked-at") => {
                self.server.sources.decode(encoded)?;
                Ok(true)
            }
            _ if update.track.is_none() && deviates("LL-PLAYER-123/older-replaces") => Ok(false),
            _ => Ok(!deviates("LL-PLAYER-070/replaced")),
        }
    }

    /// Nothing of this is meant to be refused.
    fn check_deviating(&mut self, index: usize, update: &PlayerUpdate) -> Result<(), ApiError> {
        if self.players[index].track.is_some() || update.names_track() {
            return Ok(());
        }
        if update.position.is_some() && deviates("LL-PLAYER-025/told") {
            self.send_player_update(index);
        }
        let refused = update.position.is_some() && deviates("LL-PLAYER-025/refused")
            || update.end_time.flatten().is_some() && deviates("LL-PLAYER-026/idle");
        if refused { Err(ApiError::bad_request("No track is playing")) } else { Ok(()) }
    }

    /// Plays a track; what else the body says of position, end and userData is about this one.
    pub(crate) fn play(&mut self, guild: i64, mut track: Track, update: &PlayerUpdate) -> Value {
        let index = self.player_index(guild);
        let previous = self.players[index].track.as_ref();
        let inherited = previous.map(|track| (track.user_data.clone(), track.last_asked));
        let late = inherited.is_some() && deviates("LL-PLAYER-101/order");
        if !late {
            self.end_replaced(index);
        }
        if let Some(position) = update.position {
            track.position = position;
        }
        let position = track.position;
        let now = self.server.clock.now();
        self.serials += 1;
        let user_data = match &inherited {
            Some((data, _)) if update.user_data().is_none() && deviates("LL-PLAYER-049/kept") => {
                data.clone()
            }
            _ => update.user_data().cloned().unwrap_or_else(|| json!({})),
        };
        let last_asked = match inherited {
            Some((_, asked)) if deviates("LL-PLAYER-125/inherited") => asked,
            _ => now,
        };
        let before = self.players[index].to_json(guild, self.server.clock.wall_ms());
        let playing = Playing {
            stream: Stream::new(self.serials, track.position),
            reached: None,
            was_stuck: false,
            last_asked,
            shown: Some(track.position),
            track,
            user_data,
            end_time: update.end_time.flatten().filter(|end| *end > position),
            last_frame: now,
            next_update: now + self.update_interval(),
        };
        let mut object = playing.to_json();
        if deviates("LL-PLAYER-049/not-in-events") {
            object["userData"] = json!({});
        }
        let event = Event::Start(object);
        if late {
            self.send_event(guild, &event);
            self.end_replaced(index);
        }
        self.players[index].track = Some(playing);
        if !late {
            self.tell_start(guild, &event);
        }
        if update.filters.is_none() && deviates("LL-FILTERS-032/cleared") {
            self.players[index].filters = Default::default();
        }
        if deviates("LL-PLAYER-040/paused") {
            self.players[index].paused = true;
        }
        // One at once, and the first of the timer.
        self.send_player_update(index);
        let more = either("LL-PLAYER-102/three", 1, 2);
        for _ in 0..either("LL-PLAYER-102/one", more, 0) {
            self.send_player_update(index);
        }
        self.decode_ahead(index);
        self.wake_voice(index);
        let answer = self.answer(index);
        either("LL-PLAYER-040/answered-before", answer, before)
    }

    fn tell_start(&mut self, guild: i64, event: &Event) {
        if !deviates("LL-PLAYER-100/missing") {
            self.send_event(guild, event);
        }
        if deviates("LL-PLAYER-100/twice") {
            self.send_event(guild, event);
        }
    }

    fn end_replaced(&mut self, index: usize) {
        if self.players[index].track.is_none() {
            return;
        }
        if deviates("LL-PLAYER-101/missing") {
            self.players[index].track = None;
        }
        let (right, wrong) = (EndReason::Replaced, EndReason::Stopped);
        self.end_track(index, either("LL-PLAYER-101/reason", right, wrong));
    }

    fn set_paused(&mut self, index: usize, paused: bool) {
        let now = self.server.clock.now();
        let player = &mut self.players[index];
        let refused = player.track.is_none() && deviates("LL-PLAYER-023/needs-track");
        let toggled = paused && player.paused && deviates("LL-PLAYER-024/toggles");
        player.paused = paused && !refused && !toggled;
        if let Some(track) = player.track.as_mut().filter(|_| !paused) {
            track.last_frame = now;
        }
        self.wake_voice(index);
    }

    pub(crate) fn player_index(&mut self, guild: i64) -> usize {
        let entry = self.players.entry(guild);
        let index = entry.index();
        entry.or_default();
        index
    }

    /// The player object. A position that was asked for is shown this once.
    fn answer(&mut self, index: usize) -> Value {
        let now = self.server.clock.wall_ms();
        let (guild, player) = (self.guild(index), &self.players[index]);
        let answer = player.to_json(guild, now);
        self.forget_shown_position(index);
        answer
    }

    fn forget_shown_position(&mut self, index: usize) {
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

    fn update_interval(&self) -> Duration {
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

    /// The first ones, or those of a minute.
    fn send_due_stats(&mut self, now: Moment) {
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
            () if deviates("LL-STATS-022/61-seconds") => {
                self.next_stats = self.next_stats + STATS_PERIOD / 60;
            }
            () if first && deviates("LL-WEBSOCKET-021/twice") => self.send_stats(),
            () => {}
        }
        self.send_stats();
    }

    pub(crate) fn send_stats(&mut self) {
        let stats = Stats::read(&self.server).message();
        self.outbox.send(stats.to_string());
    }

    fn clean_up(&mut self, now: Moment) {
        for index in 0..self.players.len() {
            let player = &self.players[index];
            let threshold =
                either("LL-PLAYER-108/late", CLEANUP_THRESHOLD, 3 * CLEANUP_THRESHOLD / 2);
            let threshold = either("LL-PLAYER-108/early", threshold, 2 * CLEANUP_THRESHOLD / 3);
            let forgotten = |track: &Playing| now.since(track.last_asked) >= threshold;
            let nobody_asks = player.voice.outgoing().is_none();
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
