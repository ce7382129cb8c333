//! Scenarios that run one after the other or side by side.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::{JoinError, JoinSet};

use super::play::{Contact, Ended, Played, play};
use crate::failure::FailureKind;
use crate::report::{Outcome, Progress};
use crate::spec::{Level, Rule, Scenario};
use crate::target::Fleet;
use crate::verdict::Status;

/// The tag of scenarios that look at what all sessions of a server share.
pub(super) const ALONE: &str = "alone";

/// A scenario with what is to be known of its rule.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) scenario: Scenario,
    pub(super) rule: String,
    pub(super) level: Level,
}

impl Item {
    pub(super) fn of(rule: &Rule, scenario: &Scenario) -> Arc<Self> {
        let (scenario, level) = (scenario.clone(), rule.level);
        Arc::new(Self { scenario, rule: rule.id.clone(), level })
    }
}

/// What all scenarios of a run share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) fleet: Arc<Fleet>,
    pub(super) progress: Progress,
    pub(super) keep_timelines: bool,
    /// Nothing more is to begin.
    pub(super) over: AtomicBool,
}

impl Shared {
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    pub(super) fn end(&self) {
        self.over.store(true, Ordering::SeqCst);
    }
}

/// Runs scenarios, `jobs` at a time, and tells of each when it has ended. One that is tagged
/// `@alone` has nobody beside it, unless it has a server to itself anyway.
pub(super) async fn run_all(
    shared: &Arc<Shared>,
    items: impl IntoIterator<Item = Arc<Item>>,
    jobs: usize,
    mut ended: impl FnMut(Arc<Item>, Ended),
) {
    let mut waiting: VecDeque<_> = items.into_iter().collect();
    // Dropped with the pass, if that is given up, and ends them all.
    let mut running = JoinSet::new();
    let mut items = HashMap::new();
    let mut is_alone = false;
    loop {
        while !shared.is_over()
            && running.len() < jobs
            && let Some(next) = waiting.front()
        {
            let wants_alone = shared.fleet.has_crowds() && next.scenario.has_tag(ALONE);
            if !running.is_empty() && (wants_alone || is_alone) {
                break;
            }
            is_alone = wants_alone;
            let Some(item) = waiting.pop_front() else { break };
            let (shared, running_item) = (Arc::clone(shared), Arc::clone(&item));
            let task = running.spawn(async move {
                let (fleet, keep) = (&shared.fleet, shared.keep_timelines);
                Box::pin(play(&running_item.scenario, &running_item.rule, fleet, keep)).await
            });
            items.insert(task.id(), item);
        }
        let (task, what) = match running.join_next_with_id().await {
            None => break,
            Some(Ok((task, what))) => (task, what),
            Some(Err(error)) => (error.id(), Ended::Ran(Box::new(panicked(error)))),
        };
        if let Some(item) = items.remove(&task) {
            tell(shared, item, what, &mut ended);
        }
    }
}

fn tell(shared: &Shared, item: Arc<Item>, what: Ended, ended: &mut impl FnMut(Arc<Item>, Ended)) {
    match &what {
        Ended::Ran(played) => {
            shared.progress.ended(&item.scenario.id, played.outcome.status);
            if played.death.is_none() {
                shared.fleet.scenario_ended();
            }
        }
        Ended::NotApplicable(_) => shared.progress.leave_out(1),
    }
    ended(item, what);
}

/// A panic is a defect of the suite, whatever the target did.
fn panicked(error: JoinError) -> Played {
    let text = match error.try_into_panic() {
        Ok(payload) => {
            let text = payload.downcast_ref::<String>().cloned();
            let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).into()));
            format!("the scenario panicked: {}", text.unwrap_or_else(|| "no message".into()))
        }
        Err(_) => "the scenario was given up".into(),
    };
    let outcome = Outcome {
        status: Status::Error,
        kind: Some(FailureKind::Harness),
        message: Some(text),
        ..Outcome::passed()
    };
    Played { outcome, violations: Vec::new(), contact: Contact::None, crowded: false, death: None }
}
