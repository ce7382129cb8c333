//! What everything else stands on.

use super::Entries;

pub(in crate::deviations) const DEVIATIONS: Entries =
    &[("LL-PREREQUISITE-010/unheard", "no packet leaves")];
