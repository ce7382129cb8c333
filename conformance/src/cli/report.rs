//! `report`.

use super::args::FromReportArgs;
use super::conclude::{conclude, remove_old_reports};
use super::{CliError, outputs};
use crate::report::read_any_json;
use crate::verdict::Verdict;

/// Tells of a run once more.
pub(super) fn execute(args: &FromReportArgs) -> Result<Verdict, CliError> {
    outputs::check(&args.reports.files(), &[("the report", &args.file)])?;
    let run = read_any_json(&args.file)?;
    remove_old_reports(&args.reports)?;
    Ok(conclude(run, &args.reports)?.1)
}
