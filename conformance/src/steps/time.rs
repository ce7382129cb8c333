//! Time passes.

use std::time::Duration;

use super::args::Args;
use super::ground::Ground;
use super::{STEP_LIMIT, Steps, parse_seconds, steps};
use crate::failure::Failure;
use crate::world::World;

const MINUTE_MS: f64 = 60_000.0;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Runner,
        r#"^(\S+) seconds pass$"# => passes,
        r#"^the clock is (\d+) seconds past the minute$"# => past_the_minute,
    );
}

/// It is not scaled, as it is about the target's own timers.
async fn passes(world: &mut World, args: Args) -> Result<(), Failure> {
    let pause = parse_seconds(args.text(0)?)?;
    let moved = world.settings()?.manual_time.is_some();
    if pause > STEP_LIMIT && !moved {
        let message = format!("a step cannot take longer than {STEP_LIMIT:?}");
        return Err(Failure::harness(message));
    }
    world.pass(pause).await
}

/// Waits until it is, up to a minute.
async fn past_the_minute(world: &mut World, args: Args) -> Result<(), Failure> {
    let wanted = args.number::<f64>(0)? * 1000.0;
    let wait = (wanted - world.target_now_ms()).rem_euclid(MINUTE_MS);
    world.pass(Duration::from_secs_f64(wait / 1000.0)).await
}
