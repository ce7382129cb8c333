//! Servers whose guarded source asks the runner's upstream.
//!
//! A route planner is the same for everybody on its server, and remembers. So a scenario that has
//! it asked for addresses has a server to itself, whose planner nobody has used. While it runs the
//! servers of the next ones start. A launched server takes seconds to start, so one that has no
//! traces of its scenario is kept for another.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OnceCell, Semaphore};

use super::super::profiles;
use super::lease::Lease;
use super::server::Server;
use super::{Fleet, FleetError, Origin, traces};
use crate::spec::Scenario;
use crate::upstream::{Site, UpstreamOptions};

/// How many servers are kept that nobody uses.
const MOST_IDLE: usize = 4;

/// The servers whose route planner one scenario at a time has to itself.
#[derive(Debug)]
pub(super) struct Guarded {
    /// How the target is brought to ask the upstream, if it can be.
    pub(super) options: Option<UpstreamOptions>,
    /// How many scenarios may have one, each with a server that runs or starts.
    permits: Arc<Semaphore>,
    /// Started when it is first needed.
    site: OnceCell<Site>,
    /// By their profile; the one that waits longest is the first.
    idle: Mutex<Vec<(String, Arc<Server>)>>,
    /// Told when there is one more.
    freed: Notify,
}

impl Guarded {
    pub(super) fn new(options: Option<UpstreamOptions>, side_by_side: usize) -> Self {
        Self {
            options,
            permits: Arc::new(Semaphore::new(side_by_side)),
            site: OnceCell::new(),
            idle: Mutex::default(),
            freed: Notify::new(),
        }
    }

    fn take_idle(&self, profile: &str) -> Option<Arc<Server>> {
        let mut idle = self.idle();
        let at = idle.iter().position(|(its, _)| its == profile)?;
        Some(idle.remove(at).1)
    }

    /// Keeps one more; gives back the one that there is no room for.
    fn keep_idle(&self, profile: String, server: Arc<Server>) -> Option<Arc<Server>> {
        let mut idle = self.idle();
        idle.push((profile, server));
        self.freed.notify_waiters();
        (idle.len() > MOST_IDLE).then(|| idle.remove(0).1)
    }

    pub(super) fn idle(&self) -> MutexGuard<'_, Vec<(String, Arc<Server>)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fleet {
    /// The server for a scenario, as soon as there is one.
    ///
    /// # Errors
    /// There is none, or the upstream cannot be started.
    pub async fn lease_for(&self, scenario: &Scenario) -> Result<Lease, FleetError> {
        let profile = scenario.profile();
        let options = self.guarded.options.as_ref().filter(|_| needs_upstream(scenario));
        let Some(options) = options else { return self.lease(profile).await };
        let pool = self.pool(profile);
        let permits = match &self.origin {
            Origin::Url { .. } => &pool.permits,
            _ => &self.guarded.permits,
        };
        // The semaphores are never closed.
        let permit = Arc::clone(permits).acquire_owned().await.ok();
        let site = self.guarded.site.get_or_try_init(|| self.start_site(options)).await?;
        let server = self.unused(profile, site).await?;
        let mut lease = self.leased(server, pool, permit);
        lease.upstream = Some(Arc::new(site.upstream()));
        // What becomes of it is decided when it is given back.
        lease.discard();
        Ok(lease)
    }

    async fn start_site(&self, options: &UpstreamOptions) -> Result<Site, FleetError> {
        let tls = match options.tls.as_slice() {
            [] => None,
            names => Some(self.settings.authority.server_for(names)?),
        };
        Site::start(options.clone(), tls).await.map_err(FleetError::Upstream)
    }

    /// One whose planner nobody has used: one that is kept, or a new one.
    async fn unused(&self, profile: &str, site: &Site) -> Result<Arc<Server>, FleetError> {
        let guarded = &self.guarded;
        let turn = self.starts.acquire();
        tokio::pin!(turn);
        loop {
            let freed = guarded.freed.notified();
            if let Some(server) = guarded.take_idle(profile) {
                return Ok(server);
            }
            tokio::select! {
                _turn = &mut turn => {
                    if let Some(server) = guarded.take_idle(profile) {
                        return Ok(server);
                    }
                    let text = site.fill(profiles::text(profile).unwrap_or_default());
                    return self.start(&text).await;
                }
                () = freed => {}
            }
        }
    }

    /// Ends a lease.
    pub async fn give_back(&self, lease: Lease) {
        if let Origin::Deviating(deviation) = &self.origin
            && lease.discarded
        {
            // Nobody can ask the server later.
            let count = lease.server.reached(deviation).await;
            self.reached_before.fetch_add(count, Ordering::SeqCst);
        }
        let Some(upstream) = lease.upstream() else { return };
        if let Origin::Launch { .. } = &self.origin {
            let server = Arc::clone(&lease.server);
            let unneeded = if traces::are_gone(&server.settings, &upstream.seen()).await {
                let profile = lease.pool.profile.clone();
                self.guarded.keep_idle(profile, server)
            } else {
                Some(server)
            };
            drop(lease);
            if let Some(launched) = unneeded.and_then(|server| server.take_launched()) {
                self.stop_behind(launched);
            }
            return;
        }
        // A bundled one ends with its thread, which must not keep this one waiting.
        tokio::task::spawn_blocking(move || drop(lease)).await.ok();
    }
}

/// Whether a scenario is about what a guarded source sends.
fn needs_upstream(scenario: &Scenario) -> bool {
    scenario.needs().any(|need| need == "upstream")
}
