//! Servers side by side: which rules hold on each.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use maud::{Markup, html};

use super::compared::{MOST_SERVERS, comparison_page};
use super::links::area_page;
use super::{File, Site};
use crate::moment::Moment;
use crate::pages::{self, Choice, Filter};
use crate::report::{Held, Partial, ReadError, Run, Share, badge_svg, read_any_json};
use crate::spec::Level;
use crate::verdict::{Status, Verdict};

/// What a filter leaves is not to be folded.
const UNFOLD: &str = r#"
const chooser = document.querySelector("form[data-filter]");
function unfold() {
  if (![...new FormData(chooser).values()].some((value) => value.trim())) return;
  for (const area of document.querySelectorAll("details[data-group]")) area.open = true;
}
chooser.addEventListener("input", unfold);
addEventListener("hashchange", unfold);
unfold();
"#;

/// A server that was checked.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// What people call it.
    pub(super) name: String,
    /// Names it in addresses.
    pub(super) key: String,
    /// What it said of its version.
    version: String,
    /// When its run began, and how long it took; of older reports when the file was written.
    when: String,
    /// The suite that it was checked with.
    pub(super) suite: String,
    /// What its run was about, if not everything.
    pub(super) partial: Option<Partial>,
    /// How much of what was asked could be judged, in percent.
    judged: usize,
    /// Its badge.
    badge: String,
    /// By rule.
    pub(super) rules: BTreeMap<String, Status>,
    /// How many scenarios ended how, in the order of `Status::ALL`.
    counts: [usize; 6],
}

impl Server {
    /// From JSON reports of runs. Those of one name get numbers.
    ///
    /// # Errors
    /// One cannot be used.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Self>, ReadError> {
        let mut servers: Vec<Self> = Vec::new();
        for path in paths {
            let mut server = Self::of(&read_any_json(path)?, path);
            let same = servers.iter().filter(|other| other.key == server.key).count();
            if same > 0 {
                server.key = format!("{}-{}", server.key, servers.len() + 1);
                server.name = format!("{} ({})", server.name, path.display());
            }
            servers.push(server);
        }
        Ok(servers)
    }

    pub(super) fn of(run: &Run, path: &Path) -> Self {
        let verdict = Verdict::of(run, run.asked.strict);
        let rules = run.rules().into_iter().map(|(_, _, id, status)| (id.to_owned(), status));
        let name = if run.target_name.is_empty() { &run.target } else { &run.target_name };
        Self {
            name: name.clone(),
            key: key(name),
            version: run.target_version.clone(),
            when: when(run, path),
            suite: run.suite.clone(),
            partial: Partial::of(run),
            judged: Share::of(run).percent(),
            badge: badge_svg(run, verdict),
            rules: rules.collect(),
            counts: Status::ALL.map(|status| run.count(status)),
        }
    }

    /// How a rule did; one that the report does not have was not run.
    pub(super) fn status(&self, rule: &str) -> Status {
        self.rules.get(rule).copied().unwrap_or(Status::NotRun)
    }

    /// How many of these rules hold, of those that were tried.
    fn held(&self, rules: &[&str]) -> Held {
        let mut held = Held::default();
        rules.iter().for_each(|rule| held.add(self.status(rule)));
        held
    }

    /// How many of these rules were not run.
    fn not_run(&self, rules: &[&str]) -> usize {
        rules.iter().filter(|rule| self.status(rule) == Status::NotRun).count()
    }
}

/// When a run was.
fn when(run: &Run, path: &Path) -> String {
    if let Some(began) = run.began {
        let (minutes, seconds) = (run.duration.as_secs() / 60, run.duration.as_secs() % 60);
        return format!("{began}, {minutes} min {seconds} s");
    }
    let modified = path.metadata().and_then(|metadata| metadata.modified()).ok();
    let written = modified.map(|time| format!("report written {}", Moment::of(time).date()));
    written.unwrap_or_else(|| "no date".to_owned())
}

/// A name as a part of addresses.
fn key(name: &str) -> String {
    let kept =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let kept: String = kept.collect();
    let parts = kept.split('-').filter(|part| !part.is_empty());
    let key: String = parts.collect::<Vec<_>>().join("-").chars().take(60).collect();
    if key.is_empty() { "server".to_owned() } else { key }
}

/// The file of a server's badge.
fn badge_file(server: &Server) -> String {
    format!("badge-{}.svg", server.key)
}

