//! What one scenario holds: clients, variables, the last answer, the timeline.

mod client;
mod masking;
mod requests;
mod sockets;
mod time;
mod upstream;
mod variables;
mod voice;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::JoinSet;

pub(crate) use client::Client;
pub(crate) use time::SocketEnd;
pub(crate) use variables::snowflake;
use variables::{Variables, no_session};

use crate::client::{Answer, Connection};
use crate::discord::Room;
use crate::failure::Failure;
use crate::recording::Recording;
use crate::schema::{Checker, Violation};
use crate::settings::Settings;
use crate::target::Lease;
use crate::timeline::Timeline;

/// The state of one scenario while it runs.
#[derive(Debug, Default)]
pub struct World {
    begun: Option<Begun>,
    timeline: Timeline,
    variables: Variables,
    clients: BTreeMap<String, Client>,
    /// Clients whose name has a newer socket.
    former_clients: Vec<Client>,
    /// The name of the client that connected last.
    last_client: String,
    answer: Option<Answer>,
    /// Whether the last raw request ended its connection.
    closed: Option<bool>,
    /// What the last raw request was answered over.
    connection: Option<Connection>,
    /// Requests whose answers are not waited for.
    unanswered: JoinSet<()>,
    /// Headers for the next request only.
    next_headers: Vec<(String, String)>,
    /// Voice channels by the name of their player; "" is the player without a name.
    rooms: BTreeMap<String, Room>,
    /// What was listened to last.
    pub(crate) recording: Arc<Recording>,
    /// The message that a step looked at last.
    message: Option<Value>,
    /// When the last step ended that did more than look at messages.
    last_at: Option<tokio::time::Instant>,
    /// Whether this step looked at a message.
    looked_at_message: bool,
    /// The target's time when it was last told, ms since the epoch; only if that time is manual.
    told_ms: Option<f64>,
    quirks: Vec<(String, bool)>,
    /// How many requests the upstream had seen before the last step that loaded something.
    seen_before: usize,
}

/// What a scenario leaves behind.
#[derive(Debug)]
pub struct Evidence {
    /// Everything that crossed the wire.
    pub timeline: Timeline,
    /// What went wrong after the last step.
    pub failure: Option<Failure>,
    /// Which of two accepted outcomes was seen: its name, and whether it was the quirk.
    pub quirks: Vec<(String, bool)>,
    /// Answers and messages that were not as they have to be.
    pub violations: Vec<Violation>,
    /// Information for people, such as fields that no schema knows.
    pub notes: Vec<String>,
    /// How far the machine was behind at worst.
    pub lag: Duration,
    /// Whether the target answered or sent anything.
    pub heard: bool,
    /// Whether anything was sent to the target lately.
    pub acted: bool,
}

/// What there is once the scenario has begun.
#[derive(Debug)]
struct Begun {
    settings: Arc<Settings>,
    checker: Checker,
    at: tokio::time::Instant,
    deadline: Instant,
    lease: Lease,
    /// Whether a step measures what is heard.
    listens: bool,
}

/// No scenario takes longer, whatever the target does.
const SCENARIO_LIMIT: Duration = Duration::from_secs(600);

/// What a target dies of was sent to it within this time before.
const LATELY: Duration = Duration::from_secs(2);

impl World {
    /// Gives the scenario the server that it runs against, and says whether it measures sound.
    pub(crate) async fn begin(&mut self, lease: Lease, listens: bool) -> Result<(), Failure> {
        let settings = lease.settings();
        if let Some(upstream) = lease.upstream() {
            upstream.report_to(self.timeline.clone());
        }
        self.variables.set("media", settings.media_url.clone());
        self.variables.set("host", settings.authority());
        self.variables.set("password", settings.password.reveal());
        self.variables.set("user", snowflake());
        self.variables.set("nosession", no_session());
        let checker = Checker::new(Arc::clone(&settings.schemas));
        let deadline = Instant::now() + SCENARIO_LIMIT;
        let at = tokio::time::Instant::now();
        self.begun = Some(Begun { settings, checker, at, deadline, lease, listens });
        self.ask_time().await
    }

    /// Closes every socket; gives back what there is to report, and the server.
    pub(crate) async fn finish(&mut self) -> (Evidence, Option<Lease>) {
        self.unanswered.shutdown().await;
        let clients = self.clients.values().chain(&self.former_clients);
        let mut failure = clients.filter_map(|client| client.check_reading().err()).next();
        if let Ok(Some(control)) = self.manual_time() {
            let left = self.empty_target(&control).await.err();
            if let (Some(begun), true) = (&mut self.begun, left.is_some()) {
                // No other scenario is to find there what this one left.
                begun.lease.discard();
            }
            failure = failure.or(left);
        } else {
            let clients = std::mem::take(&mut self.clients).into_values();
            let former = std::mem::take(&mut self.former_clients);
            for mut client in clients.chain(former).collect::<Vec<_>>() {
                failure = failure.or(client.leave(self).await.err());
            }
        }
        let checker = self.begun.as_ref().map(|begun| &begun.checker);
        let violations = checker.map(Checker::violations).unwrap_or_default();
        let evidence = Evidence {
            timeline: self.timeline.clone(),
            failure: failure.map(|failure| self.masked(failure)),
            quirks: std::mem::take(&mut self.quirks),
            violations: violations.into_iter().map(|v| self.masked_violation(v)).collect(),
            notes: checker.map(Checker::unknown).unwrap_or_default(),
            lag: self.begun.as_ref().map(Begun::lag).unwrap_or_default(),
            heard: self.timeline.has_heard(),
            acted: self.timeline.has_acted_within(LATELY),
        };
        (evidence, self.begun.take().map(|begun| begun.lease))
    }

    /// How long the scenario may still take.
    pub(crate) fn time_left(&self) -> Duration {
        let deadline = self.begun.as_ref().map(|begun| begun.deadline);
        deadline.map_or(SCENARIO_LIMIT, |deadline| deadline - Instant::now())
    }

    /// The settings of the server that the scenario runs against.
    pub(crate) fn settings(&self) -> Result<Arc<Settings>, Failure> {
        self.begun().map(|begun| Arc::clone(&begun.settings))
    }

    /// What checks answers and messages of the scenario.
    pub(crate) fn checker(&self) -> Result<Checker, Failure> {
        self.begun().map(|begun| begun.checker.clone())
    }

    fn begun(&self) -> Result<&Begun, Failure> {
        self.begun.as_ref().ok_or_else(|| Failure::harness("the scenario has not begun"))
    }

    /// Everything that crossed the wire until now.
    pub(crate) fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The message that a step looked at last.
    pub(crate) fn message(&self) -> Result<&Value, Failure> {
        let message = self.message.as_ref();
        message.ok_or_else(|| Failure::harness("no message was received before this step"))
    }

    /// Keeps the message for the next steps.
    pub(crate) fn set_message(&mut self, message: Value) {
        self.message = Some(message);
        self.looked_at_message = true;
    }

    /// Notes which of two accepted outcomes was seen.
    pub(crate) fn note_quirk(&mut self, name: &str, seen: bool) {
        let which = if seen { "the real server's quirk" } else { "the sane behaviour" };
        self.timeline.push("note", format!("{name}: {which} was seen"), None);
        self.quirks.push((name.to_owned(), seen));
    }
}

impl Begun {
    /// How far the machine was behind at worst since the scenario has begun.
    fn lag(&self) -> Duration {
        self.settings.budgets.lag.worst_since(self.at)
    }
}
