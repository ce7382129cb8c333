//! A copy of the workspace whose server has all mutants, and the loop that finds those that compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::callers::Callers;
use crate::mutant::Mutant;
use crate::weave::{Reason, Woven, weave};

/// How often those that do not compile are taken out. Each phase of the compiler finds others.
const MOST_ROUNDS: usize = 20;

/// Why there is no program.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    /// A file cannot be read or written.
    #[error("failed to {0}")]
    Io(String, #[source] io::Error),
    /// A file is no Rust.
    #[error("{0} cannot be parsed: {1}")]
    Parse(String, syn::Error),
    /// The compiler complains of something that no mutant has to do with.
    #[error("what cargo complains of has to do with no mutant:\n{0}")]
    Foreign(String),
    /// There are always others that do not compile.
    #[error("after {MOST_ROUNDS} rounds there still are mutants that do not compile")]
    Endless,
}

/// A copy of the workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    origin: PathBuf,
    copy: PathBuf,
    target: PathBuf,
}

/// What the compiler says of a build.
enum Outcome {
    Built,
    Errors(Vec<Value>, String),
}

impl Workspace {
    /// Copies what git knows of the workspace at `origin` below `folder`.
    ///
    /// # Errors
    /// [`BuildError::Io`] if git or the disk fails.
    pub(crate) fn copy(origin: &Path, folder: &Path) -> Result<Self, BuildError> {
        let failed = |what: &str| {
            let what = what.to_owned();
            move |error| BuildError::Io(what, error)
        };
        let copy = folder.join("workspace");
        let output = Command::new("git").current_dir(origin).args(["ls-files", "-z"]).output();
        let output = output.map_err(failed("run git ls-files"))?;
        let listed = String::from_utf8_lossy(&output.stdout).into_owned();
        for file in listed.split('\0').filter(|file| !file.is_empty()) {
            let (from, to) = (origin.join(file), copy.join(file));
            if !from.is_file() {
                continue;
            }
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent)
                    .map_err(failed(&format!("make {}", parent.display())))?;
            }
            let text = fs::read(&from).map_err(failed(&format!("read {file}")))?;
            write_if_new(&to, &text)?;
        }
        Ok(Self { origin: origin.to_owned(), copy, target: folder.join("target") })
    }

    /// The server with all mutants.
    pub(crate) fn program(&self) -> PathBuf {
        self.target.join("release").join("lavalink-reference-server")
    }

    /// Builds the server with all mutants that compile; the number of one is its index and one.
    /// Gives back those that are not in it. `told` hears how far it is.
    ///
    /// # Errors
    /// [`BuildError`] if the disk fails, or if it does not compile for another reason than a mutant.
    pub(crate) fn build(
        &self,
        mutants: &[Mutant],
        mut told: impl FnMut(&str),
    ) -> Result<BTreeMap<u32, Reason>, BuildError> {
        self.add_switch(mutants.len())?;
        let elsewhere = (1..).zip(mutants).filter(|(_, mutant)| !mutant.is_about_the_protocol());
        let mut left_out: BTreeMap<_, _> =
            elsewhere.map(|(number, _)| (number, Reason::Elsewhere)).collect();
        let callers = Callers::of(&self.sources()?, mutants)
            .map_err(|(file, error)| BuildError::Parse(file, error))?;
        for (number, mutant) in (1..).zip(mutants) {
            if let Some(reason) = callers.reason_of(mutant) {
                left_out.entry(number).or_insert(reason);
            }
        }
        for round in 1..=MOST_ROUNDS {
            let woven = self.weave_all(mutants, &left_out)?;
            for (number, reason) in woven.values().flat_map(|woven| &woven.left_out) {
                left_out.entry(*number).or_insert(*reason);
            }
            told(&format!(
                "round {round}: {} of {} mutants",
                mutants.len() - left_out.len(),
                mutants.len()
            ));
            let (errors, said) = match self.compile()? {
                Outcome::Built => return Ok(left_out),
                Outcome::Errors(errors, said) => (errors, said),
            };
            let before = left_out.len();
            for error in &errors {
                for (number, reason) in blamed(error, &woven) {
                    left_out.insert(number, reason);
                }
            }
            if left_out.len() == before {
                let rendered = errors.iter().filter_map(|error| error["rendered"].as_str());
                let rendered: String = rendered.take(5).collect();
                return Err(BuildError::Foreign(if rendered.is_empty() { said } else { rendered }));
            }
        }
        Err(BuildError::Endless)
    }

    /// Builds the server with one mutant as it is, without a switch.
    ///
    /// # Errors
    /// [`BuildError::Io`] if the disk fails.
    pub(crate) fn build_plain(&self, mutant: &Mutant) -> Result<bool, BuildError> {
        let from = self.origin.join(&mutant.file);
        let text = fs::read_to_string(&from)
            .map_err(|error| BuildError::Io(format!("read {}", mutant.file), error))?;
        let lines = crate::mutant::Lines::of(&text);
        let (Some(start), Some(end)) = (lines.byte(mutant.span.start), lines.byte(mutant.span.end))
        else {
            return Ok(false);
        };
        let changed = format!("{} {} {}", &text[..start], mutant.replacement, &text[end..]);
        let to = self.copy.join(&mutant.file);
        write_if_new(&to, changed.as_bytes())?;
        let built = matches!(self.compile()?, Outcome::Built);
        write_if_new(&to, text.as_bytes())?;
        Ok(built)
    }

    /// All of the server as it is, by paths from the workspace's folder.
    fn sources(&self) -> Result<BTreeMap<String, String>, BuildError> {
        let mut sources = BTreeMap::new();
        let mut folders = vec![PathBuf::from("reference-server/src")];
        while let Some(folder) = folders.pop() {
            let failed = |error| BuildError::Io(format!("read {}", folder.display()), error);
            for entry in fs::read_dir(self.origin.join(&folder)).map_err(failed)? {
                let path = folder.join(entry.map_err(failed)?.file_name());
                let whole = self.origin.join(&path);
                if whole.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = fs::read_to_string(&whole).map_err(failed)?;
                    sources.insert(path.display().to_string(), text);
                }
            }
        }
        Ok(sources)
    }

    fn add_switch(&self, count: usize) -> Result<(), BuildError> {
        let source = self.copy.join("reference-server/src");
        let switch =
            format!("{}\nconst COUNT: usize = {};\n", include_str!("switch.rs"), count + 1);
        write_if_new(&source.join("mutant.rs"), switch.as_bytes())?;
        let root = source.join("lib.rs");
        let text = fs::read_to_string(&root)
            .map_err(|error| BuildError::Io(format!("read {}", root.display()), error))?;
        let allowed = "#![allow(warnings, arithmetic_overflow, unconditional_panic)]\n";
        if !text.starts_with(allowed) {
            write_if_new(&root, format!("{allowed}{text}\nmod mutant;\n").as_bytes())?;
        }
        Ok(())
    }

    /// Writes all files with mutants, by their paths.
    fn weave_all(
        &self,
        mutants: &[Mutant],
        left_out: &BTreeMap<u32, Reason>,
    ) -> Result<BTreeMap<String, Woven>, BuildError> {
        let mut files: BTreeMap<&str, Vec<(u32, &Mutant)>> = BTreeMap::new();
        for (number, mutant) in (1..).zip(mutants) {
            let of_file = files.entry(&mutant.file).or_default();
            if !left_out.contains_key(&number) {
                of_file.push((number, mutant));
            }
        }
        let mut all = BTreeMap::new();
        for (file, mutants) in files {
            let text = fs::read_to_string(self.origin.join(file))
                .map_err(|error| BuildError::Io(format!("read {file}"), error))?;
            let woven =
                weave(&text, &mutants).map_err(|e| BuildError::Parse(file.to_owned(), e))?;
            write_if_new(&self.copy.join(file), woven.text.as_bytes())?;
            all.insert(file.to_owned(), woven);
        }
        Ok(all)
    }

    fn compile(&self) -> Result<Outcome, BuildError> {
        let output = Command::new("cargo")
            .current_dir(&self.copy)
            .args(["build", "--release", "--locked", "--message-format=json"])
            .args(["--package", "lavalink-reference-server", "--bin", "lavalink-reference-server"])
            .arg("--target-dir")
            .arg(&self.target)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| BuildError::Io("run cargo build".into(), error))?;
        if output.status.success() {
            return Ok(Outcome::Built);
        }
        let stdout = String::from_utf8_lossy(&output.stdout);
        let messages = stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let errors = messages
            .filter(|message| message["reason"] == "compiler-message")
            .map(|mut message| message["message"].take())
            .filter(|message| message["level"] == "error");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Outcome::Errors(errors.collect(), said))
    }
}

