//! `explain`.

use super::CliError;
use super::out::say;
use crate::spec::{Order, Selection, Spec};

/// Prints a rule with its scenarios, step by step.
pub(super) fn print(spec: &Spec, id: &str) -> Result<(), CliError> {
    let selection = Selection { ids: vec![id.to_owned()], ..Selection::default() };
    let chosen = selection.choose(spec, Order::File)?;
    let Some((rule, _)) = chosen.first() else { return Err(CliError::NothingSelected) };
    say!("{} ({})\n{}\n\n{}\n", rule.id, rule.level, rule.title, rule.description)?;
    say!("features/{}:{}", rule.file, rule.line)?;
    for (_, scenario) in &chosen {
        say!("\n{} {}", scenario.id, scenario.title)?;
        for need in scenario.needs() {
            say!("  (needs {need})")?;
        }
        for step in &scenario.steps {
            say!("  {} {}", step.keyword, step.text)?;
            for line in step.docstring.iter().flat_map(|text| text.trim().lines()) {
                say!("      {line}")?;
            }
            for row in &step.rows {
                say!("      | {} |", row.join(" | "))?;
            }
        }
    }
    Ok(())
}
