//! Tracks: loaded, playing, encoded.

use std::time::Duration;

use serde_json::{Value, json};

use super::answers::check_status;
use super::args::Args;
use super::bodies::compare;
use super::ground::{Ground, LOADED, PLAYING, UNHEARD};
use super::requests::{escaped, player_path};
use super::voice::join_if_any;
use super::{DIFFERS, Steps, steps};
use crate::failure::Failure;
use crate::json::{self, Extent};
use crate::media;
use crate::track;
use crate::world::World;

pub(super) fn register(steps: &mut Steps) {
    steps!(steps, Ground::Runner,
        r#"^the media "([^"]+)" goes on$"# => goes_on,
        r#"^the media "([^"]+)" is(?: (\{.*)|:)$"# => is_made,
        r#"^an encoded track remembered as "([\w.]+)":$"# => encoded,
        r#"^the encoded track "([^"]*)" reads as(?: (.+)|:)$"# => reads_as,
    );
    steps!(steps, Ground::Rule(LOADED),
        r#"^a loaded track "([^"]+)"(?: remembered as "([\w.]+)")?$"# => loaded,
    );
    steps!(steps, Ground::Rule(PLAYING),
        r#"^a playing track "([^"]+)"$"# => playing,
    );
    steps!(steps, Ground::Rule(UNHEARD),
        r#"^a track that nobody hears "([^"]+)"$"# => unheard,
    );
}

async fn loaded(world: &mut World, args: Args) -> Result<(), Failure> {
    let encoded = load(world, args.text(0)?).await?;
    world.remember(args.optional(1).unwrap_or("track"), &encoded);
    Ok(())
}

/// How long the playerUpdates of a start are waited for; they come with it.
const UPDATE_GRACE: Duration = Duration::from_millis(300);

/// Loads a file of the media server; gives back its encoded track.
async fn load(world: &mut World, name: &str) -> Result<Value, Failure> {
    let url = format!("{}/{name}", world.variable("media")?);
    let path = format!("/v4/loadtracks?identifier={}", escaped(&url));
    world.request("GET", &path, None).await?;
    check_status(world, 200)?;
    compare(world, &json!({"loadType": "track"}), Extent::Part)?;
    let body = world.answer()?.json().unwrap_or_default();
    Ok(body["data"]["encoded"].clone())
}

/// Some servers start no track before there is somebody to hear it.
async fn playing(world: &mut World, args: Args) -> Result<(), Failure> {
    join_if_any(world, None).await?;
    play(world, None, args.text(0)?).await
}

async fn unheard(world: &mut World, args: Args) -> Result<(), Failure> {
    play(world, None, args.text(0)?).await
}

/// Plays a file of the media server; what comes with the start has been read then.
pub(super) async fn play(
    world: &mut World,
    player: Option<&str>,
    name: &str,
) -> Result<(), Failure> {
    let encoded = load(world, name).await?;
    world.remember("track", &encoded);
    let path = player_path(world, None, player)?;
    let body = json!({"track": {"encoded": encoded}});
    world.request("PATCH", &path, Some(body.to_string())).await?;
    check_status(world, 200)?;
    // The start and two updates come at once, in an order that may vary. Whether the updates come
    // is another rule's business, and the real server has sent one only: once in 2 of 8 whole runs.
    let budgets = &world.settings()?.budgets;
    let (limit, grace) = (budgets.message_limit(), budgets.grace(UPDATE_GRACE));
    let client = world.client("A")?;
    let from = client.cursor();
    let (mut last, _) = client.find("TrackStartEvent", from, limit).await?;
    let mut next_update = from;
    for _ in 0..2 {
        let Ok((at, _)) = client.find("playerUpdate", next_update, grace).await else { break };
        last = last.max(at);
        next_update = at + 1;
    }
    client.set_cursor(last + 1);
    Ok(())
}

/// Media that hangs is told to go on.
async fn goes_on(world: &mut World, args: Args) -> Result<(), Failure> {
    let url = format!("{}/{}", world.variable("media")?, args.text(0)?);
    let told = media::go_on(&url).await;
    told.map_err(|why| Failure::harness(format!("the media server does not go on: {why}")))
}

async fn is_made(world: &mut World, args: Args) -> Result<(), Failure> {
    let url = format!("{}/{}", world.variable("media")?, args.text(0)?);
    let told = media::put(&url, &args.json(1)?).await;
    told.map_err(|error| Failure::harness(format!("the media cannot be made: {error}")))
}

async fn encoded(world: &mut World, args: Args) -> Result<(), Failure> {
    let encoded = track::write(&args.json(1)?)?;
    world.remember(args.text(0)?, &json!(encoded));
    Ok(())
}

async fn reads_as(world: &mut World, args: Args) -> Result<(), Failure> {
    let encoded = args.text(0)?;
    let track = track::read(encoded)
        .map_err(|why| Failure::assertion(format!("the encoded track cannot be read: {why}")))?;
    let difference =
        json::differences(&args.json(1)?, &track, Extent::Part, world.target_now_ms())?;
    if difference.is_empty() {
        return Ok(());
    }
    world.timeline().push("note", "the encoded track reads as", Some(json::pretty(&track)));
    Err(Failure { difference, ..Failure::assertion(format!("the encoded track {DIFFERS}")) })
}
