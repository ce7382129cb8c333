//! Hears from the scheduler how scenarios go.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use cucumber::event::{Cucumber, Feature, Hook, HookType, Rule, Scenario, Step, StepError};
use cucumber::{Event, Writer, cli, parser};

use crate::failure::{Failure, FailureKind};
use crate::report::{Outcome, Progress};
use crate::target::Death;
use crate::verdict::Status;
use crate::world::{Evidence, World};

/// Evidence of scenarios that have ended, by id.
pub(super) type EvidenceStore = Arc<Mutex<BTreeMap<String, Evidence>>>;

/// Payload of a scenario that is not to run any more.
pub(super) struct NotRun;

/// Payload of a scenario that cannot be judged, and why.
pub(super) struct NotApplicable(pub(super) String);

/// What became of a scenario.
pub(super) enum Ended {
    /// It ran.
    Ran(Outcome),
    /// It cannot be judged on this target, and why.
    NotApplicable(String),
    /// The run was over before it.
    NotRun,
}

/// Turns events into outcomes.
pub(super) struct Listener {
    pub(super) evidence: EvidenceStore,
    pub(super) progress: Progress,
    /// Whether what crossed the wire is kept of scenarios that pass, too.
    pub(super) keep_timelines: bool,
    /// Scenarios that are running: when they began, and what went wrong so far.
    running: BTreeMap<String, Running>,
    /// Scenarios that have ended.
    pub(super) ended: BTreeMap<String, Ended>,
    /// What went wrong outside a scenario.
    pub(super) broken: Vec<String>,
}

struct Running {
    began: SystemTime,
    trouble: Option<(Trouble, Option<(String, usize)>)>,
}

enum Trouble {
    Failure(Failure),
    NotApplicable(String),
    NotRun,
}

impl Listener {
    pub(super) fn new(evidence: EvidenceStore, progress: Progress) -> Self {
        let (running, ended) = (BTreeMap::new(), BTreeMap::new());
        Self { evidence, progress, keep_timelines: false, running, ended, broken: Vec::new() }
    }

    fn hear(&mut self, id: &str, at: SystemTime, event: Scenario<World>) {
        match event {
            Scenario::Started => {
                self.running.insert(id.to_owned(), Running { began: at, trouble: None });
            }
            Scenario::Hook(which, Hook::Failed(_, payload)) => {
                let name = if matches!(which, HookType::Before) { "beginning" } else { "ending" };
                self.trouble(id, trouble_of(&*payload, name), None);
            }
            Scenario::Background(step, event) | Scenario::Step(step, event) => {
                let place =
                    || Some((format!("{}{}", step.keyword, step.value), step.position.line));
                match event {
                    Step::Failed(_, _, _, error) => {
                        let trouble = match error {
                            StepError::Panic(payload) => trouble_of(&*payload, "step"),
                            StepError::NotFound => harness("no step says this"),
                            StepError::AmbiguousMatch(error) => harness(&error.to_string()),
                        };
                        self.trouble(id, trouble, place());
                    }
                    Step::Skipped => self.trouble(id, harness("no step says this"), place()),
                    Step::Started | Step::Passed(..) => {}
                }
            }
            Scenario::Finished => self.finish(id, at),
            Scenario::Hook(..) | Scenario::Log(_) => {}
        }
    }

    fn trouble(&mut self, id: &str, trouble: Trouble, place: Option<(String, usize)>) {
        if let Some(running) = self.running.get_mut(id) {
            // What came first caused the rest.
            running.trouble.get_or_insert((trouble, place));
        }
    }

