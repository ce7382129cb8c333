//! The calls that a session's task answers.

use serde_json::Value;
use tokio::sync::oneshot;

use super::outbox::SocketWriter;
use super::{Farewell, Happening, Lacking, Patch, Session, SocketReader, Step, Terms};
use crate::message::Message;
use crate::player::{Command, Outcome, VoiceUpdate};
use crate::voice::{Link, Report};

/// The way back for the result of a call.
pub(crate) type Reply<T> = oneshot::Sender<T>;

/// A session as it is once its socket has been let go.
pub(crate) type Dropped = oneshot::Receiver<Value>;

/// A call to a session's task, with the way back for its result.
pub(crate) enum Call {
    /// The player objects.
    ShowPlayers(Reply<Value>),
    /// The player object of a guild, if it has one.
    ShowPlayer(i64, Reply<Option<Value>>),
    /// A checked PATCH is to be applied, but for its voice data.
    Apply(Box<Patch>, Reply<Outcome>),
    /// The player of a guild is to be told something.
    Tell(i64, Box<Command>, Reply<Outcome>),
    /// The player of a guild is to be destroyed; the result is whether there was one.
    DestroyPlayer(i64, Reply<bool>),
    /// The voice server was reached that the connection with this number is to; without a link
    /// there is none and need not be.
    Connected { guild: i64, serial: u64, voice: VoiceUpdate, link: Option<Link>, done: Reply<()> },
    /// The voice connection with this number has something to report.
    Report { guild: i64, serial: u64, report: Report, done: Reply<()> },
    /// Its client wants other terms of resuming; the result is the session as it is then.
    Change(Terms, Reply<Value>),
    /// Its socket is gone; the result is how the session is then.
    LoseSocket(SocketReader, Reply<Value>),
    /// It has a new socket.
    Resume(SocketWriter, Reply<()>),
    /// Its client is to get statistics, if it is there.
    SendStats(Reply<()>),
    /// It is over.
    End(Reply<()>),
    /// It is over, with a farewell on its socket; there is a result to wait for if it has one.
    EndWith(Farewell, Reply<Option<Dropped>>),
    /// A test wants to know who it is, and what it has.
    Describe(Reply<Value>),
    /// A test has it say something.
    Say(Message, Reply<()>),
    /// A test has its socket let go; `None` if there is none.
    DropSocket(Farewell, Reply<Option<Dropped>>),
    /// A test has a voice connection look otherwise; the result is the player object.
    Pretend {
        guild: i64,
        ping: Option<i64>,
        connected: Option<bool>,
        shown: Reply<Result<Value, Lacking>>,
    },
    /// A test has something happen to a player; the result is the event that was sent, or null,
    /// and the player object.
    Happen(i64, Happening, Reply<Result<(Value, Value), Lacking>>),
}

impl Session {
    /// Does what a call asks for. The caller may have hung up.
    pub(super) fn perform(&mut self, call: Call) {
        self.reach(Step::Called);
        match call {
            Call::ShowPlayers(reply) => answer(reply, self.players_json()),
            Call::ShowPlayer(guild, reply) => answer(reply, self.player_json(guild)),
            Call::Apply(patch, reply) => answer(reply, self.update(*patch)),
            Call::Tell(guild, command, reply) => answer(reply, self.command(guild, *command)),
            Call::DestroyPlayer(guild, reply) => answer(reply, self.destroy_player(guild)),
            Call::Connected { guild, serial, voice, link, done } => {
                self.connected(guild, serial, voice, link);
                answer(done, ());
            }
            Call::Report { guild, serial, report, done } => {
                self.voice_report(guild, serial, report);
                answer(done, ());
            }
            Call::Change(update, reply) => answer(reply, update.apply(self)),
            Call::LoseSocket(reader, reply) => {
                self.lose_socket(reader);
                answer(reply, self.describe());
            }
            Call::Resume(socket, done) => {
                self.resume(socket);
                answer(done, ());
            }
            Call::SendStats(done) => {
                self.send_stats_if_open();
                answer(done, ());
            }
            Call::End(done) => {
                self.end();
                answer(done, ());
            }
            Call::EndWith(farewell, reply) => answer(reply, self.end_with(farewell)),
            Call::Describe(reply) => answer(reply, self.describe()),
            Call::Say(message, done) => {
                self.say(message);
                answer(done, ());
            }
            Call::DropSocket(farewell, reply) => answer(reply, self.drop_socket(farewell)),
            Call::Pretend { guild, ping, connected, shown } => {
                answer(shown, self.set_voice(guild, ping, connected));
            }
            Call::Happen(guild, happening, reply) => {
                let event = self.happen(guild, happening);
                let player = self.player_json(guild).unwrap_or_default();
                answer(reply, event.map(|event| (event, player)));
            }
        }
    }
}

fn answer<T>(reply: Reply<T>, result: T) {
    drop(reply.send(result));
}
