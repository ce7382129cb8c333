//! Sends what was sent to a real Lavalink 4.2.2 to this server, at the same moments of manual time,
//! and compares
//! status, media type, `Allow`, body, and the events of every socket.
//!
//! `cargo test -p lavalink-reference-server --test replay -- --nocapture` prints the agreement.
#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]

mod compare;
mod known;
mod peer;
mod recording;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use compare::differences;
use known::Known;
use peer::Peer;
use recording::Recording;
use serde_json::Value;
use tokio::sync::oneshot;

/// Where the recorded server had its media.
const RECORDED_MEDIA: &str = "/srv/fixtures";

#[derive(Default)]
struct Tally {
    exchanges: usize,
    agreed: usize,
    differing: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_as_the_recorded_server_did() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    // As long as the recorded folder, so that encoded tracks keep their lengths.
    let media = tempfile::Builder::new().prefix("llr-").rand_bytes(4).tempdir_in("/tmp").unwrap();
    write_media(&fixtures, media.path());
    let recordings = Recording::read_all(
        &fixtures.join("recordings/rest"),
        RECORDED_MEDIA,
        media.path().to_str().unwrap(),
    );

    let runs = recordings.into_iter().map(|recording| tokio::spawn(replay(recording)));
    let mut tally = Tally::default();
    for run in runs.collect::<Vec<_>>() {
        let one = run.await.unwrap();
        tally.exchanges += one.exchanges;
        tally.agreed += one.agreed;
        tally.differing.extend(one.differing);
    }

    let mut known = Known::all();
    tally.differing.retain(|difference| !known.covers(difference));
    println!(
        "{} exchanges replayed: {} agree, {} differ for a stated reason, {} differ",
        tally.exchanges,
        tally.agreed,
        tally.exchanges - tally.agreed - tally.differing.len(),
        tally.differing.len(),
    );
    assert!(tally.exchanges > 150, "the recordings are gone: {} exchanges", tally.exchanges);
    assert!(tally.differing.is_empty(), "{}", tally.differing.join("\n"));
    let stale = known.unused();
    assert!(stale.is_empty(), "no longer differing, remove from known.rs: {stale:?}");
}

/// One recording against a server of its own.
async fn replay(recording: Recording) -> Tally {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let config = "lavalink: {server: {sources: {local: true, http: true}}}\n\
                  metrics: {prometheus: {enabled: true}}\n\
                  reference-server: {clock: manual, control: {token: replay}}\n";
    let server = tokio::spawn(lavalink_reference_server::run(listener, config, async {
        stopped.await.ok();
    }));

    let mut tally = Tally::default();
    let mut peer = Peer::new(address);
    let mut recorded_messages: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for (index, entry) in recording.timeline.iter().enumerate() {
        let name = format!("{}[{index}]", recording.experiment);
        match entry.kind.as_str() {
            "http" => {
                peer.pass_until(entry.t).await;
                let seen = peer.send(entry).await;
                tally.note(
                    &format!("{name} {} {}", entry.method, entry.path),
                    seen.differences(entry),
                );
            }
            "ws-handshake" => {
                peer.pass_until(entry.t).await;
                let found = peer.open(entry).await;
                tally.note(&format!("{name} handshake {}", entry.socket), found);
            }
            "ws" => {
                if entry.message["op"] == "ready" {
                    peer.learn_session(entry).await;
                }
                recorded_messages.entry(&entry.socket).or_default().push(&entry.message);
            }
            "ws-closed" => {
                peer.pass_until(entry.t).await;
                match entry.code {
                    None | Some(1000) => peer.close(&entry.socket).await,
                    Some(1006) => peer.abort(&entry.socket).await,
                    Some(code) => {
                        let found = peer.closed_with(&entry.socket, code).await;
                        tally.note(&format!("{name} close {}", entry.socket), found);
                    }
                }
            }
            "note" => {}
            other => panic!("{name}: unknown kind {other}"),
        }
    }
    peer.settle().await;
    for (socket, recorded) in recorded_messages {
        let seen = peer.messages(socket).await;
        let name = format!("{} messages {socket}", recording.experiment);
        let recorded: Vec<_> = recorded.into_iter().map(|m| peer.translated(m)).collect();
        tally.note(&name, compare_messages(&recorded, &seen));
    }
    drop(stop);
    server.await.unwrap().unwrap();
    tally
}

impl Tally {
    fn note(&mut self, name: &str, found: Vec<String>) {
        self.exchanges += 1;
        if found.is_empty() {
            self.agreed += 1;
        } else {
            self.differing.push(format!("{name}: {}", found.join("; ")));
        }
    }
}

/// Events in order with their bodies; of playerUpdates only how many there were for each guild, as
/// they race with the events; of stats how many there were, but for the first one, which a client
/// that leaves at once does not see.
fn compare_messages(recorded: &[Value], seen: &[Value]) -> Vec<String> {
    let events = |messages: &[Value]| -> Vec<Value> {
        messages.iter().filter(|m| m["op"] == "event" || m["op"] == "ready").cloned().collect()
    };
    let updates = |messages: &[Value]| {
        let mut counts = BTreeMap::<String, usize>::new();
        for message in messages.iter().filter(|m| m["op"] == "playerUpdate") {
            *counts.entry(message["guildId"].as_str().unwrap_or("?").to_owned()).or_default() += 1;
        }
        counts
    };
    let mut found = differences(&Value::Array(events(recorded)), &Value::Array(events(seen)));
    if updates(recorded) != updates(seen) {
        found.push(format!("playerUpdates {:?}, recorded {:?}", updates(seen), updates(recorded)));
    }
    let stats = |messages: &[Value]| messages.iter().filter(|m| m["op"] == "stats").count().max(1);
    if stats(recorded) != stats(seen) {
        found.push(format!("{} stats, recorded {}", stats(seen), stats(recorded)));
    }
    found
}

fn write_media(fixtures: &Path, folder: &Path) {
    for (name, seconds) in [("sine440_30s.wav", 30), ("sine1k_3s.wav", 3)] {
        write_silent_wav(&folder.join(name), seconds);
    }
    for name in ["tone_5s.mp3", "sweep_120s.flac"] {
        let from: PathBuf = fixtures.join("recordings/media").join(name);
        std::fs::copy(&from, folder.join(name))
            .unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
}

/// 48 kHz stereo s16: a header and a hole, as only the length matters here.
fn write_silent_wav(path: &Path, seconds: u32) {
    let data = seconds * 48_000 * 4;
    let mut header = Vec::with_capacity(44);
    header.extend(b"RIFF");
    header.extend((36 + data).to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(16u32.to_le_bytes());
    header.extend(1u16.to_le_bytes());
    header.extend(2u16.to_le_bytes());
    header.extend(48_000u32.to_le_bytes());
    header.extend(192_000u32.to_le_bytes());
    header.extend(4u16.to_le_bytes());
    header.extend(16u16.to_le_bytes());
    header.extend(b"data");
    header.extend(data.to_le_bytes());
    std::fs::write(path, &header).unwrap();
    std::fs::OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(44 + u64::from(data))
        .unwrap();
}
