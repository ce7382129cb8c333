//! The servers of a run: which there are, who uses which, what happens when one dies.
//!
//! A server whose time passes by itself is shared by all scenarios. One whose time is moved
//! belongs to one scenario at a time, as time is the same for everybody on it; there are several.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::{Mutex as AsyncMutex, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::bundled::{Bundled, BundledClock, BundledOptions};
use super::deviating::{Deviating, Deviation};
use super::launch::{Launch, LaunchError, Launched};
use super::probe::measure;
use super::profiles;
use super::{Capabilities, ProbeError, Target, probe, voice};
use crate::client::Control;
use crate::discord::AuthorityError;
use crate::failure::Failure;
use crate::lag::Lag;
use crate::settings::{Secret, Settings};
use crate::spec::Scenario;
use crate::upstream::{Upstream, UpstreamOptions, fill_with_nobody};

/// How much of each server's log goes into the report of a run.
const REPORTED_LINES: usize = 200;

/// How much of a dead server's log is shown.
const LAST_LINES: usize = 20;

/// Where the servers of a run come from.
#[derive(Debug)]
pub enum Origin {
    /// They are bundled: one per profile and scenario at a time, or one per profile.
    Bundled(BundledOptions),
    /// Bundled ones that do this one thing wrong.
    Deviating(String),
    /// They are started by a command, one per profile.
    Launch {
        /// How to start one.
        launch: Launch,
        /// What they ask of clients.
        password: Secret,
        /// How often one that died is started again, over the whole run.
        max_restarts: usize,
    },
    /// One that runs already.
    Url {
        /// Where it listens, without a slash at the end.
        url: String,
        /// Its password.
        password: Secret,
        /// The configuration that it runs with.
        profile: String,
        /// How to move its time, if it lets itself be moved.
        control: Option<Control>,
    },
}

/// All servers of a run.
#[derive(Debug)]
pub struct Fleet {
    pub(super) origin: Origin,
    /// For servers whose time is moved: how many of a profile there may be.
    side_by_side: usize,
    /// What is the same for all of them; address and password are filled in.
    settings: Settings,
    /// Whether it matters that they can join voice channels.
    needs_voice: bool,
    /// What somebody says that they can do.
    declared: Capabilities,
    /// How their guarded sources are brought to ask the runner's upstream, if they can be.
    pub(super) upstream: Option<UpstreamOptions>,
    /// How many scenarios may have a server and an upstream of their own.
    owners: Arc<Semaphore>,
    /// How often the code of deviations ran on servers that have been given back.
    reached_before: AtomicU64,
    pools: Mutex<BTreeMap<String, Arc<Pool>>>,
    /// Every server that was started.
    started: Mutex<Vec<Weak<Server>>>,
    /// How often a server that died may be started again.
    restarts_left: Arc<AtomicUsize>,
}

/// The servers of one profile.
#[derive(Debug)]
struct Pool {
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Arc<Server>>>,
    /// Of a shared server: that one. Locked while it is started or buried.
    shared: AsyncMutex<Shared>,
}

/// A server that all scenarios of a profile use.
#[derive(Debug, Default)]
enum Shared {
    #[default]
    NotStarted,
    Running(Arc<Server>),
    /// It does not start, and will not.
    Broken(Arc<LaunchError>),
}

/// A running server.
#[derive(Debug)]
struct Server {
    /// How to reach it.
    settings: Arc<Settings>,
    /// What it can do.
    target: Target,
    running: Running,
    /// How it was found dead.
    death: Mutex<Option<Death>>,
    /// Measures how late it answers, as long as it is kept.
    #[expect(dead_code, reason = "kept")]
    measuring: JoinSet<()>,
}

