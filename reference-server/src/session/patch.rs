//! PATCH of a player, from its check to its answer: voice data first, then all else, and a track
//! that has to be looked up at last.

use serde_json::Value;

use super::voice::apply as apply_voice;
use super::{Call, Handle, PATCHES, Session};
use crate::error::ApiError;
use crate::player::{Command, Outcome, PlayerUpdate, TrackChange};
use crate::shared::Shared;
use crate::tracks::{LoadResult, Track};

/// A PATCH of a player, decoded.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    pub(crate) guild: i64,
    pub(crate) update: PlayerUpdate,
    /// Whether a track that the player has stays.
    pub(crate) no_replace: bool,
}

impl Patch {
    /// Checks a body and applies it; gives back the player object. An identifier is looked up
    /// without keeping the session waiting.
    ///
    /// Changes before an error stay, as in the real server.
    pub(crate) async fn apply(
        mut self,
        shared: &Shared,
        session: &Handle,
    ) -> Result<Value, ApiError> {
        self.update.check(&shared.config.disabled_filters)?;
        if let Some(change) = PATCHES.get() {
            change(&mut self);
        }
        if let Some(voice) = &self.update.voice {
            apply_voice(shared, session, self.guild, voice.clone()).await?;
        }
        let guild = self.guild;
        let looks_up = matches!(self.update.track_change(), TrackChange::LookUp(_));
        let wanted = looks_up.then(|| Box::new(self.update.clone()));
        let applied = session.call(|reply| Call::Apply(Box::new(self), reply)).await;
        let (identifier, update) = match (applied.ok_or_else(ApiError::session_not_found)?, wanted)
        {
            (Outcome::LookUp(identifier), Some(wanted)) => (identifier, wanted),
            (outcome, _) => return answer(outcome),
        };
        // Boxed, so that an update that looks nothing up has no room for it.
        let track = Box::new(Box::pin(look_up(shared, &identifier)).await?);
        let play = Box::new(Command::Play { track, update });
        let played = session.call(|reply| Call::Tell(guild, play, reply)).await;
        answer(played.ok_or_else(ApiError::session_not_found)?)
    }
}

impl Session {
    /// Applies what a checked body says of all but voice.
    pub(super) fn update(&mut self, patch: Patch) -> Outcome {
        let Patch { guild, update, no_replace } = patch;
        let track = match update.track_change() {
            TrackChange::Play(encoded) => {
                Some(self.shared.sources.decode(&encoded).map(Box::new).map_err(ApiError::from))
            }
            _ => None,
        };
        self.command(guild, Command::Update { update: Box::new(update), no_replace, track })
    }
}

/// The one track that an identifier stands for.
async fn look_up(shared: &Shared, identifier: &str) -> Result<Track, ApiError> {
    match shared.sources.load(identifier).await {
        LoadResult::Track(track) => Ok(*track),
        LoadResult::Search(_) | LoadResult::Playlist { .. } => {
            Err(ApiError::bad_request("Cannot play a playlist or search result"))
        }
        LoadResult::Empty => Err(ApiError::bad_request("No matches found for identifier")),
        LoadResult::Failed(failure) => Err(ApiError::bad_request(failure.message)),
    }
}

/// The player object of an outcome, or why the request is refused.
fn answer(outcome: Outcome) -> Result<Value, ApiError> {
    match outcome {
        Outcome::Answer(player) => Ok(player),
        Outcome::Refused(error) => Err(error),
        // A session gives an answer to every update.
        _ => Err(ApiError::session_not_found()),
    }
}
