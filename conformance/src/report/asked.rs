//! What a run was asked for, as far as its verdict depends on it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::words::cut;
use crate::baseline::Known;
use crate::spec::{Level, Selection, Shard};

/// What a run was asked for. Shards can be merged only if they were asked for the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// Which scenarios, over all shards.
    pub selection: Selected,
    /// Whether observed rules count.
    pub strict: bool,
    /// What every wait was multiplied by.
    pub time_scale: f64,
    /// How often each scenario was to run.
    pub repeat: usize,
    /// What was said about the target.
    pub declared: Declared,
    /// The failures that do not count, if there was a baseline.
    pub baseline: Option<Vec<Known>>,
}

/// A [`Selection`] over all shards, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// Ids of rules or scenarios.
    pub ids: BTreeSet<String>,
    /// A tag expression.
    pub tags: Option<String>,
    /// A pattern for titles.
    pub name: Option<String>,
    /// Levels.
    pub levels: BTreeSet<Level>,
    /// Areas.
    pub areas: BTreeSet<String>,
}

/// What a target file or the command line says about a target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// The configuration that a target at a URL runs with.
    pub profile: Option<String>,
    /// What it need not be judged by.
    pub unsupported: BTreeSet<String>,
    /// Its sources, whatever it says itself.
    pub sources: Option<BTreeSet<String>>,
    /// Its filters, whatever it says itself.
    pub filters: Option<BTreeSet<String>>,
}

/// How much of what was asked for a run is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// One shard of it.
    Part {
        /// Which.
        shard: Shard,
        /// The ids of all scenarios of all shards.
        whole: BTreeSet<String>,
    },
    /// All of it, merged from this many shards.
    Merged(usize),
}

impl Selected {
    /// In words.
    pub fn of(selection: &Selection) -> Self {
        Self {
            ids: selection.ids.iter().map(|id| id.trim_start_matches('@').to_owned()).collect(),
            tags: selection.tags_text(),
            name: selection.name.as_ref().map(ToString::to_string),
            levels: selection.levels.iter().copied().collect(),
            areas: selection.areas.iter().cloned().collect(),
        }
    }

    /// Whether nothing was asked for, so that it is the whole spec.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }

    /// The options that choose the same again, each with its value.
    pub(super) fn options(&self) -> Vec<String> {
        let ids = self.ids.iter().map(|id| ("--id", id.clone()));
        let tags = self.tags.iter().map(|tags| ("--tags", tags.clone()));
        let name = self.name.iter().map(|name| ("--name", name.clone()));
        let levels = self.levels.iter().map(|level| ("--level", level.to_string()));
        let areas = self.areas.iter().map(|area| ("--area", area.clone()));
        let all = areas.chain(levels).chain(tags).chain(name).chain(ids);
        all.map(|(option, value)| format!("{option} {}", shell_words::quote(&value))).collect()
    }

    /// For people: `stats and tracks`, `level must`; empty if nothing was asked for.
    pub(super) fn in_words(&self) -> String {
        /// How many names there are at most.
        const MOST: usize = 3;
        /// How many characters of a text that somebody wrote.
        const LONGEST: usize = 60;
        let list = |what: &str, names: Vec<String>| match names.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [others @ .., last] if names.len() <= MOST => {
                Some(format!("{} and {last}", others.join(", ")))
            }
            more => Some(format!("{} {what}", more.len())),
        };
        let levels = self.levels.iter().map(ToString::to_string).collect();
        let parts = [
            list("areas", self.areas.iter().cloned().collect()),
            list("levels", levels).map(|levels| format!("level {levels}")),
            self.tags.as_ref().map(|tags| format!("tags \"{}\"", cut(tags, LONGEST))),
            self.name.as_ref().map(|name| format!("titles like \"{}\"", cut(name, LONGEST))),
            list("ids", self.ids.iter().cloned().collect()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_told_in_words_and_as_options() {
        let set = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let mut selected = Selected::default();
        assert_eq!((selected.in_words(), selected.options()), (String::new(), Vec::new()));
        selected.areas = set(&["stats", "tracks"]);
        assert_eq!(selected.in_words(), "stats and tracks");
        selected.levels = [Level::Must].into();
        selected.tags = Some("not @slow".into());
        selected.name = Some("a|b".into());
        selected.ids = set(&["LL-A-001", "LL-A-002", "LL-A-003", "LL-A-004.b[it's]"]);
        assert_eq!(
            selected.in_words(),
            "stats and tracks, level must, tags \"not @slow\", titles like \"a|b\", 4 ids"
        );
        let options = "--area stats --area tracks --level must --tags 'not @slow' --name 'a|b' \
             --id LL-A-001 --id LL-A-002 --id LL-A-003 --id 'LL-A-004.b[it'\\''s]'";
        assert_eq!(selected.options().join(" "), options);
    }
}
