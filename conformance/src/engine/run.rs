//! A run: scheduling, hooks, the target's health.

use std::collections::BTreeMap;
use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use cucumber::event::{ScenarioFinished, StepError};
use cucumber::{Cucumber, cli, runner};
use futures::FutureExt;

use super::feed::Feed;
use super::listen::{Ended, EvidenceStore, Listener, NotRun};
use crate::failure::{Failure, FailureKind};
use crate::report::{Outcome, Progress, Run, ScenarioResult};
use crate::settings::Settings;
use crate::spec::{Rule, Scenario};
use crate::steps;
use crate::target::{Target, is_alive};
use crate::verdict::Status;

/// How to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Scenarios side by side.
    pub jobs: usize,
    /// How often each runs.
    pub repeat: usize,
    /// End at the first that does not pass.
    pub fail_fast: bool,
}

/// What the run knows of itself while it runs.
#[derive(Debug, Default)]
struct Health {
    /// Nothing more is to run.
    over: AtomicBool,
    /// The target stopped answering.
    target_died: AtomicBool,
}

/// Runs the chosen scenarios and tells what became of each.
pub async fn run(
    chosen: &[(&Rule, &Scenario)],
    target: &Target,
    settings: Arc<Settings>,
    options: &Options,
    progress: Progress,
) -> (Run, Vec<String>) {
    let began = Instant::now();
    let health = Arc::new(Health::default());
    let lacking: BTreeMap<&str, String> = chosen
        .iter()
        .filter_map(|(_, s)| Some((s.id.as_str(), target.capabilities.lacking(s)?)))
        .collect();
    let runnable: Vec<_> =
        chosen.iter().filter(|(_, s)| !lacking.contains_key(s.id.as_str())).collect();
    let mut attempts: BTreeMap<String, Vec<Outcome>> = BTreeMap::new();
    let mut broken = Vec::new();
    for _ in 0..options.repeat.max(1) {
        if health.over.load(Ordering::SeqCst) {
            break;
        }
        let features = runnable.iter().map(|(_, scenario)| scenario.feature.clone()).collect();
        let listener = schedule(
            features,
            Arc::clone(&settings),
            options,
            Arc::clone(&health),
            progress.clone(),
        )
        .await;
        broken.extend(listener.broken);
        for (id, ended) in listener.ended {
            if let Ended::Ran(outcome) = ended {
                attempts.entry(id).or_default().push(outcome);
            }
        }
    }
    // It may have died with its last answer.
    let target_died = health.target_died.load(Ordering::SeqCst) || !is_alive(&settings).await;
    let scenarios = chosen
        .iter()
        .map(|(rule, scenario)| {
            let without =
                |status, reason: &str| ScenarioResult::without_run(rule, scenario, status, reason);
            match (lacking.get(scenario.id.as_str()), attempts.remove(&scenario.id)) {
                (Some(reason), _) => without(Status::NotApplicable, reason),
                (None, Some(attempts)) => ScenarioResult::of(rule, scenario, attempts),
                (None, None) if target_died => without(Status::NotRun, "the target died before"),
                (None, None) => without(Status::NotRun, "the run ended before"),
            }
        })
        .collect();
    let run = Run {
        target: target.url.clone(),
        target_version: target.version.clone(),
        suite: String::new(),
        order: String::new(),
        duration: began.elapsed(),
        target_died,
        scenarios,
    };
    (run, broken)
}

async fn schedule(
    features: Vec<gherkin::Feature>,
    settings: Arc<Settings>,
    options: &Options,
    health: Arc<Health>,
    progress: Progress,
) -> Listener {
    let store = EvidenceStore::default();
    let listener = Listener::new(Arc::clone(&store), progress);
    let (before_health, fail_fast) = (Arc::clone(&health), options.fail_fast);
    let runner = runner::Basic::default()
        .steps(steps::collection())
        .max_concurrent_scenarios(options.jobs.max(1))
        .before({
            let settings = Arc::clone(&settings);
            move |_, _, _, world| {
                let (settings, health) = (Arc::clone(&settings), Arc::clone(&before_health));
                async move {
                    if health.over.load(Ordering::SeqCst) {
                        panic_any(NotRun);
                    }
                    world.begin(settings);
                }
                .boxed_local()
            }
        })
        .after(move |_, _, scenario, finished, world| {
            let (settings, health) = (Arc::clone(&settings), Arc::clone(&health));
            let store = Arc::clone(&store);
            let failure = failure_of(finished);
            async move {
                let Some(world) = world else { return };
                let mut evidence = world.finish().await;
                let transport = |failure: &Failure| failure.kind == FailureKind::Transport;
                let broken = failure.as_ref().is_some_and(transport)
                    || evidence.failure.as_ref().is_some_and(transport);
                let bad = failure.is_some() || evidence.failure.is_some();
                if broken && !is_alive(&settings).await {
                    health.over.store(true, Ordering::SeqCst);
                    health.target_died.store(true, Ordering::SeqCst);
                    evidence.target_died = true;
                } else if bad && fail_fast {
                    health.over.store(true, Ordering::SeqCst);
                }
                store
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(scenario.name.clone(), evidence);
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

/// What a step failed with, if it failed with something that the runner knows.
fn failure_of(finished: &ScenarioFinished) -> Option<Failure> {
    match finished {
        ScenarioFinished::StepFailed(_, _, StepError::Panic(payload)) => {
            payload.downcast_ref::<Failure>().cloned()
        }
        _ => None,
    }
}
