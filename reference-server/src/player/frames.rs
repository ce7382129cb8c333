//! The frames of a player: made ahead of time, taken one by one, and the end that they come to.

use std::time::Duration;

use super::Player;
use super::command::{Context, Effects, Order, Outcome};
use crate::filters::PlayerVolume;
use crate::latitude::Otherwise;
use crate::message::{EndReason, Event};
use crate::pcm::FRAME_MS;
use crate::playback::{Decoded, Packet, frames_of};

/// Frames that are made while there is no voice connection, to see whether there are any.
const FRAMES_WITHOUT_VOICE: usize = 1;

impl Player {
    /// The next frame, counted for the statistics as sent or as missed.
    pub(super) fn take_counted(
        &mut self,
        late: bool,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        let has_begun = self.track.as_ref().is_some_and(|track| track.begins <= context.now);
        let counts = has_begun && self.is_playing();
        let frame = if late { None } else { self.take_frame(context, effects) };
        if counts && !context.latitude.takes(Otherwise::FrameLost) {
            self.frames.count(frame.is_some(), context.wall);
        }
        frame.map_or(Outcome::Nothing, Outcome::Frame)
    }

    /// The next frame, if it is there now. The track ends once it has had its last.
    fn take_frame(&mut self, context: &Context<'_>, effects: &mut Effects) -> Option<Box<[u8]>> {
        let volume = self.encoder_volume(context);
        let is_paused = self.paused;
        let track = self.track.as_mut()?;
        track.last_asked = context.now;
        if is_paused {
            track.last_frame = context.now;
            return None;
        }
        if context.now < track.begins {
            return None;
        }
        if let Some(packet) = track.stream.take(volume, context.config.opus_encoding_quality) {
            track.last_frame = context.now;
            return Some(self.reach(packet, context, effects));
        }
        if track.stream.has_ended() {
            self.run_out(effects);
        } else {
            self.look_for_stall(context, effects);
        }
        None
    }

    /// A frame is on its way: the position is its own now, and its end may be the track's. The
    /// frame at the end time is still heard.
    fn reach(&mut self, packet: Packet, context: &Context<'_>, effects: &mut Effects) -> Box<[u8]> {
        if let Some(track) = &mut self.track {
            if track.end_time.is_some_and(|end| packet.position >= end) {
                self.end_track(EndReason::Finished, effects);
            } else if context.now >= track.settles {
                track.reached = Some(packet.position);
            }
        }
        packet.opus
    }

    /// There are no more frames: the track has ended, or could not even begin.
    fn run_out(&mut self, effects: &mut Effects) {
        let Some(track) = &mut self.track else { return };
        let has_failed = track.stream.is_broken && !track.stream.was_heard;
        let held = track.held_exception.take();
        let held = held.map(|exception| Event::Exception(track.to_json(), exception));
        match held {
            Some(exception) => {
                self.end_track(EndReason::Finished, effects);
                effects.say(self.event(exception));
            }
            None if has_failed => self.end_track(EndReason::LoadFailed, effects),
            None => self.end_track(EndReason::Finished, effects),
        }
    }

    /// Tells, once, that no frame has come for as long as the configuration allows.
    fn look_for_stall(&mut self, context: &Context<'_>, effects: &mut Effects) {
        let threshold = Duration::from_millis(context.config.track_stuck_threshold_ms);
        let Some(track) = &mut self.track else { return };
        if track.was_stuck || context.now.since(track.last_frame) < threshold {
            return;
        }
        track.was_stuck = true;
        // The threshold begins anew, so that a stall is told once.
        track.last_frame = context.now;
        let event = Event::Stuck(track.to_json(), threshold);
        effects.say(self.event(event));
        self.tell(context, effects);
    }

    /// Takes what was decoded; a failure is told at once, whatever frames are still there.
    pub(super) fn receive(
        &mut self,
        decoded: Decoded,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        let is_asked = self.voice.is_listening() && !self.paused;
        let Some(track) = &mut self.track else { return Outcome::Nothing };
        if track.stream.serial() != decoded.serial {
            return Outcome::Nothing;
        }
        effects.orders.push(Order::Wake);
        let Some(failure) = track.stream.receive(decoded) else { return Outcome::Nothing };
        if !track.stream.can_go_on() {
            track.strand();
        }
        let is_unopened = !track.stream.was_heard && !track.stream.has_frames();
        if is_unopened && is_asked && context.latitude.takes(Otherwise::FinishedBeforeException) {
            track.held_exception = Some(failure.to_json());
            return Outcome::Nothing;
        }
        let event = Event::Exception(track.to_json(), failure.to_json());
        effects.say(self.event(event));
        Outcome::Nothing
    }

    /// The order to decode, if more frames are wanted than there are.
    pub(super) fn look_ahead(&mut self, context: &Context<'_>) -> Option<Order> {
        let (wanted, volume) = (self.wanted_frames(context), self.encoder_volume(context));
        let track = self.track.as_mut()?;
        let work = track.stream.work(wanted, volume)?;
        Some(Order::Decode(Box::new(work), Box::new(track.track.info.clone())))
    }

    /// Frames that the player can give before its track ends, runs out of them or reaches its end
    /// time: until then nothing but their number can be noticed.
    pub(crate) fn unnoticed_frames(&self, context: &Context<'_>) -> usize {
        let Some(track) = self.track.as_ref().filter(|_| !self.paused) else { return 0 };
        let Some(position) = track.stream.next_position() else { return 0 };
        let buffer = frames_of(context.config.frame_buffer_duration_ms);
        let certain = track.stream.certain_frames(buffer.max(FRAMES_WITHOUT_VOICE));
        let until_end = |end: i64| usize::try_from((end - position) / FRAME_MS).unwrap_or(0);
        certain.min(track.end_time.map_or(usize::MAX, until_end))
    }

    fn wanted_frames(&self, context: &Context<'_>) -> usize {
        match self.voice.is_listening() {
            true => frames_of(context.config.frame_buffer_duration_ms).max(FRAMES_WITHOUT_VOICE),
            false => FRAMES_WITHOUT_VOICE,
        }
    }

    fn encoder_volume(&self, context: &Context<'_>) -> PlayerVolume {
        PlayerVolume::new(self.volume, context.config.quirks)
    }
}
