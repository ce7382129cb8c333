//! All mutants of the reference server in one program, each behind a switch, and the table of what
//! became of them. `ci/mutants/run` uses it.

mod accepted;
mod callers;
mod mutant;
mod table;
mod weave;
mod workspace;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use accepted::AcceptedList;
use mutant::Mutant;
use table::{Built, Fates, Table};
use workspace::Workspace;

/// The server's code about the protocol: not its breaks, its configuration, its clock, its control
/// API, or what it logs.
const FILES: [&str; 12] = [
    "reference-server/src/error.rs",
    "reference-server/src/filters/**",
    "reference-server/src/http/**",
    "reference-server/src/json/**",
    "reference-server/src/message.rs",
    "reference-server/src/player/**",
    "reference-server/src/routeplanner/**",
    "reference-server/src/session/**",
    "reference-server/src/stats/**",
    "reference-server/src/tracks/**",
    "reference-server/src/voice/**",
    "reference-server/src/websocket.rs",
];

/// Puts all mutants of the reference server into one program, each behind a switch.
#[derive(Debug, Parser)]
struct Cli {
    /// The folder of the workspace
    #[arg(long, default_value = ".", value_name = "FOLDER")]
    workspace: PathBuf,
    /// Where the copy, what is built and the list of mutants go
    #[arg(long, default_value = "target/mutants", value_name = "FOLDER")]
    out: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the server with all mutants, and write mutants.json
    Build,
    /// Build the server with one mutant as cargo-mutants does it, and print where it is
    Plain {
        /// Its number in mutants.json
        number: u32,
    },
    /// Write the table of what became of all, and name the survivors that have no reason to
    Table {
        /// Which survivors are accepted, and why
        #[arg(long, default_value = "ci/mutants/accepted.toml", value_name = "FILE")]
        accepted: PathBuf,
        /// The page whose table is replaced, between its two marks
        #[arg(long, value_name = "FILE")]
        page: Option<PathBuf>,
        /// What the runner wrote; of two results of a mutant the later counts
        #[arg(required = true, value_name = "FATES.json")]
        fates: Vec<PathBuf>,
    },
}

/// What stands before and after the table of a page.
const MARKS: [&str; 2] = ["<!-- table: ci/mutants/run writes it -->\n", "<!-- end of table -->\n"];

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::from(2)
        }
    }
}

/// Whether there is nothing to complain of.
fn run(cli: &Cli) -> Result<bool, Box<dyn Error>> {
    if let Command::Table { accepted, page, fates } = &cli.command {
        return tabulate(&cli.out, accepted, page.as_deref(), fates);
    }
    let origin = fs::canonicalize(&cli.workspace)?;
    fs::create_dir_all(&cli.out)?;
    let out = fs::canonicalize(&cli.out)?;
    let mutants = mutant::list(&origin, &FILES.map(str::to_owned))?;
    match cli.command {
        Command::Plain { number } => plain(&origin, &out, &mutants, number)?,
        Command::Build | Command::Table { .. } => build(&origin, &out, &mutants)?,
    }
    Ok(true)
}

fn tabulate(
    out: &Path,
    accepted: &Path,
    page: Option<&Path>,
    fates: &[PathBuf],
) -> Result<bool, Box<dyn Error>> {
    let built: Built = read(&out.join("mutants.json"))?;
    let fates = fates.iter().map(|path| read(path)).collect::<Result<Vec<Fates>, _>>()?;
    let table = Table::of(&built, &fates, &AcceptedList::read(accepted)?);
    print!("{}", table.problems());
    if let Some(page) = page {
        let text = fs::read_to_string(page)?;
        let parts = text
            .split_once(MARKS[0])
            .and_then(|(before, rest)| rest.split_once(MARKS[1]).map(|(_, after)| (before, after)));
        let (before, after) = parts.ok_or_else(|| format!("{} has no table", page.display()))?;
        let [begin, end] = MARKS;
        fs::write(page, format!("{before}{begin}{}{end}{after}", table.markdown()))?;
    }
    Ok(table.is_fine())
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let text =
        fs::read(path).map_err(|error| format!("failed to read {}: {error}", path.display()))?;
    let read = serde_json::from_slice(&text);
    Ok(read.map_err(|error| format!("{} cannot be understood: {error}", path.display()))?)
}

fn build(origin: &Path, out: &Path, mutants: &[Mutant]) -> Result<(), Box<dyn Error>> {
    let workspace = Workspace::copy(origin, out)?;
    let left_out = workspace.build(mutants, |line| eprintln!("{line}"))?;
    let told = (1..).zip(mutants).map(|(number, mutant)| {
        json!({
            "number": number,
            "module": mutant.module(),
            "file": mutant.file,
            "line": mutant.span.start.line,
            "function": mutant.function_name(),
            "change": mutant.change(),
            "leftOut": left_out.get(&number).map(|reason| reason.name()),
        })
    });
    let told: Vec<Value> = told.collect();
    let list = json!({"program": workspace.program(), "mutants": told});
    let text = serde_json::to_string_pretty(&list)?;
    let path = out.join("mutants.json");
    if fs::read_to_string(&path).is_ok_and(|old| old != text) {
        // What is known of the old numbers does not hold for the new ones.
        for stale in ["reached.json", "fates.json"] {
            fs::remove_file(out.join(stale)).ok();
        }
    }
    fs::write(&path, text)?;
    Ok(())
}

fn plain(origin: &Path, out: &Path, mutants: &[Mutant], number: u32) -> Result<(), Box<dyn Error>> {
    let index = usize::try_from(number)?.checked_sub(1);
    let mutant = index.and_then(|index| mutants.get(index));
    let mutant =
        mutant.ok_or_else(|| format!("there are {} mutants, counted from 1", mutants.len()))?;
    let workspace = Workspace::copy(origin, &out.join("plain"))?;
    match workspace.build_plain(mutant)? {
        true => println!("{}", workspace.program().display()),
        false => println!("unviable"),
    }
    Ok(())
}
