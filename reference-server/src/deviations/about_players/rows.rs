//! The breaks of answers about players.

use std::sync::atomic::Ordering;

use http::StatusCode;
use serde_json::{Value, json};

use super::super::errand::ask;
use super::super::row::Row;
use super::{Change, DISABLED, NO_MATCH, NO_VOICE, answer};
use crate::error::ApiError;
use crate::http::{Answer, Kind, Reply};
use crate::player::{Command, Player, PlayerUpdate};
use crate::session::Patch;
use crate::values::Values;

/// Changes an error of requests of some kind.
macro_rules! refusal {
    ($kind:ident, $message:literal, $wrong:expr) => {
        |asked, answer| {
            Box::pin(async move {
                match answer {
                    Err(error) if asked.kind == Kind::$kind && error.message == $message => {
                        Err($wrong)
                    }
                    answer => answer,
                }
            })
        }
    };
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row<Change>] = &[
    answer("LL-FILTERS-021/message", "the message about filters that are off is another", |_, answer| Box::pin(async move {
        match answer {
            Err(ApiError { message, .. }) if message.starts_with(DISABLED) => {
                Err(ApiError::bad_request(message.replace(DISABLED, "Disabled: ")))
            }
            answer => answer,
        }
    })),
    answer("LL-FILTERS-021/only-one", "only the first filter that is off is listed", |_, answer| Box::pin(async move {
        disabled(answer, |names| names.truncate(1))
    })),
    answer("LL-FILTERS-021/reversed", "filters that are off are listed in reverse order", |_, answer| Box::pin(async move {
        disabled(answer, |names| names.reverse())
    })),
    answer("LL-FILTERS-011/doubles", "a single is shown with the digits of its double", |_, answer| Box::pin(async move {
        each_shown(answer, |player| if let Value::Object(filters) = &mut player["filters"] {
            let singles = filters.iter_mut().filter(|(name, _)| !["timescale", "rotation"].contains(&&***name));
            singles.for_each(|(_, filter)| widen(filter));
        })
    })),
    answer("LL-FILTERS-022/bands-first", "bands are looked at before filters that are off", |asked, answer| Box::pin(async move {
        let filters = asked.patch.as_ref().and_then(|patch| patch.update.filters.as_ref());
        match (&answer, filters.map(|filters| filters.check_bands())) {
            (Err(ApiError { message, .. }), Some(Err(error))) if message.starts_with(DISABLED) => {
                Err(ApiError::uncaught(&error.to_string()))
            }
            _ => answer,
        }
    })),
    answer("LL-FILTERS-022/before-decoding", "filters that are off are looked at before a body is decoded", |asked, answer| Box::pin(async move {
        if !asked.is_undecodable(&answer) {
            return answer;
        }
        let names = asked.server.config.disabled_filters.join(", ");
        Err(ApiError::bad_request(format!("Following filters are disabled in the config: {names}")))
    })),
    answer("LL-FILTERS-034/not-in-list", "the list of players has no filters", |asked, answer| Box::pin(async move {
        if asked.kind == Kind::List { each_shown(answer, |player| player["filters"] = json!({})) } else { answer }
    })),
    answer("LL-FILTERS-129/cleared-by-refused", "a body that is refused clears the filters", |asked, answer| Box::pin(async move {
        if asked.is_undecodable(&answer) {
            asked.roll_back().await;
        }
        answer
    })),
    answer("LL-HTTP-026/destroys-anything", "destroying a player of a session that nobody has is 204", |asked, answer| Box::pin(async move {
        match asked.kind {
            Kind::Destroy if asked.is_of_nobody() => Ok(Reply::Destroyed { was_there: false }),
            _ => answer,
        }
    })),
    answer("LL-HTTP-026/empty-list", "a session that nobody has has no players", |asked, answer| Box::pin(async move {
        match asked.kind {
            Kind::List if asked.is_of_nobody() => Ok(Reply::Shown(json!([]))),
            _ => answer,
        }
    })),
    answer("LL-HTTP-026/player-of-nobody", "updating a player of a session that nobody has answers a player", |asked, answer| Box::pin(async move {
        match asked.kind {
            Kind::Update if asked.is_of_nobody() && asked.patch.is_some() => Ok(asked.new_player()),
            _ => answer,
        }
    })),
    answer("LL-HTTP-029/no-player", "fetching a player of a session that nobody has says that there is no player", refusal!(Fetch, "Session not found", ApiError::not_found("Player not found"))),
    answer("LL-HTTP-049/of-a-player", "the message about a player's body says what was wrong", |asked, answer| Box::pin(async move {
        match asked.is_undecodable(&answer) {
            true => Err(ApiError::bad_request("A field has the wrong type")),
            false => answer,
        }
    })),
    answer("LL-HTTP-060/number", "a guild id is given back as a number", |_, answer| Box::pin(async move {
        each_shown(answer, |player| player["guildId"] = guild_of(player).into())
    })),
    answer("LL-HTTP-060/rounded", "a guild id is rounded as JavaScript does", |_, answer| Box::pin(async move {
        each_shown(answer, |player| player["guildId"] = ((guild_of(player) as f64) as i64).to_string().into())
    })),
    answer("LL-HTTP-063/destroys-anything", "destroying the player of anything is 204", |asked, answer| Box::pin(async move {
        match asked.kind {
            Kind::Destroy if asked.guild().is_none() => Ok(Reply::Destroyed { was_there: false }),
            _ => answer,
        }
    })),
    answer("LL-HTTP-063/too-big-is-unknown", "fetching the player of too big a number is 404", |asked, answer| Box::pin(async move {
        match asked.kind {
            Kind::Fetch if asked.guild().is_none() && asked.guild.len() > 19 => Err(ApiError::not_found("Player not found")),
            _ => answer,
        }
    })),
    answer("LL-PLAYER-001/guild-0", "a session begins with a player of the guild 0", |asked, answer| Box::pin(async move {
        match answer {
            Ok(Reply::Shown(shown)) if shown == json!([]) => {
                let player = Player::new(0, &Values::chosen());
                Ok(Reply::Shown(json!([player.to_json(asked.server.clock.wall_ms())])))
            }
            answer => answer,
        }
    })),
    answer("LL-PLAYER-002/created", "fetching a player that was never created creates it", |asked, answer| Box::pin(async move {
        match (asked.is_missing(&answer), asked.guild()) {
            (true, Some(guild)) => asked.have(move |session| {
                session.player(guild);
                session.player_json(guild)
            }).await.flatten().map_or(answer, |player| Ok(Reply::Shown(player))),
            _ => answer,
        }
    })),
    answer("LL-PLAYER-005/ok", "destroying a player is 200", |_, answer| Box::pin(async move {
        match answer {
            Ok(Reply::Destroyed { was_there: true }) => Ok(Reply::Shown(json!(null))),
            answer => answer,
        }
    })),
    answer("LL-PLAYER-008/internal", "a player of an unknown session is 500", |asked, answer| Box::pin(async move {
        match asked.kind {
            Kind::Update => answer,
            _ if asked.is_of_nobody() => Err(ApiError::internal("Session not found")),
            _ => answer,
        }
    })),
    answer("LL-PLAYER-009/destroys-all", "destroying a player destroys it in all sessions", |asked, answer| Box::pin(async move {
        if let (Kind::Destroy, Some(guild)) = (asked.kind, asked.guild()) {
            asked.acted.store(true, Ordering::Relaxed);
            for other in asked.server.sessions.all() {
                ask(&other, move |session| session.destroy_player(guild)).await;
            }
        }
        answer
    })),
    answer("LL-PLAYER-009/shared", "players of other sessions are shown", |asked, answer| Box::pin(async move {
        if let (true, Some(guild)) = (asked.is_missing(&answer), asked.guild()) {
            for other in asked.server.sessions.all() {
                if let Some(Some(player)) = ask(&other, move |session| session.player_json(guild)).await {
                    return Ok(Reply::Shown(player));
                }
            }
        }
        answer
    })),
    answer("LL-PLAYER-009/updates-all", "an update is applied in all sessions", |asked, answer| Box::pin(async move {
        if let (Some(patch), Ok(_)) = (&asked.patch, &answer) {
            asked.acted.store(true, Ordering::Relaxed);
            for other in asked.server.sessions.all().into_iter().filter(|other| other.id() != asked.session) {
                let _ = patch.clone().apply(&asked.server.shared, &other).await;
            }
        }
        answer
    })),
    answer("LL-PLAYER-028/overlooked", "a body that is no JSON is answered with a new player", |asked, answer| Box::pin(async move {
        match asked.is_undecodable(&answer) {
            true => Ok(asked.new_player()),
            false => answer,
        }
    })),
    answer("LL-PLAYER-142/not-found", "an identifier without a track is 404", refusal!(Update, "No matches found for identifier", ApiError::not_found(NO_MATCH))),
    answer("LL-PLAYER-042/ok", "an identifier without a track is answered with the player", |asked, answer| Box::pin(async move {
        match asked.found_nothing(&answer) {
            true => asked.show().await.unwrap_or(answer),
            false => answer,
        }
    })),
    answer("LL-PLAYER-053/forgotten", "a lookup without a match leaves no player", |asked, answer| Box::pin(async move {
        if let (true, Some(guild)) = (asked.found_nothing(&answer), asked.guild()) {
            asked.have(move |session| session.guilds.shift_remove(&guild).is_some()).await;
        }
        answer
    })),
    answer("LL-PLAYER-053/rolled-back", "what precedes a track that fails is taken back", |asked, answer| Box::pin(async move {
        if asked.looks_up() && answer.is_err() {
            asked.roll_back().await;
        }
        answer
    })),
    answer("LL-PLAYER-053/stops", "a lookup without a match stops the player", |asked, answer| Box::pin(async move {
        if let (true, Some(guild)) = (asked.found_nothing(&answer), asked.guild()) {
            asked.have(move |session| {
                session.destroy_player(guild);
                session.player(guild);
            }).await;
        }
        answer
    })),
    answer("LL-PLAYER-054/volume-applied", "the volume of a body that is refused is applied", |asked, answer| Box::pin(async move {
        let disabled = &asked.server.config.disabled_filters;
        let patch = asked.patch.as_ref().filter(|patch| patch.update.check(disabled).is_err());
        if let Some(Patch { guild, update, no_replace }) = patch.cloned() {
            let update = Box::new(PlayerUpdate { volume: update.volume, ..PlayerUpdate::default() });
            asked.have(move |session| session.command(guild, Command::Update { update, no_replace, track: None })).await;
        }
        answer
    })),
    answer("LL-PLAYER-057/internal", "a lookup that broke is 500", |asked, answer| Box::pin(async move {
        match answer {
            Err(error) if asked.broke(&error) => Err(ApiError::internal(error.message)),
            answer => answer,
        }
    })),
    answer("LL-PLAYER-057/no-match", "a lookup that broke is told as one without a match", |asked, answer| Box::pin(async move {
        match answer {
            Err(error) if asked.broke(&error) => Err(ApiError::bad_request(NO_MATCH)),
            answer => answer,
        }
    })),
    answer("LL-PLAYER-057/ok", "a lookup that breaks is answered with the player", |asked, answer| Box::pin(async move {
        match &answer {
            Err(error) if asked.broke(error) => asked.show().await.unwrap_or(answer),
            _ => answer,
        }
    })),
    answer("LL-PLAYER-107/runs", "the position grows without voice", |asked, answer| Box::pin(async move {
        let (Kind::Fetch, Some(guild)) = (asked.kind, asked.guild()) else { return answer };
        let elapsed = asked.have(move |session| {
            let now = session.context().now;
            let player = &session.guilds.get(&guild)?.player;
            let track = player.track.as_ref().filter(|_| !player.voice.is_listening())?;
            u64::try_from(now.since(track.last_frame).as_millis()).ok()
        });
        match (answer, elapsed.await.flatten()) {
            (Ok(Reply::Shown(mut player)), Some(elapsed)) => {
                player["state"]["position"] = elapsed.into();
                Ok(Reply::Shown(player))
            }
            (answer, _) => answer,
        }
    })),
    answer("LL-PLAYER-126/both-forms", "the message about both forms is another", refusal!(Update, "Cannot specify both track and encodedTrack/identifier", ApiError::bad_request("Cannot specify both tracks"))),
    answer("LL-PLAYER-126/end-time", "the message about the end time is another", refusal!(Update, "End time must be greater than 0", ApiError::bad_request("endTime must be greater than 0"))),
    answer("LL-PLAYER-126/missing-player", "the message of a missing player is another", refusal!(Fetch, "Player not found", ApiError::not_found("Unknown player"))),
    answer("LL-PLAYER-126/named-twice", "the message about encoded track and identifier is another", refusal!(Update, "Cannot specify both encodedTrack and identifier", ApiError::bad_request("Cannot specify both encoded and identifier"))),
    answer("LL-PLAYER-126/no-match", "the message about an identifier without a track is another", refusal!(Update, "No matches found for identifier", ApiError::bad_request("No matches found"))),
    answer("LL-PLAYER-126/session-as-player", "an unknown session is answered as an unknown player", |asked, answer| Box::pin(async move {
        match asked.kind {
            Kind::Update => answer,
            _ if asked.is_of_nobody() => Err(ApiError::not_found("Player not found")),
            _ => answer,
        }
    })),
    answer("LL-PLAYER-126/voice-data", "the message about voice data is another", refusal!(Update, "token, endpoint, sessionId and channelId must be provided in voice state", ApiError::bad_request("Partial voice state update"))),
    answer("LL-PLAYER-127/channel", "without voice data the channel is an empty text", |_, answer| Box::pin(async move {
        each_shown(answer, |player| if player["voice"]["token"] == "" {
            player["voice"]["channelId"] = "".into();
        })
    })),
    answer("LL-PLAYER-128/missing", "destroying a player that is not there is 404", |_, answer| Box::pin(async move {
        match answer {
            Ok(Reply::Destroyed { was_there: false }) => Err(ApiError::not_found("Player not found")),
            answer => answer,
        }
    })),
    answer("LL-PLAYER-131/made", "an update that does not decode makes a player", |asked, answer| Box::pin(async move {
        if let (true, Some(guild)) = (asked.is_undecodable(&answer), asked.guild()) {
            asked.have(move |session| session.player(guild).volume).await;
        }
        answer
    })),
    answer("LL-VOICE-005/bad-gateway", "a refused connection is 502", |asked, answer| Box::pin(async move {
        match answer {
            Err(error) if asked.kind == Kind::Update && error.message == NO_VOICE => {
                Err(ApiError { status: StatusCode::BAD_GATEWAY, ..error })
            }
            answer => answer,
        }
    })),
    answer("LL-VOICE-005/message", "the message about a refused connection is another", refusal!(Update, "Failed to connect to voice server", ApiError::internal("No voice"))),
    answer("LL-SESSION-021/player-updates-gone", "an update of a player of a session that is gone is 410", |asked, answer| Box::pin(async move {
        match answer {
            Err(error) if asked.kind == Kind::Update && asked.is_of_nobody() => Err(ApiError { status: StatusCode::GONE, ..error }),
            answer => answer,
        }
    })),
];

