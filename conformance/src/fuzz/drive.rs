//! Plays one case against a server.

use std::sync::Arc;

use super::case::{Case, Places, Request, Script, Step};
use super::finding::{Fault, Finding};
use super::known::may_spoil_players;
use super::oracle::judge;
use super::shown::{curl, text};
use super::wire::{Conversation, Limit, Outcome, converse, exchange};
use crate::client::{self, Socket};
use crate::failure::Failure;
use crate::schema::Checker;
use crate::settings::Settings;
use crate::timeline::Timeline;

/// Whose sessions these are.
const USER: &str = "170939974227541168";

/// A server that cases are played against.
#[derive(Clone, Debug)]
pub(crate) struct Driver {
    /// How to reach it; the budget of answers is the limit.
    pub(crate) settings: Arc<Settings>,
}

/// What came of a case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Played {
    /// The statuses of all answers; `None` where none came.
    pub(crate) statuses: Vec<Option<u16>>,
    pub(crate) findings: Vec<Finding>,
    /// What was sent and what came, for people.
    pub(crate) log: Vec<String>,
    /// What was sent and what came, for who compares it: each answer, in order.
    pub(crate) seen: Vec<Seen>,
    /// The id of its session, if it had one.
    pub(crate) session: Option<String>,
    /// Whether the real server may be unable to tell of the session's players any more.
    pub(super) spoiled: bool,
}

/// A request or a handshake, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// As it was sent.
    pub(crate) request: Request,
    pub(crate) outcome: Outcome,
    /// How the socket ended, if it was one and it ended by itself: with this code, or without any.
    pub(crate) closed: Option<Option<u16>>,
    /// A line for a shell that sends it again, the password masked.
    pub(crate) curl: Option<String>,
}

/// A session of a case's own.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    socket: Socket,
    checker: Checker,
}

impl Driver {
    /// Plays all steps of a case; ends early when the server hangs.
    pub(crate) async fn play(&self, case: &Case) -> Played {
        let mut played = Played::default();
        let mut places = self.places();
        let mut session = None;
        if case.session {
            match self.open().await {
                Ok(opened) => {
                    places.session.clone_from(&opened.id);
                    played.session = Some(opened.id.clone());
                    session = Some(opened);
                }
                Err(finding) => {
                    played.findings.push(finding);
                    return played;
                }
            }
        }
        for step in &case.steps {
            match step {
                Step::Request(request) => self.request(request, &places, &mut played).await,
                Step::Socket(script) => self.socket(script, &places, &mut played).await,
                Step::Leave => {
                    played.log.push("the session's socket is dropped".into());
                    if let Some(session) = session.take() {
                        played.findings.extend(session.drop_connection(self.limit()).await);
                    }
                }
            }
            if played.is_stuck() {
                break;
            }
        }
        if let Some(session) = session {
            played.findings.extend(self.end(session, case).await);
        }
        played
    }

    /// What is known about the server before a session is opened.
    fn places(&self) -> Places {
        Places {
            authority: self.settings.authority().to_owned(),
            password: self.settings.password.reveal().to_owned(),
            media: self.settings.media_url.clone(),
            session: String::new(),
        }
    }

    pub(super) fn limit(&self) -> Limit {
        Limit(self.settings.budgets.answer)
    }

