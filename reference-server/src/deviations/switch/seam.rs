//! Places where rows change what passes.

use std::sync::OnceLock;

use super::any;

/// A place in protocol code where what passes can be changed. The code that does so is put there
/// when deviations are chosen, and asked for only then.
pub(crate) struct Seam<F>(OnceLock<F>);

impl<F: Copy> Seam<F> {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// The code of this seam; `None` if nothing is to go wrong.
    pub(crate) fn get(&self) -> Option<F> {
        if any() { self.0.get().copied() } else { None }
    }

    /// Puts code here. The first one stays.
    pub(crate) fn fill(&self, change: F) {
        self.0.get_or_init(|| change);
    }
}
