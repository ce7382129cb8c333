//! What comes on a socket, and what does not.

use std::time::Duration;

use serde_json::Value;

use super::args::Args;
use super::ground::{Ground, READY};
use super::{DIFFERS, Steps, parse_seconds, steps};
use crate::failure::Failure;
use crate::json::{self, Extent};
use crate::world::{Client, World};

/// How long a message is waited for that may be left out. It comes with others at once, and before
/// any of a timer.
const ONE_MORE_LIMIT: Duration = Duration::from_secs(1);

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(READY),
        r#"^no message follows(?: for client "(\w+)")?(?: within (\S+) seconds)?$"# => nothing_follows,
        r#"^at most (\d+) "(\w+)" messages follow within (\S+) seconds$"# => few_follow,
        r#"^the message at "([^"]*)" is (["\{\[\-0-9tfn].*)$"# => message_at,
        r#"^the message at "([^"]*)" is remembered as "([\w.]+)"$"# => message_remembered,
        r#"^the numbers of the message at "([^"]*)" add up to (\d+)(?: to (\d+))?$"# => add_up,
    );
    steps!(steps, Ground::Message(1),
        r#"^(?:the client|client "(\w+)") receives "(\w+)"(?: within (\S+) seconds)?$"# => receives,
        r#"^(?:the client|client "(\w+)") receives "(\w+)"(?: within (\S+) seconds)? with(?: (.+)|:)$"# => receives,
        r#"^(?:the client|client "(\w+)") receives in this order(?: within (\S+) seconds)?:$"# => receives_in_order,
        r#"^(?:the client|client "(\w+)") receives in any order(?: within (\S+) seconds)?:$"# => receives_in_any_order,
    );
    steps!(steps, Ground::Message(0),
        r#"^the client receives in any order, the last row or not \(quirk\):$"# => receives_last_or_not,
    );
    steps!(steps, Ground::Message(2),
        r#"^(?:the client|client "(\w+)") receives (\d+) "(\w+)" messages(?: with (.+))?$"# => receives_many,
    );
    steps!(steps, Ground::Message(0),
        r#"^the track ends with "(\w+)", or with "(\w+)" \(quirk\)$"# => ends_with_either,
        r#"^one more "(\w+)" follows, or none \(quirk\), with (.+)$"# => one_more_follows,
        r#"^no "(\w+)" follows(?: for client "(\w+)")?(?: within (\S+) seconds)?$"# => none_follows,
    );
}

async fn receives(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.optional_json(3)?;
    let (client, kind) = (args.client(0), args.text(1)?);
    let message = match args.optional(2) {
        Some(text) => world.next_message(&client, kind, parse_seconds(text)?).await?,
        None => {
            let limit = world.settings()?.budgets.message_limit();
            world.client(&client)?.next(kind, limit).await?
        }
    };
    world.set_message(message.clone());
    compare(world.target_now_ms(), kind, expected.as_ref(), &message)
}

async fn receives_many(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = world.settings()?.budgets.message_limit();
    let expected = args.optional_json(3)?;
    let kind = args.text(2)?;
    for _ in 0..args.number::<usize>(1)? {
        let message = world.client(&args.client(0))?.next(kind, limit).await?;
        world.set_message(message.clone());
        compare(world.target_now_ms(), kind, expected.as_ref(), &message)?;
    }
    Ok(())
}

/// Each row is the next of its kind; they have to stand in the order of the rows.
pub(super) async fn receives_in_order(world: &mut World, args: Args) -> Result<(), Failure> {
    let rows = find_rows(world, &args).await?;
    let now = world.target_now_ms();
    for row in &rows {
        row.agree(&row.message, now)?;
    }
    if let Some(last) = rows.last() {
        world.set_message(last.message.clone());
    }
    match rows.windows(2).find(|pair| pair[0].place > pair[1].place) {
        None => Ok(()),
        Some(pair) => {
            let mut failure =
                Failure::assertion("the messages came in another order than expected");
            failure.difference.push(format!("{} came before {}", pair[1].kind, pair[0].kind));
            Err(failure)
        }
    }
}

/// The messages may stand for the rows of their kind in any order, too.
async fn receives_in_any_order(world: &mut World, args: Args) -> Result<(), Failure> {
    let rows = find_rows(world, &args).await?;
    agree_in_any_order(world, &rows)
}

/// The same, but a message for the last row need not come. Then all that came stand for the others.
async fn receives_last_or_not(world: &mut World, args: Args) -> Result<(), Failure> {
    let mut pairs = args.pairs()?;
    let Some((kind, with)) = pairs.pop() else {
        return Err(Failure::harness("the table has no rows"));
    };
    let limit = world.settings()?.budgets.message_limit();
    let grace = world.settings()?.budgets.limit_for(ONE_MORE_LIMIT);
    let client = world.client("A")?;
    let start = client.cursor();
    let mut rows = find(client, pairs, limit).await?;
    let others = rows.len();
    let taken = rows.iter().filter(|row| row.kind == kind).map(|row| row.place + 1).max();
    let last = client.find(&kind, taken.unwrap_or(start), grace).await.ok();
    if let Some((place, message)) = last {
        rows.push(Row {
            expected: Some(json::expected(&with)?),
            kind: kind.clone(),
            place,
            message,
        });
    }
    client.set_cursor(end_of(&rows, start));
    world.note_quirk(&format!("one {kind} less"), rows.len() == others);
    agree_in_any_order(world, &rows)
}

