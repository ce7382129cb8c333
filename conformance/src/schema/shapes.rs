//! The rules that schemas make: which answer or message follows which schema.

use crate::steps::ground::matches;

/// The area of the rules about shapes.
pub const AREA: &str = "shape";

/// The schema of every message.
pub(super) const MESSAGE: &str = "ws/message.schema.json";

/// The schema of every error.
pub(super) const ERROR: &str = "rest/error.schema.json";

/// The answers that have a schema: method, path (`*` stands for one segment), schema, the rule that it
/// makes.
pub(super) const ANSWERS: &[(&str, &str, &str, &str)] = &[
    ("GET", "/v4/info", "rest/info.schema.json", "LL-SHAPE-001"),
    ("GET", "/v4/stats", "rest/stats.schema.json", "LL-SHAPE-002"),
    ("GET", "/v4/loadtracks", "rest/load-result.schema.json", "LL-SHAPE-003"),
    ("GET", "/v4/decodetrack", "rest/track.schema.json", "LL-SHAPE-004"),
    ("POST", "/v4/decodetracks", "rest/tracks.schema.json", "LL-SHAPE-005"),
    ("PATCH", "/v4/sessions/*", "rest/session.schema.json", "LL-SHAPE-006"),
    ("GET", "/v4/sessions/*/players", "rest/players.schema.json", "LL-SHAPE-007"),
    ("GET", "/v4/sessions/*/players/*", "rest/player.schema.json", "LL-SHAPE-008"),
    ("PATCH", "/v4/sessions/*/players/*", "rest/player.schema.json", "LL-SHAPE-009"),
    ("GET", "/v4/routeplanner/status", "rest/routeplanner-status.schema.json", "LL-SHAPE-010"),
];

/// The rule of every answer that is an error.
pub(crate) const ERROR_RULE: &str = "LL-SHAPE-011";

/// The rule of every message.
pub(super) const MESSAGE_RULE: &str = "LL-SHAPE-020";

/// The rules of the messages that the protocol has, by op or event type.
pub(super) const MESSAGES: &[(&str, &str)] = &[
    ("ready", "LL-SHAPE-021"),
    ("stats", "LL-SHAPE-022"),
    ("playerUpdate", "LL-SHAPE-023"),
    ("TrackStartEvent", "LL-SHAPE-024"),
    ("TrackEndEvent", "LL-SHAPE-025"),
    ("TrackExceptionEvent", "LL-SHAPE-026"),
    ("TrackStuckEvent", "LL-SHAPE-027"),
    ("WebSocketClosedEvent", "LL-SHAPE-028"),
];

/// Every rule that a schema makes.
pub(crate) fn rules() -> impl Iterator<Item = &'static str> {
    let answers = ANSWERS.iter().map(|(.., rule)| *rule);
    answers.chain([ERROR_RULE, MESSAGE_RULE]).chain(MESSAGES.iter().map(|(_, rule)| *rule))
}

/// What each schema makes a rule of: the answer or message, the schema's path, the rule.
pub(crate) fn made() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let answers = ANSWERS
        .iter()
        .map(|(method, path, schema, rule)| (format!("{method} {path}"), *schema, *rule));
    let others = [
        ("an error".to_owned(), ERROR, ERROR_RULE),
        ("a message".to_owned(), MESSAGE, MESSAGE_RULE),
    ];
    let messages = MESSAGES.iter().map(|(kind, rule)| ((*kind).to_owned(), MESSAGE, *rule));
    answers.chain(others).chain(messages)
}

/// Whether the protocol has a message of that op or event type.
pub(crate) fn is_known(kind: &str) -> bool {
    MESSAGES.iter().any(|(known, _)| *known == kind)
}

/// The schema that an answer has to follow, and the rule that it makes, if there is one.
pub(super) fn of_answer(
    method: &str,
    path: &str,
    status: u16,
) -> Option<(&'static str, &'static str)> {
    let mut known =
        ANSWERS.iter().filter(|(m, pattern, ..)| *m == method && matches(pattern, path));
    match status {
        200 => known.next().map(|(_, _, schema, rule)| (*schema, *rule)),
        // The refusal of a handshake is a plain text, or empty.
        400.. if path == "/v4/websocket" => None,
        // The refusal of a preflight is made before error objects are.
        403 if method == "OPTIONS" => None,
        400.. => Some((ERROR, ERROR_RULE)),
        _ => None,
    }
}

/// The path of an endpoint, with `*` for the ids in it.
pub(super) fn pattern_of<'a>(method: &str, path: &'a str) -> &'a str {
    let mut known =
        ANSWERS.iter().filter(|(m, pattern, ..)| *m == method && matches(pattern, path));
    known.next().map_or(path, |(_, pattern, ..)| *pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_held_to_the_schema_of_their_route() {
        let of = of_answer;
        let players = Some(("rest/players.schema.json", "LL-SHAPE-007"));
        assert_eq!(of("GET", "/v4/sessions/a/players", 200), players);
        let player = Some(("rest/player.schema.json", "LL-SHAPE-009"));
        assert_eq!(of("PATCH", "/v4/sessions/a/players/1", 200), player);
        assert_eq!(of("PATCH", "/v4/sessions/a/players/1", 400), Some((ERROR, ERROR_RULE)));
        assert_eq!(of("GET", "/v4/nope", 404), Some((ERROR, ERROR_RULE)));
        assert_eq!(of("DELETE", "/v4/sessions/a/players/1", 204), None);
        assert_eq!(of("GET", "/v4/websocket", 400), None);
    }
}
