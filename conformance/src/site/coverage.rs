//! What became of the document, section by section.

use maud::{Markup, html};

use super::links::{difference_page, section_anchor};
use super::{File, Site};
use crate::coverage::{Entry, Kind};
use crate::pages::{Choice, Filter};

/// What became of an entry, as filters name it, and as people do.
const FATES: [(&str, &str); 3] =
    [("held", "covered"), ("otherwise", "the server differs"), ("unseen", "cannot be tested")];

fn fate(entry: &Entry) -> &'static str {
    match (&entry.differs, entry.rules.is_empty()) {
        (Some(_), _) => "otherwise",
        (None, false) => "held",
        (None, true) => "unseen",
    }
}

impl Site<'_> {
    pub(super) fn coverage_page(&self) -> File {
        let coverage = &self.coverage;
        let entries = || coverage.entries().map(|(_, entry)| entry);
        let choice = |value: &str, label: &str, count| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            count,
        };
        let kinds =
            Kind::ALL.map(|kind| choice(kind.name(), kind.plural(), coverage.count(kind))).to_vec();
        let fates = FATES
            .map(|(value, label)| {
                choice(value, label, entries().filter(|entry| fate(entry) == value).count())
            })
            .to_vec();
        let main = html! {
            h1 { "Coverage of the document" }
            p.lead {
                "This suite was begun from a description of Lavalink's internals. Each sentence, each \
                 row of its tables and each box of its checklist is told here in other words, with \
                 the rules that cover it, or why none can."
            }
            (Filter::of("entries", "Filter entries: words, an id").chips("kind", "Kind", kinds).chips("fate", "What became of it", fates).counting("entries").render())
            div #entries {
                @for section in &coverage.sections {
                    section data-group {
                        @let id = section_anchor(&section.number);
                        // The checklist has parts, of which the first has the anchor of all.
                        @let first = !section.number.starts_with("6, ") || section.number == "6, players";
                        h2 id=[first.then_some(&id)] {
                            "§" (section.number.split(", ").next().unwrap_or_default()) " " (section.title)
                        }
                        (self.entries_table(&section.title, &section.entries))
                    }
                }
            }
            p data-none hidden { "Nothing matches." }
        };
        let says = "What a description of Lavalink's internals says, and the rules that cover it.";
        self.page("coverage.html", "Coverage of the document", says, main)
    }

    fn entries_table(&self, label: &str, entries: &[Entry]) -> Markup {
        let rows = html! {
            thead { tr { th { "" } th { "It says" } th { "Rules" } th { "Where the server differs, or why there is no rule" } } }
            tbody {
                @for entry in entries {
                    tr data-item data-kind=(entry.kind.name()) data-fate=(fate(entry)) {
                        td.small.dim { (entry.kind.name()) }
                        td { (entry.says) }
                        td.ids { @for rule in &entry.rules { (self.links.rule(rule)) " " } }
                        td { (self.remark(entry)) }
                    }
                }
            }
        };
        html! { div.stacked { (crate::pages::table(label, &rows)) } }
    }

    fn remark(&self, entry: &Entry) -> Markup {
        let difference = entry.differs.as_deref().and_then(|name| self.coverage.difference(name));
        html! {
            @if let Some(difference) = difference {
                a href=(difference_page(&difference.name)) { (difference.title) }
                ". " (difference.server) " "
            }
            @if let Some(reason) = &entry.reason { (self.links.prose(reason)) }
        }
    }
}
