//! Players as a whole.

use serde_json::json;

use super::answers::{check_error, check_status, compare};
use super::args::Args;
use super::requests::player_path;
use super::{Steps, steps};
use crate::failure::Failure;
use crate::json::Extent;
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps,
        r#"^a player(?: "(\w+)")?$"# => exists,
        r#"^(?:the player|player "(\w+)") contains(?: (.+)|:)$"# => contains,
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

async fn does_not_exist(world: &mut World, args: Args) -> Result<(), Failure> {
    let path = player_path(world, None, args.optional(0))?;
    world.request("GET", &path, None).await?;
    check_error(world, 404, &json!("Player not found"))
}
