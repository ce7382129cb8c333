//! Numbers that the code reads instead of constants, so that a deviation can change them.

use std::time::Duration;

use super::{Row, any, chosen_of, count};
use crate::message::Message;

/// Thresholds, intervals and first values of a session and its players.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Values {
    /// Whether a new session can be resumed.
    pub(crate) resuming: bool,
    /// Seconds for which a new session could be.
    pub(crate) timeout: i64,
    /// How long a session waits, by its timeout in seconds.
    pub(crate) resume_timeout: fn(i64) -> Duration,
    /// Which messages are kept for a client that is away. It gets a playerUpdate for every player
    /// when it is back, and so none of the meantime.
    pub(crate) keeps: fn(&Message) -> bool,
    /// Time between two statistics of a session.
    pub(crate) stats_period: Duration,
    /// The volume of a new player.
    pub(crate) first_volume: i32,
    /// The least and the greatest volume.
    pub(crate) volumes: (i32, i32),
    /// Seconds between two playerUpdates, by those that are configured.
    pub(crate) update_interval: fn(u64) -> u64,
    /// A track ends when nobody has asked for a frame for this long.
    pub(crate) cleanup_threshold: Duration,
    /// Milliseconds that a connection keeps sound, by those that are configured.
    pub(crate) send_buffer: fn(u64) -> u64,
}

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

fn is_kept(message: &Message) -> bool {
    !matches!(message, Message::PlayerUpdate { .. })
}

/// A timeout; one below 0 is none.
fn seconds(timeout: i64) -> Duration {
    Duration::from_secs(u64::try_from(timeout).unwrap_or(0))
}

impl Default for Values {
    fn default() -> Self {
        Self {
            resuming: false,
            timeout: 60,
            resume_timeout: seconds,
            keeps: is_kept,
            stats_period: Duration::from_secs(60),
            first_volume: 100,
            volumes: (0, 1000),
            update_interval: |configured| configured,
            cleanup_threshold: Duration::from_secs(60),
            send_buffer: |configured| configured,
        }
    }
}

impl Values {
    /// The right values, but for those that are chosen to be wrong.
    pub(crate) fn chosen() -> Self {
        let mut values = Self::default();
        if any() {
            for row in chosen_of(rows()) {
                (row.change)(&mut values);
                count(row.name);
            }
        }
        values
    }
}
