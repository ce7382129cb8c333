//! Shapes of answers and messages.

use super::Entries;

pub(in crate::deviations) const DEVIATIONS: Entries = &[];
