//! Requests over all endpoints: chains of valid ones, and such with wrong bodies, headers, paths.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::harmless::is_harmless;
use super::{Grammar, bodies, json, tracks};
use crate::fuzz::case::{Places, Request, Step};
use crate::fuzz::random::Random;

/// How often something else is tried in place of what would not be harmless.
const TRIES: usize = 8;

/// Names and values that clients might send by mistake, or to see what happens.
const HEADERS: &[(&str, &[u8])] = &[
    ("Accept", b"text/html"),
    ("Accept", b"*/*;q=0"),
    ("Accept", b"application/json, , ;;"),
    ("Accept", b"nonsense"),
    ("Accept", b""),
    ("Accept", b"application/vnd.x+json;q=abc"),
    ("Accept-Charset", b"utf-16"),
    ("Accept-Language", b"xx-\xff"),
    ("Connection", b"close"),
    ("Connection", b"Upgrade"),
    ("Cookie", b"a=b; =; ;;"),
    ("Expect", b"100-continue"),
    ("Expect", b"nonsense"),
    ("Forwarded", b"for=1.2.3.4;host=x;proto=gopher"),
    ("If-Match", b"*"),
    ("If-Modified-Since", b"yesterday"),
    ("If-None-Match", b"*"),
    ("Origin", b"null"),
    ("Origin", b"http-nonsense"),
    ("Range", b"bytes=0-0,-1"),
    ("Referer", b"\xc3\xbc"),
    ("Upgrade", b"h2c"),
    ("X-Forwarded-For", b"999.999.999.999"),
    ("X-Forwarded-Host", b"x:99999"),
    ("X-Http-Method-Override", b"DELETE"),
    ("Access-Control-Request-Method", b"PATCH"),
];

const CONTENT_TYPES: &[&[u8]] = &[
    b"",
    b"text/plain",
    b"application/json;charset=utf-16",
    b"application/json; charset=nonsense",
    b"application/json;",
    b"APPLICATION/JSON",
    b"application/x+json",
    b"json",
    b"/",
    b"application/",
    b"*/*",
    b"multipart/form-data; boundary=x",
    b"application/x-www-form-urlencoded",
    b"a/b/c",
    b"application/json\xff",
    b"application/json, application/json",
];

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
        // The marks have to stay as they are.
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

/// Requests whose headers are wrong.
pub(super) fn headers(random: &mut Random, grammar: Grammar) -> Vec<Step> {
    let mut request = valid(random, grammar);
    match random.below(8) {
        0..=2 => authorization(random, &mut request),
        3 => {
            request.headers.retain(|(name, _)| name != "Content-Type");
            for _ in 0..random.below(3) {
                request.headers.push(("Content-Type".into(), random.pick(CONTENT_TYPES).to_vec()));
            }
        }
        4 => {
            let count = *random.pick(&[20, 90]);
            for n in 0..count {
                request.headers.push((format!("X-Header-{n}"), b"x".to_vec()));
            }
            // Some servers take no more than a hundred.
            request.sound = count < 50;
        }
        5 => {
            let length = *random.pick(&[1000, 6000, 20_000, 300_000]);
            request.headers.push(("X-Long".into(), vec![b'x'; length]));
            request.sound = length < 5000;
        }
        _ => {
            for _ in 0..random.between(1, 3) {
                let (name, value) = random.pick(HEADERS);
                request.headers.push(((*name).into(), value.to_vec()));
            }
        }
    }
    vec![Step::Request(request)]
}

fn authorization(random: &mut Random, request: &mut Request) {
    request.headers.retain(|(name, _)| name != "Authorization");
    let password = Places::PASSWORD;
    let values = [
        vec![],
        vec!["".into()],
        vec!["wrong".into()],
        vec![format!("Bearer {password}")],
        vec![format!("{password}x")],
        vec![format!("x{password}")],
        vec![format!("\"{password}\"")],
        vec![format!("{password},{password}")],
        vec!["wrong".into(), password.into()],
        vec![password.into(), "wrong".into()],
        vec![password.into(), password.into()],
        vec!["x".repeat(3000)],
    ];
    for value in random.pick(&values) {
        request.headers.push(("Authorization".into(), value.clone().into_bytes()));
    }
    if random.one_in(20) {
        request.headers.push(("Authorization".into(), b"\xff\xfe".to_vec()));
    }
}

