//! Everything that crossed the wire in one scenario, in order.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::HeaderMap;

use crate::printable::printable;

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
    /// Of an answer: what it answers, and what is not in its body.
    pub answer: Option<Box<Answered>>,
}

/// An answer to a request or to a handshake, but for its body.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Of the request.
    pub method: String,
    /// Path and query of the request; the password is masked.
    pub path: String,
    /// Such as 200.
    pub status: u16,
    /// As they came.
    pub headers: HeaderMap,
    /// All of the body, the password masked.
    pub body: String,
    /// A line for a shell that sends the request again, the password masked.
    pub curl: Option<String>,
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
        self.add(kind, summary.into(), detail, None);
    }

    /// Adds an answer with the time of now.
    pub fn push_answer(
        &self,
        kind: &'static str,
        summary: impl Into<String>,
        detail: Option<String>,
        answer: Answered,
    ) {
        self.add(kind, summary.into(), detail, Some(Box::new(answer)));
    }

    fn add(
        &self,
        kind: &'static str,
        summary: String,
        detail: Option<String>,
        answer: Option<Box<Answered>>,
    ) {
        // What a target says must not be obeyed by a terminal.
        let summary = printable(&summary).into_owned();
        let detail = detail.map(|detail| printable(&detail).into_owned());
        let entry = Entry { at: self.began.elapsed(), kind: kind.into(), summary, detail, answer };
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
