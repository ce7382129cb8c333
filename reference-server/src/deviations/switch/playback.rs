//! Of `features/playback`.

switches! {
    PLAYBACK_002_FOUR = "LL-PLAYBACK-002/four", "four frames of silence follow sound";
    PLAYBACK_002_NONE = "LL-PLAYBACK-002/none", "no silence follows sound";
    PLAYBACK_003_SEQUENCE = "LL-PLAYBACK-003/sequence", "every sequence number is used twice";
    PLAYBACK_003_TIMESTAMPS = "LL-PLAYBACK-003/timestamps", "timestamps are 480 apart";
    PLAYBACK_004_SILENT = "LL-PLAYBACK-004/silent", "the gateway is not told when sound begins";
    PLAYBACK_006_SILENCE_BETWEEN = "LL-PLAYBACK-006/silence-between", "a frame of silence follows each frame";
    PLAYBACK_006_SLOW = "LL-PLAYBACK-006/slow", "a packet leaves every 21 ms";
    PLAYBACK_014_ENDLESS = "LL-PLAYBACK-014/endless", "silence is sent until there is sound again";
    PLAYBACK_051_PATIENT = "LL-PLAYBACK-051/patient", "a source may take a minute to answer";
    PLAYBACK_052_FAILS = "LL-PLAYBACK-052/fails", "a connection that breaks is not opened again";
    PLAYBACK_054_PATIENT = "LL-PLAYBACK-054/patient", "a source may hang for a minute";
    PLAYBACK_058_SILENT = "LL-PLAYBACK-058/silent", "nobody is told that a file ends too early";
    PLAYBACK_062_TOLD = "LL-PLAYBACK-062/told", "a track of which much makes no sense breaks at its end";
    PLAYBACK_063_DECODING = "LL-PLAYBACK-063/decoding", "a file that is gone passes for one that cannot be decoded";
    PLAYBACK_063_NAMELESS = "LL-PLAYBACK-063/nameless", "the exception of a file that is gone does not name it";
    PLAYBACK_088_GOES_ON = "LL-PLAYBACK-088/goes-on", "the gateway is not told when sound ends";
    PLAYBACK_088_LATE = "LL-PLAYBACK-088/late", "the gateway is told that sound ends when all of it has been sent";
    PLAYBACK_100_AGAIN = "LL-PLAYBACK-100/again", "the first segment of a stream comes again and again";
    PLAYBACK_100_NOT_READ = "LL-PLAYBACK-100/not-read", "the list of a stream is taken for its sound";
    PLAYBACK_100_ONE_SEGMENT = "LL-PLAYBACK-100/one-segment", "a stream ends with its first segment";
    PLAYBACK_101_NOT_FOLLOWED = "LL-PLAYBACK-101/not-followed", "a list of variants is taken for a list of segments";
    PLAYBACK_102_DECODING = "LL-PLAYBACK-102/decoding", "the list of a stream that is refused is a fault";
    PLAYBACK_102_PASSED_OVER = "LL-PLAYBACK-102/passed-over", "a segment that is refused is the end of a stream";
    PLAYBACK_103_AT_ONCE = "LL-PLAYBACK-103/at-once", "a stream is over as soon as its list has no more segments";
    PLAYBACK_104_EXCEPTION = "LL-PLAYBACK-104/exception", "a stream without sound is an exception";
    PLAYBACK_105_REFUSED = "LL-PLAYBACK-105/refused", "raw AAC is found and not played";
    PLAYBACK_107_REFUSED = "LL-PLAYBACK-107/refused", "a transport stream cannot be opened";
    PLAYBACK_400_ONLY_16_MIB = "LL-PLAYBACK-400/only-16-mib", "a file of more than 16 MiB breaks";
}
