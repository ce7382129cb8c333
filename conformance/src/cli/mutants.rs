//! The subcommand `mutants`: its arguments, and what it does.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};

use super::out::{self, say};
use super::{CliError, common_settings};
use crate::media::MediaServer;
use crate::mutants::{Fate, List, Plan, Tried, try_all};
use crate::report::replace_file;
use crate::spec::{Shard, Source};
use crate::verdict::Verdict;

/// How often a line tells how far the trial is.
const PERIOD: Duration = Duration::from_secs(10);

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

pub(super) async fn execute(source: &Source, args: &MutantsArgs) -> Result<Verdict, CliError> {
    if args.jobs == 0 {
        return Err(CliError::Usage("--jobs has to be at least 1".into()));
    }
    let (list, spec) = (List::read(&args.list)?, source.read()?);
    let media = MediaServer::start()
        .await
        .map_err(|error| CliError::Io("start the media server on 127.0.0.1".into(), error))?;
    let settings = common_settings(media.url(), 1.0)?;
    let mut numbers = list.numbers();
    numbers.retain(|number| args.number.is_empty() || args.number.contains(number));
    if let Some(path) = &args.again {
        let alive = alive(path)?;
        numbers.retain(|number| alive.contains(number));
    }
    if let Some(shard) = args.shard {
        let of_shard = |index: usize| index % shard.count() + 1 == shard.number();
        let mut index = 0..;
        numbers.retain(|_| index.next().is_some_and(of_shard));
    }
    let most = args.most.unwrap_or(usize::MAX);
    let plan = Plan { numbers, reached: args.reached.clone(), most, jobs: args.jobs };
    let (began, mut told) = (Instant::now(), Instant::now());
    let tried = try_all(&spec, &settings, &list, &plan, |what| {
        if told.elapsed() >= PERIOD {
            told = Instant::now();
            out::aside(format_args!("{what}\n"));
        }
    })
    .await?;
    let results: Vec<_> = tried.iter().map(Tried::to_json).collect();
    let text = crate::json::pretty(&json!({"schemaVersion": 1, "mutants": results}));
    replace_file(&args.json, text.as_bytes())
        .map_err(|error| CliError::Io(format!("write {}", args.json.display()), error))?;
    let count = |fate: Fate| tried.iter().filter(|tried| tried.fate == fate).count();
    say!(
        "{} mutants: {} killed, {} blocked, {} survived, {} not reached; {:.0} s",
        tried.len(),
        count(Fate::Killed),
        count(Fate::Blocked),
        count(Fate::Survived),
        count(Fate::Unreached),
        began.elapsed().as_secs_f64(),
    )?;
    Ok(Verdict::Conformant)
}

/// The numbers of those that an earlier result has as not killed.
fn alive(path: &Path) -> Result<Vec<u32>, CliError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| CliError::Io(format!("read {}", path.display()), error))?;
    let result: Value = serde_json::from_str(&text)
        .map_err(|error| CliError::Usage(format!("{}: {error}", path.display())))?;
    let all = result["mutants"].as_array().into_iter().flatten();
    let alive = all.filter(|mutant| mutant["fate"] != "killed");
    Ok(alive.filter_map(|mutant| mutant["number"].as_u64()?.try_into().ok()).collect())
}
