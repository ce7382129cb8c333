//! Players over REST.

use axum::Json;
use axum::extract::{Path, Request, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::{ApiError, body};
use crate::deviations::deviates;
use crate::player::{NextStep, Player, PlayerUpdate};
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
        Err(_) if guild.len() > 19 && deviates("LL-HTTP-062/too-big-is-unknown") => {
            return Err(ApiError::not_found("Player not found"));
        }
        guild => guild?,
    };
    if server.sessions.find(&session).is_none() && deviates("LL-HTTP-026/no-player") {
        return Err(ApiError::not_found("Player not found"));
    }
    ask(&server, &session, move |session| {
        let player = session.player_json(guild);
        player.map(Json).ok_or_else(|| ApiError::not_found("Player not found"))
    })
    .await
}

/// `DELETE /v4/sessions/{session}/players/{guild}`: 204, whether there was one or not.
pub(crate) async fn destroy(
    State(server): State<Server>,
    Path((session, guild)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let guild = match body::guild(&guild) {
        Err(_) if deviates("LL-HTTP-062/destroys-anything") => return Ok(StatusCode::NO_CONTENT),
        guild => guild?,
    };
    if server.sessions.find(&session).is_none() && deviates("LL-HTTP-026/destroys-anything") {
        return Ok(StatusCode::NO_CONTENT);
    }
    ask(&server, &session, move |session| {
        session.destroy_player(guild);
        Ok(StatusCode::NO_CONTENT)
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
    let update = PlayerUpdate::decode(&body::json(&server, request).await?)?;
    if server.sessions.find(&session).is_none() {
        if deviates("LL-HTTP-026/player-of-nobody") {
            return Ok(Json(Player::default().to_json(guild, server.clock.wall_ms())));
        }
        return Err(ApiError::session_not_found());
    }
    update.check(&server.config.disabled_filters)?;
    if let Some(voice) = update.voice.clone() {
        let handle = server.sessions.find(&session).ok_or_else(ApiError::session_not_found)?;
        apply_voice(&server, &handle, guild, voice).await?;
    }
    let wanted = update.clone();
    let next =
        ask(&server, &session, move |session| session.update_player(guild, update, no_replace));
    let identifier = match next.await? {
        NextStep::Done(player) => return Ok(Json(player)),
        NextStep::LookUp(identifier) => identifier,
    };
    let track = match server.sources.load(&identifier).await {
        LoadResult::Track(track) => *track,
        LoadResult::Empty => {
            return Err(ApiError::bad_request("No matches found for identifier"));
        }
        LoadResult::Failed(failure) => return Err(ApiError::bad_request(failure.message)),
    };
    ask(&server, &session, move |session| Ok(Json(session.play(guild, track, &wanted)))).await
}

/// Has the session's task do something; 404 when there is no such session or it is away.
async fn ask<T: Send + 'static>(
    server: &Server,
    session: &str,
    work: impl FnOnce(&mut Session) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let handle = server.sessions.find(session).ok_or_else(ApiError::session_not_found)?;
    handle.ask(work).await.ok_or_else(ApiError::session_not_found)?
}
