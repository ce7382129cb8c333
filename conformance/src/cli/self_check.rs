//! The subcommand `self-check`: its arguments, and what it does.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;

use super::out::{self, say};
use super::{CliError, common_settings, outputs};
use crate::media::MediaServer;
use crate::report::replace_file;
use crate::self_check::{self, Entry, Plan};
use crate::spec::Source;
use crate::verdict::Verdict;

/// How often a line tells how far the check is, if there is no terminal.
const PLAIN_PERIOD: Duration = Duration::from_secs(5);

/// How to check the suite.
#[derive(Debug, Args)]
pub(super) struct SelfCheckArgs {
    /// Only deviations whose names start with this, such as LL-PLAYER-; can be given again
    #[arg(long, value_name = "PREFIX")]
    pub(super) deviation: Vec<String>,
    /// Run all scenarios against each deviation, not only those of the broken rule; takes many
    /// minutes
    #[arg(long)]
    pub(super) full: bool,
    /// How many deviations run at the same time
    #[arg(short, long, default_value_t = 12, value_name = "N")]
    pub(super) jobs: usize,
    /// Show every deviation, not only those that were not caught
    #[arg(long)]
    pub(super) table: bool,
    /// Write the matrix as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write the matrix as a page
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
}

pub(super) async fn execute(source: &Source, args: &SelfCheckArgs) -> Result<Verdict, CliError> {
    if args.jobs == 0 {
        return Err(CliError::Usage("--jobs has to be at least 1".into()));
    }
    let files = [("--json", &args.json), ("--html", &args.html)];
    let files: Vec<_> =
        files.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?))).collect();
    outputs::check(&files, &[])?;
    files.iter().try_for_each(|(_, path)| outputs::forget(path))?;
    let spec = source.read()?;
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let settings = common_settings(media.url(), 1.0)?;
    let plan = Plan { only: args.deviation.clone(), full: args.full, jobs: args.jobs };
    let (began, mut told) = (Instant::now(), Instant::now());
    let live = std::io::stderr().is_terminal();
    let matrix = self_check::check(&spec, &settings, &plan, |entry, done, total| {
        tell(entry, done, total, live, &mut told);
    })
    .await?;
    if live {
        out::aside(format_args!("\r\x1b[2K"));
    }
    let failed = |path: &Path| {
        let what = format!("write {}", path.display());
        move |error| CliError::Io(what, error)
    };
    if let Some(path) = &args.json {
        let text = crate::json::pretty(&matrix.to_json());
        replace_file(path, text.as_bytes()).map_err(failed(path))?;
    }
    if let Some(path) = &args.html {
        let page = self_check::render_html(&matrix);
        replace_file(path, page.as_bytes()).map_err(failed(path))?;
    }
    out::result(format_args!("{}", matrix.to_text(args.table)))?;
    say!("{:.1} s", began.elapsed().as_secs_f64())?;
    Ok(if matrix.is_complete() { Verdict::Conformant } else { Verdict::NotConformant })
}

fn tell(entry: &Entry, done: usize, total: usize, live: bool, told: &mut Instant) {
    let mut out = std::io::stderr().lock();
    let bad = !entry.fate.is_fine();
    let (name, fate) = (&entry.deviation.name, entry.fate.name());
    // Nobody to tell is no reason to stop.
    let _ = if live {
        write!(out, "\r\x1b[2K{done}/{total} {name} {fate}").and_then(|()| out.flush())
    } else if bad || told.elapsed() >= PLAIN_PERIOD || done == total {
        *told = Instant::now();
        writeln!(out, "{done}/{total} {name} {fate}")
    } else {
        Ok(())
    };
}
