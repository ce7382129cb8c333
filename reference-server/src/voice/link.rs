//! A connection to a voice server, as its player has it.

use std::sync::Arc;

use rustls::ClientConfig;
use tokio::sync::mpsc;

use super::gateway::Conversation;
use super::{ConnectError, Identity, Reporter, connect};
use crate::config::Config;
use crate::server::Server;
use crate::tls::{self, TlsError};

/// What a player tells its connection.
#[derive(Debug)]
pub(super) enum Command {
    Speak(bool),
    /// It is to connect again once it has left, and to resume.
    ComeBack,
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

    /// Has the connection come back after it has closed, as the real server's sometimes does.
    pub(crate) fn come_back(&self) {
        self.commands.send(Command::ComeBack).ok();
    }
}

/// How voice servers are trusted.
pub(crate) fn tls(config: &Config) -> Result<Arc<ClientConfig>, TlsError> {
    tls::trusting(config.voice_ca.as_deref())
}
