//! What is where.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any};
use http::{HeaderValue, Method, StatusCode};

use super::gate::Gate;
use super::{players, routeplanner, server_info, session, tracks};
use crate::server::Server;

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
    pub(crate) const STATS: Self = endpoint("/v4/stats", &["GET"]);
    pub(crate) const LOAD_TRACKS: Self = endpoint("/v4/loadtracks", &["GET"]);
    pub(crate) const DECODE_TRACK: Self = endpoint("/v4/decodetrack", &["GET"]);
    pub(crate) const DECODE_TRACKS: Self = endpoint("/v4/decodetracks", &["POST"]);
    pub(crate) const SESSION: Self = endpoint("/v4/sessions/{session}", &["PATCH"]);
    pub(crate) const PLAYERS: Self = endpoint("/v4/sessions/{session}/players", &["GET"]);
    pub(crate) const PLAYER: Self =
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

    /// The one that a path names, for breaks: they stand before the router, which finds it for
    /// everything else. A trailing slash or another case names none.
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

    /// The methods as a 405 lists them in `Allow`.
    pub(crate) fn allow(self) -> HeaderValue {
        list(&self.methods.join(", "))
    }

    /// The methods as the answer to OPTIONS lists them in `Allow`.
    pub(crate) fn options(self) -> HeaderValue {
        let mut methods = self.methods.to_vec();
        if let Some(get) = methods.iter().position(|method| *method == "GET") {
            methods.insert(get + 1, "HEAD");
        }
        methods.push("OPTIONS");
        list(&methods.join(","))
    }
}

fn list(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// No method yet. The gate says which there are, to clients whom that concerns: a preflight that is
/// refused does not learn it.
pub(crate) fn only() -> MethodRouter<Server> {
    any(|| async { StatusCode::METHOD_NOT_ALLOWED })
}

/// The protocol: REST, and what serves handshakes of sockets.
pub(crate) fn router(server: Server, handshake: MethodRouter<Server>) -> Router {
    let gate = |endpoint| {
        let gate = Gate { server: server.clone(), endpoint };
        from_fn_with_state(gate, super::gate::gate)
    };
    let mut router = Router::new();
    for (endpoint, methods) in [
        (Endpoint::WEBSOCKET, handshake),
        (Endpoint::ROOT, only().get(empty)),
        (Endpoint::OLD_WEBSOCKET, only().get(empty)),
        (Endpoint::VERSION, only().get(server_info::version)),
        (Endpoint::INFO, only().get(server_info::info)),
        (Endpoint::STATS, only().get(server_info::stats)),
        (Endpoint::LOAD_TRACKS, only().get(tracks::load)),
        (Endpoint::DECODE_TRACK, only().get(tracks::decode_one)),
        (Endpoint::DECODE_TRACKS, only().post(tracks::decode_many)),
        (Endpoint::SESSION, only().patch(session::update)),
        (Endpoint::PLAYERS, only().get(players::list)),
        (
            Endpoint::PLAYER,
            only().get(players::fetch).patch(players::update).delete(players::destroy),
        ),
        (Endpoint::PLANNER_STATUS, only().get(routeplanner::status)),
        (Endpoint::PLANNER_FREE, only().post(routeplanner::free_address)),
        (Endpoint::PLANNER_FREE_ALL, only().post(routeplanner::free_all)),
    ] {
        router = router.route(endpoint.path, methods.layer(gate(Some(endpoint))));
    }
    let unknown = any(|| async { StatusCode::NOT_FOUND }).layer(gate(None));
    router.fallback_service(unknown.with_state(())).with_state(server.clone())
}

/// The root, and where the socket of version 3 was.
async fn empty() -> StatusCode {
    StatusCode::OK
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
