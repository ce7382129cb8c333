//! What comes on a socket, and what does not.

use serde_json::Value;

use super::args::Args;
use super::{Steps, parse_seconds, steps};
use crate::failure::Failure;
use crate::json::{self, Extent};
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps,
        r#"^(?:the client|client "(\w+)") receives "(\w+)"(?: within (\S+) seconds)?$"# => receives,
        r#"^(?:the client|client "(\w+)") receives "(\w+)"(?: within (\S+) seconds)? with(?: (.+)|:)$"# => receives,
        r#"^(?:the client|client "(\w+)") receives (\d+) "(\w+)" messages(?: with (.+))?$"# => receives_many,
        r#"^(?:the client|client "(\w+)") receives in this order:$"# => receives_in_order,
        r#"^(?:the client|client "(\w+)") receives in any order:$"# => receives_in_any_order,
        r#"^no "(\w+)" follows(?: for client "(\w+)")?(?: within (\S+) seconds)?$"# => none_follows,
        r#"^no message follows(?: for client "(\w+)")?(?: within (\S+) seconds)?$"# => nothing_follows,
        r#"^the message at "([^"]*)" is (["\{\[\-0-9tfn].*)$"# => message_at,
        r#"^the message at "([^"]*)" is remembered as "([\w.]+)"$"# => message_remembered,
        r#"^(\S+) seconds pass$"# => time_passes,
    );
}

async fn receives(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.optional_json(3)?;
    let (client, kind) = (args.client(0), args.text(1)?);
    let message = match args.optional(2) {
        Some(text) => world.next_message(&client, kind, parse_seconds(text)?).await?,
        None => {
            let limit = world.settings()?.budgets.message;
            world.client(&client)?.next(kind, limit).await?
        }
    };
    world.set_message(message.clone());
    compare(world, kind, expected.as_ref(), &message)
}

async fn receives_many(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = world.settings()?.budgets.message;
    let expected = args.optional_json(3)?;
    let kind = args.text(2)?;
    for _ in 0..args.number::<usize>(1)? {
        let message = world.client(&args.client(0))?.next(kind, limit).await?;
        world.set_message(message.clone());
        compare(world, kind, expected.as_ref(), &message)?;
    }
    Ok(())
}

/// Each row is the next of its kind; they have to stand in the order of the rows.
async fn receives_in_order(world: &mut World, args: Args) -> Result<(), Failure> {
    let places = find_rows(world, &args).await?;
    match places.windows(2).position(|pair| pair[0].1 > pair[1].1) {
        None => Ok(()),
        Some(at) => {
            let [(first, _), (second, _)] = [&places[at], &places[at + 1]];
            let message = format!("{second} came before {first}");
            let mut failure = Failure::assertion("the messages came in another order");
            failure.difference.push(message);
            Err(failure)
        }
    }
}

async fn receives_in_any_order(world: &mut World, args: Args) -> Result<(), Failure> {
    find_rows(world, &args).await.map(|_| ())
}

/// Finds a message for every row, never the same twice, and moves the cursor past all of them.
async fn find_rows(world: &mut World, args: &Args) -> Result<Vec<(String, usize)>, Failure> {
    let limit = world.settings()?.budgets.message;
    let name = args.client(0);
    let start = world.client(&name)?.cursor();
    let mut places: Vec<(String, usize)> = Vec::new();
    for (kind, with) in args.pairs()? {
        let expected = if with.is_empty() { None } else { Some(json::expected(&with)?) };
        let taken = places.iter().filter(|(other, _)| *other == kind).map(|(_, at)| at + 1).max();
        let client = world.client(&name)?;
        let mut from = taken.unwrap_or(start);
        let (at, message) = loop {
            let (at, message) = client.find(&kind, from, limit).await?;
            // An event may be of two kinds; it stands for one row only.
            if places.iter().all(|(_, place)| *place != at) {
                break (at, message);
            }
            from = at + 1;
        };
        world.set_message(message.clone());
        compare(world, &kind, expected.as_ref(), &message)?;
        places.push((kind, at));
    }
    let end = places.iter().map(|(_, at)| at + 1).max().unwrap_or(start);
    world.client(&name)?.set_cursor(end);
    Ok(places)
}

fn compare(
    world: &World,
    kind: &str,
    expected: Option<&Value>,
    message: &Value,
) -> Result<(), Failure> {
    let Some(expected) = expected else { return Ok(()) };
    let difference = json::differences(expected, message, Extent::Part, world.target_now_ms())?;
    if difference.is_empty() {
        return Ok(());
    }
    let failure = Failure::assertion(format!("the {kind} is another"));
    Err(Failure { difference, ..failure })
}

async fn none_follows(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = absence(world, args.optional(2))?;
    world.no_message(&args.client(1), Some(args.text(0)?), limit).await
}

async fn nothing_follows(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = absence(world, args.optional(1))?;
    world.no_message(&args.client(0), None, limit).await
}

fn absence(world: &World, given: Option<&str>) -> Result<std::time::Duration, Failure> {
    let budgets = world.settings()?.budgets;
    match given {
        // More would reach into what is due then.
        Some(text) => Ok(parse_seconds(text)?.mul_f64(world.time_scale().min(1.0))),
        None => Ok(budgets.absence),
    }
}

async fn message_at(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.json(1)?;
    let message = world.message()?;
    let path = args.text(0)?;
    super::answers::compare_at("message", message, path, &expected, world.target_now_ms())
}

async fn message_remembered(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = args.text(0)?;
    let value = world.message()?.pointer(path).cloned();
    let value = value.ok_or_else(|| Failure::assertion(format!("the message has no {path}")))?;
    world.remember(args.text(1)?, &value);
    Ok(())
}

/// It is not scaled, as it is about the target's own timers.
async fn time_passes(world: &mut World, args: Args) -> Result<(), Failure> {
    let pause = parse_seconds(args.text(0)?)?;
    let moved = world.settings()?.manual_time.is_some();
    if pause > super::STEP_LIMIT && !moved {
        let limit = super::STEP_LIMIT;
        return Err(Failure::harness(format!("a step cannot take longer than {limit:?}")));
    }
    world.pass(pause).await
}
