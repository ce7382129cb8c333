//! The kill matrix: rules, their deliberate breaks, and the scenarios that notice each.

use std::path::{Path, PathBuf};

use maud::{Markup, PreEscaped, html};
use serde::Deserialize;

use super::links::{Links, doc_page};
use super::{File, Site, markdown};
use crate::assets;
use crate::pages::{self, Choice, Filter};

/// The page of documentation that tells what becomes of mutants, if there is one.
const MUTANTS: &str = "docs/mutants.md";

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

/// The table of a page about mutants.
fn mutants(text: &str, links: &Links) -> Option<Markup> {
    let parts = markdown::parts(text, MUTANTS, links);
    parts.into_iter().find_map(|part| {
        let markup = part.markup.into_string();
        let (begin, end) = (markup.find("<div class=\"table\"")?, "</div>");
        let table = &markup[begin..begin + markup[begin..].find(end)? + end.len()];
        Some(PreEscaped(table.to_owned()))
    })
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
        let filter = Filter::of("kills", "Filter deviations: words, rules, scenarios")
            .menu("area", "Any area", areas.filter(|choice| choice.count > 0).collect())
            .chips("fate", "Outcome", fates.collect())
            .counting("deviations");
        let main = html! {
            h1 { "Kill matrix" }
            p.lead {
                "A deviation breaks one rule of the reference server on purpose. It is caught if a \
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
            p data-none hidden { "No deviation matches." }
            @if let Some(table) = assets::doc(MUTANTS).and_then(|text| mutants(text, &self.links)) {
                h2 #mutants { "Mutants" }
                p {
                    "What becomes of breaks that nobody chose, module by module: "
                    a href=(doc_page(MUTANTS)) { "how they are made, and which survive" } "."
                }
                (table)
            }
        };
        let says = "Deviations of the reference server, which break a rule each, and the scenarios that notice them.";
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Source;

    #[test]
    fn the_table_of_a_page_is_taken_and_nothing_else() {
        let links = Links::of(&Source::embedded().read().unwrap());
        let text = "# Mutants\nWords.\n\n## By module\n\n| module | killed |\n|---|---:|\n| player | 9 |\n\nMore.\n";
        let table = mutants(text, &links).unwrap().into_string();
        assert!(table.starts_with("<div class=\"table\"") && table.ends_with("</div>"), "{table}");
        assert!(table.contains("player") && !table.contains("More"), "{table}");
        assert!(mutants("# Mutants\nNone yet.\n", &links).is_none());
    }
}
