//! The subcommands `merge` and `durations`: the arguments of the first, and what they do.

use std::path::PathBuf;

use clap::Args;

use super::args::ReportArgs;
use super::conclude::{conclude, remove_old_reports};
use super::out::{self, tell};
use super::{CliError, outputs};
use crate::report::{MergeError, Run, merge, read_json};
use crate::spec::Durations;
use crate::verdict::Verdict;

/// What to merge.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lavalink-conformance --target-file mine.toml --shard 1/2 --json part1.json    on one machine
  lavalink-conformance --target-file mine.toml --shard 2/2 --json part2.json    on another
  lavalink-conformance merge part1.json part2.json --json all.json --junit all.xml

Observed rules count if the shards were run with --strict, and known failures do not if they were
run with --baseline.

Exit codes: those of a whole run; 3 if the reports make no whole.")]
pub(super) struct MergeArgs {
    /// JSON reports of the shards, in any order
    #[arg(required = true, value_name = "PART")]
    pub(super) parts: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
}

/// Joins reports of shards and tells what the whole comes to.
pub(super) fn execute(args: &MergeArgs) -> Result<Verdict, CliError> {
    let parts: Vec<_> = args.parts.iter().map(|part| ("a part", part.as_path())).collect();
    outputs::check(&args.reports.files(), &parts)?;
    remove_old_reports(&args.reports)?;
    let run = merge(read(&args.parts)?)?;
    tell!(
        "merging {} shards of {}, {} scenarios",
        args.parts.len(),
        run.target_name,
        run.scenarios.len()
    );
    Ok(conclude(run, &args.reports)?.1)
}

/// Prints how long the scenarios took that ran.
pub(super) fn print_durations(reports: &[PathBuf]) -> Result<Verdict, CliError> {
    let runs = read(reports)?;
    let scenarios = runs.iter().flat_map(|(_, run)| &run.scenarios);
    let measured = scenarios.filter_map(|scenario| {
        let longest = scenario.attempts.iter().map(|attempt| attempt.duration).max()?;
        Some((scenario.id.clone(), u64::try_from(longest.as_millis()).unwrap_or(u64::MAX)))
    });
    out::result(format_args!("{}", Durations::of(measured)))?;
    Ok(Verdict::Conformant)
}

/// Reads all of them, or tells of each that cannot be used.
fn read(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Run)>, MergeError> {
    let mut reasons = Vec::new();
    let mut runs = Vec::new();
    for path in paths {
        match read_json(path) {
            Ok(run) => runs.push((path.clone(), run)),
            Err(error) => reasons.push(error.to_string()),
        }
    }
    if reasons.is_empty() { Ok(runs) } else { Err(MergeError::new(reasons)) }
}
