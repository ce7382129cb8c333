//! Which mutant is on, and which have been reached. Part of the mutated server, not of this tool.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The number of the mutant that is on, 0 for none, or one of the two below.
static CHOSEN: AtomicU32 = AtomicU32::new(UNASKED);

/// Nobody has looked at the environment.
const UNASKED: u32 = u32::MAX;

/// None is on, and those that are reached are written down.
const WATCHED: u32 = u32::MAX - 1;

/// Which have been reached.
static REACHED: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];

/// Where their numbers are written, a line each: a file of this process, in the folder that the
/// environment names.
static WRITTEN: OnceLock<Option<Mutex<File>>> = OnceLock::new();

/// Whether the code of this mutant is to run instead of the server's own. Asked in loops over samples,
/// so it costs little.
#[inline]
pub(crate) fn on(number: u32) -> bool {
    let chosen = CHOSEN.load(Ordering::Relaxed);
    if chosen < WATCHED {
        return chosen == number;
    }
    let is_known = chosen == WATCHED && REACHED[number as usize].load(Ordering::Relaxed);
    !is_known && watch(number)
}

#[cold]
fn watch(number: u32) -> bool {
    if CHOSEN.load(Ordering::Relaxed) == UNASKED {
        let folder = std::env::var_os("LAVALINK_MUTANTS_REACHED");
        let chosen = std::env::var("LAVALINK_MUTANT").ok();
        let chosen = chosen.and_then(|number| number.parse().ok()).unwrap_or(0);
        CHOSEN.store(if folder.is_some() { WATCHED } else { chosen }, Ordering::Relaxed);
        if folder.is_none() {
            return chosen == number;
        }
    }
    if !REACHED[number as usize].swap(true, Ordering::Relaxed) {
        write(number);
    }
    false
}

fn write(number: u32) {
    let file = WRITTEN.get_or_init(|| {
        let folder = std::env::var_os("LAVALINK_MUTANTS_REACHED")?;
        let path = Path::new(&folder).join(std::process::id().to_string());
        File::create(path).ok().map(Mutex::new)
    });
    if let Some(file) = file {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        // A number that cannot be written is missed, and its mutant counts as not reached.
        let _ = file.write_all(format!("{number}\n").as_bytes());
    }
}
