//! Players over REST.

use axum::Json;
use axum::extract::{Path, Request, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::body;
use crate::deviations::{deviates, either};
use crate::error::ApiError;
use crate::player::{NextStep, Player, PlayerUpdate, TrackChange};
use crate::server::Server;
use crate::session::{Session, apply_voice};
use crate::tracks::LoadResult;

/// `GET /v4/sessions/{session}/players`.
pub(crate) async fn list(
    State(server): State<Server>,
    Path(session): Path<String>,
) -> Result<Json<Value>, ApiError> {
    if server.sessions.find(&session).is_none() && deviates("LL-HTTP-026/empty-list") {
        return Ok(Json(json!([])));
    }
    ask(&server, &session, |session| Ok(Json(session.players_json()))).await
}

/// `GET /v4/sessions/{session}/players/{guild}`.
pub(crate) async fn fetch(
    State(server): State<Server>,
    Path((session, guild)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let guild = match body::guild(&guild) {
        Err(_) if guild.len() > 19 && deviates("LL-HTTP-063/too-big-is-unknown") => {
            return Err(ApiError::not_found("Player not found"));
        }
        guild => guild?,
    };
    if server.sessions.find(&session).is_none() && deviates("LL-HTTP-029/no-player") {
        return Err(ApiError::not_found("Player not found"));
    }
    let found = ask(&server, &session, move |session| {
        let player = session.player_json(guild);
        if player.is_none() && deviates("LL-PLAYER-002/created") {
            session.player_index(guild);
            return Ok(session.player_json(guild));
        }
        Ok(player)
    });
    let found = match found.await? {
        None if deviates("LL-PLAYER-009/shared") => find_anywhere(&server, guild).await,
        found => found,
    };
    let message = || either("LL-PLAYER-126/missing-player", "Player not found", "Unknown player");
    found.map(Json).ok_or_else(|| ApiError::not_found(message()))
}

/// A player of any session, which nobody should see but its own.
async fn find_anywhere(server: &Server, guild: i64) -> Option<Value> {
    for session in server.sessions.all() {
        if let Some(player) = session.ask(move |session| session.player_json(guild)).await? {
            return Some(player);
        }
    }
    None
}

/// `DELETE /v4/sessions/{session}/players/{guild}`: 204, whether there was one or not.
pub(crate) async fn destroy(
    State(server): State<Server>,
    Path((session, guild)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let guild = match body::guild(&guild) {
        Err(_) if deviates("LL-HTTP-063/destroys-anything") => return Ok(StatusCode::NO_CONTENT),
        guild => guild?,
    };
    if server.sessions.find(&session).is_none() && deviates("LL-HTTP-026/destroys-anything") {
        return Ok(StatusCode::NO_CONTENT);
    }
    if deviates("LL-PLAYER-009/destroys-all") {
        for other in server.sessions.all() {
            other.ask(move |session| session.destroy_player(guild)).await;
        }
    }
    ask(&server, &session, move |session| match session.destroy_player(guild) {
        true if deviates("LL-PLAYER-005/ok") => Ok(StatusCode::OK),
        false if deviates("LL-PLAYER-128/missing") => Err(ApiError::not_found("Player not found")),
        _ => Ok(StatusCode::NO_CONTENT),
    })
    .await
}

/// `PATCH /v4/sessions/{session}/players/{guild}`. An identifier is looked up after all else of
/// the body has been applied, and without keeping the session waiting.
pub(crate) async fn update(
    State(server): State<Server>,
    Path((session, guild)): Path<(String, String)>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let guild = body::guild(&guild)?;
    if body::query(request.uri(), "trace").is_some() && deviates("LL-HTTP-024/player-refuses") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    let no_replace = body::flag(request.uri(), "noReplace")?;
    let body = match body::json(&server, request).await {
        Err(_) if deviates("LL-PLAYER-028/overlooked") => {
            return Ok(Json(Player::default().to_json(guild, server.clock.wall_ms())));
        }
        body => body?,
    };
    let update = match PlayerUpdate::decode(&body) {
        Err(error) if deviates("LL-PLAYER-131/made") => {
            ask(&server, &session, move |session| Ok(session.player_index(guild))).await?;
            return Err(error.into());
        }
        Err(_) if deviates("LL-HTTP-049/of-a-player") => {
            return Err(ApiError::bad_request("A field has the wrong type"));
        }
        Err(error) if deviates("LL-FILTERS-129/cleared-by-refused") => {
            ask(&server, &session, move |session| {
                session.roll_back(guild);
                Ok(())
            })
            .await?;
            return Err(error.into());
        }
        Err(_) if deviates("LL-FILTERS-022/before-decoding") => {
            let names = server.config.disabled_filters.join(", ");
            let message = format!("Following filters are disabled in the config: {names}");
            return Err(ApiError::bad_request(message));
        }
        update => update?,
    };
    if server.sessions.find(&session).is_none() {
        if deviates("LL-HTTP-026/player-of-nobody") {
            return Ok(Json(Player::default().to_json(guild, server.clock.wall_ms())));
        }
        let gone = ApiError { status: StatusCode::GONE, ..ApiError::session_not_found() };
        return Err(either(
            "LL-SESSION-021/player-updates-gone",
            ApiError::session_not_found(),
            gone,
        ));
    }
    if let Err(error) = update.check(&server.config.disabled_filters) {
        if let Some(volume) = update.volume.filter(|_| deviates("LL-PLAYER-054/volume-applied")) {
            let volume = PlayerUpdate { volume: Some(volume), ..PlayerUpdate::default() };
            ask(&server, &session, move |s| s.update_player(guild, volume, false)).await?;
        }
        return Err(error);
    }
    if let Some(voice) = update.voice.clone().filter(|_| {
        let change = update.track_change();
        let skipped = no_replace && change != TrackChange::Keep;
        let looks_up = matches!(change, TrackChange::LookUp(_));
        !(skipped && deviates("LL-PLAYER-077/skipped")
            || looks_up && deviates("LL-PLAYER-053/voice-last"))
    }) {
        let handle = server.sessions.find(&session).ok_or_else(ApiError::session_not_found)?;
        apply_voice(&server, &handle, guild, voice).await?;
    }
    if deviates("LL-PLAYER-009/updates-all") {
        for other in server.sessions.all() {
            let update = update.clone();
            other.ask(move |session| session.update_player(guild, update, no_replace)).await;
        }
    }
    let wanted = update.clone();
    let next =
        ask(&server, &session, move |session| session.update_player(guild, update, no_replace));
    let identifier = match next.await? {
        NextStep::Done(player) => return Ok(Json(player)),
        NextStep::LookUp(identifier) => identifier,
    };
    let found = server.sources.load(&identifier).await;
    if !matches!(found, LoadResult::Track(_)) && deviates("LL-PLAYER-053/rolled-back") {
        ask(&server, &session, move |session| {
            session.roll_back(guild);
            Ok(())
        })
        .await?;
    }
    if matches!(found, LoadResult::Empty) && deviates("LL-PLAYER-053/forgotten") {
        ask(&server, &session, move |session| {
            session.forget(guild);
            Ok(())
        })
        .await?;
    }
    if matches!(found, LoadResult::Empty) && deviates("LL-PLAYER-053/stops") {
        ask(&server, &session, move |session| Ok(session.destroy_player(guild))).await?;
        ask(&server, &session, move |session| Ok(session.player_index(guild))).await?;
    }
    let track = match found {
        LoadResult::Track(track) => *track,
        LoadResult::Search(_) | LoadResult::Playlist { .. } => {
            return Err(ApiError::bad_request("Cannot play a playlist or search result"));
        }
        LoadResult::Empty if deviates("LL-PLAYER-042/ok") => {
            let player = move |session: &mut Session| Ok(Json(json!(session.player_json(guild))));
            return ask(&server, &session, player).await;
        }
        LoadResult::Empty => return Err(no_match()),
        LoadResult::Failed(_) if deviates("LL-PLAYER-057/ok") => {
            let player = move |session: &mut Session| Ok(Json(json!(session.player_json(guild))));
            return ask(&server, &session, player).await;
        }
        LoadResult::Failed(failure) => {
            let error = ApiError::bad_request(failure.message.clone());
            let error = either("LL-PLAYER-057/no-match", error, no_match());
            let internal = ApiError::internal(failure.message);
            return Err(either("LL-PLAYER-057/internal", error, internal));
        }
    };
    if deviates("LL-PLAYER-041/not-played") {
        let player = move |session: &mut Session| Ok(Json(json!(session.player_json(guild))));
        return ask(&server, &session, player).await;
    }
    ask(&server, &session, move |session| Ok(Json(session.play(guild, track, &wanted)))).await
}

fn no_match() -> ApiError {
    let usual = "No matches found for identifier";
    let message = either("LL-PLAYER-126/no-match", usual, "No matches found");
    let error = ApiError::bad_request(message);
    either("LL-PLAYER-142/not-found", error, ApiError::not_found(message))
}

/// Has the session's task do something; 404 when there is no such session or it is away.
async fn ask<T: Send + 'static>(
    server: &Server,
    session: &str,
    work: impl FnOnce(&mut Session) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let unknown = || {
        if deviates("LL-PLAYER-008/internal") {
            return ApiError::internal("Session not found");
        }
        let player = ApiError::not_found("Player not found");
        either("LL-PLAYER-126/session-as-player", ApiError::session_not_found(), player)
    };
    let handle = server.sessions.find(session).ok_or_else(unknown)?;
    handle.ask(work).await.ok_or_else(ApiError::session_not_found)?
}
