//! The players of a session: they are told commands, and what comes of it is carried out.

use serde_json::Value;

use super::connection::Connection;
use super::{COMMANDS, Session};
use crate::clock::Moment;
use crate::deviations::switch::{self, deviates};
use crate::message::Message;
use crate::player::{Command, Context, Due, Effects, Order, Outcome, Player};
use crate::shared::Shared;
use crate::values::Values;

/// A guild's player and its voice connection.
#[derive(Debug)]
pub(crate) struct Guild {
    pub(crate) player: Player,
    pub(crate) connection: Connection,
}

/// The context of a command.
fn context<'a>(shared: &'a Shared, values: &'a Values, serial: u64, now: Moment) -> Context<'a> {
    Context {
        now,
        wall: shared.clock.wall_ms_at(now),
        serial,
        config: &shared.config,
        latitude: &shared.latitude,
        values,
    }
}

impl Session {
    /// The context of a command that is given now.
    pub(crate) fn context(&self) -> Context<'_> {
        context(&self.shared, &self.values, self.serials, self.shared.clock.now())
    }

    /// Tells a player what to do. A player that is not there is made if the command is one that
    /// makes players; otherwise nothing happens.
    pub(crate) fn command(&mut self, guild: i64, command: Command) -> Outcome {
        self.command_at(guild, command, self.shared.clock.now())
    }

    /// Tells a player what to do as of a moment. Packets of simulated connections need that: they
    /// are looked at late.
    pub(super) fn command_at(&mut self, guild: i64, command: Command, now: Moment) -> Outcome {
        let effects = match COMMANDS.get() {
            None => self.apply(guild, command, now),
            Some(around) => around(self, guild, command, now),
        };
        self.carry_out(guild, effects)
    }

    /// The effects of a command, which are still to be carried out.
    pub(crate) fn apply(&mut self, guild: i64, command: Command, now: Moment) -> Effects {
        if command.makes_a_player() {
            self.player(guild);
        }
        self.serials += 1;
        let context = context(&self.shared, &self.values, self.serials, now);
        match self.guilds.get_mut(&guild) {
            Some(Guild { player, .. }) => player.apply(command, &context),
            None => Effects::default(),
        }
    }

    /// Does what a player wants done; gives back what whoever gave the command gets.
    fn carry_out(&mut self, guild: i64, effects: Effects) -> Outcome {
        let Effects { messages, orders, outcome } = effects;
        self.say_all(messages);
        for order in orders {
            let connection = self.guilds.get_mut(&guild).map(|guild| &mut guild.connection);
            match (order, connection) {
                (Order::Decode(work, info), _) => self.decode(guild, *work, *info),
                (Order::Wake, _) => self.wake(guild),
                (Order::HangUp, Some(connection)) => connection.link = None,
                (Order::Disconnect, Some(connection)) => *connection = Connection::default(),
                (Order::Leave { comes_back }, Some(connection)) => {
                    if let Some(link) = connection.link.as_ref().filter(|_| comes_back) {
                        link.come_back();
                    }
                    self.leaving.extend(std::mem::take(connection).outgoing);
                }
                (_, None) => {}
            }
        }
        outcome
    }

    /// A guild's player, which is made if there is none.
    pub(crate) fn player(&mut self, guild: i64) -> &mut Player {
        let values = &self.values;
        let new =
            || Guild { player: Player::new(guild, values), connection: Connection::default() };
        &mut self.guilds.entry(guild).or_insert_with(new).player
    }

    /// Tells every player whose timer is due.
    pub(super) fn all_are_due(&mut self, due: Due) {
        let now = self.shared.clock.now();
        for index in 0..self.guilds.len() {
            let Some((guild, Guild { player, .. })) = self.guilds.get_index(index) else { break };
            let (guild, is_due) = (*guild, player.is_due(due, now));
            if is_due {
                self.command(guild, Command::Due(due));
            }
        }
    }

    /// Tells the client how every player is, idle ones too.
    pub(super) fn all_player_updates(&mut self) -> Vec<Message> {
        let mut guilds: Vec<_> = self.guilds.keys().copied().collect();
        self.shared.latitude.shuffle(&mut guilds);
        let now = self.shared.clock.now();
        if deviates(switch::SESSION_051_PLAYING_ONLY) {
            guilds.retain(|guild| self.guilds[guild].player.track.is_some());
        }
        guilds
            .into_iter()
            .flat_map(|guild| self.apply(guild, Command::Tell, now).messages)
            .collect()
    }

    /// The player objects, in the order in which the players were made.
    pub(crate) fn players_json(&self) -> Value {
        let now = self.shared.clock.wall_ms();
        let mut players: Vec<_> =
            self.guilds.values().map(|guild| guild.player.to_json(now)).collect();
        self.shared.latitude.shuffle(&mut players);
        players.into()
    }

    /// The player object, if there is a player.
    pub(crate) fn player_json(&self, guild: i64) -> Option<Value> {
        let Guild { player, .. } = self.guilds.get(&guild)?;
        Some(player.to_json(self.shared.clock.wall_ms()))
    }

    /// Ends the track and forgets the player; gives back whether there was one.
    pub(crate) fn destroy_player(&mut self, guild: i64) -> bool {
        let was_there = self.guilds.contains_key(&guild);
        if self.command(guild, Command::Destroy) == Outcome::Gone {
            self.guilds.shift_remove(&guild);
        }
        was_there
    }
}
