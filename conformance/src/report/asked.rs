//! What a run was asked for, as far as its verdict depends on it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

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
}
