//! What becomes of one mutant.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::list::List;
use super::reach::Reach;
use crate::engine::run_silently;
use crate::report::Run;
use crate::settings::Settings;
use crate::spec::{Rule, Scenario, Spec};
use crate::steps::ground;
use crate::target::{Fleet, FleetError, Origin, Program};
use crate::verdict::Status;

/// How many scenarios run until somebody looks whether one failed: few at first, as most mutants are
/// noticed by the first.
const FIRST_CHUNK: usize = 3;

/// How many they are at most.
const MOST_AT_ONCE: usize = 60;

/// A chunk that takes longer than this, and [`SLOWNESS`] times what it took without a mutant, hangs.
const LEAST_LIMIT: Duration = Duration::from_secs(60);

/// See [`LEAST_LIMIT`].
const SLOWNESS: u32 = 10;

/// Whether the suite noticed a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// A scenario failed, twice.
    Killed,
    /// Scenarios were blocked, and none failed.
    Blocked,
    /// All passed.
    Survived,
    /// No scenario reaches it.
    Unreached,
}

/// What became of a mutant.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    /// Which one.
    pub(crate) number: u32,
    /// Whether it was noticed.
    pub(crate) fate: Fate,
    /// What noticed it, and how.
    by: Option<Problem>,
    /// How many scenarios reach it.
    reaching: usize,
}

/// Something that a run of the suite would not be green for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// The scenario that saw it.
    pub(super) scenario: String,
    /// What it said.
    pub(super) what: String,
    /// Whether it is only that something else is needed first.
    is_block: bool,
}

/// All that is needed to try mutants.
pub(super) struct Trial<'a> {
    spec: &'a Spec,
    settings: &'a Settings,
    list: &'a List,
    reach: &'a Reach,
    scenarios: HashMap<&'a str, (&'a Rule, &'a Scenario)>,
    /// How many scenarios are tried at most.
    most: usize,
    /// How many mutants of a function and of a file each scenario has killed.
    kills: Mutex<HashMap<String, BTreeMap<String, usize>>>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        spec: &'a Spec,
        settings: &'a Settings,
        list: &'a List,
        reach: &'a Reach,
        most: usize,
    ) -> Self {
        let scenarios = spec.scenarios().map(|(rule, s)| (s.id.as_str(), (rule, s))).collect();
        Self { spec, settings, list, reach, scenarios, most, kills: Mutex::default() }
    }

    /// Runs the scenarios that reach a mutant until one fails.
    pub(super) async fn attempt(&self, number: u32) -> Tried {
        let reaching = self.reach.of(number).count();
        let chosen = self.in_order(number);
        let tried = |fate, by| Tried { number, fate, by, reaching };
        let mut blocked = None;
        let (mut rest, mut size) = (chosen.as_slice(), FIRST_CHUNK);
        while !rest.is_empty() {
            let (chunk, others) = rest.split_at(size.min(rest.len()));
            let problems = self.problems_of(number, chunk).await;
            for problem in problems.iter().filter(|problem| !problem.is_block) {
                if self.is_confirmed(number, problem, chunk).await {
                    self.remember(number, &problem.scenario);
                    return tried(Fate::Killed, Some(problem.clone()));
                }
            }
            blocked = blocked.or_else(|| problems.into_iter().find(|problem| problem.is_block));
            (rest, size) = (others, (size * 2).min(MOST_AT_ONCE));
        }
        let fate = match (&blocked, reaching) {
            (_, 0) => Fate::Unreached,
            (Some(_), _) => Fate::Blocked,
            (None, _) => Fate::Survived,
        };
        tried(fate, blocked)
    }

    /// Those that reach it, those first that are likely to notice: they have noticed others of the
    /// same function or file, are prerequisites, are about the area that the file is named after, or
    /// take little time. Of very many, no more than the plan says.
    fn in_order(&self, number: u32) -> Vec<(&'a Rule, &'a Scenario, Duration)> {
        let kills = self.kills.lock().unwrap_or_else(PoisonError::into_inner);
        let (function, file) = self.list.place(number);
        let count = |place: &str, id: &str| {
            kills.get(place).and_then(|kills| kills.get(id)).copied().unwrap_or_default()
        };
        let reaching = self.reach.of(number);
        let mut chosen: Vec<_> = reaching
            .filter_map(|(id, ms)| self.scenarios.get(id).map(|(rule, s)| (*rule, *s, ms)))
            .collect();
        chosen.sort_by_key(|(rule, scenario, ms)| {
            let (near, far) = (count(function, &scenario.id), count(file, &scenario.id));
            let is_elsewhere = !file.contains(&format!("/{}/", rule.area));
            (Reverse(near), Reverse(far), rule.area != ground::AREA, is_elsewhere, *ms)
        });
        let timed = chosen.into_iter().take(self.most);
        timed.map(|(rule, s, ms)| (rule, s, Duration::from_millis(ms))).collect()
    }

    async fn problems_of(
        &self,
        number: u32,
        chunk: &[(&Rule, &Scenario, Duration)],
    ) -> Vec<Problem> {
        let usual: Duration = chunk.iter().map(|(.., duration)| *duration).sum();
        let limit = LEAST_LIMIT.max(usual * SLOWNESS);
        let scenarios: Vec<_> =
            chunk.iter().map(|(rule, scenario, _)| (*rule, *scenario)).collect();
        let whole = |what: String| {
            let scenario = scenarios.first().map(|(_, s)| s.id.clone()).unwrap_or_default();
            vec![Problem { scenario, what, is_block: false }]
        };
        let run = play(self.spec, self.settings, self.list.with(number), &scenarios);
        match tokio::time::timeout(limit, run).await {
            Ok(Ok(run)) => problems(&run),
            Ok(Err(error)) => whole(format!("there is no server: {error}")),
            Err(_) => whole(format!("it takes longer than {} s", limit.as_secs())),
        }
    }

    /// Whether it fails again, on a server of its own.
    async fn is_confirmed(
        &self,
        number: u32,
        problem: &Problem,
        chunk: &[(&Rule, &Scenario, Duration)],
    ) -> bool {
        let own: Vec<_> =
            chunk.iter().copied().filter(|(_, s, _)| s.id == problem.scenario).collect();
        let again = self.problems_of(number, &own).await;
        if again.iter().any(|problem| !problem.is_block) {
            return true;
        }
        // What others did before it may have a part in it.
        let again = self.problems_of(number, chunk).await;
        again.iter().any(|problem| !problem.is_block)
    }

    fn remember(&self, number: u32, scenario: &str) {
        let (function, file) = self.list.place(number);
        let mut kills = self.kills.lock().unwrap_or_else(PoisonError::into_inner);
        for place in [function, file] {
            *kills.entry(place.to_owned()).or_default().entry(scenario.to_owned()).or_default() +=
                1;
        }
    }
}

