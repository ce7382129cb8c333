//! Of `features/http`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-HTTP-076/reversed", "the filters are in reverse order"),
    ("LL-HTTP-076/sorted", "the filters are sorted by name"),
    ("LL-HTTP-076/volume-last", "volume is the last filter"),
];
