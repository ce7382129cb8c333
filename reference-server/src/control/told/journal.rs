//! What clients did: requests, handshakes, ends of sockets. Somebody can wait for it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::Notify;

use super::matching::Match;
use crate::clock::Clock;

/// Entries that are kept.
const MOST: usize = 10_000;

/// Bytes of bodies that are kept, all together and of one.
const MOST_BYTES: usize = 32 * 1024 * 1024;
pub(crate) const LONGEST_BODY: usize = 1024 * 1024;

/// Entries that are named when those that were waited for did not come.
const NEAREST: usize = 3;

/// The newest of what clients did.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    state: Mutex<State>,
    /// Told whenever an entry is complete.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    entries: VecDeque<Recorded>,
    last: u64,
    dropped: u64,
    bytes: usize,
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Recorded {
    pub(crate) id: u64,
    pub(crate) kind: Kind,
    pub(crate) wall_ms: u64,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) body_cut: bool,
    pub(crate) body_bytes: usize,
    pub(crate) status: Option<u16>,
    pub(crate) fault: Option<u64>,
    pub(crate) session_id: Option<String>,
    pub(crate) resumed: Option<bool>,
    pub(crate) code: Option<u16>,
    pub(crate) reason: Option<String>,
    pub(crate) by_client: Option<bool>,
    /// Whether nothing more is to come.
    pub(crate) complete: bool,
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Request,
    Handshake,
    /// The end of a session's socket.
    Close,
}

/// The entry of a request, for those who learn more of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntryId(pub(crate) u64);

/// Who ended a socket, and how.
#[derive(Clone, Debug)]
pub(crate) struct Closing {
    pub(crate) code: u16,
    pub(crate) reason: String,
    pub(crate) by_client: bool,
}

/// What was waited for did not come.
#[derive(Debug)]
pub(crate) struct TooFew {
    pub(crate) matched: usize,
    /// With the first difference, best first.
    pub(crate) nearest: Vec<(Recorded, String)>,
}

impl Kind {
    pub(crate) const NAMES: [&str; 3] = ["request", "handshake", "close"];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Handshake => "handshake",
            Self::Close => "close",
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        [Self::Request, Self::Handshake, Self::Close].into_iter().find(|kind| kind.name() == name)
    }
}

impl Journal {
    /// Adds an entry, which gets the next id.
    pub(crate) fn add(&self, mut entry: Recorded) -> EntryId {
        let id = {
            let mut state = self.lock();
            state.last += 1;
            entry.id = state.last;
            state.bytes += entry.body_bytes;
            state.entries.push_back(entry);
            state.forget_oldest();
            state.last
        };
        self.changed.notify_waiters();
        EntryId(id)
    }

    /// Changes an entry, if it is still kept.
    pub(crate) fn change(&self, id: EntryId, change: impl FnOnce(&mut Recorded)) {
        {
            let mut state = self.lock();
            let Some(entry) = state.entry(id) else { return };
            let before = entry.body_bytes;
            change(entry);
            let after = entry.body_bytes;
            state.bytes = state.bytes - before + after;
            state.forget_oldest();
        }
        self.changed.notify_waiters();
    }

    /// A handshake has led to a session.
    pub(crate) fn begun(&self, id: EntryId, session: &str, resumed: bool) {
        self.change(id, |entry| {
            entry.session_id = Some(session.to_owned());
            entry.resumed = Some(resumed);
            entry.complete = true;
        });
    }

    /// A session's socket has ended.
    pub(crate) fn closed(&self, clock: &Clock, session: &str, closing: Closing) {
        self.add(Recorded {
            kind: Kind::Close,
            wall_ms: clock.wall_ms(),
            session_id: Some(session.to_owned()),
            code: Some(closing.code),
            reason: Some(closing.reason),
            by_client: Some(closing.by_client),
            complete: true,
            ..Recorded::default()
        });
    }

    /// All entries after an id.
    pub(crate) fn since(&self, id: u64) -> Vec<Recorded> {
        self.lock().after(id).cloned().collect()
    }

    /// The newest id, and how many entries are not kept any more.
    pub(crate) fn totals(&self) -> (u64, u64) {
        let state = self.lock();
        (state.last, state.dropped)
    }

