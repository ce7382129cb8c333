//! `fuzz`.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::FuzzArgs;
use super::out::{self, say, tell};
use super::target::{NO_START, launch, password, start};
use super::{CliError, common_settings};
use crate::client::mask_text;
use crate::fuzz::{self, Driver, Grammar, Options, Summary};
use crate::media::MediaServer;
use crate::report::replace_file;
use crate::settings::{Budgets, Secret, Settings};
use crate::target::launch::on_interrupt;
use crate::target::{FleetError, Launch, Launched, Start, TargetFile, probe, profiles};
use crate::verdict::Verdict;

/// How long, where nothing is said.
const USUAL_TIME: Duration = Duration::from_secs(60);

/// How much of a dead server's log is shown.
const LAST_LINES: usize = 20;

/// A server to be fuzzed, as it was asked for.
struct Subject {
    /// For people.
    whose: String,
    /// Whether it is the bundled one.
    bundled: bool,
    password: Secret,
    start: Starting,
}

enum Starting {
    Url(String),
    Launch(Box<Launch>),
}

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
        super::conclude::remove_old_report(path)?;
    }
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let common = common_settings(media.url(), 1.0)?;
    let subject = Subject::of(args, &common)?;
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
        grammar: Grammar { voice: subject.bundled },
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

impl Subject {
    fn of(args: &FuzzArgs, common: &Settings) -> Result<Self, CliError> {
        let file = args.server.target_file.as_deref().map(TargetFile::read).transpose()?;
        let file = file.as_ref();
        let password = password(&args.server, file);
        let authority = &common.authority;
        let given = start(&args.server, file);
        let name = file.map(|file| file.name.clone());
        let (whose, bundled, password, start) = match given {
            Some(Start::Url(url)) => {
                let url = url.trim_end_matches('/').to_owned();
                check(&url, args.allow_remote)?;
                (name.unwrap_or_else(|| url.clone()), false, password, Starting::Url(url))
            }
            Some(Start::Launch(command)) => {
                let launch =
                    launch(&command, args.server.ready_timeout, file, &password, authority)?;
                let whose = name.unwrap_or_else(|| "a server started by --launch".into());
                (whose, false, password, Starting::Launch(Box::new(launch)))
            }
            None if file.is_some() => return Err(CliError::Usage(NO_START.into())),
            None => {
                // As a process of its own, so that its memory can be told from the runner's.
                let program = std::env::current_exe()
                    .map_err(|error| CliError::Io("find this program".into(), error))?;
                let program = program.display().to_string().replace('{', "{{").replace('}', "}}");
                let command = format!("{} serve --config {{config}}", shell_words::quote(&program));
                let launch =
                    launch(&command, args.server.ready_timeout, None, &password, authority)?;
                let whose = "the bundled server".to_owned();
                (whose, true, password, Starting::Launch(Box::new(launch)))
            }
        };
        Ok(Self { whose, bundled, password, start })
    }

    /// Starts it if need be.
    async fn reach(&self) -> Result<(String, Option<Launched>), CliError> {
        match &self.start {
            Starting::Url(url) => Ok((url.clone(), None)),
            Starting::Launch(launch) => {
                let profile = profiles::text(profiles::PLAIN).unwrap_or_default();
                let launched = launch.start(profile).await?;
                Ok((launched.url().to_owned(), Some(launched)))
            }
        }
    }
}

/// Bad input goes to somebody else's server only when it is asked for.
fn check(url: &str, allow_remote: bool) -> Result<(), CliError> {
    let usage = |what: &str| Err(CliError::Usage(format!("--url {url}: {what}")));
    let parsed = url.strip_prefix("http://").and_then(|_| url.parse::<http::Uri>().ok());
    let Some(host) = parsed.as_ref().and_then(http::Uri::host) else {
        return usage("give an address such as http://127.0.0.1:2333");
    };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    if here || allow_remote {
        return Ok(());
    }
    usage("it is not on this machine; --allow-remote sends bad input there nevertheless")
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
    if args.allow_remote {
        words.push("--allow-remote".into());
    }
    mask_text(&words.join(" "), password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_servers_of_this_machine_are_fuzzed_unasked() {
        for url in
            ["http://127.0.0.1:2333", "http://localhost", "http://[::1]:2333", "http://127.9.9.9"]
        {
            assert!(check(url, false).is_ok(), "{url}");
        }
        for url in ["http://10.0.0.1:2333", "http://example.org", "http://127.0.0.1.example.org"] {
            assert!(check(url, false).is_err(), "{url}");
            assert!(check(url, true).is_ok(), "{url}");
        }
        for url in ["ftp://127.0.0.1", "127.0.0.1:2333", "http://"] {
            assert!(check(url, true).is_err(), "{url}");
        }
    }
}
