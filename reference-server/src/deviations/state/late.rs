//! Breaks after a command that changes a player.

use super::super::row::Row;
use super::{Asked, Late, Scene, is_end, is_start, is_update, late};
use crate::clock::Moment;
use crate::error::ApiError;
use crate::filters::Filters;
use crate::message::EndReason;
use crate::player::Command;
use crate::player::Due;
use crate::player::Outcome;
use crate::player::Player;
use crate::player::PlayerUpdate;
use crate::player::TrackChange;

#[rustfmt::skip]
pub(super) const ROWS: &[Row<Late>] = &[
    late("LL-FILTERS-005/bad-request", "a band that does not exist is 400", |scene| bad_band(scene, ApiError::bad_request("Bad Request"))),
    late("LL-FILTERS-005/message", "the message about a band that does not exist is another", |scene| bad_band(scene, ApiError::internal("Invalid band"))),
    late("LL-FILTERS-018/starts", "the track of a body with a bad band starts", |scene| {
        let Some(update) = scene.update().cloned() else { return false };
        let refused = matches!(&scene.effects.outcome, Outcome::Refused(_));
        let bad = update.filters.as_ref().is_some_and(|filters| filters.check_bands().is_err());
        let TrackChange::Play(encoded) = update.track_change() else { return false };
        let Ok(track) = scene.session.shared.sources.decode(&encoded) else { return false };
        if refused && bad {
            let play = Command::Play { track: Box::new(track), update: Box::new(update) };
            let played = scene.session.apply(scene.guild, play, scene.now);
            scene.effects.messages.extend(played.messages);
            scene.effects.orders.extend(played.orders);
        }
        refused && bad
    }),
    late("LL-FILTERS-031/cleared", "a body without filters clears them", |scene| {
        let clears = scene.update().is_some_and(|update| {
            update.filters.is_none() && *update != PlayerUpdate::default()
        });
        clears && scene.change("filters", |player| player.filters = Filters::default())
    }),
    late("LL-FILTERS-032/cleared", "a new track clears the filters", |scene| {
        let clears = scene.started().is_some_and(|update| update.filters.is_none());
        clears && scene.change("filters", |player| player.filters = Filters::default())
    }),
    late("LL-FILTERS-032/shared", "filters are set for all players of a session", |scene| {
        let Some(filters) = scene.update().and_then(|update| update.filters.clone()) else { return false };
        let players = scene.session.guilds.values_mut().map(|guild| &mut guild.player);
        players.for_each(|player| player.filters = filters.clone());
        scene.session.guilds.len() > 1
    }),
    late("LL-FILTERS-113/added-while-idle", "a player without a track keeps filters that are not named", |scene| {
        let is_idle = scene.before.track.is_none();
        let before = scene.before.filters.clone();
        let Some(filters) = scene.update().and_then(|update| update.filters.clone()) else { return false };
        is_idle && scene.change("filters", |player| player.filters = filters.merged_into(&before))
    }),
    late("LL-FILTERS-113/merged", "filters that are not named go on", |scene| {
        heard(scene, |given, before| given.merged_into(&before))
    }),
    late("LL-FILTERS-113/old-values-stay", "a filter that is set already keeps its values", |scene| {
        heard(scene, |given, before| before.merged_into(&given))
    }),
    late("LL-FILTERS-121/first-only", "a track that takes the place of another has no filters", |scene| {
        let position = scene.track().map(|track| track.track.position);
        scene.replaced() && scene.read_anew(position.unwrap_or(0), None)
    }),
    late("LL-FILTERS-127/at-once", "what the sender has is dropped when the volume changes", |scene| {
        let changes = scene.update().is_some_and(|update| update.volume.is_some());
        changes && cut_off(scene)
    }),
    late("LL-PLAYER-005/all", "destroying a player destroys all of the session", |scene| {
        let destroys = scene.asked == Asked::Destroy && scene.session.guilds.len() > 1;
        let gone = scene.guild;
        if destroys {
            scene.session.guilds.retain(|guild, _| *guild == gone);
        }
        destroys
    }),
    late("LL-PLAYER-006/filters-kept", "a player that is created again has its old filters", |scene| {
        let filters = scene.before.filters.clone();
        let is_kept = filters != Filters::default();
        is_kept && reborn(scene).is_some_and(|player| { player.filters = filters; true })
    }),
    late("LL-PLAYER-006/volume-kept", "a player that is created again has its old volume", |scene| {
        let volume = scene.before.volume;
        volume != 100 && reborn(scene).is_some_and(|player| { player.volume = volume; true })
    }),
    late("LL-PLAYER-025/told", "a position without a track gives a playerUpdate", |scene| {
        let positioned = scene.about_present().is_some_and(|update| update.position.is_some());
        positioned && scene.before.track.is_none() && scene.tell()
    }),
    late("LL-PLAYER-040/answered-before", "the answer is the player before it plays", |scene| {
        let answer = scene.before.json.clone();
        let starts = scene.started().is_some();
        if starts {
            scene.effects.outcome = Outcome::Answer(answer);
        }
        starts
    }),
    late("LL-PLAYER-040/paused", "a track that is played is paused", |scene| {
        scene.started().is_some() && scene.change("paused", |player| player.paused = true)
    }),
    late("LL-PLAYER-048/bad-request", "a track that cannot be decoded is 400", |scene| {
        let plays = scene.update().is_some_and(|update| matches!(update.track_change(), TrackChange::Play(_)));
        let Outcome::Refused(error) = &mut scene.effects.outcome else { return false };
        if plays && error.unexpected {
            *error = ApiError::bad_request(error.message.clone());
        }
        plays
    }),
    late("LL-PLAYER-050/reason", "a stopped track ends with the reason finished", |scene| {
        scene.update().is_some() && scene.ends_as(EndReason::Stopped, EndReason::Finished)
    }),
    late("LL-PLAYER-102/one", "a track that starts gives one playerUpdate", |scene| scene.started().is_some() && scene.tell_times(1)),
    late("LL-PLAYER-102/three", "a track that starts gives three playerUpdates", |scene| scene.started().is_some() && scene.tell_times(3)),
    late("LL-PLAYER-103/paused", "no playerUpdates come while a player is paused", |scene| {
        let is_due = scene.asked == Asked::Due(Due::Update);
        is_due && scene.before.paused && scene.drop_messages(is_update)
    }),
    late("LL-PLAYER-104/end-time", "an end time gives a playerUpdate", |scene| {
        scene.update().is_some_and(|update| update.end_time.is_some()) && scene.tell()
    }),
    late("LL-PLAYER-104/filters-silent", "filters give no playerUpdate", |scene| {
        let Some(update) = scene.update().filter(|update| update.filters.is_some()) else { return false };
        let last = update.track_change() == TrackChange::Keep;
        scene.drop_update(last)
    }),
    late("LL-PLAYER-104/nothing", "an empty body gives a playerUpdate", |scene| {
        scene.update() == Some(&PlayerUpdate::default()) && scene.tell()
    }),
    late("LL-PLAYER-104/paused", "a pause gives a playerUpdate", |scene| {
        scene.update().is_some_and(|update| update.paused.is_some()) && scene.tell()
    }),
    late("LL-PLAYER-104/seek-silent", "a seek gives no playerUpdate", |scene| scene.seeks().is_some() && scene.drop_update(false)),
    late("LL-PLAYER-104/user-data", "userData give a playerUpdate", |scene| {
        scene.update().is_some_and(|update| update.user_data().is_some()) && scene.tell()
    }),
    late("LL-PLAYER-104/volume", "a change of volume gives a playerUpdate", |scene| {
        scene.update().is_some_and(|update| update.volume.is_some()) && scene.tell()
    }),
    late("LL-PLAYER-105/none", "filters in the body of a track give no playerUpdate", |scene| {
        let filtered = scene.update().is_some_and(|update| {
            update.filters.is_some() && update.track_change() != TrackChange::Keep
        });
        filtered && scene.drop_update(false)
    }),
    late("LL-PLAYER-106/silent", "destroying a player does not end its track", |scene| scene.asked == Asked::Destroy && scene.drop_messages(is_end)),
    late("LL-PLAYER-107/plays", "a track plays without voice", |scene| {
        let plays = scene.started().is_some() && !scene.is_listening();
        if plays {
            scene.session.open_outgoing(scene.guild, None);
            scene.player().into_iter().for_each(|player| player.voice.set_listening(true));
        }
        plays
    }),
    late("LL-PLAYER-107/zero", "a start position is not shown without voice", |scene| {
        scene.started().is_some() && !scene.is_listening() && scene.shift_position(|_| 0)
    }),
    late("LL-PLAYER-108/reason", "cleanup has the reason finished", |scene| {
        scene.asked == Asked::Due(Due::Cleanup) && scene.ends_as(EndReason::Cleanup, EndReason::Finished)
    }),
    late("LL-PLAYER-108/seek-puts-off", "a seek puts cleanup off", |scene| {
        let now = scene.now;
        let sought = scene.seeks().is_some();
        scene.track().filter(|_| sought).is_some_and(|track| { track.last_asked = now; true })
    }),
    late("LL-PLAYER-108/update", "cleanup gives a playerUpdate", |scene| {
        scene.asked == Asked::Due(Due::Cleanup) && scene.ended().is_some() && scene.tell()
    }),
    late("LL-PLAYER-120/once", "a position and filters in one body give one playerUpdate", |scene| {
        let both = scene.about_present().is_some_and(|update| {
            update.position.is_some() && update.filters.is_some()
        });
        both && scene.drop_update(true)
    }),
    late("LL-PLAYER-121/rounded", "a seek without voice shows a position a frame later", |scene| {
        scene.seeks().is_some() && !scene.is_listening() && scene.shift_position(|position| position + 20)
    }),
    late("LL-PLAYER-125/inherited", "a new track is cleaned up when the old one would have been", |scene| {
        let Some(asked) = scene.before.track.as_ref().map(|was| was.last_asked) else { return false };
        let starts = scene.started().is_some();
        scene.track().filter(|_| starts).is_some_and(|track| { track.last_asked = asked; true })
    }),
    late("LL-PLAYER-135/goes-on", "the timer of a track goes on after its end", |scene| {
        let ended = scene.ended().is_some_and(|reason| reason != EndReason::Replaced);
        let due = scene.before.next_update.filter(|_| ended);
        scene.player().zip(due).is_some_and(|(player, due)| { player.next_update = due; true })
    }),
    late("LL-PLAYER-135/idle", "playerUpdates come while there is no track", |scene| {
        let Some(player) = scene.player().filter(|player| player.next_update == Moment::NEVER) else { return false };
        let guild = player.guild;
        let context = scene.session.context();
        let due = scene.session.guilds.get(&guild).map(|guild| context.now + guild.player.update_interval(&context));
        scene.player().zip(due).is_some_and(|(player, due)| { player.next_update = due; true })
    }),
    late("LL-PLAYER-135/old-timer", "the interval goes on when a track is replaced", |scene| {
        let due = scene.before.next_update.filter(|_| scene.replaced());
        scene.player().zip(due).is_some_and(|(player, due)| { player.next_update = due; true })
    }),
    late("LL-PLAYER-137/cleanup", "the track of a destroyed player ends with the reason cleanup", |scene| {
        scene.asked == Asked::Destroy && scene.ends_as(EndReason::Stopped, EndReason::Cleanup)
    }),
    late("LL-PLAYER-141/waits", "nobody is told of a track that starts before there is anybody to hear it", |scene| {
        scene.started().is_some() && !scene.is_listening() && scene.drop_messages(is_start)
    }),
    late("LL-STATS-055/starts-anew", "a track that replaces another counts anew", |scene| {
        scene.replaced() && scene.player().is_some_and(|player| { player.frames = Default::default(); true })
    }),
];

