//! The passes of a run: the prerequisites, all others, and those that have to run again.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::book::Book;
use super::crowd::Crowd;
use super::pass::{ALONE, Item, Shared, run_all};
use super::run::Options;
use crate::spec::{Durations, Rule, Scenario};
use crate::steps::ground;

/// A scenario that takes longer than this many milliseconds is worth beginning with.
const LONG: u64 = 500;

/// The number of jobs is divided by this if scenarios run again that may have starved each other.
const FEWER: usize = 4;

/// Scenarios that run one after the other or side by side.
#[derive(Debug)]
pub(super) struct Pass {
    /// How many run side by side.
    pub(super) jobs: usize,
    ids: Vec<String>,
    /// How often the scenarios have run before on a machine that was starved.
    pub(super) repeats: usize,
    /// Whether the scenarios are prerequisites: if one fails, what stands on it need not be tried.
    pub(super) first: bool,
    /// How few run beside each, because others may have made it fail.
    pub(super) crowd: Crowd,
    /// Whether the scenarios are those that others may have made fail, as far as it is worth trying.
    pub(super) of_crowded: bool,
}

/// Scenarios that have to run again.
#[derive(Debug, Default)]
pub(super) struct Again {
    /// With fewer beside them, to see of which scenario the target dies.
    pub(super) fewer: Vec<String>,
    /// As before: the target died of others.
    pub(super) same: Vec<String>,
    /// With fewer beside them: the machine was late.
    pub(super) late: Vec<String>,
}

/// The prerequisites, and then all others, each as often as it was asked for. `crowded` says whether
/// scenarios share a server.
pub(super) fn passes(
    chosen: &[(&Rule, &Scenario)],
    runnable: &BTreeMap<String, Arc<Item>>,
    jobs: usize,
    crowded: bool,
    options: &Options,
) -> VecDeque<Pass> {
    let chosen = chosen.iter().filter(|(_, scenario)| runnable.contains_key(&scenario.id));
    let (first, others): (Vec<_>, Vec<_>) = chosen.partition(|(rule, _)| rule.area == ground::AREA);
    let ids = |scenarios: &[&(&Rule, &Scenario)]| {
        scenarios.iter().map(|(_, scenario)| scenario.id.clone()).collect::<Vec<_>>()
    };
    let mut first = ids(&first);
    // Prerequisites run in the order in which they stand on each other, whatever the order of the run.
    // Whether voice channels are joined is known before a track is played: it plays better in one.
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
        let is_alone = |scenario: &Scenario| crowded && scenario.has_tag(ALONE);
        others.sort_by_key(|(_, scenario)| (is_alone(scenario), Reverse(rank(scenario))));
    }
    let others = ids(&others);
    before.chain((0..repeat).map(|_| pass(jobs, &others, false))).collect()
}

/// Runs the passes, and after each those that have to run again because of it.
pub(super) async fn run_passes(
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
        // The pass that is pushed last runs next.
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
