//! Breaks at the edge of REST: requests that are changed before the protocol sees them, and
//! answers that are changed on their way out.
//!
//! A row is a break: its name, what the server does wrong with it, where it applies, and the code.
//! It counts as reached only if it changed something. The layer is put round the protocol only if
//! one of its rows is chosen.

mod accept;
mod access;
mod answer;
mod asked;
mod bodies;
mod errors;
mod guilds;
mod handshake;
mod head;
mod info;
mod media_types;
mod methods;
mod metrics;
mod paths;
mod planner;
mod planner_status;
mod prerequisite;
mod session;
mod shape;
mod targets;
mod tracks;
mod twice;
mod version_header;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures::future::BoxFuture;
use http::Method;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

use self::answer::Answer;
use self::asked::{Asked, Password};
pub(super) use self::head::{is_refused, refusal, rows as head_rows};
use super::errand;
use super::row::{Row, chosen_of};
use crate::http::Endpoint;
use crate::server::Server;

/// A break of a request or of its answer.
pub(super) struct Break {
    at: At,
    change: Change,
}

/// The requests that a row applies to.
#[derive(Clone, Copy)]
enum At {
    Everywhere,
    /// What no endpoint is at, the metrics included.
    NoEndpoint,
    Endpoint(Endpoint),
    Request(&'static str, Endpoint),
    AnyOf(&'static [Endpoint]),
}

/// How a row breaks what it applies to.
#[derive(Clone, Copy)]
enum Change {
    /// The request without its body, before the protocol sees it.
    Request(fn(&mut Asked)),
    /// The request with its body, which is read for it.
    Body(fn(&mut Asked)),
    /// An answer that is given without asking the protocol.
    Instead(fn(&Asked) -> Option<Answer>),
    /// Whatever it takes: the protocol may be asked any number of times.
    Around(fn(Exchange) -> BoxFuture<'static, Outcome>),
    /// The answer.
    Answer(fn(&Asked, &mut Answer)),
}

/// What a row that asks the protocol itself comes to.
enum Outcome {
    /// The protocol's own answer: the row had nothing to change.
    Usual(Answer),
    /// An answer of the row's, or one that something was done besides.
    Broken(Answer),
}

/// A request for a row that asks the protocol itself.
struct Exchange {
    asked: Asked,
    protocol: Protocol,
}

/// The router of the protocol. Clones are the same.
type Protocol = TowerToHyperService<Router>;

const fn row(name: &'static str, summary: &'static str, at: At, change: Change) -> Row<Break> {
    Row { name, summary, change: Break { at, change } }
}

/// A row that changes requests.
const fn request(
    name: &'static str,
    summary: &'static str,
    at: At,
    change: fn(&mut Asked),
) -> Row<Break> {
    row(name, summary, at, Change::Request(change))
}

/// A row that changes bodies of requests.
const fn body(
    name: &'static str,
    summary: &'static str,
    at: At,
    change: fn(&mut Asked),
) -> Row<Break> {
    row(name, summary, at, Change::Body(change))
}

/// A row that answers in place of the protocol.
const fn instead(
    name: &'static str,
    summary: &'static str,
    at: At,
    answer: fn(&Asked) -> Option<Answer>,
) -> Row<Break> {
    row(name, summary, at, Change::Instead(answer))
}

/// A row that asks the protocol itself.
const fn around(
    name: &'static str,
    summary: &'static str,
    at: At,
    run: fn(Exchange) -> BoxFuture<'static, Outcome>,
) -> Row<Break> {
    row(name, summary, at, Change::Around(run))
}

/// A row that changes answers.
const fn answer(
    name: &'static str,
    summary: &'static str,
    at: At,
    change: fn(&Asked, &mut Answer),
) -> Row<Break> {
    row(name, summary, at, Change::Answer(change))
}

const fn get(endpoint: Endpoint) -> At {
    At::Request("GET", endpoint)
}

const fn patch(endpoint: Endpoint) -> At {
    At::Request("PATCH", endpoint)
}

const fn post(endpoint: Endpoint) -> At {
    At::Request("POST", endpoint)
}

/// All tables of rows.
const TABLES: [&[Row<Break>]; 20] = [
    access::ROWS,
    accept::ROWS,
    bodies::ROWS,
    errors::ROWS,
    guilds::ROWS,
    handshake::ROWS,
    head::ROWS,
    info::ROWS,
    media_types::ROWS,
    methods::ROWS,
    metrics::ROWS,
    paths::ROWS,
    planner::ROWS,
    planner_status::ROWS,
    prerequisite::ROWS,
    session::ROWS,
    shape::ROWS,
    tracks::ROWS,
    twice::ROWS,
    version_header::ROWS,
];

pub(super) fn rows() -> impl Iterator<Item = &'static Row<Break>> {
    TABLES.into_iter().flatten()
}

/// The protocol, in a layer of its breaks if any of them is chosen.
pub(crate) fn surround(protocol: Router, server: &Server) -> Router {
    let chosen: Arc<[&'static Row<Break>]> = chosen_of(rows()).collect();
    if chosen.is_empty() {
        return protocol;
    }
    let (protocol, server) = (TowerToHyperService::new(protocol), server.clone());
    // Round the router and not in it, as a row may change the path.
    Router::new().fallback(move |request: Request| {
        exchange(chosen.clone(), protocol.clone(), Asked::of(request, server.clone()))
    })
}

/// Answers a request with all chosen rows that apply to it.
async fn exchange(
    rows: Arc<[&'static Row<Break>]>,
    protocol: Protocol,
    mut asked: Asked,
) -> Response {
    let method = asked.method.clone();
    let rows: Vec<_> = rows.iter().filter(|row| row.change.at.fits(&asked)).collect();
    if rows.iter().any(|row| row.change.change.reads_body()) {
        asked.read().await;
    }
    let mut answer = None;
    for row in &rows {
        match row.change.change {
            Change::Request(change) | Change::Body(change) => {
                let before = asked.seen();
                change(&mut asked);
                row.count_if(asked.seen() != before);
            }
            Change::Instead(made) if answer.is_none() => {
                answer = made(&asked);
                row.count_if(answer.is_some());
            }
            Change::Around(run) if answer.is_none() => {
                let exchange = Exchange { asked: asked.clone(), protocol: protocol.clone() };
                let outcome = run(exchange).await;
                row.count_if(matches!(outcome, Outcome::Broken(_)));
                answer = Some(outcome.into_answer());
            }
            Change::Instead(_) | Change::Around(_) | Change::Answer(_) => {}
        }
    }
    let mut answer = match answer {
        Some(answer) => answer,
        None => ask(&protocol, asked.request()).await,
    };
    for row in &rows {
        if let Change::Answer(change) = row.change.change {
            let before = answer.seen();
            change(&asked, &mut answer);
            row.count_if(answer.seen() != before);
        }
    }
    answer.into_response(&method)
}

async fn ask(protocol: &Protocol, request: Request<Body>) -> Answer {
    match protocol.call(request).await {
        Ok(response) => Answer::of(response).await,
        Err(never) => match never {},
    }
}

impl At {
    fn fits(self, asked: &Asked) -> bool {
        match self {
            Self::Everywhere => true,
            Self::NoEndpoint => asked.endpoint().is_none(),
            Self::Endpoint(endpoint) => asked.endpoint() == Some(endpoint),
            Self::Request(method, endpoint) => {
                asked.method == method && asked.endpoint() == Some(endpoint)
            }
            Self::AnyOf(endpoints) => asked.endpoint().is_some_and(|it| endpoints.contains(&it)),
        }
    }
}

impl Change {
    fn reads_body(self) -> bool {
        matches!(self, Self::Body(_) | Self::Instead(_) | Self::Around(_))
    }
}

impl Outcome {
    fn into_answer(self) -> Answer {
        match self {
            Self::Usual(answer) | Self::Broken(answer) => answer,
        }
    }
}

impl Exchange {
    /// Asks the protocol as the client did.
    async fn usual(&self) -> Answer {
        self.asking(&self.asked).await
    }

    /// Asks the protocol something else.
    async fn asking(&self, asked: &Asked) -> Answer {
        ask(&self.protocol, asked.clone().request()).await
    }

    /// Updates a session as its client might.
    async fn update_session(&self, id: &str, update: &serde_json::Value) -> Answer {
        let mut asked = self.asked.clone();
        asked.method = Method::PATCH;
        asked.set_target(&format!("/v4/sessions/{id}"));
        asked.admit();
        asked.set_type("application/json");
        asked.set_body(update.to_string());
        self.asking(&asked).await
    }
}

/// Sends statistics to a session before their time.
async fn send_stats(session: &crate::session::Handle) {
    // A session that is over has nobody to tell.
    errand::ask(session, |session| session.send_stats()).await;
}

/// The same for all sessions.
async fn send_stats_to_all(server: &Server) {
    for session in server.sessions.all() {
        send_stats(&session).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::config::{ClockKind, Config};
    use crate::deviations::{chosen, of_names};
    use crate::shared::Prepared;

    /// A protocol that answers each request with its path, in a layer of the break LL-`name`.
    async fn answered(name: &str, target: &str) -> (String, u64) {
        let names = [format!("LL-{name}")];
        Arc::new(of_names(&names).unwrap()).hold_for_thread();
        let clock = Clock::new(ClockKind::Manual);
        let server = Server::new(Config::default(), clock, Prepared::default()).unwrap();
        let protocol = Router::new()
            .fallback(|request: Request| async move { request.uri().path().to_owned() });
        let surrounded = TowerToHyperService::new(surround(protocol, &server));
        let request = Request::get(target).body(Body::empty()).unwrap();
        let answer = Answer::of(surrounded.call(request).await.unwrap()).await;
        (answer.text(), chosen()[0].1)
    }

    #[tokio::test]
    async fn a_row_counts_if_it_changes_something() {
        for (name, target, text, reached) in [
            // A request, of which only one path is changed.
            ("HTTP-071/answers-version", "/v4/version", "/version", 1),
            ("HTTP-071/answers-version", "/v4/nope", "/v4/nope", 0),
            // An answer.
            ("HTTP-070/quoted", "/version", "\"/version\"", 1),
            ("HTTP-070/quoted", "/v4/info", "/v4/info", 0),
            // An answer in place of the protocol's.
            ("PREREQUISITE-001/broken", "/version", "", 1),
            ("PREREQUISITE-001/broken", "/v4/stats", "/v4/stats", 0),
            // A row that asks the protocol itself.
            ("HTTP-052/served-anyway", "/version", "/version", 0),
        ] {
            let seen = answered(name, target).await;
            assert_eq!(seen, (text.to_owned(), reached), "{name} {target}");
        }
    }

    #[tokio::test]
    async fn rows_of_other_seams_need_no_layer() {
        let (text, reached) = answered("PLAYER-002/created", "/version").await;
        assert_eq!((&*text, reached), ("/version", 0));
    }
}
