//! A page for each area, with all its rules.

use maud::{Markup, html};

use super::links::area_page;
use super::{File, Site, gherkin};
use crate::pages::{Choice, Filter};
use crate::spec::{Level, Rule};

/// What areas are about.
const ABOUT: &[(&str, &str)] = &[
    (
        "filters",
        "The ten audio filters: how they are set, shown, refused, and what they do to sound.",
    ),
    (
        "http",
        "Answers and errors whatever the endpoint: passwords, bodies, methods, media types, paths.",
    ),
    ("playback", "What is heard and told while a track plays in a voice channel."),
    ("player", "Players over REST: creation, fields, tracks, noReplace, events and playerUpdates."),
    ("prerequisite", "What nearly everything else stands on. These rules are checked first."),
    (
        "routeplanner",
        "Rotating addresses: strategies, failing addresses, retries and the endpoints.",
    ),
    ("session", "Updating, losing and resuming sessions."),
    ("shape", "The shape of every answer and every message, a rule each."),
    ("stats", "Statistics, frame statistics and metrics for Prometheus."),
    ("tracks", "Loading, encoding and decoding tracks, and the files that they are."),
    ("voice", "The voice gateway and voice servers, as the server meets them."),
    ("websocket", "The handshake, the first messages, and what clients may send."),
];

/// What an area is about, in a sentence.
pub(super) fn about(area: &str) -> &str {
    ABOUT.iter().find(|(name, _)| *name == area).map_or("", |(_, about)| about)
}

/// Why a client cares for a rule: the paragraphs of its description without its sources.
pub(super) fn why(rule: &Rule) -> Vec<String> {
    let lines = rule.description.lines().map(str::trim);
    let lines: Vec<_> = lines.filter(|line| !line.starts_with("Sources:")).collect();
    let paragraphs = lines.split(|line| line.is_empty()).map(|lines| lines.join(" "));
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect()
}

impl Site<'_> {
    pub(super) fn areas(&self) -> Vec<File> {
        self.area_names().into_iter().map(|area| self.area(area)).collect()
    }

    fn area(&self, area: &str) -> File {
        let rules: Vec<_> = self.material.spec.rules.iter().filter(|r| r.area == area).collect();
        let levels = Level::ALL.map(|level| Choice {
            value: level.name().to_owned(),
            label: level.name().to_owned(),
            count: rules.iter().filter(|rule| rule.level == level).count(),
        });
        let levels = levels.into_iter().filter(|choice| choice.count > 0).collect();
        let files = rules.chunk_by(|a, b| a.file == b.file);
        let main = html! {
            p.trail { a href="index.html" { "All areas" } }
            h1 { (area) }
            p.lead { (about(area)) }
            (Filter::of("rules", "Filter these rules: words, an id").chips("level", "Level", levels).counting("rules").render())
            div #rules {
                @for rules in files {
                    section data-group {
                        (self.feature_head(&rules[0].file))
                        @for rule in rules { (self.rule_article(rule)) }
                    }
                }
            }
            p data-none hidden { "No rule matches." }
        };
        let description = format!("Rules of the area {area}: {}", about(area));
        self.page(&area_page(area), area, &description, main)
    }

    /// Title, description and background of a feature.
    fn feature_head(&self, file: &str) -> Markup {
        let text = self.material.source.text(file).unwrap_or_default();
        let head = gherkin::head(text);
        html! {
            h2 { (head.title) }
            @if !head.description.is_empty() { p { (self.links.prose(&head.description)) } }
            @for part in &head.parts { (gherkin::part(part)) }
        }
    }
}