fn agree_in_any_order(world: &mut World, rows: &[Row]) -> Result<(), Failure> {
    let now = world.target_now_ms();
    let assigned = assign(rows, now)?;
    for (row, &message) in rows.iter().zip(&assigned) {
        row.agree(&rows[message].message, now)?;
    }
    if let Some(&last) = assigned.last() {
        world.set_message(rows[last].message.clone());
    }
    Ok(())
}

/// A row of the table, and the message that was found for its kind.
struct Row {
    kind: String,
    expected: Option<Value>,
    /// Of the message among all that came.
    place: usize,
    message: Value,
}

impl Row {
    fn agree(&self, message: &Value, now: f64) -> Result<(), Failure> {
        compare(now, &self.kind, self.expected.as_ref(), message)
    }
}

/// Which row's message each row gets, so that all agree with theirs; their own if there is no
/// such way, as that is what differs.
fn assign(rows: &[Row], now: f64) -> Result<Vec<usize>, Failure> {
    let mut fits = Vec::new();
    for row in rows {
        let mut of_row = Vec::new();
        for (index, other) in rows.iter().enumerate().filter(|(_, other)| other.kind == row.kind) {
            if differences(now, row.expected.as_ref(), &other.message)?.is_empty() {
                of_row.push(index);
            }
        }
        fits.push(of_row);
    }
    let mut chosen = Vec::new();
    if !choose(&fits, &mut chosen) {
        chosen = (0..rows.len()).collect();
    }
    Ok(chosen)
}

/// Chooses for every row one of those that fit, none twice.
fn choose(fits: &[Vec<usize>], chosen: &mut Vec<usize>) -> bool {
    let Some(candidates) = fits.get(chosen.len()) else { return true };
    for candidate in candidates {
        if !chosen.contains(candidate) {
            chosen.push(*candidate);
            if choose(fits, chosen) {
                return true;
            }
            chosen.pop();
        }
    }
    false
}

/// Finds the next message of its kind for every row, never the same twice, and moves the cursor
/// past all of them.
async fn find_rows(world: &mut World, args: &Args) -> Result<Vec<Row>, Failure> {
    let name = args.client(0);
    let limit = match args.optional(1) {
        Some(text) => world.within(parse_seconds(text)?).await?,
        None => world.settings()?.budgets.message_limit(),
    };
    let client = world.client(&name)?;
    let rows = find(client, args.pairs()?, limit).await?;
    client.set_cursor(end_of(&rows, client.cursor()));
    Ok(rows)
}

async fn find(
    client: &mut Client,
    pairs: Vec<(String, String)>,
    limit: Duration,
) -> Result<Vec<Row>, Failure> {
    let start = client.cursor();
    let mut rows: Vec<Row> = Vec::new();
    for (kind, with) in pairs {
        let expected = if with.is_empty() { None } else { Some(json::expected(&with)?) };
        let taken = rows.iter().filter(|row| row.kind == kind).map(|row| row.place + 1).max();
        let mut from = taken.unwrap_or(start);
        let (place, message) = loop {
            let (place, message) = client.find(&kind, from, limit).await?;
            // An event may be of two kinds; it stands for one row only.
            if rows.iter().all(|row| row.place != place) {
                break (place, message);
            }
            from = place + 1;
        };
        rows.push(Row { kind, expected, place, message });
    }
    Ok(rows)
}

/// Where to read on, behind all of them.
fn end_of(rows: &[Row], start: usize) -> usize {
    rows.iter().map(|row| row.place + 1).max().unwrap_or(start)
}

fn compare(now: f64, kind: &str, expected: Option<&Value>, message: &Value) -> Result<(), Failure> {
    let difference = differences(now, expected, message)?;
    if difference.is_empty() {
        return Ok(());
    }
    let failure = Failure::assertion(format!("the {kind} {DIFFERS}"));
    Err(Failure { difference, ..failure })
}

fn differences(
    now: f64,
    expected: Option<&Value>,
    message: &Value,
) -> Result<Vec<String>, Failure> {
    let Some(expected) = expected else { return Ok(Vec::new()) };
    json::differences(expected, message, Extent::Part, now)
}

async fn none_follows(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = absence(world, args.optional(2))?;
    world.no_message(&args.client(1), Some(args.text(0)?), limit).await
}

