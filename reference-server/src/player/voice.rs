//! The voice side of a player: what it knows of its connection, which the session has.

use std::time::Duration;

use super::command::{Context, Effects, News, Order, Outcome};
use super::{Player, VoiceUpdate};
use crate::deviations::switch::{self, either};
use crate::error::ApiError;
use crate::latitude::Otherwise;
use crate::message::Event;

/// The voice connection of a player, as far as the player knows it; the session has it.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    /// The data of Discord that the connection was made with.
    pub(crate) data: Option<VoiceUpdate>,
    /// The number of the connection that was asked for last; 0 before the first.
    pub(crate) serial: u64,
    is_connected: bool,
    /// Milliseconds between heartbeat and acknowledgement; 0 before the first one, and `None` as
    /// long as there was no gateway.
    pub(crate) ping: Option<i64>,
    /// Whether frames are taken. They are taken even if the gateway is gone: audio needs none.
    is_listening: bool,
}

impl Voice {
    pub(crate) fn is_connected(&self) -> bool {
        self.is_connected
    }

    pub(crate) fn is_listening(&self) -> bool {
        self.is_listening
    }

    /// Milliseconds; −1 as long as there was no gateway.
    pub(crate) fn ping(&self) -> i64 {
        self.ping.unwrap_or_else(|| either(switch::PLAYER_004_PING, -1, 0))
    }

    /// Closes what is open; gives back whether there was a gateway.
    pub(crate) fn close(&mut self) -> bool {
        let was_connected = self.is_connected;
        (self.is_connected, self.ping, self.is_listening) = (false, None, false);
        was_connected
    }

    /// The voice server has ended the session; audio goes on, and the ping stays.
    pub(super) fn end(&mut self) {
        self.is_connected = false;
    }

    pub(crate) fn set_up(&mut self, up: bool) {
        self.is_connected = up;
    }

    /// Frames are taken from now on, or no more.
    pub(crate) fn set_listening(&mut self, is_listening: bool) {
        self.is_listening = is_listening;
    }

    /// Sets the ping that a test wants to be shown, ms; −1 for none.
    pub(crate) fn pretend_ping(&mut self, ping: i64) {
        self.ping = Some(ping);
    }

    fn set_ping(&mut self, ping: Duration) {
        self.ping = Some(i64::try_from(ping.as_millis()).unwrap_or(i64::MAX));
    }
}

impl Player {
    /// Asks for a connection, unless these data have made the one that there is.
    pub(super) fn take_voice_data(
        &mut self,
        voice: &VoiceUpdate,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        if let Err(exception) = voice.check_channel() {
            return Outcome::Refused(ApiError::uncaught(&exception));
        }
        let is_known = self.voice.data.as_ref() == Some(voice);
        if is_known && self.voice.is_connected() {
            return Outcome::Nothing;
        }
        let is_untold = context.latitude.takes(Otherwise::ClosedUntold);
        let was_connected = self.voice.close();
        effects.orders.push(Order::Disconnect);
        self.voice.serial = context.serial;
        if was_connected && !is_untold {
            let by_remote = context.latitude.takes(Otherwise::ClosedByEcho);
            self.tell_closed(1000, String::new(), by_remote, context, effects);
        }
        Outcome::Connect(context.serial)
    }

    /// The socket to the voice server is open. A simulated one takes frames at once.
    pub(super) fn connected(
        &mut self,
        serial: u64,
        voice: VoiceUpdate,
        simulated: bool,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        if self.voice.serial != serial {
            return Outcome::Nothing;
        }
        self.voice.data = Some(voice);
        (self.voice.is_connected, self.voice.ping) = (true, Some(0));
        if simulated {
            self.voice.is_listening = true;
            self.tell(context, effects);
        }
        Outcome::Nothing
    }

    /// Its voice connection has news; what comes of an older connection does not matter.
    pub(super) fn hear(
        &mut self,
        serial: u64,
        news: News,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        if self.voice.serial != serial {
            return Outcome::Nothing;
        }
        match news {
            News::Ready => return self.tell(context, effects),
            News::Listening => self.voice.is_listening = true,
            News::Ping(ping) => self.voice.set_ping(ping),
            // To the real server what breaks off without a close frame is still there.
            News::Down { told: false } => {}
            News::Down { told: true } => self.voice.set_up(false),
            News::Up => self.voice.set_up(true),
            News::Closed { code, reason, by_remote } => {
                return self.lose_voice(code, reason, by_remote, context, effects);
            }
        }
        Outcome::Nothing
    }

    /// The gateway is gone; audio goes on.
    pub(super) fn lose_voice(
        &mut self,
        code: u16,
        reason: String,
        by_remote: bool,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        // What broke off without a close frame still passes for a connection.
        if by_remote {
            self.voice.end();
        }
        effects.orders.push(Order::HangUp);
        self.tell_closed(code, reason, by_remote, context, effects)
    }

    /// Tells the client that the voice gateway is gone, and that the player has none.
    pub(super) fn tell_closed(
        &mut self,
        code: u16,
        reason: String,
        by_remote: bool,
        context: &Context<'_>,
        effects: &mut Effects,
    ) -> Outcome {
        effects.say(self.event(Event::Closed { code, reason, by_remote }));
        self.tell(context, effects)
    }
}
