//! What one scenario holds: clients, variables, the last answer, the timeline.

mod client;
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

use crate::client::{Answer, RawRequest, Request, mask_text, with_variables};
use crate::discord::Room;
use crate::failure::Failure;
use crate::printable::printable;
use crate::recording::Recording;
use crate::schema::{Checker, Violation};
use crate::settings::Settings;
use crate::target::Lease;
use crate::timeline::Timeline;

/// The state of one scenario.
#[derive(Debug, Default)]
pub struct World {
    begun: Option<Begun>,
    timeline: Timeline,
    variables: Variables,
    clients: BTreeMap<String, Client>,
    /// Those whose name has a newer socket.
    former_clients: Vec<Client>,
    /// The client that connected last.
    last_client: String,
    answer: Option<Answer>,
    /// Whether the last raw request ended its connection.
    closed: Option<bool>,
    /// Requests whose answers nobody waits for.
    unanswered: JoinSet<()>,
    /// For the next request only.
    next_headers: Vec<(String, String)>,
    /// Voice channels by the name of their player; "" is the player without a name.
    rooms: BTreeMap<String, Room>,
    /// What was listened to last.
    pub(crate) recording: Arc<Recording>,
    /// The message that a step looked at last.
    message: Option<Value>,
    /// When the last step ended that did more than to look at messages.
    last_at: Option<tokio::time::Instant>,
    /// Whether this step looked at a message.
    looked_at_message: bool,
    /// The target's time when it was last told, ms since the epoch; only of manual time.
    told_ms: Option<f64>,
    quirks: Vec<(String, bool)>,
    /// How many requests the upstream had seen before the last step that loaded something.
    seen_before: usize,
}

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

/// What a target dies of was sent to it in this time before.
const LATELY: Duration = Duration::from_secs(2);

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

impl World {
    /// Tells the scenario what it runs against, and whether it is to listen to sound.
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

