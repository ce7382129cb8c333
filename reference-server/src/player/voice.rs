//! The voice side of a player.

use std::time::Duration;

use super::VoiceUpdate;
use crate::deviations::{deviates, either};
use crate::voice::{Link, Outgoing};

/// The connection of a player, if it has one.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    /// What Discord told the bot, once a connection was made with it.
    pub(crate) data: Option<VoiceUpdate>,
    /// Tells connections of a session apart.
    pub(crate) serial: u64,
    state: State,
    link: Option<Link>,
    /// It lives on when the gateway is gone: audio needs no gateway.
    outgoing: Option<Outgoing>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    connected: bool,
    /// Milliseconds between heartbeat and acknowledgement; 0 before the first one.
    ping: Option<i64>,
}

impl Voice {
    pub(crate) fn is_connected(&self) -> bool {
        self.state.connected
    }

    /// Whether there has been no answer of the voice server that was asked last.
    pub(crate) fn is_awaited(&self) -> bool {
        self.serial > 0 && self.state.ping.is_none()
    }

    /// −1 as long as there was no gateway.
    pub(crate) fn ping(&self) -> i64 {
        self.state.ping.unwrap_or_else(|| either("LL-PLAYER-004/ping", -1, 0))
    }

    /// The gateway is there; frames go out when it has told where to.
    pub(crate) fn open(&mut self, data: VoiceUpdate, link: Option<Link>) {
        self.data = Some(data);
        self.link = link;
        let connected = !deviates("LL-VOICE-019/told")
            && !deviates("LL-VOICE-035/never")
            && !deviates("LL-VOICE-036/later");
        self.state = State { connected, ping: Some(0) };
    }

    /// Closes what is open; gives back whether there was a gateway.
    pub(crate) fn close(&mut self) -> bool {
        let was_linked = self.state.connected;
        self.link = None;
        self.outgoing = None;
        self.state = State::default();
        was_linked
    }

    /// What is still on its way to the voice server.
    pub(crate) fn take_outgoing(&mut self) -> Option<Outgoing> {
        self.outgoing.take()
    }

    /// The voice server has ended the session; what is said goes on, and so does the ping.
    pub(crate) fn end(&mut self) {
        self.link = None;
        self.state.connected = false;
        if deviates("LL-VOICE-012/stops") {
            self.outgoing = None;
        }
        if deviates("LL-VOICE-014/reset") {
            self.state.ping = Some(-1);
        }
    }

    pub(crate) fn set_up(&mut self, up: bool) {
        self.state.connected = up;
    }

    pub(crate) fn set_ping(&mut self, ping: Duration) {
        let ping = either("LL-VOICE-008/zero", ping, Duration::ZERO);
        self.state.ping = Some(i64::try_from(ping.as_millis()).unwrap_or(i64::MAX));
    }

    /// The ping of a connection that has none of its own; −1 for none.
    pub(crate) fn pretend_ping(&mut self, ping: i64) {
        self.state.ping = Some(ping);
    }

    pub(crate) fn outgoing(&self) -> Option<&Outgoing> {
        self.outgoing.as_ref()
    }

    pub(crate) fn outgoing_mut(&mut self) -> Option<&mut Outgoing> {
        self.outgoing.as_mut()
    }

    pub(crate) fn set_outgoing(&mut self, outgoing: Outgoing) {
        self.outgoing = Some(outgoing);
    }

    /// Has the connection come back once it is closed.
    pub(crate) fn come_back(&self) {
        if let Some(link) = &self.link {
            link.come_back();
        }
    }

    /// Tells the gateway whether the bot speaks.
    pub(crate) fn speak(&self, speaking: bool) {
        if let Some(link) = &self.link {
            link.speak(speaking);
        }
    }
}
