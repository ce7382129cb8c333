//! Makes cases: case k of a seed is always the same, whatever ran before it.

mod bodies;
mod frames;
mod harmless;
mod headers;
mod json;
mod paths;
mod requests;
mod tracks;
mod wire;

use super::case::{Case, Kind, Request, Step};
use super::random::Random;

/// What cases depend on besides the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grammar {
    /// Whether the server may be sent to a voice server that refuses. The real one never answers
    /// where it cannot connect, and is wedged after a few times.
    pub(crate) voice: bool,
    /// Whether `timescale` may stretch sound beyond measure. The real one stays within one call of
    /// its native library then, which keeps its garbage collector waiting and with it everybody, or
    /// dies (docs/observed/defects.md).
    pub(crate) stretching: bool,
}

impl Grammar {
    /// Everything, for servers that stand it.
    pub(crate) const ALL: Self = Self { voice: true, stretching: true };
    /// Without what wedges the real server or kills it.
    pub(crate) const SPARING: Self = Self { voice: false, stretching: false };
}

/// How often each kind comes, in relation to the others.
const WEIGHTS: &[(Kind, usize)] = &[
    (Kind::Players, 4),
    (Kind::Bodies, 8),
    (Kind::Tracks, 3),
    (Kind::Loading, 2),
    (Kind::Headers, 4),
    (Kind::Paths, 4),
    (Kind::Wire, 3),
    (Kind::Handshakes, 2),
    (Kind::Frames, 2),
    (Kind::Resuming, 1),
];

impl Case {
    /// Case `number` of a seed.
    pub(crate) fn of(seed: u64, number: u64, grammar: Grammar) -> Self {
        let mut random = Random::of(seed, number);
        let random = &mut random;
        let kind = kind(random);
        let steps = match kind {
            Kind::Players => requests::players(random, grammar),
            Kind::Bodies => requests::bodies(random, grammar),
            Kind::Tracks => requests::tracks(random),
            Kind::Loading => requests::loading(random, grammar),
            Kind::Headers => headers::headers(random, grammar),
            Kind::Paths => paths::paths(random, grammar),
            Kind::Wire => wire::requests(random, grammar),
            Kind::Handshakes => frames::handshakes(random),
            Kind::Frames => frames::frames(random),
            Kind::Resuming => frames::resuming(random, grammar),
        };
        let session = steps.iter().any(needs_session);
        Self { number, kind, session, steps }
    }
}

fn kind(random: &mut Random) -> Kind {
    let sum = WEIGHTS.iter().map(|(_, weight)| weight).sum();
    let mut at = random.below(sum);
    for (kind, weight) in WEIGHTS {
        match at.checked_sub(*weight) {
            Some(rest) => at = rest,
            None => return *kind,
        }
    }
    Kind::Players
}

fn needs_session(step: &Step) -> bool {
    let mark = super::case::Places::SESSION.as_bytes();
    let has = |bytes: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    let request = |request: &Request| {
        has(&request.target) || request.headers.iter().any(|(_, value)| has(value))
    };
    match step {
        Step::Request(it) => request(it),
        Step::Socket(script) => request(&script.handshake),
        Step::Leave => true,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const BUNDLED: Grammar = Grammar::ALL;
    const OTHERS: Grammar = Grammar::SPARING;

    fn texts(case: &Case) -> Vec<Vec<u8>> {
        let requests = case.steps.iter().filter_map(|step| match step {
            Step::Request(request) => Some(request),
            Step::Socket(script) => Some(&script.handshake),
            Step::Leave => None,
        });
        requests.flat_map(|it| [it.target.clone(), it.body.clone().unwrap_or_default()]).collect()
    }

    #[test]
    fn a_case_depends_on_seed_and_number_alone() {
        let backwards: Vec<_> = (0..300).rev().map(|k| Case::of(7, k, BUNDLED)).collect();
        for (case, k) in backwards.into_iter().rev().zip(0..) {
            assert_eq!(case, Case::of(7, k, BUNDLED));
            assert!(!case.steps.is_empty());
        }
        let differ = (0..300).filter(|k| Case::of(7, *k, BUNDLED) != Case::of(8, *k, BUNDLED));
        assert!(differ.count() > 290);
    }

    #[test]
    fn every_kind_comes() {
        let kinds: BTreeSet<_> = (0..500).map(|k| Case::of(1, k, OTHERS).kind).collect();
        assert_eq!(kinds.len(), WEIGHTS.len());
    }

    #[test]
    fn no_case_sends_a_server_away_from_loopback() {
        for k in 0..20_000 {
            let case = Case::of(3, k, OTHERS);
            for text in texts(&case) {
                assert!(harmless::is_harmless(&text, OTHERS), "case {k}: {case:?}");
            }
        }
    }
}
