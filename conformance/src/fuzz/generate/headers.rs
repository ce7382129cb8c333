//! Requests whose headers are wrong.

use super::Grammar;
use super::requests::valid;
use crate::fuzz::case::{Places, Request, Step};
use crate::fuzz::random::Random;

/// Headers that clients might send by mistake, or to see what happens.
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

/// Values of Content-Type other than `application/json` as it is usually written.
pub(super) const CONTENT_TYPES: &[&[u8]] = &[
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

/// Gives the request a password that is wrong, missing, or there more than once.
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
