//! Every rule with its scenarios, by area, under a filter.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::words::{flaky, place, plural};
use super::super::{Finding, Outcome, ScenarioResult};
use super::size::{self, Detail};
use super::{Report, value};
use crate::pages::{
    Choice, Filter, anchor, anchor_link, id_link, level, status, status_class, text,
};
use crate::spec::Level;
use crate::verdict::Status;

/// A rule and what is known of it.
struct Rule<'a> {
    id: &'a str,
    area: &'a str,
    level: Level,
    status: Status,
    scenarios: Vec<&'a ScenarioResult>,
    findings: Vec<&'a Finding>,
}

/// The filter and the rules.
pub(super) fn section(report: &Report<'_>) -> Markup {
    let rules = rules(report);
    let mut areas: BTreeMap<&str, Vec<&Rule<'_>>> = BTreeMap::new();
    for rule in &rules {
        areas.entry(rule.area).or_default().push(rule);
    }
    html! {
        section aria-labelledby="rules" {
            h2 #rules { "Rules" }
            (filter(&rules).render())
            p.needs-script.small.screen-only {
                button type="button" data-open="all" { "Expand all shown" } " "
                button type="button" data-open="none" { "Collapse all" }
            }
            p data-none hidden { "No rule matches." }
            div #rule-list {
                @for (area, rules) in &areas {
                    section data-group {
                        @let name = format!("area-{area}");
                        h3 id=(anchor(&name)) { (text(area)) (anchor_link(&name)) }
                        @for rule in rules { (self::rule(report, rule)) }
                    }
                }
            }
        }
    }
}

fn rules<'a>(report: &Report<'a>) -> Vec<Rule<'a>> {
    let mut scenarios: BTreeMap<&str, Vec<&ScenarioResult>> = BTreeMap::new();
    for scenario in &report.run.scenarios {
        scenarios.entry(&scenario.rule).or_default().push(scenario);
    }
    let mut findings: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.run.findings {
        findings.entry(&finding.rule).or_default().push(finding);
    }
    let all = report.run.rules().into_iter().map(|(area, level, id, status)| Rule {
        id,
        area,
        level,
        status,
        scenarios: scenarios.remove(id).unwrap_or_default(),
        findings: findings.remove(id).unwrap_or_default(),
    });
    let mut all: Vec<_> = all.collect();
    // Of rules about shapes that were not selected, but broken.
    all.extend(findings.into_iter().filter_map(|(id, findings)| {
        let level = findings.first()?.level;
        let status = Status::Failed;
        Some(Rule { id, area: "shape", level, status, scenarios: Vec::new(), findings })
    }));
    all
}

fn filter<'a>(rules: &[Rule<'_>]) -> Filter<'a> {
    let mut areas: BTreeMap<&str, usize> = BTreeMap::new();
    let mut levels: BTreeMap<Level, usize> = BTreeMap::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for rule in rules {
        *areas.entry(rule.area).or_default() += 1;
        *levels.entry(rule.level).or_default() += 1;
        for kind in rule.kinds() {
            *kinds.entry(kind).or_default() += 1;
        }
    }
    let areas = areas.into_iter().map(|(area, count)| Choice {
        value: value(area),
        label: area.to_owned(),
        count,
    });
    let levels = levels.into_iter().map(|(level, count)| Choice {
        value: level.name().to_owned(),
        label: level.name().to_owned(),
        count,
    });
    let order = Status::ALL.map(status_class).into_iter().chain(EXTRA.map(str::to_owned));
    let kinds = order.filter_map(|kind| {
        let count = kinds.get(&kind).copied()?;
        let label = kind.replace('-', " ");
        Some(Choice { value: kind, label, count })
    });
    Filter::of("rule-list", "Search rules: words, an id, a field")
        .menu("area", "Any area", areas.collect())
        .chips("status", "Status", kinds.collect())
        .chips("level", "Level", levels.collect())
        .counting("rules")
}

/// What a rule can be besides how it ended.
const EXTRA: [&str; 2] = ["known", "flaky"];

