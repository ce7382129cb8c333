//! Playing: frames are decoded ahead, taken by voice connections, and end with their track.

use std::time::Duration;

use serde_json::{Value, json};

use super::Session;
use crate::clock::Moment;
use crate::deviations::{self, deviates, either};
use crate::filters::PlayerVolume;
use crate::latitude::Otherwise;
use crate::playback::{Decoded, FRAME_MS, frames_of};
use crate::player::{EndReason, Event, Player};
use crate::voice::{FRAME_PERIOD, Outgoing, Speaking};

/// Frames that are decoded while nobody takes any, to see whether there are any.
const FRAMES_WITHOUT_VOICE: usize = 1;

/// How long a seek may take with `--vary` until its position is shown, or until the track ends if
/// there is nothing (docs/observed/playback.md#seeks).
const SLOWEST_SEEK: Duration = Duration::from_millis(130);

impl Session {
    /// When the next packet of any player is due that anybody could notice.
    pub(super) fn next_packet(&self) -> Moment {
        let leaving = self.leaving.iter().map(Outgoing::next);
        let players = self.players.values().map(|player| self.next_packet_of(player));
        players.chain(leaving).fold(Moment::NEVER, Moment::min)
    }

    /// Packets of a simulated connection leave at no particular time as long as nobody can notice;
    /// whoever looks at their player [catches up](Self::catch_up) with them first.
    fn next_packet_of(&self, player: &Player) -> Moment {
        let Some(outgoing) = player.voice.outgoing() else { return Moment::NEVER };
        if outgoing.is_heard() || outgoing.next() == Moment::NEVER || deviations::any() {
            return outgoing.next();
        }
        let unnoticed = self.unnoticed_frames(player).saturating_sub(outgoing.room() + 1);
        let unnoticed = u32::try_from(unnoticed).unwrap_or(u32::MAX);
        outgoing.next() + FRAME_PERIOD.saturating_mul(unnoticed)
    }

    /// Frames that a player can give before its track ends, runs out of them or reaches its end
    /// time.
    fn unnoticed_frames(&self, player: &Player) -> usize {
        let Some(track) = player.track.as_ref().filter(|_| !player.paused) else { return 0 };
        let Some(position) = track.stream.next_position() else { return 0 };
        let buffer = frames_of(self.server.config.frame_buffer_duration_ms);
        let certain = track.stream.certain_frames(buffer.max(FRAMES_WITHOUT_VOICE));
        let until_end = |end: i64| usize::try_from((end - position) / FRAME_MS).unwrap_or(0);
        certain.min(track.end_time.map_or(usize::MAX, until_end))
    }

    /// Lets every packet of simulated connections leave whose time has come.
    pub(super) fn catch_up(&mut self) {
        let now = self.server.clock.now();
        for index in 0..self.players.len() {
            if self.players[index].voice.outgoing().is_some_and(|outgoing| !outgoing.is_heard()) {
                self.send_packets_of(index, now);
            }
        }
    }

    /// Sends the packets of voice channels that were left.
    pub(super) fn send_leaving(&mut self, now: Moment) {
        for outgoing in &mut self.leaving {
            while outgoing.next() <= now {
                outgoing.send(now, false);
            }
        }
        self.leaving.retain(Outgoing::drains);
    }

    /// Sends the packets that are due.
    pub(super) fn send_due_packets(&mut self, now: Moment) {
        self.send_leaving(now);
        for index in 0..self.players.len() {
            self.send_packets_of(index, now);
            self.decode_ahead(index);
        }
    }

    /// Sends those of a player; simulated ones leave at their moment, however late that is seen.
    fn send_packets_of(&mut self, index: usize, now: Moment) {
        while let Some(outgoing) = self.players[index].voice.outgoing()
            && outgoing.next() <= now
        {
            let heard = outgoing.is_heard();
            let moment = if heard { now } else { outgoing.next() };
            self.fill_queue(index, moment);
            let player = &mut self.players[index];
            let expecting = player.is_playing();
            if let Some(outgoing) = player.voice.outgoing_mut() {
                outgoing.send(moment, expecting);
            }
            if !heard {
                self.decode_ahead(index);
            }
        }
    }

