//! Of `features/player`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-PLAYER-004/ping", "the ping is 0 before there was a gateway"),
    ("LL-PLAYER-007/nonsense-is-0", "what is no guild id is 0"),
    ("LL-PLAYER-007/unsigned", "a negative guild is refused"),
    ("LL-PLAYER-029/first", "of a key that stands twice the first one counts"),
    ("LL-PLAYER-055/as-sent", "the encoded track keeps the position that it was sent with"),
    ("LL-PLAYER-076/lenient", "what noReplace does not know is false"),
    ("LL-PLAYER-076/only-true", "noReplace knows only true and false"),
    ("LL-PLAYER-090/blank", "blank voice data is accepted"),
    ("LL-PLAYER-129/user-data", "userData may be anything"),
];
