//! Breaks after a command, of how a track plays.

use super::super::row::Row;
use super::early::LATER;
use super::late::cut_off;
use super::{Asked, Late, Scene, is_exception, is_stuck, is_update, late};
use crate::filters::Filters;
use crate::filters::PlayerVolume;
use crate::message::EndReason;
use crate::message::Event;
use crate::message::Message;
use crate::player::Due;
use crate::player::Order;
use crate::player::Outcome;
use std::time::Duration;

#[rustfmt::skip]
pub(super) const ROWS: &[Row<Late>] = &[
    late("LL-PLAYBACK-001/reason", "a track that plays to its end is stopped", |scene| {
        let ran_out = scene.asked == Asked::Frame && scene.effects.outcome == Outcome::Nothing;
        ran_out && scene.ends_as(EndReason::Finished, EndReason::Stopped)
    }),
    late("LL-PLAYBACK-007/filters", "a player whose track has ended loses its filters", |scene| {
        ran_out(scene) && scene.player().is_some_and(|player| { player.filters = Filters::default(); true })
    }),
    late("LL-PLAYBACK-007/volume", "a player whose track has ended has volume 100", |scene| {
        ran_out(scene) && scene.player().is_some_and(|player| { player.volume = 100; true })
    }),
    late("LL-PLAYBACK-010/skips", "a player goes on later than where it was paused", |scene| {
        let plays_on = unpaused(scene);
        scene.track().filter(|_| plays_on).is_some_and(|track| {
            track.stream.seek(track.reached.unwrap_or(0) + 5000);
            true
        })
    }),
    late("LL-PLAYBACK-011/told", "a pause sends TrackStartEvent", |scene| {
        let pauses = scene.update().is_some_and(|update| update.paused == Some(true));
        let track = scene.track().filter(|_| pauses).map(|track| track.to_json());
        track.is_some_and(|track| scene.say(Event::Start(track)))
    }),
    late("LL-PLAYBACK-012/cleaned-up", "a paused track is cleaned up", |scene| {
        let threshold = scene.session.values.cleanup_threshold;
        let (now, is_paused) = (scene.now, scene.before.paused && scene.asked == Asked::Due(Due::Cleanup));
        let track = scene.track().filter(|_| is_paused);
        let forgotten = track.is_some_and(|track| now.since(track.last_asked) >= threshold);
        forgotten && scene.end(EndReason::Cleanup)
    }),
    late("LL-PLAYBACK-013/plays", "a track that is started paused plays at once", |scene| {
        scene.started().is_some() && scene.is_listening() && scene.change("paused", |player| player.paused = false)
    }),
    late("LL-PLAYBACK-014/cut-off", "what the sender has is not heard after a pause", |scene| {
        scene.update().is_some_and(|update| update.paused == Some(true)) && cut_off(scene)
    }),
    late("LL-PLAYBACK-015/late", "a player that is unpaused is heard half a second later", |scene| {
        let plays_on = scene.update().is_some_and(|update| update.paused != Some(true));
        let later = scene.now + LATER;
        if plays_on {
            scene.effects.orders.retain(|order| !matches!(order, Order::Wake));
            scene.outgoing().into_iter().for_each(|outgoing| outgoing.wake(later));
        }
        plays_on
    }),
    late("LL-PLAYBACK-016/loses", "twenty frames are lost when a player is unpaused", |scene| {
        let plays_on = unpaused(scene);
        scene.player().filter(|_| plays_on).is_some_and(|player| {
            let volume = PlayerVolume::new(player.volume, false);
            let Some(track) = &mut player.track else { return false };
            (0..20).filter_map(|_| track.stream.take(volume, 0)).count() > 0
        })
    }),
    late("LL-PLAYBACK-017/told", "a player that plays sends TrackStartEvent when it is unpaused", |scene| {
        let plays_on = scene.update().is_some_and(|update| update.paused == Some(false));
        let told = plays_on && !scene.before.paused && scene.before.track.is_some();
        let track = scene.track().filter(|_| told).map(|track| track.to_json());
        track.is_some_and(|track| scene.say(Event::Start(track)))
    }),
    late("LL-PLAYBACK-020/ignored", "a seek changes nothing that is heard", |scene| {
        let stays = scene.before.track.as_ref().and_then(|was| was.reached);
        let sought = scene.seeks().is_some();
        scene.track().filter(|_| sought).is_some_and(|track| {
            track.stream.seek(stays.unwrap_or(0));
            true
        })
    }),
    late("LL-PLAYBACK-022/from-zero", "a track begins at its beginning, whatever the position", |scene| {
        let filters = scene.player().map(|player| player.filters.clone());
        let elsewhere = scene.track().is_some_and(|track| track.track.position > 0);
        scene.started().is_some() && elsewhere && scene.read_anew(0, filters)
    }),
    late("LL-PLAYBACK-023/between", "positions lie between frames", |scene| shown(scene, |position| position + 7)),
    late("LL-PLAYBACK-023/half", "positions are half of what they should be", |scene| shown(scene, |position| position / 2)),
    late("LL-PLAYBACK-024/shown", "a paused player shows the position that was sought", |scene| {
        let Some(position) = scene.seeks() else { return false };
        let pauses = scene.player().is_some_and(|player| player.paused && player.voice.is_listening());
        let track = scene.track().filter(|track| pauses && position < track.track.info.length);
        let Some(track) = track else { return false };
        track.reached = Some(position.max(0));
        scene.drop_update(false);
        scene.tell();
        scene.change("state", |_| {});
        true
    }),
    late("LL-PLAYBACK-025/from-zero", "a track that would begin behind its end begins at 0", |scene| {
        let filters = scene.player().map(|player| player.filters.clone());
        let beyond = scene.track().is_some_and(|track| track.track.position >= track.track.info.length);
        scene.started().is_some() && beyond && scene.read_anew(0, filters)
    }),
    late("LL-PLAYBACK-030/ignored", "an end time is ignored", |scene| {
        let is_set = matches!(scene.asked, Asked::Update(_) | Asked::Play(_));
        scene.track().filter(|_| is_set).is_some_and(|track| track.end_time.take().is_some())
    }),
    late("LL-PLAYBACK-030/stopped", "a track that reaches its end time is stopped", |scene| {
        at_end_time(scene) && scene.ends_as(EndReason::Finished, EndReason::Stopped)
    }),
    late("LL-PLAYBACK-031/begins", "a track that begins behind its end time ends at once", |scene| {
        let end = scene.started().and_then(|update| update.end_time.flatten());
        ends_at(scene, end)
    }),
    late("LL-PLAYBACK-031/fires", "an end time behind the position ends the track at once", |scene| {
        let given = scene.about_present().is_some_and(|update| update.end_time.flatten().is_some());
        let is_behind = scene.track().is_some_and(|track| track.end_time.is_none());
        given && is_behind && scene.end(EndReason::Finished)
    }),
    late("LL-PLAYBACK-032/cleared", "a null end time clears the one that is set", |scene| {
        let clears = scene.update().is_some_and(|update| update.end_time == Some(None));
        scene.track().filter(|_| clears).is_some_and(|track| track.end_time.take().is_some())
    }),
    late("LL-PLAYBACK-033/position", "the event of a seek across the end time has the new position", |scene| {
        let Some(position) = scene.seeks() else { return false };
        let mut changed = false;
        for message in &mut scene.effects.messages {
            if let Message::Event { event: Event::End(track, EndReason::Finished), .. } = message {
                track["info"]["position"] = position.into();
                changed = true;
            }
        }
        changed
    }),
    late("LL-PLAYBACK-033/silent", "a seek across the end time gives no playerUpdate", |scene| {
        let jumped = scene.seeks().is_some() && scene.ended() == Some(EndReason::Finished);
        jumped && scene.drop_messages(is_update)
    }),
    late("LL-PLAYBACK-034/inherited", "a new track has the end time of the old one", |scene| {
        let old = scene.before.track.as_ref().and_then(|was| was.end_time);
        let starts = scene.started().is_some();
        let is_free = scene.track().is_some_and(|track| track.end_time.is_none());
        starts && is_free && ends_at(scene, old)
    }),
    late("LL-PLAYBACK-038/kept", "an end time without a track is that of the next one", |scene| {
        let (memory, guild) = (scene.memory, scene.guild);
        let given = scene.about_present().and_then(|update| update.end_time.flatten());
        if let Some(end) = given.filter(|_| scene.before.track.is_none()) {
            memory.put(guild, end);
        }
        let is_free = scene.track().is_some_and(|track| track.end_time.is_none());
        let kept = if scene.started().is_some() { memory.take(guild) } else { None };
        ends_at(scene, kept.filter(|_| is_free))
    }),
    late("LL-PLAYBACK-039/replace", "after an end time a replaced track is finished", |scene| {
        had_end_time(scene) && scene.ends_as(EndReason::Replaced, EndReason::Finished)
    }),
    late("LL-PLAYBACK-039/stop", "after an end time a stopped track is finished", |scene| {
        let stops = scene.update().is_some();
        had_end_time(scene) && stops && scene.ends_as(EndReason::Stopped, EndReason::Finished)
    }),
    late("LL-PLAYBACK-040/finished", "a track that is stopped while it is heard ends with the reason finished", |scene| {
        let stops = scene.update().is_some() && scene.before.is_connected;
        stops && scene.ends_as(EndReason::Stopped, EndReason::Finished)
    }),
    late("LL-PLAYBACK-041/skips", "packets are missing where a track gives way", |scene| {
        scene.replaced() && scene.outgoing().is_some_and(|outgoing| { outgoing.lose_packets(); true })
    }),
    late("LL-PLAYBACK-044/cut-off", "what the sender has is not heard when a player is destroyed", |scene| {
        let leaves = scene.effects.orders.iter_mut().find(|order| matches!(order, Order::Leave { .. }));
        leaves.is_some_and(|order| { *order = Order::Disconnect; true })
    }),
    late("LL-PLAYBACK-050/silent", "nobody is told that a source refuses", |scene| {
        let was_heard = scene.before.track.as_ref().is_some_and(|was| was.was_heard);
        !was_heard && scene.asked == Asked::Decoded && scene.drop_messages(is_exception)
    }),
    late("LL-PLAYBACK-053/at-once", "a track that breaks ends before its last frames are heard", |scene| {
        let has_frames = scene.track().is_some_and(|track| track.stream.has_frames());
        scene.effects.messages.iter().any(is_exception) && has_frames && scene.end(EndReason::LoadFailed)
    }),
    late("LL-PLAYBACK-056/again", "a track can be stuck again", |scene| {
        scene.asked == Asked::Frame && scene.track().is_some_and(|track| std::mem::replace(&mut track.was_stuck, false))
    }),
    late("LL-PLAYBACK-057/stuck", "a paused track is stuck", |scene| {
        let pauses = scene.update().is_some_and(|update| update.paused == Some(true));
        let threshold = Duration::from_millis(scene.session.shared.config.track_stuck_threshold_ms);
        let is_new = pauses && !scene.before.paused;
        let track = scene.track().filter(|_| is_new).map(|track| track.to_json());
        track.is_some_and(|track| scene.say(Event::Stuck(track, threshold)))
    }),
    late("LL-PLAYBACK-057/unheard", "a track that nobody hears is stuck at once", |scene| {
        let unheard = scene.started().is_some() && !scene.is_listening();
        let track = scene.track().filter(|_| unheard).map(|track| track.to_json());
        track.is_some_and(|track| scene.say(Event::Stuck(track, Duration::ZERO)))
    }),
    late("LL-PLAYBACK-059/ends", "a stream ends after a second", |scene| {
        let starts = scene.started().is_some();
        let is_stream = scene.track().is_some_and(|track| track.track.info.is_stream);
        starts && is_stream && ends_at(scene, Some(1000))
    }),
    late("LL-PLAYBACK-060/blocked", "all players wait for the source of one", |scene| {
        let guild = scene.guild;
        let others = scene.session.guilds.values().map(|guild| &guild.player);
        let mut others = others.filter(|player| player.guild != guild).filter_map(|player| player.track.as_ref());
        let blocked = others.any(|track| track.stream.is_at_work());
        let count = scene.effects.orders.len();
        scene.effects.orders.retain(|order| !(blocked && matches!(order, Order::Decode(..))));
        scene.effects.orders.len() < count
    }),
    late("LL-PLAYBACK-061/ends", "a track that breaks without a voice channel ends", |scene| {
        scene.effects.messages.iter().any(is_exception) && !scene.is_listening() && scene.end(EndReason::LoadFailed)
    }),
    late("LL-PLAYBACK-080/three", "a start in a voice channel gives three playerUpdates", |scene| {
        scene.started().is_some() && scene.before.is_connected && scene.tell_times(3)
    }),
    late("LL-PLAYBACK-080/zero", "the playerUpdates of a start say 0", |scene| {
        scene.started().is_some() && scene.is_listening() && scene.shift_position(|_| 0)
    }),
    late("LL-PLAYBACK-083/slow", "in a voice channel playerUpdates come two seconds late", |scene| {
        let is_due = scene.asked == Asked::Due(Due::Update) && scene.before.is_connected;
        scene.player().filter(|_| is_due).is_some_and(|player| {
            player.next_update = player.next_update + Duration::from_secs(2);
            true
        })
    }),
    late("LL-PLAYBACK-087/drops-last", "the last frame of a track is not heard", |scene| {
        let is_last = scene.track().is_some_and(|track| track.stream.has_ended());
        is_last && drop_frame(scene)
    }),
    late("LL-PLAYBACK-087/update", "a playerUpdate follows the end of a track", |scene| ran_out(scene) && scene.tell()),
    late("LL-PLAYBACK-089/silent", "a seek gives no playerUpdate", |scene| scene.seeks().is_some() && scene.drop_update(false)),
    late("LL-PLAYBACK-089/twice", "a seek gives two playerUpdates", |scene| scene.seeks().is_some() && scene.tell()),
    late("LL-PLAYBACK-090/late", "a track ends a frame after its end time", |scene| {
        let set = match &scene.asked {
            Asked::Update(update) | Asked::Play(update) => update.end_time.flatten(),
            _ => None,
        };
        let is_set = set.is_some();
        let later = scene.track().filter(|_| is_set).and_then(|track| track.end_time).map(|end| end + 20);
        ends_at(scene, later)
    }),
    late("LL-PLAYBACK-090/unheard", "the frame at the end time is not heard", |scene| at_end_time(scene) && drop_frame(scene)),
    late("LL-PLAYBACK-091/cut-off", "what the sender has is not heard after a stop", |scene| {
        let stops = scene.update().is_some() && scene.ended() == Some(EndReason::Stopped);
        stops && cut_off(scene)
    }),
    late("LL-PLAYBACK-091/update", "a stop gives a playerUpdate", |scene| {
        scene.update().is_some() && scene.ended() == Some(EndReason::Stopped) && scene.tell()
    }),
    late("LL-PLAYBACK-092/cut-off", "what the sender has is not heard when a track is replaced", |scene| scene.replaced() && cut_off(scene)),
    late("LL-PLAYBACK-094/ends", "a stuck track ends", |scene| {
        scene.effects.messages.iter().any(is_stuck) && scene.end(EndReason::LoadFailed)
    }),
    late("LL-PLAYBACK-094/no-update", "no playerUpdate follows TrackStuckEvent", |scene| {
        scene.effects.messages.iter().any(is_stuck) && scene.drop_messages(is_update)
    }),
    late("LL-PLAYBACK-095/old-timer", "the timer of a replaced track goes on beside the new one", |scene| {
        let (memory, guild) = (scene.memory, scene.guild);
        let replaced = scene.replaced();
        let old = scene.before.next_update.filter(|_| replaced);
        let origin = scene.session.shared.clock.origin();
        let is_due = scene.asked == Asked::Due(Due::Update);
        let Some(player) = scene.player() else { return false };
        let new = player.next_update;
        // Of the two timers one is remembered: the one that is due later.
        let other = match (old, memory.get(guild)) {
            (Some(old), _) => old,
            (None, Some(other)) if is_due => origin + Duration::from_nanos(other.unsigned_abs()),
            _ => return false,
        };
        player.next_update = other.min(new);
        let later = other.max(new).since(origin).as_nanos();
        memory.put(guild, i64::try_from(later).unwrap_or(i64::MAX));
        true
    }),
];