/// Paths, methods and queries that are wrong.
pub(super) fn paths(random: &mut Random, grammar: Grammar) -> Vec<Step> {
    let mut request = valid(random, grammar);
    let mut path = String::from_utf8_lossy(&request.target).into_owned();
    let at = random.below(path.len() + 1);
    let at = if path.is_char_boundary(at) { at } else { 0 };
    match random.below(10) {
        0 => path.push('/'),
        1 => {
            path = path
                .to_ascii_uppercase()
                .replace(&Places::SESSION.to_ascii_uppercase(), Places::SESSION)
        }
        2 => path.insert_str(
            at,
            random.text(&["/", "//", "/../", "/./", ";a=b", "%2F", "%00", "%2e%2e/", "%25"]),
        ),
        3 => {
            path.insert_str(
                at,
                random.text(&["%", "%f", "%zz", "%ff", "%c0%af", "\\", "|", "^", "\"", "<", "`"]),
            );
            request.sound = false;
        }
        4 => {
            path = format!("/{}", "x".repeat(*random.pick(&[1000, 9000, 70_000])));
            request.sound = path.len() < 2000;
        }
        5 => {
            path = player_path_of(random.text(&[
                "9223372036854775808",
                "-9223372036854775808",
                "0",
                "-0",
                "+1",
                "1e5",
                "%31",
                "٣",
                "null",
                "",
                "1,2",
                "0x1",
                "%20",
                "99999999999999999999999",
            ]))
        }
        6 => {
            path = path.replace(
                Places::SESSION,
                random.text(&[
                    "",
                    "x",
                    "0000000000000000",
                    "%00",
                    "..",
                    "null",
                    "%F0%9F%92%BF",
                    "*",
                ]),
            )
        }
        7 => {
            let queries = [
                "trace",
                "trace=true",
                "trace=false&trace=true",
                "noReplace",
                "noReplace=maybe",
                "noReplace=true&noReplace=no",
                "a[]=1&a[]=2",
                "&&&=&",
                "noReplace=%ff",
                "%6eoReplace=true",
                "?",
                "format=xml",
            ];
            path =
                format!("{}?{}", path.split('?').next().unwrap_or_default(), random.pick(&queries));
        }
        8 => {
            path = random
                .text(&[
                    "/",
                    "/v4",
                    "/v4/",
                    "/v3/websocket",
                    "/v4/websocket",
                    "/error",
                    "/metrics",
                    "/favicon.ico",
                    "/v4/version",
                    "/actuator",
                    "/v4/sessions",
                    "/v4/sessions/",
                    "/v4/sessions//players",
                    "/.",
                    "/%",
                ])
                .to_string()
        }
        _ => {
            let methods = [
                "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "PATCH", "TRACE", "get", "NONSENSE",
                "PROPFIND", "QUERY",
            ];
            request.method = random.pick(&methods).as_bytes().to_vec();
        }
    }
    if !path.is_ascii() {
        request.sound = false;
    }
    if path == "/%" {
        request.sound = false;
    }
    if is_harmless(path.as_bytes(), grammar) {
        request.target = path.into_bytes();
    }
    vec![Step::Request(request)]
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

pub(super) fn session_path() -> String {
    format!("/v4/sessions/{}", Places::SESSION)
}

pub(super) fn players_path() -> String {
    format!("{}/players", session_path())
}

pub(super) fn player_path(random: &mut Random) -> String {
    player_path_of(random.text(&["1", "1", "1", "2", "170939974227541168", "-1"]))
}

fn player_path_of(guild: &str) -> String {
    format!("{}/{guild}", players_path())
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
