//! `site`.

use super::args::SiteArgs;
use super::out::say;
use super::{CliError, common_settings};
use crate::self_check::deviations;
use crate::site::{self, Kills, Material, Server};
use crate::spec::Source;
use crate::verdict::Verdict;

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
