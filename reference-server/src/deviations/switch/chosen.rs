//! Which deviations are on: those of the process, or those of a thread.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::{Deviation, Switch};

/// There is no deviation of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown deviation {asked:?}; {}", self.hint())]
pub struct UnknownDeviation {
    asked: String,
    pub(in crate::deviations) nearest: Option<&'static str>,
}

/// A chosen one, and how often its code ran.
#[derive(Debug)]
struct Active {
    deviation: Deviation,
    reached: AtomicU64,
}

/// Those that are switched on.
#[derive(Debug, Default)]
pub(crate) struct Chosen(Vec<Active>);

/// Whether any are chosen anywhere in this process, which is asked most often.
static ANY: AtomicBool = AtomicBool::new(false);

/// Those of the whole process.
static OF_PROCESS: OnceLock<Chosen> = OnceLock::new();

thread_local! {
    /// Those of the server that runs on this thread, if it has its own.
    static OF_THREAD: RefCell<Option<Arc<Chosen>>> = const { RefCell::new(None) };
}

impl UnknownDeviation {
    pub(in crate::deviations) fn new(asked: &str, nearest: Option<&'static str>) -> Self {
        Self { asked: asked.to_owned(), nearest }
    }

    fn hint(&self) -> String {
        match self.nearest {
            Some(nearest) => format!("did you mean {nearest:?}?"),
            None => "--list-deviations shows all".to_owned(),
        }
    }
}

impl Chosen {
    pub(in crate::deviations) fn new(chosen: Vec<Deviation>) -> Self {
        let active = |deviation| Active { deviation, reached: AtomicU64::new(0) };
        Self(chosen.into_iter().map(active).collect())
    }

    /// Has whatever runs on this thread deviate in this way only, for the rest of its life.
    pub(crate) fn hold_for_thread(self: Arc<Self>) {
        if !self.0.is_empty() {
            ANY.store(true, Ordering::Relaxed);
        }
        OF_THREAD.with(|of_thread| *of_thread.borrow_mut() = Some(self));
    }
}

/// Switches deviations on, for the rest of the process. The first call counts.
pub(in crate::deviations) fn hold_for_process(chosen: Chosen) {
    if !chosen.0.is_empty() {
        OF_PROCESS.get_or_init(|| chosen);
        ANY.store(true, Ordering::Relaxed);
    }
}

/// Looks at those that hold here.
fn look<T>(look: impl FnOnce(&[Active]) -> T) -> T {
    OF_THREAD.with(|of_thread| match &*of_thread.borrow() {
        Some(chosen) => look(&chosen.0),
        None => look(OF_PROCESS.get().map(|chosen| chosen.0.as_slice()).unwrap_or_default()),
    })
}

/// Whether the server is to do anything wrong.
pub(crate) fn any() -> bool {
    ANY.load(Ordering::Relaxed) && look(|active| !active.is_empty())
}

/// Whether the server is to do this wrong. Asked where it would go wrong, as asking is counted.
pub(crate) fn deviates(switch: Switch) -> bool {
    // One load when none is chosen.
    ANY.load(Ordering::Relaxed) && {
        let chosen = is_chosen(switch.0);
        if chosen {
            count(switch.0);
        }
        chosen
    }
}

/// The right value, or the wrong one if the server is to do this wrong.
pub(crate) fn either<T>(switch: Switch, right: T, wrong: T) -> T {
    if deviates(switch) { wrong } else { right }
}

/// Whether a deviation is chosen. Asked for rows of seams, of which it is counted what they changed.
pub(in crate::deviations) fn is_chosen(name: &str) -> bool {
    look(|active| active.iter().any(|active| active.deviation.name == name))
}

/// Counts a chosen one whose code changed something.
pub(in crate::deviations) fn count(name: &str) {
    look(|active| {
        if let Some(active) = active.iter().find(|active| active.deviation.name == name) {
            active.reached.fetch_add(1, Ordering::Relaxed);
        }
    });
}

/// The chosen ones, and how often the code of each ran.
pub(crate) fn chosen() -> Vec<(Deviation, u64)> {
    let seen = |active: &Active| (active.deviation, active.reached.load(Ordering::Relaxed));
    look(|active| active.iter().map(seen).collect())
}
