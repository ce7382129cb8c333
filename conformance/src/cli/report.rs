//! The subcommand `report`: its arguments, and what it does.

use std::path::PathBuf;

use clap::Args;

use super::args::ReportArgs;
use super::conclude::{conclude, remove_old_reports};
use super::{CliError, outputs};
use crate::report::read_any_json;
use crate::verdict::Verdict;

/// Which run to tell of, and how.
#[derive(Debug, Args)]
pub(super) struct FromReportArgs {
    /// JSON report of the run; the run need not have finished
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
}

/// Tells of a run once more.
pub(super) fn execute(args: &FromReportArgs) -> Result<Verdict, CliError> {
    outputs::check(&args.reports.files(), &[("the report", &args.file)])?;
    let run = read_any_json(&args.file)?;
    remove_old_reports(&args.reports)?;
    Ok(conclude(run, &args.reports)?.1)
}