    /// Closes every socket; gives back what there is to tell, and the server.
    pub(crate) async fn finish(&mut self) -> (Evidence, Option<Lease>) {
        self.unanswered.shutdown().await;
        let clients = self.clients.values().chain(&self.former_clients);
        let mut failure = clients.filter_map(|client| client.check_reading().err()).next();
        if let Ok(Some(control)) = self.manual_time() {
            let left = self.empty_target(&control).await.err();
            if let (Some(begun), true) = (&mut self.begun, left.is_some()) {
                // Nobody else is to find there what this scenario left.
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

    pub(crate) fn settings(&self) -> Result<Arc<Settings>, Failure> {
        self.begun().map(|begun| Arc::clone(&begun.settings))
    }

    pub(crate) fn checker(&self) -> Result<Checker, Failure> {
        self.begun().map(|begun| begun.checker.clone())
    }

    fn begun(&self) -> Result<&Begun, Failure> {
        self.begun.as_ref().ok_or_else(|| Failure::harness("the scenario has not begun"))
    }

    pub(crate) fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    pub(crate) fn fill(&mut self, text: &str) -> Result<String, Failure> {
        self.variables.fill(text)
    }

    pub(crate) fn remember(&mut self, name: &str, value: &Value) {
        self.variables.set(name, text_of(value));
    }

    pub(crate) fn variable(&mut self, name: &str) -> Result<String, Failure> {
        self.variables.get(name)
    }

    /// The player's guild id: `${guild}`, or `${guild.2}` for player "2".
    pub(crate) fn guild(&mut self, player: Option<&str>) -> Result<String, Failure> {
        match player {
            Some(name) => self.variable(&format!("guild.{name}")),
            None => self.variable("guild"),
        }
    }

    pub(crate) fn set_next_headers(&mut self, headers: Vec<(String, String)>) {
        self.next_headers = headers;
    }

    /// Sends a request, checks the answer against its schema, and keeps it for the next steps.
    pub(crate) async fn request(
        &mut self,
        method: &str,
        path: &str,
        body: Option<String>,
    ) -> Result<&Answer, Failure> {
        let settings = self.settings()?;
        let request = self.new_request(method, path, body)?;
        self.send(request, &settings).await
    }

    /// Sends a request with these settings; its answer is what the next steps look at.
    async fn send(&mut self, request: Request, settings: &Settings) -> Result<&Answer, Failure> {
        let answer = request.send(settings, &self.timeline).await?;
        self.checker()?.check_answer(&answer, answer.request.curl(settings));
        Ok(self.answer.insert(answer))
    }

    /// The same with a request that goes out as it is.
    pub(crate) async fn request_raw(&mut self, request: RawRequest) -> Result<(), Failure> {
        let settings = self.settings()?;
        let raw = request.send(&settings, &self.timeline).await?;
        self.checker()?.check_answer(&raw.answer, raw.answer.request.curl(&settings));
        self.closed = Some(raw.closed);
        self.answer = Some(raw.answer);
        Ok(())
    }

    /// Whether the server ended the connection of the last raw request.
    pub(crate) fn is_closed(&self) -> Result<bool, Failure> {
        self.closed.ok_or_else(|| Failure::harness("no raw request was sent before this step"))
    }

    /// Sends a request whose answer nobody waits for. An answer that comes before the scenario is
    /// over is checked against its schema.
    pub(crate) fn request_unanswered(
        &mut self,
        method: &str,
        path: &str,
        body: String,
    ) -> Result<(), Failure> {
        let (settings, checker) = (self.settings()?, self.checker()?);
        let request = self.new_request(method, path, Some(body))?;
        let timeline = self.timeline.clone();
        self.unanswered.spawn(async move {
            // That it is never answered stands in the timeline, and is nobody's failure.
            if let Ok(answer) = request.send(&settings, &timeline).await {
                checker.check_answer(&answer, answer.request.curl(&settings));
            }
        });
        Ok(())
    }

    fn new_request(
        &mut self,
        method: &str,
        path: &str,
        body: Option<String>,
    ) -> Result<Request, Failure> {
        let password = self.settings()?.password.reveal().to_owned();
        let mut headers = vec![("Authorization".to_owned(), password)];
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        replace_headers(&mut headers, std::mem::take(&mut self.next_headers));
        Ok(Request { method: method.to_owned(), path: path.to_owned(), headers, body })
    }

    /// The last answer.
    pub(crate) fn answer(&self) -> Result<&Answer, Failure> {
        self.answer.as_ref().ok_or_else(|| Failure::harness("no request was sent before this step"))
    }

    pub(crate) fn message(&self) -> Result<&Value, Failure> {
        let message = self.message.as_ref();
        message.ok_or_else(|| Failure::harness("no message was received before this step"))
    }

    pub(crate) fn set_message(&mut self, message: Value) {
        self.message = Some(message);
        self.looked_at_message = true;
    }

    pub(crate) fn client(&mut self, name: &str) -> Result<&mut Client, Failure> {
        let client = self.clients.get_mut(name);
        client.ok_or_else(|| Failure::harness(format!("client {name:?} has not connected")))
    }

    pub(crate) fn set_last_client(&mut self, name: &str) {
        self.last_client = name.to_owned();
    }

    /// The client that connected last.
    pub(crate) fn last_client(&self) -> String {
        self.last_client.clone()
    }

    /// Opens a socket for a client; whatever it had before is forgotten.
    pub(crate) async fn connect(
        &mut self,
        name: &str,
        replaced: Vec<(String, String)>,
    ) -> Result<&mut Client, Failure> {
        let headers = self.handshake_headers(replaced)?;
        let client = Client::connect(name, &headers, self).await?;
        self.former_clients.extend(self.clients.insert(name.to_owned(), client));
        self.client(name)
    }

    /// Opens two sockets at the same time, both with a session's id.
    pub(crate) async fn connect_together(
        &mut self,
        names: [&str; 2],
        session: &str,
    ) -> Result<(), Failure> {
        let id = ("Session-Id".to_owned(), session.to_owned());
        let headers = self.handshake_headers(vec![id])?;
        let connect = |name| Client::connect(name, &headers, self);
        let (first, second) = tokio::try_join!(connect(names[0]), connect(names[1]))?;
        for (name, client) in names.into_iter().zip([first, second]) {
            self.former_clients.extend(self.clients.insert(name.to_owned(), client));
        }
        Ok(())
    }

    fn handshake_headers(
        &mut self,
        replaced: Vec<(String, String)>,
    ) -> Result<Vec<(String, String)>, Failure> {
        let settings = self.settings()?;
        let mut headers = vec![
            ("Authorization".to_owned(), settings.password.reveal().to_owned()),
            ("User-Id".to_owned(), self.variable("user")?),
            ("Client-Name".to_owned(), "lavalink-conformance/1".to_owned()),
        ];
        replace_headers(&mut headers, replaced);
        Ok(headers)
    }

    /// Says which of two accepted outcomes was seen.
    pub(crate) fn note_quirk(&mut self, name: &str, seen: bool) {
        let which = if seen { "the real server's quirk" } else { "the sane behaviour" };
        self.timeline.push("note", format!("{name}: {which} was seen"), None);
        self.quirks.push((name.to_owned(), seen));
    }

    /// The failure without the password, without what is another one in every run, and without what
    /// a terminal would obey.
    pub(crate) fn masked(&self, failure: Failure) -> Failure {
        let Ok(settings) = self.settings() else { return failure };
        let clean = |text: &String| {
            let masked = self.named(&mask_text(text, settings.password.reveal()));
            printable(&masked).into_owned()
        };
        Failure {
            message: clean(&failure.message),
            difference: failure.difference.iter().map(clean).collect(),
            reproduce: failure.reproduce.and_then(|line| self.again(&line)),
            ..failure
        }
    }

    /// The same of answers and messages that are not as they have to be.
    fn masked_violation(&self, violation: Violation) -> Violation {
        Violation {
            difference: violation.difference.iter().map(|line| self.named(line)).collect(),
            reproduce: violation.reproduce.and_then(|line| self.again(&line)),
            ..violation
        }
    }

    /// The text with `{session}`, `{guild}`, `{user}`, `{media}` and `{host}` for what they are in
    /// this scenario.
    fn named(&self, text: &str) -> String {
        let values = self.changing().into_iter();
        let named = values.map(|(name, value)| (format!("{{{name}}}"), value));
        named.fold(text.to_owned(), |text, (name, value)| text.replace(value, &name))
    }

    /// A line for a shell with variables for what is gone after the scenario; none if nobody would
    /// paste it.
    fn again(&self, line: &str) -> Option<String> {
        /// Bytes.
        const LONGEST: usize = 4000;
        if line.len() > LONGEST {
            return None;
        }
        let values = self.changing().into_iter().filter_map(|(name, value)| {
            let variable = match name {
                "session" => "SESSION",
                "guild" => "GUILD",
                "media" => "MEDIA",
                _ => return None,
            };
            Some((value.to_owned(), variable))
        });
        let mut values: Vec<_> = values.collect();
        let encoded = self.settings().map(|settings| encoded(&settings.media_url));
        values.extend(encoded.map(|media| (media, "MEDIA_ENCODED")));
        Some(with_variables(line, &values))
    }

    /// What is another one in every run: its name, and what it is; the longest first.
    fn changing(&self) -> Vec<(&str, &str)> {
        /// What is shorter may stand in any text.
        const SHORTEST: usize = 6;
        let names = self.variables.iter().filter_map(|(name, value)| {
            let kind = name.split('.').next().unwrap_or_default();
            let changes =
                ["session", "nosession", "guild", "user", "media", "host"].contains(&kind);
            (changes && value.len() >= SHORTEST).then_some((name, value))
        });
        let mut names: Vec<_> = names.collect();
        // The plain name stands for the client or player that has no other.
        names.sort_by_key(|(name, value)| (std::cmp::Reverse(value.len()), name.len()));
        names
    }
}

impl Begun {
    /// How far the machine was behind at worst since the scenario has begun.
    fn lag(&self) -> Duration {
        self.settings.budgets.lag.worst_since(self.at)
    }
}

/// An address as a part of a query.
fn encoded(url: &str) -> String {
    url.replace(':', "%3A").replace('/', "%2F")
}

/// Sets headers over the usual ones; `(absent)` takes one away.
fn replace_headers(headers: &mut Vec<(String, String)>, replaced: Vec<(String, String)>) {
    for (name, _) in &replaced {
        headers.retain(|(usual, _)| !usual.eq_ignore_ascii_case(name));
    }
    headers.extend(replaced.into_iter().filter(|(_, value)| value != "(absent)"));
}

/// A value as a variable holds it. A whole number is written as one, whatever its server writes.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let whole = number.as_f64().filter(|n| number.is_f64() && n.fract() == 0.0);
            whole
                .filter(|n| n.abs() < 1e15)
                .map_or_else(|| number.to_string(), |n| format!("{n:.0}"))
        }
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_replace_the_usual_ones_whatever_their_case() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![pair("Authorization", "x"), pair("User-Id", "1")];
        let replaced = vec![pair("authorization", "(absent)"), pair("User-Id", ""), pair("A", "b")];
        replace_headers(&mut headers, replaced);
        assert_eq!(headers, [pair("User-Id", ""), pair("A", "b")]);
    }
}