/// Refuses a band that does not exist in another way.
fn bad_band(scene: &mut Scene<'_>, wrong: ApiError) -> bool {
    let filters = scene.update().and_then(|update| update.filters.as_ref());
    let bad = filters.is_some_and(|filters| filters.check_bands().is_err());
    if bad {
        scene.effects.outcome = Outcome::Refused(wrong);
    }
    bad
}

/// Changes what is heard of filters that are set while a track plays.
fn heard(scene: &mut Scene<'_>, change: fn(Filters, Filters) -> Filters) -> bool {
    let given = scene.about_present().and_then(|update| update.filters.clone());
    let before = scene.before.filters.clone();
    let Some((track, given)) = scene.track().zip(given) else { return false };
    let wrong = change(given.clone(), before);
    let changed = wrong != given;
    track.stream.set_filters(wrong);
    changed
}

/// Drops what the voice connection has not sent yet.
pub(super) fn cut_off(scene: &mut Scene<'_>) -> bool {
    scene.outgoing().is_some_and(|outgoing| {
        outgoing.forget();
        true
    })
}

/// The player that takes the place of one that was destroyed.
fn reborn<'a>(scene: &'a mut Scene<'_>) -> Option<&'a mut Player> {
    if scene.effects.outcome != Outcome::Gone {
        return None;
    }
    scene.effects.outcome = Outcome::Nothing;
    let new = Player::new(scene.guild, &scene.session.values);
    let player = scene.player()?;
    *player = new;
    Some(player)
}
