//! Breaks of statistics, as they are read.

use super::row::{Row, run};
use crate::stats::{Frames, Stats, Totals};

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

type Average = fn(&[Frames], &mut Totals);

const fn average(name: &'static str, summary: &'static str, change: Average) -> Row<Average> {
    Row { name, summary, change }
}

const AVERAGES: &[Row<Average>] = &[
    average("LL-STATS-051/a-second", "sent is what was sent in a second", |_, totals| {
        totals.frames.sent /= 60
    }),
    average(
        "LL-STATS-057/first-only",
        "the frames of the first player only are averaged over all",
        |told, totals| {
            let expected = totals.deficit + totals.frames.sent + totals.frames.nulled;
            totals.frames = told[0];
            totals.deficit = expected - totals.frames.sent - totals.frames.nulled;
        },
    ),
    average("LL-STATS-057/summed", "the players are summed up", |_, totals| totals.players = 1),
    average("LL-STATS-058/no-deficit", "there is never a deficit", |_, totals| totals.deficit = 0),
];

pub(super) fn average_rows() -> impl Iterator<Item = &'static Row<Average>> {
    AVERAGES.iter()
}

/// Changes what is averaged over players as the chosen deviations say.
pub(super) fn change_totals(told: &[Frames], totals: &mut Totals) {
    run(average_rows(), |row| {
        let before = *totals;
        (row.change)(told, totals);
        *totals != before
    });
}
