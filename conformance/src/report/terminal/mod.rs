//! For people: what to fix first, then how much of what was asked holds.

mod causes;
mod scenario;
mod table;

use std::io::IsTerminal;

use super::words::{self, about, cut, plural};
use super::{Cause, Run, reasons};
use crate::verdict::{Status, Verdict};

/// How many lines a run has that is not conformant, with those that the program prints around it.
const MOST_LINES: usize = 60;

/// Lines that the program prints before and after.
const AROUND: usize = 6;

/// How many scenarios are told of that the suite could not establish.
const MOST_ERRORS: usize = 5;

/// How many scenarios are told of that failed only while others ran beside them.
const MOST_CROWDED: usize = 5;

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

    /// What to fix first, then the summary.
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
        lines.extend(words::quirks(run, all));
        lines.extend(words::starvation(run));
        lines.extend(words::crowds(run, if self.verbose { usize::MAX } else { MOST_CROWDED }));
        let notes = run.notes();
        let shown = if self.verbose { notes.len() } else { MOST_NOTES };
        lines.extend(notes.iter().take(shown).map(|note| format!("information: {note}")));
        if notes.len() > shown {
            lines.push(format!("information: {} more (--verbose)", notes.len() - shown));
        }
        lines
    }

    fn verdict(&self, run: &Run, verdict: Verdict, strict: bool) -> String {
        let colour = if verdict == Verdict::Conformant { "32" } else { "31" };
        self.paint(colour, &words::conclusion(run, verdict, strict))
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests;
