//! What is where.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, patch, post};
use http::{HeaderValue, Method, StatusCode};

use super::{players, server_info, tracks};
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
    const ROOT: Self = endpoint("/", &["GET"]);
    const OLD_WEBSOCKET: Self = endpoint("/v3/websocket", &["GET"]);
    const VERSION: Self = endpoint("/version", &["GET"]);
    const INFO: Self = endpoint("/v4/info", &["GET"]);
    const STATS: Self = endpoint("/v4/stats", &["GET"]);
    const LOAD_TRACKS: Self = endpoint("/v4/loadtracks", &["GET"]);
    const DECODE_TRACK: Self = endpoint("/v4/decodetrack", &["GET"]);
    const DECODE_TRACKS: Self = endpoint("/v4/decodetracks", &["POST"]);
    const SESSION: Self = endpoint("/v4/sessions/{session}", &["PATCH"]);
    const PLAYERS: Self = endpoint("/v4/sessions/{session}/players", &["GET"]);
    const PLAYER: Self =
        endpoint("/v4/sessions/{session}/players/{guild}", &["GET", "PATCH", "DELETE"]);
    const PLANNER_STATUS: Self = endpoint("/v4/routeplanner/status", &["GET"]);
    const PLANNER_FREE: Self = endpoint("/v4/routeplanner/free/address", &["POST"]);
    const PLANNER_FREE_ALL: Self = endpoint("/v4/routeplanner/free/all", &["POST"]);

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
        let method = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.methods.contains(&method)
    }

    /// For a 405.
    pub(crate) fn allow(self) -> HeaderValue {
        list(&self.methods.join(", "))
    }

    /// For OPTIONS.
    pub(crate) fn options(self) -> HeaderValue {
        let mut methods = self.methods.to_vec();
        if let Some(at) = methods.iter().position(|method| *method == "GET") {
            methods.insert(at + 1, "HEAD");
        }
        methods.push("OPTIONS");
        list(&methods.join(","))
    }
}

fn list(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// The whole REST side.
pub(crate) fn router(server: Server) -> Router {
    let route = |router: Router<Server>, endpoint: Endpoint, methods: MethodRouter<Server>| {
        router.route(endpoint.path, methods)
    };
    let mut router = Router::new();
    for (endpoint, methods) in [
        (Endpoint::WEBSOCKET, get(websocket::handshake)),
        (Endpoint::ROOT, get(empty)),
        (Endpoint::OLD_WEBSOCKET, get(empty)),
        (Endpoint::VERSION, get(server_info::version)),
        (Endpoint::INFO, get(server_info::info)),
        (Endpoint::STATS, get(server_info::stats)),
        (Endpoint::LOAD_TRACKS, get(tracks::load)),
        (Endpoint::DECODE_TRACK, get(tracks::decode_one)),
        (Endpoint::DECODE_TRACKS, post(tracks::decode_many)),
        (Endpoint::SESSION, patch(session::rest::update)),
        (Endpoint::PLAYERS, get(players::list)),
        (Endpoint::PLAYER, get(players::fetch).patch(players::update).delete(players::destroy)),
        (Endpoint::PLANNER_STATUS, get(planner_status)),
        (Endpoint::PLANNER_FREE, post(server_info::free_address)),
        (Endpoint::PLANNER_FREE_ALL, post(server_info::free_all)),
    ] {
        router = route(router, endpoint, methods);
    }
    router
        .fallback(any(|| async { StatusCode::NOT_FOUND }))
        .layer(from_fn_with_state(server.clone(), super::gate::gate))
        .with_state(server.clone())
        .merge(control::router(&server))
}

async fn empty() -> Response {
    StatusCode::OK.into_response()
}

/// Without a route planner there is nothing to tell.
async fn planner_status() -> StatusCode {
    StatusCode::NO_CONTENT
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
