//! Files that are written at the end: whether they can be is found out before anything runs.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::CliError;
use crate::report::partial_of;

/// A file and the option that names it.
pub(super) type Named<'a> = (&'static str, &'a Path);

/// Why a file cannot be written; every message names the option and the path.
#[derive(Debug, thiserror::Error)]
pub(super) enum OutputError {
    #[error("{option} -: give a file; the summary has the standard output (or give /dev/stdout)")]
    Standard { option: &'static str },
    #[error("{option} {}: it is a folder", .path.display())]
    Folder { option: &'static str, path: PathBuf },
    #[error("{option} {}: there is no folder {}", .path.display(), .folder.display())]
    NoFolder { option: &'static str, path: PathBuf, folder: PathBuf },
    #[error("{option} {}: it cannot be written", .path.display())]
    Unwritable { option: &'static str, path: PathBuf, source: io::Error },
    #[error("{one} and {other} are both written to {}; give one of them another name", .path.display())]
    Same { one: &'static str, other: &'static str, path: PathBuf },
    #[error(
        "{} is read ({read}) and would be replaced ({written}); give what is written another name",
        .path.display()
    )]
    Read { read: &'static str, written: &'static str, path: PathBuf },
}

/// Refuses what could not be written at the end, what would be written twice, and what is read.
pub(super) fn check(written: &[Named<'_>], read: &[Named<'_>]) -> Result<(), CliError> {
    for (at, (option, path)) in written.iter().enumerate() {
        if *path == Path::new("-") {
            return Err(OutputError::Standard { option }.into());
        }
        if let Some((one, _)) = written[..at].iter().find(|(_, other)| are_same(other, path)) {
            return Err(OutputError::Same { one, other: option, path: (*path).to_owned() }.into());
        }
        if let Some((input, _)) = read.iter().find(|(_, other)| are_same(other, path)) {
            let path = (*path).to_owned();
            return Err(OutputError::Read { read: input, written: option, path }.into());
        }
    }
    written.iter().try_for_each(|named| check_writable(*named))?;
    Ok(())
}

/// Takes a report of an earlier run away, which must not pass for that of one that ends early. A
/// link stays one, and what it leads to is emptied; what is no file, such as a device, is left.
pub(super) fn forget(path: &Path) -> Result<(), CliError> {
    let failed = |error| CliError::Io(format!("replace {}", path.display()), error);
    match (path.symlink_metadata(), path.metadata()) {
        (Ok(own), _) if own.is_file() => std::fs::remove_file(path).map_err(failed),
        (Ok(_), Ok(there)) if there.is_file() => File::create(path).map(|_| ()).map_err(failed),
        _ => Ok(()),
    }
}

fn check_writable((option, path): Named<'_>) -> Result<(), OutputError> {
    let owned = || path.to_owned();
    let unwritable = |source| OutputError::Unwritable { option, path: owned(), source };
    let own = match path.symlink_metadata() {
        Ok(own) => Some(own),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(unwritable(error)),
    };
    if path.is_dir() {
        return Err(OutputError::Folder { option, path: owned() });
    }
    match own {
        // A file is replaced by another one, for which its folder has to have room.
        Some(own) if own.is_file() => probe(path).map_err(unwritable),
        // A pipe is opened only when there is something to write: somebody has to read it.
        Some(_) if is_pipe(path) => Ok(()),
        Some(_) => OpenOptions::new().write(true).open(path).map(|_| ()).map_err(unwritable),
        None => {
            let folder = folder_of(path);
            if !folder.is_dir() {
                let folder = folder.to_owned();
                return Err(OutputError::NoFolder { option, path: owned(), folder });
            }
            probe(path).map_err(unwritable)
        }
    }
}

/// Makes the file that a report is written to first, and takes it away again.
fn probe(path: &Path) -> io::Result<()> {
    let partial = partial_of(path);
    let made = OpenOptions::new().write(true).create_new(true).open(&partial);
    match made {
        Ok(_) => std::fs::remove_file(&partial),
        // It is left from a run that was killed, and will be replaced.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            OpenOptions::new().write(true).open(&partial).map(|_| ())
        }
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata().is_ok_and(|there| there.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

/// Whether both names lead to one file, which need not be there.
fn are_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let folder = folder_of(path).canonicalize().ok()?;
            Some(folder.join(path.file_name()?))
        })
    };
    one == other || matches!((place(one), place(other)), (Some(a), Some(b)) if a == b)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(written: &[Named<'_>], read: &[Named<'_>]) -> String {
        let error = check(written, read).unwrap_err();
        assert_eq!(error.verdict().code(), 2, "{error}");
        error.to_string()
    }

    #[test]
    fn what_cannot_be_written_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let (good, missing) = (place("a.json"), place("none/a.json"));
        check(&[("--json", &good)], &[]).unwrap();
        assert!(!good.exists() && !place("a.json.part").exists());
        let told = refusal(&[("--json", &missing)], &[]);
        let expected = format!("--json {}: there is no folder ", missing.display());
        assert!(told.starts_with(&expected), "{told}");
        let told = refusal(&[("--html", folder.path())], &[]);
        assert!(told.ends_with(": it is a folder"), "{told}");
        std::fs::write(place("file"), "x").unwrap();
        let told = refusal(&[("--json", Path::new("-"))], &[]);
        assert!(told.starts_with("--json -: give a file"), "{told}");
        let below = place("file").join("a.json");
        assert!(refusal(&[("--json", &below)], &[]).contains(&below.display().to_string()));
    }

    #[test]
    fn one_file_for_two_reports_or_for_what_is_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let one = folder.path().join("x");
        let roundabout =
            folder.path().join("../").join(folder.path().file_name().unwrap()).join("x");
        let told = refusal(&[("--json", &one), ("--html", &roundabout)], &[]);
        assert!(told.starts_with("--json and --html are both written to "), "{told}");
        let told = refusal(&[("--json", &one)], &[("--baseline", &one)]);
        assert!(told.contains("is read (--baseline) and would be replaced (--json)"), "{told}");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_stay() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let (file, link, nowhere) = (place("file"), place("link"), place("nowhere"));
        std::fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        symlink(place("none"), &nowhere).unwrap();
        check(&[("--json", &link)], &[]).unwrap();
        let told = refusal(&[("--json", &file), ("--junit", &link)], &[]);
        assert!(told.contains("both written"), "{told}");
        let told = refusal(&[("--json", &nowhere)], &[]);
        assert!(told.contains("it cannot be written"), "{told}");
        forget(&link).unwrap();
        assert_eq!((link.is_symlink(), std::fs::read(&file).unwrap()), (true, Vec::new()));
        forget(&file).unwrap();
        assert!(!file.exists());
        forget(Path::new("/dev/null")).unwrap();
        check(&[("--json", Path::new("/dev/null"))], &[]).unwrap();
    }
}
