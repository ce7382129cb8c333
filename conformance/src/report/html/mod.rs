//! A run as a page that people read, search and link to: the verdict and what to fix first, then
//! areas and levels, then every rule.

mod causes;
mod head;
mod rules;
mod size;
mod table;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use maud::{Markup, html};

use super::words::{conclusion, plural};
use super::{Cause, Run};
use crate::pages::{Link, Page, anchor, command, href, text};
use crate::verdict::Verdict;
use size::Detail;

/// How the parts look that only this page has.
const STYLE: &str = include_str!("report.css");

/// Writes the page; a reader finds all of it or none.
///
/// # Errors
/// If the file cannot be written.
pub fn write(path: &Path, run: &Run, causes: &[Cause], verdict: Verdict) -> io::Result<()> {
    super::replace_file(path, render(run, causes, verdict).as_bytes())
}

/// The page, below [`size::MOST`] bytes: long texts are cut, and what crossed the wire is shown as
/// far as there is room, that of the first causes first.
fn render(run: &Run, causes: &[Cause], verdict: Verdict) -> String {
    let mut report = Report::of(run, causes, verdict);
    for detail in Detail::ALL {
        report.detail = detail;
        if report.page().len() <= size::WITHOUT_WIRE {
            break;
        }
    }
    let room = size::MOST.saturating_sub(report.page().len());
    report.wires = wire::all(run, causes, room);
    report.page()
}

/// A run on its way to a page.
struct Report<'a> {
    run: &'a Run,
    causes: &'a [Cause],
    verdict: Verdict,
    /// How much is told of each scenario.
    detail: Detail,
    /// The rules and scenarios that have a place in the page.
    places: BTreeSet<&'a str>,
    /// By scenario: what crossed the wire.
    wires: BTreeMap<&'a str, Markup>,
}

impl<'a> Report<'a> {
    fn of(run: &'a Run, causes: &'a [Cause], verdict: Verdict) -> Self {
        let scenarios = run.scenarios.iter().flat_map(|s| [s.id.as_str(), s.rule.as_str()]);
        let findings = run.findings.iter().map(|finding| finding.rule.as_str());
        let places = scenarios.chain(findings).collect();
        Self { run, causes, verdict, detail: Detail::Full, places, wires: BTreeMap::new() }
    }

    fn page(&self) -> String {
        let name = self.name();
        let title = format!("{name}: {}", self.in_short());
        let description = conclusion(self.run, self.verdict, self.run.asked.strict);
        let nav = vec![
            Link::to("What to fix first", "#causes"),
            Link::to("Areas", "#areas"),
            Link::to("Rules", "#rules"),
            Link::to("This run", "#run"),
        ];
        let main = html! {
            (head::verdict(self))
            (causes::section(self))
            (table::section(self.run))
            (rules::section(self))
            (head::about(self))
        };
        let foot = html! {
            p {
                "Made by " (env!("CARGO_PKG_NAME")) " " (env!("CARGO_PKG_VERSION")) ", "
                "from " (plural(self.run.scenarios.len(), "scenario", "scenarios")) " of suite "
                code { (text(&self.run.suite)) } ". Passwords and tokens are masked."
            }
        };
        Page {
            title: &title,
            description: &description,
            brand: Link::to("Lavalink v4 conformance", "#main"),
            nav,
            main,
            foot,
            style: STYLE,
            script: "",
        }
        .render()
    }

    /// What people call the target.
    fn name(&self) -> &'a str {
        match self.run.target_name.as_str() {
            "" => "the target",
            name => name,
        }
    }

    fn in_short(&self) -> &'static str {
        match self.verdict {
            Verdict::Conformant => "conformant",
            Verdict::NotConformant => "not conformant",
            Verdict::StaleBaseline => "the baseline is stale",
            Verdict::Usage => "the baseline cannot be used",
            Verdict::NotEstablished => "not established",
        }
    }

    /// A rule or a scenario by its id; a link if it is in the page.
    fn link(&self, id: &str) -> Markup {
        match self.places.contains(id) {
            true => html! { a href=(href(id)) { (text(id)) } },
            false => html! { code { (text(&size::cut(id, 200))) } },
        }
    }

    /// A line for a shell, unless it is longer than there is room for.
    fn command(&self, line: &str) -> Markup {
        match line.len() <= self.detail.command() {
            true => command(line),
            false => html! {},
        }
    }

    /// Lines of a difference, the JSON path of each by itself.
    fn difference<'b>(&self, lines: impl ExactSizeIterator<Item = &'b str>) -> Markup {
        let (count, shown) = (lines.len(), self.detail.lines());
        html! {
            @if count > 0 {
                ul.diff {
                    @for line in lines.take(shown) { li { (self.difference_line(line)) } }
                    @if count > shown { li.dim { "and " (count - shown) " more" } }
                }
            }
        }
    }

    fn difference_line(&self, line: &str) -> Markup {
        let line = size::cut(line, self.detail.line());
        match line.split_once(": ").filter(|(path, _)| is_path(path)) {
            Some((path, what)) => html! { b { (text(path)) } " " (text(what)) },
            None => text(&line),
        }
    }
}

/// Whether it says where something is: a JSON pointer, a header, `status`.
fn is_path(text: &str) -> bool {
    text.starts_with('/') || (!text.is_empty() && !text.contains([' ', '{', '[', '"']))
}

/// A word as a value of a filter or a class: an area, whoever has named it.
fn value(word: &str) -> String {
    anchor(word)
}
