//! What the voice gateway does: closes, withholds, refuses, asks for.

use crate::discord::{Ending, Step};
use crate::failure::Failure;
use crate::steps::args::Args;
use crate::steps::ground::Ground;
use crate::steps::{Steps, parse_seconds, steps};
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Runner,
        r#"^the voice gateway(?: of player "(\w+)")? closes with (\d+) "([^"]*)"$"# => closes,
        r#"^the voice gateway(?: of player "(\w+)")? drops the connection$"# => drops,
        r#"^the voice gateway(?: of player "(\w+)")? withholds "([\w ]+)"$"# => withholds,
        r#"^the voice gateway(?: of player "(\w+)")? takes (\S+) seconds for the upgrade$"# => upgrades_slowly,
        r#"^the voice gateway(?: of player "(\w+)")? refuses with (\d+)$"# => refuses,
        r#"^the voice gateway(?: of player "(\w+)")? refuses nobody any more$"# => welcomes,
        r#"^the voice gateway(?: of player "(\w+)")? drops every connection$"# => drops_all,
        r#"^the voice gateway(?: of player "(\w+)")? resets every connection$"# => resets_all,
        r#"^the voice gateway(?: of player "(\w+)")? shows the certificate of another host$"# => impostor,
        r#"^the voice gateway(?: of player "(\w+)")? offers the modes "([\w, ]+)"$"# => offers,
        r#"^the voice gateway(?: of player "(\w+)")? acknowledges the heartbeats$"# => acknowledges,
        r#"^the voice gateway(?: of player "(\w+)")? answers with (\d+) "([^"]*)"$"# => answers_with,
        r#"^the voice gateway(?: of player "(\w+)")? wants a heartbeat every (\S+) seconds$"# => heartbeat_interval,
    );
}

async fn closes(world: &mut World, args: Args) -> Result<(), Failure> {
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.close(args.number(1)?, args.text(2)?);
    Ok(())
}

async fn drops(world: &mut World, args: Args) -> Result<(), Failure> {
    world.room(args.optional(0).unwrap_or_default())?.drop_connections();
    Ok(())
}

async fn withholds(world: &mut World, args: Args) -> Result<(), Failure> {
    let step = match args.text(1)? {
        "upgrade" => Step::Upgrade,
        "hello" => Step::Hello,
        "ready" => Step::Ready,
        "discovery" => Step::Discovery,
        "session description" => Step::SessionDescription,
        "resumed" => Step::Resumed,
        "heartbeat ack" => Step::HeartbeatAck,
        other => return Err(Failure::harness(format!("no step of a gateway: {other}"))),
    };
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| _ = behaviour.withheld.insert(step));
    Ok(())
}

async fn upgrades_slowly(world: &mut World, args: Args) -> Result<(), Failure> {
    let delay = parse_seconds(args.text(1)?)?;
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.upgrade_delay = delay);
    Ok(())
}

async fn refuses(world: &mut World, args: Args) -> Result<(), Failure> {
    let status = args.number(1)?;
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.refusal = Some(status));
    Ok(())
}

async fn welcomes(world: &mut World, args: Args) -> Result<(), Failure> {
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.refusal = None);
    Ok(())
}

async fn drops_all(world: &mut World, args: Args) -> Result<(), Failure> {
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.ends_at_hello = Some(Ending::Quiet));
    Ok(())
}

async fn resets_all(world: &mut World, args: Args) -> Result<(), Failure> {
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.ends_at_hello = Some(Ending::Reset));
    Ok(())
}

async fn impostor(world: &mut World, args: Args) -> Result<(), Failure> {
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.is_impostor = true);
    Ok(())
}

async fn offers(world: &mut World, args: Args) -> Result<(), Failure> {
    let modes = args.text(1)?.split(',').map(|mode| mode.trim().to_owned()).collect();
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.modes = modes);
    Ok(())
}

async fn acknowledges(world: &mut World, args: Args) -> Result<(), Failure> {
    world.room(args.optional(0).unwrap_or_default())?.acknowledge();
    Ok(())
}

async fn answers_with(world: &mut World, args: Args) -> Result<(), Failure> {
    let closing = (args.number(1)?, args.text(2)?.to_owned());
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.closing = Some(closing));
    Ok(())
}

async fn heartbeat_interval(world: &mut World, args: Args) -> Result<(), Failure> {
    let interval = parse_seconds(args.text(1)?)?;
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.behave(|behaviour| behaviour.heartbeat_interval = interval);
    Ok(())
}
