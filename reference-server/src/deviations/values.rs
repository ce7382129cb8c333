//! Breaks of numbers that code reads instead of constants.

use std::time::Duration;

use super::row::{Row, run};
use crate::message::Message;
use crate::values::{Values, is_kept, seconds};

type Change = fn(&mut Values);

const fn values(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

const ROWS: &[Row<Change>] = &[
    values("LL-PLAYBACK-085/default", "the sender has 20 packets whatever is configured", |v| {
        v.send_buffer = |_| 400;
    }),
    values("LL-PLAYER-004/volume", "a new player has volume 50", |v| v.first_volume = 50),
    values("LL-PLAYER-021/1001", "volume is clamped to 1001", |v| v.volumes.1 = 1001),
    values("LL-PLAYER-021/below-zero", "a negative volume is kept", |v| v.volumes.0 = i32::MIN),
    values("LL-PLAYER-103/slow", "playerUpdates come two seconds late", |v| {
        v.update_interval = |seconds| seconds + 2;
    }),
    values("LL-PLAYER-108/early", "cleanup comes after 40 seconds", |v| {
        v.cleanup_threshold = Duration::from_secs(40);
    }),
    values("LL-PLAYER-108/late", "cleanup comes after 90 seconds", |v| {
        v.cleanup_threshold = Duration::from_secs(90);
    }),
    values("LL-PLAYER-110/default", "the configured interval is ignored", |v| {
        v.update_interval = |_| 5;
    }),
    values("LL-SESSION-001/resuming-on", "a session begins with resuming on", |v| {
        v.resuming = true;
    }),
    values("LL-SESSION-001/timeout-30", "a session begins with a timeout of 30 seconds", |v| {
        v.timeout = 30;
    }),
    values("LL-SESSION-030/milliseconds", "the timeout is one of milliseconds", |v| {
        v.resume_timeout = |timeout| seconds(timeout) / 1000;
    }),
    values("LL-SESSION-033/queued", "playerUpdates are kept for the return", |v| {
        v.keeps = |_| true;
    }),
    values("LL-SESSION-034/dropped", "stats of the absence are dropped", |v| {
        v.keeps = |message| is_kept(message) && !matches!(message, Message::Stats(_));
    }),
    values("LL-SESSION-040/late", "a session waits three times as long as its timeout", |v| {
        v.resume_timeout = |timeout| seconds(timeout) * 3;
    }),
    values("LL-SESSION-041/kept", "a timeout of 0 is one of a second", |v| {
        v.resume_timeout = |timeout| seconds(timeout.max(1));
    }),
    values("LL-STATS-022/30-seconds", "stats come every 30 seconds", |v| {
        v.stats_period = Duration::from_secs(30);
    }),
    values("LL-STATS-022/65-seconds", "stats come every 65 seconds", |v| {
        v.stats_period = Duration::from_secs(65);
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Changes the values that are chosen to be wrong.
pub(super) fn change(values: &mut Values) {
    run(rows(), |row| {
        (row.change)(values);
        true
    });
}
