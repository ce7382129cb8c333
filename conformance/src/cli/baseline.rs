//! The subcommands `baseline write` and `baseline prune`: their arguments, and what they do.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::args::RunArgs;
use super::out::say;
use super::{CliError, outputs, run};
use crate::baseline::{Baseline, Changes};
use crate::spec::Source;
use crate::verdict::Verdict;

/// What to do with a file of known failures.
#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// Check a server and write what failed; entries that still fail stay as they are
    Write {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        run: Box<RunArgs>,
    },
    /// Check a server and drop the entries that hold now
    Prune {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        run: Box<RunArgs>,
    },
}

pub(super) async fn execute(
    source: &Source,
    command: &BaselineCommand,
) -> Result<Verdict, CliError> {
    let (BaselineCommand::Write { file, run: args } | BaselineCommand::Prune { file, run: args }) =
        command;
    if args.baseline.is_some() {
        let message = "give the file once: baseline write FILE, without --baseline";
        return Err(CliError::Usage(message.into()));
    }
    // Before a run of minutes, not after it.
    let mut written = args.reports.files();
    written.push(("the baseline", file));
    outputs::check(&written, &[])?;
    if file.exists() || matches!(command, BaselineCommand::Prune { .. }) {
        Baseline::read_to_edit(file)?;
    }
    let (run, verdict) = run::check_target(source, args, None).await?;
    // What could not be judged must not be taken for what holds.
    if verdict == Verdict::NotEstablished {
        say!("{} is left as it is", file.display())?;
        return Ok(verdict);
    }
    // A shard is not full, whatever is selected.
    let full = args.selection.selection().is_everything();
    let changes = match command {
        BaselineCommand::Write { .. } => Baseline::write(file, &run, full)?,
        BaselineCommand::Prune { .. } => Baseline::prune(file, &run, full)?,
    };
    print_changes(file, &changes)?;
    Ok(Verdict::Conformant)
}

fn print_changes(file: &Path, changes: &Changes) -> Result<(), CliError> {
    for id in &changes.added {
        say!("added {id}")?;
    }
    for dropped in &changes.dropped {
        say!("dropped {}: {}", dropped.known.id, dropped.why)?;
    }
    let (added, kept, dropped) = (changes.added.len(), changes.kept.len(), changes.dropped.len());
    say!("{}: {added} added, {kept} kept, {dropped} dropped", file.display())
}
