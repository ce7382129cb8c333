//! The changes that a PATCH makes, in the real server's order. Changes before an error stay.

use serde_json::Value;

use super::command::{Context, Effects, Order, Outcome};
use super::{Player, PlayerUpdate, TrackChange};
use crate::error::ApiError;
use crate::filters::Filters;
use crate::message::EndReason;
use crate::tracks::Track;

impl Player {
    /// Applies a checked body. Without a new track, pause, userData, position and end time are
    /// about the present one.
    pub(super) fn update(
        &mut self,
        update: PlayerUpdate,
        no_replace: bool,
        track: Option<Result<Box<Track>, ApiError>>,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        let change = update.track_change();
        let is_about_present = change == TrackChange::Keep;
        if is_about_present {
            if let Some(paused) = update.paused {
                self.set_paused(paused, context, effects);
            }
            if let (Some(track), Some(data)) = (&mut self.track, update.user_data()) {
                track.user_data = data.clone();
            }
        }
        if let Some(volume) = update.volume {
            let (least, most) = context.values.volumes;
            self.volume = volume.clamp(least, most);
        }
        if is_about_present {
            if let Some(position) = update.position {
                self.seek(position, context, effects);
            }
            if let Some(end) = update.end_time.flatten() {
                self.set_end_time(end);
            }
        }
        if let Some(filters) = &update.filters
            && let Err(error) = self.set_filters(filters, context, effects)
        {
            return Outcome::Refused(error);
        }
        if is_about_present || no_replace && self.track.is_some() {
            return self.answer(context);
        }
        // Whatever is said of the track, it ends a pause that the body does not ask for.
        self.set_paused(update.paused.unwrap_or(false), context, effects);
        match (change, track) {
            (TrackChange::Play(_), Some(Ok(track))) => self.play(*track, &update, context, effects),
            (TrackChange::Play(_), Some(Err(error))) => Outcome::Refused(error),
            (TrackChange::LookUp(identifier), _) => {
                self.forget_shown_position();
                Outcome::LookUp(identifier)
            }
            _ => {
                self.end_track(EndReason::Stopped, effects);
                self.answer(context)
            }
        }
    }

    pub(super) fn set_paused(
        &mut self,
        paused: bool,
        context: &Context<'_>,
        effects: &mut Effects,
    ) {
        self.paused = paused;
        if let Some(track) = self.track.as_mut().filter(|_| !paused) {
            // Frames that were not asked for are not missing.
            track.last_frame = context.now;
        }
        effects.orders.push(Order::Wake);
    }

    /// The filters take the place of all that the player had. Bands that do not exist are refused
    /// only here, so that what stands before the filters in the real server's order was applied.
    fn set_filters(
        &mut self,
        filters: &Filters,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Result<(), ApiError> {
        filters.check_bands().map_err(|error| ApiError::uncaught(&error.to_string()))?;
        if let Some(track) = &mut self.track {
            track.stream.set_filters(filters.clone());
        }
        self.filters = filters.clone();
        self.tell(context, effects);
        Ok(())
    }

    /// The voice connection is said to be otherwise than it is.
    pub(super) fn pretend(
        &mut self,
        ping: Option<i64>,
        connected: Option<bool>,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        if let Some(connected) = connected {
            self.voice.set_up(connected);
        }
        if let Some(ping) = ping {
            self.voice.pretend_ping(ping);
        }
        self.tell(context, effects)
    }

    /// The track object, if there is a track.
    pub(crate) fn track_json(&self) -> Option<Value> {
        self.track.as_ref().map(|track| track.to_json())
    }
}