    /// Fills the queue of a connection with what its player has.
    fn fill_queue(&mut self, index: usize, now: Moment) {
        loop {
            let has_room = |outgoing: &crate::voice::Outgoing| outgoing.has_room();
            if !self.players[index].voice.outgoing().is_some_and(has_room) {
                return;
            }
            let player = &mut self.players[index];
            let playing = player.is_playing();
            let begun = player.track.as_ref().is_some_and(|track| track.begins <= now);
            let stutters = playing && player.voice.outgoing_mut().is_some_and(Outgoing::stutters);
            let frame = if stutters { None } else { self.take_frame(index, now) };
            if playing && begun && !self.server.latitude.takes(Otherwise::FrameLost) {
                let wall = self.server.clock.wall_ms_at(now);
                self.players[index].frames.count(frame.is_some(), wall);
            }
            let ran_out = frame.is_none();
            let voice = &mut self.players[index].voice;
            let speaking = voice.outgoing_mut().and_then(|outgoing| match frame {
                Some(opus) => outgoing.push(opus),
                None => outgoing.push_silence(),
            });
            match speaking {
                Some(Speaking::Begins) if deviates("LL-PLAYBACK-004/silent") => {}
                Some(Speaking::Begins) => voice.speak(true),
                Some(Speaking::Ends) if deviates("LL-PLAYBACK-088/goes-on") => {}
                Some(Speaking::Ends) => voice.speak(false),
                None => {}
            }
            if ran_out {
                return;
            }
        }
    }

    /// The next frame of a player, if it has one now. The track ends when it has had its last.
    fn take_frame(&mut self, index: usize, now: Moment) -> Option<Box<[u8]>> {
        let threshold = Duration::from_millis(self.server.config.track_stuck_threshold_ms);
        let complexity = self.server.config.opus_encoding_quality;
        let player = &mut self.players[index];
        let volume = PlayerVolume::new(player.volume, self.server.config.quirks);
        let track = player.track.as_mut()?;
        track.last_asked = now;
        if player.paused && !deviates("LL-PLAYBACK-010/goes-on") {
            track.last_frame = now;
            return None;
        }
        if now < track.begins {
            return None;
        }
        if let Some(frame) = track.stream.take(volume, complexity) {
            track.last_frame = now;
            let is_last = track.stream.has_ended();
            let late = |end: i64| either("LL-PLAYBACK-090/late", end, end + 20);
            let mut end = track.end_time.map(late);
            if track.track.info.is_stream && deviates("LL-PLAYBACK-059/ends") {
                end = Some(1000);
            }
            if end.is_some_and(|end| frame.position >= end) && !deviates("LL-PLAYBACK-030/ignored")
            {
                let (right, wrong) = (EndReason::Finished, EndReason::Stopped);
                player.has_reached_end_time = true;
                self.end_track(index, either("LL-PLAYBACK-030/stopped", right, wrong));
                if deviates("LL-PLAYBACK-090/unheard") {
                    return None;
                }
            } else {
                let half = frame.position / 2;
                let shown = either("LL-PLAYBACK-023/half", frame.position, half);
                let shown = either("LL-PLAYBACK-023/between", shown, shown + 7);
                track.reached = if now < track.settles { track.reached } else { Some(shown) };
            }
            if is_last && deviates("LL-PLAYBACK-087/drops-last") {
                return None;
            }
            return Some(frame.opus);
        }
        let unopened = track.stream.is_broken && !track.stream.was_heard;
        if track.stream.has_ended() && !(unopened && deviates("LL-PLAYBACK-042/goes-on")) {
            let reason = match track.stream.is_broken && !track.stream.was_heard {
                true => EndReason::LoadFailed,
                false => either("LL-PLAYBACK-001/reason", EndReason::Finished, EndReason::Stopped),
            };
            if track.end_time.is_some() && deviates("LL-PLAYBACK-035/waits") {
                return None;
            }
            if player.voice.outgoing().is_some_and(Outgoing::drains)
                && deviates("LL-PLAYBACK-005/late")
            {
                return None;
            }
            let length = track.track.info.length;
            track.reached = either("LL-PLAYBACK-087/length", track.reached, Some(length));
            let held = track.held_exception.take();
            let held = held.map(|exception| Event::Exception(track.to_json(), exception));
            self.end_track(index, if held.is_some() { EndReason::Finished } else { reason });
            if let Some(exception) = held {
                self.send_event(self.guild(index), &exception);
            }
            if deviates("LL-PLAYBACK-087/update") {
                self.send_player_update(index);
            }
            let player = &mut self.players[index];
            player.volume = either("LL-PLAYBACK-007/volume", player.volume, 100);
            if deviates("LL-PLAYBACK-007/filters") {
                player.filters = Default::default();
            }
        } else if now.since(track.last_frame) >= threshold
            && (!track.was_stuck || deviates("LL-PLAYBACK-056/again"))
        {
            track.was_stuck = true;
            // As long as nothing comes it is told once.
            track.last_frame = now;
            let shown = either("LL-PLAYBACK-055/default", threshold, Duration::from_secs(10));
            let event = Event::Stuck(track.to_json(), shown);
            self.send_event(self.guild(index), &event);
            if !deviates("LL-PLAYBACK-094/no-update") {
                self.send_player_update(index);
            }
            if deviates("LL-PLAYBACK-094/ends") {
                self.end_track(index, EndReason::LoadFailed);
            }
        }
        None
    }

