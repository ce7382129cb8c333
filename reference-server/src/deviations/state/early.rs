//! Breaks before a command.

use std::time::Duration;

use super::super::row::Row;
use super::{Asked, Early, Scene, early};
use crate::message::EndReason;
use crate::player::{Command, Outcome, PlayerUpdate, Playing};
use crate::tracks::Track;

#[rustfmt::skip]
pub(super) const ROWS: &[Row<Early>] = &[
    early("LL-PLAYBACK-005/late", "the end of a track is told when all of it has been sent", |scene, _| {
        let drains = scene.outgoing().is_some_and(|outgoing| outgoing.drains());
        drains && at_end(scene, |_| true)
    }),
    early("LL-PLAYBACK-010/goes-on", "a paused player is heard", |scene, command| {
        let Command::TakeFrame { late } = *command else { return false };
        let is_paused = scene.player().is_some_and(|player| std::mem::replace(&mut player.paused, false));
        if is_paused {
            let (guild, now) = (scene.guild, scene.now);
            scene.effects = scene.session.apply(guild, Command::TakeFrame { late }, now);
            scene.done = true;
            scene.player().into_iter().for_each(|player| player.paused = true);
        }
        is_paused
    }),
    early("LL-PLAYBACK-026/from-zero", "a track begins at 0 whatever position it carries", |_, command| {
        let Some((track, update)) = starting(command) else { return false };
        update.position.is_none() && std::mem::replace(&mut track.position, 0) != 0
    }),
    early("LL-PLAYBACK-027/absolute", "a track that would begin before its beginning begins behind it", |_, command| {
        let Some((_, update)) = starting(command) else { return false };
        let before = update.position;
        update.position = before.map(i64::abs);
        update.position != before
    }),
    early("LL-PLAYBACK-033/goes-on", "a seek across the end time forgets it", |scene, _| jumps(scene, |_| true)),
    early("LL-PLAYBACK-035/waits", "a track with an end time beyond its length does not end", |scene, _| at_end(scene, |track| track.end_time.is_some())),
    early("LL-PLAYBACK-037/goes-on", "a seek across the end time does nothing while paused", |scene, _| jumps(scene, |is_paused| is_paused)),
    early("LL-PLAYBACK-042/goes-on", "a track that cannot be opened does not end", |scene, _| {
        at_end(scene, |track| track.stream.is_broken && !track.stream.was_heard)
    }),
    early("LL-PLAYBACK-086/ends", "a seek ends a track of which all is decoded already", |scene, command| {
        let is_through = scene.track().is_some_and(|track| track.stream.is_through());
        let sought = scene.seeks().is_some() && is_through;
        if let (Command::Update { update, .. }, true) = (command, sought) {
            update.position = None;
            scene.end(EndReason::Finished);
        }
        sought
    }),
    early("LL-PLAYBACK-087/length", "the end has the length of the track for its position", |scene, _| {
        let Some(track) = scene.track().filter(|track| track.stream.has_ended()) else { return false };
        track.reached = Some(track.track.info.length);
        scene.asked == Asked::Frame
    }),
    early("LL-PLAYBACK-091/position", "a track that is stopped ends at position 0", |scene, _| {
        let stops = scene.update().is_some_and(PlayerUpdate::stops);
        let track = scene.track().filter(|_| stops);
        track.is_some_and(|track| track.reached.take().is_some())
    }),
    early("LL-PLAYBACK-106/from-zero", "an Ogg file begins at its beginning", |_, command| {
        let Some((track, update)) = starting(command) else { return false };
        let is_ogg = track.info.probe_info.as_deref() == Some("ogg");
        is_ogg && update.position.take().is_some()
    }),
    early("LL-PLAYER-003/empty-ignored", "an empty update creates no player", |scene, _| {
        let is_empty = scene.update() == Some(&PlayerUpdate::default()) && !scene.before.exists;
        if is_empty {
            scene.effects.outcome = Outcome::Answer(scene.before.json.clone());
            scene.done = true;
        }
        is_empty
    }),
    early("LL-PLAYER-005/stays", "destroying a player without a track changes nothing", |scene, _| {
        let stays = scene.asked == Asked::Destroy && scene.before.exists && !scene.has_track();
        scene.done |= stays;
        stays
    }),
    early("LL-PLAYER-041/not-played", "a track that was looked up is not played", |scene, command| {
        let plays = matches!(command, Command::Play { .. });
        if plays {
            scene.effects.outcome = Outcome::Answer(scene.before.json.clone());
            scene.done = true;
        }
        plays
    }),
    early("LL-PLAYER-049/kept", "a new track has the userData of the one before", |scene, command| {
        let Some(was) = &scene.before.track else { return false };
        let Some((_, update)) = starting(command).filter(|(_, update)| update.user_data().is_none())
        else { return false };
        update.set_user_data(Some(was.user_data.clone()));
        true
    }),
    early("LL-PLAYER-136/told", "destroying an idle player gives a playerUpdate", |scene, _| {
        scene.asked == Asked::Destroy && scene.before.exists && !scene.has_track() && scene.tell()
    }),
    early("LL-STATS-023/on-update", "an update of a player brings stats", |scene, _| {
        let updates = matches!(scene.asked, Asked::Update(_));
        if updates {
            scene.session.send_stats();
        }
        updates
    }),
    early("LL-STATS-040/made-by-destroying", "destroying a player that does not exist makes one", |scene, _| {
        let makes = scene.asked == Asked::Destroy && !scene.before.exists;
        if makes {
            scene.session.player(scene.guild);
            scene.done = true;
        }
        makes
    }),
    early("LL-VOICE-034/stays", "a player that waits for a voice server cannot be destroyed", |scene, _| {
        let is_awaited = scene.player().is_some_and(|player| player.voice.is_awaited());
        let stays = scene.asked == Asked::Destroy && is_awaited;
        scene.done |= stays;
        stays
    }),
];

/// The track and the body of a command that starts a track.
fn starting(command: &mut Command) -> Option<(&mut Track, &mut PlayerUpdate)> {
    match command {
        Command::Update { update, track: Some(Ok(track)), .. } => {
            Some((&mut **track, &mut **update))
        }
        Command::Play { track, update } => Some((&mut **track, &mut **update)),
        _ => None,
    }
}

/// Has a track that has run out of frames go on, if it is such a one.
fn at_end(scene: &mut Scene<'_>, is_one: fn(&Playing) -> bool) -> bool {
    let is_asked = scene.asked == Asked::Frame;
    let track = scene.track().filter(|track| track.stream.has_ended() && is_one(track));
    let stays = track.is_some() && is_asked;
    scene.done |= stays;
    stays
}

/// Forgets the end time of a track in which it is jumped over.
fn jumps(scene: &mut Scene<'_>, is_one: fn(bool) -> bool) -> bool {
    let Some(position) = scene.seeks() else { return false };
    let is_paused = scene.player().is_some_and(|player| player.paused);
    let track = scene.track().filter(|_| is_one(is_paused));
    let end_time = track.map(|track| &mut track.end_time);
    end_time.is_some_and(|end| end.take_if(|end| position >= *end).is_some())
}

/// Half a second: longer than a sender keeps its packets.
pub(super) const LATER: Duration = Duration::from_millis(500);
