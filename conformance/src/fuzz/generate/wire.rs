//! What is not quite HTTP, and clients that are slow, break off or talk all at once.

use super::Grammar;
use super::requests::{player_path, valid, with_body};
use crate::fuzz::case::{Delivery, Request, Step};
use crate::fuzz::random::Random;

/// What stands before a request line, or in place of one.
const GARBAGE: &[&[u8]] = &[
    b"\r\n",
    b"\r\n\r\n\r\n",
    b"\0\0\0\0",
    b"nonsense\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET / HTTP/0.9\r\n\r\n",
    b"\xff\xff\xff\xff\r\n",
    b" ",
];

/// Headers that say how long a body is, and do so wrong.
const FRAMINGS: &[&[(&str, &str)]] = &[
    &[("Content-Length", "-1")],
    &[("Content-Length", "abc")],
    &[("Content-Length", "5"), ("Content-Length", "6")],
    &[("Content-Length", "99999999999999999999")],
    &[("Content-Length", "1000000")],
    &[("Content-Length", "0")],
    &[("Content-Length", "1")],
    &[("Content-Length", "")],
    &[("Content-Length", "+5")],
    &[("Transfer-Encoding", "chunked")],
    &[("Transfer-Encoding", "gzip")],
    &[("Transfer-Encoding", "gzip, chunked")],
    &[("Transfer-Encoding", "identity")],
    &[("Transfer-Encoding", "chunked, chunked")],
    &[("Transfer-Encoding", "chunked"), ("Content-Length", "5")],
    &[("Transfer-Encoding", "CHUNKED ")],
];

/// Bodies of a request that says it is chunked.
const CHUNKED: &[&[u8]] = &[
    b"0\r\n\r\n",
    b"2\r\n{}\r\n0\r\n\r\n",
    b"2;extension=\"x\"\r\n{}\r\n0\r\nTrailer: x\r\n\r\n",
    b"-1\r\n{}\r\n0\r\n\r\n",
    b"ffffffffffffffff\r\n{}",
    b"fffffffffffffffff\r\n{}",
    b"zz\r\n{}\r\n",
    b"2\r\n{}0\r\n\r\n",
    b"3\r\n{}\r\n0\r\n\r\n",
    b"0x2\r\n{}\r\n0\r\n\r\n",
];

pub(super) fn requests(random: &mut Random, grammar: Grammar) -> Vec<Step> {
    let mut request = if random.one_in(2) {
        let (method, path, body) = with_body(random, grammar);
        Request::new(method, path).with_json(body.to_string())
    } else {
        valid(random, grammar)
    };
    match random.below(12) {
        0 => request.before = random.pick(GARBAGE).to_vec(),
        1 => request = Request { before: random.bytes(200), ..request },
        2 | 3 => {
            for (name, value) in *random.pick(FRAMINGS) {
                request.headers.push(((*name).into(), value.as_bytes().to_vec()));
            }
            if request.header("Transfer-Encoding").next().is_some() {
                request.body = Some(random.pick(CHUNKED).to_vec());
            }
        }
        4 => request.delivery = Delivery::Half(random.below(1000)),
        5 => request.delivery = Delivery::Dropped(random.below(1001)),
        6 => {
            // Slow, but as it should be.
            request.delivery = Delivery::Pieces(random.between(2, 40), random.between(0, 4) as u64);
            return vec![Step::Request(request)];
        }
        7 => {
            request.copies = random.between(2, 5);
            return vec![Step::Request(request)];
        }
        8 => {
            request.version = random.text(&[
                "HTTP/1.0",
                "HTTP/1.2",
                "HTTP/2.0",
                "HTTP/9.9",
                "http/1.1",
                "",
                "HTTP/1.1 x",
            ])
        }
        9 => {
            let odd = ["Host: ", "Bad Name", "", "X\u{0}", "X:Y", "\tX", "(", "X\r\n Y"];
            request.headers.push(((*random.pick(&odd)).into(), b"x".to_vec()));
        }
        10 => {
            let odd: [&[u8]; 5] = [b"", b"a b", b"x:99999", b"\xff", b"127.0.0.1\r\nHost: b"];
            request.headers.push(("Host".into(), random.pick(&odd).to_vec()));
        }
        _ => {
            let odd: [&[u8]; 6] = [b"", b"*", b"nonsense", b"/ /", b"/\xff\xfe", b"?"];
            request.target = random.pick(&odd).to_vec();
            if random.one_in(3) {
                request.target = format!("/{}", player_path(random)).into_bytes();
            }
        }
    }
    request.sound = false;
    if request.delivery == Delivery::Whole {
        // A server may wait for what was promised; that nothing more comes it has to notice.
        request.delivery = Delivery::Half(1000);
    }
    vec![Step::Request(request)]
}
