//! Which mutant is on, and which have been reached. Part of the mutated server, not of this tool.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

/// The number of the mutant that is on; 0 is none.
static CHOSEN: LazyLock<u32> = LazyLock::new(|| {
    let number = std::env::var("LAVALINK_MUTANT").ok();
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
});

/// The file of this process in the folder where the numbers of those that are reached are written, a
/// line each.
static REACHED: LazyLock<Option<Reached>> = LazyLock::new(|| {
    let folder = std::env::var_os("LAVALINK_MUTANTS_REACHED")?;
    let file = File::create(Path::new(&folder).join(std::process::id().to_string())).ok()?;
    let known = std::iter::repeat_with(|| AtomicBool::new(false)).take(COUNT).collect();
    Some(Reached { known, file: Mutex::new(file) })
});

struct Reached {
    known: Vec<AtomicBool>,
    file: Mutex<File>,
}

/// Whether the code of this mutant is to run instead of the server's own.
pub(crate) fn on(number: u32) -> bool {
    if let Some(reached) = &*REACHED {
        reached.note(number);
    }
    *CHOSEN == number
}

impl Reached {
    fn note(&self, number: u32) {
        let known = self.known.get(number as usize);
        if known.is_some_and(|known| !known.swap(true, Ordering::Relaxed)) {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            // A number that cannot be written is missed, and its mutant counts as not reached.
            let _ = file.write_all(format!("{number}\n").as_bytes());
        }
    }
}
