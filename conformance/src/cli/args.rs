//! What can be said on the command line: the subcommands, and the arguments that several share.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::baseline::BaselineCommand;
use super::compare::CompareArgs;
use super::fuzz::FuzzArgs;
use super::merge::MergeArgs;
use super::mutants::MutantsArgs;
use super::outputs::Named;
use super::report::FromReportArgs;
use super::selection::SelectionArgs;
use super::self_check::SelfCheckArgs;
use super::shell::ShellArgs;
use super::site::SiteArgs;
use crate::spec::Order;

/// Checks a Lavalink v4 server, rule by rule, over REST and WebSocket.
///
/// Without --url it starts the bundled reference server and checks that.
#[derive(Debug, Parser)]
#[command(name = "lavalink-conformance", version, args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  lavalink-conformance                                       check the bundled server
  lavalink-conformance --url http://127.0.0.1:2333           check yours
  lavalink-conformance --launch \"node . --config {config}\"   start and check yours
  lavalink-conformance --target-file mine.toml --baseline known.toml
  lavalink-conformance --area session --level must           some of it
  lavalink-conformance --id LL-PLAYER-010 --repeat 20        one rule, often
  lavalink-conformance explain LL-PLAYER-010                 what a rule says
  lavalink-conformance --junit out.xml --json out.json       reports for CI
  lavalink-conformance --html out.html                       a page for people
  lavalink-conformance diff old.json new.json                what became better and worse
  lavalink-conformance --shard 2/5 --json part2.json         a fifth of it, on the second of five machines
  lavalink-conformance merge part*.json --junit out.xml      the verdict of all five

Exit codes: 0 conformant, 1 not conformant, 2 usage, 3 not established (nothing failed, but not all
of it could be judged), 4 stale baseline.")]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) run: RunArgs,
    #[command(flatten)]
    pub(super) spec: SpecArgs,
}

/// Where rules come from.
#[derive(Debug, Args)]
pub(super) struct SpecArgs {
    /// Folder of features that replaces the built-in ones
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) features: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a server (the default)
    Run(Box<RunArgs>),
    /// List rules and scenarios
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        selection: SelectionArgs,
    },
    /// Join the JSON reports of all shards of a run: its summary, its verdict, its exit code
    ///
    /// Each report says which shard it is, what was selected, and which scenarios all shards have
    /// together. So it is an error if a shard or a scenario is missing or is there twice, if a
    /// report was cut off, and if two are of another suite, target, selection or setting; it names
    /// what it is.
    Merge(MergeArgs),
    /// Show a run again from its JSON report: its summary, a page, another report
    #[command(after_help = "Examples:
  lavalink-conformance report out.json --html out.html      a page of a run

