//! Breaks around what a voice connection brings.

use std::time::Duration;

use super::super::row::Row;
use super::{Asked, Early, Late, Scene, early, is_closed, is_update, late};
use crate::error::ApiError;
use crate::message::{EndReason, Event, Message};
use crate::player::{Command, News, Outcome, VoiceUpdate};

/// The code of a gateway that cannot be kept.
const NOT_REACHED: u16 = 1006;

#[rustfmt::skip]
pub(super) const EARLY: &[Row<Early>] = &[
    early("LL-PLAYBACK-043/never", "a track that began before the voice channel is not heard", |scene, _| {
        let unheard = scene.asked == Asked::Voice(News::Listening) && scene.has_track();
        if unheard && let Some(guild) = scene.session.guilds.get_mut(&scene.guild) {
            guild.connection.outgoing = None;
            scene.done = true;
        }
        unheard
    }),
    early("LL-PREREQUISITE-009/stays-out", "no voice channel is joined", |scene, _| {
        let asks = scene.asked == Asked::VoiceData;
        asks && instead(scene, Outcome::Nothing)
    }),
    early("LL-VOICE-003/local", "a gateway that closes passes for one that was closed", |_, command| closed(command, |code, by_remote| {
        *by_remote &= *code == NOT_REACHED;
    })),
    early("LL-VOICE-007/seconds", "the ping is a thousand times too long", |_, command| {
        let Command::Voice { news: News::Ping(ping), .. } = command else { return false };
        *ping = *ping * 1000 + Duration::from_secs(1);
        true
    }),
    early("LL-VOICE-008/zero", "the ping is always 0", |_, command| {
        let Command::Voice { news: News::Ping(ping), .. } = command else { return false };
        !std::mem::take(ping).is_zero()
    }),
    early("LL-VOICE-010/reconnects", "the same voice data close the connection and open another one", |scene, command| {
        let Some((known, connected)) = knows(scene, command) else { return false };
        let forgets = known && connected;
        scene.player().filter(|_| forgets).is_some_and(|player| player.voice.data.take().is_some())
    }),
    early("LL-VOICE-011/kept", "other voice data change nothing", |scene, command| {
        let Some((known, connected)) = knows(scene, command) else { return false };
        !known && connected && instead(scene, Outcome::Nothing)
    }),
    early("LL-VOICE-013/ignored", "voice data that are known do not connect again", |scene, command| {
        let Some((known, connected)) = knows(scene, command) else { return false };
        known && !connected && instead(scene, Outcome::Nothing)
    }),
    early("LL-VOICE-016/another-code", "a gateway that cannot be kept is told with 1001", |_, command| closed(command, |code, _| if *code == NOT_REACHED {
        *code = 1001;
    })),
    early("LL-VOICE-016/remote", "a gateway that cannot be kept passes for one that has closed", |_, command| closed(command, |code, by_remote| {
        *by_remote |= *code == NOT_REACHED;
    })),
    early("LL-VOICE-030/another-code", "a connection that cannot come back is told with 1001", |_, command| closed(command, |code, _| if *code == NOT_REACHED {
        *code = 1001;
    })),
    early("LL-VOICE-034/one-at-a-time", "no player joins while another one waits for its voice server", |scene, _| {
        let players = scene.session.guilds.values().map(|guild| &guild.player);
        let is_busy = players.into_iter().any(|player| player.voice.is_awaited());
        let error = ApiError::internal("Failed to connect to voice server");
        is_busy && scene.asked == Asked::VoiceData && instead(scene, Outcome::Refused(error))
    }),
];

