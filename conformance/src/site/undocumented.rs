//! The twelve undocumented behaviours that the document tells of, a page each.

use std::collections::BTreeSet;

use maud::html;

use super::differences::turn;
use super::links::{difference_page, undocumented_page};
use super::{File, Site, docs};
use crate::coverage::Section;

impl Site<'_> {
    pub(super) fn undocumented(&self) -> Vec<File> {
        let sections = self.coverage.sections.iter().filter(|s| s.number.starts_with("5."));
        let sections: Vec<_> = sections.collect();
        let mut files = vec![self.all_undocumented(&sections)];
        files.extend((0..sections.len()).map(|number| self.behaviour(&sections, number)));
        files
    }

    fn all_undocumented(&self, sections: &[&Section]) -> File {
        let main = html! {
            h1 { "Undocumented behaviour" }
            p.lead {
                "Things that a Lavalink server does, that clients come to rely on, and that no \
                 documentation tells."
            }
            ol.cards {
                @for section in sections {
                    li.card {
                        h2 { a href=(undocumented_page(&section.number)) { (section.title) } }
                        @if let Some(first) = section.entries.first() { p { (first.says) "." } }
                        @if section.entries.iter().any(|entry| entry.differs.is_some()) {
                            p { span.status.held { "the real server differs" } }
                        }
                    }
                }
            }
        };
        let says = "Twelve things that a Lavalink server does and no documentation tells.";
        self.page("undocumented.html", "Undocumented behaviour", says, main)
    }

    fn behaviour(&self, sections: &[&Section], number: usize) -> File {
        let section = sections[number];
        let differences = section.entries.iter().filter_map(|entry| entry.differs.as_deref());
        let differences: Vec<_> =
            differences.filter_map(|name| self.coverage.difference(name)).collect();
        let rules: BTreeSet<_> = section.entries.iter().flat_map(|entry| &entry.rules).collect();
        let cited = rules.iter().filter_map(|id| self.rule(id)?.sources());
        let cited = cited.flat_map(|sources| sources.split(';').map(str::trim));
        let cited: BTreeSet<_> = cited.filter(|source| source.starts_with("docs/")).collect();
        let main = html! {
            p.trail { a href="undocumented.html" { "Undocumented behaviour" } }
            h1 { (section.title) }
            ul.lead { @for entry in &section.entries {
                li {
                    (entry.says) "."
                    @if let Some(reason) = &entry.reason { " " (self.links.prose(reason)) }
                }
            } }
            @for difference in &differences {
                p.note {
                    b { "The real server differs: " }
                    a href=(difference_page(&difference.name)) { (difference.title) }
                    ". " (difference.server)
                }
            }
            @if differences.is_empty() {
                p.note.good { "Lavalink 4.2.2 was seen to do so." }
            }
            h2 { "Rules that cover it" }
            (self.rule_list(rules.iter().map(|id| id.as_str())))
            h2 { "What was seen" }
            @for citation in &cited {
                @if let Some(seen) = docs::section(citation, &self.links) {
                    blockquote.quoted { (seen) }
                }
            }
            (turn(
                number.checked_sub(1).map(|n| page_of(sections[n])),
                sections.get(number + 1).map(|section| page_of(section)),
            ))
        };
        let says =
            format!("{}: what Lavalink 4.2.2 does and no documentation tells.", section.title);
        self.page(&undocumented_page(&section.number), &section.title, &says, main)
    }
}

fn page_of(section: &Section) -> (String, String) {
    (undocumented_page(&section.number), section.title.clone())
}
