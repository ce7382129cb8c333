//! That a run is about a part of the suite only, which its verdict must not hide.

use std::fmt;

use super::{Extent, Run};
use crate::verdict::Status;

/// Why a run is about less than the whole suite, and how many scenarios it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// What was chosen, or what ended it: `stats only`, `shard 2/5`, `interrupted`.
    pub why: String,
    /// The scenarios that were chosen and came to their turn.
    pub scenarios: usize,
    /// The scenarios of the suite, if the report tells.
    pub of: Option<usize>,
}

impl Partial {
    /// Of a run; nothing if it was about all scenarios of its suite.
    pub fn of(run: &Run) -> Option<Self> {
        let left = run.count(Status::NotRun);
        let scenarios = run.scenarios.len() - left;
        let all_asked = run.suite_scenarios == Some(run.scenarios.len());
        let selection = run.asked.selection.in_words();
        let mut why = Vec::new();
        if !selection.is_empty() && !all_asked {
            why.push(format!("{selection} only"));
        }
        match &run.extent {
            Extent::Part { shard, .. } if !all_asked => why.push(format!("shard {shard}")),
            _ => {}
        }
        if run.interrupted {
            why.push("interrupted".to_owned());
        } else if run.target_died {
            why.push("the target stopped answering".to_owned());
        } else if left > 0 {
            why.push(format!("{left} not run"));
        }
        let why = why.join(", ");
        (!why.is_empty()).then_some(Self { why, scenarios, of: run.suite_scenarios })
    }

    /// `77 of 1740 scenarios`.
    pub fn extent(&self) -> String {
        match self.of {
            Some(of) => format!("{} of {of} scenarios", self.scenarios),
            None => super::words::plural(self.scenarios, "scenario", "scenarios"),
        }
    }
}

impl fmt::Display for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.why, self.extent())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{passed, run};
    use super::*;

    #[test]
    fn only_a_run_of_everything_is_not_partial() {
        let told = |run: &Run| Partial::of(run).map(|partial| partial.to_string());
        let mut run = run(vec![passed("LL-STATS-001.a"), passed("LL-STATS-002.a")]);
        assert_eq!(told(&run), None);
        run.suite_scenarios = Some(1740);
        run.asked.selection.areas = ["stats".to_owned()].into();
        assert_eq!(told(&run).unwrap(), "stats only, 2 of 1740 scenarios");
        let shard = "2/5".parse().unwrap();
        run.extent = Extent::Part { shard, whole: Default::default() };
        assert_eq!(told(&run).unwrap(), "stats only, shard 2/5, 2 of 1740 scenarios");
        run.scenarios[1].status = Status::NotRun;
        assert_eq!(told(&run).unwrap(), "stats only, shard 2/5, 1 not run, 1 of 1740 scenarios");
        run.interrupted = true;
        assert_eq!(told(&run).unwrap(), "stats only, shard 2/5, interrupted, 1 of 1740 scenarios");
        run.suite_scenarios = None;
        assert_eq!(told(&run).unwrap(), "stats only, shard 2/5, interrupted, 1 scenario");
    }

    #[test]
    fn a_selection_of_everything_is_everything() {
        let mut run = run(vec![passed("LL-STATS-001.a")]);
        run.suite_scenarios = Some(1);
        run.asked.selection.areas = ["stats".to_owned()].into();
        assert_eq!(Partial::of(&run), None);
        run.target_died = true;
        assert!(Partial::of(&run).is_some());
    }
}
