//! What is heard in a voice channel: levels, tones, swings.

use std::sync::Arc;
use std::time::Duration;

use super::args::Args;
use super::ground::{Ground, HEARD};
use super::{Steps, parse_seconds, steps};
use crate::discord::{Record, Sound};
use crate::failure::Failure;
use crate::recording::{Recording, Side, Swing};
use crate::world::World;

/// Of each recording that much is left out: the decoder begins in the middle of a stream.
const BEGINNING: Duration = Duration::from_millis(200);

/// Samples of a channel in that time.
const BEGINNING_SAMPLES: usize = 9600;

/// How much longer it may take until so much is heard without a break. Players stutter when they
/// begin (docs/observed/playback.md#packets).
const PATIENCE: Duration = Duration::from_secs(3);

/// How long until it is looked at again.
const PIECE: Duration = Duration::from_millis(100);

const FRAME: Duration = Duration::from_millis(20);

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(HEARD),
        r#"^the client listens for (\S+) seconds$"# => listens,
        r#"^the (?:(left|right) )?tone of (\d+) Hz is at (\S+) to (\S+) dB$"# => tone_between,
        r#"^the (?:(left|right) )?tone of (\d+) Hz is below (\S+) dB$"# => tone_below,
        r#"^besides (\d+) Hz nothing is above (\S+) dB$"# => besides,
        r#"^the (?:(left|right) )?pitch is (\S+) to (\S+) Hz$"# => pitch,
        r#"^the (?:(left|right) )?level swings (\S+) to (\S+) times a second, from (\S+) to (\S+) up to (\S+) to (\S+)$"# => level_swings,
        r#"^the pitch of (\d+) Hz swings (\S+) to (\S+) times a second by (\S+) to (\S+) Hz$"# => pitch_swings,
        r#"^left and right swing against each other$"# => against,
    );
}

/// From now on, until so much was heard without a break.
async fn listens(world: &mut World, args: Args) -> Result<(), Failure> {
    let time = parse_seconds(args.text(0)?)? + BEGINNING;
    let frames = time.div_duration_f64(FRAME) as usize;
    world.pass(Duration::ZERO).await?;
    world.room("")?.forget_sound();
    if world.settings()?.manual_time.is_none() {
        // It begins when there is something to hear.
        let limit = world.settings()?.budgets.message_limit();
        let begun = |record: &Record| (record.sound.audio > 0).then_some(());
        world.room("")?.wait(limit, begun).await;
    }
    world.pass(time).await?;
    let mut left = world.settings()?.budgets.limit_for(PATIENCE);
    while world.room("")?.now().sound.in_a_row() < frames {
        if left.is_zero() {
            return Err(nothing_whole(&world.room("")?.now().sound, time));
        }
        world.pass(PIECE).await?;
        left = left.saturating_sub(PIECE);
    }
    let sound = world.room("")?.now().sound;
    let decoded = aside(move || {
        let samples = sound.decode(frames)?;
        Ok::<_, opus_pure::Error>(Recording::new(&samples, BEGINNING_SAMPLES))
    });
    let recording = decoded
        .await?
        .map_err(|error| Failure::assertion(format!("a frame is no Opus: {error}")))?;
    let heard = format!("{:.2} s were heard", recording.length());
    world.timeline().push("voice", heard, None);
    world.recording = Arc::new(recording);
    Ok(())
}

/// Work that takes longer than the other scenarios should wait.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Failure::harness(format!("what was heard cannot be looked at: {error}")))
}

fn nothing_whole(sound: &Sound, time: Duration) -> Failure {
    let mut failure = Failure::late(format!("the voice channel hears no {time:?} without a break"));
    failure.difference.push(format!(
        "heard: {} frames of sound, {} of silence, {} lost, {} out of order",
        sound.audio, sound.silence, sound.lost, sound.disordered
    ));
    failure
}

/// Left and right, or the one that is named.
fn sides(args: &Args) -> &'static [Side] {
    match args.optional(0) {
        Some("left") => &[Side::Left],
        Some(_) => &[Side::Right],
        None => &[Side::Left, Side::Right],
    }
}

async fn tone_between(world: &mut World, args: Args) -> Result<(), Failure> {
    let frequency: f64 = args.number(1)?;
    let (least, most) = (args.number(2)?, args.number(3)?);
    for side in sides(&args) {
        let level = world.recording.tone(*side, frequency);
        within(world, &format!("{side:?}, tone of {frequency} Hz, dB"), level, least, most)?;
    }
    Ok(())
}

async fn tone_below(world: &mut World, args: Args) -> Result<(), Failure> {
    let frequency: f64 = args.number(1)?;
    let most = args.number(2)?;
    for side in sides(&args) {
        let level = world.recording.tone(*side, frequency);
        let what = format!("{side:?}, tone of {frequency} Hz, dB");
        within(world, &what, level, f64::NEG_INFINITY, most)?;
    }
    Ok(())
}

async fn besides(world: &mut World, args: Args) -> Result<(), Failure> {
    let frequency: f64 = args.number(0)?;
    let most = args.number(1)?;
    for side in [Side::Left, Side::Right] {
        let level = world.recording.besides(side, frequency);
        let what = format!("{side:?}, besides {frequency} Hz, dB");
        within(world, &what, level, f64::NEG_INFINITY, most)?;
    }
    Ok(())
}

async fn pitch(world: &mut World, args: Args) -> Result<(), Failure> {
    let (least, most) = (args.number(1)?, args.number(2)?);
    for side in sides(&args) {
        let recording = Arc::clone(&world.recording);
        let pitch = aside(move || recording.pitch(*side)).await?;
        within(world, &format!("{side:?}, pitch, Hz"), pitch, least, most)?;
    }
    Ok(())
}

async fn level_swings(world: &mut World, args: Args) -> Result<(), Failure> {
    for side in sides(&args) {
        let recording = Arc::clone(&world.recording);
        let swing = aside(move || recording.level_swing(*side)).await?;
        let of = |what: &str| format!("{side:?}, {what}");
        within(world, &of("swings a second"), swing.frequency, args.number(1)?, args.number(2)?)?;
        within(world, &of("lowest level"), swing.least, args.number(3)?, args.number(4)?)?;
        within(world, &of("highest level"), swing.most, args.number(5)?, args.number(6)?)?;
    }
    Ok(())
}

async fn pitch_swings(world: &mut World, args: Args) -> Result<(), Failure> {
    let frequency: f64 = args.number(0)?;
    let recording = Arc::clone(&world.recording);
    let Swing { frequency: often, least, most } =
        aside(move || recording.pitch_swing(Side::Left, frequency)).await?;
    within(world, "swings a second", often, args.number(1)?, args.number(2)?)?;
    let (low, high) = (args.number(3)?, args.number(4)?);
    within(world, "Hz above", most, low, high)?;
    within(world, "Hz below", -least, low, high)
}

async fn against(world: &mut World, _: Args) -> Result<(), Failure> {
    let togetherness = world.recording.togetherness();
    within(world, "left with right (1), or against it (-1)", togetherness, -1.0, -0.7)
}

fn within(world: &World, what: &str, seen: f64, least: f64, most: f64) -> Result<(), Failure> {
    world.timeline().push("voice", format!("{what}: {seen:.2}"), None);
    if (least..=most).contains(&seen) {
        return Ok(());
    }
    let mut failure = Failure::assertion("something else is heard");
    let range = if least == f64::NEG_INFINITY {
        format!("below {most}")
    } else {
        format!("{least} to {most}")
    };
    failure.difference.push(format!("{what}: expected {range}, heard {seen:.2}"));
    Err(failure)
}
