//! The subcommand `site`: its arguments, and what it does.

use std::path::PathBuf;

use clap::Args;

use super::out::say;
use super::{CliError, common_settings};
use crate::self_check::deviations;
use crate::site::{self, Kills, Material, Server};
use crate::spec::Source;
use crate::verdict::Verdict;

/// What to make pages of.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lavalink-conformance site pages                            the rules, what was observed, the document
  lavalink-conformance site pages --results a.json --results b.json
                                                             with servers side by side
  lavalink-conformance self-check --json kills.json && lavalink-conformance site pages --kill-matrix kills.json

A page is one file that loads nothing; index.html is the first. Files of the same names are replaced.")]
pub(super) struct SiteArgs {
    /// The folder, which is created if it does not exist
    pub(super) dir: PathBuf,
    /// JSON report of a run, for a column of servers side by side; can be given again
    #[arg(long, value_name = "REPORT")]
    pub(super) results: Vec<PathBuf>,
    /// What self-check --json wrote
    #[arg(long, value_name = "FILE")]
    pub(super) kill_matrix: Option<PathBuf>,
}

/// Writes every page.
pub(super) async fn execute(source: Source, args: &SiteArgs) -> Result<Verdict, CliError> {
    if args.dir.exists() && !args.dir.is_dir() {
        let message = format!("{} is a file; give a folder for the pages", args.dir.display());
        return Err(CliError::Usage(message));
    }
    let kills = args.kill_matrix.as_deref().map(Kills::read).transpose()?;
    let servers = Server::read(&args.results)?;
    let deviations = deviations(&common_settings("", 1.0)?).await?;
    let material = Material { spec: source.read()?, source, deviations, servers, kills };
    let files = site::files(&material)?;
    let failed = |error| CliError::Io(format!("write {}", args.dir.display()), error);
    site::write(&args.dir, &files).map_err(failed)?;
    let bytes: usize = files.iter().map(|file| file.content.len()).sum();
    say!("{} files, {} kB, in {}", files.len(), bytes / 1000, args.dir.display())?;
    Ok(Verdict::Conformant)
}