    fn finish(&mut self, id: &str, at: SystemTime) {
        let Some(running) = self.running.remove(id) else { return };
        let evidence = self.evidence.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        let death = evidence.as_ref().and_then(|evidence| evidence.death.clone());
        let lag = evidence.as_ref().map(|evidence| evidence.lag).unwrap_or_default();
        let (timeline, later, quirks, notes) = match evidence {
            Some(evidence) => {
                (evidence.timeline.entries(), evidence.failure, evidence.quirks, evidence.notes)
            }
            None => Default::default(),
        };
        let trouble = running.trouble.or_else(|| Some((Trouble::Failure(later?), None)));
        let duration = at.duration_since(running.began).unwrap_or(Duration::ZERO);
        let ended = match trouble {
            Some((Trouble::NotRun, _)) => Ended::NotRun,
            Some((Trouble::NotApplicable(reason), _)) => Ended::NotApplicable(reason),
            Some((Trouble::Failure(failure), step)) => Ended::Ran(Outcome {
                status: match failure.kind {
                    _ if death.is_some() => died_status(&death),
                    FailureKind::Assertion | FailureKind::Transport => Status::Failed,
                    FailureKind::Harness => Status::Error,
                },
                step,
                kind: Some(failure.kind),
                message: Some(match &death {
                    Some(death) => format!("the target died ({}): {}", death.what, failure.message),
                    None => failure.message,
                }),
                difference: match &death {
                    Some(death) => [failure.difference, death.log.clone()].concat(),
                    None => failure.difference,
                },
                target_died: death.is_some(),
                reproduce: failure.reproduce,
                timeline,
                quirks,
                notes,
                lag,
                duration,
            }),
            None => Ended::Ran(Outcome {
                status: Status::Passed,
                target_died: false,
                step: None,
                kind: None,
                message: None,
                difference: Vec::new(),
                reproduce: None,
                timeline: if self.keep_timelines { timeline } else { Vec::new() },
                quirks,
                notes,
                lag,
                duration,
            }),
        };
        if let Ended::Ran(outcome) = &ended {
            self.progress.ended(id, outcome.status);
        }
        self.ended.insert(id.to_owned(), ended);
    }
}

/// A target that can be started again has failed the scenario; without one nothing can be said.
fn died_status(death: &Option<Death>) -> Status {
    match death {
        Some(death) if death.replaced => Status::Failed,
        _ => Status::Error,
    }
}

impl Writer<World> for Listener {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<Cucumber<World>>>, _: &Self::Cli) {
        match event {
            Err(error) => self.broken.push(error.to_string()),
            Ok(Event { at, value, .. }) => {
                if let Cucumber::Feature(_, Feature::Rule(_, Rule::Scenario(scenario, event))) =
                    value
                {
                    self.hear(&scenario.name, at, event.event);
                }
            }
        }
    }
}

impl cucumber::writer::Normalized for Listener {}

fn harness(message: &str) -> Trouble {
    Trouble::Failure(Failure::harness(message))
}

/// A step panics with a [`Failure`]; anything else is a defect of the suite.
fn trouble_of(payload: &(dyn Any + Send), what: &str) -> Trouble {
    if payload.is::<NotRun>() {
        return Trouble::NotRun;
    }
    if let Some(NotApplicable(reason)) = payload.downcast_ref() {
        return Trouble::NotApplicable(reason.clone());
    }
    if let Some(failure) = payload.downcast_ref::<Failure>() {
        return Trouble::Failure(failure.clone());
    }
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    harness(&format!("the {what} panicked: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(payload: &(dyn Any + Send)) -> Option<(FailureKind, String)> {
        match trouble_of(payload, "step") {
            Trouble::Failure(failure) => Some((failure.kind, failure.message)),
            Trouble::NotRun | Trouble::NotApplicable(_) => None,
        }
    }

    #[test]
    fn only_a_failure_blames_the_target() {
        let (assertion, _) = kind(&Failure::assertion("x")).unwrap();
        assert_eq!(assertion, FailureKind::Assertion);
        for payload in [&"a text" as &(dyn Any + Send), &"a text".to_owned(), &7] {
            let (blamed, message) = kind(payload).unwrap();
            assert_eq!(blamed, FailureKind::Harness);
            assert!(message.starts_with("the step panicked: "), "{message}");
        }
        assert!(kind(&NotRun).is_none());
    }
}