    /// Has frames decoded in the background, if more are wanted than there are.
    pub(super) fn decode_ahead(&mut self, index: usize) {
        let buffer = frames_of(self.server.config.frame_buffer_duration_ms);
        let guild = self.guild(index);
        let player = &mut self.players[index];
        let wanted = match player.voice.outgoing() {
            Some(_) => buffer.max(FRAMES_WITHOUT_VOICE),
            None => FRAMES_WITHOUT_VOICE,
        };
        let volume = PlayerVolume::new(player.volume, self.server.config.quirks);
        let Some(track) = &mut player.track else { return };
        let Some(work) = track.stream.work(wanted, volume) else { return };
        let work = match work.run_at_once() {
            Ok(decoded) => return self.receive_frames(guild, decoded),
            Err(work) => work,
        };
        let Some(track) = &self.players[index].track else { return };
        let info = track.track.info.clone();
        let others = self.players.values().enumerate().filter(|(other, _)| *other != index);
        let mut tracks = others.filter_map(|(_, player)| player.track.as_ref());
        if tracks.any(|track| track.stream.is_at_work()) && deviates("LL-PLAYBACK-060/blocked") {
            return;
        }
        let (server, handle) = (self.server.clone(), self.handle.clone());
        let gate = work.gate();
        gate.close(self.server.clock.hold());
        self.server.tasks.spawn(async move {
            let decoded = work.run(&server.clock, &server.sources, &info, server.making()).await;
            // The gate is closed again by whatever is decoded next.
            let hold = server.clock.hold();
            gate.open();
            // Nobody wants it if the session is over.
            handle.ask(move |session| session.receive_frames(guild, decoded)).await;
            drop(hold);
        });
    }

    /// Takes what was decoded for a player.
    fn receive_frames(&mut self, guild: i64, decoded: Decoded) {
        let Some(index) = self.players.get_index_of(&guild) else { return };
        let player = &mut self.players[index];
        let Some(track) = &mut player.track else { return };
        if track.stream.serial() != decoded.serial {
            return;
        }
        if let Some(failure) = track.stream.receive(decoded) {
            let mut exception = failure.to_json();
            if deviates("LL-PLAYBACK-093/severity") {
                exception["severity"] = "common".into();
            }
            if deviates("LL-PLAYBACK-093/message") {
                exception["message"] = "The track cannot be played.".into();
            }
            let at_once = track.stream.has_frames() && deviates("LL-PLAYBACK-053/at-once")
                || player.voice.outgoing().is_none() && deviates("LL-PLAYBACK-061/ends");
            let is_asked = player.voice.outgoing().is_some() && !player.paused;
            let unopened = !track.stream.was_heard && !track.stream.has_frames();
            if unopened
                && is_asked
                && self.server.latitude.takes(Otherwise::FinishedBeforeException)
            {
                track.held_exception = Some(exception);
                self.wake_voice(index);
                return;
            }
            let event = Event::Exception(track.to_json(), exception);
            if track.stream.was_heard || !deviates("LL-PLAYBACK-050/silent") {
                self.send_event(guild, &event);
            }
            if at_once {
                self.end_track(index, EndReason::LoadFailed);
                return;
            }
        }
        self.decode_ahead(index);
        self.wake_voice(index);
    }

    /// Lets the connection of a player look again whether there is something to send.
    pub(super) fn wake_voice(&mut self, index: usize) {
        let now = self.server.clock.now();
        if let Some(outgoing) = self.players[index].voice.outgoing_mut() {
            outgoing.wake(now);
        }
    }

