//! Numbers that code reads instead of constants, so that a deviation can change them.

use std::time::Duration;

use crate::deviations::switch::Seam;
use crate::message::Message;

/// Where they are changed.
pub(crate) static SEAM: Seam<fn(&mut Values)> = Seam::new();

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

/// Whether a message is kept for a client that is away.
pub(crate) fn is_kept(message: &Message) -> bool {
    !matches!(message, Message::PlayerUpdate { .. })
}

/// A timeout; one below 0 is none.
pub(crate) fn seconds(timeout: i64) -> Duration {
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
        if let Some(change) = SEAM.get() {
            change(&mut values);
        }
        values
    }
}
