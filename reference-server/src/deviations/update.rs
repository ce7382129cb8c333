//! Breaks of a PATCH that was decoded and checked, before anything of it is applied.

use super::row::{Row, chosen_of, run};
use crate::error::ApiError;
use crate::player::{Player, PlayerUpdate, TrackChange};
use crate::session::Patch;
use crate::tracks::Track;

/// A PATCH, and the player as it is before.
pub(super) struct Known<'a> {
    pub(super) update: &'a mut PlayerUpdate,
    pub(super) no_replace: &'a mut bool,
    /// The encoded track of the body, decoded.
    pub(super) track: &'a mut Option<Result<Box<Track>, ApiError>>,
    pub(super) player: Option<&'a Player>,
}

/// An error refuses the PATCH.
type Change = fn(&mut Known<'_>) -> Result<(), ApiError>;

const fn update(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    update("LL-PLAYBACK-027/refused", "a negative position of a track is refused", |known| {
        known.refuse_position(|position, names_track| position < 0 && names_track)
    }),
    update("LL-PLAYBACK-028/refused", "a position beyond all tracks is refused", |known| {
        known.refuse_position(|position, _| position > i64::MAX / 1000)
    }),
    update("LL-PLAYBACK-089/refused", "a seek to before the beginning is refused", |known| {
        known.refuse_position(|position, names_track| position < 0 && !names_track)
    }),
    update("LL-FILTERS-030/first-stays", "a filter that is set stays as it is when it is set again", |known| {
        let Some(player) = known.player else { return Ok(()) };
        let given = known.update.filters.take();
        known.update.filters = given.map(|filters| player.filters.clone().merged_into(&filters));
        Ok(())
    }),
    update("LL-FILTERS-030/merged", "filters are merged into those that are there", |known| {
        let Some(player) = known.player else { return Ok(()) };
        let given = known.update.filters.take();
        known.update.filters = given.map(|filters| filters.merged_into(&player.filters));
        Ok(())
    }),
    update("LL-FILTERS-032/not-while-paused", "a player that is paused gets no filters", |known| {
        if known.update.paused.unwrap_or(known.player.is_some_and(|player| player.paused)) {
            known.update.filters = None;
        }
        Ok(())
    }),
    update("LL-FILTERS-120/kept-while-idle", "a player without a track keeps its filters when there are none any more", |known| {
        if let Some(player) = known.player
            && player.track.is_none()
            && known.update.filters == Some(Default::default())
        {
            known.update.filters = Some(player.filters.clone());
        }
        Ok(())
    }),
    update("LL-PLAYBACK-021/ignored", "a seek beyond the end is ignored", |known| {
        let length = known.playing().map(|track| track.track.info.length);
        if known.keeps() && known.update.position >= length && length.is_some() {
            known.update.position = None;
        }
        Ok(())
    }),
    update("LL-PLAYBACK-026/body-ignored", "the position that a track carries counts before the body's", |known| {
        if let Some(Ok(track)) = known.track && track.position != 0 {
            known.update.position = None;
        }
        Ok(())
    }),
    update("LL-PLAYBACK-030/not-with-position", "an end time beside a position is ignored", |known| {
        if known.keeps() && known.update.position.is_some() {
            known.update.end_time = None;
        }
        Ok(())
    }),
    update("LL-PLAYBACK-036/first", "the first end time counts", |known| {
        if known.keeps() && known.playing().is_some_and(|track| track.end_time.is_some()) {
            known.update.end_time = None;
        }
        Ok(())
    }),
    update("LL-PLAYBACK-036/later", "the later of two end times counts", |known| {
        let first = known.playing().and_then(|track| track.end_time);
        if known.keeps() && first > known.update.end_time.flatten() {
            known.update.end_time = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-006/filters-dropped", "the update that creates a player sets no filters", |known| {
        if known.player.is_none() {
            known.update.filters = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-020/not-kept", "the volume of an update is not kept", |known| {
        known.update.volume = None;
        Ok(())
    }),
    update("LL-PLAYER-023/needs-track", "an idle player cannot be paused", |known| {
        if known.playing().is_none() && known.update.paused == Some(true) {
            known.update.paused = Some(false);
        }
        Ok(())
    }),
    update("LL-PLAYER-023/stays", "a player without a track stays paused", |known| {
        let is_paused = known.player.is_some_and(|player| player.paused);
        if known.playing().is_none() && is_paused {
            known.update.paused = Some(true);
        }
        Ok(())
    }),
    update("LL-PLAYER-024/toggles", "pausing a paused player lets it play", |known| {
        let is_paused = known.player.is_some_and(|player| player.paused);
        if is_paused && known.update.paused == Some(true) {
            known.update.paused = Some(false);
        }
        Ok(())
    }),
    update("LL-PLAYER-025/refused", "a position without a track is refused", |known| {
        known.refuse_if(known.is_idle() && known.update.position.is_some())
    }),
    update("LL-PLAYER-026/idle", "an end time without a track is refused", |known| {
        known.refuse_if(known.is_idle() && known.update.end_time.flatten().is_some())
    }),
    update("LL-PLAYER-049/dropped", "userData without a new track is dropped", |known| {
        if known.keeps() {
            known.update.track = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-050/goes-on", "a null encoded track changes nothing", |known| {
        if known.update.track_change() == TrackChange::Stop {
            let paused = known.update.paused.unwrap_or(false);
            known.skip_track();
            known.update.paused = Some(paused);
        }
        Ok(())
    }),
    update("LL-PLAYER-050/idle", "stopping a player without a track is refused", |known| {
        let stops = known.update.track_change() == TrackChange::Stop;
        known.refuse_if(stops && known.playing().is_none())
    }),
    update("LL-PLAYER-051/pause-lost", "a pause in the body of a stop is not applied", |known| {
        if known.update.track_change() == TrackChange::Stop {
            known.update.paused = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-051/stays-paused", "stopping leaves a player paused", |known| {
        if known.update.track_change() == TrackChange::Stop {
            known.update.paused = known.player.map(|player| player.paused);
        }
        Ok(())
    }),
    update("LL-PLAYER-052/pause-lost", "a pause in the body of a track is not applied", |known| {
        if matches!(known.update.track_change(), TrackChange::Play(_)) {
            known.update.paused = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-070/replaced", "a track is replaced in spite of noReplace", |known| {
        let stops = known.update.track_change() == TrackChange::Stop;
        if known.skips() && !stops {
            *known.no_replace = false;
        }
        Ok(())
    }),
    update("LL-PLAYER-071/bare", "with noReplace the position and end time of an idle player's track are ignored", |known| {
        let plays = matches!(known.update.track_change(), TrackChange::Play(_));
        if *known.no_replace && plays && known.playing().is_none() {
            (known.update.position, known.update.end_time) = (None, None);
        }
        Ok(())
    }),
    update("LL-PLAYER-071/idle-skipped", "with noReplace an idle player does not play", |known| {
        let plays = matches!(known.update.track_change(), TrackChange::Play(_));
        if *known.no_replace && plays && known.playing().is_none() {
            known.skip_track();
        }
        Ok(())
    }),
    update("LL-PLAYER-072/looked-at", "a skipped track is decoded", |known| {
        match known.track.take_if(|track| track.is_err()) {
            Some(Err(error)) if known.skips() => Err(error),
            track => {
                *known.track = track.or(known.track.take());
                Ok(())
            }
        }
    }),
    update("LL-PLAYER-073/stopped", "noReplace does not keep a track from being stopped", |known| {
        if known.skips() && known.update.track_change() == TrackChange::Stop {
            *known.no_replace = false;
        }
        Ok(())
    }),
    update("LL-PLAYER-074/end-time", "the end time of a skipped body is applied", |known| {
        if known.skips() {
            let end_time = known.update.end_time;
            known.skip_track();
            known.update.end_time = end_time;
        }
        Ok(())
    }),
    update("LL-PLAYER-074/pause", "the pause of a skipped body is applied", |known| {
        if known.skips() {
            let paused = known.update.paused;
            known.skip_track();
            known.update.paused = paused;
        }
        Ok(())
    }),
    update("LL-PLAYER-074/position", "the position of a skipped body is applied", |known| {
        if known.skips() {
            let position = known.update.position;
            known.skip_track();
            known.update.position = position;
        }
        Ok(())
    }),
    update("LL-PLAYER-074/user-data", "the userData of a skipped body are applied", |known| {
        if known.skips() {
            let data = known.update.user_data().cloned();
            known.skip_track();
            known.update.set_user_data(data);
        }
        Ok(())
    }),
    update("LL-PLAYER-074/volume-skipped", "the volume of a skipped body is not applied", |known| {
        if known.skips() {
            known.update.volume = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-075/pause-skipped", "with noReplace a pause without a track is skipped", |known| {
        if *known.no_replace && known.keeps() {
            known.update.paused = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-075/user-data-skipped", "with noReplace userData without a track are skipped", |known| {
        if *known.no_replace && known.keeps() {
            known.update.track = None;
        }
        Ok(())
    }),
    update("LL-PLAYER-122/refused", "stopping an idle player with noReplace is refused", |known| {
        let stops = known.update.track_change() == TrackChange::Stop;
        known.refuse_if(*known.no_replace && stops && known.playing().is_none())
    }),
    update("LL-PLAYER-123/older-replaces", "noReplace does not hold for the older form", |known| {
        if known.skips() && known.update.track.is_none() {
            *known.no_replace = false;
        }
        Ok(())
    }),
    update("LL-PLAYER-130/refused", "userData without a track are refused", |known| {
        known.refuse_if(known.is_idle() && known.update.user_data().is_some())
    }),
    update("LL-PLAYER-133/stays-paused", "a new track leaves a player paused", |known| {
        if let (TrackChange::Play(_), Some(player)) = (known.update.track_change(), known.player) {
            known.update.paused = Some(player.paused);
        }
        Ok(())
    }),
    update("LL-VOICE-034/busy", "a player that waits for a voice server takes no updates", |known| {
        let is_awaited = known.player.is_some_and(|player| player.voice.is_awaited());
        let error = ApiError::bad_request("The player is connecting");
        if is_awaited { Err(error) } else { Ok(()) }
    }),
];

/// Changes a PATCH that was checked, before even its voice data are used.
type Whole = fn(&mut Patch);

const fn whole(name: &'static str, summary: &'static str, change: Whole) -> Row<Whole> {
    Row { name, summary, change }
}

#[rustfmt::skip]
const WHOLE: &[Row<Whole>] = &[
    whole("LL-PLAYER-053/voice-last", "voice data beside an identifier are not used", |patch| {
        if matches!(patch.update.track_change(), TrackChange::LookUp(_)) {
            patch.update.voice = None;
        }
    }),
    whole("LL-PLAYER-077/skipped", "the voice data of a skipped body are not used", |patch| {
        if patch.no_replace && patch.update.track_change() != TrackChange::Keep {
            patch.update.voice = None;
        }
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

pub(super) fn whole_rows() -> impl Iterator<Item = &'static Row<Whole>> {
    WHOLE.iter()
}

/// Changes a PATCH that was checked as the chosen deviations say.
pub(super) fn change_whole(patch: &mut Patch) {
    run(whole_rows(), |row| {
        let before = patch.update.clone();
        (row.change)(patch);
        patch.update != before
    });
}

/// Changes a PATCH as the chosen deviations say, or refuses it.
pub(super) fn change(mut known: Known<'_>) -> Result<(), ApiError> {
    for row in chosen_of(rows()) {
        let before = (known.update.clone(), *known.no_replace);
        let result = (row.change)(&mut known);
        row.count_if(result.is_err() || before != (known.update.clone(), *known.no_replace));
        result?;
    }
    Ok(())
}

impl<'a> Known<'a> {
    /// The track that the player has.
    fn playing(&self) -> Option<&'a crate::player::Playing> {
        self.player.and_then(|player| player.track.as_ref())
    }

    /// Whether the body names no track.
    fn keeps(&self) -> bool {
        self.update.track_change() == TrackChange::Keep
    }

    /// Whether there is no track, and there will be none.
    fn is_idle(&self) -> bool {
        self.keeps() && self.playing().is_none()
    }

    /// Whether the track of the body is skipped.
    fn skips(&self) -> bool {
        *self.no_replace && !self.keeps() && self.playing().is_some()
    }

    /// Leaves the track out, and all that is about it.
    fn skip_track(&mut self) {
        let (volume, filters) = (self.update.volume, self.update.filters.clone());
        *self.update = PlayerUpdate { volume, filters, ..PlayerUpdate::default() };
    }

    fn refuse_position(&self, refused: fn(i64, bool) -> bool) -> Result<(), ApiError> {
        let refused = |position| refused(position, !self.keeps());
        match self.update.position.is_some_and(refused) {
            true => Err(ApiError::bad_request("Bad Request")),
            false => Ok(()),
        }
    }

    fn refuse_if(&self, refused: bool) -> Result<(), ApiError> {
        if refused { Err(ApiError::bad_request("No track is playing")) } else { Ok(()) }
    }
}
