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
    /// How often a request was answered so, one time after the other; only the first is kept.
    pub times: usize,
}

/// An answer to a request or to a handshake.
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
        let at = self.began.elapsed();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if answer.as_ref().is_some_and(|answer| fold(&mut entries, answer)) {
            return;
        }
        entries.push(Entry { at, kind: kind.into(), summary, detail, answer, times: 1 });
    }

    /// Whether the target answered or sent anything.
    pub fn has_heard(&self) -> bool {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().any(|entry| {
            entry.answer.is_some() || entry.kind == "ws" || entry.summary.starts_with("<- ")
        })
    }

    /// Whether anything was done to the target in that time before now, other than to listen.
    pub fn has_acted_within(&self, time: Duration) -> bool {
        let since = self.began.elapsed().saturating_sub(time);
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut late = entries.iter().rev().take_while(|entry| entry.at >= since);
        late.any(|entry| match &*entry.kind {
            "voice" => true,
            // What came, and the end of a socket, are the target's doing.
            _ => entry.summary.contains("-> ") && entry.answer.is_none(),
        })
    }

    /// What there is so far.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Counts an answer like the last one to a request like the last one, instead of keeping both: a
/// target is asked hundreds of times until it has noticed something.
fn fold(entries: &mut Vec<Entry>, answer: &Answered) -> bool {
    let [.., asked, last, again] = entries.as_mut_slice() else { return false };
    let same = last.answer.as_ref().is_some_and(|last| {
        (&last.method, &last.path, last.status, &last.body)
            == (&answer.method, &answer.path, answer.status, &answer.body)
    });
    if !same || asked.summary != again.summary || asked.detail != again.detail {
        return false;
    }
    last.times += 1;
    entries.pop();
    true
}

impl Default for Timeline {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(timeline: &Timeline, path: &str, body: &str) {
        timeline.push("http", format!("-> GET {path}"), None);
        let answered = Answered {
            method: "GET".into(),
            path: path.into(),
            status: 200,
            headers: HeaderMap::new(),
            body: body.into(),
            curl: None,
        };
        timeline.push_answer("http", format!("<- 200 to GET {path}"), None, answered);
    }

    #[test]
    fn what_is_asked_again_and_answered_the_same_is_counted() {
        let timeline = Timeline::new();
        for (path, body) in [("/a", "1"), ("/a", "1"), ("/a", "1"), ("/a", "2"), ("/b", "2")] {
            ask(&timeline, path, body);
        }
        let entries = timeline.entries();
        let times: Vec<_> = entries.iter().map(|entry| entry.times).collect();
        assert_eq!(times, [1, 3, 1, 1, 1, 1]);
    }
}