#[rustfmt::skip]
pub(super) const LATE: &[Row<Late>] = &[
    late("LL-PLAYBACK-081/anew", "the interval begins anew with a voice channel", |scene| {
        if scene.asked != Asked::Voice(News::Listening) || !scene.has_track() {
            return false;
        }
        let context = scene.session.context();
        let due = scene.session.guilds.get(&scene.guild).map(|guild| context.now + guild.player.update_interval(&context));
        scene.player().zip(due).is_some_and(|(player, due)| { player.next_update = due; true })
    }),
    late("LL-PLAYBACK-082/one", "a start with voice data gives one playerUpdate", |scene| {
        let (memory, guild) = (scene.memory, scene.guild);
        let starts = scene.started().is_some() && scene.before.is_connected;
        let is_ready = scene.asked == Asked::Voice(News::Ready);
        // The gateway may be ready before the track starts, or after it.
        if is_ready && !scene.has_track() {
            memory.put(guild, 1);
            return false;
        }
        let was_ready = starts && memory.take(guild).is_some();
        starts && scene.tell_times(if was_ready { 0 } else { 1 })
            || is_ready && scene.drop_messages(is_update)
    }),
    late("LL-PLAYER-092/bad-request", "a channel that is no number is 400", |scene| {
        let Outcome::Refused(error) = &mut scene.effects.outcome else { return false };
        *error = ApiError::bad_request("Bad Request");
        scene.asked == Asked::VoiceData
    }),
    late("LL-PLAYER-092/message", "the message about a channel that is no number is another", |scene| {
        let Outcome::Refused(error) = &mut scene.effects.outcome else { return false };
        *error = ApiError::uncaught("the channel is no number");
        scene.asked == Asked::VoiceData
    }),
    late("LL-VOICE-002/at-once", "a playerUpdate comes before the gateway is ready", |scene| {
        scene.asked == Asked::Connected { simulated: false } && scene.tell()
    }),
    late("LL-VOICE-002/none", "nobody is told when the gateway is ready", |scene| {
        scene.asked == Asked::Voice(News::Ready) && scene.drop_messages(is_update)
    }),
    late("LL-VOICE-006/stays", "the voice channel is not left", |scene| {
        let destroys = scene.asked == Asked::Destroy && scene.before.is_connected;
        if destroys && let Some(guild) = scene.session.guilds.get_mut(&scene.guild) {
            // What keeps the connection open is never dropped.
            guild.connection.hold_for_ever();
        }
        destroys && drop_farewell(scene)
    }),
    late("LL-VOICE-011/ends", "other voice data end the track", |scene| {
        let closed = scene.effects.messages.iter().any(is_closed);
        scene.asked == Asked::VoiceData && closed && scene.end(EndReason::Stopped)
    }),
    late("LL-VOICE-012/stops", "no audio is sent once the gateway has ended the session", |scene| {
        if !matches!(scene.asked, Asked::Voice(News::Closed { .. })) {
            return false;
        }
        scene.player().into_iter().for_each(|player| player.voice.set_listening(false));
        let guild = scene.session.guilds.get_mut(&scene.guild);
        guild.is_some_and(|guild| guild.connection.outgoing.take().is_some())
    }),
    late("LL-VOICE-014/reset", "the ping is -1 once the gateway has ended the session", |scene| {
        if !matches!(scene.asked, Asked::Voice(News::Closed { .. })) {
            return false;
        }
        scene.player().into_iter().for_each(|player| player.voice.pretend_ping(-1));
        for message in &mut scene.effects.messages {
            if let Message::PlayerUpdate { state, .. } = message {
                state["ping"] = (-1).into();
            }
        }
        true
    }),
    late("LL-VOICE-019/told", "a handshake that does not go on passes for no connection", joined_unseen),
    late("LL-VOICE-031/again", "a connection that has ended ends again with its player", |scene| {
        let again = scene.asked == Asked::Destroy && !scene.before.is_connected;
        again && scene.say(Event::Closed { code: 1000, reason: String::new(), by_remote: false })
    }),
    late("LL-VOICE-035/never", "a player that has joined is not connected", joined_unseen),
    late("LL-VOICE-036/later", "the answer says not connected before the gateway is ready", joined_unseen),
    late("LL-VOICE-037/no-update", "no playerUpdate follows a closed gateway", |scene| {
        scene.effects.messages.iter().any(is_closed) && scene.drop_update(true)
    }),
    late("LL-VOICE-038/closed", "a connection that broke is told as closed", |scene| {
        let down = matches!(scene.asked, Asked::Voice(News::Down { .. }));
        down && scene.say(Event::Closed { code: 1006, reason: String::new(), by_remote: false }) && scene.tell()
    }),
    late("LL-VOICE-038/told", "a connection that broke is told", |scene| matches!(scene.asked, Asked::Voice(News::Down { .. })) && scene.tell()),
    late("LL-VOICE-039/silent", "nobody is told that a voice channel was left", |scene| scene.asked == Asked::Destroy && drop_farewell(scene)),
    late("LL-VOICE-040/another-code", "a connection that other voice data close is told with 1001", |scene| {
        let mut changed = false;
        for message in &mut scene.effects.messages {
            if let Message::Event { event: Event::Closed { code, .. }, .. } = message {
                (*code, changed) = (1001, true);
            }
        }
        changed && scene.asked == Asked::VoiceData
    }),
    late("LL-VOICE-060/told", "an acknowledged heartbeat gives a playerUpdate", |scene| {
        matches!(scene.asked, Asked::Voice(News::Ping(_))) && scene.tell()
    }),
    late("LL-VOICE-064/broken-is-down", "a connection that broke off is none", |scene| {
        matches!(scene.asked, Asked::Voice(News::Down { told: false })) && show_as(scene, false)
    }),
    late("LL-VOICE-064/closed-is-up", "a connection that was closed stands until it is given up", |scene| {
        matches!(scene.asked, Asked::Voice(News::Down { told: true })) && show_as(scene, true)
    }),
    late("LL-VOICE-064/given-up-is-down", "a connection that broke off is none once it is given up", |scene| {
        matches!(scene.asked, Asked::Voice(News::Closed { by_remote: false, .. })) && show_as(scene, false)
    }),
    late("LL-VOICE-064/never-down", "a connection that was closed for good stands", |scene| {
        matches!(scene.asked, Asked::Voice(News::Closed { by_remote: true, .. })) && show_as(scene, true)
    }),
];

