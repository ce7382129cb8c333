//! What the voice gateway sees of the bot.

use serde_json::{Value, json};

use crate::discord::{Event, NUMBERED, Record};
use crate::failure::Failure;
use crate::json::{self, Extent};
use crate::steps::args::Args;
use crate::steps::ground::{Ground, VOICE};
use crate::steps::{DIFFERS, Steps, parse_seconds, steps};
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(VOICE),
        r#"^the voice gateway(?: of player "(\w+)")? sees "([\w ]+)"(?: (\d+) times)?(?: with (.+))?$"# => sees,
        r#"^the voice gateway(?: of player "(\w+)")? sees no( other)? "([\w ]+)" for (\S+) seconds$"# => sees_no_other,
        r#"^the voice gateway(?: of player "(\w+)")? numbers its messages$"# => numbers_messages,
    );
}

/// Waits for so many events of a kind, and compares the last of them with what is expected.
async fn sees(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let (what, times) = (args.text(1)?, args.optional(2).map_or(Ok(1), |_| args.number(2))?);
    let expected = args.optional(3).map(json::expected).transpose()?;
    check_kind(what)?;
    let told = format!("{what} ({times} times)");
    let found = |record: &Record| {
        let mut matching = record.events.iter().filter_map(|event| data_of(event, what));
        matching.nth(times - 1)
    };
    let seen = world.wait_in_room(player, &told, found).await?;
    let Some(expected) = expected else { return Ok(()) };
    let now = world.target_now_ms();
    let difference = json::differences(&expected, &seen, Extent::Part, now)?;
    if difference.is_empty() {
        return Ok(());
    }
    Err(Failure {
        difference,
        ..Failure::assertion(format!("the voice gateway's \"{what}\" {DIFFERS}"))
    })
}

/// With "other", those that the gateway has seen before this step do not count.
async fn sees_no_other(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let (what, time) = (args.text(2)?, parse_seconds(args.text(3)?)?);
    check_kind(what)?;
    let count = |record: &Record| {
        record.events.iter().filter(|event| data_of(event, what).is_some()).count()
    };
    let before = match args.optional(1) {
        Some(_) => count(&world.room(player)?.now()),
        None => 0,
    };
    world.pass(time).await?;
    let others = count(&world.room(player)?.now()) - before;
    if others == 0 {
        return Ok(());
    }
    let mut failure = Failure::assertion(format!("the voice gateway sees another {what}"));
    failure.difference.push(format!("{what}: expected no other within {time:?}, saw {others}"));
    Err(failure)
}

/// The scenario cannot be judged if the target asks for an older version of the gateway, whose
/// messages have no numbers to acknowledge.
async fn numbers_messages(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let version = |event: &Event| match event {
        Event::Connected(version) => Some(*version),
        _ => None,
    };
    let connected = |room: &Record| room.events.iter().find_map(version);
    let version = world.wait_in_room(player, "connection", connected).await?;
    if version >= NUMBERED {
        return Ok(());
    }
    Err(Failure::lacking(format!(
        "the target asks for version {version} of the voice gateway, whose messages have no numbers"
    )))
}

/// An error of the suite if a gateway sees nothing of that kind.
fn check_kind(what: &str) -> Result<(), Failure> {
    let known = [
        "upgrade",
        "connect",
        "identify",
        "resume",
        "discovery",
        "select",
        "speaking",
        "silence",
        "heartbeat",
    ];
    match known.contains(&what) {
        true => Ok(()),
        false => Err(Failure::harness(format!("a gateway sees no {what:?}; it sees {known:?}"))),
    }
}

/// What the event tells, if it is of that kind; null if such an event tells nothing.
pub(super) fn data_of(event: &Event, what: &str) -> Option<Value> {
    match (what, event) {
        ("upgrade", Event::Knocked) | ("discovery", Event::Discovering) => Some(Value::Null),
        ("connect", Event::Connected(version)) => Some(json!({"version": version})),
        ("identify", Event::Identified(data))
        | ("resume", Event::Resuming(data))
        | ("heartbeat", Event::Heartbeat(data)) => Some(data.clone()),
        ("select", Event::Selected(mode)) => Some(json!({"mode": mode})),
        ("speaking", Event::Speaking(true)) | ("silence", Event::Speaking(false)) => {
            Some(Value::Null)
        }
        _ => None,
    }
}
