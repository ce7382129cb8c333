//! Of `features/voice`.

switches! {
    VOICE_004_ANEW = "LL-VOICE-004/anew", "a connection that broke identifies anew";
    VOICE_007_HALF = "LL-VOICE-007/half", "heartbeats are sent half as often as they should";
    VOICE_015_ONCE = "LL-VOICE-015/once", "a session can be resumed once";
    VOICE_017_SILENT = "LL-VOICE-017/silent", "nobody is told that a session cannot be resumed";
    VOICE_018_FIRST_ONLY = "LL-VOICE-018/first-only", "only the first of the offered modes is looked at";
    VOICE_018_LAST_FIRST = "LL-VOICE-018/last-first", "the last mode that is offered is chosen";
    VOICE_018_OWN_ORDER = "LL-VOICE-018/own-order", "of the offered modes its own favourite is chosen";
    VOICE_021_WAITS = "LL-VOICE-021/waits", "the server does not identify before hello";
    VOICE_023_BAD_REQUEST = "LL-VOICE-023/bad-request", "an unreachable voice server is 400";
    VOICE_024_ACCEPTED = "LL-VOICE-024/accepted", "an endpoint that is none is accepted";
    VOICE_025_GIVEN_UP = "LL-VOICE-025/given-up", "a connection whose heartbeat is not acknowledged is given up";
    VOICE_026_AT_ONCE = "LL-VOICE-026/at-once", "the first heartbeat comes at once";
    VOICE_028_ONCE = "LL-VOICE-028/once", "the server asks once from where it is heard";
    VOICE_029_TOLD = "LL-VOICE-029/told", "a session that can be resumed is over";
    VOICE_030_TOLD = "LL-VOICE-030/told", "a connection that is resumed is told as closed";
    VOICE_033_IMPATIENT = "LL-VOICE-033/impatient", "a gateway may take a second to answer";
    VOICE_037_RESUMED = "LL-VOICE-037/resumed", "a session that has ended is resumed";
    VOICE_040_LEAVES_WITH_1001 = "LL-VOICE-040/leaves-with-1001", "voice servers are left with 1001";
    VOICE_061_RESET = "LL-VOICE-061/reset", "the ping is 0 while a heartbeat is not acknowledged";
    VOICE_062_VERSION_7 = "LL-VOICE-062/version-7", "the voice gateway is asked for version 7";
    VOICE_063_COUNTED = "LL-VOICE-063/counted", "a session can be resumed four times";
}
