//! Pages of documentation: what was observed, with the rules that cite each section, and the others.

use maud::{Markup, html};

use super::links::{Links, doc_page};
use super::{File, Site, markdown};
use crate::assets;

/// Pages that become pages of the site as they are; that of the coverage is made otherwise.
pub(super) fn shown() -> impl Iterator<Item = (&'static str, &'static str)> {
    assets::DOCS.iter().copied().filter(|(path, _)| *path != "docs/coverage.md")
}

impl Site<'_> {
    pub(super) fn docs(&self) -> Vec<File> {
        shown().map(|(path, text)| self.doc(path, text)).collect()
    }

    fn doc(&self, path: &str, text: &str) -> File {
        let title = text.lines().next().unwrap_or_default().trim_start_matches('#').trim();
        let parts = markdown::parts(text, path, &self.links);
        let trail = match path.starts_with("docs/observed/") {
            true => html! { a href="observed.html" { "What was observed" } },
            false => html! { a href="index.html" { "Documentation" } },
        };
        let main = html! {
            p.trail { (trail) }
            @for part in &parts {
                (part.markup)
                (self.cited(&format!("{path}#{}", part.anchor)))
            }
        };
        let description = format!("{title}: what was seen on Lavalink 4.2.2, and how often.");
        self.page(&doc_page(path), title, &description, main)
    }

    /// The rules that cite a section.
    fn cited(&self, citation: &str) -> Markup {
        let rules: Vec<_> = self.citing(citation).collect();
        html! {
            @if !rules.is_empty() {
                details.citing {
                    summary {
                        @if rules.len() == 1 { "1 rule covers this" } @else { (rules.len()) " rules cover this" }
                    }
                    (self.rule_list(rules.iter().map(|rule| rule.id.as_str())))
                }
            }
        }
    }
}

/// A section of `docs/`, as it is cited: `docs/observed/players.md#noreplace`.
pub(super) fn section(citation: &str, links: &Links) -> Option<Markup> {
    let (path, anchor) = citation.split_once('#')?;
    let parts = markdown::parts(assets::doc(path)?, path, links);
    let part = parts.into_iter().find(|part| part.anchor == anchor)?;
    // The id belongs to the page that the section is quoted from.
    let markup = part.markup.into_string();
    let markup = markup.replacen(&format!(" id=\"{anchor}\""), "", 1);
    let link = format!("href=\"#{anchor}\"");
    let page = format!("href=\"{}#{anchor}\"", doc_page(path));
    Some(maud::PreEscaped(markup.replacen(&link, &page, 1)))
}
