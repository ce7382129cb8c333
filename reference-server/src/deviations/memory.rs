//! The memory of deviations, so that no player and no session has to remember for them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

type Entries = HashMap<(&'static str, String), i64>;

static ENTRIES: LazyLock<Mutex<Entries>> = LazyLock::new(Mutex::default);

/// The memory of one deviation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory(&'static str);

/// The memory of the deviation with this name.
pub(super) fn remembered(name: &'static str) -> Memory {
    Memory(name)
}

impl Memory {
    /// The value that was put for a session or a player.
    pub(super) fn get(self, of: impl ToString) -> Option<i64> {
        entries().get(&(self.0, of.to_string())).copied()
    }

    pub(super) fn put(self, of: impl ToString, value: i64) {
        entries().insert((self.0, of.to_string()), value);
    }

    /// The value that was put, which is forgotten.
    pub(super) fn take(self, of: impl ToString) -> Option<i64> {
        entries().remove(&(self.0, of.to_string()))
    }
}

fn entries() -> MutexGuard<'static, Entries> {
    ENTRIES.lock().unwrap_or_else(PoisonError::into_inner)
}
