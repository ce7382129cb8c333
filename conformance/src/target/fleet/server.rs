//! A running server, and how it is started.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;

use super::super::bundled::Bundled;
use super::super::deviating::{Deviating, Program};
use super::super::launch::Launched;
use super::super::probe::measure;
use super::super::{Target, probe};
use super::{Death, Fleet, FleetError, Origin};
use crate::client::Control;
use crate::failure::Failure;
use crate::settings::{Secret, Settings};

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    /// How to reach it.
    pub(super) settings: Arc<Settings>,
    /// What it can do.
    pub(super) target: Target,
    running: Running,
    /// Whether it did not join a voice channel that a scenario could do without.
    pub(super) stays_out: AtomicBool,
    /// Whether that is so on every server of the run.
    pub(super) nobody_joins: Arc<AtomicBool>,
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

impl Server {
    /// What runs, if the runner has launched it; only once.
    pub(super) fn take_launched(&self) -> Option<Launched> {
        match &self.running {
            Running::Launched(launched) => {
                launched.lock().unwrap_or_else(PoisonError::into_inner).take()
            }
            _ => None,
        }
    }

    pub(super) fn death(&self) -> MutexGuard<'_, Option<Death>> {
        self.death.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often the code of a deviation ran on it. One that does not answer any more has nothing
    /// to tell.
    pub(super) async fn reached(&self, deviation: &str) -> u64 {
        let Some(control) = &self.settings.manual_time else { return 0 };
        let list = control.deviations(&self.settings).await.unwrap_or_default();
        let counts = list.iter().filter(|(name, ..)| name == deviation);
        counts.filter_map(|(.., reached)| *reached).sum()
    }
}

impl Fleet {
    /// Starts one with this configuration.
    pub(super) async fn start(&self, yaml: &str) -> Result<Arc<Server>, FleetError> {
        let (running, url, password, manual_time) = match &self.origin {
            Origin::Bundled(options) => {
                let bundled = Bundled::start(yaml, *options, &self.settings.authority.path())
                    .map_err(FleetError::Bundled)?;
                let (url, control) = (bundled.url().to_owned(), bundled.control());
                (Running::Bundled(bundled), url, Secret::new(Bundled::password()), control)
            }
            Origin::Deviating(deviation) => {
                let program = Program::deviating(deviation).map_err(FleetError::Bundled)?;
                self.start_program(yaml, &program).await?
            }
            Origin::Changed(program) => self.start_program(yaml, program).await?,
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
        check_clock(&settings).await?;
        let mut measuring = JoinSet::new();
        if settings.manual_time.is_none() {
            measuring.spawn(measure(Arc::clone(&settings)));
        }
        let server = Arc::new(Server {
            settings,
            target,
            running,
            stays_out: AtomicBool::new(false),
            nobody_joins: Arc::clone(&self.nobody_joins),
            death: Mutex::default(),
            measuring,
        });
        self.started().push(Arc::downgrade(&server));
        Ok(server)
    }

    /// Starts a process that has this configuration: itself, where it is, and how to reach it.
    async fn start_program(
        &self,
        yaml: &str,
        program: &Program,
    ) -> Result<(Running, String, Secret, Option<Control>), FleetError> {
        let server = Deviating::start(yaml, program, &self.settings.authority.path())
            .await
            .map_err(FleetError::Bundled)?;
        let (url, control) = (server.url.clone(), Some(server.control.clone()));
        Ok((Running::Deviating(server), url, Secret::new(Bundled::password()), control))
    }

    /// How often the code of a deviation ran, over all servers.
    pub async fn reached(&self, deviation: &str) -> u64 {
        let servers: Vec<_> = self.started().iter().filter_map(std::sync::Weak::upgrade).collect();
        let mut sum = self.reached_before.load(Ordering::SeqCst);
        for server in servers {
            sum += server.reached(deviation).await;
        }
        sum
    }
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
