//! Of `features/filters`.

switches! {
    FILTERS_012_LEFT_OUT = "LL-FILTERS-012/left-out", "a field that is at its default is not shown";
    FILTERS_017_FIRST = "LL-FILTERS-017/first", "of a filter that stands twice the first one counts";
    FILTERS_020_ACCEPTED = "LL-FILTERS-020/accepted", "a filter that is off is accepted";
    FILTERS_033_AS_SENT = "LL-FILTERS-033/as-sent", "filters are shown in the order in which they were sent";
    FILTERS_107_OFFSET_INSIDE = "LL-FILTERS-107/offset-inside", "the offsets of a distortion go into its functions";
    FILTERS_107_SUM = "LL-FILTERS-107/sum", "a distortion is a sum";
    FILTERS_108_TOGETHER = "LL-FILTERS-108/together", "both channels of a rotation go the same way";
    FILTERS_110_HIGH_PASS = "LL-FILTERS-110/high-pass", "a low-pass passes what is high";
    FILTERS_111_DISTORTION_LAST = "LL-FILTERS-111/distortion-last", "distortion is the last filter";
    FILTERS_111_VOLUME_FIRST = "LL-FILTERS-111/volume-first", "volume is the first filter";
    FILTERS_112_ANY_PRESENT = "LL-FILTERS-112/any-present", "filters are heard though none is enabled";
    FILTERS_112_DISABLED_SKIPPED = "LL-FILTERS-112/disabled-skipped", "a filter that is not enabled is left out beside one that is";
    FILTERS_114_FRESH_ON_SEEK = "LL-FILTERS-114/fresh-on-seek", "every filter begins anew after a seek";
    FILTERS_114_SAME_KEPT = "LL-FILTERS-114/same-kept", "the same filters once more do not begin anew";
    FILTERS_115_AT_ONCE = "LL-FILTERS-115/at-once", "new filters throw away what was decoded before";
    FILTERS_115_SEEK_KEEPS_OLD = "LL-FILTERS-115/seek-keeps-old", "after a seek the old filters are heard first";
    FILTERS_116_SEEK_IN_OUTPUT_TIME = "LL-FILTERS-116/seek-in-output-time", "a seek goes to a time of the output";
    FILTERS_116_SOURCE_TIME = "LL-FILTERS-116/source-time", "positions count the time of the source";
    FILTERS_117_IGNORED = "LL-FILTERS-117/ignored", "a track with bad filters plays without any";
    FILTERS_117_MESSAGE = "LL-FILTERS-117/message", "the message about bad filters at the start is another";
    FILTERS_118_CUT_OFF = "LL-FILTERS-118/cut-off", "what was decoded before bad filters is not heard";
    FILTERS_118_IGNORED = "LL-FILTERS-118/ignored", "bad filters leave those before them on";
    FILTERS_119_NEVER_LOUDER = "LL-FILTERS-119/never-louder", "the volume of a player makes nothing louder";
    FILTERS_119_NEVER_MUTE = "LL-FILTERS-119/never-mute", "the volume of a player is never 0";
    FILTERS_120_KEPT = "LL-FILTERS-120/kept", "filters go on when there are none any more";
    FILTERS_120_MUTED = "LL-FILTERS-120/muted", "without filters there is silence";
    FILTERS_122_LINEAR = "LL-FILTERS-122/linear", "the volume filter is linear";
    FILTERS_124_BAND_ONLY = "LL-FILTERS-124/band-only", "karaoke leaves nothing but its band";
    FILTERS_127_LINEAR = "LL-FILTERS-127/linear", "the volume of a player is linear";
    FILTERS_127_SILENCE = "LL-FILTERS-127/silence", "at volume 0 the frames of silence are sent that mean that sound has stopped";
    FILTERS_144_UNFILTERED = "LL-FILTERS-144/unfiltered", "what a higher rate raises beyond what can be heard comes back";
}
