//! One scenario: its server, its steps, what became of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::failure::{Failure, FailureKind};
use crate::report::{Beyond, Outcome};
use crate::schema::Violation;
use crate::spec::{Scenario, Step};
use crate::steps;
use crate::target::{Death, Fleet, FleetError, is_alive, profiles};
use crate::verdict::Status;
use crate::world::{Evidence, World};

/// What became of a scenario.
#[derive(Debug)]
pub(super) enum Ended {
    /// It ran.
    Ran(Box<Played>),
    /// It cannot be judged on this target, and why.
    NotApplicable(String),
}

/// What one run of a scenario gave.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) outcome: Outcome,
    /// Answers and messages that were not as they have to be.
    pub(super) violations: Vec<Violation>,
    /// What it had to do with a target that was found dead.
    pub(super) contact: Contact,
    /// Whether others that ran beside it may have made it fail, as they keep the target busy: by
    /// what had not come in time, what broke, what was counted.
    pub(super) crowded: bool,
    /// How the target was found dead.
    pub(super) death: Option<Death>,
}

/// What a scenario had to do with a target that was found dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    /// It found it dead, or only waited.
    None,
    /// The target took its connection and said nothing: it was dying, or died of the first request.
    First,
    /// The target had answered, and something was done to it lately.
    Busy,
}

/// Why a scenario did not come to its end.
struct Stop<'a> {
    failure: Failure,
    step: Option<&'a Step>,
    /// The rule that the step stands on, if that is another one.
    ground: Option<&'static str>,
    /// Whether the step counts what comes in a voice channel.
    counts_frames: bool,
}

impl<'a> Stop<'a> {
    fn before(failure: Failure) -> Self {
        Self { failure, step: None, ground: None, counts_frames: false }
    }

    fn at(step: &'a Step, failure: Failure) -> Self {
        Self { failure, step: Some(step), ground: None, counts_frames: false }
    }
}

/// Runs a scenario on a server of the fleet. The server has been looked after when this returns.
pub(super) async fn play(scenario: &Scenario, rule: &str, fleet: &Arc<Fleet>, keep: bool) -> Ended {
    let began = Instant::now();
    let mut world = World::default();
    let stop = match begin(scenario, fleet, &mut world).await {
        Ok(None) => follow(scenario, &mut world).await,
        Ok(Some(reason)) => return Ended::NotApplicable(reason),
        Err(failure) => Some(Stop::before(failure)),
    };
    let (evidence, lease) = world.finish().await;
    let broken = |failure: &Failure| failure.kind == FailureKind::Transport;
    let suspicious = stop.as_ref().is_some_and(|stop| broken(&stop.failure))
        || evidence.failure.as_ref().is_some_and(broken);
    let death = match lease {
        Some(lease) if suspicious && !is_alive(&lease.settings()).await => Some(lease.bury().await),
        Some(lease) => {
            fleet.give_back(lease).await;
            None
        }
        None => None,
    };
    let stop = stop.or_else(|| ending(&evidence, death.is_some()));
    match stop {
        Some(Stop { failure, .. }) if failure.kind == FailureKind::Lacking => {
            Ended::NotApplicable(failure.message)
        }
        stop => {
            let beyond = stop.as_ref().and_then(|_| beyond(scenario, &evidence));
            let mut played = played(rule, stop, evidence, death, began.elapsed(), keep);
            played.outcome.beyond = beyond;
            Ended::Ran(Box::new(played))
        }
    }
}

/// What the scenario takes besides REST and one session.
fn beyond(scenario: &Scenario, evidence: &Evidence) -> Option<Beyond> {
    if scenario.has_tag("needs-voice") {
        return Some(Beyond::Voice);
    }
    let entries = evidence.timeline.entries();
    let opened = entries.iter().filter(|entry| entry.kind == "ws-handshake").count();
    let sent = entries.iter().any(|entry| entry.kind == "ws" && entry.summary.contains(" -> "));
    (opened > 1 || sent).then_some(Beyond::WebSocket)
}

