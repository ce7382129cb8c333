//! The subcommand `fuzz`: its arguments, and what it does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::args::{ServerArgs, time};
use super::out::{self, say, tell};
use super::subject::Subject;
use super::{CliError, common_settings, outputs, unless_told_to_end};
use crate::client::mask_text;
use crate::fuzz::{self, Driver, Grammar, Options, Summary};
use crate::media::MediaServer;
use crate::report::replace_file;
use crate::settings::{Budgets, Settings};
use crate::target::{FleetError, Launched, probe};
use crate::verdict::Verdict;

/// How long to fuzz, if neither a time nor a number of cases is given.
const USUAL_TIME: Duration = Duration::from_secs(60);

/// How many lines of a dead server's log are shown.
const LAST_LINES: usize = 20;

/// Sends bad input to a server: bodies, headers, paths, tracks, WebSocket frames, slow and broken
/// clients.
///
/// Case K of seed S is always the same. What counts as wrong: no answer in time; a 5xx that Lavalink
/// does not give; a body off its schema; being served without the password; memory, files or players
/// that stay. Without --url or --launch it starts the bundled reference server.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lavalink-conformance fuzz                                  the bundled server, for a minute
  lavalink-conformance fuzz --url http://127.0.0.1:2333      yours; its password as LAVALINK_PASSWORD
  lavalink-conformance fuzz --launch \"node . --config {config}\" --max-time 10m
  lavalink-conformance fuzz --seed 7 --cases 20000 --json out.json
  lavalink-conformance fuzz --seed 7 --case 1234             one case again, with all that is sent

Exit codes: 0 nothing found, 1 something found, 2 usage, 3 not established.")]
pub(super) struct FuzzArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// Send bad input to a server that is not on this machine; only ever to your own
    #[arg(long)]
    pub(super) allow_remote: bool,
    /// Also send what Lavalink itself hangs or dies of: voice servers that refuse, timescale beyond
    /// measure. The bundled server gets it anyway
    #[arg(long)]
    pub(super) wedging: bool,
    /// Which cases to generate; random by default, and printed
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// How long: 90s, 5m, 1h; 60s unless --cases is given
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) max_time: Option<Duration>,
    /// How many cases
    #[arg(long, value_name = "N")]
    pub(super) cases: Option<u64>,
    /// Only this case, showing everything that is sent and received
    #[arg(long, value_name = "K", requires = "seed", conflicts_with_all = ["max_time", "cases", "json"])]
    pub(super) case: Option<u64>,
    /// How long the server may take for an answer, such as 10s
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s")]
    pub(super) answer_limit: Duration,
    /// How many MiB the memory of a started server may grow from the first half to the end, from
    /// 2000 cases on; a JVM with a large heap needs more
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    pub(super) max_growth: u64,
    /// Write the findings and counts as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
}

pub(super) async fn execute(args: &FuzzArgs) -> Result<Verdict, CliError> {
    unless_told_to_end(fuzz(args)).await
}

async fn fuzz(args: &FuzzArgs) -> Result<Verdict, CliError> {
    if args.cases == Some(0) {
        return Err(CliError::Usage("--cases has to be at least 1".into()));
    }
    if let Some(path) = &args.json {
        outputs::check(&[("--json", path)], &[])?;
        outputs::forget(path)?;
    }
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let common = common_settings(media.url(), 1.0)?;
    let subject = Subject::of(&args.server, args.allow_remote, &common)?;
    let seed = args.seed.unwrap_or_else(rand::random);
    tell!("fuzzing {}, seed {seed}", subject.whose);
    let (url, launched) = subject.reach().await?;
    let password = subject.password.clone();
    let budgets = Budgets { answer: args.answer_limit, ..common.budgets };
    let settings = Arc::new(Settings { url, password, budgets, ..common });
    let target = probe(&settings).await.map_err(FleetError::from)?;
    let time = args.max_time.or((args.cases.is_none()).then_some(USUAL_TIME));
    let options = Options {
        seed,
        time,
        cases: args.cases,
        grammar: if subject.bundled || args.wedging { Grammar::ALL } else { Grammar::SPARING },
        group: launched.as_ref().map(Launched::group),
        most_growth: args.max_growth,
    };
    let again = command(args, subject.password.reveal());
    let summary = Summary::new(target.url, target.version, seed, again);
    let driver = Driver { settings };
    let verdict = match args.case {
        Some(number) => play(&driver, &options, number, summary).await,
        None => run(driver, options, summary, launched.as_ref(), args.json.as_deref()).await,
    };
    if let Some(launched) = launched {
        launched.stop().await;
    }
    verdict
}

/// Plays one case and tells all of it.
async fn play(
    driver: &Driver,
    options: &Options,
    number: u64,
    mut summary: Summary,
) -> Result<Verdict, CliError> {
    let (case, played) = fuzz::play(driver, options, number).await;
    say!("case {number} of seed {}: {}", options.seed, case.kind.name())?;
    for line in &played.log {
        say!("{line}")?;
    }
    summary.add(number, case.kind, played);
    out::result(format_args!("{}", summary.to_text()))?;
    Ok(summary.verdict())
}

async fn run(
    driver: Driver,
    options: Options,
    summary: Summary,
    launched: Option<&Launched>,
    json: Option<&Path>,
) -> Result<Verdict, CliError> {
    let run = fuzz::run(driver, options, summary).await;
    let mut summary = run.map_err(|finding| CliError::Unserved(finding.what))?;
    if let Some(ended) = launched.and_then(Launched::ended) {
        summary.log = launched.map(|it| it.log_tail(LAST_LINES)).unwrap_or_default();
        summary.log.push(ended);
    }
    if let Some(path) = json {
        let text = crate::json::pretty(&summary.to_json());
        let failed = |error| CliError::Io(format!("write {}", path.display()), error);
        replace_file(path, text.as_bytes()).map_err(failed)?;
    }
    out::result(format_args!("{}", summary.to_text()))?;
    Ok(summary.verdict())
}

/// How the program is called to fuzz this target, without what chooses cases.
fn command(args: &FuzzArgs, password: &str) -> String {
    let mut words = vec!["lavalink-conformance".to_owned(), "fuzz".into()];
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.extend([name.to_owned(), shell_words::quote(&value).into_owned()]);
        }
    };
    option("--url", args.server.url.clone());
    option("--launch", args.server.launch.clone());
    option(
        "--target-file",
        args.server.target_file.as_ref().map(|path| path.display().to_string()),
    );
    for (flag, given) in [("--allow-remote", args.allow_remote), ("--wedging", args.wedging)] {
        if given {
            words.push(flag.into());
        }
    }
    mask_text(&words.join(" "), password)
}
