//! Writes baselines, and leaves in them what people have written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::standing::Standing;
use super::{Baseline, BaselineError, Date, Known, is_id, outline};
use crate::report::{Grounds, Run, ScenarioResult, causes, without_ids};
use crate::toml_file::TomlFile;
use crate::verdict::Status;

/// At the top of a new file.
const HEADER: &str = "# Failures that are known. They do not count until the day of `until`, if \
                      there is one.\n\n";

/// Longest reason that is taken from a message, in characters.
const LONGEST_REASON: usize = 200;

/// As many scenarios of several rules that fail alike get one entry.
const FEWEST: usize = 3;

/// No entry has expired on it.
const THE_FIRST_DAY: Date = Date { year: 0, month: 1, day: 1 };

/// What has become of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The ids of new entries.
    pub added: Vec<String>,
    /// The ids of those that were there and stay.
    pub kept: Vec<String>,
    /// Those that are gone.
    pub dropped: Vec<Dropped>,
}

/// An entry that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The entry.
    pub known: Known,
    /// Why: it holds now, or there is no such scenario.
    pub why: &'static str,
}

impl Baseline {
    /// Reads a file that [`Baseline::write`] or [`Baseline::prune`] is to change later.
    ///
    /// # Errors
    /// The file is not there or is no baseline.
    pub fn read_to_edit(path: &Path) -> Result<Self, BaselineError> {
        Ok(Self { known: EditedFile::read(path)?.known })
    }

    /// Writes what failed in a run, sorted by id, each with its message as the reason. A rule or
    /// an outline gets one entry if the run was `full` and it failed as a whole.
    ///
    /// Entries that the file has already stay with all that people have written, unless
    /// [`Baseline::prune`] would drop them.
    ///
    /// # Errors
    /// The file is there and is no baseline (it is left as it is then), or cannot be written.
    pub fn write(path: &Path, run: &Run, full: bool) -> Result<Changes, BaselineError> {
        let mut file = if path.exists() { EditedFile::read(path)? } else { EditedFile::new() };
        let mut changes = file.prune(run, full);
        for (id, reason) in new_entries(run, full, &file) {
            let mut table = Table::new();
            let key = if is_id(&id) { "id" } else { "cause" };
            table.insert(key, value(&id));
            table.insert("reason", value(reason));
            file.entries.push((id.clone(), table));
            changes.added.push(id);
        }
        file.entries.sort_by(|a, b| a.0.cmp(&b.0));
        file.write(path)?;
        Ok(changes)
    }

    /// Drops the entries that a run shows to be stale or, if it was `full`, to match nothing.
    ///
    /// # Errors
    /// The file is no baseline (it is left as it is then), or cannot be written.
    pub fn prune(path: &Path, run: &Run, full: bool) -> Result<Changes, BaselineError> {
        let mut file = EditedFile::read(path)?;
        let changes = file.prune(run, full);
        if !changes.dropped.is_empty() {
            file.write(path)?;
        }
        Ok(changes)
    }
}

/// A baseline with its comments.
struct EditedFile {
    document: DocumentMut,
    known: Vec<Known>,
    /// The tables that are to be written, by their ids.
    entries: Vec<(String, Table)>,
    /// What stands above the first entry and is not about it.
    header: String,
}

impl EditedFile {
    fn new() -> Self {
        Self {
            document: DocumentMut::new(),
            known: Vec::new(),
            entries: Vec::new(),
            header: HEADER.to_owned(),
        }
    }

    fn read(path: &Path) -> Result<Self, BaselineError> {
        let no_baseline = |source| BaselineError::NoBaseline { path: path.to_owned(), source };
        let file = TomlFile::read(path).map_err(no_baseline)?;
        let known = Baseline::of(&file).map_err(no_baseline)?.known;
        let mut document = file.into_document();
        let tables = match document.remove("known").map(Item::into_array_of_tables) {
            Some(Ok(tables)) => tables,
            _ => ArrayOfTables::new(),
        };
        let ids = known.iter().map(|known| known.id.clone());
        let mut entries: Vec<_> = ids.zip(tables).collect();
        let header = entries.first_mut().map(|(_, table)| take_header(table)).unwrap_or_default();
        Ok(Self { document, known, entries, header })
    }

    fn prune(&mut self, run: &Run, full: bool) -> Changes {
        let mut changes = Changes::default();
        let known = std::mem::take(&mut self.known);
        let grounds = Grounds::of(run);
        for known in known {
            let why = match known.standing(run, &grounds, full) {
                Standing::Open => {
                    changes.kept.push(known.id.clone());
                    self.known.push(known);
                    continue;
                }
                Standing::Stale if known.is_cause() => "nothing fails like that now",
                Standing::Stale => "it holds now",
                Standing::Unmatched => "there is no such scenario",
            };
            self.entries.retain(|(id, _)| *id != known.id);
            changes.dropped.push(Dropped { known, why });
        }
        changes
    }

    fn write(mut self, path: &Path) -> Result<(), BaselineError> {
        let mut tables = ArrayOfTables::new();
        for (at, (_, mut table)) in self.entries.into_iter().enumerate() {
            let comment = prefix(&table).trim_start_matches('\n').to_owned();
            let before = if at == 0 { self.header.as_str() } else { "\n" };
            table.decor_mut().set_prefix(format!("{before}{comment}"));
            // Tables are written by their position, not in the order of the list.
            table.set_position(isize::try_from(at).ok());
            tables.push(table);
        }
        if tables.is_empty() {
            let trailing = self.document.trailing().as_str().unwrap_or_default().to_owned();
            self.document.set_trailing(format!("{}{trailing}", self.header));
        } else {
            self.document.insert("known", Item::ArrayOfTables(tables));
        }
        fs::write(path, self.document.to_string())
            .map_err(|source| BaselineError::Write { path: path.to_owned(), source })
    }
}

