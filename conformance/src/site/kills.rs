//! The kill matrix: rules, their deliberate breaks, and the scenarios that notice each.

use std::path::{Path, PathBuf};

use maud::{Markup, html};
use serde::Deserialize;

use super::{File, Site};
use crate::pages::{self, Choice, Filter};

/// What `self-check --json` wrote.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kills {
    schema_version: u64,
    pub(super) deviations: Vec<Kill>,
    idle_scenarios: Vec<String>,
    /// It stands last, so that a file that was cut off has none.
    #[serde(rename = "complete")]
    _complete: bool,
}

/// What became of a deliberate break.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kill {
    deviation: String,
    summary: String,
    rule: String,
    fate: String,
    why: Option<String>,
    caught_by: Vec<String>,
    also_failed: Vec<String>,
}

/// Why a kill matrix cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KillsError {
    /// No file.
    #[error("failed to read {}", .0.display())]
    Read(PathBuf, #[source] std::io::Error),
    /// Something else, or cut off.
    #[error("{} is no kill matrix of self-check --json", .0.display())]
    NoMatrix(PathBuf, #[source] serde_json::Error),
    /// Of another form.
    #[error("{} has the form {found}, and 1 can be read", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Its form.
        found: u64,
    },
}

impl Kills {
    /// From a file that `self-check --json` wrote.
    ///
    /// # Errors
    /// It cannot be read, or is something else.
    pub(crate) fn read(path: &Path) -> Result<Self, KillsError> {
        let text = std::fs::read(path).map_err(|e| KillsError::Read(path.to_owned(), e))?;
        let kills: Self = serde_json::from_slice(&text)
            .map_err(|error| KillsError::NoMatrix(path.to_owned(), error))?;
        match kills.schema_version {
            1 => Ok(kills),
            found => Err(KillsError::Form { path: path.to_owned(), found }),
        }
    }
}

/// A fate as filters name it.
fn value(fate: &str) -> String {
    fate.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

impl Site<'_> {
    pub(super) fn kill_matrix(&self) -> Option<File> {
        let kills = self.material.kills.as_ref()?;
        let mut fates: Vec<&str> = kills.deviations.iter().map(|kill| kill.fate.as_str()).collect();
        fates.sort_unstable();
        fates.dedup();
        let count = |fate: &str| kills.deviations.iter().filter(|kill| kill.fate == fate).count();
        let fates = fates.into_iter().map(|fate| Choice {
            value: value(fate),
            label: fate.to_owned(),
            count: count(fate),
        });
        let areas = self.area_names().into_iter().map(|area| Choice {
            value: area.to_owned(),
            label: area.to_owned(),
            count: kills.deviations.iter().filter(|kill| self.area_of(kill) == area).count(),
        });
        let filter = Filter::of("kills", "Words, rules, scenarios")
            .menu("area", "Any area", areas.filter(|choice| choice.count > 0).collect())
            .chips("fate", "Fate", fates.collect());
        let main = html! {
            h1 { "Kill matrix" }
            p.lead {
                "Each of these breaks one rule of the reference server on purpose. It is caught if a \
                 scenario of that rule fails on an assertion. " (count("caught")) " of "
                (kills.deviations.len()) " are."
            }
            @if !kills.idle_scenarios.is_empty() {
                p.note.bad {
                    "These scenarios noticed nothing: "
                    @for id in &kills.idle_scenarios { code { (pages::text(id)) } " " }
                }
            }
            (filter.render())
            div #kills {
                @for kills in kills.deviations.chunk_by(|a, b| a.rule == b.rule) {
                    section data-group { (self.rule_kills(kills)) }
                }
            }
            p data-none hidden { "No deliberate break has all of that." }
        };
        let says = "Deliberate breaks of the reference server, and the scenarios that notice each.";
        Some(self.page("kill-matrix.html", "Kill matrix", says, main))
    }

    fn area_of(&self, kill: &Kill) -> &str {
        self.rule(&kill.rule).map_or("", |rule| &rule.area)
    }

    fn rule_kills(&self, kills: &[Kill]) -> Markup {
        let rule = &kills[0].rule;
        let rows = html! {
            @for kill in kills {
                tr data-item data-fate=(value(&kill.fate)) data-area=(self.area_of(kill)) {
                    th scope="row" { code { (pages::text(kill.deviation.rsplit('/').next().unwrap_or_default())) } }
                    td { (pages::text(&kill.summary)) }
                    td { span class={ "status " (value(&kill.fate)) } { (pages::text(&kill.fate)) } }
                    td.ids {
                        @match &kill.why {
                            Some(why) => (pages::text(why)),
                            None => { @for id in &kill.caught_by { (self.scenario(id)) " " } },
                        }
                        @if !kill.also_failed.is_empty() {
                            span.dim { "also " (kill.also_failed.len()) " of other rules" }
                        }
                    }
                }
            }
        };
        html! {
            h2 id=(pages::anchor(rule)) {
                (self.links.rule(rule)) " "
                @if let Some(rule) = self.rule(rule) { span.plain { (rule.title) } }
            }
            (pages::table(rule, &rows))
        }
    }

    /// A scenario, with a link to it; rows of an outline have one place together.
    fn scenario(&self, id: &str) -> Markup {
        let outline = id.split('[').next().unwrap_or_default();
        let rule = outline.split('.').next().unwrap_or_default();
        let page = self.links.href(rule);
        let page = page.as_deref().and_then(|href| href.split('#').next());
        html! {
            @match page {
                Some(page) => a.id href=(format!("{page}#{}", pages::anchor(outline))) { (pages::text(id)) },
                None => span.id { (pages::text(id)) },
            }
        }
    }
}
