//! WebSockets: handshakes, frames, sessions that are left and resumed.

use super::requests::{player_path, players_path, session_path};
use super::{Grammar, bodies};
use crate::fuzz::case::{End, Places, Request, Script, Step};
use crate::fuzz::random::Random;
use crate::fuzz::wire::frame::{Frame, Opcode};

/// A key as RFC 6455 has it in its example.
const KEY: &[u8] = b"dGhlIHNhbXBsZSBub25jZQ==";

/// Values of handshake headers, most of which are wrong.
const HEADERS: &[(&str, &[u8])] = &[
    ("User-Id", b"0"),
    ("User-Id", b""),
    ("User-Id", b"-1"),
    ("User-Id", b"abc"),
    ("User-Id", b"99999999999999999999"),
    ("User-Id", b"1.5"),
    ("User-Id", b"\xff"),
    ("Client-Name", b""),
    ("Client-Name", b"a/b/c"),
    ("Client-Name", b"\xf0\x9f\x92\xbf"),
    ("Client-Name", b"\xff\xfe"),
    ("Session-Id", b""),
    ("Session-Id", b"0"),
    ("Session-Id", b"aaaaaaaaaaaaaaaa"),
    ("Session-Id", b"../../x"),
    ("Session-Id", b"\xff"),
    ("Sec-WebSocket-Version", b"8"),
    ("Sec-WebSocket-Version", b"nonsense"),
    ("Sec-WebSocket-Key", b""),
    ("Sec-WebSocket-Key", b"short"),
    ("Sec-WebSocket-Protocol", b"a, b, ,"),
    ("Sec-WebSocket-Extensions", b"permessage-deflate; client_max_window_bits"),
    ("Sec-WebSocket-Extensions", b";;=,"),
    ("Upgrade", b"nonsense"),
    ("Upgrade", b""),
    ("Connection", b"close"),
    ("Connection", b"keep-alive, upgrade"),
    ("Origin", b"http-nonsense"),
    ("Authorization", b"wrong"),
    ("Authorization", b""),
];

/// Handshakes that are wrong in one or two ways.
pub(super) fn handshakes(random: &mut Random) -> Vec<Step> {
    let mut handshake = handshake();
    handshake.sound = false;
    for _ in 0..random.between(1, 2) {
        let (name, value) = random.pick(HEADERS);
        if !random.one_in(5) {
            handshake.headers.retain(|(given, _)| given != name);
        }
        if !random.one_in(6) {
            handshake.headers.push(((*name).into(), value.to_vec()));
        }
    }
    match random.below(12) {
        0 => handshake.method = b"POST".to_vec(),
        1 => handshake.target = b"/v3/websocket".to_vec(),
        2 => handshake.version = "HTTP/1.0",
        3 => handshake.headers.push(("Session-Id".into(), vec![b'x'; random.between(1, 5000)])),
        _ => {}
    }
    vec![Step::Socket(Script { handshake, frames: Vec::new(), legal: false, end: end(random) })]
}

/// Frames after a handshake as it should be.
pub(super) fn frames(random: &mut Random) -> Vec<Step> {
    let legal = random.one_in(3);
    let frames: Vec<_> = (0..random.between(1, 6))
        .flat_map(|_| if legal { legal_frames(random) } else { vec![any_frame(random)] })
        .collect();
    vec![Step::Socket(Script { handshake: handshake(), frames, legal, end: end(random) })]
}