/// What runs as long as it is kept.
#[derive(Debug)]
enum Running {
    Bundled(#[expect(dead_code, reason = "kept")] Bundled),
    Deviating(#[expect(dead_code, reason = "kept")] Deviating),
    /// Until it is stopped.
    Launched(Mutex<Option<Launched>>),
    Elsewhere,
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

/// The use of a server by one scenario, until this is dropped.
#[derive(Debug)]
pub struct Lease {
    server: Arc<Server>,
    pool: Arc<Pool>,
    restarts_left: Arc<AtomicUsize>,
    /// Present if the server is used by this scenario only.
    permit: Option<OwnedSemaphorePermit>,
    /// What the server's guarded source asks; the server was started for this scenario then.
    upstream: Option<Arc<Upstream>>,
    discarded: bool,
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
        let restarts = match &origin {
            Origin::Launch { max_restarts, .. } => *max_restarts,
            _ => 0,
        };
        let bundled = matches!(origin, Origin::Bundled(_) | Origin::Deviating(_));
        Self {
            declared,
            upstream: bundled.then(UpstreamOptions::default),
            owners: Arc::new(Semaphore::new(side_by_side.max(1))),
            reached_before: AtomicU64::new(0),
            needs_voice: false,
            restarts_left: Arc::new(AtomicUsize::new(restarts)),
            origin,
            side_by_side: side_by_side.max(1),
            settings,
            pools: Mutex::default(),
            started: Mutex::default(),
        }
    }

    /// How far the machine of the run is behind.
    pub fn lag(&self) -> Lag {
        match self.has_manual_time() {
            true => Lag::none(),
            false => self.settings.budgets.lag.clone(),
        }
    }

    /// Has servers asked whether they can join voice channels.
    #[must_use]
    pub fn needing_voice(self, needed: bool) -> Self {
        Self { needs_voice: needed, ..self }
    }

    /// Says how guarded sources of the target are brought to ask the runner's upstream.
    #[must_use]
    pub fn with_upstream(self, options: Option<UpstreamOptions>) -> Self {
        let Some(options) = options else { return self };
        // Two of them cannot listen at one address.
        let most = if options.listen.is_empty() { self.side_by_side } else { 1 };
        Self { owners: Arc::new(Semaphore::new(most)), upstream: Some(options), ..self }
    }

    /// The server for a scenario, as soon as there is one. A route planner is the same for
    /// everybody on its server, and remembers: a scenario that has it asked for addresses gets a
    /// server of its own.
    pub async fn lease_for(&self, scenario: &Scenario) -> Result<Lease, FleetError> {
        let profile = scenario.profile();
        let options = self.upstream.as_ref().filter(|_| needs_upstream(scenario));
        let Some(options) = options else { return self.lease(profile).await };
        let pool = self.pool(profile);
        let permits = match &self.origin {
            Origin::Url { .. } => &pool.permits,
            _ => &self.owners,
        };
        // The semaphores are never closed.
        let permit = Arc::clone(permits).acquire_owned().await.ok();
        let tls = match options.tls.as_slice() {
            [] => None,
            names => Some(self.settings.authority.server_for(names)?),
        };
        let upstream = Upstream::start(options.clone(), tls).await.map_err(FleetError::Upstream)?;
        let text = upstream.fill(profiles::text(profile).unwrap_or_default());
        let server = self.start(&text, false).await?;
        let mut lease = self.leased(server, pool, permit);
        lease.upstream = Some(Arc::new(upstream));
        lease.discard();
        Ok(lease)
    }

    /// Ends a lease.
    pub async fn give_back(&self, lease: Lease) {
        if lease.upstream.is_none() {
            return;
        }
        if let Origin::Deviating(deviation) = &self.origin {
            let count = reached_on(&lease.server, deviation).await;
            self.reached_before.fetch_add(count, Ordering::SeqCst);
        }
        if let Some(launched) = lease.server.take_launched() {
            launched.stop().await;
        }
        // A bundled one ends with its thread, which must not keep this one waiting.
        tokio::task::spawn_blocking(move || drop(lease)).await.ok();
    }

    /// A server with this configuration, as soon as there is one.
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
        let restarts_left = Arc::clone(&self.restarts_left);
        Lease { server, pool, restarts_left, permit, upstream: None, discarded: false }
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
        let mut logs = Vec::new();
        for launched in servers.iter().filter_map(|server| server.take_launched()) {
            logs.push(format!("{}:", launched.url()));
            logs.extend(launched.log_tail(REPORTED_LINES));
            launched.stop().await;
        }
        logs
    }

    /// What the bundled server can do wrong on purpose.
    pub async fn deviations(&self) -> Result<Vec<Deviation>, FleetError> {
        let lease = self.lease(profiles::PLAIN).await?;
        let settings = lease.settings();
        let Some(control) = &settings.manual_time else { return Ok(Vec::new()) };
        let list = control.deviations(&settings).await.map_err(FleetError::Control)?;
        Ok(list.into_iter().map(|(name, summary, _)| Deviation { name, summary }).collect())
    }

    /// How often the code of a deviation ran, over all servers.
    pub async fn reached(&self, deviation: &str) -> u64 {
        let servers: Vec<_> = self.started().iter().filter_map(Weak::upgrade).collect();
        let mut sum = self.reached_before.load(Ordering::SeqCst);
        for server in servers {
            sum += reached_on(&server, deviation).await;
        }
        sum
    }

    fn started(&self) -> MutexGuard<'_, Vec<Weak<Server>>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many scenarios can run side by side.
    pub fn width(&self, jobs: usize) -> usize {
        if self.is_exclusive() { jobs.min(self.side_by_side) } else { jobs }
    }

    /// Whether a server is used by one scenario at a time.
    fn is_exclusive(&self) -> bool {
        self.has_manual_time()
    }

    /// Whether the runner moves the time of the servers.
    pub(super) fn has_manual_time(&self) -> bool {
        match &self.origin {
            Origin::Bundled(options) => options.clock == BundledClock::Manual,
            Origin::Deviating(_) => true,
            Origin::Launch { .. } => false,
            Origin::Url { control, .. } => control.is_some(),
        }
    }

    fn pool(&self, profile: &str) -> Arc<Pool> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        let most = match &self.origin {
            Origin::Bundled(_) | Origin::Deviating(_) => self.side_by_side,
            Origin::Launch { .. } | Origin::Url { .. } => 1,
        };
        let new = || Pool {
            permits: Arc::new(Semaphore::new(most)),
            idle: Mutex::default(),
            shared: AsyncMutex::default(),
        };
        Arc::clone(pools.entry(profile.to_owned()).or_insert_with(|| Arc::new(new())))
    }

