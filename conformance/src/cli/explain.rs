//! `explain`.

use super::CliError;
use crate::spec::{Order, Selection, Spec};

/// Prints a rule with its scenarios, step by step.
pub(super) fn print(spec: &Spec, id: &str) -> Result<(), CliError> {
    let selection = Selection { ids: vec![id.to_owned()], ..Selection::default() };
    let chosen = selection.choose(spec, Order::File)?;
    let Some((rule, _)) = chosen.first() else { return Err(CliError::NothingSelected) };
    println!("{} ({})\n{}\n\n{}\n", rule.id, rule.level, rule.title, rule.description);
    println!("features/{}:{}", rule.file, rule.line);
    for (_, scenario) in &chosen {
        println!("\n{} {}", scenario.id, scenario.title);
        for need in scenario.needs() {
            println!("  (needs {need})");
        }
        for step in scenario.steps() {
            println!("  {} {}", step.keyword.trim(), step.value);
            for line in step.docstring.iter().flat_map(|text| text.trim().lines()) {
                println!("      {line}");
            }
            for row in step.table.iter().flat_map(|table| &table.rows) {
                println!("      | {} |", row.join(" | "));
            }
        }
    }
    Ok(())
}
