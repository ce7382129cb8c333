//! The JSON report as it is written and read; its form is `schemas/report.schema.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Asked, Beyond, Extent, Outcome, Partial, Run, ScenarioResult, Share};
use crate::moment::Moment;
use crate::spec::{Level, Shard};
use crate::timeline::Entry;
use crate::verdict::{Status, Verdict};

/// Version of the form.
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

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Tool {
    name: String,
    pub(super) version: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Target {
    name: String,
    url: String,
    version: String,
    died: bool,
    time: Time,
    log: Vec<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Time {
    Manual,
    Real,
}

/// That it is about a part of the suite. It is made from the rest, and so not read again.
#[derive(Debug, Serialize, Deserialize)]
struct Partly {
    why: String,
    scenarios: usize,
    of: Option<usize>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Part {
    number: usize,
    of: usize,
    whole: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    passed: usize,
    failed: usize,
    blocked: usize,
    error: usize,
    not_applicable: usize,
    not_run: usize,
}

/// How much of what was asked could be judged.
#[derive(Debug, Serialize, Deserialize)]
struct Judged {
    scenarios: usize,
    of: usize,
    percent: usize,
    areas: BTreeMap<String, usize>,
}

/// What to fix first. It is made from the rest, and so not read again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cause {
    rule: String,
    rule_title: String,
    level: Level,
    headline: String,
    difference: Option<String>,
    endpoint: Option<String>,
    holds_up: usize,
    known: usize,
    rules: BTreeSet<String>,
    areas: BTreeMap<String, usize>,
    seen: usize,
    seen_in: usize,
    example: Example,
    failed: BTreeSet<String>,
    blocked: BTreeSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Example {
    scenario: String,
    again: String,
    curl: Option<String>,
    #[serde(default)]
    beyond: Option<Beyond>,
}

/// How often nothing could be judged because the machine was too slow.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Starvation {
    worst_lag_ms: u64,
    scenarios: usize,
    repeats: usize,
    not_established: usize,
}

/// Answers or messages of one kind that are not as they have to be.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding {
    rule: String,
    rule_title: String,
    level: Level,
    what: String,
    count: usize,
    differences: BTreeMap<String, usize>,
    scenarios: BTreeSet<String>,
    reproduce: Option<String>,
    known: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Rule {
    id: String,
    area: String,
    level: Level,
    status: Status,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scenario {
    id: String,
    title: String,
    rule: String,
    rule_title: String,
    level: Level,
    area: String,
    place: String,
    status: Status,
    reason: Option<String>,
    blocked_by: Option<String>,
    known: Option<String>,
    flaky: bool,
    attempts: Vec<Attempt>,
    starved: Vec<Attempt>,
    #[serde(default)]
    crowded: Vec<Attempt>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attempt {
    status: Status,
    duration_ms: u64,
    lag_ms: u64,
    step: Option<Step>,
    blocked_by: Option<String>,
    message: Option<String>,
    difference: Vec<String>,
    reproduce: Option<String>,
    #[serde(default)]
    beyond: Option<Beyond>,
    quirks: Vec<Quirk>,
    notes: Vec<String>,
    target_died: bool,
    timeline: Vec<Crossing>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Step {
    text: String,
    line: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Quirk {
    name: String,
    seen: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Crossing {
    at_ms: f64,
    kind: String,
    summary: String,
    detail: Option<String>,
    times: usize,
}

impl Document {
    /// Of a run.
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

    /// The run that it tells of; an error if there is no such shard.
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

impl Judged {
    fn of(run: &Run) -> Self {
        let share = Share::of(run);
        let areas = Share::by_area(run);
        let areas = areas.into_iter().map(|(area, share)| (area.to_owned(), share.percent()));
        let (scenarios, of) = (share.judged, share.of);
        Self { scenarios, of, percent: share.percent(), areas: areas.collect() }
    }
}

impl Cause {
    fn of(cause: super::Cause, run: &Run) -> Self {
        Self {
            holds_up: cause.holds_up(),
            example: Example {
                again: run.alone(&cause.example),
                curl: cause.curl().map(str::to_owned),
                scenario: cause.example,
                beyond: cause.beyond,
            },
            rule: cause.rule,
            rule_title: cause.rule_title,
            level: cause.level,
            headline: cause.headline,
            difference: cause.difference,
            endpoint: cause.endpoint,
            known: cause.known,
            rules: cause.rules,
            areas: cause.areas,
            seen: cause.seen,
            seen_in: cause.seen_in,
            failed: cause.failed,
            blocked: cause.blocked,
        }
    }
}

impl Starvation {
    fn of(run: &Run) -> Self {
        let (scenarios, repeats, not_established) = run.starved();
        Self { worst_lag_ms: ms(run.lag), scenarios, repeats, not_established }
    }
}

impl Finding {
    fn of(finding: &super::Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            rule_title: finding.rule_title.clone(),
            level: finding.level,
            what: finding.what.clone(),
            count: finding.count,
            differences: finding.differences.clone(),
            scenarios: finding.scenarios.clone(),
            reproduce: finding.reproduce.clone(),
            known: finding.known.clone(),
        }
    }

    fn into_model(self) -> super::Finding {
        super::Finding {
            rule: self.rule,
            rule_title: self.rule_title,
            level: self.level,
            what: self.what,
            differences: self.differences,
            count: self.count,
            scenarios: self.scenarios,
            reproduce: self.reproduce,
            known: self.known,
        }
    }
}

impl Scenario {
    fn of(result: &ScenarioResult) -> Self {
        Self {
            id: result.id.clone(),
            title: result.title.clone(),
            rule: result.rule.clone(),
            rule_title: result.rule_title.clone(),
            level: result.level,
            area: result.area.clone(),
            place: result.place.clone(),
            status: result.status,
            reason: result.reason.clone(),
            blocked_by: result.blocked_by().map(str::to_owned),
            known: result.known.clone(),
            flaky: result.is_flaky(),
            attempts: result.attempts.iter().map(Attempt::of).collect(),
            starved: result.starved.iter().map(Attempt::of).collect(),
            crowded: result.crowded.iter().map(Attempt::of).collect(),
        }
    }

    fn into_result(self) -> ScenarioResult {
        ScenarioResult {
            id: self.id,
            title: self.title,
            rule: self.rule,
            rule_title: self.rule_title,
            level: self.level,
            area: self.area,
            place: self.place,
            status: self.status,
            reason: self.reason,
            blocked_by: self.blocked_by.filter(|_| self.attempts.is_empty()),
            known: self.known,
            attempts: self.attempts.into_iter().map(Attempt::into_outcome).collect(),
            starved: self.starved.into_iter().map(Attempt::into_outcome).collect(),
            crowded: self.crowded.into_iter().map(Attempt::into_outcome).collect(),
        }
    }
}

impl Attempt {
    fn of(outcome: &Outcome) -> Self {
        let timeline = outcome.timeline.iter().map(|entry| Crossing {
            at_ms: entry.at.as_secs_f64() * 1000.0,
            kind: entry.kind.to_string(),
            summary: entry.summary.clone(),
            detail: entry.detail.clone(),
            times: entry.times,
        });
        let quirks =
            outcome.quirks.iter().map(|(name, seen)| Quirk { name: name.clone(), seen: *seen });
        Self {
            status: outcome.status,
            duration_ms: ms(outcome.duration),
            lag_ms: ms(outcome.lag),
            step: outcome.step.clone().map(|(text, line)| Step { text, line }),
            blocked_by: outcome.blocked_by.clone(),
            message: outcome.message.clone(),
            difference: outcome.difference.clone(),
            reproduce: outcome.reproduce.clone(),
            beyond: outcome.beyond,
            quirks: quirks.collect(),
            notes: outcome.notes.clone(),
            target_died: outcome.target_died,
            timeline: timeline.collect(),
        }
    }

    /// Who is to blame is not written, and so not known.
    fn into_outcome(self) -> Outcome {
        let entry = |moment: Crossing| Entry {
            at: Duration::try_from_secs_f64(moment.at_ms / 1000.0).unwrap_or_default(),
            kind: moment.kind.into(),
            summary: moment.summary,
            detail: moment.detail,
            answer: None,
            times: moment.times,
        };
        Outcome {
            status: self.status,
            step: self.step.map(|step| (step.text, step.line)),
            blocked_by: self.blocked_by,
            kind: None,
            message: self.message,
            difference: self.difference,
            reproduce: self.reproduce,
            beyond: self.beyond,
            timeline: self.timeline.into_iter().map(entry).collect(),
            quirks: self.quirks.into_iter().map(|quirk| (quirk.name, quirk.seen)).collect(),
            target_died: self.target_died,
            notes: self.notes,
            lag: Duration::from_millis(self.lag_ms),
            duration: Duration::from_millis(self.duration_ms),
        }
    }
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
