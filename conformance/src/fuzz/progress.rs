//! Tells people how far a run of cases is.

use std::io::{IsTerminal, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a line is printed on a terminal, and elsewhere.
const PERIODS: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(10)];

/// Tells how far a run is, on the error output.
#[derive(Debug)]
pub(crate) struct Progress {
    began: Instant,
    told: Mutex<Instant>,
    live: bool,
    time: Option<Duration>,
    cases: Option<u64>,
}

impl Progress {
    /// Of a run that ends after so much time or so many cases.
    pub(crate) fn new(time: Option<Duration>, cases: Option<u64>) -> Self {
        let now = Instant::now();
        let live = std::io::stderr().is_terminal();
        Self { began: now, told: Mutex::new(now), live, time, cases }
    }

    /// So many cases are played.
    pub(crate) fn tell(&self, cases: u64, findings: usize) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() < PERIODS[usize::from(!self.live)] {
            return;
        }
        *told = Instant::now();
        let of_cases = self.cases.map(|cases| format!("/{cases}")).unwrap_or_default();
        let of_time = self.time.map(|time| format!("/{}", time.as_secs())).unwrap_or_default();
        let seconds = self.began.elapsed().as_secs();
        let line = format!("{cases}{of_cases} cases, {findings} findings, {seconds}{of_time} s");
        let mut out = std::io::stderr().lock();
        // Nobody to tell is no reason to stop.
        let _ = if self.live {
            write!(out, "\r\x1b[2K{line}").and_then(|()| out.flush())
        } else {
            writeln!(out, "{line}")
        };
    }

    /// Clears the line.
    pub(crate) fn close(&self) {
        if self.live {
            // Nobody to tell is no reason to stop.
            let _ = write!(std::io::stderr().lock(), "\r\x1b[2K");
        }
    }
}
