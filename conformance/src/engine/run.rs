//! A run: its passes, what is down, what became of each scenario.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::crowd::{Crowd, Crowded};
use super::deaths::{Deaths, Sentence};
use super::pass::{ALONE, Item, Shared, run_all};
use super::play::{Ended, Played};
use crate::lag::is_starved;
use crate::moment::Moment;
use crate::report::{Finding, Outcome, Progress, Run, ScenarioResult};
use crate::schema::{ERROR_RULE, Violation};
use crate::spec::{Durations, Level, Rule, Scenario, Spec};
use crate::steps::{ground, grounds};
use crate::target::{Death, Fleet, FleetError, is_alive, profiles};
use crate::verdict::Status;

/// How to run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Scenarios side by side.
    pub jobs: usize,
    /// How often each runs.
    pub repeat: usize,
    /// End at the first that does not pass.
    pub fail_fast: bool,
    /// Begin with those that are known to take more than a second, so that at the end nobody waits
    /// for one of them, and end with those that run alone.
    pub longest_first: bool,
    /// Keep what crossed the wire of scenarios that pass, too.
    pub keep_timelines: bool,
    /// Scenarios that cannot be judged on this target, and why.
    pub excluded: BTreeMap<String, String>,
}

/// What takes longer than this many milliseconds is worth beginning with.
const LONG: u64 = 1000;

/// How often a scenario runs again because it did not pass on a machine that was starved.
const MOST_REPEATS: usize = 3;

/// The tag of scenarios that send what nobody should: whoever takes it may well give it back, and only
/// the shape of refusals is judged there.
const ODD_INPUT: &str = "odd-input";

/// Of as many scenarios one runs again at a time: they may have starved each other.
const FEWER: usize = 4;

/// Scenarios that run one after the other or side by side.
#[derive(Debug)]
struct Pass {
    jobs: usize,
    ids: Vec<String>,
    /// How often they have run before on a machine that was starved.
    repeats: usize,
    /// Whether they are prerequisites, so that what stands on them need not be tried.
    first: bool,
    /// How few run beside each because others may have made it fail.
    crowd: Crowd,
    /// Whether they are those that others may have made fail, as far as they are worth it.
    of_crowded: bool,
}

/// What is known so far.
#[derive(Debug, Default)]
struct Book {
    attempts: BTreeMap<String, Vec<Outcome>>,
    starved: BTreeMap<String, Vec<Outcome>>,
    /// Why scenarios cannot be judged.
    reasons: BTreeMap<String, String>,
    /// Scenarios that are not tried, and the rule that they would need.
    blocked: BTreeMap<String, String>,
    /// Prerequisites that do not hold, and the one that they fail for.
    down: BTreeMap<String, String>,
    /// Prerequisites that cannot be judged, and why.
    lacking: BTreeMap<String, String>,
    /// What scenarios came to that are to run again, if they do not come to it.
    provisional: BTreeMap<String, Outcome>,
    /// Scenarios that others may have made fail.
    crowded: Crowded,
    /// What they came to before they ran again.
    in_crowd: BTreeMap<String, Vec<Outcome>>,
    seen: Vec<(String, Violation)>,
    deaths: Deaths,
    target_died: bool,
}

