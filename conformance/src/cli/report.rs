//! `report`.

use super::CliError;
use super::args::FromReportArgs;
use super::conclude::{conclude, remove_old_reports};
use super::merge::check_files;
use crate::report::read_any_json;
use crate::verdict::Verdict;

/// Tells of a run once more.
pub(super) fn execute(args: &FromReportArgs) -> Result<Verdict, CliError> {
    check_files(std::slice::from_ref(&args.file), &args.reports)?;
    let run = read_any_json(&args.file)?;
    remove_old_reports(&args.reports)?;
    Ok(conclude(run, &args.reports)?.1)
}
