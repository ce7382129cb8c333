//! A run from its first lease to its result.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::book::Book;
use super::pass::{Item, Shared};
use super::schedule::{passes, run_passes};
use crate::moment::Moment;
use crate::report::{Finding, Progress, Run, ScenarioResult};
use crate::schema::Violation;
use crate::spec::{Level, Rule, Scenario, Spec};
use crate::target::{Fleet, FleetError, is_alive, profiles};

/// How to run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How many scenarios run side by side.
    pub jobs: usize,
    /// How often each scenario runs.
    pub repeat: usize,
    /// End at the first scenario that does not pass.
    pub fail_fast: bool,
    /// Begin with the scenarios that are known to take more than a second, so that the run need not
    /// wait for one of them at its end, and end with those that run alone.
    pub longest_first: bool,
    /// Keep what crossed the wire of scenarios that pass, too.
    pub keep_timelines: bool,
    /// Scenarios that cannot be judged on this target, and why.
    pub excluded: BTreeMap<String, String>,
}

/// Runs the chosen scenarios of a spec and tells what became of each. If `interrupted` ends first,
/// only some of them have run.
///
/// # Errors
/// There is no server for the first scenario.
pub async fn run(
    spec: &Spec,
    chosen: &[(&Rule, &Scenario)],
    fleet: Arc<Fleet>,
    options: &Options,
    progress: Progress,
    interrupted: impl Future<Output = ()>,
) -> Result<Run, FleetError> {
    let (began, at) = (Instant::now(), Moment::now());
    let lag_began = tokio::time::Instant::now();
    let mut book = Book::of(options);
    for (_, scenario) in chosen {
        if let Some(reason) = fleet.lacking(scenario) {
            book.reasons.entry(scenario.id.clone()).or_insert(reason);
        }
    }
    let runnable = chosen.iter().filter(|(_, s)| !book.reasons.contains_key(&s.id));
    let runnable: BTreeMap<_, _> =
        runnable.map(|(rule, s)| (s.id.clone(), Item::of(rule, s))).collect();
    progress.leave_out((chosen.len() - runnable.len()) * options.repeat.max(1));
    let first = chosen.iter().find_map(|(_, scenario)| runnable.get(&scenario.id));
    let profile = first.map_or(profiles::PLAIN, |item| item.scenario.profile()).to_owned();
    tokio::pin!(interrupted);
    let lease = tokio::select! {
        lease = fleet.lease(&profile) => Some(lease?),
        () = &mut interrupted => None,
    };
    let Some(lease) = lease else {
        let result =
            |(rule, scenario): &(&Rule, &Scenario)| book.result(rule, scenario, false, true);
        let scenarios = chosen.iter().map(result).collect();
        return Ok(Run { interrupted: true, began: Some(at), scenarios, ..Run::default() });
    };
    let (target, manual_time) = (lease.target().clone(), lease.settings().manual_time.is_some());
    drop(lease);
    let shared = Arc::new(Shared {
        fleet: Arc::clone(&fleet),
        progress,
        keep_timelines: options.keep_timelines,
        over: AtomicBool::new(false),
    });
    let jobs = fleet.width(options.jobs.max(1));
    let passes = passes(chosen, &runnable, jobs, fleet.has_crowds(), options);
    let was_interrupted = tokio::select! {
        () = run_passes(&shared, &runnable, passes, options, &mut book) => false,
        () = interrupted => true,
    };
    // The target may have died with its last answer.
    let target_died = !was_interrupted
        && (book.target_died
            || match fleet.lease(&profile).await {
                Ok(lease) => !is_alive(&lease.settings()).await,
                Err(_) => true,
            });
    let unexplained = book.unexplained_deaths();
    let findings = findings(spec, std::mem::take(&mut book.seen));
    let scenarios: Vec<_> = chosen
        .iter()
        .map(|(rule, scenario)| book.result(rule, scenario, target_died, was_interrupted))
        .collect();
    let worst = worst_lag(&scenarios).max(fleet.lag().worst_since(lag_began));
    let mut run = Run {
        target: target.url,
        target_version: target.version,
        manual_time,
        began: Some(at),
        duration: began.elapsed(),
        target_died,
        interrupted: was_interrupted,
        lag: worst,
        scenarios,
        findings,
        ..Run::default()
    };
    run.troubles.extend(unexplained.filter(|_| !run.target_died));
    run.settle_findings();
    Ok(run)
}

/// Does the same as [`run`], each scenario once, without progress and without interruption.
///
/// # Errors
/// There is no server for the first scenario.
pub(crate) async fn run_silently(
    spec: &Spec,
    chosen: &[(&Rule, &Scenario)],
    fleet: Arc<Fleet>,
    jobs: usize,
) -> Result<Run, FleetError> {
    let options = Options { jobs, repeat: 1, ..Options::default() };
    let never = std::future::pending();
    run(spec, chosen, fleet, &options, Progress::silent(), never).await
}

/// What was wrong with answers and messages, one of each kind.
fn findings(spec: &Spec, seen: Vec<(String, Violation)>) -> Vec<Finding> {
    Finding::join(seen.into_iter().map(|(scenario, violation)| {
        // Features of an author's own need not have the rule.
        let rule = spec.rules.iter().find(|rule| rule.id == violation.rule);
        Finding {
            rule: violation.rule.to_owned(),
            rule_title: rule.map(|rule| rule.title.clone()).unwrap_or_default(),
            level: rule.map_or(Level::Must, |rule| rule.level),
            what: violation.what,
            differences: violation.difference.into_iter().map(|line| (line, 1)).collect(),
            count: 1,
            scenarios: [scenario].into(),
            reproduce: violation.reproduce,
            known: None,
        }
    }))
}

/// How far the machine was behind at worst while one of the scenarios ran.
fn worst_lag(scenarios: &[ScenarioResult]) -> Duration {
    let attempts = scenarios.iter().flat_map(|s| s.attempts.iter().chain(&s.starved));
    attempts.map(|attempt| attempt.lag).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
