//! A deviation at a seam, and how rows are run.

use super::switch::{count, is_chosen};

/// A deviation at a seam: its name, what the server does wrong, and the code that does it.
pub(super) struct Row<F> {
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) change: F,
}

impl<F> Row<F> {
    /// Counts it as reached if it has changed something.
    pub(super) fn count_if(&self, changed: bool) {
        if changed {
            count(self.name);
        }
    }
}

/// The chosen rows of a seam.
pub(super) fn chosen_of<F: 'static>(
    rows: impl Iterator<Item = &'static Row<F>>,
) -> impl Iterator<Item = &'static Row<F>> {
    rows.filter(|row| is_chosen(row.name))
}

/// Runs the chosen rows of a seam, each of which gives back whether it has changed something.
pub(super) fn run<F: 'static>(
    rows: impl Iterator<Item = &'static Row<F>>,
    mut change: impl FnMut(&'static Row<F>) -> bool,
) {
    chosen_of(rows).for_each(|row| row.count_if(change(row)));
}

/// Has the chosen rows of a seam rewrite a value, up to the first that refuses it. Those are reached
/// that have refused it, or after which it is another.
pub(super) fn rewrite<F: 'static, T: Clone + PartialEq, E>(
    rows: impl Iterator<Item = &'static Row<F>>,
    value: &mut T,
    change: impl Fn(&F, &mut T) -> Result<(), E>,
) -> Result<(), E> {
    for row in chosen_of(rows) {
        let before = value.clone();
        let result = change(&row.change, value);
        row.count_if(result.is_err() || *value != before);
        result?;
    }
    Ok(())
}
