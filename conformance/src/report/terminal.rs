//! For people: progress, failures with everything that is known of them, a summary.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Extent, Run, ScenarioResult};
use crate::spec::Level;
use crate::verdict::{Status, Verdict};

/// How often a plain progress line is printed.
const PLAIN_PERIOD: Duration = Duration::from_secs(5);

/// How many failures are told with all that is known of them.
const TOLD_IN_FULL: usize = 20;

/// Tells how far the run is.
#[derive(Clone, Debug)]
pub struct Progress(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    total: usize,
    ended: usize,
    bad: usize,
    began: Instant,
    told: Instant,
    live: bool,
    silent: bool,
}

impl Progress {
    /// For that many scenarios, counted over all attempts.
    pub fn new(total: usize) -> Self {
        let now = Instant::now();
        let live = std::io::stderr().is_terminal();
        let silent = false;
        let state = State { total, ended: 0, bad: 0, began: now, told: now, live, silent };
        Self(Arc::new(Mutex::new(state)))
    }

    /// Tells nobody.
    pub fn silent() -> Self {
        let progress = Self::new(0);
        progress.0.lock().unwrap_or_else(PoisonError::into_inner).silent = true;
        progress
    }

    /// That many scenarios run again.
    pub(crate) fn expect(&self, more: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).total += more;
    }

    /// A scenario has ended.
    pub(crate) fn ended(&self, id: &str, status: Status) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.silent {
            return;
        }
        state.ended += 1;
        state.bad += usize::from(status != Status::Passed);
        let line = format!(
            "{}/{} scenarios, {} not passed, {:.0} s",
            state.ended,
            state.total,
            state.bad,
            state.began.elapsed().as_secs_f64()
        );
        let mut out = std::io::stderr().lock();
        // Nobody to tell is no reason to stop.
        let _ = if state.live {
            write!(out, "\r\x1b[2K{line}  {id}").and_then(|()| out.flush())
        } else if state.told.elapsed() >= PLAIN_PERIOD {
            state.told = Instant::now();
            writeln!(out, "{line}")
        } else {
            Ok(())
        };
    }

    /// Removes the live line.
    pub fn close(&self) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.live {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

/// Writes a run for people.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    colour: bool,
}

