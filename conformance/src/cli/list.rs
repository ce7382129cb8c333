//! `list`.

use serde_json::json;

use super::CliError;
use super::out::say;
use crate::spec::{Order, Selection, Spec};

/// Prints rules with their scenarios.
pub(super) fn print(spec: &Spec, selection: &Selection, as_json: bool) -> Result<(), CliError> {
    let chosen = selection.choose(spec, Order::File)?;
    // A shard may have nothing of a small selection.
    if chosen.is_empty() && selection.whole().choose(spec, Order::File)?.is_empty() {
        return Err(CliError::NothingSelected);
    }
    let chosen_ids: std::collections::BTreeSet<_> = chosen.iter().map(|(_, s)| &s.id).collect();
    let rules = spec.rules.iter().filter_map(|rule| {
        let scenarios: Vec<_> =
            rule.scenarios.iter().filter(|s| chosen_ids.contains(&s.id)).collect();
        (!scenarios.is_empty()).then_some((rule, scenarios))
    });
    if as_json {
        let rules: Vec<_> = rules
            .map(|(rule, scenarios)| {
                let scenarios: Vec<_> = scenarios
                    .iter()
                    .map(|s| json!({"id": s.id, "title": s.title, "line": s.line, "tags": s.tags}))
                    .collect();
                json!({
                    "id": rule.id, "area": rule.area, "level": rule.level, "title": rule.title,
                    "file": rule.file, "line": rule.line, "sources": rule.sources(),
                    "scenarios": scenarios,
                })
            })
            .collect();
        say!("{}", crate::json::pretty(&json!(rules)))?;
        return Ok(());
    }
    let mut count = 0;
    for (rule, scenarios) in rules {
        count += 1;
        say!("{} {:8} {}", rule.id, rule.level, rule.title)?;
        for scenario in scenarios {
            say!("  {} {}", scenario.id, scenario.title)?;
        }
    }
    say!("{count} rules, {} scenarios", chosen.len())?;
    Ok(())
}
