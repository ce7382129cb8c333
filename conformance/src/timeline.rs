//! Everything that crossed the wire in one scenario, in order.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One thing that crossed the wire, or a note of the runner.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Since the scenario began.
    pub at: Duration,
    /// `http`, `ws`, `ws-handshake`, `ws-closed`, `note`.
    pub kind: Cow<'static, str>,
    /// What happened in one line, such as `A <- playerUpdate` or `PATCH /v4/… -> 200`.
    pub summary: String,
    /// Bodies and messages, pretty-printed; secrets are masked before they get here.
    pub detail: Option<String>,
}

/// The shared, append-only record of one scenario. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Timeline {
    began: Instant,
    entries: Arc<Mutex<Vec<Entry>>>,
}

impl Timeline {
    /// An empty one that begins now.
    pub fn new() -> Self {
        Self { began: Instant::now(), entries: Arc::default() }
    }

    /// Adds an entry with the time of now.
    pub fn push(&self, kind: &'static str, summary: impl Into<String>, detail: Option<String>) {
        let entry =
            Entry { at: self.began.elapsed(), kind: kind.into(), summary: summary.into(), detail };
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// What there is so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new()
    }
}