impl Site<'_> {
    pub(super) fn matrix(&self) -> Vec<File> {
        let servers = &self.material.servers;
        if servers.is_empty() {
            return Vec::new();
        }
        let mut files = vec![self.servers_page()];
        files.extend(self.comparisons());
        files.extend(
            servers
                .iter()
                .map(|server| File { name: badge_file(server), content: server.badge.clone() }),
        );
        files
    }

    /// How the servers did with a rule, for its article.
    pub(super) fn statuses(&self, rule: &str) -> Markup {
        let servers = &self.material.servers;
        let mut held = Held::default();
        servers.iter().for_each(|server| held.add(server.status(rule)));
        html! {
            @if !servers.is_empty() {
                a href=(format!("servers.html#{rule}")) {
                    @match held {
                        Held { of: 0, .. } => "tried on no server",
                        Held { held, of } => {
                            "holds on " (held) " of " (of) " servers"
                            @if of < servers.len() { " that were tried" }
                        }
                    }
                }
            }
        }
    }

    /// What makes servers hard to compare: runs of a part, and suites that ask for other things.
    pub(super) fn doubts(&self, servers: &[&Server]) -> Markup {
        let own = self.material.source.digest();
        let mut suites: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for server in servers {
            suites.entry(&server.suite).or_default().push(&server.name);
        }
        let several = suites.len() > 1;
        suites.remove(own.as_str());
        let partial: Vec<_> =
            servers.iter().filter_map(|s| Some((s, s.partial.as_ref()?))).collect();
        html! {
            @if several || !suites.is_empty() || !partial.is_empty() {
                ul.note.bad.doubts role="alert" {
                    @if several {
                        li { "These results are of different suites, whose rules and scenarios need not be the same." }
                    }
                    @for (suite, names) in &suites {
                        li {
                            "Checked with suite " code { (pages::text(suite)) } ", while these pages are of suite "
                            code { (own) } ": " (pages::text(&names.join(", "))) "."
                        }
                    }
                    @for (server, partial) in partial {
                        li { "Partial run: " (pages::text(&server.name)) " (" (pages::text(&partial.to_string())) ")." }
                    }
                }
            }
        }
    }

    fn servers_page(&self) -> File {
        let servers = &self.material.servers;
        let levels = Level::ALL.map(|level| Choice {
            value: level.name().to_owned(),
            label: level.name().to_owned(),
            count: self.material.spec.rules.iter().filter(|rule| rule.level == level).count(),
        });
        let main = html! {
            h1 { "Servers side by side" }
            p.lead { "Which rules hold on each server. A rule is as bad as the worst of its scenarios." }
            (self.doubts(&servers.iter().collect::<Vec<_>>()))
            h2 { "Servers, and how their scenarios ended" }
            div.servers { (pages::table("Servers, and how their scenarios ended", &self.servers_table())) }
            @if (2..=MOST_SERVERS).contains(&servers.len()) {
                h2 { "Compare two" }
                ul.columns {
                    @for (n, one) in servers.iter().enumerate() {
                        @for other in &servers[n + 1..] {
                            li { a href=(comparison_page(one, other)) { (pages::text(&one.name)) " and " (pages::text(&other.name)) } }
                        }
                    }
                }
            }
            h2 { "Rules held, of those that were tried" }
            div.servers { (pages::table("Rules held, by area", &self.areas_table())) }
            h2 { "Rule by rule" }
            (Filter::of("rules", "Filter rules: words, an id").chips("level", "Level", levels.to_vec()).counting("rules").render())
            div #rules { @for area in self.area_names() { (self.area_matrix(area)) } }
            p data-none hidden { "No rule matches." }
        };
        let says = "Which rules of the Lavalink v4 protocol hold on which server.";
        self.page_with("servers.html", "Servers side by side", says, main, UNFOLD)
    }

    fn servers_table(&self) -> Markup {
        html! {
            thead { tr {
                th { "Server" }
                @for status in Status::ALL { th.number { (status.name()) } }
                th.number { "judged" }
            } }
            tbody { @for server in &self.material.servers { tr {
                th scope="row" {
                    (pages::text(&server.name))
                    @if !server.version.is_empty() { span.aside { "version " (pages::text(&server.version)) } }
                    span.aside { (pages::text(&server.when)) }
                    span.aside { "suite " code { (pages::text(&server.suite)) } }
                    a.badge href=(badge_file(server)) { (maud::PreEscaped(&server.badge)) }
                }
                @for count in server.counts { td.number { (count) } }
                td.number { (server.judged) " %" }
            } } }
        }
    }

    fn areas_table(&self) -> Markup {
        let servers = &self.material.servers;
        html! {
            thead { tr {
                th { "Area" }
                @for server in servers { th.number { (pages::text(&server.name)) } }
            } }
            tbody { @for area in self.area_names() {
                @let rules: Vec<_> = self.material.spec.rules.iter().filter(|r| r.area == area).collect();
                @let ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
                tr {
                    th scope="row" { a href=(format!("#area-{area}")) { (area) } }
                    @for server in servers {
                        td.number { (tried(server.held(&ids), server.not_run(&ids))) }
                    }
                }
            } }
        }
    }

    fn area_matrix(&self, area: &str) -> Markup {
        let servers = &self.material.servers;
        let rules: Vec<_> = self.material.spec.rules.iter().filter(|r| r.area == area).collect();
        let rows = html! {
            thead { tr {
                th { "Rule" }
                @for server in servers { th { (pages::text(&server.name)) } }
            } }
            tbody { @for rule in &rules {
                tr id=(pages::anchor(&rule.id)) data-item data-level=(rule.level.name()) {
                    th scope="row" { (self.links.rule(&rule.id)) " " span.plain { (rule.title) } }
                    @for server in servers { td { (pages::status(server.status(&rule.id))) } }
                }
            } }
        };
        html! {
            details data-group id=(format!("area-{area}")) {
                summary { b { (area) } " " span.dim { (rules.len()) " rules" } }
                p.small { a href=(area_page(area)) { "What these rules ask for" } }
                div.servers { (pages::table(area, &rows)) }
            }
        }
    }
}

/// How many rules of an area hold, of those that were tried.
fn tried(Held { held, of }: Held, not_run: usize) -> Markup {
    html! {
        @if of > 0 { (held) "/" (of) } @else if not_run == 0 { span.dim { "n/a" } }
        @if not_run > 0 { span.aside { (not_run) " not run" } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_part_of_addresses() {
        assert_eq!(key("naoNao89/Lavalink-rust 4.0.0"), "naonao89-lavalink-rust-4-0-0");
        assert_eq!(key("../.."), "server");
    }
}
