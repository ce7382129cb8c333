//! Discord's voice servers: the gateway of a player, and the audio that goes there.

#[cfg(not(feature = "voice"))]
mod absent;
#[cfg(feature = "voice")]
mod connect;
#[cfg(feature = "voice")]
mod gateway;
#[cfg(feature = "voice")]
mod link;
mod outgoing;
#[cfg(feature = "voice")]
mod rtp;

use std::time::Duration;

use serde_json::Value;

use crate::deviations::switch::{self, Seam, deviates};

#[cfg(not(feature = "voice"))]
pub(crate) use absent::{ConnectError, Link, RtpStream};
#[cfg(feature = "voice")]
pub(crate) use connect::ConnectError;
#[cfg(feature = "voice")]
pub(crate) use link::Link;
pub(crate) use outgoing::{Outgoing, Speaking};
#[cfg(all(feature = "audio", feature = "voice"))]
pub(crate) use rtp::Mode;
#[cfg(feature = "voice")]
pub(crate) use rtp::RtpStream;

/// Where deviations change what is said to a gateway: an op, and its data.
pub(crate) static SAID: Seam<fn(u8, &mut Value)> = Seam::new();

/// Who connects, and where to.
#[derive(Clone)]
pub(crate) struct Identity {
    /// The bot.
    pub(crate) user: i64,
    pub(crate) guild: i64,
    pub(crate) session_id: String,
    pub(crate) token: String,
    /// Host and port.
    pub(crate) endpoint: String,
}

/// What a connection tells its player.
#[derive(Debug)]
pub(crate) enum Report {
    /// The gateway knows the bot.
    Ready,
    /// Audio can be sent.
    Described(Box<RtpStream>),
    /// Between a heartbeat and its acknowledgement.
    Ping(Duration),
    /// The connection broke, with a close frame (`told`) or without; it is being resumed.
    Down { told: bool },
    /// It is there again.
    Up,
    /// It is over.
    Closed { code: u16, reason: String, by_remote: bool },
}

/// Takes reports to the player.
pub(crate) trait Reporter: Send + 'static {
    fn report(&self, report: Report) -> impl Future<Output = ()> + Send;
}

/// Whether a connection that the gateway closes with this code comes back, and nobody is told:
/// its session can be resumed.
pub(crate) fn comes_back(code: u16) -> bool {
    if code >= 4000 && deviates(switch::VOICE_037_RESUMED) {
        return true;
    }
    matches!(code, 1001 | 1006 | 4000..=4003 | 4005 | 4009 | 4012 | 4015 | 4016 | 4020)
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("guild", &self.guild).finish_non_exhaustive()
    }
}
