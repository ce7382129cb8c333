//! What was given, by where it came from: dotted keys with values, the more important ones first.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use super::names::{self, Canonical};
use super::placeholders::{self, Circular};
use super::scalar::Value;
use super::yaml::{Document, Pair};

/// Everything that was given.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// Those that win first.
    sources: Vec<Source>,
}

/// Values that came from one place.
#[derive(Debug)]
pub(super) struct Source {
    place: Place,
    entries: Vec<Entry>,
}

/// Where values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Flags,
    /// `SPRING_APPLICATION_JSON`
    Json,
    Environment,
    File(Option<PathBuf>),
}

#[derive(Debug)]
struct Entry {
    /// As it is written.
    name: String,
    value: Value,
    /// The names that it stands for: in the environment both notations are understood.
    forms: Vec<Canonical>,
    /// In a file.
    line: Option<usize>,
    /// Whether it is there to be referred to from other sections of its file.
    shared: bool,
}

/// A name that was given.
#[derive(Debug)]
pub(super) struct Named<'a> {
    /// As it is written.
    pub(super) name: &'a str,
    /// What it may mean.
    pub(super) forms: &'a [Canonical],
    pub(super) value: &'a Value,
    pub(super) origin: Origin,
    /// Whether it is there to be referred to from other sections of its file.
    pub(super) shared: bool,
}

/// A value that was given for a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Given {
    /// With placeholders filled in.
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// Where a value stands, as errors and warnings name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    place: Place,
    /// As it is written there.
    name: String,
    line: Option<usize>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Flags => write!(f, "the flag --{}", self.name),
            Place::Json => f.write_str("SPRING_APPLICATION_JSON"),
            Place::Environment => write!(f, "the environment variable {}", self.name),
            Place::File(path) => {
                let line = self.line.map(|line| format!("line {line}"));
                let path = path.as_ref().map(|path| path.display().to_string());
                let parts: Vec<_> = path.into_iter().chain(line).collect();
                f.write_str(&parts.join(", "))
            }
        }
    }
}

impl Source {
    pub(super) fn new(place: Place, pairs: impl IntoIterator<Item = (String, Value)>) -> Self {
        let in_environment = place == Place::Environment;
        let entries = pairs.into_iter().map(|(name, value)| {
            let mut forms = vec![names::canonical(&name)];
            if in_environment {
                forms.push(names::of_variable(&name));
            }
            Entry { name, value, forms, line: None, shared: false }
        });
        Self { entries: entries.collect(), place }
    }

    /// What a document of a file says.
    pub(super) fn of_document(file: Option<PathBuf>, document: Document) -> Self {
        let entries = document.into_iter().map(|Pair { name, value, line, shared }| {
            let forms = vec![names::canonical(&name)];
            Entry { name, value, forms, line: Some(line), shared }
        });
        Self { entries: entries.collect(), place: Place::File(file) }
    }

    pub(super) fn of_environment(variables: &[(String, String)]) -> Self {
        let pairs = variables.iter().map(|(name, text)| (name.clone(), Value::Text(text.clone())));
        Self::new(Place::Environment, pairs)
    }

    /// The entry that counts for a key. Where there are several spellings of it Spring prefers its
    /// own: dashes in files, capitals without underscores between words in the environment.
    fn entry(&self, key: &str) -> Option<&Entry> {
        let canonical = names::canonical(key);
        let rank = |entry: &Entry| match self.place {
            Place::Environment if entry.name == names::variable(key) => 0,
            Place::Environment if entry.name.eq_ignore_ascii_case(&names::long_variable(key)) => 1,
            Place::Environment => 2,
            _ => u8::from(entry.name != names::kebab(key)),
        };
        let is_long = |entry: &Entry| {
            self.place == Place::Environment
                && entry.name.eq_ignore_ascii_case(&names::long_variable(key))
        };
        let means = |entry: &&Entry| entry.forms.contains(&canonical) || is_long(entry);
        self.entries.iter().filter(means).min_by_key(|entry| rank(entry))
    }

    /// The value of exactly this name; in the environment dots and dashes may be underscores and
    /// letters capitals.
    fn exact(&self, name: &str) -> Option<&Value> {
        if name.is_empty() {
            return None;
        }
        let by = |name: &str| self.entries.iter().find(|entry| entry.name == name);
        let found = match self.place {
            Place::Environment => {
                let underscored = name.replace(['.', '-'], "_");
                by(name)
                    .or_else(|| by(&underscored))
                    .or_else(|| by(&name.to_uppercase()))
                    .or_else(|| by(&underscored.to_uppercase()))
            }
            _ => by(name),
        };
        found.map(|entry| &entry.value)
    }

    fn has_below(&self, key: &str) -> bool {
        let section = names::canonical(key) + ".";
        self.entries.iter().any(|entry| entry.forms.iter().any(|form| form.starts_with(&section)))
    }

    fn origin(&self, entry: &Entry) -> Origin {
        Origin { place: self.place.clone(), name: entry.name.clone(), line: entry.line }
    }
}

impl Properties {
    /// `sources` begins with the one that wins.
    pub(super) fn new(sources: Vec<Source>) -> Self {
        Self { sources }
    }

    pub(super) fn into_sources(self) -> Vec<Source> {
        self.sources
    }

    /// The value of a key, if there is one.
    ///
    /// # Errors
    /// If its placeholders refer to themselves.
    pub(super) fn get(&self, key: &str) -> Result<Option<Given>, (Origin, Circular)> {
        let found = self.sources.iter().find_map(|source| Some((source, source.entry(key)?)));
        let Some((source, entry)) = found else { return Ok(None) };
        let origin = source.origin(entry);
        match self.filled(&entry.value) {
            Ok(value) => Ok(Some(Given { value, origin })),
            Err(circular) => Err((origin, circular)),
        }
    }

