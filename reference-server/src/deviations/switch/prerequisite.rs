//! What everything else stands on.

switches! {
    PREREQUISITE_010_UNHEARD = "LL-PREREQUISITE-010/unheard", "no packet leaves";
}