    /// Opens a session as every client does.
    pub(super) async fn open(&self) -> Result<Session, Finding> {
        let headers = [
            ("Authorization", self.settings.password.reveal()),
            ("User-Id", USER),
            ("Client-Name", "lavalink-conformance/1"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let checker = Checker::new(Arc::clone(&self.settings.schemas));
        let timeline = Timeline::new();
        let opening =
            Socket::open("fuzz", &headers, &self.settings, &timeline, checker.clone()).await;
        let dead = |what: String| Finding::new(Fault::Dead, what);
        let (handshake, socket) =
            opened_or(opening).map_err(|failure| dead(format!("no session: {failure}")))?;
        let status = handshake.status;
        let socket =
            socket.ok_or_else(|| dead(format!("no session: the handshake is {status}")))?;
        let ready = socket.journal.wait(self.limit().0, |record| {
            record.messages.iter().find(|message| message["op"] == "ready").cloned()
        });
        let ready = ready.await.ok_or_else(|| dead("no session: no ready message".into()))?;
        let id = ready["sessionId"].as_str().unwrap_or_default().to_owned();
        Ok(Session { id, socket, checker })
    }

    async fn request(&self, request: &Request, places: &Places, played: &mut Played) {
        let filled = request.fill(places);
        let bytes = filled.bytes(&places.authority).repeat(filled.copies.max(1));
        played.log.push(format!("-> {:?}: {}", filled.delivery, text(&bytes, places)));
        played.log.extend(curl(&filled, places).map(|line| format!("   {line}")));
        played.spoiled |= may_spoil_players(&filled);
        let bodiless = filled.method == b"HEAD";
        let outcomes = exchange(
            &places.authority,
            &bytes,
            &filled.delivery,
            filled.copies.max(1),
            bodiless,
            self.limit(),
        );
        for (index, outcome) in outcomes.await.iter().enumerate() {
            played.note(outcome, places);
            played.see(&filled, outcome, None, places);
            let checker = Checker::new(Arc::clone(&self.settings.schemas));
            let spoiled = played.spoiled;
            let finding = judge(&filled, outcome, index == 0, spoiled, places, &checker);
            played.findings.extend(finding);
        }
    }

    async fn socket(&self, script: &Script, places: &Places, played: &mut Played) {
        let handshake = script.handshake.fill(places);
        let bytes = handshake.bytes(&places.authority);
        played.log.push(format!("-> handshake: {}", text(&bytes, places)));
        for frame in &script.frames {
            played.log.push(format!("-> frame: {}", text(frame, places)));
        }
        let (frames, legal) = (&script.frames, script.legal);
        let talk =
            converse(&places.authority, &bytes, frames, legal, script.end, self.limit()).await;
        let checker = Checker::new(Arc::clone(&self.settings.schemas));
        if let Some(outcome) = &talk.handshake {
            played.note(outcome, places);
            played.see(&handshake, outcome, talk.closed, places);
            let finding = judge(&handshake, outcome, true, false, places, &checker);
            played.findings.extend(finding);
            let switched = matches!(outcome, Outcome::Answered(answer) if answer.status == 101);
            if switched
                && handshake.header("Authorization").all(|it| it != places.password.as_bytes())
            {
                played.findings.push(Finding::new(Fault::LetIn, "GET /v4/websocket: 101"));
            }
            if !switched && handshake.sound && matches!(outcome, Outcome::Answered(_)) {
                let what = "GET /v4/websocket: a handshake as it should be is refused";
                played.findings.push(Finding::new(Fault::Broken, what));
            }
        }
        played.log.push(format!(
            "<- {} texts, pong {}, closed {:?}, {:?}",
            talk.texts.len(),
            talk.ponged,
            talk.closed,
            talk.fault
        ));
        played.findings.extend(messages(&talk, &checker));
    }

    /// Leaves nothing behind: the session must not be kept for somebody who resumes it.
    async fn end(&self, session: Session, case: &Case) -> Option<Finding> {
        let may_be_kept = case.steps.iter().any(|step| {
            let Step::Request(request) = step else { return false };
            let body = request.body.as_deref().unwrap_or_default();
            String::from_utf8_lossy(body).contains("esum")
        });
        if may_be_kept {
            let path = format!("/v4/sessions/{}", session.id);
            let body = Some(r#"{"resuming":false}"#.to_owned());
            if let Err(failure) = self.ask("PATCH", path, body).await {
                return Some(Finding::new(Fault::Hang, format!("PATCH /v4/sessions/*: {failure}")));
            }
        }
        if case.number.is_multiple_of(2) {
            session.close(self.limit()).await
        } else {
            session.drop_connection(self.limit()).await
        }
    }

    /// Sends a request as it should be; gives back its status and its body.
    pub(super) async fn ask(
        &self,
        method: &str,
        path: String,
        body: Option<String>,
    ) -> Result<(u16, String), Failure> {
        let password = self.settings.password.reveal().to_owned();
        let mut headers = vec![("Authorization".to_owned(), password)];
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        let request = client::Request { method: method.into(), path, headers, body };
        let answer = request.send(&self.settings, &Timeline::new()).await?;
        Ok((answer.status, answer.body))
    }
}

/// A handshake that breaks off has nothing to tell but that.
fn opened_or<T>(opening: Result<T, Failure>) -> Result<T, String> {
    opening.map_err(|failure| failure.message)
}

impl Session {
    /// Ends it with a close frame.
    pub(super) async fn close(mut self, limit: Limit) -> Option<Finding> {
        let ended = self.socket.close(limit.0).await;
        self.judged(ended)
    }

    /// Ends the connection without one.
    async fn drop_connection(mut self, limit: Limit) -> Option<Finding> {
        let ended = self.socket.reset(limit.0).await;
        self.judged(ended)
    }

    /// What was wrong with its messages, or with its end.
    fn judged(&self, ended: Result<(), Failure>) -> Option<Finding> {
        if let Some(violation) = self.checker.take_violation() {
            let detail = violation.difference;
            return Some(Finding { detail, ..Finding::new(Fault::Schema, violation.message) });
        }
        ended.err().map(|failure| Finding::new(Fault::Hang, failure.message))
    }
}

impl Played {
    /// Whether the server owes something, so that it may serve nobody any more.
    pub(crate) fn is_stuck(&self) -> bool {
        self.findings.iter().any(|it| matches!(it.fault, Fault::Hang | Fault::Dead))
    }

    fn see(
        &mut self,
        request: &Request,
        outcome: &Outcome,
        closed: Option<Option<u16>>,
        places: &Places,
    ) {
        let (request, outcome) = (request.clone(), outcome.clone());
        let curl = curl(&request, places);
        self.seen.push(Seen { request, outcome, closed, curl });
    }

    fn note(&mut self, outcome: &Outcome, places: &Places) {
        let (status, line) = match outcome {
            Outcome::Answered(answer) => {
                (Some(answer.status), format!("{} {}", answer.status, text(&answer.body, places)))
            }
            other => (None, format!("{other:?}")),
        };
        self.statuses.push(status);
        self.log.push(format!("<- {line}"));
    }
}

/// What is wrong with what a server sent on a socket.
fn messages(talk: &Conversation, checker: &Checker) -> Option<Finding> {
    for text in &talk.texts {
        match serde_json::from_slice(text) {
            Ok(message) => checker.check_message(&message),
            Err(_) => return Some(Finding::new(Fault::Broken, "a message that is not JSON")),
        }
    }
    if let Some(violation) = checker.take_violation() {
        let detail = violation.difference;
        return Some(Finding { detail, ..Finding::new(Fault::Schema, violation.message) });
    }
    let fault = talk.fault.as_ref()?;
    let hang = ["not answered", "keeps", "does not read"].iter().any(|part| fault.contains(part));
    Some(Finding::new(if hang { Fault::Hang } else { Fault::Broken }, fault.clone()))
}