    /// Goes to a position, ms. A marker that is jumped over ends the track.
    pub(super) fn seek(&mut self, index: usize, position: i64) {
        let player = &mut self.players[index];
        let listened_to = player.voice.outgoing().is_some();
        let paused = player.paused;
        let Some(track) = &mut player.track else { return };
        let before = track.reached;
        if deviates("LL-PLAYER-108/seek-puts-off") {
            track.last_asked = self.server.clock.now();
        }
        if track.stream.is_through() && deviates("LL-PLAYBACK-086/ends") {
            self.end_track(index, EndReason::Finished);
            return;
        }
        if track.stream.is_through() && self.server.config.quirks {
            // Nobody is there any more who could seek, nor who looks at the end time.
            (track.stranded, track.end_time) = (Some(position.max(0)), None);
            self.send_player_update(index);
            return;
        }
        let beyond = position >= track.track.info.length;
        if beyond && deviates("LL-PLAYBACK-021/ignored") {
            return;
        }
        if !deviates("LL-PLAYBACK-020/ignored") {
            track.stream.seek(position);
        }
        let latitude = &self.server.latitude;
        let (now, slow) = (self.server.clock.now(), latitude.up_to(SLOWEST_SEEK));
        if latitude.takes(Otherwise::OldPosition) {
            track.settles = now + slow;
        } else if !listened_to {
            // Without frames there is no other position than 0; it is shown this once.
            let shown = Some(position.max(0));
            track.shown = either("LL-PLAYER-121/rounded", shown, Some(position + 20));
        } else if (!paused || deviates("LL-PLAYBACK-024/shown")) && !beyond {
            // A paused player stays where it is until it plays on.
            track.reached = Some(position.max(0));
        }
        if paused && listened_to && !beyond && latitude.takes(Otherwise::SoughtWhilePaused) {
            track.shown = Some(position.max(0));
        }
        if beyond {
            track.begins = now + slow;
        }
        let mut jumped = track.end_time.is_some_and(|end| position >= end);
        if jumped && paused && deviates("LL-PLAYBACK-037/goes-on") {
            jumped = false;
        }
        if jumped && deviates("LL-PLAYBACK-033/goes-on") {
            (jumped, track.end_time) = (false, None);
        }
        let silent = deviates("LL-PLAYER-104/seek-silent")
            || deviates("LL-PLAYBACK-089/silent")
            || jumped && deviates("LL-PLAYBACK-033/silent");
        let later = jumped && self.server.latitude.takes(Otherwise::EndBeforeSeek);
        if !silent && !later {
            self.send_player_update(index);
        }
        if deviates("LL-PLAYBACK-089/twice") {
            self.send_player_update(index);
        }
        if jumped {
            if let Some(track) = &mut self.players[index].track {
                let reached = either("LL-PLAYBACK-033/position", before, Some(position));
                (track.shown, track.reached) = (None, reached);
            }
            self.end_track(index, EndReason::Finished);
            if !silent && later {
                self.send_player_update(index);
            }
            return;
        }
        self.decode_ahead(index);
        self.wake_voice(index);
    }

    /// Sets where the track is to end. What lies behind is forgotten.
    pub(super) fn set_end_time(&mut self, index: usize, end: i64) {
        let player = &mut self.players[index];
        let Some(track) = &mut player.track else {
            player.lost_end_time = Some(end);
            return;
        };
        if track.end_time.is_some() && deviates("LL-PLAYBACK-036/first") {
            return;
        }
        if track.end_time.is_some_and(|first| first > end) && deviates("LL-PLAYBACK-036/later") {
            return;
        }
        track.end_time = (end > track.position()).then_some(end);
        if track.end_time.is_none() && deviates("LL-PLAYBACK-031/fires") {
            self.end_track(index, EndReason::Finished);
        }
    }

    /// Tells that the voice gateway is gone, and that the player has none; gives back the event.
    pub(super) fn tell_closed(
        &mut self,
        index: usize,
        code: u16,
        reason: &str,
        by_remote: bool,
    ) -> Value {
        let guild = self.guild(index).to_string();
        let event = json!({
            "op": "event", "type": "WebSocketClosedEvent", "guildId": guild, "code": code,
            "reason": reason, "byRemote": by_remote,
        });
        self.say(event.to_string());
        if !deviates("LL-VOICE-037/no-update") {
            self.send_player_update(index);
        }
        event
    }
}
