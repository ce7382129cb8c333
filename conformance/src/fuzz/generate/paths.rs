//! Requests whose paths, methods or queries are wrong.

use super::Grammar;
use super::harmless::is_harmless;
use super::requests::{player_path_of, valid};
use crate::fuzz::case::{Places, Step};
use crate::fuzz::random::Random;

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
