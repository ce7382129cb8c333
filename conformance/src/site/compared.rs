//! The difference of two servers.

use maud::html;

use super::matrix::{Server, shown};
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
        let status = |server: &Server, rule: &Rule| server.rules.get(&rule.id).copied();
        let rules = self.material.spec.rules.iter();
        let differing: Vec<_> =
            rules.filter(|rule| status(one, rule) != status(other, rule)).collect();
        let better = |rule: &Rule| match (status(one, rule), status(other, rule)) {
            (Some(Status::Passed), _) => "one",
            (_, Some(Status::Passed)) => "other",
            _ => "neither",
        };
        let choice = |value: &str, label: String| Choice {
            value: value.to_owned(),
            label,
            count: differing.iter().filter(|rule| better(rule) == value).count(),
        };
        let choices = vec![
            choice("one", format!("holds on {}", one.name)),
            choice("other", format!("holds on {}", other.name)),
            choice("neither", "holds on neither".to_owned()),
        ];
        let rows = html! {
            thead { tr { th { "Rule" } th { (pages::text(&one.name)) } th { (pages::text(&other.name)) } } }
            tbody { @for rule in &differing {
                tr data-item data-better=(better(rule)) {
                    th scope="row" {
                        (self.links.rule(&rule.id)) " " (pages::level(rule.level)) " " span.plain { (rule.title) }
                    }
                    td { (shown(status(one, rule))) }
                    td { (shown(status(other, rule))) }
                }
            } }
        };
        let title = format!("{} and {}", one.name, other.name);
        let main = html! {
            p.trail { a href="servers.html" { "Servers side by side" } }
            h1 { (pages::text(&title)) }
            p.lead { (differing.len()) " of " (self.material.spec.rules.len()) " rules come out differently." }
            (Filter::of("rules", "Words").chips("better", "Where it holds", choices).render())
            div #rules { (pages::table(&title, &rows)) }
            p data-none hidden { "No rule has all of that." }
        };
        let says = format!("In which rules {title} differ.");
        self.page(&comparison_page(one, other), &title, &says, main)
    }
}
