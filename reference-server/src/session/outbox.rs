//! Messages on their way to the client, or waiting for it to come back.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, Hold, Moment};
use crate::message::Message;
use crate::session::Farewell;
use crate::shared::Messages;

/// Bytes that may wait for a socket. A client that reads so slowly is cut off, which costs it the
/// connection and nobody else anything.
const SOCKET_LIMIT: usize = 2 * 1024 * 1024;

/// Bytes that may wait for a client that is away; beyond them the oldest are dropped.
const AWAY_LIMIT: usize = 16 * 1024 * 1024;

/// Where a session's messages go.
#[derive(Debug)]
pub(super) enum Outbox {
    /// To a socket.
    Open(SocketWriter),
    /// Into a queue, until the moment at which the session ends.
    Away { queue: Queue, until: Moment },
}

/// Messages for a client that is away, oldest first.
#[derive(Debug, Default)]
pub(super) struct Queue {
    messages: VecDeque<String>,
    bytes: usize,
    dropped: u64,
}

/// The session's end of a socket's queue.
#[derive(Debug)]
pub(crate) struct SocketWriter {
    clock: Clock,
    counter: Arc<Messages>,
    messages: mpsc::UnboundedSender<Waiting>,
    waiting: Arc<AtomicUsize>,
    limit: usize,
    cut: CancellationToken,
    /// Used once.
    letting_go: Option<oneshot::Sender<LetGo>>,
}

/// A test lets the socket go.
#[derive(Debug)]
pub(crate) struct LetGo {
    pub(crate) farewell: Farewell,
    /// Told how the session is once it is away or over.
    pub(crate) done: oneshot::Sender<Value>,
}

/// The socket's end.
#[derive(Debug)]
pub(crate) struct SocketReader {
    messages: mpsc::UnboundedReceiver<Waiting>,
    /// Whether what was taken last is of the moment.
    took_of_the_moment: bool,
    /// A message that was taken but could not be sent.
    returned: Option<String>,
    waiting: Arc<AtomicUsize>,
    /// Cancelled when the client does not keep up.
    pub(crate) cut: CancellationToken,
    let_go: Option<oneshot::Receiver<LetGo>>,
}

/// A message that waits for the socket; the hold is dropped when it has been sent.
type Waiting = (Written, Hold);

/// A message as it goes over the socket.
#[derive(Debug)]
struct Written {
    text: String,
    /// Whether a client that comes back needs it no more.
    is_of_the_moment: bool,
}

/// A queue between a session and its socket, bounded in bytes.
pub(crate) fn socket_queue(clock: &Clock, counter: &Arc<Messages>) -> (SocketWriter, SocketReader) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let waiting = Arc::<AtomicUsize>::default();
    let cut = CancellationToken::new();
    let (letting_go, let_go) = oneshot::channel();
    (
        SocketWriter {
            clock: clock.clone(),
            counter: Arc::clone(counter),
            messages: sender,
            waiting: Arc::clone(&waiting),
            limit: SOCKET_LIMIT,
            cut: cut.clone(),
            letting_go: Some(letting_go),
        },
        SocketReader {
            messages: receiver,
            returned: None,
            took_of_the_moment: false,
            waiting,
            cut,
            let_go: Some(let_go),
        },
    )
}

impl Outbox {
    pub(super) fn send(&mut self, message: Message) {
        let is_of_the_moment = message.is_of_the_moment();
        let text = message.into_text();
        match self {
            Self::Open(socket) => socket.send(Written { text, is_of_the_moment }),
            Self::Away { queue, .. } => queue.push(text),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }
}

impl SocketWriter {
    /// Lets that many bytes more wait: what a client has missed comes all at once.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.limit += bytes;
    }

    /// Has the socket let go; says whether it is still there.
    pub(super) fn let_go(&mut self, farewell: Farewell, done: oneshot::Sender<Value>) -> bool {
        let letting_go = self.letting_go.take();
        letting_go.is_some_and(|let_go| let_go.send(LetGo { farewell, done }).is_ok())
    }

    fn send(&self, message: Written) {
        self.counter.add_one();
        let length = message.text.len();
        if self.waiting.fetch_add(length, Ordering::Relaxed) + length > self.limit {
            self.cut.cancel();
        } else if self.messages.send((message, self.clock.hold())).is_err() {
            tracing::trace!("the socket is gone already");
        }
    }
}

impl SocketReader {
    /// The next message, with what is to be dropped when it has been sent; `None` when the
    /// session has ended.
    pub(crate) async fn next(&mut self) -> Option<(String, Hold)> {
        let (message, hold) = self.messages.recv().await?;
        self.waiting.fetch_sub(message.text.len(), Ordering::Relaxed);
        self.took_of_the_moment = message.is_of_the_moment;
        Some((message.text, hold))
    }
}

impl SocketReader {
    /// Takes out what tells that a test lets the socket go. It never comes if the session ends
    /// first.
    pub(crate) fn let_go(&mut self) -> impl Future<Output = LetGo> + use<> {
        let let_go = self.let_go.take();
        async move {
            match let_go {
                Some(let_go) => match let_go.await {
                    Ok(let_go) => let_go,
                    Err(_) => std::future::pending().await,
                },
                None => std::future::pending().await,
            }
        }
    }

    /// Takes back the message that was [taken](Self::next) last and could not be sent.
    pub(crate) fn put_back(&mut self, message: &str) {
        self.returned = (!self.took_of_the_moment).then(|| message.to_owned());
    }

    /// The messages that no socket has taken, in order, but for those of the moment.
    pub(super) fn into_unsent(mut self) -> impl Iterator<Item = String> {
        let returned = self.returned.take();
        let waiting = std::iter::from_fn(move || self.messages.try_recv().ok());
        let kept = waiting.filter(|(message, _)| !message.is_of_the_moment);
        returned.into_iter().chain(kept.map(|(message, _)| message.text))
    }
}

impl Queue {
    pub(super) fn push(&mut self, message: String) {
        self.bytes += message.len();
        self.messages.push_back(message);
        while self.bytes > AWAY_LIMIT {
            let Some(oldest) = self.messages.pop_front() else { break };
            self.bytes -= oldest.len();
            self.dropped += 1;
            if self.dropped.is_power_of_two() {
                tracing::warn!(
                    "a session that is away has over {AWAY_LIMIT} bytes of events; {} dropped",
                    self.dropped
                );
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Oldest first.
    pub(super) fn into_messages(self) -> impl Iterator<Item = String> {
        self.messages.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ClockKind;

    #[tokio::test]
    async fn a_client_that_does_not_read_is_cut_off() {
        let (mut writer, mut reader) = socket_queue(&Clock::new(ClockKind::Real), &Arc::default());
        writer.allow(1);
        let message = "x".repeat(SOCKET_LIMIT / 2);
        let written = |text: &str| Written { text: text.into(), is_of_the_moment: false };
        writer.send(written(&message));
        writer.send(written(&message));
        writer.send(written("x"));
        assert!(!reader.cut.is_cancelled());
        writer.send(written("x"));
        assert!(reader.cut.is_cancelled());
        assert_eq!(reader.next().await.map(|(first, _)| first), Some(message));
    }

    #[test]
    fn the_queue_of_an_absent_client_keeps_the_newest() {
        let mut queue = Queue::default();
        let size = AWAY_LIMIT / 4;
        for digit in ["0", "1", "2", "3", "4"] {
            queue.push(digit.repeat(size));
        }
        let first: Vec<_> = queue.into_messages().map(|m| m[..1].to_owned()).collect();
        assert_eq!(first, ["1", "2", "3", "4"]);
    }
}
