//! Voice channels: joining, being heard, what the gateway does and sees.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::answers::{check_error, check_status};
use super::args::Args;
use super::ground::{Ground, HEARD, PLAYER, VOICE};
use super::requests::player_path;
use super::{DIFFERS, Steps, parse_seconds, steps};
use crate::discord::{Ending, Event, NUMBERED, Record, Sound, Step};
use crate::failure::{Failure, FailureKind};
use crate::json::{self, Extent};
use crate::world::{World, snowflake};

/// How long a server may try to get a connection back before it tells.
const LOSS_LIMIT: Duration = Duration::from_secs(3);

/// How long the playerUpdate of a player that has joined is waited for; it comes when the gateway
/// is ready.
const UPDATE_GRACE: Duration = Duration::from_secs(1);

/// Between two resets of a connection.
const BETWEEN_RESETS: Duration = Duration::from_millis(200);

/// How often a pace is measured until it is the right one.
const PACE_TRIES: usize = 3;

const COMES_BACK: &str = "a voice channel that was left is joined again, and nobody is told";

/// Of a frame, ms.
const FRAME_MS: u64 = 20;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Runner,
        r#"^a voice channel(?: for player "(\w+)")?$"# => channel,
        r#"^another "(\w+)" in the voice data$"# => other_data,
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
    steps!(steps, Ground::Rule(VOICE),
        r#"^(?:the player|player "(\w+)") is in a voice channel$"# => joined,
        r#"^the (lost|closed) connection is told with (\d+), or not at all \(quirk\)$"# => loss_is_told,
        r#"^the client is told in this order, or the bot comes back to the voice gateway \(quirk\):$"# => leaving_is_told,
        r#"^the client begins to join: (.+)$"# => begins_to_join,
        r#"^joining ends with (\d+) "([^"]+)", or without an answer \(quirk\): (.+)$"# => joining_ends,
        r#"^the voice gateway(?: of player "(\w+)")? resets the connection (\d+) times, and sees "resume" each time, or no more of the bot \(quirk\)$"# => resets_again,
        r#"^the voice gateway(?: of player "(\w+)")? sees "([\w ]+)"(?: (\d+) times)?(?: with (.+))?$"# => sees,
        r#"^the voice gateway(?: of player "(\w+)")? sees no( other)? "([\w ]+)" for (\S+) seconds$"# => sees_no_other,
        r#"^the voice gateway(?: of player "(\w+)")? is without the bot$"# => is_empty,
        r#"^the voice gateway(?: of player "(\w+)")? numbers its messages$"# => numbers_messages,
        r#"^the voice gateway(?: of player "(\w+)")? sees the bot leave with (\d+)$"# => sees_leaving,
    );
    steps!(steps, Ground::Rule(PLAYER),
        r#"^(?:the player|player "(\w+)") may be heard$"# => may_be_heard,
    );
    steps!(steps, Ground::Rule(HEARD),
        r#"^(?:the player|player "(\w+)") plays in a voice channel "([^"]+)"$"# => plays,
        r#"^the voice channel(?: of player "(\w+)")? hears (\d+)(?: to (\d+))?( more)? frames(?: and (\d+)(?: to (\d+))? of silence)?(?: within (\S+) seconds)?$"# => hears,
        r#"^the voice channel(?: of player "(\w+)")? hears every frame(?: from (\S+))? up to (\S+) ms(?: within (\S+) seconds)?$"# => hears_every,
        r#"^the voice channel(?: of player "(\w+)")? hears nothing(?: for (\S+) seconds)?$"# => hears_nothing,
        r#"^the voice channel(?: of player "(\w+)")? hears (\S+) to (\S+) frames a second for (\S+) seconds$"# => hears_at_pace,
        r#"^the voice channel(?: of player "(\w+)")? hears no faults$"# => no_faults,
    );
}

async fn channel(world: &mut World, args: Args) -> Result<(), Failure> {
    world.open_room(args.optional(0).unwrap_or_default()).await.map(|_| ())
}

/// As if Discord had told the bot anew.
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

/// Opens a channel and joins it, as the channel sees it. The playerUpdate of that has been read
/// then, if the target sends one: another rule asks for it.
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

/// Joins a voice channel, where the target joins any; a scenario that is about something else goes
/// on without. A channel that the player has already is kept.
pub(super) async fn join_if_any(world: &mut World, player: Option<&str>) -> Result<(), Failure> {
    let name = player.unwrap_or_default();
    if world.has_room(name) || world.stays_out()? {
        return Ok(());
    }
    match join(world, player).await {
        Ok(()) => Ok(()),
        Err(failure) if failure.kind == FailureKind::Harness => Err(failure),
        Err(_) => {
            world.give_up_room(name)?;
            // The next one has nothing to do with that channel.
            let path = player_path(world, None, player)?;
            world.request("DELETE", &path, None).await.map(|_| ())
        }
    }
}

