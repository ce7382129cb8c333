//! A scenario in the JSON report, with its attempts and what crossed the wire.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ms;
use crate::report::{Beyond, Outcome, ScenarioResult};
use crate::spec::Level;
use crate::timeline::Entry;
use crate::verdict::Status;

/// What became of one scenario.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scenario {
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

impl Scenario {
    pub(super) fn of(result: &ScenarioResult) -> Self {
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

    /// The result that the report tells of.
    pub(super) fn into_result(self) -> ScenarioResult {
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

/// What one attempt saw.
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

    /// The outcome that the report tells of. Who is to blame is not written, and so not known.
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

/// The step that did not hold.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    text: String,
    line: usize,
}

/// Which of two accepted outcomes was seen.
#[derive(Debug, Serialize, Deserialize)]
struct Quirk {
    name: String,
    seen: bool,
}

/// An entry of the timeline.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Crossing {
    at_ms: f64,
    kind: String,
    summary: String,
    detail: Option<String>,
    times: usize,
}
