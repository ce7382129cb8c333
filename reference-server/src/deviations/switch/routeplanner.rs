//! Of `features/routeplanner`.

switches! {
    ROUTEPLANNER_014_FIRST_BLOCK = "LL-ROUTEPLANNER-014/first-block", "the size is that of the first block";
    ROUTEPLANNER_014_LAST_OFFSET = "LL-ROUTEPLANNER-014/last-offset", "the size is one too small";
    ROUTEPLANNER_020_ROTATES = "LL-ROUTEPLANNER-020/rotates", "RotateOnBan takes another address for each request";
    ROUTEPLANNER_021_ROTATES_ON = "LL-ROUTEPLANNER-021/rotates-on", "once rotated, RotateOnBan takes another address for each request";
    ROUTEPLANNER_021_STAYS = "LL-ROUTEPLANNER-021/stays", "RotateOnBan stays on an address that fails";
    ROUTEPLANNER_022_EVERY_FAILURE = "LL-ROUTEPLANNER-022/every-failure", "late failures of an earlier address rotate, too";
    ROUTEPLANNER_022_NOT_COUNTED = "LL-ROUTEPLANNER-022/not-counted", "rotateIndex stays 0";
    ROUTEPLANNER_023_FROM_ZERO = "LL-ROUTEPLANNER-023/from-zero", "ipIndex is the offset of the address";
    ROUTEPLANNER_024_DRAWS_FAILING = "LL-ROUTEPLANNER-024/draws-failing", "when all addresses fail, LoadBalance uses the first one";
    ROUTEPLANNER_024_USES_FAILING = "LL-ROUTEPLANNER-024/uses-failing", "when all addresses fail, RotateOnBan uses one of them";
    ROUTEPLANNER_025_EXCLUDED_USED = "LL-ROUTEPLANNER-025/excluded-used", "RotateOnBan uses excluded addresses";
    ROUTEPLANNER_025_FAILING_USED = "LL-ROUTEPLANNER-025/failing-used", "RotateOnBan uses failing addresses";
    ROUTEPLANNER_026_LAST_LEFT_OUT = "LL-ROUTEPLANNER-026/last-left-out", "of few addresses RotateOnBan never uses the last one";
    ROUTEPLANNER_026_NONE_AFTER_A_FAILURE = "LL-ROUTEPLANNER-026/none-after-a-failure", "of few addresses RotateOnBan finds none free once one fails";
    ROUTEPLANNER_031_EXCLUDED_USED = "LL-ROUTEPLANNER-031/excluded-used", "LoadBalance uses excluded addresses";
    ROUTEPLANNER_031_FAILING_USED = "LL-ROUTEPLANNER-031/failing-used", "LoadBalance uses failing addresses";
    ROUTEPLANNER_045_EACH_REQUEST = "LL-ROUTEPLANNER-045/each-request", "RotatingNanoSwitch takes the next block for each request";
    ROUTEPLANNER_045_STAYS = "LL-ROUTEPLANNER-045/stays", "RotatingNanoSwitch stays in a block whose address fails";
    ROUTEPLANNER_046_ENDS = "LL-ROUTEPLANNER-046/ends", "after the last block there is no address";
    ROUTEPLANNER_046_STAYS_AT_LAST = "LL-ROUTEPLANNER-046/stays-at-last", "RotatingNanoSwitch stays in the last block";
    ROUTEPLANNER_051_BREAK_MARKS = "LL-ROUTEPLANNER-051/break-marks", "a connection that breaks marks its address";
    ROUTEPLANNER_052_GIVES_UP = "LL-ROUTEPLANNER-052/gives-up", "an address that cannot be bound ends the request";
    ROUTEPLANNER_052_NOT_MARKED = "LL-ROUTEPLANNER-052/not-marked", "an address that cannot be bound is not marked";
    ROUTEPLANNER_053_SAME_ADDRESS = "LL-ROUTEPLANNER-053/same-address", "a redirect is followed from the same address";
    ROUTEPLANNER_054_EVERY_TIME = "LL-ROUTEPLANNER-054/every-time", "a video's page and script are asked for every time";
    ROUTEPLANNER_065_EMPTY = "LL-ROUTEPLANNER-065/empty", "a lookup that is retried too often passes for one without a match";
    ROUTEPLANNER_070_KEPT = "LL-ROUTEPLANNER-070/kept", "a freed address stays as it is";
    ROUTEPLANNER_070_ONLY_UNLISTED = "LL-ROUTEPLANNER-070/only-unlisted", "a freed address is not listed, and not used either";
    ROUTEPLANNER_071_FREES_ALL = "LL-ROUTEPLANNER-071/frees-all", "freeing an address that is not failing frees all";
    ROUTEPLANNER_075_FOUR_NUMBERS = "LL-ROUTEPLANNER-075/four-numbers", "an IPv4 address must have four numbers";
    ROUTEPLANNER_075_OCTAL = "LL-ROUTEPLANNER-075/octal", "a number with a leading zero is octal";
    ROUTEPLANNER_075_ZONE_IGNORED = "LL-ROUTEPLANNER-075/zone-ignored", "the zone of an address does not matter";
    ROUTEPLANNER_076_FIRST_ONLY = "LL-ROUTEPLANNER-076/first-only", "freeing all addresses frees one";
    ROUTEPLANNER_077_STARTS_OVER = "LL-ROUTEPLANNER-077/starts-over", "freeing all addresses forgets the address in use";
    ROUTEPLANNER_080_A_DAY = "LL-ROUTEPLANNER-080/a-day", "an entry expires after a day";
    ROUTEPLANNER_080_NEVER = "LL-ROUTEPLANNER-080/never", "an entry never expires";
    ROUTEPLANNER_081_SWEPT = "LL-ROUTEPLANNER-081/swept", "an entry that has expired is not listed";
    ROUTEPLANNER_090_GUARDED = "LL-ROUTEPLANNER-090/guarded", "the http source goes through the planner";
    ROUTEPLANNER_091_ENDPOINTS_GONE = "LL-ROUTEPLANNER-091/endpoints-gone", "without the youtube source there is no planner";
}
