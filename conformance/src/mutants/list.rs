//! Which mutants there are.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::target::{FleetError, Program};

/// A server and its mutants.
#[derive(Clone, Debug)]
pub(crate) struct List {
    program: PathBuf,
    /// The function and the file of each, by number.
    places: BTreeMap<u32, (String, String)>,
}

/// Why mutants cannot be tried.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MutantsError {
    /// A file cannot be read or written.
    #[error("failed to {0}")]
    Io(String, #[source] io::Error),
    /// A file is not what it should be.
    #[error("{} cannot be understood", .0.display())]
    Read(PathBuf, #[source] serde_json::Error),
    /// There is no server.
    #[error(transparent)]
    Fleet(#[from] FleetError),
    /// The server does not even pass undisturbed.
    #[error("without a mutant these scenarios do not pass: {0}")]
    NotGreen(String),
}

#[derive(Deserialize)]
struct File {
    program: PathBuf,
    mutants: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    number: u32,
    function: String,
    file: String,
    /// Why it is not in the program.
    left_out: Option<String>,
}

impl List {
    /// What the program of `ci/mutants` wrote.
    ///
    /// # Errors
    /// [`MutantsError`] if the file is not there, or is something else.
    pub(crate) fn read(path: &Path) -> Result<Self, MutantsError> {
        let text = std::fs::read(path)
            .map_err(|error| MutantsError::Io(format!("read {}", path.display()), error))?;
        let File { program, mutants } = serde_json::from_slice(&text)
            .map_err(|error| MutantsError::Read(path.to_owned(), error))?;
        let there = mutants.into_iter().filter(|mutant| mutant.left_out.is_none());
        let places = there.map(|mutant| (mutant.number, (mutant.function, mutant.file))).collect();
        Ok(Self { program, places })
    }

    /// All that the program has.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        self.places.keys().copied().collect()
    }

    /// The function and the file of a mutant.
    pub(super) fn place(&self, number: u32) -> (&str, &str) {
        let place = self.places.get(&number);
        place.map_or(("", ""), |(function, file)| (function, file))
    }

    /// The server with a mutant.
    pub(super) fn with(&self, number: u32) -> Program {
        self.program(("LAVALINK_MUTANT", number.to_string()))
    }

    /// The server without any; it writes down in a folder which it reaches.
    pub(super) fn watched(&self, folder: &Path) -> Program {
        self.program(("LAVALINK_MUTANTS_REACHED", folder.display().to_string()))
    }

    fn program(&self, (name, value): (&str, String)) -> Program {
        let environment = vec![(name.to_owned(), value)];
        Program { path: self.program.clone(), arguments: Vec::new(), environment }
    }
}
