//! From feature files to rules.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use cucumber::feature::Ext;
use gherkin::GherkinEnv;
use walkdir::WalkDir;

use super::lint::Problem;
use super::{Level, Phase, Rule, Scenario, Spec, Step};
use crate::assets;

/// Where features come from.
#[derive(Clone, Debug)]
pub struct Source {
    embedded: bool,
    /// The folder as somebody gave it.
    given: Option<PathBuf>,
    /// What holds the folder, for the files that its rules cite.
    root: Option<PathBuf>,
    /// Path below the folder and text, sorted by path.
    files: Vec<(String, String)>,
}

/// Why the features cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// A folder or a file of it cannot be read.
    #[error("failed to read {}", .path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Some files are not as features have to be.
    #[error("the features have problems:\n{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
}

impl Source {
    /// The features that are part of the program.
    pub fn embedded() -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        let files = assets::FEATURES.iter().map(owned).collect();
        Self { embedded: true, given: None, root: None, files }
    }

    /// Every `.feature` file below a folder.
    ///
    /// # Errors
    /// [`SpecError::Read`] for the first folder or file that cannot be read.
    pub fn folder(folder: &Path) -> Result<Self, SpecError> {
        let mut files = Vec::new();
        for entry in WalkDir::new(folder) {
            let entry = entry.map_err(|error| SpecError::Read {
                path: error.path().unwrap_or(folder).to_owned(),
                source: error.into(),
            })?;
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "feature") && !path.is_dir() {
                let text = std::fs::read_to_string(path)
                    .map_err(|source| SpecError::Read { path: path.to_owned(), source })?;
                let name = path.strip_prefix(folder).unwrap_or(path);
                files.push((name.to_string_lossy().replace('\\', "/"), text));
            }
        }
        files.sort();
        let root = folder.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned));
        Ok(Self { embedded: false, given: Some(folder.to_owned()), root, files })
    }

    /// Features from texts, for tests.
    #[cfg(test)]
    pub(crate) fn texts(files: &[(&str, &str)]) -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        let files = files.iter().map(owned).collect();
        Self { embedded: false, given: None, root: None, files }
    }

    /// Whether these are the features that are part of the program.
    pub fn is_embedded(&self) -> bool {
        self.embedded
    }

    /// The folder, as it was given; none of the features that are part of the program.
    pub(crate) fn given(&self) -> Option<&Path> {
        self.given.as_deref()
    }

    /// The text of a file, as rules name it.
    pub(crate) fn text(&self, file: &str) -> Option<&str> {
        self.files.iter().find(|(path, _)| path == file).map(|(_, text)| text.as_str())
    }

    /// The folder that holds the folder of features.
    pub(super) fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// The number of the first line of a file, from `from` on, whose text without indentation is
    /// like that.
    pub(super) fn line_of(
        &self,
        file: &str,
        from: usize,
        like: impl Fn(&str) -> bool,
    ) -> Option<usize> {
        let text = self.text(file)?;
        let after = text.lines().enumerate().skip(from);
        let own = after.take_while(|(_, line)| !line.trim_start().starts_with("Rule:"));
        own.map(|(n, line)| (n + 1, line.trim())).find(|(_, line)| like(line)).map(|(n, _)| n)
    }

    /// Tells suites apart in reports.
    pub fn digest(&self) -> String {
        if self.embedded {
            return assets::DIGEST.to_owned();
        }
        let bytes = self.files.iter().flat_map(|(path, text)| path.bytes().chain(text.bytes()));
        let digest = bytes.fold(0xcbf2_9ce4_8422_2325u64, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("custom-{digest:016x}")
    }

    /// Reads them all; with problems there is no spec.
    ///
    /// # Errors
    /// [`SpecError`] with every problem of every file.
    pub fn read(&self) -> Result<Spec, SpecError> {
        let (spec, problems) = self.read_all();
        if problems.is_empty() { Ok(spec) } else { Err(SpecError::Problems(problems)) }
    }

    /// Reads what can be read, and tells what cannot.
    pub(crate) fn read_all(&self) -> (Spec, Vec<Problem>) {
        let mut spec = Spec::default();
        let mut problems = Vec::new();
        for (path, text) in &self.files {
            match parse(path, text) {
                Ok(feature) => add_feature(&mut spec, &mut problems, path, &feature),
                Err(problem) => problems.push(problem),
            }
        }
        find_double_ids(&spec, &mut problems);
        (spec, problems)
    }
}

fn parse(path: &str, text: &str) -> Result<gherkin::Feature, Problem> {
    let mut feature = gherkin::Feature::parse(text, GherkinEnv::default()).map_err(|error| {
        // "error at LINE:COLUMN: expected …"
        let message = error.to_string();
        let position = message.split("rror at ").nth(1).unwrap_or_default();
        let line = position.split(':').next().and_then(|line| line.parse().ok()).unwrap_or(1);
        Problem::new(path, line, message)
    })?;
    feature.path = Some(path.into());
    // Without rows nothing would be left of it.
    for scenario in feature.rules.iter().flat_map(|rule| &rule.scenarios) {
        let rows =
            |examples: &gherkin::Examples| examples.table.as_ref().map_or(0, |t| t.rows.len());
        let outline = scenario.keyword.contains("Outline") || scenario.keyword.contains("Template");
        if scenario.examples.iter().any(|e| rows(e) < 2)
            || (outline && scenario.examples.is_empty())
        {
            let message = format!("outline without rows: {}", scenario.name);
            return Err(Problem::new(path, scenario.position.line, message));
        }
    }
    feature.expand_examples().map_err(|error| Problem::new(path, error.pos.line, error.to_string()))
}