/// Runs the chosen scenarios of a spec and tells what became of each. If `interrupted` comes first,
/// it tells of those that have ended.
///
/// # Errors
/// There is no server for the first of them.
pub async fn run(
    spec: &Spec,
    chosen: &[(&Rule, &Scenario)],
    fleet: Arc<Fleet>,
    options: &Options,
    progress: Progress,
    interrupted: impl Future<Output = ()>,
) -> Result<Run, FleetError> {
    let (began, at) = (Instant::now(), Moment::now());
    let lag_began = tokio::time::Instant::now();
    let mut book = Book { reasons: options.excluded.clone(), ..Book::default() };
    for (_, scenario) in chosen {
        if let Some(reason) = fleet.lacking(scenario) {
            book.reasons.entry(scenario.id.clone()).or_insert(reason);
        }
    }
    let runnable = chosen.iter().filter(|(_, s)| !book.reasons.contains_key(&s.id));
    let runnable: BTreeMap<_, _> =
        runnable.map(|(rule, s)| (s.id.clone(), Item::of(rule, s))).collect();
    progress.leave_out((chosen.len() - runnable.len()) * options.repeat.max(1));
    let first = chosen.iter().find_map(|(_, scenario)| runnable.get(&scenario.id));
    let profile = first.map_or(profiles::PLAIN, |item| item.scenario.profile()).to_owned();
    tokio::pin!(interrupted);
    let lease = tokio::select! {
        lease = fleet.lease(&profile) => Some(lease?),
        () = &mut interrupted => None,
    };
    let Some(lease) = lease else {
        let result =
            |(rule, scenario): &(&Rule, &Scenario)| book.result(rule, scenario, false, true);
        let scenarios = chosen.iter().map(result).collect();
        return Ok(Run { interrupted: true, began: Some(at), scenarios, ..Run::default() });
    };
    let (target, manual_time) = (lease.target().clone(), lease.settings().manual_time.is_some());
    drop(lease);
    let shared = Arc::new(Shared {
        fleet: Arc::clone(&fleet),
        progress,
        keep_timelines: options.keep_timelines,
        over: AtomicBool::new(false),
    });
    let passes = passes(chosen, &runnable, fleet.width(options.jobs.max(1)), options);
    let was_interrupted = tokio::select! {
        () = run_passes(&shared, &runnable, passes, options, &mut book) => false,
        () = interrupted => true,
    };
    // It may have died with its last answer.
    let target_died = !was_interrupted
        && (book.target_died
            || match fleet.lease(&profile).await {
                Ok(lease) => !is_alive(&lease.settings()).await,
                Err(_) => true,
            });
    let findings = findings(spec, std::mem::take(&mut book.seen));
    let scenarios: Vec<_> = chosen
        .iter()
        .map(|(rule, scenario)| book.result(rule, scenario, target_died, was_interrupted))
        .collect();
    let worst = worst_lag(&scenarios).max(fleet.lag().worst_since(lag_began));
    let mut run = Run {
        target: target.url,
        target_version: target.version,
        manual_time,
        began: Some(at),
        duration: began.elapsed(),
        target_died,
        interrupted: was_interrupted,
        lag: worst,
        scenarios,
        findings,
        ..Run::default()
    };
    run.settle_findings();
    Ok(run)
}

/// [`run`], each scenario once, with nobody who watches or interrupts it.
///
/// # Errors
/// There is no server for the first of them.
pub(crate) async fn run_silently(
    spec: &Spec,
    chosen: &[(&Rule, &Scenario)],
    fleet: Arc<Fleet>,
    jobs: usize,
) -> Result<Run, FleetError> {
    let options = Options { jobs, repeat: 1, ..Options::default() };
    let never = std::future::pending();
    run(spec, chosen, fleet, &options, Progress::silent(), never).await
}

/// The prerequisites, and then all of them as often as it was asked for.
fn passes(
    chosen: &[(&Rule, &Scenario)],
    runnable: &BTreeMap<String, Arc<Item>>,
    jobs: usize,
    options: &Options,
) -> VecDeque<Pass> {
    let chosen = chosen.iter().filter(|(_, scenario)| runnable.contains_key(&scenario.id));
    let (first, others): (Vec<_>, Vec<_>) = chosen.partition(|(rule, _)| rule.area == ground::AREA);
    let ids = |scenarios: &[&(&Rule, &Scenario)]| {
        scenarios.iter().map(|(_, scenario)| scenario.id.clone()).collect::<Vec<_>>()
    };
    let mut first = ids(&first);
    // In the order in which they stand on each other, whatever the order of the run. Whether voice
    // channels are joined is known before a track is played that does better in one.
    first.sort_by_key(|id| match id.starts_with(ground::VOICE) {
        true => format!("{}~", ground::PLAYER),
        false => id.clone(),
    });
    let repeat = options.repeat.max(1);
    let pass = |jobs, ids: &[String], first| {
        let (crowd, of_crowded) = (Crowd::Usual, false);
        Pass { jobs, ids: ids.to_vec(), repeats: 0, first, crowd, of_crowded }
    };
    let before = (0..repeat).map(|_| pass(1, &first, true));
    let mut others = others;
    if options.longest_first {
        let durations = Durations::embedded();
        let rank = |scenario: &Scenario| match durations.of_scenario(scenario) {
            0..=LONG => 0,
            long => long,
        };
        // Those that run alone come last: each of them waits until all others have ended.
        let is_alone = |scenario: &Scenario| scenario.has_tag(ALONE);
        others.sort_by_key(|(_, scenario)| (is_alone(scenario), Reverse(rank(scenario))));
    }
    let others = ids(&others);
    before.chain((0..repeat).map(|_| pass(jobs, &others, false))).collect()
}

