//! A run: scheduling, hooks, the health of the servers.

use std::collections::BTreeMap;
use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use cucumber::event::{ScenarioFinished, StepError};
use cucumber::{Cucumber, cli, runner};
use futures::FutureExt;

use super::feed::Feed;
use super::listen::{Ended, EvidenceStore, Listener, NotApplicable, NotRun};
use crate::failure::{Failure, FailureKind};
use crate::lag::is_starved;
use crate::report::{Outcome, Progress, Run, ScenarioResult};
use crate::spec::{Rule, Scenario};
use crate::steps;
use crate::target::{Fleet, FleetError, is_alive, profiles};
use crate::verdict::Status;
use crate::world::{Evidence, World};

/// How to run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Scenarios side by side.
    pub jobs: usize,
    /// How often each runs.
    pub repeat: usize,
    /// End at the first that does not pass.
    pub fail_fast: bool,
    /// Keep what crossed the wire of scenarios that pass, too.
    pub keep_timelines: bool,
    /// Scenarios that cannot be judged on this target, and why.
    pub excluded: BTreeMap<String, String>,
}

/// How often a scenario runs again because it did not pass on a machine that was starved.
const MOST_REPEATS: usize = 3;

/// Of as many scenarios one runs again at a time: they may have starved each other.
const FEWER: usize = 4;

/// Scenarios that run one after the other or side by side.
#[derive(Debug)]
struct Pass<'a> {
    jobs: usize,
    ids: Vec<&'a str>,
    /// How often they have run before on a machine that was starved.
    repeats: usize,
}

impl<'a> Pass<'a> {
    fn first(jobs: usize, ids: Vec<&'a str>) -> Self {
        Self { jobs, ids, repeats: 0 }
    }
}

/// What the hooks of a run share.
#[derive(Debug)]
struct Shared {
    fleet: Arc<Fleet>,
    scenarios: BTreeMap<String, Scenario>,
    fail_fast: bool,
    evidence: EvidenceStore,
    /// Nothing more is to run.
    over: AtomicBool,
    /// The target stopped answering, and there is no other.
    target_died: AtomicBool,
}

/// Runs the chosen scenarios and tells what became of each, and what went wrong outside them. An
/// error if there is no server for the first of them.
pub async fn run(
    chosen: &[(&Rule, &Scenario)],
    fleet: Arc<Fleet>,
    options: &Options,
    progress: Progress,
) -> Result<(Run, Vec<String>), FleetError> {
    let began = Instant::now();
    let mut reasons = options.excluded.clone();
    for (_, scenario) in chosen {
        if let Some(reason) = fleet.lacking(scenario) {
            reasons.entry(scenario.id.clone()).or_insert(reason);
        }
    }
    let runnable: BTreeMap<_, _> = chosen
        .iter()
        .filter(|(_, scenario)| !reasons.contains_key(&scenario.id))
        .map(|(_, scenario)| (scenario.id.clone(), (*scenario).clone()))
        .collect();
    let order = chosen.iter().map(|(_, scenario)| scenario.id.as_str());
    let order: Vec<_> = order.filter(|id| runnable.contains_key(*id)).collect();
    let first = order.first().and_then(|id| runnable.get(*id));
    let profile = first.map_or(profiles::PLAIN, Scenario::profile).to_owned();
    let lease = fleet.lease(&profile).await?;
    let (target, manual_time) = (lease.target().clone(), lease.settings().manual_time.is_some());
    drop(lease);
    let shared = Arc::new(Shared {
        fleet: Arc::clone(&fleet),
        scenarios: runnable.clone(),
        fail_fast: options.fail_fast,
        evidence: EvidenceStore::default(),
        over: AtomicBool::new(false),
        target_died: AtomicBool::new(false),
    });
    let mut attempts: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    let mut starved: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    let lag = fleet.lag();
    let lag_began = tokio::time::Instant::now();
    let mut broken = Vec::new();
    let jobs = fleet.width(options.jobs.max(1));
    let mut passes = std::collections::VecDeque::new();
    passes.extend((0..options.repeat.max(1)).map(|_| Pass::first(jobs, order.clone())));
    while let Some(Pass { jobs, ids, repeats }) = passes.pop_front() {
        if shared.over.load(Ordering::SeqCst) {
            break;
        }
        let features = ids.iter().map(|id| runnable[*id].feature.clone()).collect();
        let mut listener = Listener::new(Arc::clone(&shared.evidence), progress.clone());
        listener.keep_timelines = options.keep_timelines;
        let scheduled = schedule(features, jobs, Arc::clone(&shared), listener);
        let listener = tokio::select! {
            listener = scheduled => listener,
            () = lag.watch_clock() => break,
        };
        broken.extend(listener.broken);
        let (mut again, mut late) = (Vec::new(), Vec::new());
        for (id, ended) in listener.ended {
            match ended {
                // Others ran beside it; alone it shows which of them the target died of.
                Ended::Ran(outcome)
                    if outcome.target_died && jobs > 1 && !shared.over.load(Ordering::SeqCst) =>
                {
                    again.extend(ids.iter().find(|other| **other == id));
                }
                Ended::Ran(outcome) if outcome.is_starved() => {
                    if repeats < MOST_REPEATS && !shared.over.load(Ordering::SeqCst) {
                        late.extend(ids.iter().find(|other| **other == id));
                        starved.entry(id).or_default().push(outcome);
                    } else {
                        attempts.entry(id).or_default().push(outcome.not_established());
                    }
                }
                Ended::Ran(outcome) => attempts.entry(id).or_default().push(outcome),
                Ended::NotApplicable(reason) => _ = reasons.insert(id, reason),
                Ended::NotRun => {}
            }
        }
        progress.expect(again.len() + late.len());
        if !late.is_empty() {
            let jobs = (jobs / FEWER).max(1);
            passes.push_front(Pass { jobs, ids: late, repeats: repeats + 1 });
        }
        if !again.is_empty() {
            passes.push_front(Pass { jobs: 1, ids: again, repeats });
        }
    }
    // It may have died with its last answer.
    let target_died = shared.target_died.load(Ordering::SeqCst)
        || match fleet.lease(&profile).await {
            Ok(lease) => !is_alive(&lease.settings()).await,
            Err(_) => true,
        };
    let scenarios: Vec<_> = chosen
        .iter()
        .map(|(rule, scenario)| {
            let without =
                |status, reason: &str| ScenarioResult::without_run(rule, scenario, status, reason);
            match (reasons.get(&scenario.id), attempts.remove(&scenario.id)) {
                (Some(reason), _) => without(Status::NotApplicable, reason),
                (None, Some(attempts)) => {
                    let starved = starved.remove(&scenario.id).unwrap_or_default();
                    ScenarioResult { starved, ..ScenarioResult::of(rule, scenario, attempts) }
                }
                (None, None) if target_died => without(Status::NotRun, "the target died before"),
                (None, None) => without(Status::NotRun, "the run ended before"),
            }
        })
        .collect();
    let worst = worst_lag(&scenarios).max(lag.worst_since(lag_began));
    let run = Run {
        target: target.url,
        target_version: target.version,
        manual_time,
        duration: began.elapsed(),
        target_died,
        lag: worst,
        scenarios,
        ..Run::default()
    };
    Ok((run, broken))
}

