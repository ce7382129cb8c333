//! `diff`.

use std::path::Path;

use super::{CliError, out, outputs};
use crate::report::{Changes, Run, read_any_json, replace_file};
use crate::verdict::Verdict;

/// Tells what became better and worse from one report to another.
pub(super) fn execute(old: &Path, new: &Path, json: Option<&Path>) -> Result<Verdict, CliError> {
    if let Some(path) = json {
        outputs::check(&[("--json", path)], &[("the old report", old), ("the new report", new)])?;
    }
    let read = |path: &Path| -> Result<Run, CliError> {
        read_any_json(path).map_err(|error| CliError::Incomparable(error.to_string()))
    };
    let changes = Changes::between(&read(old)?, &read(new)?);
    if changes.is_empty() {
        let message = "the reports have no scenario in common";
        return Err(CliError::Incomparable(message.into()));
    }
    if let Some(path) = json {
        let text = crate::json::pretty(&changes.to_json());
        let failed = |error| CliError::Io(format!("write {}", path.display()), error);
        replace_file(path, text.as_bytes()).map_err(failed)?;
    }
    out::result(format_args!("{changes}"))?;
    Ok(if changes.is_worse() { Verdict::NotConformant } else { Verdict::Conformant })
}
