//! What is where.

use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use http::{HeaderValue, Method, StatusCode};

use super::{ApiError, players, routeplanner, server_info, tracks};
use crate::deviations::{deviates, either, wire};
use crate::server::Server;
use crate::{control, session, websocket};

/// A known path: its pattern and its methods, in the order of the `Allow` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    path: &'static str,
    methods: &'static [&'static str],
}

const fn endpoint(path: &'static str, methods: &'static [&'static str]) -> Endpoint {
    Endpoint { path, methods }
}

impl Endpoint {
    pub(crate) const WEBSOCKET: Self = endpoint("/v4/websocket", &["GET"]);
    pub(crate) const ROOT: Self = endpoint("/", &["GET"]);
    pub(crate) const OLD_WEBSOCKET: Self = endpoint("/v3/websocket", &["GET"]);
    pub(crate) const VERSION: Self = endpoint("/version", &["GET"]);
    pub(crate) const INFO: Self = endpoint("/v4/info", &["GET"]);
    const STATS: Self = endpoint("/v4/stats", &["GET"]);
    const LOAD_TRACKS: Self = endpoint("/v4/loadtracks", &["GET"]);
    const DECODE_TRACK: Self = endpoint("/v4/decodetrack", &["GET"]);
    pub(crate) const DECODE_TRACKS: Self = endpoint("/v4/decodetracks", &["POST"]);
    pub(crate) const SESSION: Self = endpoint("/v4/sessions/{session}", &["PATCH"]);
    pub(crate) const PLAYERS: Self = endpoint("/v4/sessions/{session}/players", &["GET"]);
    const PLAYER: Self =
        endpoint("/v4/sessions/{session}/players/{guild}", &["GET", "PATCH", "DELETE"]);
    pub(crate) const PLANNER_STATUS: Self = endpoint("/v4/routeplanner/status", &["GET"]);
    pub(crate) const PLANNER_FREE: Self = endpoint("/v4/routeplanner/free/address", &["POST"]);
    pub(crate) const PLANNER_FREE_ALL: Self = endpoint("/v4/routeplanner/free/all", &["POST"]);

    const ALL: [Self; 15] = [
        Self::WEBSOCKET,
        Self::ROOT,
        Self::OLD_WEBSOCKET,
        Self::VERSION,
        Self::INFO,
        Self::STATS,
        Self::LOAD_TRACKS,
        Self::DECODE_TRACK,
        Self::DECODE_TRACKS,
        Self::SESSION,
        Self::PLAYERS,
        Self::PLAYER,
        Self::PLANNER_STATUS,
        Self::PLANNER_FREE,
        Self::PLANNER_FREE_ALL,
    ];

    /// The one that a request path names; a trailing slash or another case names none.
    pub(crate) fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| {
            let mut given = path.split('/');
            let mut known = endpoint.path.split('/');
            loop {
                match (given.next(), known.next()) {
                    (None, None) => return true,
                    (Some(given), Some(known)) if given == known => {}
                    (Some(given), Some(known)) if known.starts_with('{') && !given.is_empty() => {}
                    _ => return false,
                }
            }
        })
    }

    /// HEAD is allowed wherever GET is.
    pub(crate) fn allows(self, method: &Method) -> bool {
        let head = method == Method::HEAD;
        if head && deviates("LL-HTTP-031/refused")
            || head && self == Self::VERSION && deviates("LL-HTTP-031/refused-for-text")
        {
            return false;
        }
        let method = if head { "GET" } else { method.as_str() };
        self.methods.contains(&method) || self.allows_wrongly(method)
    }

    /// No endpoint is meant to take these methods.
    fn allows_wrongly(self, method: &str) -> bool {
        match (self, method) {
            (Self::LOAD_TRACKS, "POST") => deviates("LL-HTTP-030/tracks-posted"),
            (Self::PLANNER_STATUS, "POST") => deviates("LL-ROUTEPLANNER-006/status-posted"),
            (Self::PLANNER_FREE, "DELETE") => deviates("LL-ROUTEPLANNER-006/address-deleted"),
            (Self::PLANNER_FREE_ALL, "DELETE") => deviates("LL-ROUTEPLANNER-006/all-deleted"),
            (Self::PLANNER_FREE_ALL, "GET") => deviates("LL-ROUTEPLANNER-006/get-frees"),
            _ => false,
        }
    }

    /// Whether it is one of the route planner's.
    pub(crate) fn is_planner(self) -> bool {
        self.path.starts_with("/v4/routeplanner/")
    }

    /// For a 405.
    pub(crate) fn allow(self) -> HeaderValue {
        if self.is_planner() && deviates("LL-ROUTEPLANNER-006/allow-lists-both") {
            return list("GET, POST");
        }
        let listed = if deviates("LL-HTTP-030/allow-lists-one") { 1 } else { self.methods.len() };
        let right = self.methods[..listed].join(", ");
        list(&either("LL-HTTP-030/allow-lists-options", right.clone(), right + ", OPTIONS"))
    }

    /// For OPTIONS.
    pub(crate) fn options(self) -> HeaderValue {
        let mut methods = self.methods.to_vec();
        let head = match methods.iter().position(|method| *method == "GET") {
            Some(at) => Some(at + 1).filter(|_| !deviates("LL-HTTP-032/head-left-out")),
            None => deviates("LL-HTTP-032/head-everywhere").then_some(1),
        };
        if let Some(at) = head {
            methods.insert(at, "HEAD");
        }
        if !deviates("LL-HTTP-032/options-left-out") {
            methods.push("OPTIONS");
        }
        list(&methods.join(","))
    }
}

