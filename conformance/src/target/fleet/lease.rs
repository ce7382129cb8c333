//! The use of a server by one scenario.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore};

use super::super::{LaunchError, Target};
use super::server::Server;
use crate::settings::Settings;
use crate::upstream::Upstream;

/// How much of a dead server's log is shown.
const LAST_LINES: usize = 20;

/// The servers of one profile.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) profile: String,
    pub(super) permits: Arc<Semaphore>,
    idle: Mutex<Vec<Arc<Server>>>,
    /// Of a shared server: that one. Locked while it is started or buried.
    pub(super) shared: AsyncMutex<Shared>,
}

/// A server that all scenarios of a profile use.
#[derive(Debug, Default)]
pub(super) enum Shared {
    #[default]
    NotStarted,
    Running(Arc<Server>),
    /// It does not start, and will not.
    Broken(Arc<LaunchError>),
}

/// How a server was found dead.
#[derive(Clone, Debug)]
pub struct Death {
    /// What became of it, such as "it ended with exit code 1".
    pub what: String,
    /// The last lines of its log, if the runner started it.
    pub log: Vec<String>,
    /// Whether another one takes its place.
    pub replaced: bool,
}

/// How often servers died since a scenario ended by itself. As long as scenarios end, a target is
/// judged, however often it dies.
#[derive(Clone, Debug)]
pub(super) struct Deaths {
    in_a_row: Arc<AtomicUsize>,
    most: usize,
}

impl Deaths {
    pub(super) fn new(most: usize) -> Self {
        Self { in_a_row: Arc::default(), most }
    }

    /// A scenario has ended.
    pub(super) fn end_row(&self) {
        self.in_a_row.store(0, Ordering::SeqCst);
    }

    /// Another one; gives back whether the server may be replaced.
    fn add(&self) -> bool {
        self.in_a_row.fetch_add(1, Ordering::SeqCst) < self.most
    }
}

/// How long a server that broke a connection may take to end, until it counts as one that runs.
const ENDING: Duration = Duration::from_secs(1);

/// The use of a server by one scenario, until this is dropped.
#[derive(Debug)]
pub struct Lease {
    pub(super) server: Arc<Server>,
    pub(super) pool: Arc<Pool>,
    pub(super) deaths: Deaths,
    /// Present if the server is used by this scenario only.
    pub(super) permit: Option<OwnedSemaphorePermit>,
    /// What the server's guarded source asks. Its route planner is as new then, and nobody else's.
    pub(super) upstream: Option<Arc<Upstream>>,
    pub(super) discarded: bool,
}

impl Pool {
    pub(super) fn new(profile: &str, most: usize) -> Self {
        Self {
            profile: profile.to_owned(),
            permits: Arc::new(Semaphore::new(most)),
            idle: Mutex::default(),
            shared: AsyncMutex::default(),
        }
    }

    pub(super) fn idle(&self) -> MutexGuard<'_, Vec<Arc<Server>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    /// How to reach the server.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.server.settings)
    }

    /// What guarded sources of the server ask, if the scenario needs to know.
    pub(crate) fn upstream(&self) -> Option<Arc<Upstream>> {
        self.upstream.clone()
    }

    /// What the server is.
    pub fn target(&self) -> &Target {
        &self.server.target
    }

    /// Whether the server did not join a voice channel that a scenario could do without.
    pub(crate) fn stays_out(&self) -> bool {
        let Server { stays_out, nobody_joins, .. } = &*self.server;
        stays_out.load(Ordering::SeqCst) || nobody_joins.load(Ordering::SeqCst)
    }

    /// It did not join one, so that nobody waits for that again.
    pub(crate) fn note_stays_out(&self) {
        self.server.stays_out.store(true, Ordering::SeqCst);
    }

    /// Has nobody use this server again.
    pub fn discard(&mut self) {
        self.discarded = true;
    }

    /// Does what has to be done with a server that does not answer any more. One that the runner
    /// has started is stopped, and the next scenario gets another one, if it may be replaced.
    pub async fn bury(mut self) -> Death {
        self.discard();
        let mut shared = self.pool.shared.lock().await;
        if let Some(death) = self.server.death().clone() {
            return death;
        }
        let death = match self.server.take_launched() {
            Some(launched) => {
                let what = launched.ended_within(ENDING).await;
                let log = launched.log_tail(LAST_LINES);
                launched.stop().await;
                let what = what.unwrap_or_else(|| "it ran, but did not answer any more".into());
                Death { what, log, replaced: self.deaths.add() }
            }
            None => Death {
                what: "it does not answer any more".into(),
                log: Vec::new(),
                replaced: false,
            },
        };
        *self.server.death() = Some(death.clone());
        let is_shared =
            matches!(&*shared, Shared::Running(server) if Arc::ptr_eq(server, &self.server));
        if death.replaced && is_shared {
            *shared = Shared::NotStarted;
        }
        death
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // A scenario that panicked has left something there.
        let discarded = self.discarded || std::thread::panicking();
        if self.permit.is_some() && !discarded {
            self.pool.idle().push(Arc::clone(&self.server));
        }
    }
}
