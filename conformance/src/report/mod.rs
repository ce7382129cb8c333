//! What a run found, and how it is told.

mod again;
mod alike;
mod asked;
mod badge;
mod causes;
mod changes;
mod document;
mod examples;
mod finding;
mod html;
mod json;
mod junit;
mod merge;
mod outcome;
mod partial;
mod progress;
mod reasons;
mod run;
mod scenario;
mod share;
mod terminal;
mod words;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(crate) use alike::{without_ids, without_numbers};
pub use asked::{Asked, Declared, Extent, Selected};
pub(crate) use badge::svg as badge_svg;
pub use badge::write as write_badge;
pub use causes::{Cause, causes};
pub(crate) use causes::{Grounds, same_fingerprint};
pub use changes::{Change, Changes};
pub use finding::Finding;
pub use html::write as write_html;
pub use json::{ReadError, read as read_json, read_any as read_any_json, write as write_json};
pub use junit::write as write_junit;
pub use merge::{MergeError, merge};
pub use outcome::{Beyond, Outcome};
pub use partial::Partial;
pub use progress::Progress;
pub use run::Run;
pub use scenario::ScenarioResult;
pub use share::{Held, Share};
pub use terminal::Terminal;

/// Writes a file so that a reader finds all of it or none. A link, or what is no file, such as
/// `/dev/stdout`, stays what it is and is written to.
pub(crate) fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    if std::fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        let mut there = std::fs::File::options().write(true).truncate(true).open(path)?;
        return there.write_all(content);
    }
    let partial = partial_of(path);
    let mut file = std::fs::File::create(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)
}

/// Where a file is written before it takes its place.
pub(crate) fn partial_of(path: &Path) -> PathBuf {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    partial.into()
}

#[cfg(test)]
pub(crate) mod tests;

#[cfg(all(test, unix))]
mod file_tests {
    use super::*;

    #[test]
    fn a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "something longer").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace_file(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        replace_file(&file, b"newer").unwrap();
        assert_eq!(std::fs::read(&link).unwrap(), b"newer");
        assert!(replace_file(folder.path(), b"").is_err());
    }
}