/// How far the machine was behind at worst while one of them ran.
fn worst_lag(scenarios: &[ScenarioResult]) -> Duration {
    let attempts = scenarios.iter().flat_map(|s| s.attempts.iter().chain(&s.starved));
    attempts.map(|attempt| attempt.lag).max().unwrap_or_default()
}

async fn schedule(
    features: Vec<gherkin::Feature>,
    jobs: usize,
    shared: Arc<Shared>,
    listener: Listener,
) -> Listener {
    let beginning = Arc::clone(&shared);
    let runner = runner::Basic::default()
        .steps(steps::collection())
        .max_concurrent_scenarios(jobs)
        .before(move |_, _, scenario, world| {
            let (shared, id) = (Arc::clone(&beginning), scenario.name.clone());
            async move { shared.begin(&id, world).await }.boxed_local()
        })
        .after(move |_, _, scenario, finished, world| {
            let (shared, id) = (Arc::clone(&shared), scenario.name.clone());
            let failure = failure_of(finished);
            async move {
                let Some(world) = world else { return };
                let evidence = shared.finish(world, failure).await;
                shared.evidence.lock().unwrap_or_else(PoisonError::into_inner).insert(id, evidence);
            }
            .boxed_local()
        });
    let options = cli::Opts {
        re_filter: None,
        tags_filter: None,
        parser: cli::Empty,
        runner: runner::basic::Cli::default(),
        writer: cli::Empty,
        custom: cli::Empty,
    };
    Cucumber::<_, _, (), _, _, cli::Empty>::custom(Feed(features), runner, listener)
        .with_cli(options)
        .run(())
        .await
}

impl Shared {
    /// Gives a scenario its server. It does not go on if there is none for it.
    async fn begin(&self, id: &str, world: &mut World) {
        if self.over.load(Ordering::SeqCst) {
            panic_any(NotRun);
        }
        let Some(scenario) = self.scenarios.get(id) else { panic_any(NotRun) };
        let lease = match self.fleet.lease_for(scenario).await {
            Ok(lease) => lease,
            Err(error) => panic_any(Failure::harness(format!("there is no server: {error}"))),
        };
        if let Some(reason) = lease.target().capabilities.lacking(scenario) {
            panic_any(NotApplicable(reason));
        }
        if let Err(failure) = world.begin(lease, scenario.listens()).await {
            panic_any(failure);
        }
    }

    /// Ends a scenario that failed with this, if it did; looks after the server if need be.
    async fn finish(&self, world: &mut World, failure: Option<Failure>) -> Evidence {
        let (mut evidence, lease) = world.finish().await;
        let transport = |failure: &Failure| failure.kind == FailureKind::Transport;
        let broken = failure.as_ref().is_some_and(transport)
            || evidence.failure.as_ref().is_some_and(transport);
        let bad = failure.is_some() || evidence.failure.is_some();
        let dead = match &lease {
            Some(lease) if broken => !is_alive(&lease.settings()).await,
            _ => false,
        };
        match lease {
            Some(lease) if dead => {
                let death = lease.bury().await;
                if !death.replaced {
                    self.over.store(true, Ordering::SeqCst);
                    self.target_died.store(true, Ordering::SeqCst);
                }
                evidence.death = Some(death);
                return evidence;
            }
            Some(lease) => self.fleet.give_back(lease).await,
            None => {}
        }
        if bad && self.fail_fast && !is_starved(evidence.lag) {
            self.over.store(true, Ordering::SeqCst);
        }
        evidence
    }
}

/// What a step failed with, if it failed with something that the runner knows.
fn failure_of(finished: &ScenarioFinished) -> Option<Failure> {
    match finished {
        ScenarioFinished::StepFailed(_, _, StepError::Panic(payload)) => {
            payload.downcast_ref::<Failure>().cloned()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
