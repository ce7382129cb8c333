//! Messages that somebody waits for while time is moved.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::keys::{Object, Place, Wrong};

/// Everybody who waits for a message. Asked for each message that is sent.
#[derive(Debug, Default)]
pub(crate) struct Watches {
    any: AtomicBool,
    list: Mutex<Vec<Watch>>,
}

#[derive(Debug)]
struct Watch {
    number: u64,
    wanted: Until,
    found: Option<Value>,
    /// How many messages of each kind there were instead.
    others: BTreeMap<String, usize>,
}

/// What a message has to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Until {
    op: Option<String>,
    event: Option<String>,
    guild: Option<String>,
    reason: Option<String>,
    pub(crate) session: Option<String>,
}

/// Somebody waits until this is dropped.
#[derive(Debug)]
pub(crate) struct Watching<'a> {
    watches: &'a Watches,
    number: u64,
}

impl Until {
    pub(crate) fn read(value: &Value, place: Place<'_>) -> Result<Self, Wrong> {
        const KEYS: &[&str] = &["op", "type", "guildId", "sessionId", "reason"];
        // A plugin's may be pushed too.
        const EVENTS: &[&str] = &[
            "TrackStartEvent",
            "TrackEndEvent",
            "TrackExceptionEvent",
            "TrackStuckEvent",
            "WebSocketClosedEvent",
        ];
        const OPS: &[&str] = &["ready", "playerUpdate", "stats", "event"];
        let object = Object::read(value, place, KEYS)?;
        let text = |key| object.text(key).map(|text| text.map(str::to_owned));
        let guild = match object.value("guildId") {
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => text("guildId")?,
        };
        let op = match object.value("op") {
            Some(_) => object.word("op", OPS)?.map(str::to_owned),
            None => None,
        };
        Ok(Self {
            op,
            event: object.word_or_other("type", EVENTS)?.map(str::to_owned),
            guild,
            reason: text("reason")?,
            session: text("sessionId")?,
        })
    }

    fn is_met(&self, session: &str, message: &Value) -> bool {
        let is = |key: &str, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|wanted| message[key] == **wanted)
        };
        is("op", &self.op)
            && is("type", &self.event)
            && is("guildId", &self.guild)
            && is("reason", &self.reason)
            && self.session.as_ref().is_none_or(|wanted| wanted == session)
    }
}

impl Watches {
    /// Whether anybody waits for a message: one load.
    pub(crate) fn are_there(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// A message of a session, sent or kept for its client.
    pub(crate) fn see(&self, session: &str, message: &Value) {
        let word = |key: &str| message[key].as_str();
        let kind = word("type").or(word("op")).unwrap_or("message");
        for watch in self.lock().iter_mut().filter(|watch| watch.found.is_none()) {
            if watch.wanted.is_met(session, message) {
                watch.found = Some(message.clone());
            } else {
                *watch.others.entry(kind.to_owned()).or_default() += 1;
            }
        }
    }

    /// Begins to wait.
    pub(crate) fn watch(&self, wanted: Until) -> Watching<'_> {
        let mut list = self.lock();
        let number = list.iter().map(|watch| watch.number + 1).max().unwrap_or(0);
        list.push(Watch { number, wanted, found: None, others: BTreeMap::new() });
        self.any.store(true, Ordering::Release);
        Watching { watches: self, number }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Watch>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watching<'_> {
    /// The message, once it was sent.
    pub(crate) fn found(&self) -> Option<Value> {
        self.look(|watch| watch.found.clone()).flatten()
    }

    /// What came instead, in words.
    pub(crate) fn others(&self) -> String {
        let others = self.look(|watch| watch.others.clone()).unwrap_or_default();
        if others.is_empty() {
            return "nothing".to_owned();
        }
        let count = |(kind, count): (&String, &usize)| format!("{count} {kind}");
        others.iter().map(count).collect::<Vec<_>>().join(", ")
    }

    fn look<T>(&self, look: impl FnOnce(&Watch) -> T) -> Option<T> {
        self.watches.lock().iter().find(|watch| watch.number == self.number).map(look)
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        let mut list = self.watches.lock();
        list.retain(|watch| watch.number != self.number);
        self.watches.any.store(!list.is_empty(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_message_that_has_it_all_is_found() {
        let watches = Watches::default();
        watches.see("a", &json!({}));
        let until = json!({"type": "TrackEndEvent", "guildId": 1, "sessionId": "a"});
        let watching = watches.watch(Until::read(&until, Place::Body).unwrap());
        watches.see("a", &json!({"op": "stats"}));
        watches.see("a", &json!("not JSON"));
        watches.see("b", &json!({"op": "event", "type": "TrackEndEvent", "guildId": "1"}));
        watches.see("a", &json!({"op": "event", "type": "TrackEndEvent", "guildId": "2"}));
        assert_eq!(watching.found(), None);
        assert_eq!(watching.others(), "2 TrackEndEvent, 1 message, 1 stats");
        for n in 0..2 {
            let end = json!({"op": "event", "type": "TrackEndEvent", "guildId": "1", "n": n});
            watches.see("a", &end);
        }
        assert_eq!(watching.found().unwrap()["n"], 0);
        drop(watching);
        assert!(!watches.any.load(Ordering::Acquire));
    }
}
