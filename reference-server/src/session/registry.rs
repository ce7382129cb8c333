//! All sessions, and who may reach them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::{mpsc, oneshot};

use super::outbox::SocketWriter;
use super::seams::IDS;
use super::{Begin, Call, Farewell, Reply, Session};
use crate::clock::{Clock, Hold};
use crate::deviations::switch::{self, deviates, either};
use crate::shared::Shared;
use crate::stats::Counts;

/// Jobs that may wait for a session's task before callers have to.
const WAITING_JOBS: usize = 64;

/// Every session by its id. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Sessions(Arc<Registry>);

#[derive(Debug)]
struct Registry {
    by_id: Mutex<HashMap<String, Handle>>,
    totals: Arc<Totals>,
    ids: Mutex<Ids>,
}

/// The ids of sessions to come.
#[derive(Debug)]
struct Ids {
    seed: Option<u64>,
    random: StdRng,
    /// How many there were.
    given: u64,
}

/// Players of all sessions whose socket is open. Kept up to date as things change, so that
/// statistics cost the same for one session and for thousands.
#[derive(Debug, Default)]
struct Totals {
    players: AtomicUsize,
    playing: AtomicUsize,
}

/// How others reach a session. Clones reach the same.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Link>);

struct Link {
    id: String,
    /// Sessions are numbered in the order in which they begin.
    number: u64,
    /// The bot's.
    user: i64,
    clock: Clock,
    state: Mutex<State>,
    jobs: mpsc::Sender<Job>,
    totals: Arc<Totals>,
}

/// What others may know of a session without asking its task.
#[derive(Clone, Copy, Debug)]
struct State {
    phase: Phase,
    players: usize,
    playing: usize,
}

/// A call on its way to a session's task; the hold is dropped when it has been done.
pub(super) type Job = (Call, Hold);

/// Where a session is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Its socket is open.
    Open,
    /// Its socket is gone; it can be resumed.
    Away,
    /// A socket that asked for it is being opened.
    Claimed,
    /// Over.
    Gone,
}

/// A session that a new socket is going to have. Dropped, it stays away.
pub(crate) struct Claim(Option<Handle>);