/// The mutants that an error is about: those whose code it points at, or else the one around that
/// place whose switch it may not like.
fn blamed(error: &Value, woven: &BTreeMap<String, Woven>) -> BTreeSet<(u32, Reason)> {
    let spans: Vec<_> = error["spans"].as_array().into_iter().flatten().collect();
    let place = |span: &Value| {
        let file = woven.get(span["file_name"].as_str()?)?;
        let byte = |key: &str| span[key].as_u64().and_then(|byte| usize::try_from(byte).ok());
        Some((file, byte("byte_start")?..byte("byte_end")?))
    };
    let is_primary = |span: &&&Value| span["is_primary"] == true;
    let of = |spans: &mut dyn Iterator<Item = &&Value>| -> BTreeSet<_> {
        let places = spans.filter_map(|span| place(span));
        places.filter_map(|(file, at)| innermost(&file.branches, &at)).collect()
    };
    let mut found = of(&mut spans.iter().filter(is_primary));
    if found.is_empty() {
        found = of(&mut spans.iter());
    }
    if !found.is_empty() {
        return found.into_iter().map(|number| (number, Reason::Unviable)).collect();
    }
    let around = spans.iter().filter_map(|span| place(span));
    let around = around.filter_map(|(file, at)| innermost(&file.around, &at)).next();
    around.into_iter().map(|number| (number, Reason::Unswitchable)).collect()
}

fn innermost(ranges: &[(Range<usize>, u32)], at: &Range<usize>) -> Option<u32> {
    let around = ranges.iter().filter(|(range, _)| range.start <= at.start && at.end <= range.end);
    around.min_by_key(|(range, _)| range.len()).map(|(_, number)| *number)
}

/// Leaves the file's time alone if nothing changes, so that cargo builds no more than it has to.
fn write_if_new(path: &Path, text: &[u8]) -> Result<(), BuildError> {
    if fs::read(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text)
        .map_err(|error| BuildError::Io(format!("write {}", path.display()), error))
}
