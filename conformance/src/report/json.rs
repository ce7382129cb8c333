//! A run for programs: written, and read again by `merge`.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Serializer;
use serde_json::error::Category;
use serde_json::ser::PrettyFormatter;

use super::document::{Document, SCHEMA_VERSION, Totals};
use super::{Run, ScenarioResult};
use crate::verdict::{Status, Verdict};

/// Why a report cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error("{} cannot be read: {why}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        why: io::Error,
    },
    /// It ends before its end.
    #[error("{} was cut off: it has no end", .0.display())]
    CutOff(PathBuf),
    /// It tells of a run that was interrupted, or whose target died.
    #[error("{} is of a run that did not come to its end; run it again", .0.display())]
    Incomplete(PathBuf),
    /// It is something else.
    #[error("{} is no report of a run: {why}", .path.display())]
    NoReport {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// It was written by another version.
    #[error(
        "{} has schemaVersion {found}, this program reads {SCHEMA_VERSION}; use the version that \
         the run had", .path.display()
    )]
    Form {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// It was written by another version of this program, which may judge otherwise.
    #[error(
        "{} was written by version {found} of this program, which is {}; use the same for all",
        .path.display(), env!("CARGO_PKG_VERSION")
    )]
    Tool {
        /// The file.
        path: PathBuf,
        /// The version that wrote it.
        found: String,
    },
    /// What it says does not fit together.
    #[error("{} contradicts itself: {why}", .path.display())]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        why: String,
    },
}

/// Writes the report; a reader finds all of it or none.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, run: &Run, verdict: Verdict) -> io::Result<()> {
    let mut text = Vec::new();
    // Two blanks a level would be a fifth of it.
    let form = PrettyFormatter::with_indent(b" ");
    Document::of(run, verdict).serialize(&mut Serializer::with_formatter(&mut text, form))?;
    text.push(b'\n');
    super::replace_file(path, &text)
}

/// Reads a report of a run that came to its end, written by this version of the program.
///
/// # Errors
/// It cannot be read, was cut off, is something else, is of another version, or contradicts itself.
pub fn read(path: &Path) -> Result<Run, ReadError> {
    let (run, head) = read_checked(path)?;
    if head.complete != Some(true) {
        return Err(ReadError::Incomplete(path.to_owned()));
    }
    match head.tool.map(|tool| tool.version) {
        Some(found) if found != env!("CARGO_PKG_VERSION") => {
            Err(ReadError::Tool { path: path.to_owned(), found })
        }
        _ => Ok(run),
    }
}

/// Reads a report of a run that may have been interrupted, or be of another version of the program.
///
/// # Errors
/// It cannot be read, was cut off, is something else, has another form, or contradicts itself.
pub fn read_any(path: &Path) -> Result<Run, ReadError> {
    read_checked(path).map(|(run, _)| run)
}

fn read_checked(path: &Path) -> Result<(Run, Head), ReadError> {
    let owned = || path.to_owned();
    let text = std::fs::read(path).map_err(|why| ReadError::Read { path: owned(), why })?;
    let broken = |error: serde_json::Error| match error.classify() {
        Category::Eof => ReadError::CutOff(owned()),
        Category::Syntax => {
            ReadError::NoReport { path: owned(), why: format!("it is not JSON ({error})") }
        }
        _ => ReadError::NoReport { path: owned(), why: in_words(&error) },
    };
    let head: Head = serde_json::from_slice(&text).map_err(broken)?;
    match head.schema_version {
        None => {
            let why = "it has no schemaVersion".to_owned();
            return Err(ReadError::NoReport { path: owned(), why });
        }
        Some(found) if found != u64::from(SCHEMA_VERSION) => {
            return Err(ReadError::Form { path: owned(), found });
        }
        Some(_) if head.complete.is_none() => return Err(ReadError::CutOff(owned())),
        Some(_) => {}
    }
    let document: Document = serde_json::from_slice(&text).map_err(broken)?;
    let contradiction = |why| ReadError::Contradiction { path: owned(), why };
    let totals = document.totals;
    let run = document.into_run().map_err(contradiction)?;
    check(&run, &totals).map_err(contradiction)?;
    Ok((run, head))
}

/// What is wrong with JSON, without the names that its parts have in this program.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let mut words = text.split(' ').peekable();
    let mut told = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "struct" | "enum" => {
                words.next();
                told.push(if word == "struct" { "an object" } else { "a word" });
            }
            word => told.push(word),
        }
    }
    told.join(" ")
}

/// What can be told of a report of any version.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    schema_version: Option<u64>,
    tool: Option<HeadTool>,
    complete: Option<bool>,
}

#[derive(Deserialize)]
struct HeadTool {
    version: String,
}

/// A report that somebody has changed must not make a verdict.
fn check(run: &Run, totals: &Totals) -> Result<(), String> {
    if Totals::of(run) != *totals {
        return Err("its totals are not those of its scenarios".into());
    }
    run.scenarios.iter().try_for_each(check_scenario)
}

fn check_scenario(scenario: &ScenarioResult) -> Result<(), String> {
    let without = matches!(scenario.status, Status::NotApplicable | Status::NotRun);
    let ran = !without && scenario.blocked_by.is_none();
    let seen = Status::of_rule(scenario.attempts.iter().map(|attempt| attempt.status));
    if ran == scenario.attempts.is_empty() || (ran && seen != scenario.status) {
        let (id, status) = (&scenario.id, scenario.status.name());
        return Err(format!("{id} is said to be {status}, its attempts are not"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_report_is_told_once_and_without_inner_names() {
        let folder = tempfile::tempdir().unwrap();
        let told = |text: &str| {
            let path = folder.path().join("x.json");
            std::fs::write(&path, text).unwrap();
            let error = read_any(&path).unwrap_err();
            assert!(std::error::Error::source(&error).is_none(), "{error}");
            error.to_string().replace(&path.display().to_string(), "x.json")
        };
        let cases = [
            ("7", "x.json is no report of a run: invalid type: integer `7`, expected an object at"),
            ("{}", "x.json is no report of a run: it has no schemaVersion"),
            ("nothing", "x.json is no report of a run: it is not JSON (expected ident at line 1"),
            ("{\"schemaVersion\": 3,", "x.json was cut off: it has no end"),
            (
                "{\"schemaVersion\": 3, \"complete\": true}",
                "x.json is no report of a run: missing field `verdict` at line",
            ),
        ];
        for (text, expected) in cases {
            assert!(told(text).starts_with(expected), "{}", told(text));
        }
        let error = read_any(Path::new("/nowhere/x.json")).unwrap_err();
        assert_eq!(error.to_string().matches("No such file").count(), 1, "{error}");
        assert!(std::error::Error::source(&error).is_none());
    }
}