    /// Forgets all entries. Ids go on, so that whoever remembers one is not misled.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        *state = State { last: state.last, ..State::default() };
    }

    /// Waits until `count` entries after an id match; gives back all that do.
    pub(crate) async fn wait(
        &self,
        clock: &Clock,
        wanted: &Match,
        count: usize,
        since: u64,
        limit: Duration,
    ) -> Result<Vec<Recorded>, TooFew> {
        let waiting = async {
            loop {
                let changed = self.changed.notified();
                let mut changed = std::pin::pin!(changed);
                // Whatever happens from here on is noticed.
                changed.as_mut().enable();
                let found = self.matching(wanted, since);
                if found.len() >= count {
                    return found;
                }
                changed.await;
            }
        };
        match clock.within(limit, waiting).await {
            Some(found) => Ok(found),
            None => Err(self.nearest(wanted, since)),
        }
    }

    fn matching(&self, wanted: &Match, since: u64) -> Vec<Recorded> {
        let state = self.lock();
        let complete = state.after(since).filter(|entry| entry.complete);
        complete.filter(|entry| wanted.matches(entry)).cloned().collect()
    }

    fn nearest(&self, wanted: &Match, since: u64) -> TooFew {
        let matched = self.matching(wanted, since).len();
        let state = self.lock();
        let mut others: Vec<_> = state
            .after(since)
            .filter_map(|entry| {
                let distance = wanted.distance(entry);
                let unanswered = (!entry.complete).then(|| "it is not answered yet".to_owned());
                let difference = distance.difference.or(unanswered)?;
                Some((distance.agreeing, entry.clone(), difference))
            })
            .collect();
        // Of those that are as near the latest comes first.
        others.sort_by_key(|(agreeing, entry, _)| std::cmp::Reverse((*agreeing, entry.id)));
        let nearest = others.into_iter().map(|(_, entry, difference)| (entry, difference));
        TooFew { matched, nearest: nearest.take(NEAREST).collect() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Ids count up without gaps, so an entry is found by its distance from the first.
    fn entry(&mut self, id: EntryId) -> Option<&mut Recorded> {
        let first = self.entries.front()?.id;
        let index = usize::try_from(id.0.checked_sub(first)?).ok()?;
        self.entries.get_mut(index)
    }

    fn after(&self, id: u64) -> impl Iterator<Item = &Recorded> {
        self.entries.iter().filter(move |entry| entry.id > id)
    }

    fn forget_oldest(&mut self) {
        while self.entries.len() > MOST || self.bytes > MOST_BYTES {
            let Some(oldest) = self.entries.pop_front() else { return };
            self.bytes -= oldest.body_bytes;
            self.dropped += 1;
        }
    }
}

impl Recorded {
    /// As the control API shows it.
    pub(crate) fn to_json(&self) -> Value {
        let mut shown = Map::new();
        let mut show = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                shown.insert(key.to_owned(), value);
            }
        };
        show("id", Some(self.id.into()));
        show("kind", Some(self.kind.name().into()));
        show("wallMs", Some(self.wall_ms.into()));
        show("method", self.method.clone().map(Value::from));
        show("path", self.path.clone().map(Value::from));
        if self.kind != Kind::Close {
            show("query", Some(object(&self.query)));
            show("headers", Some(object(&self.headers)));
            show("body", Some(self.body.clone().unwrap_or_default()));
            show("bodyCut", self.body_cut.then_some(true.into()));
            show("status", Some(json!(self.status)));
        }
        show("fault", self.fault.map(Value::from));
        show("sessionId", self.session_id.clone().map(Value::from));
        show("resumed", self.resumed.map(Value::from));
        show("code", self.code.map(Value::from));
        show("reason", self.reason.clone().map(Value::from));
        let by = |by_client| if by_client { "client" } else { "server" };
        show("by", self.by_client.map(|by_client| by(by_client).into()));
        Value::Object(shown)
    }
}

fn object(pairs: &[(String, String)]) -> Value {
    let mut map = Map::new();
    for (name, value) in pairs {
        map.entry(name).or_insert_with(|| value.clone().into());
    }
    Value::Object(map)
}

#[cfg(test)]
mod tests {
    use super::super::keys::Place;
    use super::*;
    use crate::config::ClockKind;

    fn entry(path: &str, bytes: usize) -> Recorded {
        let path = Some(path.to_owned());
        Recorded { path, body_bytes: bytes, complete: true, ..Recorded::default() }
    }

    #[test]
    fn the_newest_are_kept() {
        let journal = Journal::default();
        for _ in 0..MOST + 3 {
            journal.add(entry("/", 0));
        }
        assert_eq!((journal.since(0).len(), journal.totals()), (MOST, (MOST as u64 + 3, 3)));
        journal.change(EntryId(1), |_| panic!("it is gone"));
        let mut changed = false;
        journal.change(EntryId(4), |_| changed = true);
        assert!(changed);
        journal.clear();
        assert_eq!(journal.add(entry("/", 0)).0, MOST as u64 + 4);
        assert_eq!(journal.since(MOST as u64 + 3).len(), 1);
    }

    #[test]
    fn bodies_are_limited_together() {
        let journal = Journal::default();
        for _ in 0..4 {
            let id = journal.add(entry("/", 0));
            journal.change(id, |entry| entry.body_bytes = MOST_BYTES / 3);
        }
        assert_eq!(journal.since(0).len(), 3);
    }

    #[tokio::test]
    async fn those_that_came_before_and_those_that_come_are_found() {
        let (journal, clock) = (Journal::default(), Clock::new(ClockKind::Real));
        let wanted = serde_json::json!({"path": "/a*"});
        let wanted = Match::read(&wanted, Place::Body).unwrap();
        journal.add(entry("/ab", 0));
        let limit = Duration::from_secs(5);
        let wait = journal.wait(&clock, &wanted, 2, 0, limit);
        let come = async {
            tokio::task::yield_now().await;
            journal.add(entry("/b", 0));
            journal.add(entry("/ac", 0));
        };
        let (found, ()) = tokio::join!(wait, come);
        let ids: Vec<_> = found.unwrap().iter().map(|entry| entry.id).collect();
        assert_eq!(ids, [1, 3]);
        let soon = Duration::from_millis(1);
        let few = journal.wait(&clock, &wanted, 3, 0, soon).await.unwrap_err();
        assert_eq!((few.matched, few.nearest.len()), (2, 1));
        assert_eq!(few.nearest[0].1, "path: /a* was asked for, /b was there");
    }
}
