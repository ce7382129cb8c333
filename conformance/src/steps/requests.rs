//! REST requests.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::args::Args;
use super::ground::{Ground, PLAYER, SESSION, SESSION_UPDATE};
use super::{Steps, steps};
use crate::client::RawRequest;
use crate::failure::Failure;
use crate::world::World;

/// Everything but letters, digits and `-._~` is escaped.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Request,
        r#"^(?:the client|client "\w+") requests "(\S+) ([^"]+)"(?: with(?: (.+)|:))?$"# => requests,
        r#"^the client loads "(.*)"$"# => loads,
        r#"^the client decodes "([^"]*)"(?: as "(\w+)")?$"# => decodes,
    );
    steps!(steps, Ground::RequestOn(SESSION_UPDATE),
        r#"^(?:the client|client "(\w+)") updates the session with(?: (.+)|:)$"# => updates_session,
    );
    steps!(steps, Ground::RequestOn(PLAYER),
        r#"^(?:the client|client "(\w+)") updates (?:the player|player "(\w+)") with(?: (\{.*)|:)$"# => updates_player,
        r#"^(?:the client|client "(\w+)") updates (?:the player|player "(\w+)") with query "([^"]*)" and(?: (.+)|:)$"# => updates_player_with_query,
    );
    steps!(steps, Ground::RequestOn(SESSION),
        r#"^(?:the client|client "(\w+)") fetches (?:the player|player "(\w+)")$"# => fetches_player,
        r#"^(?:the client|client "(\w+)") fetches all players$"# => fetches_players,
        r#"^(?:the client|client "(\w+)") destroys (?:the player|player "(\w+)")$"# => destroys_player,
    );
    steps!(steps, Ground::Runner,
        r#"^the client sends the raw request:$"# => sends_raw,
        r#"^the client sends the raw request and ends its side:$"# => sends_raw_and_ends,
        r#"^the client sends on the same connection the raw request:$"# => sends_raw_again,
        r#"^the next request has headers:$"# => next_headers,
    );
}

/// The path of a client's session.
pub(super) fn session_path(world: &mut World, client: Option<&str>) -> Result<String, Failure> {
    let session = match client {
        Some(name) => world.variable(&format!("session.{name}"))?,
        None => world.variable("session")?,
    };
    Ok(format!("/v4/sessions/{session}"))
}

/// The path of a player of a client's session.
pub(super) fn player_path(
    world: &mut World,
    client: Option<&str>,
    player: Option<&str>,
) -> Result<String, Failure> {
    let session = session_path(world, client)?;
    Ok(format!("{session}/players/{}", world.guild(player)?))
}

async fn requests(world: &mut World, args: Args) -> Result<(), Failure> {
    let body = args.content(2).ok().map(str::to_owned);
    world.request(args.text(0)?, args.text(1)?, body).await?;
    Ok(())
}

async fn sends_raw(world: &mut World, args: Args) -> Result<(), Failure> {
    // The first part is the docstring, as the sentence has none of its own.
    world.request_raw(RawRequest::read(args.content(0)?)?, false).await
}

async fn sends_raw_and_ends(world: &mut World, args: Args) -> Result<(), Failure> {
    world.request_raw(RawRequest::read(args.content(0)?)?.and_end(), false).await
}

async fn sends_raw_again(world: &mut World, args: Args) -> Result<(), Failure> {
    world.request_raw(RawRequest::read(args.content(0)?)?, true).await
}

async fn next_headers(world: &mut World, args: Args) -> Result<(), Failure> {
    world.set_next_headers(args.pairs()?);
    Ok(())
}

async fn updates_session(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = session_path(world, args.optional(0))?;
    let answer = world.request("PATCH", &path, Some(args.content(1)?.to_owned())).await?;
    let resuming = answer.json().and_then(|json| json["resuming"].as_bool());
    if let Some(resuming) = resuming {
        world.client(&args.client(0))?.resumable = resuming;
    }
    Ok(())
}

async fn updates_player(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, args.optional(0), args.optional(1))?;
    world.request("PATCH", &path, Some(args.content(2)?.to_owned())).await?;
    Ok(())
}

async fn updates_player_with_query(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, args.optional(0), args.optional(1))?;
    let path = format!("{path}?{}", args.text(2)?);
    world.request("PATCH", &path, Some(args.content(3)?.to_owned())).await?;
    Ok(())
}

async fn fetches_player(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, args.optional(0), args.optional(1))?;
    world.request("GET", &path, None).await?;
    Ok(())
}

async fn fetches_players(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = format!("{}/players", session_path(world, args.optional(0))?);
    world.request("GET", &path, None).await?;
    Ok(())
}

async fn destroys_player(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, args.optional(0), args.optional(1))?;
    world.request("DELETE", &path, None).await?;
    Ok(())
}

async fn loads(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = format!("/v4/loadtracks?identifier={}", escaped(args.text(0)?));
    world.request("GET", &path, None).await?;
    Ok(())
}

async fn decodes(world: &mut World, args: Args) -> Result<(), Failure> {
    let name = args.optional(1).unwrap_or("encodedTrack");
    let path = format!("/v4/decodetrack?{name}={}", escaped(args.text(0)?));
    world.request("GET", &path, None).await?;
    Ok(())
}

/// For a query.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}