/// Takes what stands above a table up to the last empty line.
fn take_header(table: &mut Table) -> String {
    let prefix = prefix(table).to_owned();
    let Some(end) = prefix.rfind("\n\n") else { return String::new() };
    let (header, comment) = prefix.split_at(end + 2);
    table.decor_mut().set_prefix(comment);
    header.to_owned()
}

fn prefix(table: &Table) -> &str {
    table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default()
}

/// Entries for the failures that no entry covers: id and reason. What was blocked needs none if what
/// failed of its cause has one; if nothing of it failed, the rule that blocked it gets one.
fn new_entries(run: &Run, full: bool, file: &EditedFile) -> BTreeMap<String, String> {
    let grounds = Grounds::of(run);
    let is_known = |s: &ScenarioResult| file.known.iter().any(|known| known.covers(s, &grounds));
    let mut entries = causes_of_several_rules(run, &is_known);
    let causes: Vec<_> = entries.iter().map(|(id, reason)| Known::new(id, reason)).collect();
    let covered =
        |s: &ScenarioResult| is_known(s) || causes.iter().any(|known| known.covers(s, &grounds));
    let fails_anew = |s: &ScenarioResult| s.status == Status::Failed && !covered(s);
    let judges_nothing =
        |s: &ScenarioResult| matches!(s.status, Status::NotApplicable | Status::Blocked);
    // Whether everything that ran of it fails, and no entry is about a part of it.
    let fails_as_a_whole = |belongs: &dyn Fn(&ScenarioResult) -> bool| {
        let all: Vec<_> = run.scenarios.iter().filter(|s| belongs(s)).collect();
        let nothing_else = all.iter().all(|s| fails_anew(s) || judges_nothing(s));
        full && nothing_else && all.iter().filter(|s| fails_anew(s)).count() > 1
    };
    for scenario in run.scenarios.iter().filter(|s| fails_anew(s)) {
        let rows = outline(&scenario.id);
        let id = if fails_as_a_whole(&|s| s.rule == scenario.rule) {
            &scenario.rule
        } else if fails_as_a_whole(&|s| outline(&s.id) == rows) {
            rows
        } else {
            &scenario.id
        };
        entries.entry(id.to_owned()).or_insert_with(|| reason(scenario));
    }
    add_grounds(run, &grounds, full, file, &mut entries);
    entries
}

/// Entries for what fails alike in several rules.
fn causes_of_several_rules(
    run: &Run,
    is_known: &dyn Fn(&ScenarioResult) -> bool,
) -> BTreeMap<String, String> {
    let mut entries = BTreeMap::new();
    for cause in causes(run) {
        let Some(fingerprint) = cause.fingerprint.as_ref().filter(|print| !is_id(print)) else {
            continue;
        };
        let new = run.scenarios.iter().filter(|s| cause.failed.contains(&s.id) && !is_known(s));
        let new: Vec<_> = new.collect();
        if new.len() >= FEWEST {
            let rules: BTreeSet<_> = new.iter().map(|scenario| &scenario.rule).collect();
            let reason = format!("{} scenarios of {} rules", new.len(), rules.len());
            entries.insert(fingerprint.clone(), reason);
        }
    }
    entries
}

/// Entries for what all others leave: rules that block others and hold where they are judged, and
/// shapes whose own scenario was not selected.
fn add_grounds(
    run: &Run,
    grounds: &Grounds<'_>,
    full: bool,
    file: &EditedFile,
    entries: &mut BTreeMap<String, String>,
) {
    let new = entries.iter().map(|(id, reason)| Known::new(id, reason));
    let all = Baseline::of_known(file.known.iter().cloned().chain(new).collect());
    let judged = all.judge(run, full, THE_FIRST_DAY);
    for scenario in run.scenarios.iter().filter(|s| s.status == Status::Blocked) {
        let chain = grounds.chain(scenario);
        if let (None, Some(root)) = (judged.excuse(scenario), chain.last()) {
            entries.entry((*root).to_owned()).or_insert_with(|| reason(scenario));
        }
    }
    for finding in &run.findings {
        let has_own = entries.keys().any(|id| id.split('.').next() == Some(&finding.rule));
        if judged.excuse_shape(finding).is_none() && !has_own {
            let difference = finding.main_difference().map_or("", |(line, _)| line);
            let text = format!("{}: {difference}", finding.what);
            entries.insert(finding.rule.clone(), one_line(&text));
        }
    }
}

/// The message of a failure and the first of what differs, in one line.
fn reason(scenario: &ScenarioResult) -> String {
    let telling = scenario.telling();
    let message = telling.and_then(|outcome| {
        outcome.message.as_deref().or(outcome.step.as_ref().map(|(step, _)| step.as_str()))
    });
    let difference = telling.and_then(|outcome| outcome.difference.first());
    let told = message.into_iter().chain(difference.map(String::as_str));
    let told = told.collect::<Vec<_>>().join(": ");
    let told = if told.is_empty() { scenario.reason.clone().unwrap_or_default() } else { told };
    one_line(&told)
}

fn one_line(text: &str) -> String {
    let text = without_ids(text);
    match text.char_indices().nth(LONGEST_REASON) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None if text.is_empty() => "it fails".into(),
        None => text,
    }
}

#[cfg(test)]
mod tests;
