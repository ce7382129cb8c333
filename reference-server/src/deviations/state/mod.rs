//! Breaks before and after a command to a player, with the player as it was and as it is.

mod early;
mod late;
mod playing;
mod voice;

use serde_json::Value;

use super::memory::{Memory, remembered};
use super::row::{Row, chosen_of};
use super::update::{Known, change};
use crate::clock::Moment;
use crate::filters::Filters;
use crate::message::{EndReason, Event, Message};
use crate::player::{Command, Due, Effects, News, Outcome, Player, PlayerUpdate, TrackChange};
use crate::session::Session;
use crate::voice::Outgoing;

/// Changes a command, or what is there before it. Gives back whether something was changed.
type Early = fn(&mut Scene<'_>, &mut Command) -> bool;

/// Changes what there is after a command. Gives back whether something was changed.
type Late = fn(&mut Scene<'_>) -> bool;

const fn early(name: &'static str, summary: &'static str, change: Early) -> Row<Early> {
    Row { name, summary, change }
}

const fn late(name: &'static str, summary: &'static str, change: Late) -> Row<Late> {
    Row { name, summary, change }
}

pub(super) fn early_rows() -> impl Iterator<Item = &'static Row<Early>> {
    early::ROWS.iter().chain(voice::EARLY)
}

pub(super) fn late_rows() -> impl Iterator<Item = &'static Row<Late>> {
    late::ROWS.iter().chain(playing::ROWS).chain(voice::LATE)
}

/// A command to a player, and what comes of it.
pub(super) struct Scene<'a> {
    session: &'a mut Session,
    guild: i64,
    now: Moment,
    asked: Asked,
    before: Before,
    effects: Effects,
    /// Whether the command is not carried out.
    done: bool,
    memory: Memory,
}

/// The command, as far as rows look at it.
#[derive(Clone, Debug, PartialEq)]
enum Asked {
    Update(PlayerUpdate),
    Play(PlayerUpdate),
    Frame,
    Decoded,
    VoiceData,
    Connected { simulated: bool },
    Voice(News),
    Due(Due),
    Destroy,
    Other,
}

/// A player before a command.
#[derive(Clone, Debug, Default)]
struct Before {
    exists: bool,
    paused: bool,
    volume: i32,
    filters: Filters,
    is_connected: bool,
    next_update: Option<Moment>,
    /// The player object.
    json: Value,
    track: Option<Was>,
}

/// A track before a command.
#[derive(Clone, Debug)]
struct Was {
    user_data: Value,
    end_time: Option<i64>,
    last_asked: Moment,
    reached: Option<i64>,
    was_heard: bool,
}

/// Carries a command out as the chosen deviations say.
pub(super) fn around(
    session: &mut Session,
    guild: i64,
    mut command: Command,
    now: Moment,
) -> Effects {
    if let Command::Update { update, no_replace, track } = &mut command {
        let player = session.guilds.get(&guild).map(|guild| &guild.player);
        if let Err(error) = change(Known { update, no_replace, track, player }) {
            session.player(guild);
            return Effects { outcome: Outcome::Refused(error), ..Effects::default() };
        }
    }
    let mut early = chosen_of(early_rows()).peekable();
    let mut late = chosen_of(late_rows()).peekable();
    if early.peek().is_none() && late.peek().is_none() {
        return session.apply(guild, command, now);
    }
    let mut scene = Scene {
        asked: Asked::of(&command),
        before: Before::of(session, guild),
        session,
        guild,
        now,
        effects: Effects::default(),
        done: false,
        memory: remembered(""),
    };
    for row in early {
        scene.memory = remembered(row.name);
        row.count_if((row.change)(&mut scene, &mut command));
    }
    if !scene.done {
        let Effects { messages, orders, outcome } = scene.session.apply(guild, command, now);
        scene.effects.messages.extend(messages);
        scene.effects.orders.extend(orders);
        scene.effects.outcome = outcome;
    }
    for row in late {
        scene.memory = remembered(row.name);
        row.count_if((row.change)(&mut scene));
    }
    scene.effects
}

