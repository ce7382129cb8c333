//! Breaks of answers to requests about players, which are changed once the right one is there.

mod rows;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::BoxFuture;
use http::StatusCode;
use serde_json::json;

use super::errand::ask;
use super::row::{Row, chosen_of};
use crate::error::ApiError;
use crate::http::{AboutPlayers, Answer, Kind, Reply};
use crate::player::{Player, TrackChange};
use crate::session::Session;
use crate::values::Values;

/// A request about players, for rows.
#[derive(Clone)]
pub(super) struct Asked {
    about: AboutPlayers,
    /// Whether a row has done something to a session.
    acted: Arc<AtomicBool>,
}

type Change = fn(Asked, Answer) -> BoxFuture<'static, Answer>;

const fn answer(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

const DISABLED: &str = "Following filters are disabled in the config: ";

const NO_VOICE: &str = "Failed to connect to voice server";

const NO_MATCH: &str = "No matches found for identifier";

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    rows::ROWS.iter()
}

/// Changes an answer as the chosen deviations say.
pub(super) fn change(about: AboutPlayers, mut answer: Answer) -> BoxFuture<'static, Answer> {
    Box::pin(async move {
        let asked = Asked { about, acted: Arc::default() };
        for row in chosen_of(rows()) {
            let before = answer.clone();
            answer = (row.change)(asked.clone(), answer).await;
            row.count_if(answer != before || asked.acted.load(Ordering::Relaxed));
        }
        answer
    })
}

impl Deref for Asked {
    type Target = AboutPlayers;

    fn deref(&self) -> &AboutPlayers {
        &self.about
    }
}

impl Asked {
    fn guild(&self) -> Option<i64> {
        self.guild.trim().parse().ok()
    }

    /// Whether there is no such session.
    fn is_of_nobody(&self) -> bool {
        self.server.sessions.find(&self.session).is_none()
    }

    /// Whether a player was fetched that is not there.
    fn is_missing(&self, answer: &Answer) -> bool {
        let is_missing = |error: &ApiError| error.message == "Player not found";
        self.kind == Kind::Fetch && answer.as_ref().is_err_and(is_missing)
    }

    /// Whether the body of an update could not be decoded.
    fn is_undecodable(&self, answer: &Answer) -> bool {
        let is_bad = |error: &ApiError| error.status == StatusCode::BAD_REQUEST;
        self.kind == Kind::Update && self.patch.is_none() && answer.as_ref().is_err_and(is_bad)
    }

    fn looks_up(&self) -> bool {
        let change = self.patch.as_ref().map(|patch| patch.update.track_change());
        matches!(change, Some(TrackChange::LookUp(_)))
    }

    /// Whether nothing was found for an identifier.
    fn found_nothing(&self, answer: &Answer) -> bool {
        self.looks_up() && answer.as_ref().is_err_and(|error| error.message == NO_MATCH)
    }

    /// Whether a lookup broke.
    fn broke(&self, error: &ApiError) -> bool {
        let known = [NO_MATCH, "Cannot play a playlist or search result"];
        self.looks_up() && !known.contains(&error.message.as_str())
    }

    /// Has the session's task do something; `None` if there is no such session.
    async fn have<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session) -> T + Send + 'static,
    ) -> Option<T> {
        self.acted.store(true, Ordering::Relaxed);
        ask(&self.server.sessions.find(&self.session)?, work).await
    }

    /// The player as it is.
    async fn show(&self) -> Option<Answer> {
        let guild = self.guild()?;
        let player = self.have(move |session| session.player_json(guild)).await?;
        Some(Ok(Reply::Shown(json!(player))))
    }

    /// Takes back what an update has set.
    async fn roll_back(&self) {
        let Some(guild) = self.guild() else { return };
        self.have(move |session| {
            let player = session.player(guild);
            (player.volume, player.filters) = (100, Default::default());
        })
        .await;
    }

    /// A player to which nothing has happened.
    fn new_player(&self) -> Reply {
        let player = Player::new(self.guild().unwrap_or(0), &Values::chosen());
        Reply::Shown(player.to_json(self.server.clock.wall_ms()))
    }
}
