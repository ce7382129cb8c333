//! Of `features/player`.

switches! {
    PLAYER_004_PING = "LL-PLAYER-004/ping", "the ping is 0 before there was a gateway";
    PLAYER_029_FIRST = "LL-PLAYER-029/first", "of a key that stands twice the first one counts";
    PLAYER_055_AS_SENT = "LL-PLAYER-055/as-sent", "the encoded track keeps the position that it was sent with";
    PLAYER_090_BLANK = "LL-PLAYER-090/blank", "blank voice data is accepted";
    PLAYER_129_USER_DATA = "LL-PLAYER-129/user-data", "userData may be anything";
    PLAYER_143_FROM_ZERO = "LL-PLAYER-143/from-zero", "a track that cannot be opened is at 0";
    PLAYER_143_SOUGHT = "LL-PLAYER-143/sought", "a track that cannot be opened is sought like any other";
    PLAYER_144_AS_ASKED = "LL-PLAYER-144/as-asked", "the answer to a start has the position that was asked for, whatever it is";
    PLAYER_145_SOUGHT = "LL-PLAYER-145/sought", "streams are sought";
}