async fn run_passes(
    shared: &Arc<Shared>,
    runnable: &BTreeMap<String, Arc<Item>>,
    mut passes: VecDeque<Pass>,
    options: &Options,
    book: &mut Book,
) {
    let lag = shared.fleet.lag();
    let few = passes.iter().map(|pass| pass.jobs / FEWER).max().unwrap_or_default().max(1);
    while let Some(mut pass) = passes.pop_front() {
        if shared.is_over() {
            break;
        }
        if pass.of_crowded {
            pass.ids = book.crowded.begin(pass.crowd);
            shared.progress.expect(pass.ids.len());
        }
        book.deaths.forget_recent();
        let mut again = Again::default();
        let round = async {
            // Each prerequisite decides whether the next one is tried, and each that runs again
            // whether others that look like it do.
            let together = match (pass.first, pass.of_crowded) {
                (true, _) => 1,
                (_, true) => pass.jobs,
                _ => pass.ids.len().max(1),
            };
            for ids in pass.ids.chunks(together) {
                let items = ids.iter().filter_map(|id| runnable.get(id));
                let items = items.filter(|item| book.is_worth(&pass, item, &shared.progress));
                let items: Vec<_> = items.cloned().collect();
                let items = items.iter().filter_map(|item| book.standing(item, &shared.progress));
                let items: Vec<_> = items.collect();
                run_all(shared, items, pass.jobs, |item, ended| {
                    book.note(shared, &pass, options, &item, ended, &mut again);
                })
                .await;
            }
        };
        tokio::select! {
            () = round => {}
            () = lag.watch_clock() => break,
        }
        shared.progress.expect(again.fewer.len() + again.same.len() + again.late.len());
        let fewer = (pass.jobs / FEWER).max(1);
        if !book.crowded.is_empty() && !passes.iter().any(|pass| pass.of_crowded) {
            let crowd = if few == 1 { Crowd::None } else { pass.crowd.next() };
            let (jobs, ids) = (if crowd == Crowd::None { 1 } else { few }, Vec::new());
            passes.push_front(Pass {
                jobs,
                ids,
                repeats: 0,
                first: false,
                crowd,
                of_crowded: true,
            });
        }
        // The last of these runs next.
        for (ids, jobs, repeats) in [
            (again.late, fewer, pass.repeats + 1),
            (again.same, pass.jobs, pass.repeats),
            (again.fewer, fewer, pass.repeats),
        ] {
            if !ids.is_empty() {
                let Pass { first, crowd, .. } = pass;
                passes.push_front(Pass { jobs, ids, repeats, first, crowd, of_crowded: false });
            }
        }
    }
}

/// Scenarios that have to run again.
#[derive(Debug, Default)]
struct Again {
    /// With fewer beside them, to see of whom the target dies.
    fewer: Vec<String>,
    /// As before: the target died of others.
    same: Vec<String>,
    /// On a machine that was late.
    late: Vec<String>,
}

fn add_once(ids: &mut Vec<String>, id: &str) {
    if !ids.iter().any(|other| other == id) {
        ids.push(id.to_owned());
    }
}

impl Book {
    /// The scenario, unless what it stands on is known not to be there.
    fn standing(&mut self, item: &Arc<Item>, progress: &Progress) -> Option<Arc<Item>> {
        let id = &item.scenario.id;
        let stands_on: BTreeSet<_> = grounds(&item.scenario).into_iter().collect();
        let others = || stands_on.iter().filter(|rule| **rule != item.rule);
        if let Some(root) = others().find_map(|rule| self.down.get(*rule)) {
            self.blocked.insert(id.clone(), root.clone());
            progress.ended(id, Status::Blocked);
            if ground::is_prerequisite(&item.rule) {
                self.down.insert(item.rule.clone(), root.clone());
            }
            return None;
        }
        if let Some(reason) = others().find_map(|rule| self.lacking.get(*rule)) {
            let reason = reason.clone();
            if ground::is_prerequisite(&item.rule) {
                self.lacking.insert(item.rule.clone(), reason.clone());
            }
            self.reasons.insert(id.clone(), reason);
            progress.leave_out(1);
            return None;
        }
        Some(Arc::clone(item))
    }

