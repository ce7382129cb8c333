//! Joining a voice channel, with the voice data that Discord would have told the bot.

use std::time::Duration;

use serde_json::{Value, json};

use crate::failure::{Failure, FailureKind};
use crate::steps::answers::{check_error, check_status};
use crate::steps::args::Args;
use crate::steps::ground::{Ground, HEARD, PLAYER, VOICE};
use crate::steps::requests::player_path;
use crate::steps::{Steps, steps, tracks};
use crate::world::{World, snowflake};

/// How long to wait for the playerUpdate of a player that has joined; it comes when the gateway is
/// ready.
const UPDATE_GRACE: Duration = Duration::from_secs(1);

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Runner,
        r#"^a voice channel(?: for player "(\w+)")?$"# => channel,
        r#"^another "(\w+)" in the voice data$"# => other_data,
    );
    steps!(steps, Ground::Rule(VOICE),
        r#"^(?:the player|player "(\w+)") is in a voice channel$"# => joined,
        r#"^the client begins to join: (.+)$"# => begins_to_join,
        r#"^joining ends with (\d+) "([^"]+)", or without an answer \(quirk\): (.+)$"# => joining_ends,
    );
    steps!(steps, Ground::Rule(PLAYER),
        r#"^(?:the player|player "(\w+)") may be heard$"# => may_be_heard,
    );
    steps!(steps, Ground::Rule(HEARD),
        r#"^(?:the player|player "(\w+)") plays in a voice channel "([^"]+)"$"# => plays,
    );
}

async fn channel(world: &mut World, args: Args) -> Result<(), Failure> {
    world.open_room(args.optional(0).unwrap_or_default()).await.map(|_| ())
}

/// Changes one part of the voice data, as if Discord had told the bot anew.
async fn other_data(world: &mut World, args: Args) -> Result<(), Failure> {
    let part = args.text(0)?;
    let other = match part {
        "token" => format!("token{:016x}", rand::random::<u64>()),
        "sessionId" => format!("{:032x}", rand::random::<u128>()),
        "channelId" => snowflake(),
        other => return Err(Failure::harness(format!("nothing else for {other:?} can be told"))),
    };
    let told = world.variable("voice")?;
    let wrong = |error| Failure::harness(format!("${{voice}} is no JSON: {error}"));
    let mut voice: Value = serde_json::from_str(&told).map_err(wrong)?;
    voice[part] = other.into();
    world.remember("voice", &voice);
    Ok(())
}

async fn joined(world: &mut World, args: Args) -> Result<(), Failure> {
    join(world, args.optional(0)).await
}

/// Opens a channel and has the player join it; it has joined when the channel sees it there. The
/// playerUpdate that follows has been read then, if the target sends one: another rule asks for it.
async fn join(world: &mut World, player: Option<&str>) -> Result<(), Failure> {
    let name = player.unwrap_or_default();
    let voice = world.open_room(name).await?;
    let path = player_path(world, None, player)?;
    let body = json!({"voice": voice}).to_string();
    world.request("PATCH", &path, Some(body)).await?;
    if let Err(failure) = check_status(world, 200) {
        return Err(world.without_trust(name, failure).await);
    }
    world.wait_until_joined(name).await?;
    let grace = world.settings()?.budgets.grace(UPDATE_GRACE);
    world.client("A")?.next("playerUpdate", grace).await.ok();
    Ok(())
}

async fn may_be_heard(world: &mut World, args: Args) -> Result<(), Failure> {
    join_if_any(world, args.optional(0)).await
}

/// Has the player join a voice channel if the target joins any; if not, a scenario that is about
/// something else goes on without. A channel that the player has already is kept.
pub(in crate::steps) async fn join_if_any(
    world: &mut World,
    player: Option<&str>,
) -> Result<(), Failure> {
    let name = player.unwrap_or_default();
    if world.has_room(name) || world.stays_out()? {
        return Ok(());
    }
    match join(world, player).await {
        Ok(()) => Ok(()),
        Err(failure) if failure.kind == FailureKind::Harness => Err(failure),
        Err(_) => {
            world.give_up_room(name)?;
            // The next player has nothing to do with that channel.
            let path = player_path(world, None, player)?;
            world.request("DELETE", &path, None).await.map(|_| ())
        }
    }
}

async fn plays(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).map(str::to_owned);
    join(world, player.as_deref()).await?;
    tracks::play(world, player.as_deref(), args.text(1)?).await
}

/// Sends the voice data and does not wait for the answer: there may never be one.
async fn begins_to_join(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, None, None)?;
    let body = json!({"voice": args.json(0)?}).to_string();
    world.request_unanswered("PATCH", &path, body)
}

/// The real server never answers if a voice server cannot be reached.
async fn joining_ends(world: &mut World, args: Args) -> Result<(), Failure> {
    const QUIRK: &str = "nobody is told that a voice server cannot be reached";
    let (status, message) = (args.number(0)?, args.text(1)?.to_owned());
    let path = player_path(world, None, None)?;
    let body = json!({"voice": args.json(2)?}).to_string();
    match world.request("PATCH", &path, Some(body)).await {
        Err(failure) if failure.kind == FailureKind::Transport => {
            world.note_quirk(QUIRK, true);
            Ok(())
        }
        Err(failure) => Err(failure),
        Ok(_) => {
            world.note_quirk(QUIRK, false);
            check_error(world, status, &json!(message))
        }
    }
}
