//! Which scenarios keep what crossed the wire for the reports, and how much of it.

use super::{Cause, Run};
use crate::timeline;

/// How many entries of a long timeline are kept at its beginning.
const BEGINNING: usize = 10;

/// How many entries of a long timeline are kept at its end.
const END: usize = 70;

impl Run {
    /// Keeps what crossed the wire for one scenario of each cause, and for what could not be
    /// established; the others of a cause look the same. Of a long timeline the beginning and
    /// the end are kept.
    pub fn keep_examples(&mut self, causes: &[Cause]) {
        for scenario in &mut self.scenarios {
            let of = causes.iter().find(|cause| cause.has(&scenario.id));
            let is_example = of.is_none_or(|cause| cause.example == scenario.id);
            let again = scenario.starved.iter_mut().chain(&mut scenario.crowded);
            for attempt in scenario.attempts.iter_mut().chain(again) {
                match is_example {
                    true => shorten(&mut attempt.timeline),
                    false => attempt.timeline = Vec::new(),
                }
            }
        }
    }
}

/// Leaves the middle of a long timeline out, and says so.
fn shorten(timeline: &mut Vec<timeline::Entry>) {
    let left_out = timeline.len().saturating_sub(BEGINNING + END);
    // One that has been shortened is as long as that with its note.
    if left_out <= 1 {
        return;
    }
    let note = timeline::Entry {
        at: timeline[BEGINNING].at,
        kind: "note".into(),
        summary: format!("{left_out} entries are left out here"),
        detail: None,
        answer: None,
        times: 1,
    };
    timeline.splice(BEGINNING..BEGINNING + left_out, [note]);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::report::tests::{failed, passed, run};

    #[test]
    fn only_the_example_of_a_cause_keeps_what_crossed_the_wire() {
        let mut run = run(vec![
            failed("LL-A-001.a", "no", &[]),
            failed("LL-A-001.b", "no", &[]),
            passed("LL-A-001.c"),
        ]);
        let entry = || timeline::Entry {
            at: Duration::ZERO,
            kind: "note".into(),
            summary: "x".into(),
            detail: None,
            answer: None,
            times: 1,
        };
        run.scenarios.iter_mut().for_each(|s| s.attempts[0].timeline.push(entry()));
        let causes = crate::report::causes(&run);
        run.keep_examples(&causes);
        let kept: Vec<_> = run.scenarios.iter().map(|s| s.attempts[0].timeline.len()).collect();
        assert_eq!(kept, [1, 0, 1]);
    }

    #[test]
    fn a_long_timeline_keeps_its_beginning_and_its_end() {
        let entry = |number: usize| timeline::Entry {
            at: Duration::from_secs(number as u64),
            kind: "note".into(),
            summary: number.to_string(),
            detail: None,
            answer: None,
            times: 1,
        };
        let mut long: Vec<_> = (0..100).map(entry).collect();
        shorten(&mut long);
        assert_eq!(long.len(), BEGINNING + END + 1);
        assert_eq!(long[BEGINNING].summary, "20 entries are left out here");
        assert_eq!((long[9].summary.as_str(), long[11].summary.as_str()), ("9", "30"));
        shorten(&mut long);
        assert_eq!(long[BEGINNING].summary, "20 entries are left out here");
        let mut short: Vec<_> = (0..80).map(entry).collect();
        shorten(&mut short);
        assert_eq!(short.len(), 80);
    }
}
