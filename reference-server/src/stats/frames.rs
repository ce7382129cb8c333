//! How many frames players gave to their voice connections, by minutes of the clock.
//!
//! As in docs/observed/stats.md#frame-statistics: a message tells of the last whole clock minute,
//! of players that have played since before it began.

use serde_json::{Value, json};

use crate::deviations::switch::{self, Seam, deviates, either};

/// Frames of 20 ms in a minute.
const EXPECTED: i64 = 3000;

/// Milliseconds in a minute.
const MINUTE: u64 = 60_000;

/// Longest pause in milliseconds, between two tracks or within one, that is none.
const SWITCH_TIME: u64 = 100;

/// What one player gave in this minute of the clock and the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FrameCounter {
    /// Since when it has played without a gap, ms since the epoch.
    since: Option<u64>,
    /// When it stopped, ms since the epoch; `None` while it plays.
    stopped: Option<u64>,
    current: Minute,
    last: Minute,
}

/// The frames of one minute of the clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Minute {
    /// Since the epoch.
    number: u64,
    frames: Frames,
}

/// Frames of one player or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frames {
    /// That were there when they were asked for.
    pub(crate) sent: i64,
    /// That were not, although a track was playing.
    pub(crate) nulled: i64,
}

impl FrameCounter {
    /// Tells whether the player plays now: whether it has a track and is not paused. `now` is in
    /// ms since the epoch, here and below.
    pub(crate) fn watch(&mut self, playing: bool, now: u64) {
        if !playing {
            self.stopped = self.stopped.or(self.since.map(|_| now));
            return;
        }
        let Some(stopped) = self.stopped.take() else {
            self.since.get_or_insert(now);
            return;
        };
        let longest = either(switch::STATS_055_ANY_GAP_COUNTS, SWITCH_TIME, 0);
        let longest = either(switch::STATS_056_SECOND_ALLOWED, longest, 1000);
        if now.saturating_sub(stopped) > longest {
            self.since = Some(either(switch::STATS_056_NEVER_AGAIN, now, u64::MAX));
        }
    }

    /// A frame was asked for while a track played.
    pub(crate) fn count(&mut self, was_there: bool, now: u64) {
        let number = now / MINUTE;
        if self.current.number != number {
            self.last = std::mem::take(&mut self.current);
            self.current.number = number;
        }
        let frames = &mut self.current.frames;
        if was_there {
            frames.sent += either(switch::STATS_051_TWICE, 1, 2);
        } else {
            frames.nulled += 1;
        }
    }

    /// The frames of the last whole minute of the clock, if the player plays and has done so
    /// since before that minute began.
    pub(crate) fn last_minute(&self, now: u64) -> Option<Frames> {
        let last = (now / MINUTE).saturating_sub(1);
        let begin = match () {
            () if deviates(switch::STATS_050_ANY_MINUTE) => now.saturating_sub(MINUTE),
            () if deviates(switch::STATS_050_MINUTE_LATE) => last.saturating_sub(1) * MINUTE,
            () => last * MINUTE,
        };
        let plays = self.stopped.is_none() || deviates(switch::STATS_053_PAUSED_TOO);
        if !plays || self.since? >= begin {
            return None;
        }
        if deviates(switch::STATS_052_BOTH_MINUTES) {
            return Some(total(&[self.last.frames, self.current.frames]));
        }
        let told = either(switch::STATS_052_RUNNING_MINUTE, last, last + 1);
        let known = [self.last, self.current].into_iter().find(|minute| minute.number == told);
        match known {
            Some(minute) => Some(minute.frames),
            None if deviates(switch::STATS_058_NULL) => None,
            None => Some(Frames { sent: 0, nulled: either(switch::STATS_058_NULLED, 0, EXPECTED) }),
        }
    }
}

/// The frames of all players that can be told of, for whom they are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) players: i64,
    pub(crate) frames: Frames,
    pub(crate) deficit: i64,
}

/// Where deviations change what is averaged over players.
pub(crate) static TOTALS: Seam<fn(&[Frames], &mut Totals)> = Seam::new();

/// `frameStats` of the players that can be told of; null without any.
pub(crate) fn average(told: &[Frames]) -> Value {
    let players = i64::try_from(told.len()).unwrap_or(i64::MAX);
    if players == 0 {
        return Value::Null;
    }
    let frames = total(told);
    let deficit = EXPECTED * players - frames.sent - frames.nulled;
    let mut totals = Totals { players, frames, deficit };
    if let Some(change) = TOTALS.get() {
        change(told, &mut totals);
    }
    let Totals { players, frames: Frames { sent, nulled }, deficit } = totals;
    json!({"sent": sent / players, "nulled": nulled / players, "deficit": deficit / players})
}

