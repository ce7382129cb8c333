//! What players cost: the share of a core and the memory of each, while all of them play a
//! generated track in real time to nobody (`--simulate-voice`: all but encryption and UDP).
//!
//! `cargo bench -p lavalink-reference-server --bench players -- [SECONDS]`; Linux only, as it reads
//! /proc.

use std::error::Error;
use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use futures::StreamExt;
use lavalink_reference_server::config::{Config, SourceSwitches};
use lavalink_reference_server::serve;
use serde_json::json;
use tokio::sync::oneshot;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Ticks of /proc in a second, which Linux fixes at 100 for programs.
const TICKS: f64 = 100.0;

/// What a page of memory has, KiB.
const PAGE_KIB: f64 = 4.0;

/// How long players run before they are measured: the first seconds are decoded ahead.
const WARM_UP: Duration = Duration::from_secs(8);

const FILTERS: &str = r#"{"equalizer":[{"band":8,"gain":0.2}],"timescale":{"speed":1.1},"rotation":{"rotationHz":0.5}}"#;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let asked = std::env::args().skip(1).find_map(|word| word.parse().ok());
    let measured = Duration::from_secs(asked.unwrap_or(10));
    // Otherwise it is a test run, which only has to show that this works.
    let benches = std::env::args().any(|word| word == "--bench");
    if !benches {
        return Ok(());
    }
    println!("quality  players  filters  % of a core a player  MiB a player");
    for (quality, players, filters) in
        [(10, 10, "{}"), (10, 30, "{}"), (10, 10, FILTERS), (0, 30, "{}")]
    {
        let (share, memory) = measure(quality, players, filters, measured).await?;
        let named = if filters == "{}" { "none" } else { "three" };
        println!("{quality:>7}  {players:>7}  {named:>7}  {share:>20.2}  {memory:>12.2}");
    }
    Ok(())
}

async fn measure(
    quality: u8,
    players: u64,
    filters: &str,
    measured: Duration,
) -> Result<(f64, f64), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let config = Config {
        simulate_voice: true,
        opus_encoding_quality: quality,
        sources: SourceSwitches { local: true, http: false, youtube: false },
        ..Config::default()
    };
    let (end, ended) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let ended = async {
            // Told or forgotten, it ends.
            let _ = ended.await;
        };
        serve(listener, config, ended).await
    });
    let track = noise(120)?;
    let mut request = format!("ws://{address}/v4/websocket").into_client_request()?;
    request.headers_mut().insert("Authorization", "youshallnotpass".parse()?);
    request.headers_mut().insert("User-Id", "1".parse()?);
    let (mut socket, _) = connect_async(request).await?;
    let ready: serde_json::Value = loop {
        let message = socket.next().await.ok_or("no ready")??;
        let message: serde_json::Value = serde_json::from_str(message.to_text()?)?;
        if message["op"] == "ready" {
            break message;
        }
    };
    let session = ready["sessionId"].as_str().ok_or("no session id")?.to_owned();
    let reading = tokio::spawn(async move { while socket.next().await.is_some() {} });
    // Another run in this process may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let before = memory_kib()?;
    for guild in 1..=players {
        let filters: serde_json::Value = serde_json::from_str(filters)?;
        let body = json!({
            "voice": {"token": "t", "endpoint": "nowhere:1", "sessionId": "s", "channelId": "1"},
            "filters": filters,
            "track": {"identifier": track.path()},
        });
        let url = format!("http://{address}/v4/sessions/{session}/players/{guild}");
        let request = client.patch(url).header("Authorization", "youshallnotpass");
        let request = request.header("Content-Type", "application/json").body(body.to_string());
        request.send().await?.error_for_status()?;
    }
    tokio::time::sleep(WARM_UP).await;
    let (began, ticks) = (std::time::Instant::now(), cpu_ticks()?);
    tokio::time::sleep(measured).await;
    let used = (cpu_ticks()? - ticks) / TICKS;
    let share = 100.0 * used / began.elapsed().as_secs_f64() / players as f64;
    let memory = (memory_kib()? - before) / 1024.0 / players as f64;
    // The server may be gone already.
    let _ = end.send(());
    serving.await??;
    reading.abort();
    Ok((share, memory))
}

/// White noise, the hardest for an encoder: 48 kHz, stereo, 16 bits.
fn noise(seconds: u32) -> std::io::Result<tempfile::NamedTempFile> {
    let data = seconds * 192_000;
    let mut file = tempfile::Builder::new().suffix(".wav").tempfile()?;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    bytes.extend(48_000_u32.to_le_bytes());
    bytes.extend(192_000_u32.to_le_bytes());
    bytes.extend(b"\x04\0\x10\0data");
    bytes.extend(data.to_le_bytes());
    let mut state = 0x1234_5678_u32;
    for _ in 0..data / 2 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend((((state >> 16) as i16) / 4).to_le_bytes());
    }
    file.write_all(&bytes)?;
    Ok(file)
}

/// Processor time of this process so far.
fn cpu_ticks() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // What comes after the name in parentheses begins with field 3.
    let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3).and_then(|text| text.parse::<f64>().ok());
    Ok(field(14).ok_or("no utime")? + field(15).ok_or("no stime")?)
}

fn memory_kib() -> Result<f64, Box<dyn Error>> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
    Ok(pages.ok_or("no resident size")? * PAGE_KIB)
}
