//! What to fix first.

use maud::{Markup, html};

use super::super::words::{heading, place, plural, weight};
use super::super::{Cause, ScenarioResult};
use super::head::upper;
use super::{Report, size};
use crate::pages::{level, text};

/// How many causes stand there without being asked for.
const FIRST: usize = 10;

/// How many rules a cause names.
const MOST_RULES: usize = 60;

/// The causes in their order, those that matter least folded; then the shapes, which spoil what
/// clients read and hold up next to nothing of the run.
pub(super) fn section(report: &Report<'_>) -> Markup {
    let (known, new): (Vec<_>, Vec<_>) = report.causes.iter().partition(|cause| cause.is_known());
    let (shapes, mut causes): (Vec<_>, Vec<_>) =
        new.into_iter().partition(|cause| cause.seen > 0 && cause.holds_up() <= 1);
    let shapes = if causes.is_empty() {
        causes = shapes;
        Vec::new()
    } else {
        shapes
    };
    let most = causes.iter().map(|cause| cause.holds_up()).max().unwrap_or(1).max(1);
    let list = |causes: &[&Cause], from: usize| {
        html! {
            ol.causes start=(from + 1) {
                @for (at, cause) in causes.iter().enumerate() {
                    li { (self::cause(report, cause, from + at + 1, most)) }
                }
            }
        }
    };
    let told = causes.len().min(report.detail.causes());
    let (first, later) = causes[..told].split_at(told.min(FIRST));
    html! {
        section aria-labelledby="causes" {
            h2 #causes { "What to fix first" }
            @if causes.is_empty() {
                p { "Nothing that could be judged differs." }
            } @else {
                p.dim { (upper_after_colon(&heading(&causes))) }
                (list(first, 0))
            }
            @if !later.is_empty() {
                details {
                    summary { (plural(later.len(), "smaller cause", "smaller causes")) }
                    (list(later, first.len()))
                    @if told < causes.len() { p { "and " (causes.len() - told) " more" } }
                }
            }
            @if causes.iter().any(|cause| needs_session(cause)) {
                p.small.dim { "The lines of curl work in:" }
                (report.command(&report.run.shell()))
            }
            @if !shapes.is_empty() {
                details {
                    summary {
                        (plural(shapes.len(), "kind of answer or message", "kinds of answers and messages"))
                        " not as they have to be"
                    }
                    (list(&shapes, causes.len()))
                }
            }
            @if !known.is_empty() {
                details {
                    summary { (plural(known.len(), "known cause", "known causes")) ", which the baseline has" }
                    (list(&known, causes.len() + shapes.len()))
                }
            }
        }
    }
}

fn cause(report: &Report<'_>, cause: &Cause, number: usize, most: usize) -> Markup {
    let example = report.run.scenarios.iter().find(|scenario| scenario.id == cause.example);
    let outcome = example.and_then(ScenarioResult::telling).filter(|_| cause.seen == 0);
    let own = outcome.map(|outcome| outcome.difference.as_slice()).unwrap_or_default();
    let own = if own.is_empty() { cause.difference.as_slice() } else { own };
    // A rule that was not asked for has no title here.
    let title = Some(cause.rule_title.as_str()).filter(|title| !title.is_empty());
    let title = title.unwrap_or("A rule that was not asked for does not hold");
    let endpoint = cause.endpoint.as_ref().filter(|e| !cause.headline.contains(e.as_str()));
    let (new, all) = (cause.holds_up(), cause.holds_up().max(1));
    html! {
        details.cause id=(format!("cause-{number}")) {
            summary {
                span.what {
                    (text(&size::cut(title, report.detail.title()))) " "
                    span.which { (level(cause.level)) " " span.id { (text(&cause.rule)) } }
                }
                code.seen {
                    @if let Some(endpoint) = endpoint { (text(&size::cut(endpoint, 120))) ": " }
                    (text(&size::cut(&cause.headline, 240)))
                    @if let Some(line) = &cause.difference { "; " (report.difference_line(line)) }
                }
                span.weight title="scenarios that failed of it or could not be judged" {
                    b { (new) } span.hush { " scenarios" }
                    i style=(format!("width:{}%", (all * 100).div_ceil(most).min(100))) {}
                }
            }
            div.body {
                p { (text(&weight(cause))) }
                (report.difference(own.iter().map(String::as_str)))
                @if let Some(example) = example {
                    p.small.dim { (text(&size::cut(&place(example), 400))) }
                    p {
                        "Example: " (report.link(&example.id)) ", "
                        (text(&size::cut(&example.title, report.detail.title())))
                    }
                }
                (report.command(&report.run.alone(&cause.example)))
                @if let Some(line) = cause.curl() { (report.command(line)) }
                @if let Some(beyond) = cause.beyond { p.small.dim { (upper(beyond.in_words())) "." } }
                @if cause.rules.len() > 1 {
                    p.small {
                        "Rules: "
                        @for rule in cause.rules.iter().take(MOST_RULES) {
                            (report.link(rule)) " "
                        }
                        @if cause.rules.len() > MOST_RULES {
                            span.dim { "and " (cause.rules.len() - MOST_RULES) " more" }
                        }
                    }
                }
            }
        }
    }
}

fn needs_session(cause: &Cause) -> bool {
    let line = cause.curl().unwrap_or_default();
    line.replace("${LAVALINK_PASSWORD}", "").contains("${")
}

/// What comes after the words that stand in the heading already.
fn upper_after_colon(line: &str) -> String {
    line.split_once(": ").map_or(line, |(_, rest)| rest).to_owned()
}
