//! The servers of a run: which there are, who uses which, what happens when one dies.
//!
//! A server whose time passes by itself is shared by all scenarios. One whose time is moved
//! belongs to one scenario at a time, as time is the same for everybody on it; there are several.

mod guarded;
mod lease;
mod origin;
mod server;
mod traces;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use guarded::Guarded;
pub use lease::{Death, Lease};
use lease::{Deaths, Pool, Shared};
pub use origin::Origin;
use server::Server;

use super::deviating::Deviation;
use super::launch::{LaunchError, Launched};
use super::profiles;
use super::{Capabilities, ProbeError};
use crate::discord::AuthorityError;
use crate::failure::Failure;
use crate::lag::Lag;
use crate::settings::Settings;
use crate::upstream::{UpstreamOptions, fill_with_nobody};

/// How much of each server's log goes into the report of a run.
const REPORTED_LINES: usize = 200;

/// All servers of a run.
#[derive(Debug)]
pub struct Fleet {
    pub(super) origin: Origin,
    /// For servers whose time is moved, or whose planner is looked at: how many scenarios may
    /// have one at a time.
    side_by_side: usize,
    /// What is the same for all of them; address and password are filled in.
    settings: Settings,
    /// What somebody says that they can do.
    declared: Capabilities,
    guarded: Guarded,
    /// How often the code of deviations ran on servers that have been given back.
    reached_before: AtomicU64,
    pools: Mutex<BTreeMap<String, Arc<Pool>>>,
    /// How many servers may be starting.
    starts: Semaphore,
    /// Every server that was started.
    started: Mutex<Vec<Weak<Server>>>,
    /// Servers that are being stopped.
    stopping: Mutex<JoinSet<()>>,
    /// How often servers died.
    deaths: Deaths,
    /// Whether joining a voice channel is known to fail on all of them.
    nobody_joins: Arc<AtomicBool>,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// It does not answer, or not to us.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// Its control API is not as it should be.
    #[error("the control API of the target cannot be used: {0}")]
    Control(#[source] Failure),
    /// The command starts none.
    #[error("{0}")]
    Launch(Arc<LaunchError>),
    /// The bundled one does not start.
    #[error("failed to start the bundled server")]
    Bundled(#[source] std::io::Error),
    /// The upstream cannot listen.
    #[error("failed to start the upstream of its sources: {0}")]
    Upstream(std::io::Error),
    /// The upstream cannot show a certificate.
    #[error("failed to set TLS of the upstream up")]
    Certificate(#[from] AuthorityError),
}

impl FleetError {
    /// How a server ended while it started, and its last words, if it did.
    pub(crate) fn ended_at_start(&self) -> Option<(&str, &[String])> {
        match self {
            Self::Launch(error) => match &**error {
                LaunchError::NotReady { why, ended: true, last_lines, .. } => {
                    Some((why, last_lines))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl Fleet {
    /// Servers are started when they are first needed.
    pub fn new(origin: Origin, settings: Settings, side_by_side: usize) -> Self {
        Self::declaring(origin, settings, side_by_side, Capabilities::default())
    }

    /// [`Self::new`] with what somebody says that the servers can do.
    pub fn declaring(
        origin: Origin,
        settings: Settings,
        side_by_side: usize,
        declared: Capabilities,
    ) -> Self {
        let side_by_side = side_by_side.max(1);
        let bundled =
            matches!(origin, Origin::Bundled(_) | Origin::Deviating(_) | Origin::Changed(_));
        Self {
            declared,
            guarded: Guarded::new(bundled.then(UpstreamOptions::default), side_by_side),
            reached_before: AtomicU64::new(0),
            deaths: Deaths::new(origin.max_restarts()),
            nobody_joins: Arc::default(),
            starts: Semaphore::new(origin.most_starting()),
            origin,
            side_by_side,
            settings,
            pools: Mutex::default(),
            started: Mutex::default(),
            stopping: Mutex::default(),
        }
    }

    /// How far the machine of the run is behind.
    pub fn lag(&self) -> Lag {
        match self.has_manual_time() {
            true => Lag::none(),
            false => self.settings.budgets.lag.clone(),
        }
    }

    /// A scenario has ended, and its server lives.
    pub fn scenario_ended(&self) {
        self.deaths.end_row();
    }

    /// Says how guarded sources of the target are brought to ask the runner's upstream.
    #[must_use]
    pub fn with_upstream(self, options: Option<UpstreamOptions>) -> Self {
        let Some(options) = options else { return self };
        Self { guarded: Guarded::new(Some(options), self.side_by_side), ..self }
    }

    /// How the guarded sources of the target are brought to ask the runner's upstream.
    pub(super) fn upstream(&self) -> Option<&UpstreamOptions> {
        self.guarded.options.as_ref()
    }

    /// A server with this configuration, as soon as there is one.
    ///
    /// # Errors
    /// [`FleetError`] if none can be started, or too many have died.
    pub async fn lease(&self, profile: &str) -> Result<Lease, FleetError> {
        let pool = self.pool(profile);
        if !self.is_exclusive() {
            let server = self.shared_server(profile, &pool).await?;
            return Ok(self.leased(server, pool, None));
        }
        // The semaphore is never closed.
        let permit = Arc::clone(&pool.permits).acquire_owned().await.ok();
        let idle = pool.idle().pop();
        let server = match idle {
            Some(server) => server,
            None => self.start_profile(profile).await?,
        };
        Ok(self.leased(server, pool, permit))
    }

    fn leased(
        &self,
        server: Arc<Server>,
        pool: Arc<Pool>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Lease {
        let deaths = self.deaths.clone();
        Lease { server, pool, deaths, permit, upstream: None, discarded: false }
    }

    async fn shared_server(&self, profile: &str, pool: &Pool) -> Result<Arc<Server>, FleetError> {
        let mut shared = pool.shared.lock().await;
        match &*shared {
            Shared::Running(server) => return Ok(Arc::clone(server)),
            Shared::Broken(error) => return Err(FleetError::Launch(Arc::clone(error))),
            Shared::NotStarted => {}
        }
        match self.start_profile(profile).await {
            Ok(server) => {
                *shared = Shared::Running(Arc::clone(&server));
                Ok(server)
            }
            Err(error) => {
                if let FleetError::Launch(error) = &error {
                    *shared = Shared::Broken(Arc::clone(error));
                }
                Err(error)
            }
        }
    }

    /// Ends every server that the run has started; gives back the end of their logs.
    pub async fn stop(&self) -> Vec<String> {
        let servers: Vec<_> = self.started().iter().filter_map(Weak::upgrade).collect();
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.guarded.idle().clear();
        let mut logs = Vec::new();
        for launched in servers.iter().filter_map(|server| server.take_launched()) {
            logs.push(format!("{}:", launched.url()));
            logs.extend(launched.log_tail(REPORTED_LINES));
            self.stop_behind(launched);
        }
        let stopping = std::mem::take(&mut *self.stopping());
        stopping.join_all().await;
        logs
    }

    /// Stops a server while the run goes on.
    fn stop_behind(&self, launched: Launched) {
        self.stopping().spawn(launched.stop());
    }

    fn stopping(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.stopping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the bundled server can do wrong on purpose.
    ///
    /// # Errors
    /// [`FleetError`] if the server does not start or does not tell.
    pub async fn deviations(&self) -> Result<Vec<Deviation>, FleetError> {
        let lease = self.lease(profiles::PLAIN).await?;
        let settings = lease.settings();
        let Some(control) = &settings.manual_time else { return Ok(Vec::new()) };
        let list = control.deviations(&settings).await.map_err(FleetError::Control)?;
        Ok(list.into_iter().map(|(name, summary, _)| Deviation { name, summary }).collect())
    }

    fn started(&self) -> MutexGuard<'_, Vec<Weak<Server>>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many scenarios can run side by side.
    pub fn width(&self, jobs: usize) -> usize {
        if self.is_exclusive() { jobs.min(self.side_by_side) } else { jobs }
    }

    /// Joining a voice channel fails, so scenarios that can do without are not made to wait for it, or
    /// to have the target die of it.
    pub fn note_that_nobody_joins(&self) {
        self.nobody_joins.store(true, Ordering::SeqCst);
    }

    /// Whether scenarios that run side by side use one server.
    pub fn has_crowds(&self) -> bool {
        !self.is_exclusive()
    }

    /// Whether a server is used by one scenario at a time.
    fn is_exclusive(&self) -> bool {
        self.has_manual_time()
    }

    /// Whether the runner moves the time of the servers.
    pub(super) fn has_manual_time(&self) -> bool {
        self.origin.has_manual_time()
    }

    fn pool(&self, profile: &str) -> Arc<Pool> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Pool::new(profile, self.origin.most(self.side_by_side)));
        Arc::clone(pools.entry(profile.to_owned()).or_insert_with(new))
    }

    async fn start_profile(&self, profile: &str) -> Result<Arc<Server>, FleetError> {
        let yaml = fill_with_nobody(profiles::text(profile).unwrap_or_default());
        // The semaphore is never closed.
        let _turn = self.starts.acquire().await.ok();
        self.start(&yaml).await
    }
}
