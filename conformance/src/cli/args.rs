//! What can be said on the command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use gherkin::tagexpr::TagOperation;
use regex::Regex;

use super::outputs::Named;
use crate::fuzz::Kind;
use crate::spec::{Level, Order, Selection, Shard};

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

/// Starts the server as a run does, opens a WebSocket and keeps it open. The shell or the command has
/// LAVALINK_URL, LAVALINK_PASSWORD, SESSION, GUILD, MEDIA (the runner's media server) and
/// MEDIA_ENCODED (the same as a part of a query): the curl lines of reports work in it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lavalink-conformance shell --target-file mine.toml         a shell with a session of your server
  lavalink-conformance shell --url http://127.0.0.1:2333 -- sh -c 'curl -H \"Authorization: ${LAVALINK_PASSWORD}\" \"${LAVALINK_URL}/v4/sessions/${SESSION}/players\"'

Exit codes: 0 if the command ends with 0, 1 if it does not, 3 without a server.")]
pub(super) struct ShellArgs {
    #[command(flatten)]
    pub(super) server: ServerArgs,
    /// The command and its arguments, after --; your shell by default
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,
}

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

/// Which run to tell of, and how.
#[derive(Debug, Args)]
pub(super) struct FromReportArgs {
    /// JSON report of the run; the run need not have finished
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) reports: ReportArgs,
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

/// How to try mutants.
#[derive(Debug, Args)]
pub(super) struct MutantsArgs {
    /// What the program of ci/mutants wrote: the server, and the mutants that it has
    #[arg(value_name = "MUTANTS.json")]
    pub(super) list: PathBuf,
    /// What each scenario reaches; what is not in it is found out and added
    #[arg(long, value_name = "FILE")]
    pub(super) reached: PathBuf,
    /// Only one of the parts that the mutants are dealt to
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
    /// Only these mutants; can be given again
    #[arg(long, value_name = "NUMBER")]
    pub(super) number: Vec<u32>,
    /// Try each on no more of the scenarios that reach it; what survives may be killed by others
    #[arg(long, value_name = "N")]
    pub(super) most: Option<usize>,
    /// Only those that an earlier result has as not killed
    #[arg(long, value_name = "FILE")]
    pub(super) again: Option<PathBuf>,
    /// Mutants side by side
    #[arg(short, long, default_value_t = 4, value_name = "N")]
    pub(super) jobs: usize,
    /// Write what became of each
    #[arg(long, value_name = "FILE")]
    pub(super) json: PathBuf,
}

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

/// A kind of generated case.
fn kind(text: &str) -> Result<Kind, String> {
    let found = Kind::ALL.into_iter().find(|kind| kind.name() == text);
    let names = || Kind::ALL.map(Kind::name).join(", ");
    found.ok_or_else(|| format!("there is no kind {text}; there are {}", names()))
}

/// A time such as 90s, 5m or 1h; seconds without a unit.
fn time(text: &str) -> Result<Duration, String> {
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

/// Which scenarios.
#[derive(Debug, Args)]
pub(super) struct SelectionArgs {
    /// Id of a rule or scenario; can be given again
    #[arg(long, value_name = "ID")]
    id: Vec<String>,
    /// Tag expression, such as "@slow and not @needs-http-source"
    #[arg(long, value_name = "EXPRESSION")]
    tags: Option<TagOperation>,
    /// Pattern for titles of rules and scenarios
    #[arg(long, value_name = "REGEX")]
    name: Option<Regex>,
    /// must, should or observed; can be given again
    #[arg(long)]
    level: Vec<Level>,
    /// Area, such as session; can be given again
    #[arg(long)]
    area: Vec<String>,
    /// Only the Kth of N parts of all scenarios that take about the same time, and of that what
    /// is selected. A scenario is in the same part whatever is selected; merge joins the reports
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
}

impl SelectionArgs {
    pub(super) fn selection(&self) -> Selection {
        Selection {
            ids: self.id.clone(),
            tags: self.tags.clone(),
            name: self.name.clone(),
            levels: self.level.clone(),
            areas: self.area.clone(),
            shard: self.shard,
        }
    }
}
