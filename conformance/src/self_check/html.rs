//! The kill matrix as a page that needs nothing else.

use maud::{Markup, html};

use super::{Entry, Matrix};
use crate::pages::{Link, Page, table, text};

/// The page.
pub fn render(matrix: &Matrix) -> String {
    let main = html! {
        h1 { "Kill matrix" }
        p.lead {
            "Each deviation breaks one rule on purpose. It is caught if a scenario of that rule \
             fails on an assertion. " (matrix.entries.len()) " deviations: "
            (matrix.count("caught")) " caught, " (matrix.count("SURVIVED")) " survived, "
            (matrix.count("UNREACHED")) " unreached, " (matrix.count("BROKEN")) " broken, "
            (matrix.count("n/a")) " not applicable."
        }
        (table("Deviations", &html! {
            tr { th { "Deviation" } th { "What goes wrong" } th { "Outcome" } th { "Caught by" } }
            @for entry in &matrix.entries { (row(entry)) }
        }))
        @if !matrix.idle.is_empty() {
            h2 { "Scenarios that noticed nothing" }
            ul { @for id in &matrix.idle { li { code { (text(id)) } } } }
        }
    };
    Page {
        title: "Kill matrix",
        description: "Deliberate breaks of the reference server, and the scenarios that notice each.",
        brand: Link::to("Lavalink v4 conformance", "#main"),
        nav: Vec::new(),
        main,
        foot: html! {},
        style: "",
        script: "",
    }
    .render()
}

fn row(entry: &Entry) -> Markup {
    let fate = entry.fate.name().to_lowercase();
    let by = entry.fate.reason().map_or_else(|| entry.caught_by.join(" "), str::to_owned);
    html! {
        tr {
            td { code { (text(&entry.deviation.name)) } }
            td { (text(&entry.deviation.summary)) }
            td { span class={ "status " (fate) } { (fate) } }
            td { code { (text(&by)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Fate;
    use super::*;
    use crate::target::Deviation;

    #[test]
    fn texts_are_escaped_and_every_deviation_has_a_row() {
        let deviation = |name: &str| Deviation { name: name.into(), summary: "a < b".into() };
        let entry = |name, fate| Entry::without_run(deviation(name), fate);
        let entries = vec![
            entry("LL-A-001/x", Fate::Caught),
            entry("LL-A-002/y", Fate::Broken("<why>".into())),
        ];
        let page = render(&Matrix { entries, idle: vec!["LL-A-001.b".into()], is_whole: true });
        assert_eq!(page.matches("<tr><td>").count(), 2);
        assert!(page.contains("a &lt; b") && page.contains("&lt;why&gt;"), "{page}");
        assert!(page.contains("LL-A-001.b") && !page.contains("<why>"));
    }
}