impl Tried {
    /// For the table.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "number": self.number,
            "fate": self.fate.name(),
            "scenario": self.by.as_ref().map(|problem| &problem.scenario),
            "what": self.by.as_ref().map(|problem| &problem.what),
            "reaching": self.reaching,
        })
    }
}

impl Fate {
    fn name(self) -> &'static str {
        match self {
            Self::Killed => "killed",
            Self::Blocked => "blocked",
            Self::Survived => "survived",
            Self::Unreached => "unreached",
        }
    }
}

/// Runs scenarios one after the other on servers of a program.
pub(super) async fn play(
    spec: &Spec,
    settings: &Settings,
    program: Program,
    chosen: &[(&Rule, &Scenario)],
) -> Result<Run, FleetError> {
    let fleet = Arc::new(Fleet::new(Origin::Changed(program), settings.clone(), 1));
    run_silently(spec, chosen, fleet, 1).await
}

/// What a run would not be green for, whatever the level. What is not applicable is no problem.
pub(super) fn problems(run: &Run) -> Vec<Problem> {
    let mut problems = Vec::new();
    for scenario in &run.scenarios {
        let is_block = match scenario.status {
            // Not run is what follows the death of the server.
            Status::Passed | Status::NotApplicable | Status::NotRun => continue,
            Status::Blocked => true,
            _ => false,
        };
        let said = scenario.telling().and_then(|outcome| outcome.message.clone());
        let what = said.or_else(|| scenario.reason.clone()).unwrap_or_default();
        problems.push(Problem { scenario: scenario.id.clone(), what, is_block });
    }
    for finding in &run.findings {
        let scenario = finding.scenarios.first().cloned().unwrap_or_default();
        let what = format!("{}: {}", finding.rule, finding.what);
        problems.push(Problem { scenario, what, is_block: false });
    }
    if run.target_died && problems.iter().all(|problem| problem.is_block) {
        let scenario = run.scenarios.last().map(|s| s.id.clone()).unwrap_or_default();
        problems.push(Problem { scenario, what: "the server died".into(), is_block: false });
    }
    problems
}
