//! The rules that sentences stand on.
//!
//! A step that only prepares what its scenario is about can fail for a reason that another rule is
//! about. The scenario has judged nothing then: it is blocked by that rule.

use serde_json::Value;

/// `GET /version` answers.
pub const REACHABLE: &str = "LL-PREREQUISITE-001";
/// The password opens `GET /v4/info`.
pub const AUTHORISED: &str = "LL-PREREQUISITE-002";
/// A WebSocket opens.
pub const SOCKET: &str = "LL-PREREQUISITE-003";
/// `ready` comes on it, with the id of a session.
pub const READY: &str = "LL-PREREQUISITE-004";
/// A session that is resumable can be resumed.
pub const RESUMED: &str = "LL-SESSION-030";
/// REST knows the session.
pub const SESSION: &str = "LL-PREREQUISITE-005";
/// A session that is not resumable ends with its socket.
pub const SESSION_END: &str = "LL-SESSION-020";
/// A PATCH makes a player.
pub const PLAYER: &str = "LL-PREREQUISITE-006";
/// A file of the runner's media server loads.
pub const LOADED: &str = "LL-PREREQUISITE-007";
/// It plays.
pub const PLAYING: &str = "LL-PREREQUISITE-008";
/// A track starts though nobody hears it.
pub const UNHEARD: &str = "LL-PLAYER-141";
/// The target joins a voice channel.
pub const VOICE: &str = "LL-PREREQUISITE-009";
/// What plays is heard there.
pub const HEARD: &str = "LL-PREREQUISITE-010";
/// With `ipBlocks` there is a route planner.
pub const ROUTE_PLANNER: &str = "LL-PREREQUISITE-011";

/// A PATCH of a session is taken.
pub const SESSION_UPDATE: &str = "LL-PREREQUISITE-012";

/// The area of the rules that run before all others.
pub const AREA: &str = "prerequisite";

/// What a sentence stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    /// Nothing that the target does: what fails it is an error of the suite.
    Runner,
    /// A rule.
    Rule(&'static str),
    /// The rule of the request that it sends: its method, path and body decide.
    Request,
    /// The same, and it is of no use without this rule.
    RequestOn(&'static str),
    /// The rule of the request that was answered last.
    Answer,
    /// The same, and the rule of its shape if the answer is something else altogether: then
    /// nothing can be said of what stands in it.
    Body,
    /// The rule of the kind of message that this part of the sentence names, or the first row.
    Message(usize),
}

/// Rules of requests that succeed, by method and path; `*` stands for one segment.
const REQUESTS: &[(&str, &str, &str)] = &[
    ("GET", "/version", REACHABLE),
    ("GET", "/v4/info", AUTHORISED),
    ("GET", "/v4/stats", "LL-STATS-001"),
    ("GET", "/v4/loadtracks", "LL-TRACKS-001"),
    ("GET", "/v4/decodetrack", "LL-TRACKS-021"),
    ("POST", "/v4/decodetracks", "LL-TRACKS-027"),
    ("PATCH", "/v4/sessions/*", SESSION_UPDATE),
    ("GET", "/v4/sessions/*/players", SESSION),
    ("GET", "/v4/sessions/*/players/*", PLAYER),
    ("PATCH", "/v4/sessions/*/players/*", PLAYER),
    ("DELETE", "/v4/sessions/*/players/*", "LL-PLAYER-005"),
];

/// Rules of what the body of a player's PATCH holds; the first that fits.
const UPDATES: &[(&str, &str)] =
    &[("/voice", VOICE), ("/track", PLAYING), ("/filters", "LL-FILTERS-030")];

/// Rules of messages, by event type or op.
const MESSAGES: &[(&str, &str)] = &[
    ("ready", READY),
    ("stats", "LL-STATS-022"),
    ("playerUpdate", "LL-PLAYER-103"),
    ("TrackStartEvent", PLAYING),
    ("TrackEndEvent", "LL-PLAYBACK-001"),
    ("TrackExceptionEvent", "LL-PLAYBACK-042"),
    ("TrackStuckEvent", "LL-PLAYBACK-055"),
    ("WebSocketClosedEvent", "LL-VOICE-003"),
];

/// The rule of a request that succeeds.
pub(crate) fn of_request(method: &str, path: &str, body: Option<&str>) -> &'static str {
    let path = path.split('?').next().unwrap_or_default();
    if path.starts_with("/v4/routeplanner/") {
        return ROUTE_PLANNER;
    }
    let fits = |(m, pattern, _): &&(&str, &str, &str)| *m == method && matches(pattern, path);
    let rule = REQUESTS.iter().find(fits).map_or(AUTHORISED, |(.., rule)| *rule);
    if (method, rule) != ("PATCH", PLAYER) {
        return rule;
    }
    let body: Value = body.and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    let holds = UPDATES.iter().find(|(pointer, _)| body.pointer(pointer).is_some());
    holds.map_or(PLAYER, |(_, rule)| *rule)
}

/// Whether a rule is one of those that run before all others.
pub(crate) fn is_prerequisite(rule: &str) -> bool {
    rule.starts_with("LL-PREREQUISITE-")
}

/// The prerequisite without which a request need not be made, as a step words it.
pub(crate) fn before_request(method: &str, path: &str) -> Option<&'static str> {
    match of_request(method, path, None) {
        // What is refused there says enough.
        REACHABLE | AUTHORISED => None,
        rule => is_prerequisite(rule).then_some(rule),
    }
}

/// The rule of messages of a kind, as a sentence wants them.
pub(crate) fn of_message(kind: &str, sentence: &str) -> &'static str {
    if kind == "ready" && sentence.contains(r#""resumed": true"#) {
        return RESUMED;
    }
    MESSAGES.iter().find(|(known, _)| *known == kind).map_or(READY, |(_, rule)| *rule)
}

/// Every rule that a sentence can stand on.
pub(crate) fn all_rules() -> impl Iterator<Item = &'static str> {
    let own = [SOCKET, RESUMED, SESSION_END, UNHEARD, HEARD, ROUTE_PLANNER];
    let requests = REQUESTS.iter().map(|(.., rule)| *rule);
    let updates = UPDATES.iter().map(|(_, rule)| *rule);
    own.into_iter().chain(requests).chain(updates).chain(MESSAGES.iter().map(|(_, rule)| *rule))
}

/// Whether a path is like a pattern, in which `*` stands for one segment.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.split('/'), path.split('/'));
    pattern.clone().count() == path.clone().count()
        && pattern.zip(path).all(|(wanted, given)| wanted == "*" || wanted == given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_stands_on_the_rule_of_what_it_asks_for() {
        assert_eq!(of_request("GET", "/v4/sessions/a/players", None), SESSION);
        assert_eq!(of_request("PATCH", "/v4/sessions/a/players/1?noReplace=true", None), PLAYER);
        let track = r#"{"track": {"encoded": "x"}, "volume": 3}"#;
        assert_eq!(of_request("PATCH", "/v4/sessions/a/players/1", Some(track)), PLAYING);
        assert_eq!(of_request("GET", "/v4/routeplanner/status", None), ROUTE_PLANNER);
        assert_eq!(of_request("GET", "/v4/nothing", None), AUTHORISED);
    }

    #[test]
    fn a_ready_that_resumes_stands_on_resuming() {
        let sentence = |with: &str| format!("the client receives \"ready\"{with}");
        assert_eq!(of_message("ready", &sentence("")), READY);
        assert_eq!(of_message("ready", &sentence(r#" with {"resumed": true}"#)), RESUMED);
        assert_eq!(of_message("TrackEndEvent", ""), "LL-PLAYBACK-001");
    }
}
