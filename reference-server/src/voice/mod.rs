//! Discord's voice servers: the gateway of a player, and the audio that goes there.

mod connect;
mod gateway;
mod outgoing;
mod rtp;

use std::sync::Arc;
use std::time::Duration;

pub(crate) use connect::ConnectError;
use gateway::{Conversation, can_resume};
pub(crate) use outgoing::{FRAME_PERIOD, Outgoing, Speaking};
pub(crate) use rtp::{Mode, RtpStream, SILENCE};
use rustls::ClientConfig;
use tokio::sync::mpsc;

use crate::config::Config;
use crate::server::Server;
use crate::tls::{self, TlsError};

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
    /// The connection broke; it is being resumed.
    Down,
    /// It is there again.
    Up,
    /// It is over.
    Closed { code: u16, reason: String, by_remote: bool },
}

/// Takes reports to the player.
pub(crate) trait Reporter: Send + 'static {
    fn report(&self, report: Report) -> impl Future<Output = ()> + Send;
}

/// What a player tells its connection.
#[derive(Debug)]
enum Command {
    Speak(bool),
}

/// A connection to a voice server. When it is dropped, it closes with 1000.
#[derive(Debug)]
pub(crate) struct Link {
    commands: mpsc::UnboundedSender<Command>,
}

impl Link {
    /// Connects, and returns when the socket is open; what follows is reported.
    pub(crate) async fn connect(
        server: &Server,
        identity: Identity,
        reporter: impl Reporter + Sync,
    ) -> Result<Self, ConnectError> {
        let tls = server.voice_tls().map_err(|error| std::io::Error::other(error.to_string()))?;
        let socket = connect::open(&server.clock, tls, &identity.endpoint).await?;
        let (commands, waiting) = mpsc::unbounded_channel();
        let conversation = Conversation::new(server.clone(), identity, reporter, waiting);
        server.tasks.spawn(conversation.run(socket));
        Ok(Self { commands })
    }

    /// Tells the gateway whether the bot speaks.
    pub(crate) fn speak(&self, speaking: bool) {
        // A connection that is over has nobody to tell.
        self.commands.send(Command::Speak(speaking)).ok();
    }
}

/// Whether a connection that the gateway closes with this code comes back, and nobody is told.
pub(crate) fn comes_back(code: u16) -> bool {
    can_resume(code)
}

/// How voice servers are trusted.
pub(crate) fn tls(config: &Config) -> Result<Arc<ClientConfig>, TlsError> {
    tls::trusting(config.voice_ca.as_deref())
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("guild", &self.guild).finish_non_exhaustive()
    }
}
