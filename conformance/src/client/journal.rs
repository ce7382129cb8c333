//! What came on a socket, in order.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

/// Everything that came on a socket so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) messages: Vec<Value>,
    /// When each message came.
    pub(crate) arrivals: Vec<Instant>,
    pub(crate) pongs: usize,
    pub(crate) closed: Option<Closed>,
}

impl Record {
    /// A message came now.
    pub(super) fn add(&mut self, message: Value) {
        self.messages.push(message);
        self.arrivals.push(Instant::now());
    }
}

/// How a socket ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    /// Of the close frame; `None` when the connection just ended.
    pub(crate) code: Option<u16>,
    pub(crate) reason: String,
}

/// A view on what comes on a socket.
#[derive(Clone, Debug)]
pub(crate) struct Journal(watch::Receiver<Record>);

/// Where what came is written down.
#[derive(Debug)]
pub(super) struct Recorder(watch::Sender<Record>);

/// An empty journal.
pub(super) fn journal() -> (Recorder, Journal) {
    let (sender, receiver) = watch::channel(Record::default());
    (Recorder(sender), Journal(receiver))
}

impl Recorder {
    pub(super) fn write(&self, change: impl FnOnce(&mut Record)) {
        self.0.send_modify(change);
    }
}

impl Journal {
    /// Whether nothing more is written down, because the task that does so has ended.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.0.has_changed().is_err()
    }

    /// What came so far.
    pub(crate) fn now(&self) -> Record {
        self.0.borrow().clone()
    }

    /// Waits until `found` gives something, for at most `limit`.
    pub(crate) async fn wait<T>(
        &self,
        limit: Duration,
        found: impl FnMut(&Record) -> Option<T>,
    ) -> Option<T> {
        let mut found = found;
        let mut result = None;
        let mut view = self.0.clone();
        let waiting = view.wait_for(|record| {
            result = found(record);
            result.is_some() || record.closed.is_some()
        });
        // Over time or not, the result is what was found.
        let _ = tokio::time::timeout(limit, waiting).await;
        result
    }
}

impl Closed {
    pub(crate) fn describe(&self) -> String {
        match self.code {
            Some(code) => format!("closed with {code} {:?}", self.reason),
            None => "ended without a close frame".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn waiting_ends_when_it_came_when_time_is_up_and_when_nothing_more_can_come() {
        let (recorder, journal) = journal();
        let first = |record: &Record| record.messages.first().cloned();
        assert_eq!(journal.wait(Duration::from_millis(5), first).await, None);
        recorder.write(|record| record.add(json!(1)));
        assert_eq!(journal.wait(Duration::ZERO, first).await, Some(json!(1)));
        recorder.write(|record| record.closed = Some(Closed { code: None, reason: String::new() }));
        let second = |record: &Record| record.messages.get(1).cloned();
        let long = Duration::from_secs(3600);
        assert_eq!(journal.wait(long, second).await, None);
    }
}
