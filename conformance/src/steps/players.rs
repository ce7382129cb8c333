//! Players as a whole.

use std::time::Duration;

use tokio::time::Instant;

use super::answers::check_status;
use super::args::Args;
use super::bodies::compare;
use super::ground::{Ground, PLAYER};
use super::requests::player_path;
use super::{Steps, steps};
use crate::failure::Failure;
use crate::json::Extent;
use crate::world::World;

/// Between two looks at a player.
const POLL_PAUSE: Duration = Duration::from_millis(20);

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Rule(PLAYER),
        r#"^a player(?: "(\w+)")?$"# => exists,
        r#"^(?:the player|player "(\w+)") contains(?: (.+)|:)$"# => contains,
        r#"^(?:the player|player "(\w+)") comes to contain(?: (.+)|:)$"# => comes_to_contain,
        r#"^(?:the player|player "(\w+)") does not exist$"# => does_not_exist,
    );
}

async fn exists(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, None, args.optional(0))?;
    world.request("PATCH", &path, Some("{}".to_owned())).await?;
    check_status(world, 200)
}

async fn contains(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, None, args.optional(0))?;
    world.request("GET", &path, None).await?;
    check_status(world, 200)?;
    compare(world, &args.json(1)?, Extent::Part)
}

/// For what the target learns from others.
async fn comes_to_contain(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, None, args.optional(0))?;
    let expected = args.json(1)?;
    let deadline = Instant::now() + world.settings()?.budgets.message_limit();
    loop {
        world.request("GET", &path, None).await?;
        check_status(world, 200)?;
        match compare(world, &expected, Extent::Part) {
            Err(_) if Instant::now() < deadline => tokio::time::sleep(POLL_PAUSE).await,
            result => return result,
        }
    }
}

async fn does_not_exist(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, None, args.optional(0))?;
    world.request("GET", &path, None).await?;
    check_status(world, 404)
}