impl Asked {
    fn of(command: &Command) -> Self {
        match command {
            Command::Update { update, .. } => Self::Update((**update).clone()),
            Command::Play { update, .. } => Self::Play((**update).clone()),
            Command::TakeFrame { .. } => Self::Frame,
            Command::Decoded(_) => Self::Decoded,
            Command::VoiceData(_) => Self::VoiceData,
            Command::Connected { simulated, .. } => Self::Connected { simulated: *simulated },
            Command::Voice { news, .. } => Self::Voice(news.clone()),
            Command::Due(due) => Self::Due(*due),
            Command::Destroy => Self::Destroy,
            _ => Self::Other,
        }
    }
}

impl Before {
    fn of(session: &Session, guild: i64) -> Self {
        let wall = session.context().wall;
        let Some(player) = session.guilds.get(&guild).map(|guild| &guild.player) else {
            let json = Player::new(guild, &session.values).to_json(wall);
            return Self { json, ..Self::default() };
        };
        let was = |track: &crate::player::Playing| Was {
            user_data: track.user_data.clone(),
            end_time: track.end_time,
            last_asked: track.last_asked,
            reached: track.reached,
            was_heard: track.stream.was_heard,
        };
        Self {
            exists: true,
            paused: player.paused,
            volume: player.volume,
            filters: player.filters.clone(),
            is_connected: player.voice.is_connected(),
            next_update: Some(player.next_update),
            json: player.to_json(wall),
            track: player.track.as_ref().map(was),
        }
    }
}

/// Questions of rows.
impl Scene<'_> {
    fn player(&mut self) -> Option<&mut Player> {
        self.session.guilds.get_mut(&self.guild).map(|guild| &mut guild.player)
    }

    fn track(&mut self) -> Option<&mut crate::player::Playing> {
        self.player().and_then(|player| player.track.as_mut())
    }

    fn outgoing(&mut self) -> Option<&mut Outgoing> {
        self.session.outgoing_of(self.guild)
    }

    fn has_track(&mut self) -> bool {
        self.track().is_some()
    }

    fn is_listening(&mut self) -> bool {
        self.player().is_some_and(|player| player.voice.is_listening())
    }

    /// The body that is applied.
    fn update(&self) -> Option<&PlayerUpdate> {
        match &self.asked {
            Asked::Update(update) => Some(update),
            _ => None,
        }
    }

    /// The body of an update that names no track.
    fn about_present(&self) -> Option<&PlayerUpdate> {
        self.update().filter(|update| update.track_change() == TrackChange::Keep)
    }

    /// The position that a seek goes to, if there is something to seek in.
    fn seeks(&self) -> Option<i64> {
        self.about_present()?.position.filter(|_| self.before.track.is_some())
    }

    /// The body that the track was started by which the player has now.
    fn started(&self) -> Option<&PlayerUpdate> {
        let (Asked::Update(update) | Asked::Play(update)) = &self.asked else { return None };
        self.effects.messages.iter().any(is_start).then_some(update)
    }

    /// Whether a track has taken the place of another.
    fn replaced(&self) -> bool {
        self.started().is_some() && self.before.track.is_some()
    }

    /// Why a track has ended.
    fn ended(&self) -> Option<EndReason> {
        self.effects.messages.iter().find_map(|message| match message {
            Message::Event { event: Event::End(_, reason), .. } => Some(*reason),
            _ => None,
        })
    }
}

