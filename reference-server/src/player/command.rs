//! Commands to a player, the context that they are carried out in, and their effects.

use std::time::Duration;

use serde_json::Value;

use super::{Player, PlayerUpdate, VoiceUpdate};
use crate::clock::Moment;
use crate::config::Config;
use crate::error::ApiError;
use crate::latitude::{Latitude, Otherwise};
use crate::message::{EndReason, Event, Message};
use crate::playback::{Decoded, Work};
use crate::tracks::{Track, TrackInfo};
use crate::values::Values;

/// A command to a player.
#[derive(Debug)]
pub(crate) enum Command {
    /// A checked body is to be applied. `track`: the encoded track that it names, decoded.
    Update {
        update: Box<PlayerUpdate>,
        no_replace: bool,
        track: Option<Result<Box<Track>, ApiError>>,
    },
    /// A track that was looked up is to be played; `update` is the body that has named it.
    Play { track: Box<Track>, update: Box<PlayerUpdate> },
    /// The voice connection takes the next frame, or one that comes too late for it.
    TakeFrame { late: bool },
    /// Frames were taken, and others may be wanted.
    LookAhead,
    /// The decoder has done its work.
    Decoded(Decoded),
    /// The client has sent what Discord told it of a voice channel.
    VoiceData(VoiceUpdate),
    /// The voice server of these data was reached. `simulated`: there is none, and nobody hears
    /// what is sent.
    Connected { serial: u64, voice: VoiceUpdate, simulated: bool },
    /// The voice connection with this number has news.
    Voice { serial: u64, news: News },
    /// The time of a timer has come.
    Due(Due),
    /// The player is to be destroyed; what the command leaves is thrown away.
    Destroy,
    /// A client that was away is told how the player is.
    Tell,
    /// The control API has an event happen that changes nothing in the player.
    Happen(Event),
    /// The control API ends the track. `told`: the event instead of the track's own.
    End { reason: EndReason, told: Option<Event> },
    /// The control API has the voice connection look otherwise.
    Pretend { ping: Option<i64>, connected: Option<bool> },
    /// The control API closes the voice connection.
    CloseVoice { code: u16, reason: String, by_remote: bool },
}

/// The timers of a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// A playerUpdate.
    Update,
    /// A look for tracks that nobody hears.
    Cleanup,
}

/// News of a voice connection for its player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// The gateway knows the bot.
    Ready,
    /// Frames are taken from now on.
    Listening,
    /// The time between a heartbeat and its acknowledgement.
    Ping(Duration),
    /// The connection broke, with a close frame (`told`) or without; it is being resumed.
    Down { told: bool },
    /// It is there again.
    Up,
    /// It is over.
    Closed { code: u16, reason: String, by_remote: bool },
}

/// The world as far as a player may know it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) now: Moment,
    /// Milliseconds since the epoch at `now`.
    pub(crate) wall: u64,
    /// A number that no stream and no connection of the session has yet.
    pub(crate) serial: u64,
    pub(crate) config: &'a Config,
    pub(crate) latitude: &'a Latitude,
    pub(crate) values: &'a Values,
}

/// The effects of a command.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Messages to the client, in their order.
    pub(crate) messages: Vec<Message>,
    /// Orders to the session, in their order.
    pub(crate) orders: Vec<Order>,
    pub(crate) outcome: Outcome,
}

/// Something that the session is to do for a player.
#[derive(Debug)]
pub(crate) enum Order {
    /// Frames are to be made ahead of time, of a track with this info.
    Decode(Box<Work>, Box<TrackInfo>),
    /// The voice connection is to look again whether there is something to send.
    Wake,
    /// The gateway of the voice connection is to be closed; what is on its way is still sent.
    HangUp,
    /// The voice connection is to be closed at once, with what it has not sent yet.
    Disconnect,
    /// The voice channel is to be left, once what is on its way has been sent. `comes_back`: the
    /// connection is made again afterwards, as the real server's is now and then.
    Leave { comes_back: bool },
}

/// The result of a command, for its caller.
#[derive(Debug, Default, PartialEq)]
pub(crate) enum Outcome {
    #[default]
    Nothing,
    /// The player object to answer with.
    Answer(Value),
    /// This identifier is to be looked up and played; all else was applied.
    LookUp(String),
    /// The request is refused. What was applied before stays.
    Refused(ApiError),
    /// A frame of Opus.
    Frame(Box<[u8]>),
    /// A voice connection is to be made, with this number.
    Connect(u64),
    /// The player is no more.
    Gone,
}

impl Command {
    /// Whether more frames may be wanted after the command than before.
    fn may_want_frames(&self) -> bool {
        matches!(
            self,
            Self::Update { .. }
                | Self::Play { .. }
                | Self::LookAhead
                | Self::Decoded(_)
                | Self::Connected { .. }
                | Self::Voice { .. }
        )
    }

    /// Whether the command makes a player if there is none.
    pub(crate) fn makes_a_player(&self) -> bool {
        matches!(self, Self::Update { .. } | Self::Play { .. } | Self::VoiceData(_))
    }
}

