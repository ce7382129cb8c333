//! Diagrams of states and of ways between them, drawn as SVG. Each label of an arrow is a link to the
//! rule that holds it; a list below says the same in words.

use std::fmt::Write;

use maud::{Markup, html};

use super::{File, Site};

/// A picture with a page of its own.
#[derive(Debug)]
pub(super) struct Diagram {
    /// Its page.
    pub(super) page: &'static str,
    pub(super) title: &'static str,
    /// What it shows, in a sentence.
    pub(super) says: &'static str,
    /// What there is to know besides.
    pub(super) notes: &'static [&'static str],
    /// In units of its own.
    pub(super) size: (i32, i32),
    pub(super) nodes: &'static [Node],
    pub(super) arrows: &'static [Arrow],
}

/// A state.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: &'static str,
    /// Below its name.
    pub(super) about: &'static str,
    /// Its middle.
    pub(super) at: (i32, i32),
    /// Rules of the state itself; its name is a link to the first.
    pub(super) rules: &'static [&'static str],
}

/// A way from one state to another, or to itself.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    /// Where it begins, where it bends (a quadratic curve) and where it ends.
    pub(super) way: [(i32, i32); 3],
    /// The middle of its first label; the others stand below.
    pub(super) label: (i32, i32),
    /// What leads there, and the rule that holds it.
    pub(super) labels: &'static [(&'static str, &'static str)],
}

/// Half of a state's width and height.
const HALF: (i32, i32) = (80, 29);

/// From one label to the next.
const LINE: i32 = 19;

impl Site<'_> {
    pub(super) fn diagram_page(&self, diagram: &Diagram) -> File {
        let main = html! {
            p.trail { a href="index.html" { "Diagrams" } }
            h1 { (diagram.title) }
            p.lead { (diagram.says) " Each label is a link to the rule that requires it." }
            div.table.picture role="region" aria-label=(diagram.title) tabindex="0" { (self.drawn(diagram)) }
            @for note in diagram.notes { p { (self.links.prose(note)) } }
            h2 { "As a table" }
            (crate::pages::table(diagram.title, &self.words(diagram)))
        };
        self.page(diagram.page, diagram.title, diagram.says, main)
    }

    fn drawn(&self, diagram: &Diagram) -> Markup {
        let (width, height) = diagram.size;
        html! {
            svg.diagram viewBox=(format!("0 0 {width} {height}")) role="group"
                aria-label=(format!("{}. {}", diagram.title, diagram.says)) {
                defs {
                    marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"
                        markerHeight="7" orient="auto-start-reverse" {
                        path d="M 0 0 L 10 5 L 0 10 z" {}
                    }
                }
                @for arrow in diagram.arrows { path.arrow d=(way(arrow)) marker-end="url(#head)" {} }
                @for node in diagram.nodes { (self.node(node)) }
                @for arrow in diagram.arrows { (self.labels(arrow)) }
            }
        }
    }

    fn node(&self, node: &Node) -> Markup {
        let (x, y) = node.at;
        let href = node.rules.first().and_then(|rule| self.links.href(rule));
        let name = html! { text.name x=(x) y=(if node.about.is_empty() { y + 5 } else { y - 3 }) { (node.name) } };
        html! {
            rect.node x=(x - HALF.0) y=(y - HALF.1) width=(HALF.0 * 2) height=(HALF.1 * 2) rx="10" {}
            @match href {
                Some(href) => a href=(href) aria-label=(format!("{}: {}", node.name, node.rules[0])) { (name) },
                None => (name),
            }
            text.about x=(x) y=(y + 15) { (node.about) }
        }
    }

    fn labels(&self, arrow: &Arrow) -> Markup {
        let (x, y) = arrow.label;
        html! {
            @for ((label, rule), line) in arrow.labels.iter().zip(0..) {
                @let y = y + line * LINE;
                @let said = format!("{} to {}: {label}, {rule}", arrow.from, arrow.to);
                @match self.links.href(rule) {
                    Some(href) => a href=(href) aria-label=(said) { text.label x=(x) y=(y) { (label) } },
                    None => text.label x=(x) y=(y) { (label) },
                }
            }
        }
    }

    fn words(&self, diagram: &Diagram) -> Markup {
        html! {
            thead { tr { th { "From" } th { "To" } th { "By" } th { "Rule" } } }
            tbody {
                @for node in diagram.nodes.iter().filter(|node| !node.rules.is_empty()) {
                    tr {
                        td { (node.name) }
                        td {}
                        td { (node.about) }
                        td { @for rule in node.rules { (self.links.rule(rule)) " " } }
                    }
                }
                @for arrow in diagram.arrows {
                    @for (label, rule) in arrow.labels {
                        tr {
                            td { (arrow.from) }
                            td { (arrow.to) }
                            td { (label) }
                            td { (self.links.rule(rule)) " " @if let Some(rule) = self.rule(rule) { (rule.title) } }
                        }
                    }
                }
            }
        }
    }
}

fn way(arrow: &Arrow) -> String {
    let [(x1, y1), (x2, y2), (x3, y3)] = arrow.way;
    let mut way = String::new();
    // Writing to a String cannot fail.
    let _ = match arrow.from == arrow.to {
        // A loop has one bend for each of its ends.
        true => write!(way, "M{x1} {y1}C{x1} {y2} {x3} {y2} {x3} {y3}"),
        false => write!(way, "M{x1} {y1}Q{x2} {y2} {x3} {y3}"),
    };
    way
}
