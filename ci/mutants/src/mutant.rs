//! Mutants as `cargo mutants --list --json` tells of them.

use std::io;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// A change of the server's code.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Mutant {
    /// Path, line, column and change, for people.
    pub(crate) name: String,
    /// The file, from the workspace's folder.
    pub(crate) file: String,
    /// The function around it.
    pub(crate) function: Option<Function>,
    /// What is replaced.
    pub(crate) span: Span,
    /// By what; empty if something is left out.
    pub(crate) replacement: String,
    /// What kind of change it is.
    pub(crate) genre: Genre,
}

/// The function around a mutant.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Function {
    /// Its name, with those of what it is in.
    pub(crate) function_name: String,
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Genre {
    /// A function gives back a value without doing anything.
    FnValue,
    /// An operator with two sides is another one.
    BinaryOperator,
    /// An operator with one side is left out.
    UnaryOperator,
    /// An arm of a match is left out, in favour of the one that takes everything.
    MatchArm,
    /// The guard of an arm is always or never true.
    MatchArmGuard,
    /// A field of a struct has the value of the base.
    StructField,
}

/// A part of a file.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Span {
    /// Where it begins.
    pub(crate) start: Place,
    /// Where it ends; the first place that is not part of it.
    pub(crate) end: Place,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Counted from 1.
    pub(crate) line: usize,
    /// In characters, counted from 1.
    pub(crate) column: usize,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    /// The program is not there.
    #[error("failed to run cargo mutants; cargo install cargo-mutants brings it")]
    Run(#[source] io::Error),
    /// It ended with an error.
    #[error("cargo mutants --list ended with {0}: {1}")]
    Ended(std::process::ExitStatus, String),
    /// It said something else.
    #[error("cargo mutants --list cannot be understood")]
    Read(#[from] serde_json::Error),
}

/// All mutants of the package in these files, which may be globs.
///
/// # Errors
/// [`ListError`] if cargo-mutants is not there, fails, or tells something unknown.
pub(crate) fn list(workspace: &Path, files: &[String]) -> Result<Vec<Mutant>, ListError> {
    let mut command = Command::new("cargo");
    command.current_dir(workspace).args(["mutants", "--list", "--json", "--no-config"]);
    command.args(["--package", "lavalink-reference-server"]);
    for file in files {
        command.args(["--file", file]);
    }
    let output = command.output().map_err(ListError::Run)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(ListError::Ended(output.status, said));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

impl Mutant {
    /// The function around it, or nothing.
    pub(crate) fn function_name(&self) -> &str {
        self.function.as_ref().map_or("", |function| &function.function_name)
    }

    /// Whether it is about the protocol: not a mock's own tracks, not what is there instead of voice
    /// connections in a build without them, not what is only shown to who debugs the server.
    pub(crate) fn is_about_the_protocol(&self) -> bool {
        let elsewhere = ["/tracks/simulated/", "/voice/absent.rs"];
        let function = self.function_name();
        let debugs = function.contains("Debug for") && function.starts_with("<impl");
        !elsewhere.iter().any(|place| self.file.contains(place)) && !debugs
    }

    /// What is changed, without the place.
    pub(crate) fn change(&self) -> &str {
        let rest = self.name.splitn(4, ':').nth(3);
        rest.map_or(self.name.as_str(), str::trim_start)
    }

    /// The first folder or file below `src`.
    pub(crate) fn module(&self) -> &str {
        let inner = self.file.split_once("/src/").map_or(self.file.as_str(), |(_, inner)| inner);
        inner.split('/').next().unwrap_or(inner).trim_end_matches(".rs")
    }
}

/// Finds the byte of a place.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Of a text.
    pub(crate) fn of(text: &'a str) -> Self {
        let after_newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// The byte at a place, if there is such a line.
    pub(crate) fn byte(&self, place: Place) -> Option<usize> {
        let start = *self.starts.get(place.line.checked_sub(1)?)?;
        let rest = &self.text[start..];
        let column = place.column.checked_sub(1)?;
        Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters() {
        let lines = Lines::of("ä=1\nab");
        assert_eq!(lines.byte(Place { line: 1, column: 2 }), Some(2));
        assert_eq!(lines.byte(Place { line: 2, column: 1 }), Some(5));
        assert_eq!(lines.byte(Place { line: 9, column: 1 }), None);
    }

    #[test]
    fn the_change_is_what_stands_after_the_place() {
        let text = r#"{"name": "a/src/b/c.rs:1:2: replace == with != in A::b", "file": "a/src/b/c.rs",
            "function": null, "span": {"start": {"line": 1, "column": 2}, "end": {"line": 1, "column": 4}},
            "replacement": "!=", "genre": "BinaryOperator"}"#;
        let mutant: Mutant = serde_json::from_str(text).unwrap();
        assert_eq!(mutant.change(), "replace == with != in A::b");
        assert_eq!(mutant.module(), "b");
    }
}