/// A session is left, used while nobody is there, resumed, and used again.
pub(super) fn resuming(random: &mut Random, grammar: Grammar) -> Vec<Step> {
    let update = |random: &mut Random| {
        let body = bodies::player_update(random, grammar).to_string();
        Step::Request(Request::new("PATCH", player_path(random)).with_json(body))
    };
    // Nobody asks for such a session again, so it may not last.
    let keep = Request::new("PATCH", session_path()).with_json(r#"{"resuming":true,"timeout":1}"#);
    let mut steps = vec![update(random), Step::Request(keep)];
    if random.one_in(4) {
        // Still open, so it cannot be resumed.
        steps.push(Step::Socket(resume(random)));
    }
    steps.push(Step::Leave);
    for _ in 0..random.below(3) {
        steps.push(update(random));
    }
    for _ in 0..random.between(1, 3) {
        steps.push(Step::Socket(resume(random)));
        steps.push(Step::Request(Request::new("GET", players_path())));
    }
    steps
}

fn resume(random: &mut Random) -> Script {
    let mut handshake = handshake();
    handshake.headers.push(("Session-Id".into(), Places::SESSION.into()));
    Script { handshake, frames: Vec::new(), legal: true, end: end(random) }
}

fn handshake() -> Request {
    let mut request = Request::new("GET", "/v4/websocket");
    let headers: [(&str, &[u8]); 6] = [
        ("User-Id", b"170939974227541168"),
        ("Client-Name", b"lavalink-conformance/1"),
        ("Connection", b"Upgrade"),
        ("Upgrade", b"websocket"),
        ("Sec-WebSocket-Version", b"13"),
        ("Sec-WebSocket-Key", KEY),
    ];
    request.headers.extend(headers.map(|(name, value)| (name.to_owned(), value.to_vec())));
    request
}

fn end(random: &mut Random) -> End {
    *random.pick(&[End::Close, End::Close, End::Silence, End::Reset])
}

/// Texts, pings and pongs, some in pieces with a ping between them.
fn legal_frames(random: &mut Random) -> Vec<Vec<u8>> {
    let large = *random.pick(&[0, 1, 125, 126, 3000, 70_000]);
    let text = "ü".repeat(large / 2).into_bytes();
    match random.below(5) {
        0 => vec![Frame::new(Opcode::PING, vec![b'p'; large.min(125)]).encode(random)],
        1 => vec![Frame::new(Opcode::PONG, b"unasked".to_vec()).encode(random)],
        2 => vec![
            Frame { last: false, ..Frame::new(Opcode::TEXT, text.clone()) }.encode(random),
            Frame::new(Opcode::PING, b"between".to_vec()).encode(random),
            Frame { last: false, ..Frame::new(Opcode::CONTINUATION, text) }.encode(random),
            Frame::new(Opcode::CONTINUATION, Vec::new()).encode(random),
        ],
        3 => vec![
            Frame::new(Opcode::TEXT, br#"{"op":"play","guildId":"1"}"#.to_vec()).encode(random),
        ],
        _ => vec![Frame::new(Opcode::TEXT, text).encode(random)],
    }
}

/// A frame that no client should send, mostly.
fn any_frame(random: &mut Random) -> Vec<u8> {
    let text = b"{\"op\":\"stop\"}".to_vec();
    let frame = Frame::new(Opcode::TEXT, text);
    match random.below(16) {
        0 => Frame { masked: false, ..frame }.encode(random),
        1 => Frame { opcode: Opcode(random.between(3, 7) as u8), ..frame }.encode(random),
        2 => Frame { opcode: Opcode(random.between(11, 15) as u8), ..frame }.encode(random),
        3 => Frame { reserved: random.between(1, 7) as u8, ..frame }.encode(random),
        4 => Frame { payload: b"\xff\xfe\xc0\x80".to_vec(), ..frame }.encode(random),
        5 => Frame { opcode: Opcode::CONTINUATION, ..frame }.encode(random),
        6 => Frame { last: false, ..frame }.encode(random),
        7 => Frame::new(Opcode::BINARY, random.bytes(20)).encode(random),
        8 => Frame::new(Opcode::PING, vec![0; 126]).encode(random),
        9 => Frame { last: false, ..Frame::new(Opcode::PING, Vec::new()) }.encode(random),
        10 => {
            let codes = [0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 3000, 4999, 5000, 65_535_u16];
            let code = random.pick(&codes).to_be_bytes().to_vec();
            let reasons: [&[u8]; 3] = [b"", b"bye", b"\xff"];
            Frame::new(Opcode::CLOSE, [&code, *random.pick(&reasons)].concat()).encode(random)
        }
        11 => Frame::new(Opcode::CLOSE, vec![3]).encode(random),
        12 => {
            let length = *random.pick(&[u64::MAX, 1 << 63, (1 << 63) - 1, 1 << 40, 5_000_000]);
            Frame { announced: Some(length), ..frame }.encode(random)
        }
        13 => {
            let mut bytes = frame.encode(random);
            bytes.truncate(random.below(bytes.len()));
            bytes
        }
        14 if random.one_in(10) => Frame { payload: vec![b'x'; 5_000_000], ..frame }.encode(random),
        14 => Frame { payload: vec![b'x'; 300_000], ..frame }.encode(random),
        _ => {
            let count = random.between(1, 64);
            random.bytes(count)
        }
    }
}
