//! A run for programs; its form is `schemas/report.schema.json`.

use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::{Outcome, Run, ScenarioResult};
use crate::verdict::{Status, Verdict};

/// Version of the form.
const SCHEMA_VERSION: u32 = 1;

/// Writes the report; a reader finds all of it or none.
pub fn write(path: &Path, run: &Run, verdict: Verdict) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(&report(run, verdict))?;
    text.push('\n');
    super::replace_file(path, text.as_bytes())
}

/// The whole report. `complete` stands last, so that a report that was cut off has none.
fn report(run: &Run, verdict: Verdict) -> Value {
    let totals = Status::ALL.map(|status| (key(status), json!(run.count(status))));
    let totals: serde_json::Map<String, Value> = totals.into_iter().collect();
    let rules: Vec<_> = run
        .rules()
        .into_iter()
        .map(|(area, level, id, status)| {
            json!({"id": id, "area": area, "level": level, "status": status})
        })
        .collect();
    let time = if run.manual_time { "manual" } else { "real" };
    json!({
        "schemaVersion": SCHEMA_VERSION,
        "tool": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
        "suite": run.suite,
        "target": {"url": run.target, "version": run.target_version, "died": run.target_died, "time": time, "log": run.target_log},
        "order": run.order,
        "durationMs": ms(run.duration),
        "verdict": verdict,
        "totals": totals,
        "starvation": starvation(run),
        "rules": rules,
        "scenarios": run.scenarios.iter().map(scenario).collect::<Vec<_>>(),
        "notes": run.notes(),
        "complete": true,
    })
}

/// How often nothing could be judged because the machine was too slow.
fn starvation(run: &Run) -> Value {
    let (scenarios, again, lost) = run.starved();
    json!({
        "worstLagMs": ms(run.lag), "scenarios": scenarios, "repeats": again,
        "notEstablished": lost,
    })
}

fn scenario(result: &ScenarioResult) -> Value {
    json!({
        "id": result.id,
        "title": result.title,
        "rule": result.rule,
        "level": result.level,
        "area": result.area,
        "place": result.place,
        "status": result.status,
        "reason": result.reason,
        "known": result.known,
        "flaky": result.is_flaky(),
        "attempts": result.attempts.iter().map(attempt).collect::<Vec<_>>(),
        "starved": result.starved.iter().map(attempt).collect::<Vec<_>>(),
    })
}

fn attempt(outcome: &Outcome) -> Value {
    let timeline = outcome.timeline.iter().map(|entry| {
        json!({
            "atMs": entry.at.as_secs_f64() * 1000.0,
            "kind": entry.kind,
            "summary": entry.summary,
            "detail": entry.detail,
        })
    });
    let quirks = outcome.quirks.iter().map(|(name, seen)| json!({"name": name, "seen": seen}));
    json!({
        "status": outcome.status,
        "durationMs": ms(outcome.duration),
        "lagMs": ms(outcome.lag),
        "step": outcome.step.as_ref().map(|(text, line)| json!({"text": text, "line": line})),
        "message": outcome.message,
        "difference": outcome.difference,
        "reproduce": outcome.reproduce,
        "quirks": quirks.collect::<Vec<_>>(),
        "timeline": timeline.collect::<Vec<_>>(),
    })
}

fn key(status: Status) -> String {
    serde_json::to_value(status)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn ms(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
