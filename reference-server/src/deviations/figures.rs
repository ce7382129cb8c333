//! Breaks of statistics, as they are read.

use super::row::{Row, run};
use crate::stats::Stats;

type Change = fn(&mut Stats);

const fn figure(name: &'static str, summary: &'static str, change: Change) -> Row<Change> {
    Row { name, summary, change }
}

#[rustfmt::skip]
const ROWS: &[Row<Change>] = &[
    figure("LL-STATS-003/more-play", "one player more plays than there are", |stats| stats.playing = stats.players + 1),
    figure("LL-STATS-004/nothing-used", "no memory is used", |stats| stats.machine.memory.used = 0),
    figure("LL-STATS-005/no-cores", "there are no cores", |stats| stats.machine.cores = 0),
    figure("LL-STATS-006/always-new", "the load of the system is another in every answer", |stats| stats.machine.system_load = rand::random()),
    figure("LL-STATS-007/constant", "uptime does not grow", |stats| stats.uptime = 1),
    figure("LL-STATS-007/seconds", "uptime is in seconds", |stats| stats.uptime /= 1000),
    figure("LL-STATS-008/more", "more memory is allocated than is used and free", |stats| {
        let memory = &mut stats.machine.memory;
        memory.allocated = memory.allocated.midpoint(memory.reservable);
    }),
    figure("LL-STATS-040/only-playing", "players counts those that play", |stats| stats.players = stats.playing),
    figure("LL-STATS-041/one-session", "players of other sessions are not counted", |stats| stats.players = stats.players.min(1)),
    figure("LL-STATS-043/all", "playingPlayers counts every player", |stats| stats.playing = stats.players),
    figure("LL-STATS-043/never", "playingPlayers is always 0", |stats| stats.playing = 0),
    figure("LL-STATS-090/percent", "the load of the system is in percent", |stats| stats.machine.system_load = 42.0),
    figure("LL-STATS-091/free-beyond", "more memory is free than there is", |stats| {
        stats.machine.memory.free = stats.machine.memory.allocated + 1;
    }),
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    ROWS.iter()
}

/// Changes statistics as the chosen deviations say.
pub(super) fn change(stats: &mut Stats) {
    run(rows(), |row| {
        let before = *stats;
        (row.change)(stats);
        *stats != before
    });
}
