//! What a test has a session do and its players go through.

use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::Session;
use super::outbox::Outbox;
use crate::message::{EndReason, Event, Message};
use crate::player::{Command, Player};
use crate::voice::comes_back;

/// How a socket is let go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Farewell {
    /// TCP ends, and nothing is said.
    Silent,
    /// TCP is reset.
    Reset,
    /// With a close frame.
    Close { code: u16, reason: String },
}

/// What is to happen to a player.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Happening {
    /// A track is told to have started: the player's, or the one that is given.
    Start(Option<Value>),
    /// The track ends.
    End(Option<Value>, EndReason),
    /// A track is told to have an exception.
    Exception(Option<Value>, Value),
    /// A track is told to be stuck, for so many milliseconds.
    Stuck(Option<Value>, Option<u64>),
    /// The voice gateway closes. `always`: whatever the code, and whether there is one or not.
    VoiceClosed { code: u16, reason: String, by_remote: bool, always: bool },
    /// An event of another type, with all its keys.
    Other(Map<String, Value>),
}

/// Why something cannot happen to a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Lacking {
    #[error("there is no player of guild {0}; PATCH it first, as a client does")]
    Player(i64),
    #[error("the player has no track; play one, or give one as track")]
    Track,
    #[error("the player has no voice connection; send voice data first, as a client does")]
    Voice,
}

impl Session {
    /// Who it is, and what it has.
    pub(crate) fn describe(&self) -> Value {
        json!({
            "id": self.id(),
            "userId": self.user.to_string(),
            "clientName": self.client_name,
            "state": self.state_name(),
            "resuming": self.resuming,
            "timeout": self.timeout,
            "players": self.players_json(),
        })
    }

    /// Lets the socket go; `None` if there is none. What is given back comes when the session is
    /// away or over, and is how it is then.
    pub(crate) fn drop_socket(&mut self, farewell: Farewell) -> Option<oneshot::Receiver<Value>> {
        let Outbox::Open(socket) = &mut self.outbox else { return None };
        let (done, is_done) = oneshot::channel();
        socket.let_go(farewell, done).then_some(is_done)
    }

    /// Ends the session, with a farewell on its socket.
    pub(super) fn end_with(&mut self, farewell: Farewell) -> Option<oneshot::Receiver<Value>> {
        self.ends = true;
        let dropped = self.drop_socket(farewell);
        if dropped.is_none() {
            self.end();
        }
        dropped
    }

    /// Sets what the voice connection of a player is said to be, and tells it.
    pub(crate) fn set_voice(
        &mut self,
        guild: i64,
        ping: Option<i64>,
        connected: Option<bool>,
    ) -> Result<Value, Lacking> {
        self.known(guild)?;
        self.command(guild, Command::Pretend { ping, connected });
        Ok(self.player_json(guild).unwrap_or_default())
    }

    /// Has something happen to a player; gives back the event that was sent, or null.
    pub(crate) fn happen(&mut self, guild: i64, happening: Happening) -> Result<Value, Lacking> {
        let player = self.known(guild)?;
        let about =
            |given: Option<Value>| given.or_else(|| player.track_json()).ok_or(Lacking::Track);
        let (command, event) = match happening {
            Happening::VoiceClosed { code, reason, by_remote, always } => {
                if !always && !player.voice.is_connected() {
                    return Err(Lacking::Voice);
                }
                // The real server comes back then, and nobody is told (docs/observed/voice.md).
                if !always && comes_back(code) {
                    return Ok(Value::Null);
                }
                let event = Event::Closed { code, reason: reason.clone(), by_remote };
                (Command::CloseVoice { code, reason, by_remote }, event)
            }
            Happening::Other(keys) => return Ok(self.say_other(guild, keys)),
            Happening::End(given, reason) => {
                let is_given = given.is_some();
                let event = Event::End(about(given)?, reason);
                (Command::End { reason, told: is_given.then(|| event.clone()) }, event)
            }
            Happening::Start(given) => happens(Event::Start(about(given)?)),
            Happening::Exception(given, exception) => {
                happens(Event::Exception(about(given)?, exception))
            }
            Happening::Stuck(given, threshold) => {
                let usual = self.shared.config.track_stuck_threshold_ms;
                let threshold = Duration::from_millis(threshold.unwrap_or(usual));
                happens(Event::Stuck(about(given)?, threshold))
            }
        };
        self.command(guild, command);
        Ok(event.message(guild))
    }

    /// Sends an event of a type that the server does not know.
    fn say_other(&mut self, guild: i64, keys: Map<String, Value>) -> Value {
        let mut message = Map::new();
        message.insert("op".into(), "event".into());
        message.insert("guildId".into(), guild.to_string().into());
        message.extend(keys);
        let message = Value::Object(message);
        self.say(Message::Written(message.to_string()));
        message
    }

    fn known(&self, guild: i64) -> Result<&Player, Lacking> {
        self.guilds.get(&guild).map(|guild| &guild.player).ok_or(Lacking::Player(guild))
    }
}

/// An event that changes nothing, and the command that has it happen.
fn happens(event: Event) -> (Command, Event) {
    (Command::Happen(event.clone()), event)
}
