//! What a run comes to, and what it was.

use std::time::Duration;

use maud::{Markup, html};

use super::super::words::{judged, plural, quirks, starvation, verdict_of};
use super::super::{Extent, Held, Partial, Run, Share, reasons};
use super::{Report, size};
use crate::pages::{status_class, text, tone};
use crate::spec::Level;
use crate::verdict::Status;

/// How many times as many lines of a log are shown as of what differs.
const LOG: usize = 8;

/// The first that is to be seen: whose run it is, the verdict, what makes it doubtful, the numbers.
pub(super) fn verdict(report: &Report<'_>) -> Markup {
    let run = report.run;
    let sentence = verdict_of(run, report.verdict, run.asked.strict);
    html! {
        p.trail {
            (text(&size::cut(&run.target, 300)))
            @if !run.target_version.is_empty() { ", version " (text(&size::cut(&run.target_version, 100))) }
            ", " (began(run))
        }
        h1 { (text(&size::cut(report.name(), 200))) }
        p.verdict.(tone(report.verdict)) data-verdict=(tone(report.verdict)) {
            strong { (upper(sentence)) } span { (judged(run)) }
        }
        @if let Some(partial) = Partial::of(run) {
            p.note.partial {
                b { "Partial run: " (text(&size::cut(&partial.to_string(), 400))) "." }
                " Nothing is said of the others."
            }
        }
        @let warnings = warnings(report);
        @if !warnings.is_empty() {
            ul.note.bad.warnings role="alert" {
                @for warning in warnings { li { (text(&size::cut(&warning, 800))) } }
            }
        }
        (numbers(report))
    }
}

/// Why less can be said than it looks like.
fn warnings(report: &Report<'_>) -> Vec<String> {
    let run = report.run;
    let mut warnings = Vec::new();
    if run.target_died {
        warnings.push(
            "The run is incomplete: the target stopped answering before its end. Nothing after \
             that could be judged."
                .to_owned(),
        );
    }
    if run.interrupted {
        warnings.push("The run is incomplete: it was interrupted before its end.".to_owned());
    }
    let left = run.count(Status::NotRun);
    if left > 0 {
        warnings.push(format!("{} not run.", plural(left, "scenario was", "scenarios were")));
    }
    if let Extent::Part { shard, .. } = &run.extent {
        warnings.push(format!("This is shard {shard}: its verdict is not that of the whole."));
    }
    warnings.extend(run.troubles.iter().take(10).map(|trouble| format!("The runner: {trouble}")));
    let (_, _, lost) = run.starved();
    if lost > 0 {
        let lost = plural(lost, "scenario", "scenarios");
        warnings.push(format!("The machine was too slow to establish {lost}."));
    }
    warnings
}

/// How scenarios ended, as a bar and as numbers; how rules ended, as numbers that filter.
fn numbers(report: &Report<'_>) -> Markup {
    let run = report.run;
    let counts = Status::ALL.map(|status| (status, run.count(status)));
    let counts = || counts.iter().filter(|(_, count)| *count > 0);
    let rules = run.rules();
    let of_rules = |status: Status| rules.iter().filter(|(.., s)| *s == status).count();
    html! {
        div.split aria-hidden="true" {
            @for (status, count) in counts() {
                span.(status_class(*status)) style=(format!("flex-grow:{count}")) {}
            }
        }
        dl.numbers {
            dt { (plural(run.scenarios.len(), "scenario", "scenarios")) }
            dd { ul {
                @for (status, count) in counts() {
                    li { b { (count) } (crate::pages::status(*status)) }
                }
            } }
            dt data-rules=(rules.len()) { (plural(rules.len(), "rule", "rules")) }
            dd { ul {
                @for (status, count) in Status::ALL.map(|s| (s, of_rules(s))).iter().filter(|(_, n)| *n > 0) {
                    li {
                        a href=(format!("#status={}", status_class(*status))) {
                            b { (count) } (crate::pages::status(*status))
                        }
                    }
                }
            } }
            @let levels = levels(report);
            @if !levels.is_empty() {
                dt { "rules held" }
                dd { ul {
                    @for (level, Held { held, of }) in levels {
                        li {
                            a href=(format!("#level={level}")) {
                                b { (held) small { " of " (of) } } (crate::pages::level(level))
                            }
                        }
                    }
                } }
            }
        }
    }
}

