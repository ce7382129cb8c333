//! Seeks and end times.

use std::time::Duration;

use super::Player;
use super::command::{Context, Effects, Order};
use crate::deviations::switch::{self, deviates};
use crate::latitude::Otherwise;
use crate::message::EndReason;

/// Longest time that a seek takes with `--vary` until its position is shown, or until the track
/// ends if there is nothing (docs/observed/playback.md#seeks).
const SLOWEST_SEEK: Duration = Duration::from_millis(130);

impl Player {
    /// Goes to a position, ms. An end time that is jumped over ends the track.
    pub(super) fn seek(&mut self, position: i64, context: &Context<'_>, effects: &mut Effects) {
        let Some(track) = &mut self.track else { return };
        if track.track.info.is_stream && !deviates(switch::PLAYER_145_SOUGHT) {
            self.tell(context, effects);
            return;
        }
        track.sought = position.max(0);
        let is_through = track.stream.is_through() && context.config.quirks;
        let is_gone = !track.stream.can_go_on() && !deviates(switch::PLAYER_143_SOUGHT);
        if is_through || is_gone {
            // Nobody is there any more who would look at the end time.
            track.end_time = None;
            track.strand();
            self.tell(context, effects);
            return;
        }
        let before = track.reached;
        track.stream.seek(position);
        self.show_sought(position, context);
        let jumped = self.end_time().is_some_and(|end| position >= end);
        let is_told_later = jumped && context.latitude.takes(Otherwise::EndBeforeSeek);
        if !is_told_later {
            self.tell(context, effects);
        }
        if jumped {
            if let Some(track) = &mut self.track {
                // No frame has reached the new position.
                (track.shown, track.reached) = (None, before);
            }
            self.end_track(EndReason::Finished, effects);
            if is_told_later {
                self.tell(context, effects);
            }
            return;
        }
        effects.orders.push(Order::Wake);
    }

    /// Shows the position of a seek, as far as the real server does.
    fn show_sought(&mut self, position: i64, context: &Context<'_>) {
        let (latitude, now) = (context.latitude, context.now);
        let slow = latitude.up_to(SLOWEST_SEEK);
        let is_heard = self.voice.is_listening();
        let Some(track) = &mut self.track else { return };
        let is_beyond = position >= track.track.info.length;
        let position = Some(position.max(0));
        if latitude.takes(Otherwise::OldPosition) {
            track.settles = now + slow;
        } else if !is_heard {
            // Without frames there is no other position than 0; it is shown this once.
            track.shown = position;
        } else if !self.paused && !is_beyond {
            // A paused player stays where it is until it plays on.
            track.reached = position;
        }
        if self.paused && is_heard && !is_beyond && latitude.takes(Otherwise::SoughtWhilePaused) {
            track.shown = position;
        }
        if is_beyond {
            track.begins = now + slow;
        }
    }

    /// Sets where the track is to end, ms. A place that lies behind is forgotten.
    pub(super) fn set_end_time(&mut self, end: i64) {
        if let Some(track) = &mut self.track {
            track.end_time = (end > track.position()).then_some(end);
        }
    }

    fn end_time(&self) -> Option<i64> {
        self.track.as_ref().and_then(|track| track.end_time)
    }
}
