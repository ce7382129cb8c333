//! What a voice server was told and sent, recorded and here.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::compare::differences;
use super::recording::Entry;
use super::voice::VoiceServer;

/// How many frames more than recorded may have come, and how many fewer: see the positions.
const MORE: u64 = 22;
const FEWER: u64 = 8;
const LOST: u64 = 200;

/// Within how many seconds a speaking flag comes back if frames were only late: those of the
/// recorded server were now and then not ready when a track began.
const AT_ONCE: f64 = 0.11;

/// Frames of silence that are sent meanwhile.
const SILENCE: u64 = 5;

/// What is drawn by lot, given by the machine, or was not offered alike.
const DRAWN: &[&str] = &["rtc_connection_id", "ssrc", "audio_ssrc", "port", "data", "mode"];

/// The recorded side of all voice connections of a recording.
#[derive(Default)]
pub(crate) struct Spoken {
    conversations: Vec<Conversation>,
    /// How many messages with an op have not come though they were waited for.
    missed: BTreeMap<u64, usize>,
}

#[derive(Default)]
struct Conversation {
    /// Seconds and messages.
    said: Vec<(f64, Value)>,
    /// How often frames were late.
    late: u64,
}

impl Spoken {
    /// Takes down what the recorded server did.
    pub(crate) fn note(&mut self, entry: &Entry) {
        match (entry.event.as_str(), self.conversations.last_mut()) {
            ("gateway open", _) => self.conversations.push(Conversation::default()),
            ("client op", Some(last)) => last.note(entry),
            _ => {}
        }
    }

    /// Waits until as many messages with this op, or with any, were said here as were recorded. What
    /// has not come in time once is not waited for again; the comparison at the end names it.
    pub(crate) async fn caught_up(&mut self, voice: &VoiceServer, op: Option<u64>) {
        let is_wanted = |message: &Value| op.is_none() || message["op"].as_u64() == op;
        let recorded = self.conversations.iter().flat_map(|one| &one.said);
        let recorded = recorded.filter(|(_, message)| is_wanted(message)).count();
        let said = || voice.said().iter().flatten().filter(|said| is_wanted(said)).count();
        // What was missed may have come since: the message noted last is waited for in any case.
        let missed = match op {
            Some(op) => self.missed.get(&op).copied().unwrap_or_default(),
            None => self.missed.values().sum(),
        };
        let missed = missed.min(recorded.saturating_sub(1 + said()));
        let deadline = Instant::now() + Duration::from_secs(1);
        loop {
            let said = said();
            if said + missed >= recorded {
                return;
            }
            if Instant::now() >= deadline {
                if let Some(op) = op {
                    self.missed.insert(op, recorded - said);
                }
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the connection opened last has heard as many packets as were recorded, and says
    /// what differs.
    pub(crate) async fn heard(
        &self,
        voice: &VoiceServer,
        packets: u64,
        silent: u64,
    ) -> Vec<String> {
        let silent = silent - SILENCE * self.late();
        let deadline = Instant::now() + Duration::from_secs(1);
        loop {
            let line = voice.heard_last();
            let all = line.frames + line.silent;
            if (packets.saturating_sub(FEWER)..=packets + MORE + packets / LOST).contains(&all)
                && silent == line.silent
            {
                return Vec::new();
            }
            if Instant::now() >= deadline {
                let seen = line.silent;
                return vec![format!("{all} packets, {seen} silent; recorded {packets}, {silent}")];
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Compares what was said on each connection.
    pub(crate) fn differences(&self, seen: &[Vec<Value>]) -> Vec<String> {
        let said = self.conversations.iter();
        let recorded =
            said.map(|one| one.said.iter().map(|(_, said)| told(said)).collect::<Value>());
        let seen = seen.iter().map(|said| said.iter().map(told).collect::<Value>());
        differences(&recorded.collect(), &seen.collect())
    }

    /// How often frames were late on the connection opened last, and on those it resumed.
    fn late(&self) -> u64 {
        let resumed = |one: &Conversation| one.said.first().is_some_and(|(_, m)| m["op"] == 7);
        let first = self.conversations.iter().rposition(|one| !resumed(one)).unwrap_or(0);
        self.conversations[first..].iter().map(|one| one.late).sum()
    }

    /// Whether there were any connections.
    pub(crate) fn is_empty(&self) -> bool {
        self.conversations.is_empty()
    }
}

impl Conversation {
    fn note(&mut self, entry: &Entry) {
        let speaking = |message: &Value| message["d"]["speaking"].as_u64();
        let message = json!({"op": entry.op, "d": entry.d});
        if let Some((at, last)) = self.said.last()
            && (speaking(last), speaking(&message)) == (Some(0), Some(1))
            && self.said.iter().any(|(_, said)| speaking(said) == Some(1))
            && entry.t - at < AT_ONCE
        {
            self.said.pop();
            self.late += 1;
        } else {
            self.said.push((entry.t, message));
        }
    }
}

/// A message without what is drawn.
fn told(message: &Value) -> Value {
    let mut message = message.clone();
    for name in DRAWN {
        if let Some(value) = message["d"].get_mut(name) {
            *value = Value::Null;
        }
    }
    message
}
