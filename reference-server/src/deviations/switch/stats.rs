//! Of `features/stats`.

switches! {
    STATS_041_OWN_IN_MESSAGES = "LL-STATS-041/own-in-messages", "messages count the players of their own session only";
    STATS_042_STILL_COUNTED = "LL-STATS-042/still-counted", "players of a session that has ended are counted";
    STATS_043_ENDED_TOO = "LL-STATS-043/ended-too", "players that played when their session ended go on counting";
    STATS_043_NEVER_LESS = "LL-STATS-043/never-less", "playingPlayers never gets less while a session lives";
    STATS_050_ANY_MINUTE = "LL-STATS-050/any-minute", "a player counts when it has played for any 60 seconds";
    STATS_050_MINUTE_LATE = "LL-STATS-050/minute-late", "a player counts a whole minute later";
    STATS_050_ZEROS = "LL-STATS-050/zeros", "frameStats are zeros as long as there is nothing to tell";
    STATS_051_TWICE = "LL-STATS-051/twice", "every frame is counted twice";
    STATS_052_BOTH_MINUTES = "LL-STATS-052/both-minutes", "the minute that runs is counted with the last";
    STATS_052_RUNNING_MINUTE = "LL-STATS-052/running-minute", "frameStats tell of the minute that runs";
    STATS_053_PAUSED_TOO = "LL-STATS-053/paused-too", "paused players are counted with what they sent before";
    STATS_054_IDLE_AVERAGED = "LL-STATS-054/idle-averaged", "idle players count as if they had sent nothing";
    STATS_054_ZEROS = "LL-STATS-054/zeros", "frameStats are zeros when nobody plays";
    STATS_055_ANY_GAP_COUNTS = "LL-STATS-055/any-gap-counts", "the shortest pause makes a player count anew";
    STATS_056_NEVER_AGAIN = "LL-STATS-056/never-again", "after a gap a player does not count any more";
    STATS_056_SECOND_ALLOWED = "LL-STATS-056/second-allowed", "a gap of up to a second does not matter";
    STATS_058_NULL = "LL-STATS-058/null", "without voice there is nothing to tell";
    STATS_058_NULLED = "LL-STATS-058/nulled", "frames that nobody asked for are nulled";
    STATS_092_UNHEARD = "LL-STATS-092/unheard", "a track that nobody hears does not count as playing";
    STATS_097_PAUSED_TOO = "LL-STATS-097/paused-too", "playingPlayers counts paused players";
}