async fn plays(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).map(str::to_owned);
    join(world, player.as_deref()).await?;
    super::tracks::play(world, player.as_deref(), args.text(1)?).await
}

async fn hears(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default().to_owned();
    let audio = range(&args, 1, 2)?.unwrap_or(0..=0);
    let silence = range(&args, 4, 5)?;
    let within = args.optional(6).map(parse_seconds).transpose()?;
    let before = match args.optional(3) {
        None => (0, 0),
        Some(_) => {
            // What has been sent counts as heard before.
            world.pass(Duration::ZERO).await?;
            let heard = world.room(&player)?.now().sound;
            (heard.audio, heard.silence)
        }
    };
    check_frames(world, &player, before, audio, silence, within).await
}

/// Frames are 20 ms, and the first one is at 0.
async fn hears_every(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default().to_owned();
    let from: u64 = args.optional(1).map_or(Ok(0), |_| args.number(1))?;
    let last: u64 = args.number(2)?;
    let within = args.optional(3).map(parse_seconds).transpose()?;
    let Some(length) = last.checked_sub(from) else {
        return Err(Failure::harness(format!("{last} ms are before {from} ms")));
    };
    let frames = length / FRAME_MS + 1;
    check_frames(world, &player, (0, 0), frames..=frames, None, within).await
}

/// The numbers of two arguments; without the second there is one number only.
fn range(args: &Args, least: usize, most: usize) -> Result<Option<RangeInclusive<u64>>, Failure> {
    if args.optional(least).is_none() {
        return Ok(None);
    }
    let from: u64 = args.number(least)?;
    let to = args.optional(most).map_or(Ok(from), |_| args.number(most))?;
    Ok(Some(from..=to))
}

/// Frames of audio and silence, without those `before`, once that much time has passed.
async fn check_frames(
    world: &mut World,
    player: &str,
    before: (u64, u64),
    audio: RangeInclusive<u64>,
    silence: Option<RangeInclusive<u64>>,
    within: Option<Duration>,
) -> Result<(), Failure> {
    let mut late = Duration::ZERO;
    if let Some(time) = within {
        let began = Instant::now();
        world.pass(time).await?;
        if world.settings()?.manual_time.is_none() {
            late = began.elapsed().saturating_sub(time);
        }
    }
    let audio = with_late_ones(audio, late);
    // What has been sent arrives in its own time.
    let limit = world.settings()?.budgets.message_limit();
    let room = world.room(player)?;
    let counted = |sound: &Sound| {
        (sound.audio.saturating_sub(before.0), sound.silence.saturating_sub(before.1))
    };
    let enough = |record: &Record| {
        let (heard, quiet) = counted(&record.sound);
        let quiet_enough = silence.as_ref().is_none_or(|range| quiet >= *range.start());
        (heard >= *audio.start() && quiet_enough).then_some(())
    };
    room.wait(limit, enough).await;
    let (heard, quiet) = counted(&room.now().sound);
    let mut difference = Vec::new();
    if !audio.contains(&heard) {
        difference.push(format!("frames: expected {}, heard {heard}", shown(&audio)));
    }
    if let Some(silence) = silence.filter(|range| !range.contains(&quiet)) {
        difference.push(format!("frames of silence: expected {}, heard {quiet}", shown(&silence)));
    }
    if difference.is_empty() {
        return Ok(());
    }
    Err(Failure { difference, ..Failure::assertion("the voice channel heard something else") })
}

/// A busy machine wakes us late, and a flow of frames has gone on until then. A single number is of
/// something that has ended.
fn with_late_ones(frames: RangeInclusive<u64>, late: Duration) -> RangeInclusive<u64> {
    let (least, most) = frames.into_inner();
    let more = if least == most { 0 } else { late.as_millis() as u64 / FRAME_MS };
    least..=most.saturating_add(more)
}

fn shown(range: &RangeInclusive<u64>) -> String {
    match (range.start(), range.end()) {
        (from, to) if from == to => from.to_string(),
        (from, to) => format!("{from} to {to}"),
    }
}

async fn hears_nothing(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let time = match args.optional(1) {
        Some(text) => parse_seconds(text)?,
        None => Duration::from_secs(1),
    };
    let before = world.room(player)?.now().sound.total();
    world.pass(time).await?;
    let after = world.room(player)?.now().sound.total();
    if after == before {
        return Ok(());
    }
    let mut failure = Failure::assertion("the voice channel heard something");
    failure.difference.push(format!("frames: expected none, heard {}", after - before));
    Err(failure)
}