async fn ends_with_either(world: &mut World, args: Args) -> Result<(), Failure> {
    let (usual, quirk) = (args.text(0)?, args.text(1)?);
    let limit = world.settings()?.budgets.message_limit();
    let message = world.client("A")?.next("TrackEndEvent", limit).await?;
    world.set_message(message.clone());
    world.note_quirk(&format!("a track ends with {quirk}"), message["reason"] == quirk);
    let expected = serde_json::json!({"reason": format!("#in [\"{usual}\", \"{quirk}\"]")});
    compare(world.target_now_ms(), "TrackEndEvent", Some(&expected), &message)
}

/// The next one, if it comes soon, has to be like this.
async fn one_more_follows(world: &mut World, args: Args) -> Result<(), Failure> {
    let (kind, expected) = (args.text(0)?, args.json(1)?);
    let limit = world.settings()?.budgets.limit_for(ONE_MORE_LIMIT);
    let message = world.client("A")?.next(kind, limit).await.ok();
    world.note_quirk(&format!("one {kind} less"), message.is_none());
    let Some(message) = message else { return Ok(()) };
    world.set_message(message.clone());
    compare(world.target_now_ms(), kind, Some(&expected), &message)
}

/// More cannot be those of a timer, however late it is looked at.
async fn few_follow(world: &mut World, args: Args) -> Result<(), Failure> {
    let (most, kind) = (args.number::<usize>(0)?, args.text(1)?);
    world.pass(parse_seconds(args.text(2)?)?).await?;
    let client = world.client("A")?;
    let mut came = Vec::new();
    while let Some(message) = client.next_now(kind)? {
        came.push(message);
    }
    if came.len() <= most {
        return Ok(());
    }
    let mut failure = Failure::assertion(format!("more than {most} {kind} messages came"));
    failure.difference.extend(came.iter().map(Value::to_string));
    Err(failure)
}

async fn nothing_follows(world: &mut World, args: Args) -> Result<(), Failure> {
    let limit = absence(world, args.optional(1))?;
    world.no_message(&args.client(0), None, limit).await
}

fn absence(world: &World, given: Option<&str>) -> Result<std::time::Duration, Failure> {
    match given {
        // More would reach into what is due then.
        Some(text) => Ok(parse_seconds(text)?.mul_f64(world.time_scale().min(1.0))),
        None => Ok(world.settings()?.budgets.absence),
    }
}

async fn message_at(world: &mut World, args: Args) -> Result<(), Failure> {
    let expected = args.json(1)?;
    let message = world.message()?;
    let extra = world.checker()?.unknown_in_message(message);
    let path = args.text(0)?;
    super::bodies::compare_at("message", message, &extra, path, &expected, world.target_now_ms())
}

async fn message_remembered(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = args.text(0)?;
    let value = world.message()?.pointer(path).cloned();
    let value = value.ok_or_else(|| Failure::assertion(format!("the message has no {path}")))?;
    world.remember(args.text(1)?, &value);
    Ok(())
}

/// All members of the object there are numbers.
async fn add_up(world: &mut World, args: Args) -> Result<(), Failure> {
    let least: f64 = args.number(1)?;
    let most = args.optional(2).map_or(Ok(least), |_| args.number(2))?;
    let path = args.text(0)?;
    let object = world.message()?.pointer(path).and_then(Value::as_object);
    let members = object.ok_or_else(|| Failure::assertion(format!("{path} is no object")))?;
    let numbers: Option<Vec<_>> = members.values().map(Value::as_f64).collect();
    let sum = numbers.map(|numbers| numbers.iter().sum::<f64>());
    if sum.is_some_and(|sum| (least..=most).contains(&sum)) {
        return Ok(());
    }
    let mut failure = Failure::assertion("the numbers have another sum");
    failure.difference.push(format!("{path}: expected {least} to {most}, got {sum:?}"));
    Err(failure)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(kind: &str, expected: Value, message: Value) -> Row {
        Row { kind: kind.into(), expected: Some(expected), place: 0, message }
    }

    #[test]
    fn messages_of_a_kind_stand_for_its_rows_in_any_order() {
        let rows = [
            row("playerUpdate", json!({"guildId": "1"}), json!({"guildId": "2"})),
            row("ready", json!({}), json!({"guildId": "1"})),
            row("playerUpdate", json!({"guildId": "#string"}), json!({"guildId": "1"})),
        ];
        assert_eq!(assign(&rows, 0.0).unwrap(), [2, 1, 0]);
    }

    #[test]
    fn a_message_does_not_stand_for_two_rows() {
        let rows = [
            row("playerUpdate", json!({"guildId": "1"}), json!({"guildId": "1"})),
            row("playerUpdate", json!({"guildId": "1"}), json!({"guildId": "2"})),
        ];
        let assigned = assign(&rows, 0.0).unwrap();
        assert_eq!(assigned, [0, 1]);
        assert!(rows[1].agree(&rows[assigned[1]].message, 0.0).is_err());
    }
}
