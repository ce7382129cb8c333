//! Of `features/player`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-PLAYER-004/ping", "the ping is 0 before there was a gateway"),
    ("LL-PLAYER-029/first", "of a key that stands twice the first one counts"),
    ("LL-PLAYER-055/as-sent", "the encoded track keeps the position that it was sent with"),
    ("LL-PLAYER-090/blank", "blank voice data is accepted"),
    ("LL-PLAYER-129/user-data", "userData may be anything"),
];
