//! A server: what all requests and sockets share.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::clock::Clock;
use crate::config::Config;
use crate::routeplanner::RateLimitError;
use crate::session::Sessions;
use crate::shared::{Prepared, Shared};
use crate::stats::Stats;

/// What all requests and sockets share. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) shared: Shared,
    pub(crate) sessions: Sessions,
    pub(crate) sockets: Arc<Sockets>,
}

/// How many sockets are open.
#[derive(Debug, Default)]
pub(crate) struct Sockets(AtomicUsize);

/// An open socket, until it is dropped.
pub(crate) struct OpenSocket<'a>(&'a Sockets);

impl Sockets {
    pub(crate) fn open(&self) -> OpenSocket<'_> {
        self.0.fetch_add(1, Ordering::SeqCst);
        OpenSocket(self)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for OpenSocket<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Server {
    /// Fails if no route planner can be made of the configuration.
    pub(crate) fn new(
        config: Config,
        clock: Clock,
        prepared: Prepared,
    ) -> Result<Self, RateLimitError> {
        let sessions = Sessions::new(config.seed);
        let shared = Shared::new(config, clock, prepared)?;
        Ok(Self { shared, sessions, sockets: Arc::default() })
    }

    /// Statistics as things are now.
    pub(crate) fn stats(&self) -> Stats {
        self.shared.stats(self.sessions.count_players())
    }
}

impl Deref for Server {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}