/// Things that rows do.
impl Scene<'_> {
    /// Sends the client one more playerUpdate.
    fn tell(&mut self) -> bool {
        let told = self.session.apply(self.guild, Command::Tell, self.now).messages;
        self.effects.messages.extend(told);
        true
    }

    /// Sends the client an event.
    fn say(&mut self, event: Event) -> bool {
        self.effects.messages.push(Message::Event { guild: self.guild, event });
        true
    }

    /// Ends the track.
    fn end(&mut self, reason: EndReason) -> bool {
        let had_track = self.has_track();
        let end = Command::End { reason, told: None };
        let told = self.session.apply(self.guild, end, self.now).messages;
        self.effects.messages.extend(told);
        had_track
    }

    /// Gives ends of one reason another one.
    fn ends_as(&mut self, right: EndReason, wrong: EndReason) -> bool {
        let mut changed = false;
        for message in &mut self.effects.messages {
            if let Message::Event { event: Event::End(_, reason), .. } = message
                && *reason == right
            {
                (*reason, changed) = (wrong, true);
            }
        }
        changed
    }

    /// Leaves messages out.
    fn drop_messages(&mut self, dropped: fn(&Message) -> bool) -> bool {
        let count = self.effects.messages.len();
        self.effects.messages.retain(|message| !dropped(message));
        self.effects.messages.len() < count
    }

    /// Leaves the last playerUpdate out, or the first.
    fn drop_update(&mut self, last: bool) -> bool {
        let messages = &mut self.effects.messages;
        let at = match last {
            true => messages.iter().rposition(is_update),
            false => messages.iter().position(is_update),
        };
        at.map(|at| messages.remove(at)).is_some()
    }

    /// Makes the number of playerUpdates another one.
    fn tell_times(&mut self, count: usize) -> bool {
        let told = self.effects.messages.iter().filter(|message| is_update(message)).count();
        for _ in count..told {
            self.drop_update(true);
        }
        for _ in told..count {
            self.tell();
        }
        told != count
    }

    /// Changes the player after its answer was made; `key` of the answer is shown anew.
    fn change(&mut self, key: &str, change: impl FnOnce(&mut Player)) -> bool {
        let wall = self.session.context().wall;
        let Some(player) = self.player() else { return false };
        let before = player.to_json(wall)[key].take();
        change(player);
        let after = player.to_json(wall)[key].take();
        let changed = before != after;
        if let Outcome::Answer(answer) = &mut self.effects.outcome {
            answer[key] = after;
        }
        changed
    }

    /// Changes the position of every playerUpdate, of the start and of the answer.
    fn shift_position(&mut self, change: fn(i64) -> i64) -> bool {
        let shift = |state: &mut Value| {
            let position = state["position"].as_i64().unwrap_or(0);
            state["position"] = change(position).into();
            change(position) != position
        };
        let mut changed = false;
        for message in &mut self.effects.messages {
            changed |= match message {
                Message::PlayerUpdate { state, .. } => shift(state),
                Message::Event { event: Event::Start(track), .. } => shift(&mut track["info"]),
                _ => false,
            };
        }
        if let Outcome::Answer(answer) = &mut self.effects.outcome {
            changed |= shift(&mut answer["state"]);
        }
        changed
    }

    /// Has the track read from another position, ms, and with other filters, as if it had begun so.
    fn read_anew(&mut self, position: i64, filters: Option<Filters>) -> bool {
        let serial = self.session.context().serial;
        let Some(track) = self.track() else { return false };
        track.stream = crate::playback::Stream::new(serial, position);
        if let Some(filters) = filters {
            track.stream.set_filters(filters);
        }
        let is_other =
            |order: &crate::player::Order| !matches!(order, crate::player::Order::Decode(..));
        self.effects.orders.retain(is_other);
        let orders = self.session.apply(self.guild, Command::LookAhead, self.now).orders;
        self.effects.orders.extend(orders);
        true
    }
}

fn is_start(message: &Message) -> bool {
    matches!(message, Message::Event { event: Event::Start(_), .. })
}

fn is_end(message: &Message) -> bool {
    matches!(message, Message::Event { event: Event::End(..), .. })
}

fn is_stuck(message: &Message) -> bool {
    matches!(message, Message::Event { event: Event::Stuck(..), .. })
}

fn is_exception(message: &Message) -> bool {
    matches!(message, Message::Event { event: Event::Exception(..), .. })
}

fn is_closed(message: &Message) -> bool {
    matches!(message, Message::Event { event: Event::Closed { .. }, .. })
}

fn is_update(message: &Message) -> bool {
    matches!(message, Message::PlayerUpdate { .. })
}