fn add_feature(
    spec: &mut Spec,
    problems: &mut Vec<Problem>,
    path: &str,
    feature: &gherkin::Feature,
) {
    if feature.rules.is_empty() && feature.scenarios.is_empty() {
        let message = "no rules; a misspelt keyword makes a description of what follows";
        problems.push(Problem::new(path, feature.position.line, message));
    }
    for scenario in &feature.scenarios {
        let line = scenario.position.line;
        problems.push(Problem::new(
            path,
            line,
            format!("scenario outside a rule: {}", scenario.name),
        ));
    }
    for rule in &feature.rules {
        match read_rule(path, feature, rule) {
            Ok(rule) => spec.rules.push(rule),
            Err(found) => problems.extend(found),
        }
    }
}

fn read_rule(
    path: &str,
    feature: &gherkin::Feature,
    rule: &gherkin::Rule,
) -> Result<Rule, Vec<Problem>> {
    let problem = |line: usize, message: String| Problem::new(path, line, message);
    let line = rule.position.line;
    let mut problems = Vec::new();
    let id = rule.tags.iter().find(|tag| tag.starts_with("LL-")).cloned().unwrap_or_default();
    if id.is_empty() {
        problems.push(problem(line, format!("rule without an id (@LL-AREA-NNN): {}", rule.name)));
    }
    let level = Level::ALL.into_iter().find(|level| rule.tags.iter().any(|t| t == level.name()));
    if level.is_none() {
        let message = format!("rule without a level (@must, @should, @observed): {}", rule.name);
        problems.push(problem(line, message));
    }
    let mut scenarios = Vec::new();
    for scenario in &rule.scenarios {
        match read_scenario(feature, rule, scenario, &id) {
            Ok(scenario) => scenarios.push(scenario),
            Err(message) => problems.push(problem(scenario.position.line, message)),
        }
    }
    match level {
        Some(level) if problems.is_empty() => Ok(Rule {
            id,
            area: path.split('/').next().unwrap_or_default().to_owned(),
            level,
            title: rule.name.clone(),
            description: outdented(rule.description.as_deref().unwrap_or_default()),
            file: path.to_owned(),
            line,
            scenarios,
        }),
        _ => Err(problems),
    }
}

fn read_scenario(
    feature: &gherkin::Feature,
    rule: &gherkin::Rule,
    scenario: &gherkin::Scenario,
    rule_id: &str,
) -> Result<Scenario, String> {
    let prefix = format!("{rule_id}.");
    if scenario.steps.is_empty() {
        return Err(format!("scenario without steps: {}", scenario.name));
    }
    let id = scenario.tags.iter().find(|tag| tag.starts_with("LL-"));
    let id = id.ok_or_else(|| format!("scenario without an id: {}", scenario.name))?;
    if !id.starts_with(&prefix) {
        return Err(format!("{id} is not an id of rule {rule_id}"));
    }
    let key = row_key(scenario);
    let id = key.map_or_else(|| id.clone(), |key| format!("{id}[{key}]"));
    let mut tags: Vec<_> =
        feature.tags.iter().chain(&rule.tags).chain(&scenario.tags).cloned().collect();
    tags.sort();
    tags.dedup();
    let backgrounds = feature.background.iter().chain(&rule.background);
    let steps = backgrounds.flat_map(|background| &background.steps).chain(&scenario.steps);
    let steps = steps.map(read_step).collect();
    let line = scenario.position.line;
    Ok(Scenario { id, title: scenario.name.clone(), tags, line, steps })
}

fn read_step(step: &gherkin::Step) -> Step {
    Step {
        phase: match step.ty {
            gherkin::StepType::Given => Phase::Prepare,
            gherkin::StepType::When => Phase::Act,
            gherkin::StepType::Then => Phase::Judge,
        },
        keyword: step.keyword.trim().to_owned(),
        text: step.value.clone(),
        line: step.position.line,
        docstring: step.docstring.clone(),
        rows: step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
    }
}

/// The first cell of an outline's row. An expanded scenario keeps its row as the only one.
fn row_key(scenario: &gherkin::Scenario) -> Option<&str> {
    let row = scenario.examples.first()?.table.as_ref()?.rows.get(1)?;
    row.first().map(String::as_str)
}

/// An id that stands twice would hide one of the two in every report.
fn find_double_ids(spec: &Spec, problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for rule in &spec.rules {
        let scenarios = rule.scenarios.iter().map(|s| (s.id.as_str(), s.line));
        for (id, line) in scenarios.chain([(rule.id.as_str(), rule.line)]) {
            if let Some(first) = seen.insert(id, format!("{}:{line}", rule.file)) {
                let message = format!("{id} is an id already, at {first}");
                problems.push(Problem::new(&rule.file, line, message));
            }
        }
    }
}

fn outdented(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
}
