//! Rules and scenarios.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::target::profiles;

/// All rules, in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    /// By area, file and line.
    pub rules: Vec<Rule>,
}

/// What a server has to do.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `LL-<AREA>-<NNN>`.
    pub id: String,
    /// The folder of its feature.
    pub area: String,
    /// How binding it is.
    pub level: Level,
    /// The requirement in one sentence.
    pub title: String,
    /// Why, and where it comes from.
    pub description: String,
    /// Its feature file below `features/`.
    pub file: String,
    /// Line of the rule in it.
    pub line: usize,
    /// Each row of an outline is one.
    pub scenarios: Vec<Scenario>,
}

/// How steps begin that keep what is heard, to measure it.
const LISTENING: &str = "the client listens for ";

/// How binding a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Documented, or every client breaks without it.
    Must,
    /// Documented as expected.
    Should,
    /// Undocumented; what Lavalink 4.2.2 does.
    Observed,
}

/// One way to see whether a rule holds.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The rule's id, a letter, and the key of an outline's row: `LL-HTTP-001.a[wrong]`.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// All tags, with those of its rule and its feature.
    pub tags: Vec<String>,
    /// Line in the file.
    pub line: usize,
    /// Its steps, with those of the backgrounds before them.
    pub steps: Vec<Step>,
}

/// One sentence of a scenario.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is there for.
    pub phase: Phase,
    /// The keyword as it stands in the file, such as `And`.
    pub keyword: String,
    /// The sentence.
    pub text: String,
    /// Line in the file.
    pub line: usize,
    /// The text between triple quotes below it.
    pub docstring: Option<String>,
    /// The table below it, with its heading.
    pub rows: Vec<Vec<String>>,
}

/// What a step is there for: its keyword, or that of the step before `And` and `But`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// `Given`: what the rule is about can be tried only after it.
    Prepare,
    /// `When`: the target is brought to do what the rule is about.
    Act,
    /// `Then`: the rule says what has to be seen.
    Judge,
}

impl Level {
    /// All levels, the most binding first.
    pub const ALL: [Self; 3] = [Self::Must, Self::Should, Self::Observed];

    /// As tags name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Observed => "observed",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Spec {
    /// Every scenario with its rule.
    pub fn scenarios(&self) -> impl Iterator<Item = (&Rule, &Scenario)> {
        self.rules.iter().flat_map(|rule| rule.scenarios.iter().map(move |s| (rule, s)))
    }
}

impl Rule {
    /// The `Sources:` of its description.
    pub fn sources(&self) -> Option<&str> {
        let mut lines = self.description.lines();
        lines.find_map(|line| line.trim().strip_prefix("Sources:")).map(str::trim)
    }
}

impl Scenario {
    /// Whether it has a tag, given without `@`.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|other| other == tag)
    }

    /// Whether it listens to the sound of a voice channel; the others only count what comes there.
    pub fn listens(&self) -> bool {
        self.steps.iter().any(|step| step.text.starts_with(LISTENING))
    }

    /// The configuration that the server has to run with: what comes after `profile-` in its tags.
    pub fn profile(&self) -> &str {
        let named = self.tags.iter().find_map(|tag| tag.strip_prefix("profile-"));
        named.unwrap_or(profiles::PLAIN)
    }

    /// Whether the server that it runs on has a route planner.
    pub fn has_route_planner(&self) -> bool {
        profiles::text(self.profile()).is_some_and(|text| text.contains("ipBlocks"))
    }

    /// What comes after `needs-` in its tags.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        self.tags.iter().filter_map(|tag| tag.strip_prefix("needs-"))
    }
}
