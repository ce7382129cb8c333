//! Where things have their pages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use maud::{Markup, html};
use regex::Regex;

use crate::assets;
use crate::pages::anchor;
use crate::printable::printable;
use crate::spec::{Spec, headings};

/// What becomes a link or code in a sentence: ids of rules and scenarios, and what stands between
/// backquotes.
static MARKS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"LL-[A-Z]+-\d{3}(\.[a-z])?|`[^`]+`").ok());

/// The pages of rules.
#[derive(Debug)]
pub(super) struct Links {
    areas: BTreeMap<String, String>,
}

impl Links {
    pub(super) fn of(spec: &Spec) -> Self {
        let areas = spec.rules.iter().map(|rule| (rule.id.clone(), rule.area.clone()));
        Self { areas: areas.collect() }
    }

    /// The address of a rule, if there is such a rule.
    pub(super) fn href(&self, rule: &str) -> Option<String> {
        let area = self.areas.get(rule)?;
        Some(format!("{}#{}", area_page(area), anchor(rule)))
    }

    /// A link that is the id of a rule.
    pub(super) fn rule(&self, id: &str) -> Markup {
        html! {
            @match self.href(id) {
                Some(href) => a.id href=(href) { (printable(id)) },
                None => span.id { (printable(id)) },
            }
        }
    }

    /// A sentence, with links to the rules that it names, and code.
    pub(super) fn prose(&self, text: &str) -> Markup {
        let mut rest = 0;
        let mut parts = Vec::new();
        for found in MARKS.iter().flat_map(|marks| marks.find_iter(text)) {
            let (before, mark) = (&text[rest..found.start()], found.as_str());
            rest = found.end();
            let marked = match mark.strip_prefix('`').and_then(|mark| mark.strip_suffix('`')) {
                Some(code) => html! { code { (printable(code)) } },
                None => {
                    let rule = mark.split('.').next().unwrap_or_default();
                    let href = self.href(rule);
                    html! { @if let Some(href) = href { a href=(href) { (mark) } } @else { (mark) } }
                }
            };
            parts.push(html! { (printable(before)) (marked) });
        }
        html! { @for part in parts { (part) } (printable(&text[rest..])) }
    }

    /// One of a rule's sources.
    pub(super) fn source(&self, citation: &str) -> Markup {
        if let Some(sections) = citation.strip_prefix("document ") {
            let sections: Vec<_> = sections.split(',').map(str::trim).collect();
            return html! {
                "document "
                @for (n, section) in sections.iter().enumerate() {
                    @if n > 0 { ", " }
                    @match section_href(section.trim_start_matches('§')) {
                        Some(href) => a href=(href) { (section) },
                        None => (section),
                    }
                }
            };
        }
        match doc_href(citation) {
            Some(href) => html! { a href=(href) { (citation.trim_start_matches("docs/")) } },
            None if citation.starts_with("https://") => {
                html! { a href=(citation) rel="noreferrer" { (printable(citation)) } }
            }
            None if citation.starts_with("fixtures/") => html! { code { (printable(citation)) } },
            None => html! { (printable(citation)) },
        }
    }
}

/// The page of an area.
pub(super) fn area_page(area: &str) -> String {
    format!("{}.html", anchor(area))
}

/// The page of a difference.
pub(super) fn difference_page(name: &str) -> String {
    format!("difference-{name}.html")
}

/// The page of an undocumented behaviour, by its section in the document: `5.1`.
pub(super) fn undocumented_page(section: &str) -> String {
    format!("undocumented-{}.html", section.replace('.', "-"))
}

/// The place of a section in the page of the document's coverage. Its parents lead to their first.
pub(super) fn section_href(section: &str) -> Option<String> {
    let known = crate::spec::sections();
    let inside =
        |known: &&String| known.as_str() == section || known.starts_with(&format!("{section}."));
    known.iter().find(inside).map(|first| format!("coverage.html#{}", section_anchor(first)))
}

/// The id of a section there.
pub(super) fn section_anchor(number: &str) -> String {
    let number = number.split(", ").next().unwrap_or_default();
    format!("section-{number}")
}

/// The page of a file of `docs/`, and the place in it: `docs/observed/http.md#bodies`.
pub(super) fn doc_href(path: &str) -> Option<String> {
    let (path, place) = match path.split_once('#') {
        Some((path, place)) => (path, Some(place)),
        None => (path, None),
    };
    let text = assets::doc(path)?;
    let page = doc_page(path);
    // The page of the coverage is made otherwise, and has other places.
    let place = place.filter(|place| {
        page != "coverage.html" && headings::anchors(text).iter().any(|known| known == place)
    });
    Some(place.map(|place| format!("{page}#{place}")).unwrap_or(page))
}

/// The page of a file of `docs/`.
pub(super) fn doc_page(path: &str) -> String {
    let name = path.trim_start_matches("docs/").trim_end_matches(".md");
    match name.strip_prefix("observed/") {
        Some("README") => "observed.html".to_owned(),
        Some(name) => format!("observed-{name}.html"),
        None if name == "coverage" => "coverage.html".to_owned(),
        None => format!("doc-{name}.html"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Source;

    fn links() -> Links {
        Links::of(&Source::embedded().read().unwrap())
    }

    #[test]
    fn a_sentence_has_links_to_the_rules_it_names_and_no_markup_of_its_own() {
        let shown = links().prose("As LL-PLAYER-005 has <b>, `a<b`, LL-NONE-001.").into_string();
        let rule = "<a href=\"player.html#LL-PLAYER-005\">LL-PLAYER-005</a>";
        assert_eq!(shown, format!("As {rule} has &lt;b&gt;, <code>a&lt;b</code>, LL-NONE-001."));
    }

    #[test]
    fn sources_lead_to_their_pages() {
        let source = |citation: &str| links().source(citation).into_string();
        assert!(
            source("docs/observed/http.md#bodies").contains("href=\"observed-http.html#bodies\"")
        );
        let document = source("document §1.7.5, §2.1, §1");
        assert!(document.contains("coverage.html#section-1.7.5"), "{document}");
        assert!(document.contains("coverage.html#section-1.1\">§1<"), "{document}");
        assert_eq!(source("RFC 9110 §15.5.6"), "RFC 9110 §15.5.6");
    }

    #[test]
    fn what_is_not_there_has_no_page() {
        assert_eq!(doc_href("docs/nothing.md"), None);
        let lost = ["docs/observed/http.md", "#nothing"].concat();
        assert_eq!(doc_href(&lost).as_deref(), Some("observed-http.html"));
        assert_eq!(links().href("LL-NONE-001"), None);
    }
}