/// Whether voice data are those that the player has, and whether it is connected.
fn knows(scene: &mut Scene<'_>, command: &Command) -> Option<(bool, bool)> {
    let Command::VoiceData(voice) = command else { return None };
    let is = |known: Option<&VoiceUpdate>| known == Some(voice);
    scene.player().map(|player| (is(player.voice.data.as_ref()), player.voice.is_connected()))
}

/// Has a player, which is made if need be, not do what it is told.
fn instead(scene: &mut Scene<'_>, outcome: Outcome) -> bool {
    scene.session.player(scene.guild);
    (scene.effects.outcome, scene.done) = (outcome, true);
    true
}

/// Leaves out that a voice channel was left.
fn drop_farewell(scene: &mut Scene<'_>) -> bool {
    scene.drop_messages(is_closed) && scene.drop_update(true)
}

/// Shows a player that has joined as one that has not.
fn joined_unseen(scene: &mut Scene<'_>) -> bool {
    matches!(scene.asked, Asked::Connected { .. }) && show_as(scene, false)
}

/// Shows a player as connected or not.
fn show_as(scene: &mut Scene<'_>, connected: bool) -> bool {
    scene.player().is_some_and(|player| {
        player.voice.set_up(connected);
        true
    })
}

/// Changes the code of a gateway that is gone, and whether it has closed.
fn closed(command: &mut Command, change: fn(&mut u16, &mut bool)) -> bool {
    let Command::Voice { news: News::Closed { code, by_remote, .. }, .. } = command else {
        return false;
    };
    let before = (*code, *by_remote);
    change(code, by_remote);
    before != (*code, *by_remote)
}