    /// Whether a scenario is to run: one that runs again only if that may change anything.
    fn is_worth(&mut self, pass: &Pass, item: &Item, progress: &Progress) -> bool {
        let id = &item.scenario.id;
        let is_worth = !pass.of_crowded || self.crowded.is_worth(pass.crowd, id);
        if !is_worth {
            progress.leave_out(1);
        }
        is_worth
    }

    /// Writes down what became of a scenario, or has it run again.
    fn note(
        &mut self,
        shared: &Shared,
        pass: &Pass,
        options: &Options,
        item: &Item,
        ended: Ended,
        again: &mut Again,
    ) {
        let id = &item.scenario.id;
        let mut played = match ended {
            Ended::NotApplicable(reason) => {
                if pass.first {
                    self.lacking.insert(item.rule.clone(), reason.clone());
                }
                self.reasons.insert(id.clone(), reason);
                return;
            }
            Ended::Ran(played) => *played,
        };
        let mut violations = std::mem::take(&mut played.violations);
        if item.scenario.has_tag(ODD_INPUT) {
            violations.retain(|violation| violation.rule == ERROR_RULE);
        }
        let violations = violations.into_iter();
        self.seen.extend(violations.map(|violation| (id.clone(), violation)));
        let is_recheck = self.deaths.take_recheck(id);
        match &played.death {
            Some(death) => {
                if !death.replaced {
                    self.target_died = true;
                    shared.end();
                }
                let death = death.clone();
                self.note_death(pass, id, played, &death, is_recheck, shared.is_over(), again);
            }
            None => {
                if let Some((guilty, death)) = self.deaths.survived(id) {
                    self.blame(&guilty, &death);
                }
                if is_recheck {
                    return;
                }
                self.note_outcome(shared, pass, options, item, played, again);
            }
        }
        if self.down.contains_key(ground::VOICE) {
            shared.fleet.note_that_nobody_joins();
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all of it decides who is to blame")]
    fn note_death(
        &mut self,
        pass: &Pass,
        id: &str,
        played: Played,
        death: &Death,
        is_recheck: bool,
        over: bool,
        again: &mut Again,
    ) {
        match self.deaths.judge(id, &played, pass.jobs == 1) {
            Sentence::Suspect(before) if !over => {
                before.iter().for_each(|id| add_once(&mut again.fewer, id));
                add_once(&mut again.fewer, id);
                // Who is to blame is not known if the run ends before that.
                self.provisional.insert(id.to_owned(), played.outcome.not_established());
                if is_recheck {
                    self.deaths.recheck(id);
                }
            }
            Sentence::Innocent { guilty } if !over => {
                if let Some(guilty) = guilty {
                    self.blame(&guilty, death);
                }
                if is_recheck {
                    self.deaths.recheck(id);
                }
                add_once(&mut again.same, id);
            }
            _ => {
                let outcomes = self.attempts.entry(id.to_owned()).or_default();
                if is_recheck {
                    outcomes.pop();
                }
                outcomes.push(played.outcome);
            }
        }
        if pass.first {
            self.settle_prerequisite(id);
        }
    }

    /// The target died of a scenario that had ended.
    fn blame(&mut self, guilty: &str, death: &Death) {
        let outcome = self.attempts.get_mut(guilty).and_then(|outcomes| outcomes.last_mut());
        if let Some(outcome) = outcome.filter(|outcome| !outcome.target_died) {
            outcome.blame(death, "the target died after it");
        }
    }

    fn note_outcome(
        &mut self,
        shared: &Shared,
        pass: &Pass,
        options: &Options,
        item: &Item,
        played: Played,
        again: &mut Again,
    ) {
        let id = &item.scenario.id;
        let Played { outcome, crowded, .. } = played;
        if pass.crowd != Crowd::Usual && pass.repeats == 0 {
            let before = self.attempts.get_mut(id).and_then(Vec::pop);
            if let Some(before) = before {
                if !outcome.is_starved() {
                    self.crowded.note(pass.crowd, &item.rule, &before, &outcome);
                }
                self.in_crowd.entry(id.clone()).or_default().push(before);
            }
        }
        let bad = outcome.status != Status::Passed;
        if bad && options.fail_fast && !is_starved(outcome.lag) {
            shared.end();
        }
        let may_be_innocent = crowded
            && matches!(outcome.status, Status::Failed | Status::Blocked)
            && !outcome.is_starved()
            && pass.jobs > 1
            && shared.fleet.has_crowds();
        if may_be_innocent {
            self.crowded.add(id, &item.rule, item.level, &outcome);
        }
        if !outcome.is_starved() {
            self.attempts.entry(id.clone()).or_default().push(outcome);
        } else if pass.repeats < MOST_REPEATS && !shared.is_over() {
            again.late.push(id.clone());
            self.provisional.insert(id.clone(), outcome.clone().not_established());
            self.starved.entry(id.clone()).or_default().push(outcome);
            return;
        } else {
            self.attempts.entry(id.clone()).or_default().push(outcome.not_established());
        }
        if pass.first {
            self.settle_prerequisite(id);
        }
    }

    /// What stands on a prerequisite that failed or was blocked need not be tried.
    fn settle_prerequisite(&mut self, id: &str) {
        let rule = id.split('.').next().unwrap_or_default().to_owned();
        let last = self.attempts.get(id).and_then(|attempts| attempts.last());
        let root = match last.map(|outcome| (outcome.status, &outcome.blocked_by)) {
            Some((Status::Failed, _)) => rule.clone(),
            Some((Status::Blocked, Some(by))) => self.down.get(by).unwrap_or(by).clone(),
            _ => return,
        };
        self.down.insert(rule, root);
    }

    fn result(
        &mut self,
        rule: &Rule,
        scenario: &Scenario,
        target_died: bool,
        interrupted: bool,
    ) -> ScenarioResult {
        let without =
            |status, reason: &str| ScenarioResult::without_run(rule, scenario, status, reason);
        let id = &scenario.id;
        if let Some(reason) = self.reasons.get(id) {
            return without(Status::NotApplicable, reason);
        }
        if let Some(root) = self.blocked.get(id) {
            return ScenarioResult::without_ground(rule, scenario, root);
        }
        let provisional = self.provisional.remove(id).map(|outcome| vec![outcome]);
        match self.attempts.remove(id).or(provisional) {
            Some(attempts) => {
                let starved = self.starved.remove(id).unwrap_or_default();
                let crowded = self.in_crowd.remove(id).unwrap_or_default();
                ScenarioResult { starved, crowded, ..ScenarioResult::of(rule, scenario, attempts) }
            }
            None if target_died => without(Status::NotRun, "the target died before"),
            None if interrupted => without(Status::NotRun, "the run was interrupted before"),
            None => without(Status::NotRun, "the run ended before"),
        }
    }
}

/// What was wrong with answers and messages, one of each kind.
fn findings(spec: &Spec, seen: Vec<(String, Violation)>) -> Vec<Finding> {
    Finding::join(seen.into_iter().map(|(scenario, violation)| {
        // Somebody's own features need not have it.
        let rule = spec.rules.iter().find(|rule| rule.id == violation.rule);
        Finding {
            rule: violation.rule.to_owned(),
            rule_title: rule.map(|rule| rule.title.clone()).unwrap_or_default(),
            level: rule.map_or(Level::Must, |rule| rule.level),
            what: violation.what,
            differences: violation.difference.into_iter().map(|line| (line, 1)).collect(),
            count: 1,
            scenarios: [scenario].into(),
            reproduce: violation.reproduce,
            known: None,
        }
    }))
}

/// How far the machine was behind at worst while one of them ran.
fn worst_lag(scenarios: &[ScenarioResult]) -> Duration {
    let attempts = scenarios.iter().flat_map(|s| s.attempts.iter().chain(&s.starved));
    attempts.map(|attempt| attempt.lag).max().unwrap_or_default()
}

#[cfg(test)]
mod tests;
