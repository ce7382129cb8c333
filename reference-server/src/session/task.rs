//! One session: its players, its timers, and the order of everything that it says.

use std::time::Duration;

use indexmap::IndexMap;
use tokio::sync::mpsc;

use super::outbox::{Outbox, Queue, SocketReader, SocketWriter};
use super::players::Guild;
use super::registry::{Handle, Job, Phase, Sessions};
use super::seams::{MESSAGES, Step};
use crate::clock::{Moment, Timer};
use crate::deviations::switch::{self, deviates, either};
use crate::latitude::Otherwise;
use crate::message::Message;
use crate::player::Due;
use crate::shared::Shared;
use crate::values::Values;
use crate::voice::Outgoing;

/// How often the server looks for tracks that nobody hears.
const CLEANUP_PERIOD: Duration = Duration::from_secs(10);

/// How long an expired session waits for the socket that has claimed it.
const CLAIM_GRACE: Duration = Duration::from_secs(1);

/// What a session's task owns.
pub(crate) struct Session {
    /// The bot's.
    pub(super) user: i64,
    /// What the client calls itself.
    pub(super) client_name: Option<String>,
    pub(crate) shared: Shared,
    /// All of them.
    pub(super) sessions: Sessions,
    pub(crate) values: Values,
    pub(crate) handle: Handle,
    pub(super) outbox: Outbox,
    /// Players and their connections by guild, in the order in which they were created.
    pub(crate) guilds: IndexMap<i64, Guild>,
    /// Numbers given to streams and voice connections so far.
    pub(super) serials: u64,
    /// Whether it can be resumed.
    pub(crate) resuming: bool,
    /// Seconds for which it can be.
    pub(crate) timeout: i64,
    pub(crate) next_stats: Moment,
    next_cleanup: Moment,
    /// What voice connections that are left still have to send.
    pub(crate) leaving: Vec<Outgoing>,
    /// Whether it is over as soon as its socket is gone, whatever was agreed.
    pub(super) ends: bool,
    over: bool,
}

/// Whose session it is.
#[derive(Clone, Debug)]
pub(crate) struct Begin {
    /// The bot's.
    pub(crate) user: i64,
    /// What the client calls itself.
    pub(crate) client_name: Option<String>,
}

impl Session {
    /// Begins with `ready` and `stats`.
    pub(super) fn begin(
        Begin { user, client_name }: Begin,
        shared: Shared,
        sessions: Sessions,
        handle: Handle,
        socket: SocketWriter,
    ) -> Self {
        let now = shared.clock.now();
        let values = Values::chosen();
        let mut session = Self {
            user,
            client_name,
            serials: 0,
            handle,
            outbox: Outbox::Open(socket),
            guilds: IndexMap::new(),
            resuming: values.resuming,
            timeout: values.timeout,
            values,
            next_stats: now,
            next_cleanup: now.next_tick(CLEANUP_PERIOD),
            leaving: Vec::new(),
            ends: false,
            over: false,
            shared,
            sessions,
        };
        if session.shared.latitude.takes(Otherwise::StatsBeforeReady) {
            session.run_due_timers();
            session.say(session.ready(false));
        } else {
            session.say(session.ready(false));
            session.reach(Step::Begun);
            session.run_due_timers();
        }
        session
    }