Exit codes: those of the run.")]
    Report(FromReportArgs),
    /// Show what got better and what got worse between two JSON reports, by cause
    #[command(
        after_help = "Exit codes: 0 nothing is worse, 1 something that held does not any more, 2 usage, \
3 the reports cannot be compared."
    )]
    Diff {
        /// JSON report of the older run
        old: PathBuf,
        /// JSON report of the newer run
        new: PathBuf,
        /// Write what changed as JSON
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Print the table that shards are balanced by, from JSON reports; the first that has a
    /// scenario counts
    #[command(hide = true)]
    Durations {
        /// JSON reports
        #[arg(required = true, value_name = "REPORT")]
        reports: Vec<PathBuf>,
    },
    /// Show a rule: what it requires, why, and how it is checked
    Explain {
        /// Id of a rule or of a scenario
        id: String,
    },
    /// Make or clean a file of known failures
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Print each claim of the document that the suite started from, with the rules that cover it
    Coverage,
    /// Check the features themselves
    Lint,
    /// Check the suite: break every rule on purpose, and see whether one of its scenarios notices
    SelfCheck(SelfCheckArgs),
    /// Try the mutants of a server that has them all, one after the other (ci/mutants/run)
    #[command(hide = true)]
    Mutants(MutantsArgs),
    /// Send bad input to a server, generated from a seed, and report what it does wrong
    Fuzz(FuzzArgs),
    /// Send two servers the same requests, and report how their answers and messages differ
    Compare(Box<CompareArgs>),
    /// Write the rules as a site, with what was observed and how servers compare
    Site(SiteArgs),
    /// Open a session on a server, and run a shell or a command that can use it
    Shell(ShellArgs),
    /// Run the bundled reference server, for bots and clients to talk to
    #[command(disable_help_flag = true)]
    Serve {
        /// Its own flags; serve --help lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

/// Which server it is about.
#[derive(Clone, Debug, Args)]
pub(super) struct ServerArgs {
    /// Where the server listens, such as http://127.0.0.1:2333 or https://example.org/lavalink; the
    /// bundled one is started without it
    #[arg(long)]
    pub(super) url: Option<String>,
    /// PEM certificates that a server at https:// may be signed with, besides those of the system
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,
    /// Take any certificate of a server at https://
    #[arg(long, conflicts_with = "ca")]
    pub(super) insecure: bool,
    /// Its password; youshallnotpass by default
    #[arg(long, env = "LAVALINK_PASSWORD", hide_env_values = true)]
    pub(super) password: Option<String>,
    /// A file that describes the server: where it is or how it is started, what it supports and
    /// what it does not, and under [routeplanner] how its searches reach the runner's upstream:
    /// search = "ytsearch:{query}", watch, listen, tls
    #[arg(long, value_name = "FILE")]
    pub(super) target_file: Option<PathBuf>,
    /// Start the server with this command, once for each configuration that is needed; {config},
    /// {port}, {password}, {dir}, {ca} and {truststore} are replaced
    #[arg(long, value_name = "COMMAND", conflicts_with = "url")]
    pub(super) launch: Option<String>,
    /// How many seconds a launched server may take to answer; 60 by default
    #[arg(long, value_name = "SECONDS")]
    pub(super) ready_timeout: Option<u64>,
}

/// How to check a server.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// Failures that are known and do not count; made by baseline write
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Give up after a launched server has died this often in a row, with no scenario ending in
    /// between
    #[arg(long, default_value_t = 20, value_name = "N", conflicts_with = "url")]
    pub(super) max_restarts: usize,
    /// The configuration that the server at --url runs with; plain by default
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Write the certificate here that the server has to trust to join voice channels of the run
    /// (and a trust store for a JVM beside it), then wait for the server to answer
    #[arg(long, value_name = "FILE")]
    pub(super) voice_ca_out: Option<PathBuf>,
    /// Token of the server's control API, if its time can be moved
    #[arg(long, value_name = "TOKEN", env = "LAVALINK_CONTROL_TOKEN", hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new())]
    pub(super) control_token: Option<String>,
    /// Time of the bundled server: real, manual (moved, so that nothing is waited for), or auto,
    /// which is manual
    #[arg(long, value_enum, default_value_t = Clock::Auto, hide_possible_values = true)]
    pub(super) clock: Clock,
    /// Where the real server behaves in more than one way, let the bundled server choose at random,
    /// from this seed. Scenarios that depend on one of the ways fail
    #[arg(long, value_name = "SEED", num_args = 0..=1, default_missing_value = "0")]
    pub(super) vary: Option<u64>,
    #[command(flatten)]
    pub(super) selection: SelectionArgs,
    /// How many scenarios run at the same time
    #[arg(short, long, default_value_t = 16, value_name = "N")]
    pub(super) jobs: usize,
    /// Multiplies every wait, for slow machines
    #[arg(long, default_value_t = 1.0, value_name = "FACTOR")]
    pub(super) time_scale: f64,
    /// Stop at the first scenario that does not pass
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// Run every scenario this many times
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(super) repeat: usize,
    /// The order of scenarios: file, random or random:SEED
    #[arg(long, default_value = "file")]
    pub(super) order: Order,
    /// Count observed rules too
    #[arg(long)]
    pub(super) strict: bool,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
}

/// Whose time the bundled server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Clock {
    Real,
    Manual,
    Auto,
}

/// Where reports go.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Write a JUnit report
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Write a JSON report
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Write a page for people: the verdict, what to fix first, every rule; one file, below 2 MB
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
    /// Write the verdict and how much could be judged, as a badge for shields.io
    #[arg(long, value_name = "FILE")]
    pub(super) badge: Option<PathBuf>,
    /// Show every scenario that did not pass, with everything that crossed the wire
    #[arg(short, long)]
    pub(super) verbose: bool,
}

impl ReportArgs {
    /// All files that are written.
    pub(super) fn files(&self) -> Vec<Named<'_>> {
        let files = [
            ("--json", &self.json),
            ("--junit", &self.junit),
            ("--html", &self.html),
            ("--badge", &self.badge),
        ];
        let given = files.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?)));
        given.collect()
    }
}

/// A time such as 90s, 5m or 1h; seconds without a unit.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) => (number, &text[number.len()..]),
        None => (text, "s"),
    };
    let factor = match unit {
        "h" => 3600,
        "m" => 60,
        _ => 1,
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    let time = seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs);
    time.ok_or_else(|| "give a time such as 90s, 5m or 1h".to_owned())
}
