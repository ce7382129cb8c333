//! What a run found, and how it is told.

mod json;
mod junit;
mod model;
mod terminal;

use std::io::{self, Write};
use std::path::Path;

pub use json::write as write_json;
pub use junit::write as write_junit;
pub use model::{Outcome, Run, ScenarioResult};
pub use terminal::{Progress, Terminal};

/// Writes a file so that a reader finds all of it or none.
pub(crate) fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    let mut file = std::fs::File::create(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)
}
