//! Of `features/player`.

switches! {
    PLAYER_004_PING = "LL-PLAYER-004/ping", "the ping is 0 before there was a gateway";
    PLAYER_029_FIRST = "LL-PLAYER-029/first", "of a key that stands twice the first one counts";
    PLAYER_055_AS_SENT = "LL-PLAYER-055/as-sent", "the encoded track keeps the position that it was sent with";
    PLAYER_090_BLANK = "LL-PLAYER-090/blank", "blank voice data is accepted";
    PLAYER_129_USER_DATA = "LL-PLAYER-129/user-data", "userData may be anything";
}
