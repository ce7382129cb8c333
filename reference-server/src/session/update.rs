//! How an update changes a player: in the real server's order, and what was applied before an
//! error stays.

use std::time::Duration;

use serde_json::{Value, json};

use super::Session;
use crate::deviations::{deviates, either};
use crate::error::ApiError;
use crate::filters::{Filters, PlayerVolume};
use crate::latitude::Otherwise;
use crate::playback::Stream;
use crate::player::{EndReason, Event, NextStep, Player, PlayerUpdate, Playing, TrackChange};
use crate::tracks::{DecodeError, Track};
use crate::voice::Outgoing;

/// How long the first frame of a track may take with `--vary`: positions are up to 254 ms
/// behind the time that has passed (docs/observed/playback.md#positions).
const SLOWEST_START: Duration = Duration::from_millis(250);

impl Session {
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
        let update = match self.players.contains_key(&guild) {
            false if deviates("LL-PLAYER-006/filters-dropped") => {
                PlayerUpdate { filters: None, ..update }
            }
            _ => update,
        };
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
        let about_it = present || skipped && deviates("LL-PLAYER-074/user-data");
        if let (Some(track), Some(data), true) = (&mut player.track, update.user_data(), about_it)
            && !deviates("LL-PLAYER-049/dropped")
            && !(no_replace && deviates("LL-PLAYER-075/user-data-skipped"))
        {
            track.user_data = data.clone();
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
            if let Some(outgoing) = self.players[index].voice.outgoing_mut()
                && deviates("LL-FILTERS-127/at-once")
            {
                outgoing.clear();
            }
        }
        if let Some(position) =
            update.position.filter(|_| present || skipped && deviates("LL-PLAYER-074/position"))
        {
            self.seek(index, position);
        }
        if let Some(end) = update.end_time.flatten().filter(|_| {
            present && !(update.position.is_some() && deviates("LL-PLAYBACK-030/not-with-position"))
                || skipped && deviates("LL-PLAYER-074/end-time")
        }) {
            self.set_end_time(index, end);
        }
        self.tell_deviating(index, &update);
        if let Some(track) = &mut self.players[index].track
            && update.end_time == Some(None)
            && deviates("LL-PLAYBACK-032/cleared")
        {
            track.end_time = None;
        }
        let player = &mut self.players[index];
        let filters = update.filters.as_ref();
        if let Some(filters) =
            filters.filter(|_| !(player.paused && deviates("LL-FILTERS-032/not-while-paused")))
        {
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
            let older = player.filters.clone().merged_into(filters);
            let heard = either("LL-FILTERS-113/merged", filters.clone(), merged.clone());
            let heard = either("LL-FILTERS-113/old-values-stay", heard, older.clone());
            if let Some(track) = player.track.as_mut() {
                track.stream.set_filters(heard);
            }
            let is_idle = player.track.is_none();
            let is_kept = is_idle && *filters == Filters::default();
            let added = is_idle && deviates("LL-FILTERS-113/added-while-idle");
            let shown = either("LL-FILTERS-030/merged", filters.clone(), merged.clone());
            let shown = either("LL-FILTERS-030/first-stays", shown, older);
            if !(is_kept && deviates("LL-FILTERS-120/kept-while-idle")) {
                player.filters = if added { merged } else { shown };
            }
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
            TrackChange::Play(_) if deviates("LL-PLAYER-133/stays-paused") => {}
            TrackChange::Play(_) if deviates("LL-PLAYER-052/pause-lost") => {
                self.set_paused(index, false);
            }
            _ => self.set_paused(index, update.paused.unwrap_or(false)),
        }
        match change {
            TrackChange::Keep => {}
            TrackChange::Stop if deviates("LL-PLAYER-050/goes-on") => {}
            TrackChange::Stop
                if self.players[index].track.is_none() && deviates("LL-PLAYER-050/idle") =>
            {
                return Err(ApiError::bad_request("No track is playing"));
            }
            TrackChange::Stop => {
                if let Some(track) = &mut self.players[index].track {
                    track.reached = either("LL-PLAYBACK-091/position", track.reached, None);
                }
                let (right, wrong) = (EndReason::Stopped, EndReason::Finished);
                let reason = match self.players[index].has_reached_end_time {
                    true => either("LL-PLAYBACK-039/stop", right, wrong),
                    false => right,
                };
                let reason = match self.players[index].voice.is_connected() {
                    true => either("LL-PLAYBACK-040/finished", reason, wrong),
                    false => reason,
                };
                self.end_track(index, either("LL-PLAYER-050/reason", reason, wrong));
                if deviates("LL-PLAYBACK-091/update") {
                    self.send_player_update(index);
                }
                if let Some(outgoing) = self.players[index].voice.outgoing_mut()
                    && deviates("LL-PLAYBACK-091/cut-off")
                {
                    outgoing.clear();
                }
            }
            TrackChange::Play(encoded) => {
                let track = self.server.sources.decode(&encoded).map_err(undecodable)?;
                if no_replace && deviates("LL-PLAYER-071/bare") {
                    return Ok(NextStep::Done(self.play(guild, track, &PlayerUpdate::default())));
                }
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
        if self.players[index].voice.is_awaited() && deviates("LL-VOICE-034/busy") {
            return Err(ApiError::bad_request("The player is connecting"));
        }
        if self.players[index].track.is_some() || update.names_track() {
            return Ok(());
        }
        if update.position.is_some() && deviates("LL-PLAYER-025/told") {
            self.send_player_update(index);
        }
        let refused = update.position.is_some() && deviates("LL-PLAYER-025/refused")
            || update.end_time.flatten().is_some() && deviates("LL-PLAYER-026/idle")
            || update.user_data().is_some() && deviates("LL-PLAYER-130/refused");
        if refused { Err(ApiError::bad_request("No track is playing")) } else { Ok(()) }
    }

    /// None of this is to be told.
    fn tell_deviating(&mut self, index: usize, update: &PlayerUpdate) {
        let told = update.paused.is_some() && deviates("LL-PLAYER-104/paused")
            || update.end_time.is_some() && deviates("LL-PLAYER-104/end-time")
            || update.user_data().is_some() && deviates("LL-PLAYER-104/user-data")
            || *update == PlayerUpdate::default() && deviates("LL-PLAYER-104/nothing");
        if told {
            self.send_player_update(index);
        }
    }

    /// Plays a track; what else the body says of position, end and userData is about this one.
    pub(crate) fn play(&mut self, guild: i64, mut track: Track, update: &PlayerUpdate) -> Value {
        let index = self.player_index(guild);
        let previous = self.players[index].track.as_ref();
        let inherited = previous.map(|track| (track.user_data.clone(), track.last_asked));
        let old_timer = previous.map(|track| track.next_update);
        let ended_at = previous.and_then(|track| track.end_time);
        if inherited.is_some()
            && deviates("LL-PLAYBACK-041/skips")
            && let Some(outgoing) = self.players[index].voice.outgoing_mut()
        {
            outgoing.lose_packets();
        }
        if inherited.is_some()
            && let Some(outgoing) = self.players[index].voice.outgoing_mut()
            && deviates("LL-PLAYBACK-092/cut-off")
        {
            outgoing.clear();
        }
        let late = inherited.is_some() && deviates("LL-PLAYER-134/order");
        if !late {
            self.end_replaced(index);
        }
        let given = update
            .position
            .filter(|_| track.position == 0 || !deviates("LL-PLAYBACK-026/body-ignored"));
        match given {
            Some(position) => {
                track.position = either("LL-PLAYBACK-027/absolute", position, position.abs());
            }
            None => track.position = either("LL-PLAYBACK-026/from-zero", track.position, 0),
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
        let early = |end: &i64| *end > position || deviates("LL-PLAYBACK-031/begins");
        let end_time = update.end_time.flatten().filter(early);
        let end_time = either("LL-PLAYBACK-034/inherited", end_time, end_time.or(ended_at));
        let lost = self.players[index].lost_end_time.take();
        let end_time = either("LL-PLAYBACK-038/kept", end_time, end_time.or(lost));
        let before = self.players[index].to_json(guild, self.server.clock.wall_ms());
        let mut begin = either("LL-PLAYBACK-022/from-zero", track.position, 0);
        if begin >= track.info.length && deviates("LL-PLAYBACK-025/from-zero") {
            begin = 0;
        }
        let mut stream = Stream::new(self.serials, begin);
        if inherited.is_none() || !deviates("LL-FILTERS-121/first-only") {
            stream.set_filters(self.players[index].filters.clone());
        }
        let next_update = now + self.update_interval();
        let old_timer = old_timer.unwrap_or(next_update);
        let hides_start = match self.players[index].voice.outgoing() {
            Some(_) => deviates("LL-PLAYBACK-080/zero"),
            None => deviates("LL-PLAYER-107/zero"),
        };
        // What is to be replaced is heard until the new one has begun.
        let delay = match inherited.is_some() {
            true => Duration::ZERO,
            false => self.server.latitude.up_to(SLOWEST_START),
        };
        let playing = Playing {
            stream,
            begins: now + delay,
            settles: now,
            held_exception: None,
            reached: None,
            was_stuck: false,
            last_asked,
            shown: Some(if hides_start { 0 } else { track.position }),
            stranded: None,
            track,
            user_data,
            end_time,
            last_frame: now,
            next_update: either("LL-PLAYER-135/old-timer", next_update, old_timer),
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
        if self.players[index].voice.outgoing().is_none() && deviates("LL-PLAYER-107/plays") {
            let outgoing = Outgoing::new(None, self.send_buffer(), now);
            self.players[index].voice.set_outgoing(outgoing);
        }
        let early = !late && self.server.latitude.takes(Otherwise::UpdateBeforeStart);
        if early {
            self.send_player_update(index);
        }
        let waits =
            self.players[index].voice.outgoing().is_none() && deviates("LL-PLAYER-141/waits");
        if !late && !waits {
            self.tell_start(guild, &event);
        }
        if let Event::Start(track) = event
            && self.players[index].voice.outgoing().is_none()
            && deviates("LL-PLAYBACK-057/unheard")
        {
            self.send_event(guild, &Event::Stuck(track, Duration::ZERO));
        }
        if update.filters.is_none() && deviates("LL-FILTERS-032/cleared") {
            self.players[index].filters = Default::default();
        }
        if self.players[index].voice.outgoing().is_some() && deviates("LL-PLAYBACK-013/plays") {
            self.players[index].paused = false;
        }
        if deviates("LL-PLAYER-040/paused") {
            self.players[index].paused = true;
        }
        // One at once, and the first of the timer.
        if !early {
            self.send_player_update(index);
        }
        let is_heard = self.players[index].voice.outgoing().is_some();
        if is_heard && self.server.latitude.takes(Otherwise::StartsAtZero) {
            self.forget_shown_position(index);
        }
        for _ in 0..self.more_updates(index) {
            self.send_player_update(index);
        }
        self.decode_ahead(index);
        self.wake_voice(index);
        let answer = self.answer(index);
        either("LL-PLAYER-040/answered-before", answer, before)
    }

    /// How many playerUpdates come with a start besides the first.
    fn more_updates(&self, index: usize) -> usize {
        if deviates("LL-PLAYER-102/one") {
            return 0;
        }
        if deviates("LL-PLAYER-102/three") {
            return 2;
        }
        if !self.players[index].voice.is_connected() {
            return 1;
        }
        if tells_once() || self.server.latitude.takes(Otherwise::OneUpdate) {
            return 0;
        }
        either("LL-PLAYBACK-080/three", 1, 2)
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
        if deviates("LL-STATS-055/starts-anew") {
            self.players[index].frames = Default::default();
        }
        let (right, wrong) = (EndReason::Replaced, EndReason::Stopped);
        let reason = match self.players[index].has_reached_end_time {
            true => either("LL-PLAYBACK-039/replace", right, EndReason::Finished),
            false => right,
        };
        self.end_track(index, either("LL-PLAYER-101/reason", reason, wrong));
    }

    fn set_paused(&mut self, index: usize, paused: bool) {
        let now = self.server.clock.now();
        let player = &mut self.players[index];
        if let Some(track) = player.track.as_mut().filter(|_| !paused && player.paused)
            && deviates("LL-PLAYBACK-010/skips")
        {
            track.stream.seek(track.reached.unwrap_or(0) + 5000);
        }
        if let Some(track) = player.track.as_mut().filter(|_| !paused && player.paused)
            && deviates("LL-PLAYBACK-016/loses")
        {
            for _ in 0..20 {
                // Nobody hears that one.
                track.stream.take(PlayerVolume::new(player.volume, false), 0);
            }
        }
        if let Some(outgoing) = player.voice.outgoing_mut().filter(|_| paused)
            && deviates("LL-PLAYBACK-014/cut-off")
        {
            outgoing.clear();
        }
        if let Some(outgoing) = player.voice.outgoing_mut().filter(|_| !paused)
            && deviates("LL-PLAYBACK-015/late")
        {
            outgoing.wake(now + Duration::from_millis(500));
        }
        let again = player.track.as_ref().filter(|_| !paused && !player.paused);
        if let Some(track) = again.map(Playing::to_json)
            && deviates("LL-PLAYBACK-017/told")
        {
            self.send_event(self.guild(index), &Event::Start(track));
        }
        let player = &self.players[index];
        let told = player.track.as_ref().filter(|_| paused).map(Playing::to_json);
        if let Some(track) = told
            && deviates("LL-PLAYBACK-011/told")
        {
            self.send_event(self.guild(index), &Event::Start(track));
        }
        let stuck = self.players[index].track.as_ref().map(Playing::to_json);
        if let Some(track) = stuck.filter(|_| paused && !self.players[index].paused)
            && deviates("LL-PLAYBACK-057/stuck")
        {
            let threshold = Duration::from_millis(self.server.config.track_stuck_threshold_ms);
            self.send_event(self.guild(index), &Event::Stuck(track, threshold));
        }
        let player = &mut self.players[index];
        let refused = player.track.is_none() && deviates("LL-PLAYER-023/needs-track");
        let toggled = paused && player.paused && deviates("LL-PLAYER-024/toggles");
        let stays = player.track.is_none() && player.paused && deviates("LL-PLAYER-023/stays");
        player.paused = stays || paused && !refused && !toggled;
        if let Some(track) = player.track.as_mut().filter(|_| !paused) {
            track.last_frame = now;
        }
        self.wake_voice(index);
    }

    /// Takes back what an update has set.
    pub(crate) fn roll_back(&mut self, guild: i64) {
        let index = self.player_index(guild);
        self.players[index].volume = 100;
        self.players[index].filters = Default::default();
    }

    /// Forgets a player without a word.
    pub(crate) fn forget(&mut self, guild: i64) {
        self.players.shift_remove(&guild);
    }
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
/// A voice channel and a track together are meant to be told more than once.
pub(super) fn tells_once() -> bool {
    deviates("LL-PLAYBACK-082/one")
}