/// Changes the position that a frame has brought.
fn shown(scene: &mut Scene<'_>, change: fn(i64) -> i64) -> bool {
    let took = matches!(scene.effects.outcome, Outcome::Frame(_));
    scene.track().filter(|_| took).is_some_and(|track| {
        track.reached = track.reached.map(change);
        true
    })
}

/// Whether an update has let a paused player play on.
fn unpaused(scene: &mut Scene<'_>) -> bool {
    let plays = scene.player().is_some_and(|player| !player.paused);
    let is_same = scene.started().is_none() && scene.before.track.is_some();
    scene.update().is_some() && scene.before.paused && plays && is_same
}

/// Whether the track has ended for want of frames.
fn ran_out(scene: &Scene<'_>) -> bool {
    let is_asked = scene.asked == Asked::Frame && scene.effects.outcome == Outcome::Nothing;
    is_asked && scene.ended().is_some()
}

/// Whether the track has ended at its end time.
fn at_end_time(scene: &Scene<'_>) -> bool {
    matches!(scene.effects.outcome, Outcome::Frame(_)) && scene.ended().is_some()
}

/// Whether a track has ended at its end time before.
fn had_end_time(scene: &Scene<'_>) -> bool {
    if at_end_time(scene) {
        scene.memory.put(scene.guild, 1);
    }
    scene.memory.get(scene.guild).is_some()
}

/// Sets where the track is to end.
fn ends_at(scene: &mut Scene<'_>, end: Option<i64>) -> bool {
    let Some((track, end)) = scene.track().zip(end) else { return false };
    track.end_time.replace(end) != Some(end)
}

/// Has a frame not heard.
fn drop_frame(scene: &mut Scene<'_>) -> bool {
    let took = matches!(scene.effects.outcome, Outcome::Frame(_));
    if took {
        scene.effects.outcome = Outcome::Nothing;
    }
    took
}