    /// Runs until the session is over or the server ends.
    pub(super) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let stop = self.shared.stop.clone();
        let mut timer = self.shared.clock.timer();
        while !self.over {
            let deadline = self.next_deadline();
            tokio::select! {
                job = jobs.recv() => match job {
                    Some((call, _hold)) => {
                        self.catch_up();
                        self.perform(call);
                    }
                    None => break,
                },
                () = timer.until(deadline) => {}
                () = stop.cancelled() => break,
            }
            self.run_due_timers();
            self.watch_players();
            let playing = self.guilds.values().filter(|guild| guild.player.is_playing()).count();
            self.handle.publish(self.guilds.len(), playing);
        }
        self.handle.set_phase(Phase::Gone);
        self.sessions.remove(self.id());
        // Whoever still asks gets no answer.
        drop(jobs);
        self.drain(timer).await;
    }

    /// Who it is.
    pub(crate) fn id(&self) -> &str {
        self.handle.id()
    }

    /// Sends a message, or keeps it for a client that is away.
    pub(crate) fn say(&mut self, message: Message) {
        self.say_all(vec![message]);
    }

    /// Sends messages in their order, or keeps those that matter for a client that is away.
    pub(crate) fn say_all(&mut self, mut messages: Vec<Message>) {
        if !self.outbox.is_open() {
            messages.retain(self.values.keeps);
        }
        self.show(&messages);
        self.write(messages);
    }

    /// Shows messages to those who wait for one over the control API.
    fn show(&self, messages: &[Message]) {
        let watches = &self.shared.messages.watches;
        if watches.are_there() {
            messages.iter().for_each(|message| watches.see(self.id(), &message.to_json()));
        }
    }

    /// Writes messages.
    fn write(&mut self, mut messages: Vec<Message>) {
        if let Some(change) = MESSAGES.get() {
            change(&mut messages);
        }
        messages.into_iter().for_each(|message| self.outbox.send(message));
    }

    /// Leaves every voice channel, and sends what is on its way there.
    async fn drain(&mut self, mut timer: Timer) {
        self.reach(Step::Ends);
        for (_, guild) in std::mem::take(&mut self.guilds) {
            self.leaving.extend(guild.connection.outgoing);
        }
        let stop = self.shared.stop.clone();
        while !stop.is_cancelled() {
            self.send_leaving(self.shared.clock.now());
            if self.leaving.is_empty() {
                return;
            }
            tokio::select! {
                () = timer.until(self.next_packet()) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// The socket is gone, however that happened; what it did not take is kept with what comes.
    pub(crate) fn lose_socket(&mut self, reader: SocketReader) {
        if self.ends {
            return self.end();
        }
        self.reach(Step::SocketLost);
        let timeout = (self.values.resume_timeout)(self.timeout);
        if !(self.resuming && timeout > Duration::ZERO) {
            if !deviates(switch::SESSION_020_STAYS) {
                self.end();
            }
            return;
        }
        let until = self.shared.clock.now() + timeout;
        let mut queue = Queue::default();
        reader.into_unsent().for_each(|message| queue.push(message));
        self.outbox = Outbox::Away { queue, until };
        self.handle.set_phase(Phase::Away);
    }

    /// A new socket: `ready`, what was missed, and where every player is.
    pub(super) fn resume(&mut self, mut socket: SocketWriter) {
        if let Outbox::Away { queue, .. } = &self.outbox {
            socket.allow(queue.bytes());
        }
        let away = std::mem::replace(&mut self.outbox, Outbox::Open(socket));
        self.handle.set_phase(either(switch::SESSION_045_BOTH, Phase::Open, Phase::Away));
        let (ready, updates) = (self.ready(true), self.all_player_updates());
        // What was missed was shown when it was kept.
        self.show(std::slice::from_ref(&ready));
        self.show(&updates);
        let mut messages = vec![ready];
        if let Outbox::Away { queue, .. } = away {
            messages.extend(queue.into_messages().map(Message::Written));
        }
        messages.extend(updates);
        self.write(messages);
        self.reach(Step::Resumed);
    }

    fn next_deadline(&self) -> Moment {
        let players = || self.guilds.values().map(|guild| &guild.player);
        let update = players().map(|player| player.next_update).min();
        let has_track = players().any(|player| player.track.is_some());
        let cleanup = has_track.then_some(self.next_cleanup);
        let expiry = match &self.outbox {
            Outbox::Away { until, .. } => Some(*until),
            Outbox::Open(_) => None,
        };
        let packet = Some(self.next_packet());
        [update, cleanup, expiry, packet].into_iter().flatten().fold(self.next_stats, Moment::min)
    }

    fn run_due_timers(&mut self) {
        let now = self.shared.clock.now();
        if let Outbox::Away { until, .. } = &mut self.outbox
            && *until <= now
        {
            if self.handle.change(Phase::Away, Phase::Gone) {
                self.end();
                return;
            }
            *until = now + CLAIM_GRACE;
        }
        self.send_due_packets(now);
        while self.next_stats <= now {
            self.next_stats = self.next_stats + self.values.stats_period;
            self.send_stats();
        }
        if self.next_cleanup <= now {
            self.next_cleanup = now.next_tick(CLEANUP_PERIOD);
            self.all_are_due(Due::Cleanup);
        }
        self.all_are_due(Due::Update);
    }

    /// The first message of a socket.
    fn ready(&self, resumed: bool) -> Message {
        Message::Ready { session: self.id().to_owned(), resumed }
    }

    /// Ends the session and lets its socket go.
    pub(crate) fn end(&mut self) {
        self.over = true;
        self.handle.set_phase(Phase::Gone);
        self.sessions.remove(self.id());
    }

    /// Whether it has a socket, waits for one, or is over.
    pub(super) fn state_name(&self) -> &'static str {
        match (self.over, &self.outbox) {
            (true, _) => "over",
            (false, Outbox::Open(_)) => "open",
            (false, Outbox::Away { .. }) => "away",
        }
    }
}