impl Effects {
    /// Sends the client a message.
    pub(super) fn say(&mut self, message: Message) {
        self.messages.push(message);
    }
}

impl Player {
    /// Carries a command out. Nothing is sent or waited for: the effects say what is to be done.
    pub(crate) fn apply(&mut self, command: Command, context: &Context<'_>) -> Effects {
        let mut effects = Effects::default();
        let out = &mut effects;
        let looks_ahead = command.may_want_frames();
        let outcome = match command {
            Command::Update { update, no_replace, track } => {
                self.update(*update, no_replace, track, context, out)
            }
            Command::Play { track, update } => self.play(*track, &update, context, out),
            Command::TakeFrame { late } => self.take_counted(late, context, out),
            Command::LookAhead => Outcome::Nothing,
            Command::Decoded(decoded) => self.receive(decoded, context, out),
            Command::VoiceData(voice) => self.take_voice_data(&voice, context, out),
            Command::Connected { serial, voice, simulated } => {
                self.connected(serial, voice, simulated, context, out)
            }
            Command::Voice { serial, news } => self.hear(serial, news, context, out),
            Command::Due(Due::Update) => self.update_on_time(context, out),
            Command::Due(Due::Cleanup) => self.clean_up(context, out),
            Command::Destroy => self.destroy(context, out),
            Command::Tell => self.tell(context, out),
            Command::Happen(event) => self.happen(event, out),
            Command::End { reason, told } => self.end_as_told(reason, told, out),
            Command::Pretend { ping, connected } => self.pretend(ping, connected, context, out),
            Command::CloseVoice { code, reason, by_remote } => {
                self.lose_voice(code, reason, by_remote, context, out)
            }
        };
        effects.outcome = outcome;
        if looks_ahead && let Some(order) = self.look_ahead(context) {
            effects.orders.push(order);
        }
        effects
    }

    /// Whether the moment of a timer has come.
    pub(crate) fn is_due(&self, due: Due, now: Moment) -> bool {
        match due {
            Due::Update => self.next_update <= now,
            Due::Cleanup => self.track.is_some(),
        }
    }

    /// The time of the next playerUpdate has come. One that comes late does not move the others.
    fn update_on_time(&mut self, context: &Context<'_>, effects: &mut Effects) -> Outcome {
        let interval = self.update_interval(context);
        while self.next_update <= context.now {
            self.next_update = self.next_update + interval;
        }
        self.tell(context, effects)
    }

    /// Ends a track that nobody has asked for frames for long.
    fn clean_up(&mut self, context: &Context<'_>, effects: &mut Effects) -> Outcome {
        let threshold = context.values.cleanup_threshold;
        let forgotten = self.track.as_ref().is_some_and(|track| {
            context.now.since(track.last_asked) >= threshold && !self.voice.is_listening()
        });
        if forgotten {
            self.end_track(EndReason::Cleanup, effects);
        }
        Outcome::Nothing
    }

    /// Ends the track and leaves the voice channel.
    fn destroy(&mut self, context: &Context<'_>, effects: &mut Effects) -> Outcome {
        self.end_track(EndReason::Stopped, effects);
        let comes_back = context.latitude.takes(Otherwise::BackAfterLeaving);
        effects.orders.push(Order::Leave { comes_back });
        if self.voice.close() && !comes_back {
            let by_remote = context.latitude.takes(Otherwise::ClosedByEcho);
            self.tell_closed(1000, String::new(), by_remote, context, effects);
        }
        Outcome::Gone
    }

    /// Sends the client a playerUpdate.
    pub(super) fn tell(&mut self, context: &Context<'_>, effects: &mut Effects) -> Outcome {
        effects.say(self.update_message(context.wall));
        Outcome::Nothing
    }

    /// The player object. A position that was asked for is shown this once.
    pub(super) fn answer(&mut self, context: &Context<'_>) -> Outcome {
        let answer = self.to_json(context.wall);
        self.forget_shown_position();
        Outcome::Answer(answer)
    }

    /// Ends the track, if there is one, and has the client told why.
    pub(super) fn end_track(&mut self, reason: EndReason, effects: &mut Effects) {
        if let Some(track) = self.track.take() {
            self.next_update = Moment::NEVER;
            effects.say(self.event(Event::End(track.to_json(), reason)));
        }
    }

    pub(super) fn event(&self, event: Event) -> Message {
        Message::Event { guild: self.guild, event }
    }

    fn happen(&mut self, event: Event, effects: &mut Effects) -> Outcome {
        effects.say(self.event(event));
        Outcome::Nothing
    }

    fn end_as_told(
        &mut self,
        reason: EndReason,
        told: Option<Event>,
        effects: &mut Effects,
    ) -> Outcome {
        match told {
            None => self.end_track(reason, effects),
            Some(event) => {
                (self.track, self.next_update) = (None, Moment::NEVER);
                effects.say(self.event(event));
            }
        }
        Outcome::Nothing
    }
}
