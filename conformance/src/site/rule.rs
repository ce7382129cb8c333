//! What there is to say of one rule.

use maud::{Markup, html};

use super::links::{difference_page, section_anchor};
use super::{Site, area, gherkin, schemas};
use crate::pages::{anchor, anchor_link, level};
use crate::schema;
use crate::spec::Rule;

/// So many rules that stand on one are shown at once.
const MOST_SHOWN: usize = 12;

impl Site<'_> {
    pub(super) fn rule_article(&self, rule: &Rule) -> Markup {
        let text = self.material.source.text(&rule.file).unwrap_or_default();
        let parts = gherkin::rule(text, rule.line);
        let count = parts.iter().filter(|part| part.is_scenario()).count();
        html! {
            article.card.rule id=(anchor(&rule.id)) data-item data-level=(rule.level.name()) {
                h3 { (rule.title) " " (anchor_link(&rule.id)) }
                p.row.small { code.id { (rule.id) } (level(rule.level)) (self.statuses(&rule.id)) }
                @for paragraph in area::why(rule) { p { (self.links.prose(&paragraph)) } }
                (self.otherwise(rule))
                (self.facts(rule))
                details {
                    summary {
                        (count) @if count == 1 { " scenario" } @else { " scenarios" }
                        span.dim { " in features/" (rule.file) ":" (rule.line) }
                    }
                    @for part in &parts { (gherkin::part(part)) }
                }
                (self.deviations(rule))
            }
        }
    }

    /// Where the document says something else.
    fn otherwise(&self, rule: &Rule) -> Markup {
        html! {
            @for difference in self.differences_of(&rule.id) {
                p.note {
                    b { "Against the document: " }
                    a href=(difference_page(&difference.name)) { (difference.title) }
                    ". It says: " (difference.document)
                }
            }
        }
    }

    fn facts(&self, rule: &Rule) -> Markup {
        let sources = rule.sources().unwrap_or_default();
        let sources = sources.split(';').map(str::trim).filter(|source| !source.is_empty());
        let grounds = self.grounds.get(rule.id.as_str()).into_iter().flatten();
        let on_it = self.grounds.iter().filter(|(_, grounds)| grounds.contains(rule.id.as_str()));
        let on_it: Vec<&str> = on_it.map(|(id, _)| *id).collect();
        let entries = self.entries_of(&rule.id);
        let shapes: Vec<_> = schema::made().filter(|(_, _, id)| *id == rule.id).collect();
        html! {
            dl.facts {
                dt { "Sources" }
                dd { ul.plain { @for source in sources { li { (self.links.source(source)) } } } }
                @if !entries.is_empty() {
                    dt { "Covers" }
                    dd { ul.plain { @for (section, entry) in entries {
                        li {
                            a href=(format!("coverage.html#{}", section_anchor(&section.number))) {
                                "§" (section.number)
                            }
                            " " (entry.says)
                        }
                    } } }
                }
                @if !shapes.is_empty() {
                    dt { "Schema" }
                    dd { @for (what, path, _) in shapes {
                        a href=(format!("schemas.html#{}", schemas::anchor(path))) { (path) }
                        " of " code { (what) } " "
                    } }
                }
                @if self.grounds.get(rule.id.as_str()).is_some_and(|grounds| !grounds.is_empty()) {
                    dt { "Depends on" }
                    dd { @for ground in grounds { (self.links.rule(ground)) " " } }
                }
                @if !on_it.is_empty() {
                    dt { "Needed by" }
                    dd { (self.carried(&on_it)) }
                }
            }
        }
    }

    fn carried(&self, rules: &[&str]) -> Markup {
        html! {
            @if rules.len() <= MOST_SHOWN {
                @for id in rules { (self.links.rule(id)) " " }
            } @else {
                details {
                    summary { (rules.len()) " rules" }
                    @for id in rules { (self.links.rule(id)) " " }
                }
            }
        }
    }

    /// How a server may get it wrong, and be noticed.
    fn deviations(&self, rule: &Rule) -> Markup {
        let own = self.material.deviations.iter().filter(|d| d.rule() == rule.id);
        let own: Vec<_> = own.collect();
        html! {
            @if !own.is_empty() {
                details {
                    summary {
                        "Tested by " (own.len())
                        @if own.len() == 1 { " deviation" } @else { " deviations" }
                    }
                    dl {
                        @for deviation in own {
                            dt { code { (deviation.name.split('/').nth(1).unwrap_or_default()) } }
                            dd { (self.links.prose(&deviation.summary)) }
                        }
                    }
                }
            }
        }
    }
}
