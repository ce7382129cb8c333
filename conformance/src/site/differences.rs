//! Where the document and the real server differ: a page each, and one of all.

use maud::{Markup, html};

use super::links::{difference_page, section_anchor};
use super::{File, Site, docs};
use crate::coverage::Difference;

impl Site<'_> {
    pub(super) fn differences(&self) -> Vec<File> {
        let all = &self.coverage.differences;
        let mut files = vec![self.all_differences()];
        files.extend((0..all.len()).map(|n| self.difference(n)));
        files
    }

    fn all_differences(&self) -> File {
        let differences = &self.coverage.differences;
        let rows = html! {
            thead { tr { th { "What" } th { "The document" } th { "Lavalink 4.2.2" } th { "Rules" } } }
            tbody {
                @for difference in differences {
                    tr {
                        th scope="row" {
                            a href=(difference_page(&difference.name)) { (difference.title) }
                        }
                        td data-label="The document: " { (difference.document) }
                        td data-label="Lavalink 4.2.2: " { (difference.server) }
                        td { @for rule in &difference.rules { (self.links.rule(rule)) " " } }
                    }
                }
            }
        };
        let main = html! {
            h1 { "Where the document is wrong" }
            p.lead {
                "This suite was begun from a description of Lavalink's internals. In "
                (differences.len()) " places Lavalink 4.2.2 differs. Rules follow the server."
            }
            div.stacked { (crate::pages::table("Differences", &rows)) }
        };
        let says = "Where a description of Lavalink's internals and Lavalink 4.2.2 differ.";
        self.page("differences.html", "Where the document is wrong", says, main)
    }

    fn difference(&self, number: usize) -> File {
        let differences = &self.coverage.differences;
        let difference = &differences[number];
        let Difference { name, title, document, server, rules, observed, .. } = difference;
        let told = self.coverage.entries().filter(|(_, e)| e.differs.as_ref() == Some(name));
        let told: Vec<_> = told.collect();
        let main = html! {
            p.trail { a href="differences.html" { "Where the document is wrong" } }
            h1 { (title) }
            div.versus {
                section.card { h2 { "The document" } p { (document) } }
                section.card { h2 { "Lavalink 4.2.2" } p { (server) } }
            }
            h2 { "Rules that require what the server does" }
            @if rules.is_empty() {
                @for (_, entry) in &told {
                    @if let Some(reason) = &entry.reason { p { "None. " (self.links.prose(reason)) } }
                }
            } @else {
                (self.rule_list(rules.iter().map(String::as_str)))
            }
            h2 { "Where the document says so" }
            ul {
                @for (section, entry) in &told {
                    li {
                        a href=(format!("coverage.html#{}", section_anchor(&section.number))) {
                            "§" (section.number) " " (section.title)
                        }
                        ": " (entry.says)
                    }
                }
            }
            h2 { "What was seen" }
            blockquote.quoted { @if let Some(seen) = docs::section(observed, &self.links) { (seen) } }
            p.small { "From " (self.links.source(observed)) "." }
            (neighbours(
                number.checked_sub(1).map(|n| &differences[n]),
                differences.get(number + 1),
            ))
        };
        let says = format!("{title}. The document: {document} Lavalink 4.2.2: {server}");
        self.page(&difference_page(name), title, &says, main)
    }
}

fn neighbours(before: Option<&Difference>, after: Option<&Difference>) -> Markup {
    let pair =
        |difference: &Difference| (difference_page(&difference.name), difference.title.clone());
    turn(before.map(pair), after.map(pair))
}

/// Links to the page before and the page after, by address and title.
pub(super) fn turn(before: Option<(String, String)>, after: Option<(String, String)>) -> Markup {
    html! {
        nav.turn aria-label="Neighbours" {
            @if let Some((href, title)) = before { a href=(href) rel="prev" { "← " (title) } }
            @if let Some((href, title)) = after { a.next href=(href) rel="next" { (title) " →" } }
        }
    }
}
