//! The start of a track.

use std::time::Duration;

use serde_json::json;

use super::command::{Context, Effects, Order, Outcome};
use super::{Player, PlayerUpdate, Playing};
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
        self.track = Some(playing);
        self.next_update = context.now + self.update_interval(context);
        let is_early = context.latitude.takes(Otherwise::UpdateBeforeStart);
        if is_early {
            self.tell(context, effects);
        }
        effects.say(start);
        if !is_early {
            self.tell(context, effects);
        }
        if self.voice.is_listening() && context.latitude.takes(Otherwise::StartsAtZero) {
            self.forget_shown_position();
        }
        // The real server tells once because the track starts, and once more as its timer begins.
        let tells_once = self.voice.is_connected() && context.latitude.takes(Otherwise::OneUpdate);
        if !tells_once {
            self.tell(context, effects);
        }
        effects.orders.push(Order::Wake);
        self.answer(context)
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
        let mut stream = Stream::new(context.serial, position);
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
            stranded: None,
            user_data: update.user_data().cloned().unwrap_or_else(|| json!({})),
            // An end that lies behind the beginning is none.
            end_time: update.end_time.flatten().filter(|end| *end > position),
            last_frame: context.now,
            track,
        }
    }
}