/// Rules of each level that hold, of those that were tried.
fn levels(report: &Report<'_>) -> Vec<(Level, Held)> {
    let rules = report.run.rules();
    let of = |level: Level| {
        let mut held = Held::default();
        rules.iter().filter(|(_, l, ..)| *l == level).for_each(|(.., status)| held.add(*status));
        (level, held)
    };
    Level::ALL.map(of).into_iter().filter(|(_, held)| held.of > 0).collect()
}

/// When the run began and how long it took.
fn began(run: &Run) -> String {
    let took = took(run.duration);
    match run.began {
        Some(began) => format!("begun {}, took {took}", began.in_words()),
        None => format!("took {took}"),
    }
}

/// A duration as people say it.
fn took(duration: Duration) -> String {
    let tenths = duration.as_millis() / 100;
    match tenths / 600 {
        0 => format!("{}.{} s", tenths / 10, tenths % 10),
        minutes => format!("{minutes} min {} s", tenths / 10 % 60),
    }
}

/// What the run was asked for, where and how it ran, and what was noted.
pub(super) fn about(report: &Report<'_>) -> Markup {
    let run = report.run;
    let most = report.detail.lines() * 4;
    html! {
        section aria-labelledby="run" {
            h2 #run { "This run" }
            dl.facts {
                @for (what, how) in facts(report) {
                    dt { (what) }
                    dd { (text(&size::cut(&how, 800))) }
                }
            }
            @if !run.again.is_empty() {
                p.small.dim { "The same again, on the same target:" }
                (report.command(&run.rerun()))
            }
            (lines("Not judged, and why", &reasons::lines(run, true), most))
            (lines("Accepted either way", &quirks(run, true), most))
            (lines("Information", &run.notes().into_iter().map(str::to_owned).collect::<Vec<_>>(), most))
            @if !run.target_log.is_empty() {
                h3 { "The end of the target's log" }
                pre.wrap tabindex="0" {
                    @let left_out = run.target_log.len().saturating_sub(report.detail.lines() * LOG);
                    @for line in run.target_log.iter().skip(left_out) {
                        (text(&size::cut(line, 400))) "\n"
                    }
                }
            }
        }
    }
}

fn lines(heading: &str, lines: &[String], most: usize) -> Markup {
    html! {
        @if !lines.is_empty() {
            h3 { (heading) }
            ul {
                @for line in lines.iter().take(most) { li { (text(&size::cut(line, 600))) } }
                @if lines.len() > most { li.dim { "and " (lines.len() - most) " more" } }
            }
        }
    }
}

fn facts(report: &Report<'_>) -> Vec<(&'static str, String)> {
    let run = report.run;
    let asked = &run.asked;
    let list = |words: Vec<String>| words.join(", ");
    let share = Share::of(run);
    let mut facts = vec![
        ("target", run.target.clone()),
        ("its version", run.target_version.clone()),
        ("judged", format!("{} of {} scenarios", share.judged, share.of)),
        ("time", if run.manual_time { "manual" } else { "real" }.to_owned()),
        ("suite", run.suite.clone()),
        ("order", run.order.clone()),
        ("begun", run.began.map(|began| began.to_string()).unwrap_or_default()),
        ("took", took(run.duration)),
        (
            "observed rules",
            if asked.strict { "count (--strict)" } else { "do not count" }.to_owned(),
        ),
    ];
    match &run.extent {
        Extent::Whole => {}
        Extent::Part { shard, .. } => facts.push(("shard", shard.to_string())),
        Extent::Merged(count) => facts.push(("merged from", plural(*count, "shard", "shards"))),
    }
    let selection = &asked.selection;
    facts.push(("ids", list(selection.ids.iter().cloned().collect())));
    facts.push(("tags", selection.tags.clone().unwrap_or_default()));
    facts.push(("titles like", selection.name.clone().unwrap_or_default()));
    facts.push(("levels", list(selection.levels.iter().map(ToString::to_string).collect())));
    facts.push(("areas", list(selection.areas.iter().cloned().collect())));
    facts.push(("profile", asked.declared.profile.clone().unwrap_or_default()));
    facts.push(("unsupported", list(asked.declared.unsupported.iter().cloned().collect())));
    facts.push((
        "known failures",
        asked.baseline.as_ref().map_or(String::new(), |b| b.len().to_string()),
    ));
    facts.push(("slow machine", starvation(run).unwrap_or_default()));
    facts.retain(|(_, how)| !how.is_empty());
    facts
}

/// With a capital letter.
pub(super) fn upper(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
