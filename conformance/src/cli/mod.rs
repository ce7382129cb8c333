//! The command line.

mod args;
mod baseline;
mod compare;
mod conclude;
mod coverage;
mod diff;
mod explain;
mod fuzz;
mod list;
mod merge;
mod mutants;
mod out;
mod outputs;
mod report;
mod run;
mod selection;
mod self_check;
mod shell;
mod site;
mod subject;
mod target;

use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write;
use std::process::ExitCode;
use std::sync::Arc;

pub use args::Cli;
use args::Command;
use futures::future::LocalBoxFuture;
use out::{say, tell};

use crate::assets;
use crate::client::Trust;
use crate::discord::Authority;
use crate::lag::Lag;
use crate::report::Terminal;
use crate::schema::Schemas;
use crate::self_check::{SelfCheckError, deviations};
use crate::settings::{Budgets, Secret, Settings};
use crate::spec::{Source, SpecError, lint, lint_deviations};
use crate::target::launch::unless_interrupted;
use crate::target::serve;
use crate::verdict::Verdict;

/// Why the program could not do what it was told.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Select(#[from] crate::spec::SelectError),
    #[error(transparent)]
    Schema(#[from] crate::schema::SchemaError),
    #[error(transparent)]
    SelfCheck(#[from] SelfCheckError),
    #[error(transparent)]
    Mutants(#[from] crate::mutants::MutantsError),
    #[error(transparent)]
    Authority(#[from] crate::discord::AuthorityError),
    #[error(transparent)]
    Output(#[from] outputs::OutputError),
    #[error(transparent)]
    File(#[from] crate::toml_file::TomlError),
    #[error(transparent)]
    Baseline(#[from] crate::baseline::BaselineError),
    #[error(transparent)]
    Merge(#[from] crate::report::MergeError),
    #[error(transparent)]
    Kills(#[from] crate::site::KillsError),
    #[error(transparent)]
    Report(#[from] crate::report::ReadError),
    #[error(transparent)]
    Launch(#[from] crate::target::LaunchError),
    #[error("interrupted; nothing of what was started is left")]
    Interrupted,
    #[error(transparent)]
    Target(#[from] crate::target::FleetError),
    #[error("the selection leaves no scenario; lavalink-conformance list shows all")]
    NothingSelected,
    #[error("these reports cannot be compared: {0}")]
    Incomparable(String),
    #[error("nothing can be said about the server: {0}")]
    Unserved(String),
    #[error("{0}")]
    Usage(String),
    #[error("failed to {0}")]
    Io(String, #[source] std::io::Error),
    #[error("failed to print the result")]
    Print(#[source] std::io::Error),
}

impl CliError {
    fn verdict(&self) -> Verdict {
        match self {
            Self::Spec(_) | Self::Select(_) | Self::Usage(_) | Self::Schema(_) => Verdict::Usage,
            Self::File(_)
            | Self::Output(_)
            | Self::Baseline(_)
            | Self::Kills(_)
            | Self::Launch(_)
            | Self::SelfCheck(SelfCheckError::Unknown(_)) => Verdict::Usage,
            Self::Authority(_)
            | Self::Interrupted
            | Self::Target(_)
            | Self::SelfCheck(_)
            | Self::Mutants(_)
            | Self::NothingSelected
            | Self::Merge(_)
            | Self::Report(_)
            | Self::Incomparable(_)
            | Self::Unserved(_)
            | Self::Io(..)
            | Self::Print(_) => Verdict::NotEstablished,
        }
    }
}

impl Cli {
    /// Does what the command line says; gives back what the program is to end with. Boxed, so that
    /// it is compiled with this crate and not once more with the program.
    pub fn execute(self) -> LocalBoxFuture<'static, Verdict> {
        Box::pin(async move {
            match self.try_execute().await {
                Ok(verdict) => verdict,
                Err(error) => {
                    if !matches!(&error, CliError::Print(error) if out::is_closed(error)) {
                        tell!("{}", in_full(&error));
                    }
                    error.verdict()
                }
            }
        })
    }

    async fn try_execute(self) -> Result<Verdict, CliError> {
        let source = match &self.spec.features {
            Some(folder) => Source::folder(folder)?,
            None => Source::embedded(),
        };
        match self.command {
            Some(Command::Baseline(command)) => baseline::execute(&source, &command).await,
            Some(Command::Coverage) => {
                coverage::print()?;
                Ok(Verdict::Conformant)
            }
            Some(Command::Lint) => print_lint(&source).await,
            Some(Command::List { json, selection }) => {
                list::print(&source.read()?, &selection.selection(), json)?;
                Ok(Verdict::Conformant)
            }
            Some(Command::Diff { old, new, json }) => diff::execute(&old, &new, json.as_deref()),
            Some(Command::Merge(args)) => merge::execute(&args),
            Some(Command::Report(args)) => report::execute(&args),
            Some(Command::Durations { reports }) => merge::print_durations(&reports),
            Some(Command::Explain { id }) => {
                explain::print(&source.read()?, &id)?;
                Ok(Verdict::Conformant)
            }
            Some(Command::SelfCheck(args)) => self_check::execute(&source, &args).await,
            Some(Command::Mutants(args)) => mutants::execute(&source, &args).await,
            Some(Command::Fuzz(args)) => fuzz::execute(&args).await,
            Some(Command::Compare(args)) => compare::execute(&source, &args).await,
            Some(Command::Site(args)) => site::execute(source, &args).await,
            Some(Command::Shell(args)) => shell::execute(&args).await,
            Some(Command::Serve { args }) => {
                let name = OsString::from("lavalink-conformance serve");
                let ended = serve(std::iter::once(name).chain(args)).await;
                let ok = ended == ExitCode::SUCCESS;
                Ok(if ok { Verdict::Conformant } else { Verdict::Usage })
            }
            Some(Command::Run(args)) => run::execute(&source, &args).await,
            None => run::execute(&source, &self.run).await,
        }
    }
}

/// The verdict of some work, or that the runner was told to end before it was done.
async fn unless_told_to_end(
    work: impl Future<Output = Result<Verdict, CliError>>,
) -> Result<Verdict, CliError> {
    let ended = unless_interrupted(work).await;
    let ended = ended.map_err(|error| CliError::Io("wait for signals".into(), error))?;
    ended.unwrap_or(Err(CliError::Interrupted))
}

async fn print_lint(source: &Source) -> Result<Verdict, CliError> {
    let mut problems = lint(source);
    // The deviations break the embedded rules, nobody else's.
    if problems.is_empty() && source.is_embedded() {
        let deviations = deviations(&common_settings("", 1.0)?).await?;
        let names: Vec<_> = deviations.into_iter().map(|deviation| deviation.name).collect();
        problems = lint_deviations(&source.read()?, &names);
    }
    for problem in &problems {
        say!("{problem}")?;
    }
    if problems.is_empty() {
        say!("no problems")?;
        Ok(Verdict::Conformant)
    } else {
        say!("{} problems", problems.len())?;
        Ok(Verdict::Usage)
    }
}

/// What is the same for every server of a run; its address and password are filled in later.
fn common_settings(media_url: &str, time_scale: f64) -> Result<Settings, CliError> {
    let schemas = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
    Ok(Settings {
        url: String::new(),
        trust: Trust::default(),
        password: Secret::new(""),
        media_url: media_url.to_owned(),
        budgets: Budgets { lag: Lag::of_machine(), ..Budgets::scaled(time_scale) },
        schemas: Schemas::load(schemas)?,
        manual_time: None,
        outliving: Arc::default(),
        authority: Arc::new(Authority::new()?),
    })
}

/// An error with everything that caused it.
fn in_full(error: &dyn Error) -> String {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  because: {error}");
        cause = error.source();
    }
    text
}

fn terminal() -> Terminal {
    Terminal::for_stdout()
}
