//! The JSON report as it is written and read; its form is `schemas/report.schema.json`.

mod cause;
mod finding;
mod scenario;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cause::Cause;
use finding::Finding;
use scenario::Scenario;
use serde::{Deserialize, Serialize};

use super::{Asked, Extent, Partial, Run, Share};
use crate::moment::Moment;
use crate::spec::{Level, Shard};
use crate::verdict::{Status, Verdict};

/// The version of the report's form.
pub(super) const SCHEMA_VERSION: u32 = 3;

/// The whole report. `complete` stands last, so that a report that was cut off has none.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Document {
    schema_version: u32,
    pub(super) verdict: Verdict,
    pub(super) totals: Totals,
    judged: Judged,
    causes: Vec<Cause>,
    pub(super) tool: Tool,
    suite: String,
    #[serde(default)]
    suite_scenarios: Option<usize>,
    #[serde(default)]
    partial: Option<Partly>,
    again: String,
    target: Target,
    asked: Asked,
    shard: Option<Part>,
    merged_from: Option<usize>,
    order: String,
    #[serde(default)]
    began: Option<Moment>,
    duration_ms: u64,
    starvation: Starvation,
    rules: Vec<Rule>,
    findings: Vec<Finding>,
    scenarios: Vec<Scenario>,
    troubles: Vec<String>,
    notes: BTreeSet<String>,
    complete: bool,
}

impl Document {
    /// The report of a run.
    pub(super) fn of(run: &Run, verdict: Verdict) -> Self {
        let rules = run.rules().into_iter().map(|(area, level, id, status)| Rule {
            id: id.to_owned(),
            area: area.to_owned(),
            level,
            status,
        });
        let (shard, merged_from) = match &run.extent {
            Extent::Whole => (None, None),
            Extent::Part { shard, whole } => {
                let (number, of) = (shard.number(), shard.count());
                (Some(Part { number, of, whole: whole.clone() }), None)
            }
            Extent::Merged(count) => (None, Some(*count)),
        };
        Self {
            schema_version: SCHEMA_VERSION,
            verdict,
            totals: Totals::of(run),
            judged: Judged::of(run),
            causes: super::causes(run).into_iter().map(|cause| Cause::of(cause, run)).collect(),
            again: run.again.clone(),
            tool: Tool {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            suite: run.suite.clone(),
            suite_scenarios: run.suite_scenarios,
            partial: Partial::of(run).map(|Partial { why, scenarios, of }| Partly {
                why,
                scenarios,
                of,
            }),
            target: Target {
                name: run.target_name.clone(),
                url: run.target.clone(),
                version: run.target_version.clone(),
                died: run.target_died,
                time: if run.manual_time { Time::Manual } else { Time::Real },
                log: run.target_log.clone(),
            },
            asked: run.asked.clone(),
            shard,
            merged_from,
            order: run.order.clone(),
            began: run.began,
            duration_ms: ms(run.duration),
            starvation: Starvation::of(run),
            rules: rules.collect(),
            findings: run.findings.iter().map(Finding::of).collect(),
            scenarios: run.scenarios.iter().map(Scenario::of).collect(),
            troubles: run.troubles.clone(),
            notes: run.notes().into_iter().map(str::to_owned).collect(),
            complete: run.is_complete(),
        }
    }

    /// The run that the report tells of; an error if there is no such shard.
    pub(super) fn into_run(self) -> Result<Run, String> {
        let extent = match (self.shard, self.merged_from) {
            (Some(Part { number, of, whole }), _) => {
                Extent::Part { shard: format!("{number}/{of}").parse::<Shard>()?, whole }
            }
            (None, Some(count)) => Extent::Merged(count),
            (None, None) => Extent::Whole,
        };
        Ok(Run {
            target_name: self.target.name,
            target: self.target.url,
            target_version: self.target.version,
            again: self.again,
            manual_time: matches!(self.target.time, Time::Manual),
            suite: self.suite,
            suite_scenarios: self.suite_scenarios,
            order: self.order,
            began: self.began,
            asked: self.asked,
            extent,
            duration: Duration::from_millis(self.duration_ms),
            target_died: self.target.died,
            target_log: self.target.log,
            troubles: self.troubles,
            lag: Duration::from_millis(self.starvation.worst_lag_ms),
            interrupted: !self.complete && !self.target.died,
            findings: self.findings.into_iter().map(Finding::into_model).collect(),
            scenarios: self.scenarios.into_iter().map(Scenario::into_result).collect(),
        })
    }
}

/// The program that wrote the report.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tool {
    name: String,
    pub(super) version: String,
}

/// The target of the run.
#[derive(Debug, Serialize, Deserialize)]
struct Target {
    name: String,
    url: String,
    version: String,
    died: bool,
    time: Time,
    log: Vec<String>,
}

/// Whether the target's time was moved.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Time {
    Manual,
    Real,
}

/// Says that the run is about a part of the suite. It is made from the rest of the report, and so
/// not read again.
#[derive(Debug, Serialize, Deserialize)]
struct Partly {
    why: String,
    scenarios: usize,
    of: Option<usize>,
}

/// Which shard it is, and the ids of the scenarios of all shards.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    number: usize,
    of: usize,
    whole: BTreeSet<String>,
}

/// How many scenarios ended with each verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    passed: usize,
    failed: usize,
    blocked: usize,
    error: usize,
    not_applicable: usize,
    not_run: usize,
}

impl Totals {
    pub(super) fn of(run: &Run) -> Self {
        Self {
            passed: run.count(Status::Passed),
            failed: run.count(Status::Failed),
            blocked: run.count(Status::Blocked),
            error: run.count(Status::Error),
            not_applicable: run.count(Status::NotApplicable),
            not_run: run.count(Status::NotRun),
        }
    }
}

/// How much of what was asked could be judged.
#[derive(Debug, Serialize, Deserialize)]
struct Judged {
    scenarios: usize,
    of: usize,
    percent: usize,
    areas: BTreeMap<String, usize>,
}

impl Judged {
    fn of(run: &Run) -> Self {
        let share = Share::of(run);
        let areas = Share::by_area(run);
        let areas = areas.into_iter().map(|(area, share)| (area.to_owned(), share.percent()));
        let (scenarios, of) = (share.judged, share.of);
        Self { scenarios, of, percent: share.percent(), areas: areas.collect() }
    }
}

/// How often the machine was too slow to judge anything.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Starvation {
    worst_lag_ms: u64,
    scenarios: usize,
    repeats: usize,
    not_established: usize,
}

impl Starvation {
    fn of(run: &Run) -> Self {
        let (scenarios, repeats, not_established) = run.starved();
        Self { worst_lag_ms: ms(run.lag), scenarios, repeats, not_established }
    }
}

/// The verdict of a rule.
#[derive(Debug, Serialize, Deserialize)]
struct Rule {
    id: String,
    area: String,
    level: Level,
    status: Status,
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
