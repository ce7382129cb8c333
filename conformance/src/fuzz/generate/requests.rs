//! Requests to all endpoints: valid ones in a row, and some whose bodies, tracks or identifiers are
//! wrong.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::harmless::is_harmless;
use super::headers::CONTENT_TYPES;
use super::{Grammar, bodies, json, tracks};
use crate::fuzz::case::{Places, Request, Step};
use crate::fuzz::random::Random;

/// How many mutations are tried until one is harmless.
const TRIES: usize = 8;

/// Valid updates of one or two players, with looks at them in between.
pub(super) fn players(random: &mut Random, grammar: Grammar) -> Vec<Step> {
    let mut steps = Vec::new();
    for _ in 0..random.between(1, 5) {
        let path = player_path(random);
        let request = match random.below(8) {
            0 => Request::new("GET", path),
            1 => Request::new("DELETE", path),
            2 => Request::new("GET", players_path()),
            3 => Request::new("PATCH", session_path())
                .with_json(bodies::session_update(random).to_string()),
            _ => {
                let replace =
                    random.text(&["", "", "?noReplace=true", "?noReplace=false&trace=true"]);
                Request::new("PATCH", path + replace)
                    .with_json(bodies::player_update(random, grammar).to_string())
            }
        };
        steps.push(Step::Request(request));
    }
    steps
}

/// Bodies that are not quite right, of every endpoint that takes one; then a look at the players.
pub(super) fn bodies(random: &mut Random, grammar: Grammar) -> Vec<Step> {
    let mut steps = Vec::new();
    for _ in 0..random.between(1, 3) {
        let (method, path, body) = with_body(random, grammar);
        let mut request = Request::new(method, path).with_json(mutated(random, &body, grammar));
        if random.one_in(8) {
            // A million chunks say no more than fifty thousand.
            let least = request.body.as_ref().map_or(0, Vec::len) / 50_000;
            request.chunks = Some((*random.pick(&[1, 7, 4096])).max(least));
        }
        if random.one_in(20) {
            request.headers.pop();
            request.headers.push(("Content-Type".into(), random.pick(CONTENT_TYPES).to_vec()));
        }
        steps.push(Step::Request(request));
    }
    if random.one_in(3) {
        steps.push(Step::Request(Request::new("GET", players_path())));
    }
    steps
}

/// An endpoint that takes a body, and a valid one.
pub(super) fn with_body(random: &mut Random, grammar: Grammar) -> (&'static str, String, Value) {
    match random.below(8) {
        0 => ("PATCH", session_path(), bodies::session_update(random)),
        1 => {
            let count = random.below(4);
            let list: Vec<_> = (0..count).map(|_| tracks::playable(random)).collect();
            ("POST", "/v4/decodetracks".into(), json!(list))
        }
        2 => ("POST", "/v4/routeplanner/free/address".into(), bodies::address(random)),
        3 => ("POST", "/v4/routeplanner/free/all".into(), json!({})),
        _ => ("PATCH", player_path(random), bodies::player_update(random, grammar)),
    }
}

/// The body changed at random, so that it is still harmless.
fn mutated(random: &mut Random, body: &Value, grammar: Grammar) -> Vec<u8> {
    let tries = (0..TRIES).map(|_| json::mutate(random, body));
    let mut harmless = tries.filter(|text| is_harmless(text, grammar));
    harmless.next().unwrap_or_else(|| body.to_string().into_bytes())
}

/// Encoded tracks, wherever they are read.
pub(super) fn tracks(random: &mut Random) -> Vec<Step> {
    let track = if random.one_in(6) { tracks::playable(random) } else { tracks::broken(random) };
    let escaped = if track == Places::TRACK { track.clone() } else { escape(&track) };
    let name = random.pick(&["encodedTrack", "track"]);
    let mut decode = Request::new("GET", format!("/v4/decodetrack?{name}={escaped}"));
    // Servers limit the length of a path.
    decode.sound = decode.target.len() < 4000;
    let list = match random.below(3) {
        0 => json!([track]),
        1 => json!([Places::TRACK, track]),
        _ => json!([track, track, Places::TRACK]),
    };
    let update = match random.below(3) {
        0 => json!({"encodedTrack": track}),
        1 => json!({"track": {"encoded": track, "userData": {}}, "volume": 5}),
        _ => json!({"track": {"encoded": track}}),
    };
    let update = Request::new("PATCH", player_path(random)).with_json(update.to_string());
    let list = Request::new("POST", "/v4/decodetracks").with_json(list.to_string());
    match random.below(4) {
        0 => vec![Step::Request(decode)],
        1 => vec![Step::Request(list)],
        2 => vec![Step::Request(update), Step::Request(Request::new("GET", players_path()))],
        _ => vec![Step::Request(decode), Step::Request(list), Step::Request(update)],
    }
}

/// Identifiers for `loadtracks`, good and bad.
pub(super) fn loading(random: &mut Random, grammar: Grammar) -> Vec<Step> {
    let identifier = bodies::identifier(random);
    let shown = match random.below(3) {
        // The marks of an identifier have to stay as they are.
        _ if identifier.contains('@') => identifier,
        0 => escape(&identifier),
        _ => identifier.replace(' ', "%20"),
    };
    let garbage = ["%00", "%FF%FE", "%", "%zz", "a%0d%0ab", "../../etc/passwd", "%C0%80", "a+b"];
    let query = match random.below(8) {
        0 => String::new(),
        1 => "?".into(),
        2 => "?identifier".into(),
        3 => format!("?identifier={}", random.pick(&garbage)),
        4 => format!("?identifier={}&identifier={shown}", random.pick(&garbage)),
        5 => format!("?Identifier={shown}&x={}", random.pick(&garbage)),
        _ => format!("?identifier={shown}"),
    };
    let target = format!("/v4/loadtracks{query}");
    let target =
        if is_harmless(target.as_bytes(), grammar) { target } else { "/v4/loadtracks".into() };
    vec![Step::Request(Request {
        sound: !target.contains("%zz") && !target.contains("=%&") && !target.ends_with('%'),
        ..Request::new("GET", target)
    })]
}

/// A valid request to any endpoint but the WebSocket's.
pub(super) fn valid(random: &mut Random, grammar: Grammar) -> Request {
    match random.below(14) {
        0 => Request::new("GET", "/version"),
        1 => Request::new("GET", "/v4/info"),
        2 => Request::new("GET", "/v4/stats"),
        3 => {
            Request::new("GET", format!("/v4/loadtracks?identifier={}", bodies::identifier(random)))
        }
        4 => Request::new("GET", format!("/v4/decodetrack?encodedTrack={}", Places::TRACK)),
        5 => Request::new("GET", players_path()),
        6 => Request::new("GET", player_path(random)),
        7 => Request::new("DELETE", player_path(random)),
        8 => Request::new("GET", "/v4/routeplanner/status"),
        _ => {
            let (method, path, body) = with_body(random, grammar);
            Request::new(method, path).with_json(body.to_string())
        }
    }
}

/// The path of the session of the case.
pub(super) fn session_path() -> String {
    format!("/v4/sessions/{}", Places::SESSION)
}

/// The path of all players of that session.
pub(super) fn players_path() -> String {
    format!("{}/players", session_path())
}

/// The path of one player of that session.
pub(super) fn player_path(random: &mut Random) -> String {
    player_path_of(random.text(&["1", "1", "1", "2", "170939974227541168", "-1"]))
}

/// The path of the player with that guild id.
pub(super) fn player_path_of(guild: &str) -> String {
    format!("{}/{guild}", players_path())
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
