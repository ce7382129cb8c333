//! Plays cases side by side until time or numbers are over.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::case::Case;
use super::drive::{Driver, Played};
use super::finding::{Fault, Finding};
use super::generate::Grammar;
use super::growth::{Use, of_group};
use super::summary::Summary;
use super::{health, progress::Progress};

/// Cases side by side.
const WORKERS: usize = 8;

/// After so many cases it is asked whether the server still serves others.
const CHECK_EVERY: u64 = 250;

/// Of fewer cases than this nothing is said about growth: a server is still getting warm.
const FEWEST_CASES: u64 = 2000;

/// How long players and memory of the last cases may take to be given back.
const SETTLING: Duration = Duration::from_secs(8);

/// Files that a server may have open at the end beyond those when it was warm: logs, caches,
/// connections that time out.
const MORE_FILES: u64 = 64;

/// How many cases are named that ran when the server stopped serving others.
const NAMED_CASES: usize = 24;

/// What to do.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) seed: u64,
    /// The end after so much time.
    pub(crate) time: Option<Duration>,
    /// The end after so many cases.
    pub(crate) cases: Option<u64>,
    /// What cases depend on besides the seed.
    pub(crate) grammar: Grammar,
    /// The process group of the server, if it was started by the run.
    pub(crate) group: Option<u32>,
    /// How many MiB it may grow in the second half.
    pub(crate) most_growth: u64,
}

struct Shared {
    driver: Driver,
    options: Options,
    began: Instant,
    next: AtomicU64,
    stopped: AtomicBool,
    summary: Mutex<Summary>,
    recent: Mutex<VecDeque<u64>>,
    /// The most that was used in the first half of the run. Large bodies are rare, and allocators
    /// keep what they once had, so that less than half would not be warm.
    warm: Mutex<Use>,
    progress: Progress,
}

/// Plays cases; `summary` says what is known before.
///
/// # Errors
/// The server does not serve anybody from the start, so nothing can be said.
pub(crate) async fn run(
    driver: Driver,
    options: Options,
    summary: Summary,
) -> Result<Summary, Finding> {
    health::check(&driver).await?;
    let players = health::players(&driver).await?;
    let shared = Arc::new(Shared {
        driver,
        began: Instant::now(),
        next: AtomicU64::new(0),
        stopped: AtomicBool::new(false),
        summary: Mutex::new(summary),
        recent: Mutex::default(),
        warm: Mutex::default(),
        progress: Progress::new(options.time, options.cases),
        options,
    });
    let workers = (0..WORKERS).map(|_| tokio::spawn(work(Arc::clone(&shared))));
    for worker in workers.collect::<Vec<_>>() {
        if let Err(error) = worker.await {
            // A panic is a defect of this program, and hides what the server does.
            std::panic::resume_unwind(error.into_panic());
        }
    }
    shared.progress.close();
    let duration = shared.began.elapsed();
    if !shared.stopped.load(Ordering::SeqCst) {
        if let Err(finding) = health::check(&shared.driver).await {
            shared.died(finding);
        } else {
            shared.settle(players).await;
        }
    }
    let mut summary = shared.summary().clone();
    summary.duration = duration;
    Ok(summary)
}

/// Plays one case.
pub(crate) async fn play(driver: &Driver, options: &Options, number: u64) -> (Case, Played) {
    let case = Case::of(options.seed, number, options.grammar);
    let played = driver.play(&case).await;
    (case, played)
}

async fn work(shared: Arc<Shared>) {
    while let Some(number) = shared.take() {
        if number > 0 && number.is_multiple_of(CHECK_EVERY) {
            shared.measure(number);
            if let Err(finding) = health::check(&shared.driver).await {
                shared.died(finding);
                return;
            }
        }
        let (case, played) = play(&shared.driver, &shared.options, number).await;
        let hung = played.is_stuck();
        {
            let mut summary = shared.summary();
            summary.add(number, case.kind, played);
            shared.progress.tell(summary.cases, summary.findings());
        }
        // One that serves nobody any more would let every other case wait in vain.
        if hung && let Err(finding) = health::check(&shared.driver).await {
            shared.died(finding);
            return;
        }
    }
}

impl Shared {
    /// The number of the next case, if there is to be another one.
    fn take(&self) -> Option<u64> {
        let over = self.options.time.is_some_and(|time| self.began.elapsed() >= time);
        if over || self.stopped.load(Ordering::SeqCst) {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        if self.options.cases.is_some_and(|cases| number >= cases) {
            return None;
        }
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push_back(number);
        if recent.len() > NAMED_CASES {
            recent.pop_front();
        }
        Some(number)
    }

    fn summary(&self) -> MutexGuard<'_, Summary> {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It does not serve others any more, so nothing more can be tried.
    fn died(&self, finding: Finding) {
        if self.stopped.swap(true, Ordering::SeqCst) {
            return;
        }
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let cases: Vec<_> = recent.iter().map(u64::to_string).collect();
        let mut finding = finding;
        finding.detail.push(format!("the last cases: {}", cases.join(", ")));
        self.summary().find(None, finding);
    }

    fn measure(&self, number: u64) {
        let half = |whole: u64| number <= whole / 2;
        let early = self.options.cases.is_some_and(half)
            || self.options.time.is_some_and(|time| self.began.elapsed() <= time / 2);
        if let Some(used) = self.options.group.filter(|_| early).and_then(of_group) {
            let mut warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
            *warm = warm.max(used);
        }
    }

    /// Waits until what clients left behind is gone; what stays is a finding.
    async fn settle(&self, players_before: i64) {
        let was_warm = self.next.load(Ordering::SeqCst) >= FEWEST_CASES;
        let warm = *self.warm.lock().unwrap_or_else(PoisonError::into_inner);
        let began = Instant::now();
        loop {
            let players = match health::players(&self.driver).await {
                Ok(players) => players - players_before,
                Err(finding) => return self.died(finding),
            };
            let used = self.options.group.filter(|_| was_warm).and_then(of_group);
            let memory = used.map(|used| used.memory.saturating_sub(warm.memory) / 1024);
            let files = used.map(|used| used.files.saturating_sub(warm.files));
            let grown = memory.is_some_and(|memory| memory > self.options.most_growth);
            let open = files.is_some_and(|files| files > MORE_FILES);
            let waits = players > 0 || grown || open;
            if waits && began.elapsed() < SETTLING {
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            let mut summary = self.summary();
            summary.used = used.map(|used| (warm, used));
            if players > 0 {
                let what = format!("{players} players are there though all sessions are closed");
                summary.find(None, Finding::new(Fault::Leak, what));
            }
            if let Some(memory) = memory.filter(|_| grown) {
                let what = format!("{memory} MiB more memory than in the first half of the run");
                summary.find(None, Finding::new(Fault::Growth, what));
            }
            if let Some(files) = files.filter(|_| open) {
                let what = format!("{files} more open files than in the first half of the run");
                summary.find(None, Finding::new(Fault::Growth, what));
            }
            return;
        }
    }
}
