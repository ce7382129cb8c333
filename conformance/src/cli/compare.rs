//! The subcommand `compare`: its arguments, and what it does.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;

use super::args::{ServerArgs, time};
use super::out::{self, tell};
use super::selection::SelectionArgs;
use super::subject::{Starting, Subject};
use super::{CliError, common_settings, outputs, unless_told_to_end};
use crate::client::mask_text;
use crate::compare::{CaseOptions, Side, Summary, compare_cases, compare_scenarios};
use crate::fuzz::{Driver, Grammar, Kind, is_served};
use crate::media::MediaServer;
use crate::report::replace_file;
use crate::settings::{Budgets, Settings};
use crate::spec::{Order, Source};
use crate::target::{Capabilities, Fleet, Origin, profiles};
use crate::verdict::Verdict;

/// How often a started server that died is started again.
const MAX_RESTARTS: usize = 10;

/// Stands for the bundled server in `--with`.
const BUNDLED: &str = "bundled";

/// Asks two servers the same, and tells in what their answers and WebSocket messages differ.
///
/// The first is chosen as for a run: --url, --launch, --target-file, or the bundled one. The second
/// is --with. Both get the requests of the generator of fuzz (--seed, --cases) and of the features
/// (--id, --area, --tags …). What differs between any two servers is left out: session and guild
/// ids, times, ports, memory and load. What differs once and not again when it is repeated is a
/// race, and only counted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lavalink-conformance compare --with http://127.0.0.1:2333        the bundled server with yours
  lavalink-conformance compare --url http://127.0.0.1:2333 --with bundled
  lavalink-conformance compare --with-launch \"node . --config {config}\" --cases 20000 --json out.json
  lavalink-conformance compare --with http://127.0.0.1:2333 --cases 0 --area filters
  lavalink-conformance compare --with http://127.0.0.1:2333 --no-features --kind bodies --kind paths
  lavalink-conformance compare --with http://127.0.0.1:2333 --seed 7 --case 1234

Passwords are better given as LAVALINK_PASSWORD and LAVALINK_WITH_PASSWORD; they never show.

Exit codes: 0 no difference, 1 differences, 2 usage, 3 not established.")]
pub(super) struct CompareArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// Where the second server listens, or bundled
    #[arg(long, value_name = "URL", required_unless_present_any = ["with_launch", "with_target_file"])]
    pub(super) with: Option<String>,
    /// Its password; youshallnotpass by default
    #[arg(long, value_name = "PASSWORD", env = "LAVALINK_WITH_PASSWORD", hide_env_values = true)]
    pub(super) with_password: Option<String>,
    /// Start the second server with this command, as --launch
    #[arg(long, value_name = "COMMAND", conflicts_with = "with")]
    pub(super) with_launch: Option<String>,
    /// What there is to say about the second server, in a file, as --target-file
    #[arg(long, value_name = "FILE")]
    pub(super) with_target_file: Option<PathBuf>,
    /// Send bad input to a server that is not on this machine; only ever to your own
    #[arg(long)]
    pub(super) allow_remote: bool,
    /// Also send what Lavalink itself hangs or dies of, as fuzz has it
    #[arg(long)]
    pub(super) wedging: bool,
    /// Which cases to generate; random by default, and printed
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// How many generated cases, each of one to eight requests
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(super) cases: u64,
    /// Only this case
    #[arg(long, value_name = "K", requires = "seed", conflicts_with_all = ["max_time", "cases"])]
    pub(super) case: Option<u64>,
    /// Only cases of this kind: players, bodies, tracks, loading, headers, paths, wire, handshakes,
    /// frames, resuming; can be given again
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub(super) kind: Vec<Kind>,
    /// Start no generated case after this time: 90s, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) max_time: Option<Duration>,
    /// Leave the features out
    #[arg(long, conflicts_with_all = ["id", "tags", "name", "level", "area"])]
    pub(super) no_features: bool,
    #[command(flatten)]
    pub(super) selection: SelectionArgs,
    /// How many scenarios run at the same time
    #[arg(short, long, default_value_t = 16, value_name = "N")]
    pub(super) jobs: usize,
    /// How long a server may take for an answer, such as 10s
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s")]
    pub(super) answer_limit: Duration,
    /// Write the differences and counts as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
}

pub(super) async fn execute(source: &Source, args: &CompareArgs) -> Result<Verdict, CliError> {
    unless_told_to_end(compare(source, args)).await
}

