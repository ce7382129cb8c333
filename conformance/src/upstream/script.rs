//! What the upstream is to answer.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use tokio::sync::Barrier;

use super::Asked;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// This status; with 200 what was asked for.
    Status(u16),
    /// To another address of the upstream, which answers as if it was asked first.
    Redirect,
    /// None: the connection is reset.
    Reset,
    /// None: the connection ends.
    Close,
    /// None, as long as the client waits.
    Hang,
}

impl Reply {
    /// For people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::Redirect => "a redirect".into(),
            Self::Reset => "a reset".into(),
            Self::Close => "an early end".into(),
            Self::Hang => "nothing".into(),
        }
    }

    /// As steps say it; the opposite of [`Self::describe`].
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "a redirect" => Self::Redirect,
            "a reset" => Self::Reset,
            "an early end" => Self::Close,
            "nothing" => Self::Hang,
            status => Self::Status(status.parse().ok()?),
        })
    }
}

/// What to answer to which request. What was said of the next ones comes first, then what was said
/// of its source address, then what was said of all.
#[derive(Debug, Default)]
pub(super) struct Script {
    next: VecDeque<(Reply, Option<Arc<Barrier>>)>,
    /// For what is needed on the way to a video.
    next_for: BTreeMap<Asked, VecDeque<Reply>>,
    from: BTreeMap<IpAddr, Reply>,
    all: Option<Reply>,
}

impl Script {
    pub(super) fn next(&mut self, count: usize, reply: &Reply) {
        self.next.extend((0..count).map(|_| (reply.clone(), None)));
    }

    pub(super) fn next_for(&mut self, asked: Asked, count: usize, reply: &Reply) {
        let replies = self.next_for.entry(asked).or_default();
        replies.extend((0..count).map(|_| reply.clone()));
    }

    pub(super) fn together(&mut self, count: usize, reply: &Reply) {
        let barrier = Arc::new(Barrier::new(count));
        self.next.extend((0..count).map(|_| (reply.clone(), Some(Arc::clone(&barrier)))));
    }

    pub(super) fn from(&mut self, source: IpAddr, reply: Reply) {
        self.from.insert(source, reply);
    }

    pub(super) fn all(&mut self, reply: Reply) {
        self.all = Some(reply);
    }

    /// The answer to a request, and for whom it has to wait.
    pub(super) fn take(&mut self, asked: Asked, source: IpAddr) -> (Reply, Option<Arc<Barrier>>) {
        if !asked.is_wanted() {
            return (self.take_for(asked), None);
        }
        self.next.pop_front().unwrap_or_else(|| {
            let reply = self.from.get(&source).or(self.all.as_ref()).cloned();
            (reply.unwrap_or(Reply::Status(200)), None)
        })
    }

    /// Of what was said of the next ones, only redirects are for what is needed on the way, too.
    fn take_for(&mut self, asked: Asked) -> Reply {
        let own = self.next_for.get_mut(&asked).and_then(VecDeque::pop_front);
        own.unwrap_or_else(|| {
            match self.next.pop_front_if(|(reply, _)| *reply == Reply::Redirect) {
                Some((redirect, _)) => redirect,
                None => Reply::Status(200),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_requests_come_before_addresses_and_those_before_all() {
        let (one, two) = ([127, 0, 0, 1].into(), [127, 0, 0, 2].into());
        let mut script = Script::default();
        assert_eq!(script.take(Asked::Search, one).0, Reply::Status(200));
        script.all(Reply::Status(403));
        script.from(two, Reply::Reset);
        script.next(2, &Reply::Status(429));
        script.next(1, &Reply::Close);
        let mut taken =
            [two, one, two, two, one].map(|source| script.take(Asked::Video, source).0.describe());
        assert_eq!(taken, ["429", "429", "an early end", "a reset", "403"]);
        taken.sort();
        assert!(taken.iter().all(|text| Reply::parse(text).unwrap().describe() == *text));
    }

    #[test]
    fn pages_have_their_own_and_redirects() {
        let one = [127, 0, 0, 1].into();
        let mut script = Script::default();
        script.next(1, &Reply::Redirect);
        script.next(1, &Reply::Status(429));
        script.next_for(Asked::Page, 1, &Reply::Status(503));
        let mut taken = |asked| script.take(asked, one).0.describe();
        assert_eq!([Asked::Page; 3].map(&mut taken), ["503", "a redirect", "200"]);
        assert_eq!(taken(Asked::Script), "200");
        assert_eq!(taken(Asked::Video), "429");
    }
}
