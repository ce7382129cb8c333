//! `fuzz`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::FuzzArgs;
use super::out::{self, say, tell};
use super::subject::Subject;
use super::{CliError, common_settings, outputs};
use crate::client::mask_text;
use crate::fuzz::{self, Driver, Grammar, Options, Summary};
use crate::media::MediaServer;
use crate::report::replace_file;
use crate::settings::{Budgets, Settings};
use crate::target::launch::on_interrupt;
use crate::target::{FleetError, Launched, probe};
use crate::verdict::Verdict;

/// How long, where nothing is said.
const USUAL_TIME: Duration = Duration::from_secs(60);

/// How much of a dead server's log is shown.
const LAST_LINES: usize = 20;

pub(super) async fn execute(args: &FuzzArgs) -> Result<Verdict, CliError> {
    tokio::select! {
        ended = fuzz(args) => ended,
        stopped = on_interrupt() => {
            stopped.map_err(|error| CliError::Io("wait for signals".into(), error))?;
            Err(CliError::Interrupted)
        }
    }
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