    async fn start_profile(&self, profile: &str) -> Result<Arc<Server>, FleetError> {
        let yaml = fill_with_nobody(profiles::text(profile).unwrap_or_default());
        self.start(&yaml, self.needs_voice).await
    }

    /// Starts one with this configuration.
    async fn start(&self, yaml: &str, needs_voice: bool) -> Result<Arc<Server>, FleetError> {
        let (running, url, password, manual_time) = match &self.origin {
            Origin::Bundled(options) => {
                let bundled = Bundled::start(yaml, *options, &self.settings.authority.path())
                    .map_err(FleetError::Bundled)?;
                let (url, control) = (bundled.url().to_owned(), bundled.control());
                (Running::Bundled(bundled), url, Secret::new(Bundled::password()), control)
            }
            Origin::Deviating(deviation) => {
                let server = Deviating::start(yaml, deviation, &self.settings.authority.path())
                    .await
                    .map_err(FleetError::Bundled)?;
                let (url, control) = (server.url.clone(), Some(server.control.clone()));
                (Running::Deviating(server), url, Secret::new(Bundled::password()), control)
            }
            Origin::Launch { launch, password, .. } => {
                let launched = launch.start(yaml).await;
                let launched = launched.map_err(|error| FleetError::Launch(Arc::new(error)))?;
                let url = launched.url().to_owned();
                (Running::Launched(Mutex::new(Some(launched))), url, password.clone(), None)
            }
            Origin::Url { url, password, control, .. } => {
                (Running::Elsewhere, url.clone(), password.clone(), control.clone())
            }
        };
        let mut budgets = self.settings.budgets.clone();
        match manual_time {
            Some(_) => budgets = budgets.for_manual_time(),
            None => budgets.lag = budgets.lag.for_target(),
        }
        let settings =
            Arc::new(Settings { url, password, manual_time, budgets, ..self.settings.clone() });
        let mut target = probe(&settings).await?;
        target.capabilities = target.capabilities.or_declared(&self.declared);
        let foreign = matches!(running, Running::Elsewhere | Running::Launched(_));
        if foreign && needs_voice {
            let lacking = voice::lacking(&settings).await;
            target.capabilities = target.capabilities.without_voice(lacking);
        }
        check_clock(&settings).await?;
        let mut measuring = JoinSet::new();
        if settings.manual_time.is_none() {
            measuring.spawn(measure(Arc::clone(&settings)));
        }
        let death = Mutex::default();
        let server = Arc::new(Server { settings, target, running, death, measuring });
        self.started().push(Arc::downgrade(&server));
        Ok(server)
    }
}

