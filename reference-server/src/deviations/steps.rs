//! Breaks at the turning points of a session's life.

use std::time::Duration;

use super::errand;
use super::memory::{Memory, remembered};
use super::row::{Row, run};
use crate::session::{Guild, Session, Step};

/// Gives back whether something was changed.
type Change = fn(&mut Session, Step, &Memory) -> bool;

const fn step(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    step("LL-SESSION-022/resumed", "a session that is not resumable is resumed", |session, step, _| {
        step == Step::SocketLost && !std::mem::replace(&mut session.resuming, true)
    }),
    step("LL-SESSION-037/filters", "filters are lost with the connection", |session, step, _| {
        step == Step::SocketLost && each(session, |guild| guild.player.filters = Default::default())
    }),
    step("LL-SESSION-037/user-data", "userData are lost with the connection", |session, step, _| {
        step == Step::SocketLost && each(session, |guild| {
            if let Some(track) = &mut guild.player.track {
                track.user_data = serde_json::json!({});
            }
        })
    }),
    step("LL-SESSION-037/volume", "the volume is lost with the connection", |session, step, _| {
        step == Step::SocketLost && each(session, |guild| guild.player.volume = 100)
    }),
    step("LL-SESSION-038/pauses", "players pause while the client is away", |session, step, _| {
        step == Step::SocketLost && each(session, |guild| guild.player.paused = true)
    }),
    step("LL-SESSION-039/left", "voice channels are left with the connection", |session, step, _| {
        step == Step::SocketLost && each(session, |guild| {
            guild.player.voice.close();
            guild.connection = Default::default();
        })
    }),
    step("LL-SESSION-042/once", "a session can be resumed once", |session, step, memory| {
        match step {
            Step::Resumed => memory.put(session.id(), 1),
            Step::SocketLost if memory.get(session.id()).is_some() => {
                return std::mem::replace(&mut session.resuming, false);
            }
            _ => {}
        }
        false
    }),
    step("LL-SESSION-047/first", "the first timeout counts", |session, step, memory| {
        let first = memory.get(session.id());
        match (step, first) {
            (Step::Changed, None) => memory.put(session.id(), session.timeout),
            (Step::SocketLost, Some(first)) => {
                return std::mem::replace(&mut session.timeout, first) != first;
            }
            _ => {}
        }
        false
    }),
    step("LL-SESSION-048/reset", "resuming is off again once a session was resumed", |session, step, _| {
        if step == Step::Resumed {
            (session.resuming, session.timeout) = (false, 60);
        }
        step == Step::Resumed
    }),
    step("LL-SESSION-049/restarted", "a return restarts the timer of playerUpdates", |session, step, _| {
        let context = session.context();
        let now = context.now;
        let interval = session.guilds.values().next().map(|guild| guild.player.update_interval(&context));
        let Some(interval) = interval.filter(|_| step == Step::Resumed) else { return false };
        let players = session.guilds.values_mut().map(|guild| &mut guild.player);
        players.filter(|player| player.track.is_some()).for_each(|player| player.next_update = now + interval);
        true
    }),
    step("LL-SESSION-050/restarted", "a return restarts the minute of stats", |session, step, _| {
        if step == Step::Resumed {
            session.next_stats = session.shared.clock.now() + session.values.stats_period;
        }
        step == Step::Resumed
    }),
    step("LL-STATS-020/late", "the first stats come a second late", |session, step, _| {
        if step == Step::Begun {
            session.next_stats = session.shared.clock.now() + Duration::from_secs(1);
        }
        step == Step::Begun
    }),
    step("LL-WEBSOCKET-021/none", "a new session gets no stats", |session, step, _| {
        if step == Step::Begun {
            session.next_stats = session.shared.clock.now() + session.values.stats_period;
        }
        step == Step::Begun
    }),
    step("LL-WEBSOCKET-021/twice", "a new session gets stats twice", |session, step, _| {
        if step == Step::Begun {
            session.send_stats();
        }
        step == Step::Begun
    }),
    step("LL-VOICE-032/stays", "a session that ends stays in its voice channels", |session, step, _| {
        step == Step::Ends && each(session, |guild| {
            guild.connection.hold_for_ever();
        })
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Does with a session at a turning point what the chosen deviations say.
pub(super) fn take(session: &mut Session, step: Step) {
    if step == Step::Called {
        return errand::run(session);
    }
    run(rows(), |row| (row.change)(session, step, &remembered(row.name)));
}

/// Changes what a session has of each guild; gives back whether there is any.
fn each(session: &mut Session, change: fn(&mut Guild)) -> bool {
    session.guilds.values_mut().for_each(change);
    !session.guilds.is_empty()
}
