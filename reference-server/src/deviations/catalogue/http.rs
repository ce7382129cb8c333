//! Of `features/http`.

pub(super) const DEVIATIONS: super::Entries = &[
    ("LL-HTTP-024/player-refuses", "a player's update with trace is refused"),
    ("LL-HTTP-026/destroys-anything", "destroying a player of a session that nobody has is 204"),
    ("LL-HTTP-026/empty-list", "a session that nobody has has no players"),
    (
        "LL-HTTP-026/player-of-nobody",
        "updating a player of a session that nobody has answers a player",
    ),
    (
        "LL-HTTP-029/no-player",
        "fetching a player of a session that nobody has says that there is no player",
    ),
    ("LL-HTTP-049/of-a-player", "the message about a player's body says what was wrong"),
    ("LL-HTTP-060/number", "a guild id is given back as a number"),
    ("LL-HTTP-060/rounded", "a guild id is rounded as JavaScript does"),
    ("LL-HTTP-063/destroys-anything", "destroying the player of anything is 204"),
    ("LL-HTTP-063/too-big-is-unknown", "fetching the player of too big a number is 404"),
    ("LL-HTTP-076/reversed", "the filters are in reverse order"),
    ("LL-HTTP-076/sorted", "the filters are sorted by name"),
    ("LL-HTTP-076/volume-last", "volume is the last filter"),
];