/// From the first packet to the last one that come in that time. Time that is moved has no other
/// measure than how far. A machine that stands still for a moment changes the pace of that time; a
/// server whose pace is another one has it every time.
async fn hears_at_pace(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let (least, most): (f64, f64) = (args.number(1)?, args.number(2)?);
    let time = parse_seconds(args.text(3)?)?;
    let mut failure = Failure::assertion("the voice channel hears frames at another pace");
    let moved = world.settings()?.manual_time.is_some();
    for _ in 0..if moved { 1 } else { PACE_TRIES } {
        world.pass(Duration::ZERO).await?;
        world.room(player)?.forget_sound();
        world.pass(time).await?;
        let sound = world.room(player)?.now().sound;
        let sent = (sound.total() + sound.lost) as f64;
        let pace = match moved {
            true => sent / time.as_secs_f64(),
            false => (sent - 1.0) / sound.heard_for().as_secs_f64(),
        };
        if sent > 1.0 && (least..=most).contains(&pace) {
            return Ok(());
        }
        let line = format!("frames a second: expected {least} to {most}, heard {pace:.1} ({sent})");
        failure.difference.push(line);
    }
    Err(failure)
}

/// In order, without gaps, of the right source, and decipherable.
async fn no_faults(world: &mut World, args: Args) -> Result<(), Failure> {
    let heard = world.room(args.optional(0).unwrap_or_default())?.now().sound;
    let faults = [
        ("lost packets", heard.lost),
        ("packets out of order", heard.disordered),
        ("timestamps that are not 960 on", heard.timestamp_jumps),
        ("packets of another SSRC", heard.foreign),
        ("datagrams that cannot be read", heard.unreadable),
    ];
    let found = faults.iter().filter(|(_, count)| *count > 0);
    let difference: Vec<_> =
        found.map(|(what, count)| format!("{what}: expected 0, got {count}")).collect();
    if difference.is_empty() {
        return Ok(());
    }
    Err(Failure { difference, ..Failure::assertion("the voice channel hears badly") })
}

/// Nobody waits for the answer: there may never be one.
async fn begins_to_join(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, None, None)?;
    let body = json!({"voice": args.json(0)?}).to_string();
    world.request_unanswered("PATCH", &path, body)
}

/// The real server never answers when a voice server cannot be reached.
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

/// The real server may give up, or go on, without a word.
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

async fn closes(world: &mut World, args: Args) -> Result<(), Failure> {
    let room = world.room(args.optional(0).unwrap_or_default())?;
    room.close(args.number(1)?, args.text(2)?);
    Ok(())
}

async fn drops(world: &mut World, args: Args) -> Result<(), Failure> {
    world.room(args.optional(0).unwrap_or_default())?.drop_connections();
    Ok(())
}

/// The real server may take the new connection for the one that was reset, and end it.
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

/// The last of its kind is compared.
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

/// With "other": besides those that it has seen until now.
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

fn data_of(event: &Event, what: &str) -> Option<Value> {
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

/// There is nothing to acknowledge in the older versions, which a server may ask for.
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

/// The real server's bot sometimes comes back at once.
async fn is_empty(world: &mut World, args: Args) -> Result<(), Failure> {
    let player = args.optional(0).unwrap_or_default();
    let left = |room: &Record| (room.open == 0 || came_back(room)).then(|| came_back(room));
    let back = world.wait_in_room(player, "empty gateway", left).await?;
    world.note_quirk(COMES_BACK, back);
    Ok(())
}

/// Whether the bot has resumed after it had left with a code.
fn came_back(record: &Record) -> bool {
    let left = |event: &Event| matches!(event, Event::Left(Some(_), _));
    let after = record.events.iter().skip_while(|event| !left(event));
    after.into_iter().any(|event| data_of(event, "resume").is_some())
}

/// The real server's connection sometimes notices the end of its own closing as a break.
async fn leaving_is_told(world: &mut World, args: Args) -> Result<(), Failure> {
    let told = super::messages::receives_in_order(world, args).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_flow_goes_on_while_we_are_late() {
        let late = Duration::from_millis(59);
        assert_eq!(with_late_ones(44..=57, late), 44..=59);
        assert_eq!(with_late_ones(44..=57, Duration::from_millis(19)), 44..=57);
        assert_eq!(with_late_ones(150..=150, late), 150..=150);
    }
}
