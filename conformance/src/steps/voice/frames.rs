//! The frames that a voice channel hears: how many, at what pace, with which faults.

use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::time::Instant;

use crate::discord::{Record, Sound};
use crate::failure::Failure;
use crate::steps::args::Args;
use crate::steps::ground::{Ground, HEARD};
use crate::steps::{Steps, parse_seconds, steps};
use crate::world::World;

/// How often a pace is measured, unless it is the right one earlier.
const PACE_TRIES: usize = 3;

/// The length of a frame, ms.
const FRAME_MS: u64 = 20;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(HEARD),
        r#"^the voice channel(?: of player "(\w+)")? hears (\d+)(?: to (\d+))?( more)? frames(?: and (\d+)(?: to (\d+))? of silence)?(?: within (\S+) seconds)?$"# => hears,
        r#"^the voice channel(?: of player "(\w+)")? hears every frame(?: from (\S+))? up to (\S+) ms(?: within (\S+) seconds)?$"# => hears_every,
        r#"^the voice channel(?: of player "(\w+)")? hears nothing(?: for (\S+) seconds)?$"# => hears_nothing,
        r#"^the voice channel(?: of player "(\w+)")? hears (\S+) to (\S+) frames a second for (\S+) seconds$"# => hears_at_pace,
        r#"^the voice channel(?: of player "(\w+)")? hears no faults$"# => no_faults,
    );
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

/// A frame is 20 ms long, and the first one is at 0 ms.
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

/// The range that two arguments give; if the second is missing, it holds one number.
fn range(args: &Args, least: usize, most: usize) -> Result<Option<RangeInclusive<u64>>, Failure> {
    if args.optional(least).is_none() {
        return Ok(None);
    }
    let from: u64 = args.number(least)?;
    let to = args.optional(most).map_or(Ok(from), |_| args.number(most))?;
    Ok(Some(from..=to))
}

/// Holds if the channel has heard so many frames of audio and silence once the time `within` has
/// passed; the frames `before` do not count.
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

/// The range with the frames of the time by which a busy machine woke the runner late: the flow of
/// frames has gone on until then. A range of one number is about something that has ended.
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

/// The pace is that from the first packet to the last that come in the time; if time is moved, the
/// only measure is how far. A machine that stands still for a moment changes the pace once; a server
/// that has another pace has it at every try.
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

/// Holds if the packets came in order, without gaps, from the right source, and can be deciphered.
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