    /// The items of a list, each a value or, where there is none, a gap; from the one source that
    /// wins.
    pub(super) fn list(&self, key: &str) -> Result<Option<List>, (Origin, Circular)> {
        for source in &self.sources {
            if let Some(entry) = source.entry(key) {
                let origin = source.origin(entry);
                return match self.filled(&entry.value) {
                    Ok(value) => Ok(Some(List::Whole(Given { value, origin }))),
                    Err(circular) => Err((origin, circular)),
                };
            }
            let mut items = Vec::new();
            while let Some(entry) = source.entry(&format!("{key}[{}]", items.len())) {
                let origin = source.origin(entry);
                match self.filled(&entry.value) {
                    Ok(value) => items.push(Given { value, origin }),
                    Err(circular) => return Err((origin, circular)),
                }
            }
            if let Some(lost) = source.beyond(key, items.len()) {
                return Ok(Some(List::Gap(source.origin(lost))));
            }
            if !items.is_empty() {
                return Ok(Some(List::Items(items)));
            }
        }
        Ok(None)
    }

    /// The keys of a map as they are written, with the canonical names that they are read by.
    pub(super) fn keys_of_map(&self, key: &str) -> Vec<(String, Canonical)> {
        let section = names::canonical(key) + ".";
        let depth = section.matches('.').count();
        let mut keys: Vec<(String, Canonical)> = Vec::new();
        for source in &self.sources {
            for entry in &source.entries {
                let Some(form) = entry.forms.iter().rposition(|f| f.starts_with(&section)) else {
                    continue;
                };
                let written = match form {
                    0 => names::tail(&entry.name, depth),
                    _ => names::variable_tail(&entry.name, depth),
                };
                if !keys.iter().any(|(known, _)| *known == written) {
                    keys.push((written, entry.forms[form].clone()));
                }
            }
        }
        keys
    }

    /// Where a key stands, or the first of its items.
    pub(super) fn origin_of(&self, key: &str) -> Option<Origin> {
        let first = format!("{key}[0]");
        self.sources.iter().find_map(|source| {
            let entry = source.entry(key).or_else(|| source.entry(&first))?;
            Some(source.origin(entry))
        })
    }

    /// Where a value stands in the place of a section, whatever wins over it.
    pub(super) fn values_of(&self, section: &str) -> Vec<Given> {
        let canonical = names::canonical(section);
        let given = self.sources.iter().flat_map(|source| {
            let entries = source.entries.iter().filter(|entry| entry.forms.contains(&canonical));
            entries.map(|entry| Given { value: entry.value.clone(), origin: source.origin(entry) })
        });
        given.collect()
    }

    /// Whether there are keys in a section.
    pub(super) fn has_below(&self, section: &str) -> bool {
        self.sources.iter().any(|source| source.has_below(section))
    }

    /// Every name that was given.
    pub(super) fn names(&self) -> impl Iterator<Item = Named<'_>> {
        self.sources.iter().flat_map(|source| {
            source.entries.iter().map(|entry| Named {
                name: &entry.name,
                forms: &entry.forms,
                value: &entry.value,
                origin: source.origin(entry),
                shared: entry.shared,
            })
        })
    }

    /// The names that placeholders ask for, wherever they stand.
    pub(super) fn asked_for(&self) -> HashSet<Canonical> {
        let entries = self.sources.iter().flat_map(|source| &source.entries);
        let texts = entries.filter_map(|entry| entry.value.text());
        texts.flat_map(|text| placeholders::names(&text)).map(|n| names::canonical(&n)).collect()
    }

    /// The text of a variable of exactly this name.
    pub(super) fn text_of_variable(&self, name: &str) -> Option<String> {
        let environment = self.sources.iter().find(|source| source.place == Place::Environment)?;
        environment.exact(name)?.text()
    }

    fn filled(&self, value: &Value) -> Result<Value, Circular> {
        match value {
            Value::Text(text) if text.contains("${") => {
                placeholders::fill_in(text, &|name| self.look_up(name)).map(Value::Text)
            }
            value => Ok(value.clone()),
        }
    }

    /// What a placeholder's name stands for.
    fn look_up(&self, name: &str) -> Option<String> {
        let compared = || {
            let by_form = |source: &Source| source.entry(name)?.value.text();
            names::is_canonical(name).then(|| self.sources.iter().find_map(by_form)).flatten()
        };
        let spelled = || self.sources.iter().find_map(|source| source.exact(name)?.text());
        compared().or_else(spelled)
    }
}

impl Origin {
    /// Where it is; nothing if that is clear.
    pub(super) fn place(&self) -> String {
        self.to_string()
    }

    pub(super) fn is_variable(&self) -> bool {
        self.place == Place::Environment
    }
}

/// What was given for a list.
#[derive(Debug)]
pub(super) enum List {
    /// One value for all of it.
    Whole(Given),
    /// A value for each item.
    Items(Vec<Given>),
    /// Items, but not all from the first on.
    Gap(Origin),
}

impl Source {
    /// An item of a list that is not among the first `count`, or lies deeper than items do.
    fn beyond(&self, key: &str, count: usize) -> Option<&Entry> {
        let section = names::canonical(key) + ".";
        let is_lost = |form: &Canonical| {
            let Some(rest) = form.strip_prefix(&section) else { return false };
            let (index, deeper) = rest.split_once('.').unwrap_or((rest, ""));
            let index = index.parse::<usize>().ok();
            index.is_some_and(|index| index >= count || !deeper.is_empty())
        };
        self.entries.iter().find(|entry| entry.forms.iter().any(is_lost))
    }
}

#[cfg(test)]
mod tests;