/// Whether a scenario is about what a guarded source sends.
fn needs_upstream(scenario: &Scenario) -> bool {
    scenario.needs().any(|need| need == "upstream")
}

/// How often the code of a deviation ran on a server. One that does not answer any more has
/// nothing to tell.
async fn reached_on(server: &Server, deviation: &str) -> u64 {
    let Some(control) = &server.settings.manual_time else { return 0 };
    let list = control.deviations(&server.settings).await.unwrap_or_default();
    let counts = list.iter().filter(|(name, ..)| name == deviation);
    counts.filter_map(|(.., reached)| *reached).sum()
}

/// A token was given to move the target's time, so it has to let itself be moved.
async fn check_clock(settings: &Settings) -> Result<(), FleetError> {
    let Some(control) = &settings.manual_time else { return Ok(()) };
    if control.time(settings).await.map_err(FleetError::Control)?.manual {
        return Ok(());
    }
    let message = "its clock is the machine's; start it with --clock manual, or leave the token \
                   of the control API out";
    Err(FleetError::Control(Failure::harness(message)))
}

impl Server {
    fn take_launched(&self) -> Option<Launched> {
        match &self.running {
            Running::Launched(launched) => {
                launched.lock().unwrap_or_else(PoisonError::into_inner).take()
            }
            _ => None,
        }
    }

    fn death(&self) -> MutexGuard<'_, Option<Death>> {
        self.death.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    fn idle(&self) -> MutexGuard<'_, Vec<Arc<Server>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    /// How to reach the server.
    pub fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.server.settings)
    }

    /// What guarded sources of the server ask, if it was started for that.
    pub(crate) fn upstream(&self) -> Option<Arc<Upstream>> {
        self.upstream.clone()
    }

    /// What the server is.
    pub fn target(&self) -> &Target {
        &self.server.target
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
                let what = launched.ended();
                let log = launched.log_tail(LAST_LINES);
                launched.stop().await;
                let what = what.unwrap_or_else(|| "it ran, but did not answer any more".into());
                let take = |left: usize| left.checked_sub(1);
                let replaced = self
                    .restarts_left
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
                    .is_ok();
                Death { what, log, replaced }
            }
            None => Death {
                what: "it does not answer any more".into(),
                log: Vec::new(),
                replaced: false,
            },
        };
        *self.server.death() = Some(death.clone());
        if death.replaced {
            *shared = Shared::NotStarted;
        }
        death
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.permit.is_some() && !self.discarded {
            self.pool.idle().push(Arc::clone(&self.server));
        }
    }
}