fn total(all: &[Frames]) -> Frames {
    all.iter().fold(Frames::default(), |sum, frames| Frames {
        sent: sum.sent + frames.sent,
        nulled: sum.nulled + frames.nulled,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Minute 100 of the clock, and so many seconds.
    fn at(seconds: u64) -> u64 {
        100 * MINUTE + seconds * 1000
    }

    /// A player that is asked for a frame every 20 ms from one second to another.
    fn play(counter: &mut FrameCounter, seconds: std::ops::Range<u64>) {
        counter.watch(true, at(seconds.start));
        for now in (at(seconds.start)..at(seconds.end)).step_by(20) {
            counter.count(true, now);
        }
    }

    fn told(counter: &FrameCounter, seconds: u64) -> Option<(i64, i64)> {
        counter.last_minute(at(seconds)).map(|frames| (frames.sent, frames.nulled))
    }

    #[test]
    fn a_minute_counts_when_the_player_played_before_it_began() {
        let mut counter = FrameCounter::default();
        play(&mut counter, 57..121);
        assert_eq!(told(&counter, 119), None);
        assert_eq!(told(&counter, 120), Some((3000, 0)));
        let mut later = FrameCounter::default();
        play(&mut later, 60..181);
        assert_eq!(told(&later, 179), None, "it has to play before the minute begins");
        assert_eq!(told(&later, 180), Some((3000, 0)));
    }

    #[test]
    fn frames_belong_to_the_minute_in_which_they_were_asked_for() {
        let mut counter = FrameCounter::default();
        counter.watch(true, at(1));
        counter.count(true, at(119));
        counter.count(false, at(119));
        counter.count(true, at(120));
        assert_eq!(told(&counter, 130), Some((1, 1)));
        assert_eq!(told(&counter, 190), Some((1, 0)));
        assert_eq!(told(&counter, 250), Some((0, 0)), "nobody asked in that minute");
    }

    #[test]
    fn a_gap_counts_from_a_tenth_of_a_second() {
        for (gap, expected) in [(0, Some((0, 0))), (100, Some((0, 0))), (101, None)] {
            let mut counter = FrameCounter::default();
            counter.watch(true, at(10));
            counter.watch(false, at(130));
            assert_eq!(told(&counter, 130), None, "it does not play");
            counter.watch(false, at(130) + gap / 2);
            counter.watch(true, at(130) + gap);
            assert_eq!(told(&counter, 131), expected, "{gap} ms");
            assert_eq!(told(&counter, 240), Some((0, 0)), "{gap} ms");
        }
    }

    #[test]
    fn a_player_that_never_played_has_nothing_to_tell() {
        let mut counter = FrameCounter::default();
        counter.watch(false, at(0));
        assert_eq!(told(&counter, 600), None);
        counter.watch(true, at(600));
        assert_eq!(told(&counter, 659), None);
        assert_eq!(told(&counter, 720), Some((0, 0)));
    }

    #[test]
    fn players_are_averaged_in_whole_numbers() {
        assert_eq!(average(&[]), Value::Null);
        let frames = |sent, nulled| Frames { sent, nulled };
        let one = average(&[frames(2985, 1)]);
        assert_eq!(one, json!({"sent": 2985, "nulled": 1, "deficit": 14}));
        let two = average(&[frames(2985, 1), frames(0, 0)]);
        assert_eq!(two, json!({"sent": 1492, "nulled": 0, "deficit": 1507}));
        let many = average(&[frames(3020, 0)]);
        assert_eq!(many, json!({"sent": 3020, "nulled": 0, "deficit": -20}));
    }

    proptest! {
        #[test]
        fn the_three_make_a_minute_but_for_rounding(
            players in prop::collection::vec((0i64..4000, 0i64..4000), 1..6),
        ) {
            let players: Vec<_> =
                players.into_iter().map(|(sent, nulled)| Frames { sent, nulled }).collect();
            let told = average(&players);
            let sum: i64 = ["sent", "nulled", "deficit"].map(|key| told[key].as_i64().unwrap()).iter().sum();
            prop_assert!((EXPECTED - 2..=EXPECTED + 1).contains(&sum), "{told}");
        }
    }
}
