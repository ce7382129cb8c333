//! What the suite is worth: every rule is broken on purpose, and a scenario of it has to notice.
//!
//! The reference server knows deviations, each of which breaks one rule. For each of them a server
//! is started that does this one thing wrong, and the scenarios of the rule are run against it.

mod html;
mod matrix;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::StreamExt;

pub use html::render as render_html;
pub use matrix::{Entry, Fate, Matrix};

use crate::engine::run_silently;
use crate::failure::FailureKind;
use crate::report::Run;
use crate::settings::Settings;
use crate::spec::{Scenario, Spec};
use crate::target::{BundledClock, BundledOptions, Deviation, Fleet, FleetError, Origin};
use crate::verdict::Status;

/// What to check.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Deviations whose name begins with one of these; all without any.
    pub only: Vec<String>,
    /// Run every scenario against each deviation, not only those of its rule.
    pub full: bool,
    /// Deviations side by side.
    pub jobs: usize,
}

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum SelfCheckError {
    /// No server.
    #[error(transparent)]
    Fleet(#[from] FleetError),
    /// There is no such deviation.
    #[error(
        "no deviation is called {0}, and none begins so; lavalink-conformance serve --list-deviations shows all"
    )]
    Unknown(String),
    /// The server does not even pass undisturbed.
    #[error("without a deviation these scenarios do not pass: {0}")]
    NotGreen(String),
}

/// Every deviation of the bundled server.
///
/// # Errors
/// [`FleetError`] if the bundled server does not start or does not answer.
pub async fn deviations(settings: &Settings) -> Result<Vec<Deviation>, FleetError> {
    let origin = Origin::Bundled(BundledOptions::steady(BundledClock::Manual));
    Fleet::new(origin, settings.clone(), 1).deviations().await
}

/// Breaks rules one after the other and tells which scenarios noticed. `told` hears of each.
///
/// # Errors
/// [`SelfCheckError`] if the server does not start, passes not even without a deviation, or does not
/// know one that was asked for.
pub async fn check(
    spec: &Spec,
    settings: &Settings,
    plan: &Plan,
    mut told: impl FnMut(&Entry, usize, usize),
) -> Result<Matrix, SelfCheckError> {
    let mut all = deviations(settings).await?;
    let wanted = |name: &str, prefix: &String| name.starts_with(prefix.as_str());
    if let Some(unknown) =
        plan.only.iter().find(|prefix| !all.iter().any(|d| wanted(&d.name, prefix)))
    {
        return Err(SelfCheckError::Unknown(unknown.clone()));
    }
    if !plan.only.is_empty() {
        all.retain(|deviation| plan.only.iter().any(|prefix| wanted(&deviation.name, prefix)));
    }
    let missing = check_undisturbed(spec, settings, &all, plan).await?;
    let total = all.len();
    let mut checks = futures::stream::iter(all)
        .map(|deviation| check_one(spec, settings, deviation, plan.full))
        .buffer_unordered(plan.jobs.max(1));
    let mut entries = Vec::new();
    while let Some(entry) = checks.next().await {
        told(&entry, entries.len() + 1, total);
        entries.push(entry);
    }
    entries.sort_by(|a, b| a.deviation.name.cmp(&b.deviation.name));
    let rules: BTreeSet<_> = entries.iter().map(|entry| entry.rule().to_owned()).collect();
    let mut idle = idle_scenarios(spec, &rules, &entries);
    idle.retain(|id| !missing.contains(id));
    Ok(Matrix { idle, entries, is_whole: plan.only.is_empty() })
}

