//! How far a run is, on stderr.

use std::io::{IsTerminal, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::verdict::Status;

/// How often a plain line is printed.
const PLAIN_PERIOD: Duration = Duration::from_secs(5);

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

    /// That many scenarios do not run after all.
    pub(crate) fn leave_out(&self, count: usize) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.total = state.total.saturating_sub(count);
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
            state.total.max(state.ended),
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
