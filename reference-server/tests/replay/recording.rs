//! Recordings of the real server, as they lie in `fixtures/recordings`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// One experiment on the real server.
#[derive(Debug, Deserialize)]
pub(crate) struct Recording {
    /// Its name, also the file's.
    pub(crate) experiment: String,
    /// When it began, ms since the epoch, where that matters.
    pub(crate) epoch_ms: Option<i64>,
    /// What was sent and what came, in order.
    pub(crate) timeline: Vec<Entry>,
}

/// One thing that was sent or came.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    /// Seconds since the experiment began.
    pub(crate) t: f64,
    /// Which of the fields below are there.
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) body: Value,
    #[serde(default)]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) response_headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) response: Value,
    #[serde(default)]
    pub(crate) socket: String,
    #[serde(default)]
    pub(crate) message: Value,
    #[serde(default)]
    pub(crate) code: Option<u16>,
    /// Of `voice`: what the voice server saw.
    #[serde(default)]
    pub(crate) event: String,
    /// Of `voice`: frames that had arrived on the last connection, those of silence apart.
    pub(crate) frames: Option<u64>,
    #[serde(default)]
    pub(crate) silence: u64,
    /// Of `voice`: what the player's server said to the voice server.
    #[serde(default)]
    pub(crate) op: u64,
    #[serde(default)]
    pub(crate) d: Value,
    /// Of `note`.
    #[serde(default)]
    pub(crate) text: String,
}

impl Recording {
    /// Reads every recording of a folder, with `from` replaced by `to` wherever a path of the
    /// recorded machine stands, encoded tracks included (both have the same length).
    pub(crate) fn read_all(folder: &Path, from: &str, to: &str) -> Vec<Self> {
        assert_eq!(from.len(), to.len(), "lengths are part of an encoded track");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        files.sort();
        assert!(!files.is_empty(), "no recordings in {}", folder.display());
        files
            .iter()
            .map(|file| {
                let text = std::fs::read_to_string(file).unwrap();
                let mut value: Value = serde_json::from_str(&text).unwrap();
                move_media(&mut value, from, to);
                serde_json::from_value(value)
                    .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
            })
            .collect()
    }
}

impl Recording {
    /// When tracks were cleaned up that nobody heard, seconds.
    pub(crate) fn cleanup(&self) -> Option<f64> {
        let cleaned = self.timeline.iter().find(|entry| entry.message["reason"] == "cleanup");
        cleaned.map(|entry| entry.t)
    }

    /// The endpoints of its voice servers; those of rest recordings lead nowhere.
    pub(crate) fn voice_servers(&self) -> impl Iterator<Item = &str> {
        let endpoints =
            self.timeline.iter().filter_map(|entry| entry.body["voice"]["endpoint"].as_str());
        endpoints.filter(|endpoint| endpoint.starts_with("localhost:"))
    }
}

/// Replaces a folder in every text, and inside every encoded track.
fn move_media(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => {
            *text = text.replace(from, to);
            let escaped = |s: &str| s.replace('/', "%2F");
            *text = text.replace(&escaped(from), &escaped(to));
            let moved = |track: &str| moved_track(track, from.as_bytes(), to.as_bytes());
            if let Some(track) = moved(text) {
                *text = track;
            } else if let Some((path, track)) = text.split_once("encodedTrack=")
                && let Some(track) = moved(&track.replace("%3D", "="))
            {
                *text = format!("{path}encodedTrack={}", track.replace('=', "%3D"));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|v| move_media(v, from, to)),
        Value::Object(map) => map.values_mut().for_each(|v| move_media(v, from, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn moved_track(text: &str, from: &[u8], to: &[u8]) -> Option<String> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    let mut bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() > 40)?;
    let found: Vec<usize> =
        (0..bytes.len() - from.len()).filter(|&at| bytes[at..].starts_with(from)).collect();
    for at in found {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    Some(STANDARD.encode(bytes))
}
