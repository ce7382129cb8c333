//! What a target writes, as much of it as is worth keeping.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::adapter::strip_str;

use crate::client::mask_text;
use crate::settings::Secret;

/// How many lines are kept.
const MOST_LINES: usize = 2000;

/// How many bytes of a line are kept.
const LONGEST_LINE: usize = 2000;

/// The last lines of a target. Cloning shares them.
#[derive(Clone, Debug)]
pub(super) struct Log(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    password: Secret,
    lines: Mutex<VecDeque<String>>,
    /// Whether more may come.
    open: AtomicBool,
}

impl Log {
    pub(super) fn new(password: Secret) -> Self {
        Self(Arc::new(Shared { password, lines: Mutex::default(), open: AtomicBool::new(false) }))
    }

    /// Reads the output until nobody can write to it any more. That is the work of a thread, so
    /// that the target is never held up by a runner that has something else to do.
    pub(super) fn follow(&self, output: impl Read + Send + 'static) -> io::Result<()> {
        let log = self.clone();
        self.0.open.store(true, Ordering::SeqCst);
        let thread = std::thread::Builder::new().name("target-log".into()).spawn(move || {
            log.read(output);
            log.0.open.store(false, Ordering::SeqCst);
        });
        thread.map(drop)
    }

    /// Whether everything has been read that can ever come.
    pub(super) fn is_closed(&self) -> bool {
        !self.0.open.load(Ordering::SeqCst)
    }

    /// The last lines.
    pub(super) fn tail(&self, most: usize) -> Vec<String> {
        let lines = self.lines();
        lines.iter().skip(lines.len().saturating_sub(most)).cloned().collect()
    }

    fn read(&self, mut output: impl Read) {
        // A password that stands across the place of the cut has to be found too.
        let room = LONGEST_LINE + self.0.password.reveal().len();
        let mut line = Vec::new();
        let mut chunk = [0; 8192];
        loop {
            let count = match output.read(&mut chunk) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => 0,
            };
            if count == 0 {
                break;
            }
            for part in chunk[..count].split_inclusive(|byte| *byte == b'\n') {
                let (part, ends) = part.strip_suffix(b"\n").map_or((part, false), |p| (p, true));
                // One more than there is room for tells that something was left out.
                let free = (room + 1).saturating_sub(line.len());
                line.extend_from_slice(&part[..part.len().min(free)]);
                if ends {
                    self.push(&line);
                    line.clear();
                }
            }
        }
        if !line.is_empty() {
            self.push(&line);
        }
    }

    fn push(&self, line: &[u8]) {
        let password = self.0.password.reveal();
        // Colours are for a terminal, and a secret may stand among them.
        let text = strip_str(&String::from_utf8_lossy(line)).to_string();
        let mut text = mask_text(text.trim_end_matches('\r'), password);
        let mut keep = text.len();
        if line.len() > LONGEST_LINE + password.len() {
            // What follows was not kept, so the end may be half a password.
            keep = keep.saturating_sub(password.len());
        }
        if keep > LONGEST_LINE || keep < text.len() {
            text.truncate(text.floor_char_boundary(keep.min(LONGEST_LINE)));
            text.push('…');
        }
        let mut lines = self.lines();
        if lines.len() == MOST_LINES {
            lines.pop_front();
        }
        lines.push_back(text);
    }

    fn lines(&self) -> MutexGuard<'_, VecDeque<String>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(text: impl AsRef<[u8]>) -> Vec<String> {
        let log = Log::new(Secret::new("hunter2"));
        log.read(text.as_ref());
        log.tail(usize::MAX)
    }

    #[test]
    fn lines_are_kept_up_to_the_last_one() {
        assert_eq!(log("a\r\n\nü\nlast"), ["a", "", "ü", "last"]);
        assert_eq!(log([b'a', 0xff, b'\n']), ["a\u{fffd}"]);
    }

    #[test]
    fn colours_are_left_out() {
        assert_eq!(log("\x1b[31merror\x1b[0m: hun\x1b[1mter2\n"), ["error: ***"]);
    }

    #[test]
    fn only_the_last_lines_are_kept() {
        let text: String = (0..5000).map(|n| format!("{n}\n")).collect();
        let lines = log(text);
        assert_eq!(lines.len(), MOST_LINES);
        assert_eq!((lines[0].as_str(), lines[1999].as_str()), ("3000", "4999"));
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let lines = log(format!("{}\nnext\n{}", "ü".repeat(100_000), "x".repeat(LONGEST_LINE)));
        assert_eq!(lines[0], format!("{}…", "ü".repeat(LONGEST_LINE / 2)));
        assert_eq!(lines[1], "next");
        assert_eq!(lines[2].len(), LONGEST_LINE, "as long as a line may be");
    }

    #[test]
    fn the_password_does_not_show_wherever_the_cut_is() {
        assert_eq!(log("with hunter2, hunter2\n"), ["with ***, ***"]);
        for before in LONGEST_LINE - 10..LONGEST_LINE + 10 {
            let line = format!("{}hunter2{}", "x".repeat(before), "y".repeat(50));
            assert!(!log(&line)[0].contains("hu"), "{before}");
        }
        let many = log("hunter2".repeat(1000));
        assert!(!many[0].contains('h'), "{many:?}");
    }
}
