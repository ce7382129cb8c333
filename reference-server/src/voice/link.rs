//! A connection to a voice server, as its player has it.

use tokio::sync::mpsc;

use super::gateway::Conversation;
use super::{ConnectError, Identity, Reporter, connect};
use crate::shared::Shared;

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
        shared: &Shared,
        identity: Identity,
        reporter: impl Reporter + Sync,
    ) -> Result<Self, ConnectError> {
        let tls = shared.voice_tls().map_err(|error| std::io::Error::other(error.to_string()))?;
        let socket = connect::open(&shared.clock, tls, &identity.endpoint).await?;
        let (commands, waiting) = mpsc::unbounded_channel();
        let conversation = Conversation::new(shared.clone(), identity, reporter, waiting);
        shared.tasks.spawn(conversation.run(socket));
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
