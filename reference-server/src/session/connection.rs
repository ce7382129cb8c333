//! The voice connections of a session's players, and the packets that leave there.

use std::time::Duration;

use super::Session;
use super::players::Guild;
use crate::clock::Moment;
use crate::deviations::switch::{self, deviates};
use crate::pcm::FRAME_PERIOD;
use crate::player::{Command, Context, Outcome};
use crate::voice::{Link, Outgoing, Speaking};

/// The connection of a player to a voice server.
#[derive(Debug, Default)]
pub(crate) struct Connection {
    /// The gateway; a simulated connection has none.
    pub(crate) link: Option<Link>,
    /// Packets on their way. They outlive the gateway: audio needs none.
    pub(crate) outgoing: Option<Outgoing>,
}

impl Connection {
    /// Tells the gateway whether the bot speaks.
    fn speak(&self, speaking: bool) {
        if let Some(link) = &self.link {
            link.speak(speaking);
        }
    }

    /// Takes a frame, or fills up with silence; the gateway is told if the bot begins or ends to
    /// speak with it.
    fn push(&mut self, frame: Option<Box<[u8]>>) {
        let speaking = self.outgoing.as_mut().and_then(|outgoing| match frame {
            Some(opus) => outgoing.push(opus),
            None => outgoing.push_silence(),
        });
        match speaking {
            Some(Speaking::Begins) if deviates(switch::PLAYBACK_004_SILENT) => {}
            Some(Speaking::Begins) => self.speak(true),
            Some(Speaking::Ends) if deviates(switch::PLAYBACK_088_GOES_ON) => {}
            Some(Speaking::Ends) => self.speak(false),
            None => {}
        }
    }
}

impl Guild {
    /// When the next packet is due that anybody could notice. Packets of a simulated connection
    /// leave at no particular time as long as nobody can; whoever looks at their player
    /// [catches up](Session::catch_up) with them first.
    fn next_packet(&self, context: &Context<'_>) -> Moment {
        let Some(outgoing) = &self.connection.outgoing else { return Moment::NEVER };
        if outgoing.is_heard() || outgoing.next() == Moment::NEVER || switch::any() {
            return outgoing.next();
        }
        let unnoticed = self.player.unnoticed_frames(context);
        let unnoticed = unnoticed.saturating_sub(outgoing.room() + 1);
        let unnoticed = u32::try_from(unnoticed).unwrap_or(u32::MAX);
        outgoing.next() + FRAME_PERIOD.saturating_mul(unnoticed)
    }
}

impl Session {
    /// When the next packet of any player is due that anybody could notice.
    pub(super) fn next_packet(&self) -> Moment {
        let context = self.context();
        let leaving = self.leaving.iter().map(Outgoing::next);
        let players = self.guilds.values().map(|guild| guild.next_packet(&context));
        players.chain(leaving).fold(Moment::NEVER, Moment::min)
    }

    /// Lets every packet of simulated connections leave whose time has come.
    pub(super) fn catch_up(&mut self) {
        let now = self.shared.clock.now();
        for index in 0..self.guilds.len() {
            let outgoing = self.outgoing_at(index);
            if outgoing.is_some_and(|(_, outgoing)| !outgoing.is_heard()) {
                self.send_packets_of(index, now);
            }
        }
    }

    /// Sends the packets of voice channels that were left.
    pub(super) fn send_leaving(&mut self, now: Moment) {
        for outgoing in &mut self.leaving {
            while outgoing.next() <= now {
                outgoing.send(now, false);
            }
        }
        self.leaving.retain(Outgoing::drains);
    }

    /// Sends the packets that are due.
    pub(super) fn send_due_packets(&mut self, now: Moment) {
        self.send_leaving(now);
        for index in 0..self.guilds.len() {
            self.send_packets_of(index, now);
        }
    }

    /// Sends those of a player; simulated ones leave at their moment, however late that is seen.
    fn send_packets_of(&mut self, index: usize, now: Moment) {
        while let Some((guild, outgoing)) = self.outgoing_at(index)
            && outgoing.next() <= now
        {
            let moment = if outgoing.is_heard() { now } else { outgoing.next() };
            self.fill_queue(guild, moment);
            if let Some(Guild { player, connection }) = self.guilds.get_mut(&guild)
                && let Some(outgoing) = &mut connection.outgoing
            {
                outgoing.send(moment, player.is_playing());
            }
            self.command(guild, Command::LookAhead);
        }
    }

    /// Fills the queue of a connection with what its player has.
    fn fill_queue(&mut self, guild: i64, now: Moment) {
        while let Some(Guild { player, connection }) = self.guilds.get_mut(&guild)
            && let Some(outgoing) = connection.outgoing.as_mut().filter(|queue| queue.has_room())
        {
            let late = player.is_playing() && outgoing.stutters();
            let frame = match self.command_at(guild, Command::TakeFrame { late }, now) {
                Outcome::Frame(opus) => Some(opus),
                _ => None,
            };
            let ran_out = frame.is_none();
            if let Some(Guild { connection, .. }) = self.guilds.get_mut(&guild) {
                connection.push(frame);
            }
            if ran_out {
                return;
            }
        }
    }

    /// Lets the connection of a player look again whether there is something to send.
    pub(super) fn wake(&mut self, guild: i64) {
        let now = self.shared.clock.now();
        if let Some(outgoing) = self.outgoing_of(guild) {
            outgoing.wake(now);
        }
    }

    /// The packets of a player on their way to its voice server.
    pub(crate) fn outgoing_of(&mut self, guild: i64) -> Option<&mut Outgoing> {
        self.guilds.get_mut(&guild)?.connection.outgoing.as_mut()
    }

    /// The time that a connection keeps sound before it is sent.
    pub(crate) fn send_buffer(&self) -> Duration {
        let buffer = self.shared.config.buffer_duration_ms;
        Duration::from_millis((self.values.send_buffer)(buffer))
    }

    fn outgoing_at(&self, index: usize) -> Option<(i64, &Outgoing)> {
        let (guild, Guild { connection, .. }) = self.guilds.get_index(index)?;
        connection.outgoing.as_ref().map(|outgoing| (*guild, outgoing))
    }
}
