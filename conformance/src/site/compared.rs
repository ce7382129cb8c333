//! The difference of two servers.

use maud::html;

use super::matrix::Server;
use super::{File, Site};
use crate::pages::{self, Choice, Filter};
use crate::spec::Rule;
use crate::verdict::Status;

/// Beyond so many servers no pairs are compared: there would be more pages than anybody reads.
pub(super) const MOST_SERVERS: usize = 8;

/// The page of two servers.
pub(super) fn comparison_page(one: &Server, other: &Server) -> String {
    format!("servers-{}-and-{}.html", one.key, other.key)
}

/// What two servers make of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    /// It was not run on one of them, so that nothing can be compared.
    NotRun,
    /// The same.
    Alike,
    /// It holds on the first only.
    One,
    /// It holds on the second only.
    Other,
    /// It holds on neither, in different ways.
    Neither,
}

impl Compared {
    fn of(one: Status, other: Status) -> Self {
        match (one, other) {
            (Status::NotRun, _) | (_, Status::NotRun) => Self::NotRun,
            (one, other) if one == other => Self::Alike,
            (Status::Passed, _) => Self::One,
            (_, Status::Passed) => Self::Other,
            _ => Self::Neither,
        }
    }

    /// As filters name it.
    fn value(self) -> &'static str {
        match self {
            Self::NotRun => "not-run",
            Self::Alike => "alike",
            Self::One => "one",
            Self::Other => "other",
            Self::Neither => "neither",
        }
    }
}

impl Site<'_> {
    pub(super) fn comparisons(&self) -> Vec<File> {
        let servers = &self.material.servers;
        if servers.len() > MOST_SERVERS {
            return Vec::new();
        }
        let pairs = servers
            .iter()
            .enumerate()
            .flat_map(|(n, one)| servers[n + 1..].iter().map(move |other| (one, other)));
        pairs.map(|(one, other)| self.comparison(one, other)).collect()
    }

    fn comparison(&self, one: &Server, other: &Server) -> File {
        let all = &self.material.spec.rules;
        let of = |rule: &Rule| Compared::of(one.status(&rule.id), other.status(&rule.id));
        let count = |compared: Compared| all.iter().filter(|rule| of(rule) == compared).count();
        let left = count(Compared::NotRun);
        let differing: Vec<_> =
            all.iter().filter(|r| !matches!(of(r), Compared::Alike | Compared::NotRun)).collect();
        let choice = |value: &str, label: String| Choice {
            value: value.to_owned(),
            label,
            count: differing.iter().filter(|rule| of(rule).value() == value).count(),
        };
        let choices = vec![
            choice("one", format!("holds on {}", one.name)),
            choice("other", format!("holds on {}", other.name)),
            choice("neither", "holds on neither".to_owned()),
        ];
        let rows = html! {
            thead { tr { th { "Rule" } th { (pages::text(&one.name)) } th { (pages::text(&other.name)) } } }
            tbody { @for rule in &differing {
                tr data-item data-better=(of(rule).value()) {
                    th scope="row" {
                        (self.links.rule(&rule.id)) " " (pages::level(rule.level)) " " span.plain { (rule.title) }
                    }
                    td { (pages::status(one.status(&rule.id))) }
                    td { (pages::status(other.status(&rule.id))) }
                }
            } }
        };
        let title = format!("{} and {}", one.name, other.name);
        let main = html! {
            p.trail { a href="servers.html" { "Servers side by side" } }
            h1 { (pages::text(&title)) }
            p.lead {
                (differing.len()) " of " (all.len() - left) " rules that were run on both come out differently."
                @if left > 0 { " " (left) " others were not run on one of them or on either: nothing is said of those." }
            }
            (self.doubts(&[one, other]))
            (Filter::of("rules", "Filter rules: words, an id").chips("better", "Where it holds", choices).counting("rules").render())
            div.servers #rules { (pages::table(&title, &rows)) }
            p data-none hidden { "No rule matches." }
        };
        let says = format!("In which rules {title} differ.");
        self.page(&comparison_page(one, other), &title, &says, main)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_run_is_no_difference() {
        use Status::{Blocked, Failed, NotApplicable, NotRun, Passed};
        for (one, other, expected) in [
            (NotRun, Passed, Compared::NotRun),
            (Failed, NotRun, Compared::NotRun),
            (NotRun, NotRun, Compared::NotRun),
            (Passed, Passed, Compared::Alike),
            (Passed, Failed, Compared::One),
            (NotApplicable, Passed, Compared::Other),
            (Failed, Blocked, Compared::Neither),
        ] {
            assert_eq!(Compared::of(one, other), expected, "{one:?} {other:?}");
        }
    }
}
