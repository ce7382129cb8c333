//! Generated cases, played on both servers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::difference::{Difference, differences};
use super::known::Exchanges;
use super::observed::Observed;
use super::summary::{Found, Origin, Summary};
use crate::fuzz::{
    Case, Delivery, Driver, Grammar, Kind, Played, Progress, Seen, Wire, endpoint, is_served,
};

/// Cases side by side.
const WORKERS: usize = 4;

/// The answer to a longer request than this can get lost.
const LONG_REQUEST: usize = 60_000;

/// How often a case is repeated whose answers differ: what differs each time counts.
const REPEATS: usize = 4;

/// Before each repetition. What a busy machine makes differ does so for a moment.
const PAUSE: Duration = Duration::from_millis(300);

/// Which cases.
#[derive(Clone, Debug)]
pub(crate) struct CaseOptions {
    pub(crate) seed: u64,
    /// How many, from 0.
    pub(crate) cases: u64,
    /// Only this one.
    pub(crate) case: Option<u64>,
    /// Only of these kinds; of all, if there are none.
    pub(crate) kinds: Vec<Kind>,
    /// No case begins after so much time.
    pub(crate) time: Option<Duration>,
    pub(crate) grammar: Grammar,
}

struct Shared {
    drivers: [Driver; 2],
    options: CaseOptions,
    began: Instant,
    next: AtomicU64,
    stopped: AtomicBool,
    progress: Progress,
    summary: Mutex<Summary>,
}

/// What one playing of a case on both came to.
#[derive(Default)]
struct Compared {
    /// Answers that were compared.
    answers: u64,
    /// Differences that are known.
    known: u64,
    /// The others.
    found: BTreeMap<(String, Kinds), Found>,
}

/// Plays cases on both servers and adds what differs to the summary. It ends early if one of them
/// does not serve any more.
pub(crate) async fn compare_cases(
    drivers: [Driver; 2],
    options: CaseOptions,
    summary: Summary,
) -> Summary {
    let shared = Arc::new(Shared {
        drivers,
        began: Instant::now(),
        next: AtomicU64::new(0),
        stopped: AtomicBool::new(false),
        progress: Progress::new(options.time, Some(options.cases)),
        summary: Mutex::new(summary),
        options,
    });
    if let Some(number) = shared.options.case {
        shared.compare(number).await;
    } else {
        let workers = (0..WORKERS).map(|_| tokio::spawn(work(Arc::clone(&shared))));
        for worker in workers.collect::<Vec<_>>() {
            if let Err(error) = worker.await {
                // A panic is a defect of this program, and hides what the servers do.
                std::panic::resume_unwind(error.into_panic());
            }
        }
    }
    shared.progress.close();
    shared.summary().clone()
}

async fn work(shared: Arc<Shared>) {
    while let Some(number) = shared.take() {
        shared.compare(number).await;
    }
}

