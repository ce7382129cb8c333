//! The first page: what there is, and a search over all of it.

use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::links::{area_page, difference_page, doc_page, section_anchor, undocumented_page};
use super::{File, NAME, Site};
use super::{area, diagrams, docs, gherkin, schemas};
use crate::assets;
use crate::spec::{Level, headings};

/// Looks in the list for words, and shows what has them.
const SCRIPT: &str = include_str!("search.js");

impl Site<'_> {
    pub(super) fn index(&self) -> File {
        let spec = &self.material.spec;
        let scenarios: usize = spec.rules.iter().map(|rule| rule.scenarios.len()).sum();
        let main = html! {
            h1 { (NAME) }
            p.lead {
                "What a Lavalink v4 server does, as " (spec.rules.len()) " rules with " (scenarios)
                " scenarios that a program checks. Nobody had written most of it down; all of it was \
                 seen on Lavalink 4.2.2."
            }
            (self.search())
            h2 { "Areas" }
            ul.cards {
                @for name in self.area_names() { li.card { (self.area_card(name)) } }
            }
            h2 { "Diagrams" }
            ul.cards {
                @for diagram in diagrams::ALL {
                    li.card { h3 { a href=(diagram.page) { (diagram.title) } } p { (diagram.says) } }
                }
            }
            h2 { "More" }
            ul.cards { (self.other_cards()) }
            h2 { "Levels" }
            dl.facts {
                dt { (crate::pages::level(Level::Must)) }
                dd { "Documented, or every client breaks without it." }
                dt { (crate::pages::level(Level::Should)) }
                dd { "Documented as expected." }
                dt { (crate::pages::level(Level::Observed)) }
                dd { "Undocumented; what Lavalink 4.2.2 does." }
            }
        };
        let says = "What a Lavalink v4 server does, rule by rule, with what was observed.";
        self.page_with("index.html", NAME, says, main, SCRIPT)
    }

    fn search(&self) -> Markup {
        // Within a script only its end could be mistaken for markup.
        let entries = json!(self.search_entries()).to_string().replace('<', "\\u003c");
        html! {
            form.search.needs-script role="search" {
                label {
                    "Search everything"
                    input #search type="search" name="q" autocomplete="off" spellcheck="false"
                        placeholder="noReplace, resume timeout, LL-PLAYER-021 …";
                }
                output for="search" aria-live="polite" {}
                ol.found #found {}
            }
            script #search-entries type="application/json" { (PreEscaped(entries)) }
        }
    }

    /// What can be found: what it is, its name, where it is, other words that lead to it.
    fn search_entries(&self) -> Vec<Value> {
        let mut entries = Vec::new();
        let mut add = |kind: &str, name: &str, href: String, words: &str| {
            entries.push(json!([kind, name, href, words]));
        };
        for rule in &self.material.spec.rules {
            let text = self.material.source.text(&rule.file).unwrap_or_default();
            let mut words = vec![gherkin::head(text).title];
            words.extend(area::why(rule));
            for scenario in rule.scenarios.iter().filter(|scenario| !scenario.title.is_empty()) {
                if words.last() != Some(&scenario.title) {
                    words.push(scenario.title.clone());
                }
            }
            let words = words.join(" · ");
            let href = self.links.href(&rule.id).unwrap_or_default();
            add("rule", &format!("{} {}", rule.id, rule.title), href, &words);
        }
        for diagram in diagrams::ALL {
            add("diagram", diagram.title, diagram.page.to_owned(), diagram.says);
        }
        for difference in &self.coverage.differences {
            let words = format!("{} {}", difference.document, difference.server);
            add("difference", &difference.title, difference_page(&difference.name), &words);
        }
        for section in &self.coverage.sections {
            let words: Vec<_> = section.entries.iter().map(|entry| entry.says.as_str()).collect();
            let words = words.join(" · ");
            if section.number.starts_with("5.") {
                let page = undocumented_page(&section.number);
                add("undocumented", &section.title, page, &words);
            }
            let href = format!("coverage.html#{}", section_anchor(&section.number));
            add("document", &format!("§{} {}", section.number, section.title), href, &words);
        }
        for (path, text) in docs::shown() {
            let titles = text.lines().filter(|line| line.starts_with('#'));
            for (title, anchor) in titles.zip(headings::anchors(text)) {
                let title = title.trim_start_matches('#').trim();
                add("page", title, format!("{}#{anchor}", doc_page(path)), path);
            }
        }
        for (path, _) in assets::SCHEMAS {
            add("schema", path, format!("schemas.html#{}", schemas::anchor(path)), "");
        }
        entries
    }

    fn area_card(&self, name: &str) -> Markup {
        let rules = self.material.spec.rules.iter().filter(|rule| rule.area == name);
        let count = |level: Level| rules.clone().filter(|rule| rule.level == level).count();
        html! {
            h3 { a href=(area_page(name)) { (name) } }
            p { (area::about(name)) }
            p.row.small.dim {
                @for level in Level::ALL {
                    @let count = count(level);
                    @if count > 0 { span { (count) " " (level.name()) } }
                }
            }
        }
    }

    fn other_cards(&self) -> Markup {
        let coverage = &self.coverage;
        let entries = coverage.entries().count();
        html! {
            li.card {
                h3 { a href="undocumented.html" { "Undocumented behaviour" } }
                p { "Twelve things that a server does and no documentation tells." }
            }
            li.card {
                h3 { a href="differences.html" { "Where the document is wrong" } }
                p { (coverage.differences.len()) " places where a description of Lavalink's internals and the real server differ." }
            }
            li.card {
                h3 { a href="coverage.html" { "Coverage of the document" } }
                p { (entries) " claims, rows and boxes of that description, and the rules that cover them." }
            }
            li.card {
                h3 { a href="observed.html" { "What was observed" } }
                p { "What Lavalink 4.2.2 did when it was asked, and how often." }
            }
            li.card {
                h3 { a href="schemas.html" { "Schemas" } }
                p { "Every answer and every message, field by field." }
            }
            @if !self.material.servers.is_empty() {
                li.card {
                    h3 { a href="servers.html" { "Servers side by side" } }
                    p { (self.material.servers.len()) " servers, and which rules hold on each." }
                }
            }
            @if let Some(kills) = &self.material.kills {
                li.card {
                    h3 { a href="kill-matrix.html" { "Kill matrix" } }
                    p { (kills.deviations.len()) " deviations, which break a rule on purpose, and the scenarios that notice each." }
                }
            }
        }
    }

    /// Areas in the order of the spec.
    pub(super) fn area_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for rule in &self.material.spec.rules {
            if !names.contains(&rule.area.as_str()) {
                names.push(&rule.area);
            }
        }
        names
    }
}