fn list(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// Methods that there are. The gate says which they are to whom that concerns: a preflight that is
/// refused does not learn it.
fn only() -> MethodRouter<Server> {
    any(|| async { StatusCode::METHOD_NOT_ALLOWED })
}

/// The whole REST side.
pub(crate) fn router(server: Server) -> Router {
    let route = |router: Router<Server>, endpoint: Endpoint, methods: MethodRouter<Server>| {
        router.route(endpoint.path, methods)
    };
    let mut router = Router::new();
    for (endpoint, methods) in [
        (Endpoint::WEBSOCKET, only().get(websocket::handshake)),
        (Endpoint::ROOT, only().get(empty)),
        (Endpoint::OLD_WEBSOCKET, only().get(old_websocket)),
        (Endpoint::VERSION, only().get(server_info::version)),
        (Endpoint::INFO, only().get(server_info::info)),
        (Endpoint::STATS, only().get(server_info::stats)),
        (Endpoint::LOAD_TRACKS, any(tracks::load)),
        (Endpoint::DECODE_TRACK, only().get(tracks::decode_one)),
        (Endpoint::DECODE_TRACKS, only().post(tracks::decode_many)),
        (Endpoint::SESSION, only().patch(session::rest::update)),
        (Endpoint::PLAYERS, only().get(players::list)),
        (
            Endpoint::PLAYER,
            only().get(players::fetch).patch(players::update).delete(players::destroy),
        ),
        (Endpoint::PLANNER_STATUS, any(routeplanner::status)),
        (Endpoint::PLANNER_FREE, any(routeplanner::free_address)),
        (Endpoint::PLANNER_FREE_ALL, any(routeplanner::free_all)),
    ] {
        router = route(router, endpoint, methods);
    }
    let protocol = router
        .fallback(any(|| async { StatusCode::NOT_FOUND }))
        .layer(from_fn_with_state(server.clone(), super::gate::gate))
        .with_state(server.clone());
    let protocol = wire::surround(protocol);
    control::surround(protocol, &server).merge(control::router(&server))
}

async fn empty() -> Response {
    let status = either("LL-HTTP-034/no-content", StatusCode::OK, StatusCode::NO_CONTENT);
    let body = either("LL-HTTP-034/welcome", Body::empty(), Body::from("Lavalink is running."));
    (status, body).into_response()
}

/// Where the socket of version 3 was.
async fn old_websocket() -> Response {
    if deviates("LL-HTTP-034/old-socket-unknown") {
        return ApiError::not_found("No endpoint GET /v3/websocket.").into_response();
    }
    if deviates("LL-HTTP-034/old-socket-expects-upgrade") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    empty().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_whole_and_as_written() {
        assert_eq!(Endpoint::at("/v4/sessions/x/players/1"), Some(Endpoint::PLAYER));
        assert_eq!(Endpoint::at("/"), Some(Endpoint::ROOT));
        for unknown in ["/v4/info/", "/v4/INFO", "/v4", "/v4/sessions//players", "/v4/version", ""]
        {
            assert_eq!(Endpoint::at(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn options_list_head_and_allow_does_not() {
        assert_eq!(Endpoint::PLAYER.allow(), "GET, PATCH, DELETE");
        assert_eq!(Endpoint::INFO.options(), "GET,HEAD,OPTIONS");
        assert!(Endpoint::INFO.allows(&Method::HEAD));
        assert!(!Endpoint::SESSION.allows(&Method::HEAD));
    }
}