impl Shared {
    fn take(&self) -> Option<u64> {
        let over = self.options.time.is_some_and(|time| self.began.elapsed() >= time);
        if over || self.stopped.load(Ordering::SeqCst) {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        (number < self.options.cases).then_some(number)
    }

    fn summary(&self) -> MutexGuard<'_, Summary> {
        self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn compare(&self, number: u64) {
        let case = Case::of(self.options.seed, number, self.options.grammar);
        if !self.options.kinds.is_empty() && !self.options.kinds.contains(&case.kind) {
            return;
        }
        let Compared { answers, known, mut found } = self.once(&case).await;
        let first_time = found.len();
        for _ in 0..REPEATS {
            if found.is_empty() {
                break;
            }
            tokio::time::sleep(PAUSE).await;
            let again = self.once(&case).await.found;
            found.retain(|key, _| again.contains_key(key));
        }
        let mut summary = self.summary();
        summary.cases += 1;
        summary.compared += answers;
        summary.known += known;
        summary.unsteady += (first_time - found.len()) as u64;
        found.into_values().for_each(|found| summary.find(found));
        self.progress.tell(summary.cases, summary.kinds());
    }

    /// Plays the case on both, and compares answer by answer up to the first that differs: what
    /// follows may be its consequence.
    async fn once(&self, case: &Case) -> Compared {
        let (first, second) = tokio::join!(self.drivers[0].play(case), self.drivers[1].play(case));
        for (which, played) in ["first", "second"].iter().zip([&first, &second]) {
            self.look_after(which, played, case.number).await;
        }
        let mut compared = Compared::default();
        for (one, other) in first.seen.iter().zip(&second.seen) {
            compared.answers += 1;
            let exchanges = Exchanges { steps: &case.steps, first: one, second: other };
            let differing = differing((one, &first.session), (other, &second.session));
            let (known, differing): (Vec<_>, Vec<_>) =
                differing.into_iter().partition(|difference| exchanges.is_known(difference));
            compared.known += known.len() as u64;
            for difference in differing {
                let found_here = Found {
                    place: endpoint(&one.request),
                    difference,
                    origin: Origin::Case(case.number),
                    curl: one.curl.clone(),
                };
                compared.found.insert(found_here.key(), found_here);
            }
            // Where one server did what the other refused, later answers tell of it.
            if !compared.found.is_empty() || known.iter().any(|it| it.about == "status") {
                break;
            }
        }
        compared
    }

    /// One that serves nobody any more would let every other case wait in vain.
    async fn look_after(&self, which: &str, played: &Played, case: u64) {
        if !played.is_stuck() {
            return;
        }
        let driver = &self.drivers[usize::from(which == "second")];
        if let Err(why) = is_served(driver).await {
            self.stopped.store(true, Ordering::SeqCst);
            let why =
                format!("the {which} server does not serve any more after case {case}: {why}");
            self.summary().broken.get_or_insert(why);
        }
    }
}

type Kinds = (String, String, String);

/// An exchange, and the session's id where there is one.
type Exchange<'a> = (&'a Seen, &'a Option<String>);

fn differing((first, session): Exchange<'_>, (second, other): Exchange<'_>) -> Vec<Difference> {
    if is_lost(first) || is_lost(second) {
        return Vec::new();
    }
    let mut found =
        differences(&observed(&first.outcome, session), &observed(&second.outcome, other));
    if found.is_empty() && first.closed != second.closed {
        let shown = |closed: Option<Option<u16>>| match closed {
            None => "open".to_owned(),
            Some(None) => "ended without a close frame".to_owned(),
            Some(Some(code)) => format!("closed with {code}"),
        };
        let (first, second) = (shown(first.closed), shown(second.closed));
        found.push(Difference::new("socket", &first, &second));
    }
    found
}

/// Whether an answer may have got lost: a server that refuses early and closes resets a client that
/// still sends, and one may hang up on a client that has closed its side.
fn is_lost(seen: &Seen) -> bool {
    let body = seen.request.body.as_deref().unwrap_or_default();
    let headers: usize = seen.request.headers.iter().map(|(_, value)| value.len()).sum();
    let length = body.len() + seen.request.target.len() + headers;
    let ended = matches!(seen.request.delivery, Delivery::Half(_));
    (length > LONG_REQUEST || ended) && matches!(seen.outcome, Wire::Closed | Wire::Garbled(_))
}

fn observed(outcome: &Wire, session: &Option<String>) -> Observed {
    match outcome {
        Wire::Answered(answer) => {
            let body = String::from_utf8_lossy(&answer.body);
            let body = match session {
                Some(id) => body.replace(id.as_str(), "(session)"),
                None => body.into_owned(),
            };
            Observed::answer(answer.status, &answer.headers, &body)
        }
        Wire::Closed => Observed::other("hung up"),
        Wire::Hung => Observed::other("no answer"),
        Wire::Garbled(_) => Observed::other("no HTTP, or half an answer"),
        Wire::Left => Observed::other("the client left"),
        Wire::Unreachable(_) => Observed::other("no connection"),
    }
}
