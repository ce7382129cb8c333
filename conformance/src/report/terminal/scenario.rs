//! One scenario that did not hold.

use super::super::words::{flaky, place};
use super::super::{Outcome, Run, ScenarioResult};
use super::Terminal;
use crate::verdict::Status;

/// Every scenario that did not hold, with all that is known of it, and every known failure.
pub(super) fn all(terminal: &Terminal, run: &Run) -> Vec<String> {
    let mut lines = Vec::new();
    for scenario in &run.scenarios {
        match (scenario.status, &scenario.known) {
            (_, Some(reason)) => {
                lines.push(format!("known failure {} {}: {reason}", scenario.id, scenario.title));
            }
            (Status::Failed | Status::Blocked | Status::Error, None) => {
                lines.extend(in_full(terminal, scenario));
                lines.push(String::new());
            }
            _ => {}
        }
    }
    lines
}

/// In one line, with the first of what differs.
pub(super) fn short(terminal: &Terminal, scenario: &ScenarioResult) -> String {
    let word = terminal.paint("31", scenario.status.name());
    let outcome = scenario.telling();
    let message = outcome.and_then(|outcome| outcome.message.as_deref()).unwrap_or_default();
    let difference = outcome.and_then(|outcome| outcome.difference.first());
    let difference = difference.map(|line| format!(": {line}")).unwrap_or_default();
    format!("{word} {} {}: {message}{difference}", scenario.id, scenario.title)
}

/// What crossed the wire.
pub(super) fn timeline(terminal: &Terminal, outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in &outcome.timeline {
        let times = match entry.times {
            0 | 1 => String::new(),
            times => format!(" ({times} times, always the same)"),
        };
        let at = entry.at.as_secs_f64() * 1000.0;
        lines.push(format!("    {at:>8.1} ms  {}{times}", entry.summary));
        let detail = entry.detail.iter().flat_map(|detail| detail.lines());
        lines.extend(detail.map(|line| format!("                 {}", terminal.paint("2", line))));
    }
    lines
}

fn in_full(terminal: &Terminal, scenario: &ScenarioResult) -> Vec<String> {
    let word = terminal.paint("31", scenario.status.name());
    let mut lines = vec![
        format!("{word} {} {}", scenario.id, scenario.title),
        format!("  rule ({}): {}", scenario.level, scenario.rule_title),
        format!("  {}", place(scenario)),
    ];
    lines.extend(flaky(scenario).map(|line| format!("  {line}")));
    if let Some(rule) = scenario.blocked_by() {
        lines.push(format!("  blocked by {rule}"));
    }
    let Some(outcome) = scenario.telling() else { return lines };
    lines.extend(outcome.message.iter().map(|message| format!("  {message}")));
    lines.extend(outcome.difference.iter().map(|line| format!("    {line}")));
    match outcome.beyond {
        Some(beyond) => lines.push(format!("  {}", beyond.in_words())),
        None => lines.extend(outcome.reproduce.iter().map(|line| format!("  again: {line}"))),
    }
    let timeline = timeline(terminal, outcome);
    if !timeline.is_empty() {
        lines.push("  timeline:".into());
        lines.extend(timeline);
    }
    lines
}
