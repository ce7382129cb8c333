//! Mutants that nobody can notice over the wire, with reasons.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Why a survivor is accepted.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ground {
    /// The changed code does the same.
    Equivalent,
    /// Nothing that a client can send or that the configuration can say gets there, or shows it.
    Unreachable,
    /// It changes only what the server logs.
    Log,
    /// It changes how long something takes or how much memory it needs, and nothing else.
    Effort,
    /// It is in what the real server does in more than one way, which runs only with `--vary`.
    Latitude,
    /// The real server is no witness here: it has nothing like it, or does it differently each time.
    Unobserved,
}

impl Ground {
    /// For the table.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Equivalent => "does the same",
            Self::Unreachable => "no client gets there",
            Self::Log => "only in the log",
            Self::Effort => "only time or memory",
            Self::Latitude => "only with `--vary`",
            Self::Unobserved => "nothing to compare with on the real server",
        }
    }
}

/// A survivor that is accepted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    /// Its file.
    pub(crate) file: String,
    /// What is changed, as cargo-mutants says it without the place.
    pub(crate) change: String,
    /// How many changes of that file read so.
    #[serde(default = "one")]
    pub(crate) times: usize,
    /// Why nobody notices.
    pub(crate) ground: Ground,
    /// The same, in words.
    pub(crate) why: String,
}

fn one() -> usize {
    1
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    survivor: Vec<Accepted>,
}

/// Why the list cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AcceptedError {
    /// It cannot be read.
    #[error("failed to read {}", .0.display())]
    Io(PathBuf, #[source] io::Error),
    /// It is something else.
    #[error("the list of accepted survivors cannot be understood")]
    Read(#[from] toml::de::Error),
    /// Nothing says why.
    #[error("{} is accepted in {} without a word why", .0, .1)]
    Wordless(String, String),
    /// A survivor stands there twice.
    #[error("{} is accepted twice in {}", .0, .1)]
    Double(String, String),
}

/// The list, by file and change.
#[derive(Debug, Default)]
pub(crate) struct AcceptedList(BTreeMap<(String, String), Accepted>);

impl AcceptedList {
    /// Reads it.
    ///
    /// # Errors
    /// [`AcceptedError`] if the file is not there, is something else, or has one twice or without words.
    pub(crate) fn read(path: &Path) -> Result<Self, AcceptedError> {
        let text = fs::read_to_string(path).map_err(|e| AcceptedError::Io(path.to_owned(), e))?;
        Self::of_text(&text)
    }

    /// Reads its text.
    ///
    /// # Errors
    /// [`AcceptedError`] if it is something else, or has one twice or without words.
    pub(crate) fn of_text(text: &str) -> Result<Self, AcceptedError> {
        let File { survivor } = toml::from_str(text)?;
        let mut list = BTreeMap::new();
        for one in survivor {
            if one.why.trim().is_empty() {
                return Err(AcceptedError::Wordless(one.change, one.file));
            }
            let key = (one.file.clone(), one.change.clone());
            if list.insert(key, one.clone()).is_some() {
                return Err(AcceptedError::Double(one.change, one.file));
            }
        }
        Ok(Self(list))
    }

    /// The entry of a change, if there is one.
    pub(crate) fn find(&self, file: &str, change: &str) -> Option<&Accepted> {
        self.0.get(&(file.to_owned(), change.to_owned()))
    }

    /// All entries.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Accepted> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(why: &str) -> String {
        format!(
            "[[survivor]]\nfile = \"a\"\nchange = \"b\"\nground = \"effort\"\nwhy = \"{why}\"\n"
        )
    }

    #[test]
    fn each_stands_once_with_a_reason_in_words() {
        assert!(AcceptedList::of_text(&entry("x")).unwrap().find("a", "b").is_some());
        let error = |text: &str| AcceptedList::of_text(text).unwrap_err().to_string();
        assert!(error(&entry(" ")).contains("without a word"));
        assert!(error(&entry("x").repeat(2)).contains("twice"));
        assert!(AcceptedList::of_text(&entry("x").replace("effort", "luck")).is_err());
    }
}
