//! What players cost: the share of a core and the memory of each, while all of them play music in
//! real time to a voice server on this machine, encryption and UDP included; and with `sustain`,
//! how many of them one core keeps up with.
//!
//! `cargo bench -p lavalink-benches --bench players [-- sustain]`; Linux only, as it reads
//! /proc and uses `taskset`.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the machine's time is measured"
)]

mod process;
mod track;
#[path = "../../tests/support/voice.rs"]
mod voice;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use process::Process;
use tokio::runtime::{self, Runtime};
use voice::{Heard, VoiceServer};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How long players run before they are measured: the first seconds are decoded ahead.
const WARM_UP: Duration = Duration::from_secs(8);

/// How long they are measured.
const MEASURED: Duration = Duration::from_secs(10);

/// More than one core keeps up with, and how closely to that it is looked.
const MANY: u32 = 480;
const CLOSELY: u32 = 20;

const FILTERS: &str = r#"{"equalizer":[{"band":8,"gain":0.2}],"timescale":{"speed":1.1},"rotation":{"rotationHz":0.5}}"#;

/// What is measured.
struct Setting {
    /// `opusEncodingQuality`.
    quality: u8,
    players: u32,
    filters: &'static str,
}

fn main() -> Result<ExitCode> {
    let mut words = std::env::args_os().skip(1).peekable();
    if words.peek().is_some_and(|word| word == process::SERVER) {
        return Ok(Runtime::new()?.block_on(lavalink_reference_server::program(words)));
    }
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure())?;
    Ok(ExitCode::SUCCESS)
}

async fn measure() -> Result<()> {
    // Otherwise it is a test run, which only has to show that this compiles.
    if !std::env::args().any(|word| word == "--bench") {
        return Ok(());
    }
    let track = track::of_minutes(3)?;
    let voice = VoiceServer::start().await?;
    if std::env::args().any(|word| word == "sustain") {
        for quality in [10, 0] {
            let most = sustained(quality, track.path(), &voice).await?;
            println!("one core at quality {quality}: {most} players");
        }
        return Ok(());
    }
    println!("quality  players  filters  % of a core a player  MiB a player");
    for (quality, players, filters) in
        [(10, 10, "{}"), (10, 30, "{}"), (10, 30, FILTERS), (0, 30, "{}")]
    {
        let setting = Setting { quality, players, filters };
        let (share, memory) = cost(&setting, track.path(), &voice).await?;
        let named = if filters == "{}" { "none" } else { "three" };
        println!("{quality:>7}  {players:>7}  {named:>7}  {share:>20.2}  {memory:>12.2}");
    }
    Ok(())
}

/// Percent of a core, and MiB, a player.
async fn cost(setting: &Setting, track: &Path, voice: &VoiceServer) -> Result<(f64, f64)> {
    let process = Process::start(setting.quality, voice.authority(), None).await?;
    let before = process.memory()?;
    let _session = process.play(setting, track, voice.endpoint()).await?;
    tokio::time::sleep(WARM_UP).await;
    let began = voice.heard();
    let (used, took) = process.use_during(MEASURED).await?;
    let memory = (process.memory()? - before) / f64::from(setting.players);
    let heard = voice.heard().since(&began);
    if !heard.is_sound(setting.players, took) {
        return Err(format!("the players could not be heard all the time: {heard:?}").into());
    }
    Ok((100.0 * used / took.as_secs_f64() / f64::from(setting.players), memory))
}

/// The most players that all get their 50 frames of sound a second from one core.
async fn sustained(quality: u8, track: &Path, voice: &VoiceServer) -> Result<u32> {
    let (mut enough, mut too_many) = (0, MANY);
    while too_many - enough > CLOSELY {
        let players = u32::midpoint(enough, too_many);
        let setting = Setting { quality, players, filters: "{}" };
        let heard = listen(&setting, track, voice).await?;
        println!("{players} players: {heard:?}");
        match heard.is_sound(players, MEASURED) {
            true => enough = players,
            false => too_many = players,
        }
    }
    Ok(enough)
}

async fn listen(setting: &Setting, track: &Path, voice: &VoiceServer) -> Result<Heard> {
    let process = Process::start(setting.quality, voice.authority(), Some(0)).await?;
    let _session = process.play(setting, track, voice.endpoint()).await?;
    tokio::time::sleep(WARM_UP).await;
    let began = voice.heard();
    tokio::time::sleep(MEASURED).await;
    Ok(voice.heard().since(&began))
}
