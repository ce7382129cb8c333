//! What the upstream knows of a scenario.

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::pages::{self, HOP, PLAIN};
use super::script::Script;
use super::{Asked, Reply, Seen};
use crate::timeline::Timeline;

/// A scenario's part of the site.
#[derive(Debug)]
pub(super) struct State {
    /// Queries of the scenario begin so; a request of another one is none of its business.
    pub(super) prefix: String,
    /// The video of the scenario.
    pub(super) video: String,
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) script: Script,
    pub(super) seen: Vec<Seen>,
    pub(super) timeline: Option<Timeline>,
    /// What was redirected, by the number in its new address.
    hops: Vec<Asked>,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            prefix: format!("{:012x}", rand::random::<u64>() >> 16),
            video: format!("{:011x}", rand::random::<u64>() >> 20),
            record: Mutex::default(),
        }
    }

    pub(super) fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a request asks for; `None` if it belongs to something else than the scenario.
    pub(super) fn asked(&self, path: &str, body: &[u8]) -> Option<Asked> {
        if let Some((hop, _)) = path.strip_prefix(HOP).and_then(|rest| rest.split_once('/')) {
            let number: usize = hop.strip_prefix(&self.prefix)?.strip_prefix('-')?.parse().ok()?;
            return self.record().hops.get(number).copied();
        }
        if let Some(prefix) = path.strip_prefix(PLAIN) {
            return (prefix == self.prefix).then_some(Asked::Plain);
        }
        if let Some(asked) = pages::of_video(path, &self.video) {
            return Some(asked);
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match path.rsplit('/').next() {
            Some("search") => {
                let query = body["query"].as_str()?;
                query.starts_with(&self.prefix).then_some(Asked::Search)
            }
            Some("player") => (body["videoId"] == *self.video).then_some(Asked::Video),
            _ => None,
        }
    }

    /// The path that redirects something to itself.
    pub(super) fn hop(&self, asked: Asked, path: &str) -> String {
        let number = {
            let mut record = self.record();
            record.hops.push(asked);
            record.hops.len() - 1
        };
        let path = path
            .strip_prefix(HOP)
            .and_then(|rest| rest.split_once('/'))
            .map_or_else(|| path.trim_start_matches('/').to_owned(), |(_, rest)| rest.to_owned());
        format!("{HOP}{}-{number}/{path}", self.prefix)
    }

    /// Writes down that a request came and was answered so.
    pub(super) fn see(&self, source: IpAddr, asked: Asked, reply: Reply) {
        self.record().seen.push(Seen { source, asked, reply });
    }

    /// Tells people.
    pub(super) fn note(&self, what: &str) {
        let timeline = self.record().timeline.clone();
        if let Some(timeline) = timeline {
            timeline.push("upstream", what, None);
        }
    }
}