impl Rule<'_> {
    /// By what it is found: how it ended, whether a failure is known or flaky.
    fn kinds(&self) -> Vec<String> {
        let mut kinds = vec![status_class(self.status)];
        let known = self.scenarios.iter().any(|scenario| scenario.known.is_some())
            || self.findings.iter().any(|finding| finding.known.is_some());
        kinds.extend(known.then(|| EXTRA[0].to_owned()));
        let flaky = self.scenarios.iter().any(|scenario| scenario.is_flaky());
        kinds.extend(flaky.then(|| EXTRA[1].to_owned()));
        kinds
    }

    /// How many scenarios ended how, in the order of tables.
    fn counts(&self) -> Vec<(Status, usize)> {
        let count = |status| self.scenarios.iter().filter(|s| s.status == status).count();
        let counts = Status::ALL.map(|status| (status, count(status)));
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// Its status; one that held in some scenarios and could not be tried in others does not look
    /// like one that held in all.
    fn badge(&self) -> Markup {
        match self.status {
            Status::Passed if self.counts().len() > 1 => {
                html! { span.status.passed.partly { "passed in part" } }
            }
            other => status(other),
        }
    }

    /// `3 scenarios`, or how they ended if they did not all end alike.
    fn in_numbers(&self) -> String {
        let all = plural(self.scenarios.len(), "scenario", "scenarios");
        match self.counts().as_slice() {
            [] | [_] => all,
            several => {
                let several = several.iter().map(|(status, n)| format!("{n} {}", status.name()));
                format!("{all}: {}", several.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn title(&self) -> &str {
        let finding = || self.findings.first().map(|finding| finding.rule_title.as_str());
        self.scenarios.first().map(|s| s.rule_title.as_str()).or_else(finding).unwrap_or_default()
    }
}

fn rule(report: &Report<'_>, rule: &Rule<'_>) -> Markup {
    html! {
        details.rule id=(anchor(rule.id)) data-item data-status=(rule.kinds().join(" "))
            data-level=(rule.level) data-area=(value(rule.area)) {
            summary {
                (rule.badge()) " "
                (id_link(rule.id)) " "
                span.title { (text(&size::cut(rule.title(), report.detail.title()))) } " "
                (level(rule.level)) " "
                @if rule.scenarios.len() != 1 { span.dim.small { (rule.in_numbers()) } }
            }
            @for finding in &rule.findings { (self::finding(report, finding)) }
            ul.scenarios {
                @for scenario in &rule.scenarios { (self::scenario(report, scenario)) }
            }
        }
    }
}

/// What was wrong with answers or messages of one kind, wherever they were seen.
fn finding(report: &Report<'_>, finding: &Finding) -> Markup {
    let mut lines: Vec<_> = finding.differences.iter().collect();
    lines.sort_by_key(|(line, count)| (std::cmp::Reverse(**count), *line));
    let shown = report.detail.lines();
    html! {
        div.finding {
            p {
                (text(&size::cut(&finding.what, 400))) ": seen "
                (plural(finding.count, "time", "times")) " in "
                (plural(finding.scenarios.len(), "scenario", "scenarios"))
                @if let Some(first) = finding.scenarios.first() {
                    ", such as " (report.link(first))
                }
            }
            ul.diff {
                @for (line, count) in lines.iter().take(shown) {
                    li { (report.difference_line(line)) span.dim { " " (count) "×" } }
                }
                @if lines.len() > shown { li.dim { "and " (lines.len() - shown) " more" } }
            }
            @if let Some(line) = &finding.reproduce { (report.command(line)) }
            @if let Some(reason) = &finding.known { (known(reason)) }
        }
    }
}

fn known(reason: &str) -> Markup {
    html! { p.small { span.tag { "known failure" } " " (text(&size::cut(reason, 400))) } }
}

fn scenario(report: &Report<'_>, scenario: &ScenarioResult) -> Markup {
    let most = report.detail.line();
    let held = scenario.status == Status::Passed;
    html! {
        li id=(anchor(&scenario.id)) {
            (status(scenario.status)) " " (id_link(&scenario.id)) " "
            (text(&size::cut(&scenario.title, report.detail.title())))
            @if let Some(reason) = &scenario.known { (known(reason)) }
            @if let Some(line) = flaky(scenario) { p.small { (line) } }
            @if !scenario.starved.is_empty() {
                p.small.dim {
                    "It ran again " (plural(scenario.starved.len(), "time", "times"))
                    ", as the machine was too slow."
                }
            }
            @if let Some(outcome) = scenario.crowded.first() {
                p.small.dim {
                    @if held { "It passed only when it ran again with fewer beside it: " }
                    @else { "It failed with fewer beside it, too: " }
                    (text(&size::cut(outcome.message.as_deref().unwrap_or_default(), most)))
                }
            }
            @if let Some(reason) = &scenario.reason { p.small.dim { (text(&size::cut(reason, most))) } }
            @if let Some(rule) = scenario.blocked_by() {
                p.small { "Blocked by " (report.link(rule)) }
            }
            @if let Some(outcome) = scenario.telling().filter(|_| !held) {
                (self::outcome(report, scenario, outcome))
            }
        }
    }
}

/// What was seen of a scenario that did not hold.
fn outcome(report: &Report<'_>, scenario: &ScenarioResult, outcome: &Outcome) -> Markup {
    let most = report.detail.line();
    html! {
        @if let Some(message) = &outcome.message { p { (text(&size::cut(message, most))) } }
        (report.difference(outcome.difference.iter().map(String::as_str)))
        @if report.detail != Detail::Least {
            p.small.dim { (text(&size::cut(&place(scenario), most))) }
        }
        @match (outcome.beyond, &outcome.reproduce) {
            (None, Some(line)) => (report.command(line)),
            (Some(_), _) if report.detail != Detail::Least => {
                (report.command(&report.run.alone(&scenario.id)))
            }
            _ => {}
        }
        @if let Some(wire) = report.wires.get(scenario.id.as_str()) { (wire) }
    }
}