/// Gives the scenario a server; tells why it cannot be judged there, if it cannot.
async fn begin(
    scenario: &Scenario,
    fleet: &Arc<Fleet>,
    world: &mut World,
) -> Result<Option<String>, Failure> {
    let lease = fleet.lease_for(scenario).await;
    let lease = lease.map_err(|error| no_server(scenario.profile(), &error))?;
    if let Some(reason) = lease.target().capabilities.lacking(scenario) {
        return Ok(Some(reason));
    }
    world.begin(lease, scenario.listens()).await?;
    Ok(None)
}

/// A target that ends when it is given another configuration than the usual one does so by itself.
fn no_server(profile: &str, error: &FleetError) -> Failure {
    match error.ended_at_start() {
        Some((why, last_lines)) if profile != profiles::PLAIN => {
            let message = format!("the target does not start with the profile {profile}: {why}");
            Failure { difference: last_lines.to_vec(), ..Failure::assertion(message) }
        }
        _ => Failure::harness(format!("there is no server: {error}")),
    }
}

/// Does the steps up to the first that does not hold.
async fn follow<'a>(scenario: &'a Scenario, world: &mut World) -> Option<Stop<'a>> {
    for step in &scenario.steps {
        let found = match steps::find(step) {
            Ok(found) => found,
            Err(error) => return Some(Stop::at(step, Failure::harness(error.to_string()))),
        };
        if let Err(mut failure) = found.play(world, step).await {
            if failure.kind == FailureKind::Assertion && scenario.has_tag("needs-voice") {
                failure = world.unless_distrusted(failure).await;
            }
            let ground = found.ground(step, &failure, world);
            let counts_frames = found.counts_frames();
            return Some(Stop { ground, counts_frames, ..Stop::at(step, failure) });
        }
    }
    None
}

/// What went wrong after the last step. A target that does not let a client go has not broken the
/// rule; one that died of the scenario has.
fn ending(evidence: &Evidence, died: bool) -> Option<Stop<'static>> {
    let failure = evidence.failure.clone()?;
    let matters = died || failure.kind == FailureKind::Harness;
    matters.then(|| Stop::before(failure))
}

fn played(
    rule: &str,
    stop: Option<Stop<'_>>,
    evidence: Evidence,
    death: Option<Death>,
    duration: Duration,
    keep: bool,
) -> Played {
    let timeline = if stop.is_some() || keep { evidence.timeline.entries() } else { Vec::new() };
    let mut outcome = Outcome {
        timeline,
        quirks: evidence.quirks,
        notes: evidence.notes,
        lag: evidence.lag,
        duration,
        ..Outcome::passed()
    };
    let reached = stop.as_ref().is_none_or(|stop| !stop.failure.unreachable);
    let crowded = stop.as_ref().is_some_and(|stop| {
        let broke = stop.failure.kind == FailureKind::Transport;
        broke || stop.failure.late || stop.counts_frames
    });
    if let Some(stop) = stop {
        outcome.step = stop.step.map(|step| (format!("{} {}", step.keyword, step.text), step.line));
        outcome.kind = Some(stop.failure.kind);
        outcome.reproduce = stop.failure.reproduce;
        outcome.difference = stop.failure.difference;
        outcome.message = Some(stop.failure.message);
        let ground = stop.ground.filter(|ground| *ground != rule);
        (outcome.status, outcome.blocked_by) = match (stop.failure.kind, ground) {
            (FailureKind::Harness, _) => (Status::Error, None),
            (_, Some(ground)) => (Status::Blocked, Some(ground.to_owned())),
            (_, None) => (Status::Failed, None),
        };
    }
    if let Some(death) = &death {
        outcome.blame(death, "the target died");
    }
    let contact = match (evidence.acted && reached, evidence.heard) {
        (false, _) => Contact::None,
        (true, false) => Contact::First,
        (true, true) => Contact::Busy,
    };
    Played { outcome, violations: evidence.violations, contact, crowded, death }
}