impl Sessions {
    /// None yet. With a seed their ids are the same in each run.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let ids = Mutex::new(Ids::new(seed));
        Self(Arc::new(Registry { by_id: Mutex::default(), totals: Arc::default(), ids }))
    }

    /// The next session gets the id that the first had, if there is a seed.
    pub(crate) fn begin_anew(&self) {
        let mut ids = self.ids();
        *ids = Ids::new(ids.seed);
    }

    /// A session whose socket is open; the only ones that REST knows.
    pub(crate) fn find(&self, id: &str) -> Option<Handle> {
        let reachable = |phase| {
            phase == Phase::Open || phase == Phase::Away && deviates(switch::SESSION_035_REACHABLE)
        };
        self.lock().get(id).filter(|handle| reachable(handle.phase())).cloned()
    }

    /// A session that is away, for a new socket; of several sockets one gets it.
    pub(crate) fn claim(&self, id: &str, user: Option<i64>) -> Option<Claim> {
        let handle = self.lock().get(id)?.clone();
        if user != Some(handle.0.user) && deviates(switch::SESSION_043_SAME_USER) {
            return None;
        }
        let claimed = handle.change(Phase::Away, Phase::Claimed)
            || handle.phase() == Phase::Open && deviates(switch::SESSION_044_TAKEN)
            || deviates(switch::SESSION_045_EVERY_ONE);
        claimed.then(|| Claim(Some(handle)))
    }

    /// A new session for a socket.
    pub(crate) fn open(&self, shared: &Shared, begin: Begin, socket: SocketWriter) -> Handle {
        let (jobs, waiting) = mpsc::channel(WAITING_JOBS);
        let state = State { phase: Phase::Open, players: 0, playing: 0 };
        let handle = {
            let (mut sessions, mut ids) = (self.lock(), self.ids());
            let mut id = ids.next();
            for _ in 0..100 {
                if !sessions.contains_key(&id) {
                    break;
                }
                id = ids.next();
            }
            ids.given += 1;
            if let Some(change) = IDS.get() {
                change(&mut id, begin.user);
            }
            let link = Link {
                id,
                number: ids.given,
                user: begin.user,
                clock: shared.clock.clone(),
                state: Mutex::new(state),
                jobs,
                totals: Arc::clone(&self.0.totals),
            };
            let handle = Handle(Arc::new(link));
            sessions.insert(handle.id().to_owned(), handle.clone());
            handle
        };
        let session = Session::begin(begin, shared.clone(), self.clone(), handle.clone(), socket);
        shared.tasks.spawn(session.run(waiting));
        handle
    }

    /// Forgets the sessions of a user that are away.
    pub(crate) async fn end_away(&self, user: i64) {
        let of_user = |handle: &Handle| handle.0.user == user && handle.phase() == Phase::Away;
        for handle in self.all().into_iter().filter(of_user) {
            // One that is over already has nothing to end.
            handle.call(Call::End).await;
        }
    }

    /// How many sessions have a socket, and how many are away.
    pub(crate) fn count(&self) -> (usize, usize) {
        let sessions = self.lock();
        let count = |phase| sessions.values().filter(|handle| handle.phase() == phase).count();
        (count(Phase::Open), count(Phase::Away))
    }

    pub(crate) fn all(&self) -> Vec<Handle> {
        self.lock().values().cloned().collect()
    }

    /// All of them, in the order in which they have begun.
    pub(crate) fn in_order(&self) -> Vec<Handle> {
        let mut all = self.all();
        all.sort_by_key(|handle| handle.0.number);
        all
    }

    /// The one that has begun last.
    pub(crate) fn latest(&self) -> Option<Handle> {
        self.lock().values().max_by_key(|handle| handle.0.number).cloned()
    }

    /// A session that is not over, whether it has a socket or not.
    pub(crate) fn any(&self, id: &str) -> Option<Handle> {
        self.lock().get(id).cloned()
    }

    /// Ends all of them, with their players and sockets.
    pub(crate) async fn end_all(&self, farewell: Farewell) {
        for handle in self.in_order() {
            let farewell = farewell.clone();
            // One that is over already has nothing to end.
            let dropped = handle.call(|reply| Call::EndWith(farewell, reply)).await;
            if let Some(dropped) = dropped.flatten() {
                dropped.await.ok();
            }
        }
    }

    pub(super) fn remove(&self, id: &str) {
        self.lock().remove(id);
    }

    /// Players and playing players of all sessions whose socket is open.
    pub(crate) fn count_players(&self) -> Counts {
        let count = |total: &AtomicUsize| total.load(Ordering::Relaxed);
        let Totals { players, playing } = &*self.0.totals;
        Counts { players: count(players), playing: count(playing) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Handle>> {
        self.0.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ids(&self) -> MutexGuard<'_, Ids> {
        self.0.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handle {
    /// The session's id.
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }

    /// The bot's user id.
    pub(super) fn user(&self) -> i64 {
        self.0.user
    }

    /// Asks the session's task for something, and gives back its result; `None` if it is over.
    pub(crate) async fn call<T>(&self, call: impl FnOnce(Reply<T>) -> Call) -> Option<T> {
        let (reply, replied) = oneshot::channel();
        self.0.jobs.send((call(reply), self.0.clock.hold())).await.ok()?;
        replied.await.ok()
    }

    /// Tells how many players the session has.
    pub(super) fn publish(&self, players: usize, playing: usize) {
        self.update(|state| {
            let most = playing.max(state.playing);
            let playing = either(switch::STATS_043_NEVER_LESS, playing, most);
            *state = State { players, playing, ..*state };
        });
    }

    pub(super) fn set_phase(&self, phase: Phase) {
        self.update(|state| state.phase = phase);
    }

    /// Changes the phase if it is the expected one.
    pub(super) fn change(&self, from: Phase, to: Phase) -> bool {
        self.update(|state| {
            let expected = state.phase == from;
            if expected {
                state.phase = to;
            }
            expected
        })
    }

    fn phase(&self) -> Phase {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).phase
    }

    /// Changes the state, and the totals with it.
    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = state.counted();
        let result = change(&mut state);
        let after = state.counted();
        let adjust = |total: &AtomicUsize, before: usize, after: usize| {
            total.fetch_add(after, Ordering::Relaxed);
            total.fetch_sub(before, Ordering::Relaxed);
        };
        adjust(&self.0.totals.players, before.0, after.0);
        adjust(&self.0.totals.playing, before.1, after.1);
        result
    }
}

impl State {
    /// Players and playing players that statistics count.
    fn counted(&self) -> (usize, usize) {
        if self.phase == Phase::Gone && deviates(switch::STATS_043_ENDED_TOO) {
            return (0, self.playing);
        }
        let ended = self.phase == Phase::Gone && deviates(switch::STATS_042_STILL_COUNTED)
            || self.phase == Phase::Away && deviates(switch::SESSION_036_COUNTED);
        if self.phase == Phase::Open || ended { (self.players, self.playing) } else { (0, 0) }
    }
}

impl PartialEq for Handle {
    /// Whether they reach the same session.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Handle").field(&self.phase()).finish()
    }
}

impl Claim {
    /// Gives the session its new socket.
    pub(crate) async fn resume(mut self, socket: SocketWriter) -> Option<Handle> {
        let handle = self.0.take()?;
        handle.call(|reply| Call::Resume(socket, reply)).await?;
        Some(handle)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(handle) = &self.0 {
            handle.change(Phase::Claimed, Phase::Away);
        }
    }
}

impl Ids {
    fn new(seed: Option<u64>) -> Self {
        let random = match seed {
            Some(seed) => StdRng::seed_from_u64(seed),
            None => StdRng::from_rng(&mut rand::rng()),
        };
        Self { seed, random, given: 0 }
    }

    /// 16 of `[a-z0-9]`.
    fn next(&mut self) -> String {
        const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
        let random = &mut self.random;
        (0..16).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_sixteen_lower_case_letters_and_digits() {
        let mut ids = Ids::new(None);
        let id = ids.next();
        assert_eq!(id.len(), 16);
        assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{id}");
        assert_ne!(id, ids.next());
        assert_ne!(id, Ids::new(None).next());
        let first = |seed| Ids::new(Some(seed)).next();
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
    }
}
