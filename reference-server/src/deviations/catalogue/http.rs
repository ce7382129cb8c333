//! Of `features/http`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-HTTP-001/missing-on-errors", "errors do not carry the version header"),
    ("LL-HTTP-001/wrong-version", "the version header says 3"),
];
