//! The process group of a target, and all that there are.

use std::collections::BTreeMap;
use std::io;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use super::group;
use super::interrupt::Interrupts;
use super::log::Log;
use crate::settings::Secret;

/// How long the last words of a target that has ended may take.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// From being asked to end until being killed.
const GRACE: Duration = Duration::from_secs(5);

/// How long a killed group may take to be gone.
const BURIAL: Duration = Duration::from_secs(1);

/// Every group that runs.
static RUNNING: Mutex<Running> = Mutex::new(Running { over: false, groups: BTreeMap::new() });

struct Running {
    /// Nothing more is to be started.
    over: bool,
    /// By the id of the group.
    groups: BTreeMap<u32, Arc<Process>>,
}

/// A process group and the folder that it was given.
#[derive(Debug)]
pub(super) struct Process {
    /// Of its leader, and thereby of the group.
    id: u32,
    log: Log,
    state: Mutex<State>,
}

/// What there is of it; nothing, once it is over.
#[derive(Debug)]
struct State {
    /// Not waited for until the group is dead: so long the system gives its id to nobody else.
    leader: Option<Child>,
    dir: Option<TempDir>,
}

impl Process {
    /// Starts a command as the leader of a new group; `None` if the runner has been told to end.
    pub(super) fn spawn(
        mut command: Command,
        dir: TempDir,
        password: Secret,
    ) -> io::Result<Option<Arc<Self>>> {
        // Locked until it is known there, so that no signal comes in between.
        let mut running = running();
        if running.over {
            return Ok(None);
        }
        // One for both outputs, so that lines stay in their order.
        let (output, input) = io::pipe()?;
        command.stdin(Stdio::null()).stdout(input.try_clone()?).stderr(input);
        let leader = group::spawn(&mut command)?;
        let process = Arc::new(Self {
            id: leader.id(),
            log: Log::new(password),
            state: Mutex::new(State { leader: Some(leader), dir: Some(dir) }),
        });
        running.groups.insert(process.group(), Arc::clone(&process));
        drop(running);
        if let Err(error) = process.log.follow(output) {
            process.kill();
            return Err(error);
        }
        // It holds the other end of the pipe, which would never be closed.
        drop(command);
        Ok(Some(process))
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// How the leader ended; `None` while it runs.
    pub(super) fn ended(&self) -> Option<String> {
        match &mut self.state().leader {
            None => Some("it was stopped".into()),
            Some(leader) => group::ended(leader),
        }
    }

    /// Waits for what a leader that has ended said at last, which may still be on its way.
    pub(super) async fn hear_last_words(&self) {
        wait_until(LAST_WORDS, || self.log.is_closed()).await;
    }

    /// Asks the group to end, and kills what is left of it after [`GRACE`].
    pub(super) async fn stop(&self) {
        if let Some(leader) = &mut self.state().leader {
            group::ask_to_end(leader);
        }
        // Who is still there after the leader mostly shares its outputs.
        wait_until(GRACE, || self.ended().is_some() && self.log.is_closed()).await;
        self.kill();
        wait_until(BURIAL, || self.log.is_closed()).await;
    }

    /// Kills the group and removes the folder; does nothing if that has been done.
    pub(super) fn kill(&self) {
        let mut state = self.state();
        if let Some(mut leader) = state.leader.take() {
            group::kill(&mut leader);
            // A child that is not there any more needs no grave.
            leader.wait().ok();
        }
        // A folder that cannot be removed is the system's to clean up.
        state.dir.take().map(TempDir::close);
        drop(state);
        running().groups.remove(&self.group());
    }

    /// The id of the group.
    pub(super) fn group(&self) -> u32 {
        self.id
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops every target that runs, all at once, as [`Launched::stop`](super::Launched::stop) does.
pub async fn stop_all() {
    let groups: Vec<_> = running().groups.values().cloned().collect();
    futures::future::join_all(groups.iter().map(|group| group.stop())).await;
}

/// The wish that the runner ends.
#[derive(Debug)]
pub struct Interruption(Interrupts);

impl Interruption {
    /// From now on the runner is not ended by SIGINT or SIGTERM (on Windows Ctrl-C or Ctrl-Break)
    /// any more, but told to end.
    ///
    /// # Errors
    /// The system does not let signals be waited for.
    pub fn listen() -> io::Result<Self> {
        Interrupts::listen().map(Self)
    }

    /// Waits until the runner is told to end. From then on no target is started.
    pub async fn wait(&mut self) {
        self.0.next().await;
        running().over = true;
    }

    /// Stops every target, at once if a second signal comes.
    pub async fn stop_all(mut self) {
        tokio::select! {
            () = stop_all() => {}
            _ = self.0.next() => kill_all(),
        }
    }
}

/// The result of some work; `None` if the runner was told to end before it was done. Then every
/// target has been stopped, and the work, which would have seen that, stood still.
///
/// # Errors
/// The system does not let signals be waited for.
pub async fn unless_interrupted<T>(work: impl Future<Output = T>) -> io::Result<Option<T>> {
    let mut interruption = Interruption::listen()?;
    let mut work = std::pin::pin!(work);
    tokio::select! {
        ended = &mut work => return Ok(Some(ended)),
        () = interruption.wait() => {}
    }
    interruption.stop_all().await;
    Ok(None)
}

fn kill_all() {
    let groups: Vec<_> = running().groups.values().cloned().collect();
    groups.iter().for_each(|group| group.kill());
}

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for something that cannot be waited for otherwise, not for longer than `limit`.
pub(super) async fn wait_until(limit: Duration, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() && began.elapsed() < limit {
        sleep(Duration::from_millis(10)).await;
    }
}