async fn compare(source: &Source, args: &CompareArgs) -> Result<Verdict, CliError> {
    if args.no_features && args.cases == 0 {
        let message = "--cases 0 and --no-features leave nothing to compare";
        return Err(CliError::Usage(message.into()));
    }
    if args.jobs == 0 {
        return Err(CliError::Usage("--jobs has to be at least 1".into()));
    }
    if let Some(path) = &args.json {
        outputs::check(&[("--json", path)], &[])?;
        outputs::forget(path)?;
    }
    let began = Instant::now();
    let spec = source.read()?;
    let with_features = !args.no_features && args.case.is_none();
    let chosen = args.selection.selection().choose(&spec, Order::File)?;
    if with_features && chosen.is_empty() {
        return Err(CliError::NothingSelected);
    }
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let common = common_settings(media.url(), 1.0)?;
    let budgets = Budgets { answer: args.answer_limit, ..common.budgets };
    let common = Settings { budgets, ..common };
    let first = Subject::of(&args.server, args.allow_remote, &common)?;
    let second = Subject::of(&second(args), args.allow_remote, &common).map_err(of_second)?;
    let seed = args.seed.unwrap_or_else(rand::random);
    tell!("comparing {} with {}, seed {seed}", first.whose, second.whose);
    let grammar = if args.wedging || first.bundled && second.bundled {
        Grammar::ALL
    } else {
        Grammar::SPARING
    };
    let passwords = [&first, &second].map(|it| it.password.reveal().to_owned());
    let names = [&first, &second].map(|it| mask(&it.whose, &passwords));
    let fleets = [first, second].map(|subject| Arc::new(fleet(subject, &common)));
    let mut sides = Vec::new();
    let mut drivers = Vec::new();
    let mut leases = Vec::new();
    for ((at, fleet), name) in fleets.iter().enumerate().zip(names) {
        let lease = fleet.lease(profiles::PLAIN).await.map_err(CliError::from);
        let lease = lease.map_err(|error| if at == 0 { error } else { of_second(error) })?;
        let target = lease.target();
        let (url, version) = (target.url.clone(), target.version.clone());
        let driver = Driver { settings: lease.settings() };
        is_served(&driver).await.map_err(|why| CliError::Unserved(format!("{name}: {why}")))?;
        sides.push(Side { name, url, version });
        drivers.push(driver);
        leases.push(lease);
    }
    let mut summary = Summary::new(seed, command(args, &passwords));
    if let ([first, second], [one, other]) = (&drivers[..], &mut sides[..]) {
        summary.sides = [std::mem::take(one), std::mem::take(other)];
        let options = CaseOptions {
            seed,
            cases: args.cases,
            case: args.case,
            kinds: args.kind.clone(),
            time: args.max_time,
            grammar,
        };
        summary = compare_cases([first.clone(), second.clone()], options, summary).await;
    }
    drop(leases);
    if with_features && summary.broken.is_none() {
        compare_scenarios(&chosen, fleets.clone(), args.jobs, &mut summary).await?;
    }
    for fleet in &fleets {
        fleet.stop().await;
    }
    summary.duration = began.elapsed();
    if let Some(path) = &args.json {
        let text = mask(&crate::json::pretty(&summary.to_json()), &passwords);
        let failed = |error| CliError::Io(format!("write {}", path.display()), error);
        replace_file(path, text.as_bytes()).map_err(failed)?;
    }
    out::result(format_args!("{}", mask(&summary.to_text(), &passwords)))?;
    Ok(summary.verdict())
}

/// The second server, as if it were the first.
fn second(args: &CompareArgs) -> ServerArgs {
    ServerArgs {
        url: args.with.clone().filter(|url| url != BUNDLED),
        ca: None,
        insecure: false,
        password: args.with_password.clone(),
        target_file: args.with_target_file.clone(),
        launch: args.with_launch.clone(),
        ready_timeout: args.server.ready_timeout,
    }
}

/// An error about the second server names the options that are about it.
fn of_second(error: CliError) -> CliError {
    let renamed = |text: String| {
        text.replace("--url", "--with")
            .replace("--password", "--with-password")
            .replace("LAVALINK_PASSWORD", "LAVALINK_WITH_PASSWORD")
    };
    match error {
        CliError::Usage(text) => CliError::Usage(renamed(text)),
        CliError::Target(error) => CliError::Unserved(renamed(error.to_string())),
        other => other,
    }
}

fn fleet(subject: Subject, common: &Settings) -> Fleet {
    let password = subject.password;
    let origin = match subject.start {
        Starting::Url(url) => {
            Origin::Url { url, password, profile: profiles::PLAIN.to_owned(), control: None }
        }
        Starting::Launch(launch) => {
            Origin::Launch { launch: *launch, password, max_restarts: MAX_RESTARTS }
        }
    };
    Fleet::declaring(origin, common.clone(), 1, Capabilities::default())
}

fn mask(text: &str, passwords: &[String; 2]) -> String {
    passwords.iter().fold(text.to_owned(), |text, password| mask_text(&text, password))
}

/// How the program is called to compare these two, without what chooses cases and scenarios.
fn command(args: &CompareArgs, passwords: &[String; 2]) -> String {
    let mut words = vec!["lavalink-conformance".to_owned(), "compare".into()];
    let path = |path: &Option<PathBuf>| path.as_ref().map(|it| it.display().to_string());
    for (name, value) in [
        ("--url", args.server.url.clone()),
        ("--launch", args.server.launch.clone()),
        ("--target-file", path(&args.server.target_file)),
        ("--with", args.with.clone()),
        ("--with-launch", args.with_launch.clone()),
        ("--with-target-file", path(&args.with_target_file)),
    ] {
        if let Some(value) = value {
            words.extend([name.to_owned(), shell_words::quote(&value).into_owned()]);
        }
    }
    for (flag, given) in [("--allow-remote", args.allow_remote), ("--wedging", args.wedging)] {
        if given {
            words.push(flag.into());
        }
    }
    mask(&words.join(" "), passwords)
}

/// A kind of generated case.
fn kind(text: &str) -> Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == text);
    let names = || Kind::ALL.map(Kind::name).join(", ");
    found.ok_or_else(|| format!("there is no kind {text}; there are {}", names()))
}
