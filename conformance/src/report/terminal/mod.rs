//! For people: what to mend first, then how much of what was asked holds.

mod causes;
mod reasons;
mod scenario;
mod table;

use std::io::IsTerminal;

use super::{Cause, Extent, Run, Share};
use crate::spec::Level;
use crate::verdict::{Status, Verdict};

/// How many lines a run has that is not conformant, with those that the program prints around it.
const MOST_LINES: usize = 60;

/// Lines that the program prints before and after.
const AROUND: usize = 6;

/// How many scenarios are told of that the suite could not establish.
const MOST_ERRORS: usize = 5;

/// How many lines of information there are, if not all are asked for.
const MOST_NOTES: usize = 4;

/// Writes a run for people.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    colour: bool,
    verbose: bool,
}

impl Terminal {
    /// Colours only for a terminal, and not with NO_COLOR.
    pub fn for_stdout() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { colour: wanted && std::io::stdout().is_terminal(), verbose: false }
    }

    /// Without colours.
    pub fn plain() -> Self {
        Self { colour: false, verbose: false }
    }

    /// With everything that is known, however long it is.
    #[must_use]
    pub fn verbose(self, verbose: bool) -> Self {
        Self { verbose, ..self }
    }

    /// What to mend first, then the summary.
    pub fn render(&self, run: &Run, causes: &[Cause], verdict: Verdict, strict: bool) -> String {
        let mut end = table::lines(self, run);
        end.extend(reasons::lines(run, self.verbose));
        end.extend(self.asides(run, verdict));
        end.push(String::new());
        end.push(about(run));
        end.push(self.verdict(run, verdict, strict));
        let errors = self.errors(run);
        let left = MOST_LINES.saturating_sub(AROUND + end.len() + errors.len());
        let mut lines = causes::lines(self, run, causes, left);
        lines.extend(errors);
        if self.verbose {
            lines.extend(scenario::all(self, run));
        }
        lines.extend(end);
        lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
    }

    /// What the suite could not establish.
    fn errors(&self, run: &Run) -> Vec<String> {
        let errors: Vec<_> = run.scenarios.iter().filter(|s| s.status == Status::Error).collect();
        let mut lines: Vec<_> =
            errors.iter().take(MOST_ERRORS).map(|s| scenario::short(self, s)).collect();
        match errors.len().saturating_sub(MOST_ERRORS) {
            0 => {}
            more => lines.push(format!("and {more} more errors")),
        }
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// Known failures, quirks, a slow machine, fields that no schema knows.
    fn asides(&self, run: &Run, verdict: Verdict) -> Vec<String> {
        let all = self.verbose || verdict == Verdict::Conformant;
        let mut lines = Vec::new();
        let known = run.scenarios.iter().filter(|scenario| scenario.known.is_some()).count();
        if known > 0 {
            let s = plural(known, "known failure does", "known failures do");
            lines.push(format!("{s} not count, as the baseline has them"));
        }
        lines.extend(quirks(run, all));
        lines.extend(starvation(run));
        let notes = run.notes();
        let shown = if self.verbose { notes.len() } else { MOST_NOTES };
        lines.extend(notes.iter().take(shown).map(|note| format!("information: {note}")));
        if notes.len() > shown {
            lines.push(format!("information: {} more (--verbose)", notes.len() - shown));
        }
        lines
    }

    fn verdict(&self, run: &Run, verdict: Verdict, strict: bool) -> String {
        let observed =
            run.scenarios.iter().any(|s| s.is_new_failure() && s.level == Level::Observed);
        let known = run.scenarios.iter().any(|s| s.known.is_some());
        let (colour, text) = match verdict {
            Verdict::Conformant if observed && !strict => {
                ("32", "conformant; what differs is undocumented (--strict counts it)")
            }
            Verdict::Conformant if known => ("32", "conformant but for known failures"),
            Verdict::Conformant => ("32", "conformant"),
            Verdict::StaleBaseline => {
                ("31", "the baseline is stale: something that it knows to fail holds now")
            }
            Verdict::NotConformant => ("31", "not conformant"),
            Verdict::Usage => ("31", "the baseline cannot be used: it knows what does not exist"),
            Verdict::NotEstablished if run.target_died => {
                ("31", "not established: the target stopped answering")
            }
            Verdict::NotEstablished if run.interrupted => {
                ("31", "not established: the run was interrupted")
            }
            Verdict::NotEstablished => ("31", "not established: not everything could be judged"),
        };
        let ending = match (run.target_died, run.interrupted) {
            _ if verdict == Verdict::NotEstablished => "",
            (true, _) => "; the target stopped answering before the end",
            (_, true) => "; the run was interrupted before its end",
            _ => "",
        };
        let percent = Share::of(run).percent();
        let share = format!("{percent} % of what was asked could be judged");
        self.paint(colour, &format!("{text}; {share}{ending}"))
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn about(run: &Run) -> String {
    format!(
        "target {} {}, {} time, suite {}, order {}{}, {:.1} s",
        run.target,
        run.target_version,
        if run.manual_time { "manual" } else { "real" },
        run.suite,
        run.order,
        match &run.extent {
            Extent::Whole => String::new(),
            Extent::Part { shard, .. } => format!(", shard {shard}"),
            Extent::Merged(count) => format!(", merged from {count} shards"),
        },
        run.duration.as_secs_f64()
    )
}

/// How often nothing could be judged because the machine was too slow.
fn starvation(run: &Run) -> Option<String> {
    let (scenarios, again, lost) = run.starved();
    let late = run.lag.as_secs_f64();
    (scenarios > 0).then(|| {
        format!(
            "starved: the machine was up to {late:.1} s late; {scenarios} scenarios that did not \
             pass meanwhile ran again, {again} times together; {lost} could not be established"
        )
    })
}

/// Which of two accepted outcomes this target shows.
fn quirks(run: &Run, all: bool) -> Vec<String> {
    let mut quirks: std::collections::BTreeMap<&str, (usize, usize)> = Default::default();
    for (name, seen) in run.scenarios.iter().flat_map(|s| &s.attempts).flat_map(|a| &a.quirks) {
        let counts = quirks.entry(name).or_default();
        if *seen { counts.0 += 1 } else { counts.1 += 1 }
    }
    let real = quirks.values().filter(|(_, sane)| *sane == 0).count();
    let sane = quirks.values().filter(|(seen, _)| *seen == 0).count();
    if !all && !quirks.is_empty() {
        let mixed = quirks.len() - real - sane;
        return vec![format!(
            "quirks: {real} as the real server, {sane} without the real server's quirk, {mixed} \
             now so and now so (--verbose)"
        )];
    }
    let lines = quirks.into_iter().map(|(name, (seen, sane))| {
        let which = match (seen, sane) {
            (_, 0) => "as the real server",
            (0, _) => "without the real server's quirk",
            _ => "sometimes as the real server",
        };
        format!("quirk: {name}: {which}")
    });
    lines.collect()
}

/// `1 rule`, `2 rules`.
fn plural(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// A line that is not longer than so many characters.
fn cut(line: &str, most: usize) -> String {
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
