//! The spec as pages: what rules ask for and where that was seen, what the document says of it, how
//! servers did, and who notices what is broken on purpose. All of them lie in one folder, and ask
//! nobody for anything.

mod area;
mod compared;
mod coverage;
mod diagram;
mod diagrams;
mod differences;
mod docs;
mod gherkin;
mod index;
mod kills;
mod links;
mod markdown;
mod matrix;
mod rule;
mod schemas;
mod undocumented;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use maud::{Markup, html};

pub(crate) use kills::{Kills, KillsError};
use links::Links;
pub(crate) use matrix::Server;

use crate::coverage::{Coverage, Difference, Entry, Section};
use crate::pages::{Link, Page};
use crate::report::replace_file;
use crate::spec::{Rule, Source, Spec};
use crate::steps;
use crate::target::Deviation;
use crate::toml_file::TomlError;

/// Style that only these pages have.
const STYLE: &str = include_str!("site.css");

/// What the site is called.
const NAME: &str = "Lavalink v4, rule by rule";

/// What pages are made from.
#[derive(Debug)]
pub(crate) struct Material {
    /// Where the rules come from.
    pub(crate) source: Source,
    /// The rules.
    pub(crate) spec: Spec,
    /// The deliberate breaks of the bundled server.
    pub(crate) deviations: Vec<Deviation>,
    /// Servers that were checked, in the order of columns.
    pub(crate) servers: Vec<Server>,
    /// What became of the breaks.
    pub(crate) kills: Option<Kills>,
}

/// A file of the site.
#[derive(Debug)]
pub(crate) struct File {
    /// Its name in the folder.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) content: String,
}

/// The site while it is made.
struct Site<'a> {
    material: &'a Material,
    coverage: Coverage,
    links: Links,
    /// Rules that a rule's scenarios stand on.
    grounds: BTreeMap<&'a str, BTreeSet<&'static str>>,
}

/// Every file of the site.
///
/// # Errors
/// What became of the document cannot be read.
pub(crate) fn files(material: &Material) -> Result<Vec<File>, TomlError> {
    let site = Site::of(material)?;
    let mut files = vec![site.index()];
    files.extend(site.areas());
    files.extend(site.diagrams());
    files.extend(site.undocumented());
    files.extend(site.differences());
    files.push(site.coverage_page());
    files.extend(site.docs());
    files.push(site.schemas());
    files.extend(site.matrix());
    files.extend(site.kill_matrix());
    Ok(files)
}

/// Writes files into a folder, which is made if it is not there.
///
/// # Errors
/// One cannot be written.
pub(crate) fn write(folder: &Path, files: &[File]) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    files
        .iter()
        .try_for_each(|file| replace_file(&folder.join(&file.name), file.content.as_bytes()))
}

impl<'a> Site<'a> {
    fn of(material: &'a Material) -> Result<Self, TomlError> {
        let grounds = material.spec.rules.iter().map(|rule| (rule.id.as_str(), grounds(rule)));
        Ok(Self {
            material,
            coverage: Coverage::embedded()?,
            links: Links::of(&material.spec),
            grounds: grounds.collect(),
        })
    }

    /// A page of the site.
    fn page(&self, name: &str, title: &str, description: &str, main: Markup) -> File {
        self.page_with(name, title, description, main, "")
    }

    /// A page of the site with a script of its own.
    fn page_with(
        &self,
        name: &str,
        title: &str,
        description: &str,
        main: Markup,
        script: &str,
    ) -> File {
        let link = |text, href| Link { text, href, is_here: name == href };
        let mut nav = vec![
            link("Undocumented", "undocumented.html"),
            link("Differences", "differences.html"),
            link("Coverage", "coverage.html"),
            link("Observed", "observed.html"),
            link("Schemas", "schemas.html"),
        ];
        if !self.material.servers.is_empty() {
            nav.push(link("Servers", "servers.html"));
        }
        if self.material.kills.is_some() {
            nav.push(link("Kill matrix", "kill-matrix.html"));
        }
        let title =
            if name == "index.html" { NAME.to_owned() } else { format!("{title} · {NAME}") };
        let page = Page {
            title: &title,
            description,
            brand: link(NAME, "index.html"),
            nav,
            main,
            foot: self.foot(),
            style: STYLE,
            script,
        };
        File { name: name.to_owned(), content: page.render() }
    }

    fn foot(&self) -> Markup {
        html! {
            p {
                "lavalink-conformance " (env!("CARGO_PKG_VERSION")) ", suite "
                code { (self.material.source.digest()) }
                ". Observed on Lavalink 4.2.2."
            }
        }
    }

    fn rule(&self, id: &str) -> Option<&'a Rule> {
        self.material.spec.rules.iter().find(|rule| rule.id == id)
    }

    /// Rules in the order in which they are named, with level and title.
    fn rule_list<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> Markup {
        html! {
            ul.rules {
                @for rule in ids.into_iter().filter_map(|id| self.rule(id)) {
                    li { (self.links.rule(&rule.id)) " " (crate::pages::level(rule.level)) " " (rule.title) }
                }
            }
        }
    }

    /// Entries of the document that a rule holds.
    fn entries_of(&self, rule: &str) -> Vec<(&Section, &Entry)> {
        self.coverage.entries().filter(|(_, e)| e.rules.iter().any(|id| id == rule)).collect()
    }

    /// Differences that a rule holds.
    fn differences_of(&self, rule: &str) -> Vec<&Difference> {
        let differences = self.coverage.differences.iter();
        differences.filter(|d| d.rules.iter().any(|id| id == rule)).collect()
    }

    /// Rules that cite something.
    fn citing(&self, citation: &str) -> impl Iterator<Item = &'a Rule> {
        let cites = move |rule: &&Rule| {
            rule.sources().is_some_and(|s| s.split(';').any(|source| source.trim() == citation))
        };
        self.material.spec.rules.iter().filter(cites).collect::<Vec<_>>().into_iter()
    }
}

/// The rules that the scenarios of a rule stand on.
fn grounds(rule: &Rule) -> BTreeSet<&'static str> {
    let grounds = rule.scenarios.iter().flat_map(steps::grounds);
    grounds.filter(|ground| *ground != rule.id).collect()
}

#[cfg(test)]
mod tests;
