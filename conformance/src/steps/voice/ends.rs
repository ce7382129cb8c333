//! How voice connections end, whether the bot comes back, and what the client is told of it.

use std::time::Duration;

use super::seen::data_of;
use crate::discord::{Event, Record};
use crate::failure::{Failure, FailureKind};
use crate::steps::args::Args;
use crate::steps::ground::{Ground, VOICE};
use crate::steps::{Steps, messages, steps};
use crate::world::World;

/// How long a server may try to get a connection back before it tells the client.
const LOSS_LIMIT: Duration = Duration::from_secs(3);

/// The time between two resets of a connection.
const BETWEEN_RESETS: Duration = Duration::from_millis(200);

/// The quirk of a bot that comes back after it has left.
const COMES_BACK: &str = "a voice channel that was left is joined again, and nobody is told";

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(VOICE),
        r#"^the (lost|closed) connection is told with (\d+), or not at all \(quirk\)$"# => loss_is_told,
        r#"^the client is told in this order, or the bot comes back to the voice gateway \(quirk\):$"# => leaving_is_told,
        r#"^the voice gateway(?: of player "(\w+)")? resets the connection (\d+) times, and sees "resume" each time, or no more of the bot \(quirk\)$"# => resets_again,
        r#"^the voice gateway(?: of player "(\w+)")? is without the bot$"# => is_empty,
        r#"^the voice gateway(?: of player "(\w+)")? sees the bot leave with (\d+)$"# => sees_leaving,
    );
}

/// The real server may give up, or go on, without telling the client.
async fn loss_is_told(world: &mut World, args: Args) -> Result<(), Failure> {
    const EVENT: &str = "WebSocketClosedEvent";
    let quirk = match args.text(0)? {
        "lost" => "nobody is told that a voice connection cannot come back",
        _ => "nobody is told that other voice data have closed a connection",
    };
    let code: u16 = args.number(1)?;
    let silent = match world.next_message("A", EVENT, LOSS_LIMIT).await {
        Ok(event) if event["code"] == code => false,
        Ok(event) => {
            let mut failure = Failure::assertion(
                "the end of the connection is told with another code than expected",
            );
            failure.difference.push(format!("/code: expected {code}, got {}", event["code"]));
            return Err(failure);
        }
        Err(failure) if failure.kind == FailureKind::Assertion => true,
        Err(failure) => return Err(failure),
    };
    world.note_quirk(quirk, silent);
    Ok(())
}

/// The real server may take the new connection for the one that was reset, and end the new one.
async fn resets_again(world: &mut World, args: Args) -> Result<(), Failure> {
    const QUIRK: &str = "a voice connection that was reset does not come back, and nobody is told";
    let player = args.optional(0).unwrap_or_default().to_owned();
    let mut came_back = true;
    for time in 1..=args.number(1)? {
        world.pass(BETWEEN_RESETS).await?;
        let limit = world.settings()?.budgets.message_limit();
        let room = world.room(&player)?;
        let resumed = |record: &Record| {
            let is_resume = |event: &&Event| data_of(event, "resume").is_some();
            record.events.iter().filter(is_resume).nth(time - 1).map(|_| ())
        };
        room.reset_connections();
        came_back = room.wait(limit, resumed).await.is_some();
        if !came_back {
            break;
        }
    }
    world.note_quirk(QUIRK, !came_back);
    Ok(())
}

/// The real server's bot sometimes comes back at once.
async fn is_empty(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let left = |room: &Record| (room.open == 0 || came_back(room)).then(|| came_back(room));
    let back = world.wait_in_room(player, "empty gateway", left).await?;
    world.note_quirk(COMES_BACK, back);
    Ok(())
}

/// The real server's connection sometimes notices the end of its own closing as a break.
async fn leaving_is_told(world: &mut World, args: Args) -> Result<(), Failure> {
    let told = messages::receives_in_order(world, args).await;
    let back = told.is_err() && came_back(&world.room("")?.now());
    world.note_quirk(COMES_BACK, back);
    if back { Ok(()) } else { told }
}

async fn sees_leaving(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let expected: u16 = args.number(1)?;
    let left = |record: &Record| {
        record.events.iter().find_map(|event| match event {
            Event::Left(code, _) => Some(*code),
            _ => None,
        })
    };
    let code = world.wait_in_room(player, "leaving", left).await?;
    if code == Some(expected) {
        return Ok(());
    }
    let mut failure =
        Failure::assertion("the bot left the voice gateway with another code than expected");
    failure.difference.push(format!("code: expected {expected}, got {code:?}"));
    Err(failure)
}

/// Whether the bot has resumed after it had left with a code.
fn came_back(record: &Record) -> bool {
    let left = |event: &Event| matches!(event, Event::Left(Some(_), _));
    let after = record.events.iter().skip_while(|event| !left(event));
    after.into_iter().any(|event| data_of(event, "resume").is_some())
}
