//! What is to fail: which requests, how often, and with what.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::failure::Failure;
use super::journal::Recorded;
use super::keys::{Object, Place, Wrong};
use super::matching::Match;

/// How many there may be at once.
const MOST: usize = 1000;

/// The faults that there are, in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct Faults {
    /// Whether there are any, which is asked for each request.
    any: AtomicBool,
    state: Mutex<State>,
    seed: Option<u64>,
}

#[derive(Debug)]
struct State {
    faults: Vec<Fault>,
    last: u64,
    random: StdRng,
}

#[derive(Clone, Debug)]
struct Fault {
    id: u64,
    wanted: Match,
    /// How many requests it strikes.
    times: Option<u64>,
    skip: u64,
    probability: f64,
    failure: Failure,
    matched: u64,
    struck: u64,
}

/// A fault has struck.
#[derive(Clone, Debug)]
pub(crate) struct Strike {
    pub(crate) fault: u64,
    pub(crate) failure: Failure,
}

impl Faults {
    /// None yet. With a seed what is drawn at random is the same in each run.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        let state = State { faults: Vec::new(), last: 0, random: random(seed) };
        Self { any: AtomicBool::new(false), state: Mutex::new(state), seed }
    }

    /// Whether there are any.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Acquire)
    }

    /// Whether a body has to be known to tell which of them strikes.
    pub(crate) fn look_at_bodies(&self) -> bool {
        self.lock().faults.iter().any(|fault| fault.wanted.looks_at_body())
    }

    /// Adds one, last in order; gives back how it is shown.
    pub(crate) fn add(&self, given: &Value) -> Result<Value, Wrong> {
        const KEYS: &[&str] = &["match", "times", "skip", "probability", "answer"];
        let object = Object::read(given, Place::Body, KEYS)?;
        let wanted = match object.value("match") {
            Some(wanted) => Match::read_for_fault(wanted, Place::Key(object.place(), "match"))?,
            None => Match::default(),
        };
        let answer = object.required("answer", Ok(object.value("answer")))?;
        let fault = Fault {
            id: 0,
            wanted,
            times: object.integer("times", 1..=i64::MAX)?.map(i64::cast_unsigned),
            skip: object.integer("skip", 0..=i64::MAX)?.unwrap_or(0).cast_unsigned(),
            probability: object.number("probability", 0.0..=1.0)?.unwrap_or(1.0),
            failure: Failure::read(answer, Place::Key(object.place(), "answer"))?,
            matched: 0,
            struck: 0,
        };
        self.insert(fault).ok_or_else(|| {
            object.refused(format!("there are {MOST} faults already; take some back"))
        })
    }

    /// Refuses handshakes.
    pub(crate) fn refuse_handshakes(&self, given: &Value) -> Result<Value, Wrong> {
        let object = Object::read(given, Place::Body, &["refuse", "status"])?;
        let times = object.required("refuse", object.integer("refuse", 1..=i64::MAX))?;
        let status = object.integer("status", 400..=599)?.unwrap_or(503);
        let fault = Fault {
            id: 0,
            wanted: Match::handshakes(),
            times: Some(times.cast_unsigned()),
            skip: 0,
            probability: 1.0,
            failure: Failure::of_status(status as u16),
            matched: 0,
            struck: 0,
        };
        self.insert(fault).ok_or_else(|| object.refused(format!("there are {MOST} faults")))
    }

    fn insert(&self, fault: Fault) -> Option<Value> {
        let mut state = self.lock();
        if state.faults.len() >= MOST {
            return None;
        }
        state.last += 1;
        let fault = Fault { id: state.last, ..fault };
        let shown = fault.to_json();
        state.faults.push(fault);
        self.any.store(true, Ordering::Release);
        Some(shown)
    }

    /// The fault that a request meets, if any.
    pub(crate) fn strike(&self, request: &Recorded) -> Option<Strike> {
        let mut state = self.lock();
        let State { faults, random, .. } = &mut *state;
        faults.iter_mut().find_map(|fault| {
            let strikes = fault.takes(request, random);
            strikes.then(|| Strike { fault: fault.id, failure: fault.failure.clone() })
        })
    }

    /// All of them, or the one with an id.
    pub(crate) fn to_json(&self) -> Value {
        self.lock().faults.iter().map(Fault::to_json).collect()
    }

    pub(crate) fn one(&self, id: u64) -> Option<Value> {
        self.lock().faults.iter().find(|fault| fault.id == id).map(Fault::to_json)
    }

    /// Takes one back; says whether there was one.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut state = self.lock();
        let before = state.faults.len();
        state.faults.retain(|fault| fault.id != id);
        self.any.store(!state.faults.is_empty(), Ordering::Release);
        state.faults.len() < before
    }

    /// Takes all of them back. What is drawn at random begins anew.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        state.faults.clear();
        state.random = random(self.seed);
        self.any.store(false, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn random(seed: Option<u64>) -> StdRng {
    StdRng::seed_from_u64(seed.unwrap_or_else(rand::random))
}

impl Fault {
    fn takes(&mut self, request: &Recorded, random: &mut StdRng) -> bool {
        let used_up = self.times.is_some_and(|times| self.struck >= times);
        if used_up || !self.wanted.matches(request) {
            return false;
        }
        self.matched += 1;
        if self.matched <= self.skip || !random.random_bool(self.probability) {
            return false;
        }
        self.struck += 1;
        true
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "match": self.wanted.to_json(),
            "times": self.times,
            "skip": self.skip,
            "probability": self.probability,
            "answer": self.failure.to_json(),
            "matched": self.matched,
            "struck": self.struck,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str) -> Recorded {
        let (method, path) = (Some("GET".to_owned()), Some(path.to_owned()));
        Recorded { method, path, ..Recorded::default() }
    }

    fn struck(faults: &Faults, path: &str) -> Option<u64> {
        faults.strike(&request(path)).map(|strike| strike.fault)
    }

    #[test]
    fn the_first_that_is_not_used_up_strikes() {
        let faults = Faults::new(None);
        assert!(!faults.any());
        let answer = json!({"status": 500});
        let add = |given: Value| faults.add(&given).unwrap();
        add(json!({"match": {"path": "/a"}, "times": 1, "skip": 1, "answer": answer}));
        add(json!({"match": {"path": "/a*"}, "answer": answer}));
        let seen = [0; 3].map(|_| struck(&faults, "/a"));
        assert_eq!(seen, [Some(2), Some(1), Some(2)]);
        assert_eq!((struck(&faults, "/ab"), struck(&faults, "/b")), (Some(2), None));
        let first = faults.one(1).unwrap();
        assert_eq!((&first["matched"], &first["struck"]), (&json!(2), &json!(1)));
        assert!(faults.remove(2) && !faults.remove(2) && faults.any());
        assert_eq!(struck(&faults, "/ab"), None);
        faults.clear();
        assert!(!faults.any() && faults.one(1).is_none());
    }

    #[test]
    fn a_seed_draws_the_same_again() {
        let drawn = |faults: &Faults| -> Vec<bool> {
            faults.add(&json!({"probability": 0.5, "answer": {"status": 500}})).unwrap();
            (0..100).map(|_| struck(faults, "/").is_some()).collect()
        };
        let faults = Faults::new(Some(7));
        let first = drawn(&faults);
        assert!(first.contains(&true) && first.contains(&false));
        faults.clear();
        assert_eq!(drawn(&faults), first);
        assert_eq!(drawn(&Faults::new(Some(7))), first);
        assert_ne!(drawn(&Faults::new(Some(8))), first);
    }

    #[test]
    fn what_cannot_be_told_of_a_request_is_refused() {
        let wrong = |given: Value| Faults::new(None).add(&given).unwrap_err().to_string();
        assert_eq!(wrong(json!({})), "answer: is missing");
        let error = wrong(json!({"match": {"status": 200}, "answer": {"hang": true}}));
        assert!(error.starts_with("match.status: unknown key"), "{error}");
    }
}
