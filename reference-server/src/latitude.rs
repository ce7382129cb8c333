//! What the real server was seen to do in more than one way.
//!
//! Its threads race: two messages come in either order, a position is the old one or the new one,
//! a frame is late. This server does the same thing each time, the sane one that was seen most
//! often. With `--vary` it draws anew each time, so that whoever relies on one of them finds out.

use std::sync::Mutex;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

use crate::clock::Clock;

/// Draws what is done otherwise; without a seed nothing is.
#[derive(Debug)]
pub(crate) struct Latitude(Option<Mutex<StdRng>>);

/// What may be done otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// The first `stats` come before `ready` (docs/observed/websocket.md#first-messages).
    StatsBeforeReady,
    /// The first of the two playerUpdates comes before TrackStartEvent: 63 of 80 starts
    /// (docs/observed/players.md#playerupdates).
    UpdateBeforeStart,
    /// The answer and the playerUpdate of a seek still show the old position
    /// (docs/observed/playback.md#seeks).
    OldPosition,
    /// TrackEndEvent comes before the playerUpdate of the seek that jumped over the end time, and
    /// not after it (docs/observed/playback.md#end-times).
    EndBeforeSeek,
    /// A track that cannot be opened ends with `finished`, and its exception comes afterwards: 4
    /// of 90 (docs/observed/playback.md#tracks-that-cannot-be-opened).
    FinishedBeforeException,
    /// The peer's echo of a close is noticed first, so that it counts as closed by the remote
    /// side: 10 of 57 (docs/observed/voice.md#voice-data-again).
    ClosedByEcho,
    /// Nobody is told that other voice data have closed a connection: once in 40, and 3 of 30 with
    /// a new endpoint (docs/observed/voice.md#voice-data-again).
    ClosedUntold,
    /// The voice connection of a destroyed player comes back and resumes after it has left with
    /// 1000, and nobody is told of its end: in 3 of 5 series of 60 to 160 destroyed players
    /// (docs/observed/voice.md#leaving).
    BackAfterLeaving,
    /// Five frames of silence stand among the first of a connection, or do so twice: 69 of 153
    /// (docs/observed/playback.md#packets).
    Stutter,
    /// A voice connection whose TCP was reset does not come back, and nobody is told.
    LostInReset,
    /// The playerUpdate of a seek of a paused player says where it will be: 14 of 20.
    SoughtWhilePaused,
    /// The second playerUpdate of a track that begins elsewhere than at its beginning says 0.
    StartsAtZero,
    /// A track that begins in a voice channel gives one playerUpdate: once in 2 of 8 whole runs of
    /// the suite (docs/observed/players.md#playerupdates).
    OneUpdate,
    /// Of six requests that are told at once that their address fails, one or two are sent from it
    /// again: 2 of 1300 times (docs/observed/routeplanner.md#rotateonban).
    FailingAgain,
    /// Some of them go to a second new address, 54 of 1300 times, or a third, once
    /// (docs/observed/routeplanner.md#rotateonban).
    RotatesAgain,
    /// A frame is neither sent nor missed: 17 of 3000 in a minute under load
    /// (docs/observed/stats.md#frame-statistics).
    FrameLost,
}

impl Otherwise {
    /// More often than it was seen where that is rare, so that one run meets it.
    fn chance(self) -> f64 {
        match self {
            Self::FrameLost => 0.003,
            _ => 0.5,
        }
    }
}

/// How many frames may come before a stutter.
const FIRST_FRAMES: u32 = 21;

impl Latitude {
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(seed.map(|seed| Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Whether it is done otherwise this time.
    pub(crate) fn takes(&self, otherwise: Otherwise) -> bool {
        self.draw(|random| random.random_bool(otherwise.chance())).unwrap_or(false)
    }

    /// Some time up to `longest`; none without a seed.
    pub(crate) fn up_to(&self, longest: Duration) -> Duration {
        self.draw(|random| longest.mul_f64(random.random())).unwrap_or_default()
    }

    /// Waits for some time up to `longest`. It is the machine's, as manual time stands still
    /// while something is under way.
    pub(crate) async fn linger(&self, clock: &Clock, longest: Duration) {
        let time = self.up_to(longest);
        if !time.is_zero() {
            clock.within(time, std::future::pending::<()>()).await;
        }
    }

    /// Puts them into another order; only where the real server keeps none.
    pub(crate) fn shuffle<T>(&self, items: &mut [T]) {
        self.draw(|random| items.shuffle(random));
    }

    /// How many frames a connection has before each stutter, twice at most.
    pub(crate) fn stutters(&self) -> Vec<u32> {
        let takes = (0..2).take_while(|_| self.takes(Otherwise::Stutter));
        takes.filter_map(|_| self.draw(|random| random.random_range(1..=FIRST_FRAMES))).collect()
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> Option<T> {
        let mut random = self.0.as_ref()?.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        Some(draw(&mut random))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_varies_without_a_seed() {
        let latitude = Latitude::new(None);
        let mut items = [1, 2, 3, 4, 5, 6, 7, 8];
        for _ in 0..100 {
            assert!(!latitude.takes(Otherwise::StatsBeforeReady));
            assert_eq!(latitude.up_to(Duration::from_secs(1)), Duration::ZERO);
            assert_eq!(latitude.stutters(), [0; 0]);
            latitude.shuffle(&mut items);
        }
        assert!(items.is_sorted());
    }

    #[test]
    fn a_seed_draws_both_and_the_same_again() {
        let draws = |seed| {
            let latitude = Latitude::new(Some(seed));
            let taken: Vec<_> = (0..100).map(|_| latitude.takes(Otherwise::OldPosition)).collect();
            let longest = Duration::from_millis(10);
            assert!((0..100).all(|_| latitude.up_to(longest) <= longest));
            let stutters: Vec<_> = (0..100).map(|_| latitude.stutters()).collect();
            assert!(stutters.iter().flatten().all(|n| (1..=FIRST_FRAMES).contains(n)));
            assert!((0..3).all(|n| stutters.iter().any(|frames| frames.len() == n)));
            taken
        };
        let first = draws(1);
        assert!(first.contains(&true) && first.contains(&false));
        assert_eq!(first, draws(1));
        assert_ne!(first, draws(2));
    }
}