/// A scenario that fails anyway would pass for one that notices. Gives back those that cannot be
/// judged on this machine.
async fn check_undisturbed(
    spec: &Spec,
    settings: &Settings,
    deviations: &[Deviation],
    plan: &Plan,
) -> Result<BTreeSet<String>, SelfCheckError> {
    let rules: BTreeSet<_> = deviations.iter().map(Deviation::rule).collect();
    let chosen: Vec<_> = spec
        .scenarios()
        .filter(|(rule, _)| plan.full || rules.contains(rule.id.as_str()))
        .collect();
    let fleet = Fleet::new(
        Origin::Bundled(BundledOptions::steady(BundledClock::Manual)),
        settings.clone(),
        plan.jobs,
    );
    let run = run_silently(spec, &chosen, Arc::new(fleet), plan.jobs).await?;
    let fine = [Status::Passed, Status::NotApplicable];
    let bad = run.scenarios.iter().filter(|scenario| !fine.contains(&scenario.status));
    let bad: Vec<_> = bad.map(|scenario| scenario.id.as_str()).collect();
    if !bad.is_empty() {
        return Err(SelfCheckError::NotGreen(bad.join(", ")));
    }
    let missing = run.scenarios.iter().filter(|s| s.status == Status::NotApplicable);
    Ok(missing.map(|scenario| outline(&scenario.id)).collect())
}

async fn check_one(spec: &Spec, settings: &Settings, deviation: Deviation, full: bool) -> Entry {
    let chosen: Vec<_> =
        spec.scenarios().filter(|(rule, _)| full || rule.id == deviation.rule()).collect();
    if !spec.rules.iter().any(|rule| rule.id == deviation.rule()) {
        return Entry::without_run(deviation, Fate::Broken("there is no such rule".into()));
    }
    let origin = Origin::Deviating(deviation.name.clone());
    let fleet = Arc::new(Fleet::new(origin, settings.clone(), 1));
    let (run, reached) = match run_silently(spec, &chosen, Arc::clone(&fleet), 1).await {
        Ok(run) => (run, fleet.reached(&deviation.name).await),
        Err(error) => {
            let why = format!("the server cannot be used: {error}");
            return Entry::without_run(deviation, Fate::Broken(why));
        }
    };
    judge(deviation, &run, reached)
}

/// Only a scenario of the rule that failed on an assertion has noticed.
fn judge(deviation: Deviation, run: &Run, reached: u64) -> Entry {
    let failed = |scenario: &&crate::report::ScenarioResult| scenario.status == Status::Failed;
    let (mut caught_by, mut also) = (Vec::new(), Vec::new());
    for scenario in run.scenarios.iter().filter(failed) {
        let kind = scenario.telling().and_then(|outcome| outcome.kind);
        if scenario.rule == deviation.rule() && kind == Some(FailureKind::Assertion) {
            caught_by.push(scenario.id.clone());
        } else {
            also.push(scenario.id.clone());
        }
    }
    let errors = run.scenarios.iter().filter(|scenario| scenario.status == Status::Error);
    let errors: Vec<_> = errors.map(|scenario| scenario.id.as_str()).collect();
    let of_rule = run.scenarios.iter().filter(|scenario| scenario.rule == deviation.rule());
    let missing = of_rule.filter(|scenario| scenario.status == Status::NotApplicable);
    let missing = missing.filter_map(|scenario| scenario.reason.clone()).next();
    let fate = match missing {
        _ if run.target_died => Fate::Broken("the server died of it".into()),
        // The scenario that would notice may be one of them.
        Some(why) if caught_by.is_empty() && errors.is_empty() => Fate::NotApplicable(why),
        _ if reached == 0 => Fate::Unreached,
        _ if !caught_by.is_empty() => Fate::Caught,
        _ if !errors.is_empty() => Fate::Broken(format!("errors: {}", errors.join(", "))),
        _ => Fate::Survived,
    };
    Entry { deviation, fate, reached, caught_by, also }
}

/// Scenarios of the broken rules that noticed nothing; of an outline, all rows together. A twin
/// has its reason to be there: it shows that what its sibling refuses is refused for its defect.
fn idle_scenarios(spec: &Spec, rules: &BTreeSet<String>, entries: &[Entry]) -> Vec<String> {
    let mut idle: BTreeMap<String, &Scenario> = spec
        .scenarios()
        .filter(|(rule, scenario)| rules.contains(&rule.id) && !scenario.has_tag("twin"))
        .map(|(_, scenario)| (outline(&scenario.id), scenario))
        .collect();
    for id in entries.iter().flat_map(|entry| &entry.caught_by) {
        idle.remove(&outline(id));
    }
    idle.into_keys().collect()
}

/// The id of all rows of an outline together.
fn outline(id: &str) -> String {
    id.split('[').next().unwrap_or_default().to_owned()
}
