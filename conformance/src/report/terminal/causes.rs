//! What to fix first.

use super::super::{Cause, Run, ScenarioResult};
use super::{Terminal, cut, plural, scenario};
use crate::report::words::{flaky, heading, place, weight};

/// How many lines of a difference are shown.
const MOST_DIFFERENCES: usize = 6;

/// How many causes are told of in one line, at least, before any but the first has more.
const SHORT_LINES: usize = 8;

/// How long such a line is.
const LONGEST: usize = 150;

/// How many shapes are told of.
const MOST_SHAPES: usize = 6;

/// Causes in as many lines as there are: as many as possible with all that there is to say. Shapes
/// stand below: they spoil what clients read, and hold up next to nothing of the run.
pub(super) fn lines(terminal: &Terminal, run: &Run, causes: &[Cause], left: usize) -> Vec<String> {
    let shown = causes.iter().filter(|cause| terminal.verbose || !cause.is_known());
    let (mut shapes, mut shown): (Vec<_>, Vec<_>) =
        shown.partition(|cause| cause.seen > 0 && cause.holds_up() <= 1);
    if shown.is_empty() {
        shown = std::mem::take(&mut shapes);
    }
    if shown.is_empty() {
        return Vec::new();
    }
    let left = if terminal.verbose { usize::MAX } else { left.max(20) };
    let shapes = shape_lines(terminal, &shapes);
    let mut lines = vec![terminal.paint("1", &heading(&shown))];
    let blocks: Vec<_> =
        shown.iter().enumerate().map(|(at, cause)| block(terminal, run, at, cause)).collect();
    // The heading, where curl works, what is said of those that are left out, an empty line.
    let room = left.saturating_sub(4 + shapes.len());
    let (mut used, mut count) = (0, 0);
    for block in &blocks {
        let others = (blocks.len() - count - 1).min(SHORT_LINES);
        if count > 0 && used + block.len() + others > room {
            break;
        }
        used += block.len();
        count += 1;
    }
    lines.extend(blocks.iter().take(count).flatten().cloned());
    let short = shown.iter().enumerate().skip(count);
    let most = room.saturating_sub(used);
    lines.extend(short.clone().take(most).map(|(at, cause)| short_line(terminal, at, cause)));
    match short.count().saturating_sub(most) {
        0 => {}
        more => {
            let more = plural(more, "smaller cause", "smaller causes");
            lines.push(format!("and {more}: --json FILE has all, --verbose tells them"));
        }
    }
    let needs_session = |line: &String| line.replace("${LAVALINK_PASSWORD}", "").contains("${");
    if lines.iter().any(needs_session) {
        lines.push(format!("the curl lines work in: {}", run.shell()));
    }
    lines.extend(shapes);
    if count == blocks.len() && !terminal.verbose {
        let rest = room.saturating_sub(used);
        lines.extend(timeline(terminal, run, shown.first().copied(), rest));
    }
    lines.push(String::new());
    lines
}

/// A line for each of the shapes that were wrong most often.
fn shape_lines(terminal: &Terminal, shapes: &[&Cause]) -> Vec<String> {
    if shapes.is_empty() {
        return Vec::new();
    }
    let shown = if terminal.verbose { shapes.len() } else { MOST_SHAPES };
    let mut lines =
        vec![terminal.paint("1", "answers and messages that are not as they have to be")];
    lines.extend(shapes.iter().take(shown).map(|cause| {
        let what = cause.headline.split(" is not as").next().unwrap_or_default();
        let difference = cause.difference.as_deref().unwrap_or_default();
        let text = cut(&format!("{what}: {difference}"), LONGEST);
        let rule = terminal.paint("31", &cause.rule);
        format!("- {rule} ({}, {} times): {text}", cause.level, cause.seen)
    }));
    if shapes.len() > shown {
        lines.push(format!("and {} more", shapes.len() - shown));
    }
    lines
}

fn block(terminal: &Terminal, run: &Run, at: usize, cause: &Cause) -> Vec<String> {
    let example = run.scenarios.iter().find(|scenario| scenario.id == cause.example);
    let head = format!("{}. {} ({}): {}", at + 1, cause.rule, cause.level, cause.rule_title);
    let mut lines = vec![terminal.paint("31", head.trim_end_matches([':', ' ']))];
    lines.push(format!("   {}", weight(cause)));
    lines.push(format!("   {}", cause.headline));
    let outcome = example.and_then(ScenarioResult::telling).filter(|_| cause.seen == 0);
    let own = outcome.map(|outcome| outcome.difference.as_slice()).unwrap_or_default();
    if own.is_empty() {
        lines.extend(cause.difference.iter().map(|line| format!("     {line}")));
    }
    lines.extend(own.iter().take(MOST_DIFFERENCES).map(|line| format!("     {}", cut(line, 400))));
    if own.len() > MOST_DIFFERENCES {
        lines.push(format!("     and {} more lines (--verbose)", own.len() - MOST_DIFFERENCES));
    }
    lines.extend(example.and_then(flaky).map(|line| format!("   {line}")));
    lines.extend(example.map(|example| format!("   {}", place(example))));
    lines.push(format!("   {}", run.alone(&cause.example)));
    lines.extend(cause.curl().map(|line| format!("   {line}")));
    lines.extend(cause.beyond.map(|beyond| format!("   {}", beyond.in_words())));
    lines
}

fn short_line(terminal: &Terminal, at: usize, cause: &Cause) -> String {
    let count = cause.holds_up();
    let text = cut(&cause.in_one_line(), LONGEST);
    let rule = terminal.paint("31", &cause.rule);
    format!("{}. {rule} ({}, {count}): {text}", at + 1, cause.level)
}

/// What crossed the wire in the first cause's example, as much of its end as there is room for.
fn timeline(terminal: &Terminal, run: &Run, cause: Option<&Cause>, room: usize) -> Vec<String> {
    let example = cause.and_then(|cause| run.scenarios.iter().find(|s| s.id == cause.example));
    let Some(outcome) = example.and_then(ScenarioResult::telling) else { return Vec::new() };
    let all = scenario::timeline(terminal, outcome);
    // A heading and what is left out.
    if all.is_empty() || room < 5 {
        return Vec::new();
    }
    let shown = all.len().min(room - 2);
    let left_out = all.len() - shown;
    let before = match left_out {
        0 => String::new(),
        more => format!(" ({} before it: --verbose)", plural(more, "line", "lines")),
    };
    let id = cause.map_or("", |cause| &cause.example);
    let head = format!("   timeline of {id}{before}:");
    std::iter::once(head).chain(all.into_iter().skip(left_out)).collect()
}