impl Terminal {
    /// Colours only for a terminal, and not with NO_COLOR.
    pub fn for_stdout() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { colour: wanted && std::io::stdout().is_terminal() }
    }

    /// Without colours.
    pub fn plain() -> Self {
        Self { colour: false }
    }

    /// Failures, then the summary.
    pub fn render(&self, run: &Run, verdict: Verdict, strict: bool) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        let _ = self.write(&mut out, run, verdict, strict);
        out
    }

    fn write(
        &self,
        out: &mut String,
        run: &Run,
        verdict: Verdict,
        strict: bool,
    ) -> std::fmt::Result {
        let told = run.scenarios.iter().filter(|s| s.is_new_failure() || s.status == Status::Error);
        for scenario in &run.scenarios {
            if let Some(reason) = &scenario.known {
                writeln!(out, "known failure {} {}: {reason}", scenario.id, scenario.title)?;
            }
        }
        for (index, scenario) in told.clone().enumerate() {
            if index < TOLD_IN_FULL {
                self.write_failure(out, scenario)?;
            } else {
                self.write_short(out, scenario)?;
            }
        }
        if told.clone().count() > TOLD_IN_FULL {
            writeln!(out, "(the first {TOLD_IN_FULL} in full; --json FILE has everything)\n")?;
        }
        self.write_table(out, run)?;
        write_reasons(out, run)?;
        write_quirks(out, run)?;
        write_starvation(out, run)?;
        for note in run.notes() {
            writeln!(out, "information: {note}")?;
        }
        if told.clone().next().is_some() {
            let ids: Vec<_> = told.take(8).map(|s| format!("--id '{}'", s.id)).collect();
            writeln!(out, "\nrun these again with: {}", ids.join(" "))?;
        }
        writeln!(
            out,
            "\ntarget {} {}, {} time, suite {}, order {}{}, {:.1} s",
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
        )?;
        let observed =
            run.scenarios.iter().any(|s| s.is_new_failure() && s.level == Level::Observed);
        let (colour, text) = match verdict {
            Verdict::Conformant if observed && !strict => {
                ("32", "conformant; what differs is undocumented (--strict counts it)")
            }
            Verdict::Conformant if run.scenarios.iter().any(|s| s.known.is_some()) => {
                ("32", "conformant but for known failures")
            }
            Verdict::Conformant => ("32", "conformant"),
            Verdict::StaleBaseline => {
                ("31", "the baseline is stale: something that it knows to fail holds now")
            }
            Verdict::NotConformant => ("31", "not conformant"),
            Verdict::Usage => ("31", "the baseline cannot be used: it knows what does not exist"),
            Verdict::NotEstablished if run.target_died => {
                ("31", "not established: the target stopped answering")
            }
            Verdict::NotEstablished => ("31", "not established: not everything could be judged"),
        };
        writeln!(out, "{}", self.paint(colour, text))
    }

    fn write_short(&self, out: &mut String, scenario: &ScenarioResult) -> std::fmt::Result {
        let word = self.paint("31", scenario.status.name());
        let message = scenario.telling().and_then(|outcome| outcome.message.as_deref());
        let message = message.unwrap_or_default();
        writeln!(out, "{word} {} {}: {message}", scenario.id, scenario.title)
    }

    fn write_failure(&self, out: &mut String, scenario: &ScenarioResult) -> std::fmt::Result {
        let word = self.paint("31", scenario.status.name());
        writeln!(out, "{word} {} {}", scenario.id, scenario.title)?;
        writeln!(out, "  rule ({}): {}", scenario.level, scenario.rule_title)?;
        let file = scenario.place.split(':').next().unwrap_or_default();
        let Some(outcome) = scenario.telling() else { return Ok(()) };
        if let Some((step, line)) = &outcome.step {
            writeln!(out, "  at {file}:{line}: {step}")?;
        } else {
            writeln!(out, "  at {}", scenario.place)?;
        }
        if scenario.is_flaky() {
            let passed = scenario.attempts.iter().filter(|a| a.status == Status::Passed).count();
            writeln!(out, "  flaky: {passed} of {} attempts passed", scenario.attempts.len())?;
        }
        if let Some(message) = &outcome.message {
            writeln!(out, "  {message}")?;
        }
        for line in &outcome.difference {
            writeln!(out, "    {line}")?;
        }
        if let Some(line) = &outcome.reproduce {
            writeln!(out, "  again: {line}")?;
        }
        if !outcome.timeline.is_empty() {
            writeln!(out, "  timeline:")?;
        }
        for entry in &outcome.timeline {
            writeln!(out, "    {:>8.1} ms  {}", entry.at.as_secs_f64() * 1000.0, entry.summary)?;
            for line in entry.detail.iter().flat_map(|detail| detail.lines()) {
                writeln!(out, "                 {}", self.paint("2", line))?;
            }
        }
        writeln!(out)
    }

    /// Scenarios and rules by area and level.
    fn write_table(&self, out: &mut String, run: &Run) -> std::fmt::Result {
        let mut rows: BTreeMap<(&str, Level), [usize; 7]> = BTreeMap::new();
        for (area, level, _, status) in run.rules() {
            let row = rows.entry((area, level)).or_default();
            row[0] += usize::from(status == Status::Passed);
            row[1] += 1;
        }
        for scenario in &run.scenarios {
            let row = rows.entry((&scenario.area, scenario.level)).or_default();
            let at = Status::ALL.iter().position(|status| *status == scenario.status).unwrap_or(0);
            row[2 + at] += 1;
        }
        let width = rows.keys().map(|(area, _)| area.len()).max().unwrap_or(4).max(5);
        let heads = "rules    passed    failed     error       n/a   not run";
        writeln!(out, "{:width$}  level       {heads}", "area")?;
        let mut total = [0; 7];
        for ((area, level), row) in &rows {
            total.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
            self.write_row(out, &format!("{area:width$}  {level:8}"), row)?;
        }
        self.write_row(out, &format!("{:width$}  {:8}", "total", ""), &total)
    }

    fn write_row(&self, out: &mut String, head: &str, row: &[usize; 7]) -> std::fmt::Result {
        let bad = row[1] != row[0] && row[3] + row[4] + row[6] > 0;
        let line = format!(
            "{head}  {:>4}/{:<4} {:>6} {:>9} {:>9} {:>9} {:>9}",
            row[0], row[1], row[2], row[3], row[4], row[5], row[6]
        );
        writeln!(out, "{}", if bad { self.paint("31", &line) } else { line })
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Why scenarios were not applicable or not run, each reason once.
fn write_reasons(out: &mut String, run: &Run) -> std::fmt::Result {
    let mut reasons: BTreeMap<(Status, &str), usize> = BTreeMap::new();
    for scenario in &run.scenarios {
        if let Some(reason) = &scenario.reason {
            *reasons.entry((scenario.status, reason)).or_default() += 1;
        }
    }
    for ((status, reason), count) in reasons {
        writeln!(out, "{count} {}: {reason}", status.name())?;
    }
    Ok(())
}

/// How often nothing could be judged because the machine was too slow.
fn write_starvation(out: &mut String, run: &Run) -> std::fmt::Result {
    let (scenarios, again, lost) = run.starved();
    if scenarios == 0 {
        return Ok(());
    }
    let late = run.lag.as_secs_f64();
    writeln!(
        out,
        "starved: the machine was up to {late:.1} s late; {scenarios} scenarios that did not pass \
         meanwhile ran again, {again} times together; {lost} could not be established"
    )
}

/// Which of two accepted outcomes this target shows.
fn write_quirks(out: &mut String, run: &Run) -> std::fmt::Result {
    let mut quirks: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, seen) in run.scenarios.iter().flat_map(|s| &s.attempts).flat_map(|a| &a.quirks) {
        let counts = quirks.entry(name).or_default();
        if *seen { counts.0 += 1 } else { counts.1 += 1 }
    }
    for (name, (seen, sane)) in quirks {
        let which = match (seen, sane) {
            (_, 0) => "as the real server",
            (0, _) => "without the real server's quirk",
            _ => "sometimes as the real server",
        };
        writeln!(out, "quirk: {name}: {which}")?;
    }
    Ok(())
}
