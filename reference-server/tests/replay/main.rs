//! Sends what was sent to a real Lavalink 4.2.2 to this server, at the same moments of manual time,
//! and compares status, media type, `Allow`, body, the events of every socket, what a voice server
//! was told and how many frames it heard.
//!
//! `cargo test -p lavalink-reference-server --test replay -- --nocapture` prints the agreement.
#![expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests run in the machine's time"
)]

mod compare;
mod known;
mod media;
mod peer;
mod recording;
mod socket;
mod spoken;
#[path = "../support/voice.rs"]
mod voice;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;

use compare::differences;
use futures::stream::{self, StreamExt as _};
use known::Known;
use peer::Peer;
use recording::Recording;
use serde_json::{Value, json};
use spoken::Spoken;
use tokio::sync::oneshot;
use voice::VoiceServer;

/// Seconds after which frames of silence have been sent that were being sent.
const SETTLED: f64 = 0.1;

/// What a client says before it is connected: identify, select protocol, resume.
const HANDSHAKE: [u64; 3] = [0, 1, 7];

#[derive(Default)]
struct Tally {
    exchanges: usize,
    /// What did not agree, and in what.
    differing: Vec<(String, Vec<String>)>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_as_the_recorded_server_did() {
    let known = Known::of_rest();
    let tally = replay_all("rest", "/srv/fixtures", &known).await;
    assert!(tally.exchanges > 350, "recordings are gone: {} exchanges", tally.exchanges);
    tally.judge(known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn plays_as_the_recorded_server_did() {
    let known = Known::of_voice();
    // The one mostly waits, the other mostly works.
    let voice = replay_all("voice", "/srv/fixtures", &known);
    let (mut tally, playback) = tokio::join!(voice, replay_all("playback", "/srv/media", &known));
    tally.add(playback);
    assert!(tally.exchanges > 500, "recordings are gone: {} exchanges", tally.exchanges);
    tally.judge(known);
}

/// Every recording of a folder, some side by side; the recorded server had its media in another.
/// Voice goes over real sockets, so on a starved machine one may differ by packets that came late or
/// got lost: it is replayed again by itself, and that counts.
async fn replay_all(folder: &str, recorded_media: &str, known: &Known) -> Tally {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    // As long as the recorded folder, so that encoded tracks keep their lengths.
    let random = recorded_media.len() - "/tmp/".len();
    let media = tempfile::Builder::new().prefix("").rand_bytes(random).tempdir_in("/tmp").unwrap();
    media::write_to(media.path(), &fixtures);
    let read_all = || {
        let folder = fixtures.join("recordings").join(folder);
        Recording::read_all(&folder, recorded_media, media.path().to_str().unwrap())
    };

    // All at once would keep each other from settling in time; a few have pauses in which others work.
    let at_once = 2 * std::thread::available_parallelism().map_or(1, usize::from);
    let runs = read_all().into_iter().map(|recording| async {
        let experiment = recording.experiment.clone();
        let run = tokio::spawn(replay(recording)).await;
        (run.unwrap_or_else(|error| panic!("{experiment}: {error}")), experiment)
    });
    let mut runs = stream::iter(runs).buffer_unordered(at_once);
    let (mut tally, mut again) = (Tally::default(), Vec::new());
    while let Some((run, experiment)) = runs.next().await {
        if run.is_explained_by(known) {
            tally.add(run);
        } else {
            again.push(experiment);
        }
    }
    for recording in read_all().into_iter().filter(|one| again.contains(&one.experiment)) {
        println!("{} again, by itself", recording.experiment);
        tally.add(replay(recording).await);
    }
    tally
}

/// One recording against a server of its own.
async fn replay(recording: Recording) -> Tally {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let voice = VoiceServer::start().await.unwrap();
    let authority = voice.authority().display();
    let config = format!(
        "lavalink: {{server: {{opusEncodingQuality: 0, sources: {{local: true, http: true}}}}}}\n\
         metrics: {{prometheus: {{enabled: true}}}}\n\
         reference-server: {{clock: manual, control: {{token: replay}}, voice: {{ca: '{authority}'}}}}\n",
    );
    let server = tokio::spawn(async move {
        let stopped = async {
            stopped.await.ok();
        };
        lavalink_reference_server::run(listener, &config, stopped).await
    });

    let mut tally = Tally::default();
    let mut peer = Peer::new(address);
    if let Some(began) = recording.epoch_ms {
        peer.set_out(began).await;
    }
    if let Some(cleanup) = recording.cleanup() {
        peer.set_out_before_cleanup(cleanup).await;
    }
    for endpoint in recording.voice_servers() {
        peer.learn(endpoint, voice.endpoint());
    }
    let mut spoken = Spoken::default();
    let mut events = BTreeMap::<&str, usize>::new();
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
                peer.pass_until(entry.t).await;
                if entry.message["op"] == "ready" {
                    peer.learn_session(entry).await;
                }
                *events.entry(&entry.socket).or_default() +=
                    usize::from(entry.message["op"] == "event");
                let count = events[entry.socket.as_str()];
                if entry.message["type"] == "WebSocketClosedEvent" {
                    peer.has_events(&entry.socket, count).await;
                } else if entry.message["reason"] == "finished" {
                    peer.catch_up(&entry.socket, count).await;
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
            "voice" => {
                spoken.note(entry);
                // On a busy machine a handshake takes longer than the server waits before time moves.
                if entry.event == "client op" && HANDSHAKE.contains(&entry.op) {
                    peer.pass_until(entry.t).await;
                    spoken.caught_up(&voice, Some(entry.op)).await;
                }
                if let Some(packets) = entry.frames {
                    peer.pass_until(entry.t + SETTLED).await;
                    let found = spoken.heard(&voice, packets, entry.silence).await;
                    tally.note(&format!("{name} {}", entry.event), found);
                }
            }
            "note" => {
                if let Some(close) =
                    entry.text.strip_prefix("voice server closes the gateway with ")
                {
                    let (code, reason) = close.split_once(' ').unwrap_or((close, "because"));
                    peer.pass_until(entry.t).await;
                    voice.close_last(code.parse().unwrap(), reason).await;
                }
            }
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
    if !spoken.is_empty() {
        spoken.caught_up(&voice, None).await;
        tally.note(&format!("{} voice", recording.experiment), spoken.differences(&voice.said()));
    }
    drop(stop);
    server.await.unwrap().unwrap();
    tally
}

impl Tally {
    fn note(&mut self, name: &str, found: Vec<String>) {
        self.exchanges += 1;
        if !found.is_empty() {
            self.differing.push((name.to_owned(), found));
        }
    }

    fn add(&mut self, other: Self) {
        self.exchanges += other.exchanges;
        self.differing.extend(other.differing);
    }

    /// Whether there is a reason for every difference.
    fn is_explained_by(&self, known: &Known) -> bool {
        let mut differences = self
            .differing
            .iter()
            .flat_map(|(name, found)| found.iter().map(move |difference| (name, difference)));
        differences.all(|(name, difference)| known.reasons(name, difference).next().is_some())
    }

    /// Fails if there are differences without a reason, or reasons without a difference.
    fn judge(self, mut known: Known) {
        let agreed = self.exchanges - self.differing.len();
        let mut unknown = Vec::new();
        for (name, found) in &self.differing {
            let left: Vec<_> = found.iter().filter(|what| !known.covers(name, what)).collect();
            if !left.is_empty() {
                unknown.push(format!("{name}: {left:#?}"));
            }
        }
        println!(
            "{} exchanges replayed: {agreed} agree, {} differ for a stated reason, {} differ",
            self.exchanges,
            self.differing.len() - unknown.len(),
            unknown.len(),
        );
        assert!(unknown.is_empty(), "{}", unknown.join("\n"));
        let stale = known.unused();
        assert!(stale.is_empty(), "no longer differing, remove from known.rs: {stale:?}");
    }
}

/// The events of each guild in order with their bodies, and its playerUpdates in theirs, as the two
/// race, and guilds do; of stats the frames, but for the first message, which a client that leaves
/// at once does not see.
fn compare_messages(recorded: &[Value], seen: &[Value]) -> Vec<String> {
    let of_guilds = |op: &str, messages: &[Value]| {
        let mut of_guilds = BTreeMap::<String, Vec<Value>>::new();
        for message in messages.iter().filter(|message| message["op"] == op) {
            let guild = message["guildId"].as_str().unwrap_or("?").to_owned();
            of_guilds.entry(guild).or_default().push(message.clone());
        }
        json!(of_guilds)
    };
    let mut found = Vec::new();
    for op in ["ready", "event", "playerUpdate"] {
        found.extend(differences(&of_guilds(op, recorded), &of_guilds(op, seen)));
    }
    let stats = |messages: &[Value]| -> Vec<Value> {
        let frames = messages.iter().filter(|m| m["op"] == "stats").map(|m| &m["frameStats"]);
        frames.skip(1).cloned().collect()
    };
    found.extend(differences(&Value::Array(stats(recorded)), &Value::Array(stats(seen))));
    found
}