/// Changes the names in the message about filters that are off.
fn disabled(answer: Answer, change: fn(&mut Vec<&str>)) -> Answer {
    answer.map_err(|error| match error.message.strip_prefix(DISABLED) {
        None => error,
        Some(names) => {
            let mut names = names.split(", ").collect();
            change(&mut names);
            ApiError::bad_request(format!("{DISABLED}{}", names.join(", ")))
        }
    })
}

/// Writes 32-bit numbers with the digits of their 64-bit neighbours.
fn widen(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            *value = json!(f64::from(number.as_f64().unwrap_or_default() as f32));
        }
        Value::Array(items) => items.iter_mut().for_each(widen),
        Value::Object(fields) => fields.values_mut().for_each(widen),
        _ => {}
    }
}

/// Changes the player object of an answer, or each in its list.
fn each_shown(answer: Answer, change: fn(&mut Value)) -> Answer {
    let Ok(Reply::Shown(mut shown)) = answer else { return answer };
    match &mut shown {
        Value::Array(players) => players.iter_mut().for_each(change),
        player if player.is_object() => change(player),
        _ => {}
    }
    Ok(Reply::Shown(shown))
}

fn guild_of(player: &Value) -> i64 {
    player["guildId"].as_str().and_then(|guild| guild.parse().ok()).unwrap_or(0)
}
