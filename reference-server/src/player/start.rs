//! The start of a track.

use std::time::Duration;

use serde_json::json;

use super::command::{Context, Effects, Order, Outcome};
use super::{Player, PlayerUpdate, Playing};
use crate::deviations::switch::{self, either};
use crate::latitude::Otherwise;
use crate::message::{EndReason, Event};
use crate::playback::Stream;
use crate::tracks::Track;

/// Longest time that the first frame of a track takes with `--vary`: positions are up to 254 ms
/// behind the time that has passed (docs/observed/playback.md#positions).
const SLOWEST_START: Duration = Duration::from_millis(250);

impl Player {
    /// Plays a track; what else the body says of position, end and userData is about this one.
    pub(super) fn play(
        &mut self,
        track: Track,
        update: &PlayerUpdate,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        let replaces = self.track.is_some();
        self.end_track(EndReason::Replaced, effects);
        let playing = self.playing(track, update, replaces, context);
        let start = self.event(Event::Start(playing.to_json()));
        let told = self.told_positions(&playing.track, context);
        self.track = Some(playing);
        self.next_update = context.now + self.update_interval(context);
        self.show_position(told.first().copied());
        let is_early = context.latitude.takes(Otherwise::UpdateBeforeStart);
        if is_early {
            self.tell(context, effects);
        }
        effects.say(start);
        if !is_early {
            self.tell(context, effects);
        }
        if let Some(position) = told.get(1) {
            self.show_position(Some(*position));
            self.tell(context, effects);
        }
        effects.orders.push(Order::Wake);
        self.answer(context)
    }

    /// The positions of the playerUpdates of a start, ms. The real server tells one as its timer
    /// begins, which has what was asked for, and one because the track starts: the reader has its
    /// position by then.
    fn told_positions(&self, track: &Track, context: &Context<'_>) -> Vec<i64> {
        let asked = track.position;
        let entry = either(switch::PLAYER_144_AS_ASKED, track.entry(), asked);
        let latitude = context.latitude;
        if self.voice.is_connected() && latitude.takes(Otherwise::OneUpdate) {
            return vec![entry];
        }
        let mut told = [asked, entry];
        // Where frames are taken, either may fall between the seek and the first of them. The
        // timer's may be late where they are not.
        let can_say_zero = self.voice.is_listening() || asked != entry;
        if can_say_zero && latitude.takes(Otherwise::StartsAtZero) {
            let is_second = asked == entry && latitude.takes(Otherwise::StartsAtZero);
            told[usize::from(is_second)] = 0;
        }
        told.to_vec()
    }

    /// The track as it begins.
    fn playing(
        &self,
        mut track: Track,
        update: &PlayerUpdate,
        replaces: bool,
        context: &Context<'_>,
    ) -> Playing {
        track.position = update.position.unwrap_or(track.position);
        let position = track.position;
        let mut stream = Stream::new(context.serial, track.entry());
        stream.set_filters(self.filters.clone());
        // What is replaced is heard until its successor has begun.
        let delay = match replaces {
            true => Duration::ZERO,
            false => context.latitude.up_to(SLOWEST_START),
        };
        Playing {
            stream,
            begins: context.now + delay,
            settles: context.now,
            held_exception: None,
            reached: None,
            was_stuck: false,
            last_asked: context.now,
            shown: Some(position),
            sought: track.entry(),
            stranded: None,
            user_data: update.user_data().cloned().unwrap_or_else(|| json!({})),
            // An end that lies behind the beginning is none.
            end_time: update.end_time.flatten().filter(|end| *end > position),
            last_frame: context.now,
            track,
        }
    }
}
