//! What an answer may be, whatever was asked.

use serde_json::Value;

use super::case::{Places, Request};
use super::finding::{Fault, Finding};
use super::known::may_fail;
use super::shown::{curl, text};
use super::wire::{Answer, Outcome};
use crate::client;
use crate::schema::Checker;

/// A connection may end without an answer while a longer body than this is on its way: the answer
/// can get lost when a server refuses early and closes.
const LONG_BODY: usize = 60_000;

/// What is wrong with what came of one copy of a filled request, if anything is. `first` says that
/// it is the first answer on its connection, `spoiled` that its session may have players of which
/// the real server cannot tell any more.
pub(crate) fn judge(
    request: &Request,
    outcome: &Outcome,
    first: bool,
    spoiled: bool,
    places: &Places,
    checker: &Checker,
) -> Option<Finding> {
    let endpoint = endpoint(request);
    let found = |fault, what: &str| {
        let mut finding = Finding::new(fault, format!("{endpoint}: {what}"));
        finding.curl = curl(request, places);
        finding
    };
    let body = request.body.as_deref().unwrap_or_default();
    let answer = match outcome {
        Outcome::Answered(answer) => answer,
        Outcome::Left => return None,
        Outcome::Hung => return Some(found(Fault::Hang, "no answer within the limit")),
        Outcome::Unreachable(why) => {
            return Some(found(Fault::Dead, &format!("no connection: {why}")));
        }
        // Half a request, or several on one connection, may be answered by hanging up.
        Outcome::Closed if !request.sound || !first || body.len() > LONG_BODY => return None,
        Outcome::Closed => {
            return Some(found(Fault::Broken, "the connection ended without an answer"));
        }
        Outcome::Garbled(_) if !request.sound || body.len() > LONG_BODY => return None,
        Outcome::Garbled(why) => return Some(found(Fault::Broken, why)),
    };
    let with_answer = |finding: Finding| Finding {
        detail: [finding.detail, vec![text(&answer.body, places)]].concat(),
        ..finding
    };
    let is_spoiled = spoiled && answer.status == 500 && endpoint.contains("/sessions/*/players");
    if answer.status >= 500 && !is_spoiled && !may_fail(request, answer) {
        let what = format!("{} {}", answer.status, cause(answer));
        return Some(with_answer(found(Fault::ServerError, &what)));
    }
    if (200..300).contains(&answer.status) && is_locked(request) && lacks_password(request, places)
    {
        return Some(with_answer(found(Fault::LetIn, &answer.status.to_string())));
    }
    if !request.sound {
        return None;
    }
    // Only what is a text can be held against a schema of texts.
    let sent = client::Request {
        method: String::from_utf8_lossy(&request.method).into_owned(),
        path: String::from_utf8_lossy(&request.target).into_owned(),
        headers: request
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
            .collect(),
        body: None,
    };
    checker.check_answer(
        &client::Answer {
            request: sent,
            status: answer.status,
            headers: answer.headers.clone(),
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        },
        String::new(),
    );
    let violation = checker.take_violation()?;
    let mut finding = found(Fault::Schema, &format!("the answer {}", answer.status));
    finding.detail.push(violation.message);
    finding.detail.extend(violation.difference);
    Some(with_answer(finding))
}

/// Method and path with `*` for session and guild, so that findings of one endpoint go together.
pub(crate) fn endpoint(request: &Request) -> String {
    let target = String::from_utf8_lossy(&request.target);
    let path = target.split('?').next().unwrap_or_default();
    let method = String::from_utf8_lossy(&request.method);
    let parts: Vec<_> = path.split('/').collect();
    let path = match parts[..] {
        ["", "v4", "sessions", _] => "/v4/sessions/*",
        ["", "v4", "sessions", _, "players"] => "/v4/sessions/*/players",
        ["", "v4", "sessions", _, "players", _] => "/v4/sessions/*/players/*",
        [
            "",
            "v4",
            "websocket" | "info" | "stats" | "loadtracks" | "decodetrack" | "decodetracks",
        ]
        | ["", "v4", "routeplanner", ..]
        | ["", "version"] => path,
        _ => "(another path)",
    };
    format!("{method} {path}")
}

/// The message of an error, without what differs from case to case.
fn cause(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = body["message"].as_str().unwrap_or_default();
    let known = message.split(['"', '\'']).next().unwrap_or_default();
    known.chars().take(120).filter(|c| !c.is_ascii_digit()).collect()
}

/// Whether a request has no header with the right password.
fn lacks_password(request: &Request, places: &Places) -> bool {
    request.header("Authorization").all(|value| value != places.password.as_bytes())
}

/// Whether a password has to be given for it: not for metrics, and not to be told what there is.
fn is_locked(request: &Request) -> bool {
    let path = String::from_utf8_lossy(&request.target);
    request.method != b"OPTIONS" && (path.starts_with("/v4/") || path == "/version")
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::super::known::may_spoil_players;
    use super::*;
    use crate::assets;
    use crate::schema::Schemas;

    const PLAYER: &str = "/v4/sessions/s/players/1";

    fn places() -> Places {
        Places {
            authority: "127.0.0.1:1".into(),
            password: "pw".into(),
            media: "http://127.0.0.1:2".into(),
            session: "s".into(),
        }
    }

    fn error(status: u16) -> (u16, String) {
        let error = json!({
            "timestamp": 1, "status": status, "error": "E", "message": "M", "path": "/",
        });
        (status, error.to_string())
    }

    fn fault(request: &Request, answer: (u16, String)) -> Option<Fault> {
        fault_with(request, answer, HeaderMap::new())
    }

    fn fault_with(
        request: &Request,
        (status, body): (u16, String),
        headers: HeaderMap,
    ) -> Option<Fault> {
        let files = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
        let checker = Checker::new(Schemas::load(files).unwrap());
        let answer = Answer { status, headers, body: body.into_bytes() };
        let request = request.fill(&places());
        let outcome = Outcome::Answered(answer);
        judge(&request, &outcome, true, false, &places(), &checker).map(|finding| finding.fault)
    }

    fn update(body: Value) -> Request {
        Request::new("PATCH", PLAYER).with_json(body.to_string())
    }

    #[test]
    fn errors_of_the_real_server_are_none_of_ours() {
        for body in [
            json!({"track": {"encoded": "AAAA"}}),
            json!({"encodedTrack": "AAAA"}),
            json!({"filters": {"equalizer": [{"band": 15}]}}),
            json!({"voice": {"token": "t", "endpoint": "", "sessionId": "s", "channelId": "x"}}),
        ] {
            assert_eq!(fault(&update(body.clone()), error(500)), None, "{body}");
            assert_eq!(
                fault(&update(body.clone()), error(502)),
                Some(Fault::ServerError),
                "{body}"
            );
        }
        let decode = Request::new("GET", "/v4/decodetrack?encodedTrack=AAAA");
        assert_eq!(fault(&decode, error(500)), None);
        let list = Request::new("POST", "/v4/decodetracks").with_json(r#"["AAAA"]"#);
        assert_eq!(fault(&list, error(500)), None);
        for free in ["/v4/routeplanner/free/all", "/v4/routeplanner/free;a=b/%61ll"] {
            assert_eq!(fault(&Request::new("POST", free), error(500)), None, "{free}");
        }
    }

    #[test]
    fn content_types_that_the_real_server_fails_at_are_none_of_ours() {
        let with = |kind: &str| {
            let headers = vec![
                ("Authorization".to_owned(), b"pw".to_vec()),
                ("content-type".to_owned(), kind.as_bytes().to_vec()),
            ];
            Request { headers, ..Request::new("GET", "/v4/info") }
        };
        for kind in ["multipart/form-data; boundary=x", "Multipart/Mixed", "*/*", "application/*"] {
            assert_eq!(fault(&with(kind), (500, String::new())), None, "{kind}");
            assert_eq!(fault(&with(kind), error(500)), None, "{kind}");
            assert_eq!(fault(&with(kind), error(502)), Some(Fault::ServerError), "{kind}");
        }
        for kind in ["application/json", "text/plain", "x-multipart/form-data", ""] {
            assert_eq!(fault(&with(kind), error(500)), Some(Fault::ServerError), "{kind}");
        }
    }

    #[test]
    fn what_overflows_the_real_servers_stack_is_none_of_ours() {
        let deep = |count: usize| {
            let arrays = format!("{}{}", "[".repeat(count), "]".repeat(count));
            format!(r#"{{"track": {{"userData": {{"a": {arrays}}}}}}}"#)
        };
        let update = |body: String| Request::new("PATCH", PLAYER).with_json(body);
        assert_eq!(fault(&update(deep(2000)), error(500)), None);
        assert_eq!(fault(&update(deep(100)), error(500)), Some(Fault::ServerError));
        let wide = format!(r#"{{"a": [{}]}}"#, vec!["[]"; 2000].join(","));
        assert_eq!(fault(&update(wide), error(500)), Some(Fault::ServerError));
    }

    #[test]
    fn players_that_cannot_be_told_of_any_more_are_none_of_ours() {
        let spoils = |body: &str| {
            let request = Request::new("PATCH", PLAYER).with_json(body);
            may_spoil_players(&request)
        };
        assert!(spoils(r#"{"track": {"userData": {"a":}}}"#));
        assert!(!spoils(r#"{"track": {"userData": {"a": 1}}}"#));
        assert!(!spoils(r#"{"volume": }"#));
        let files = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
        let checker = Checker::new(Schemas::load(files).unwrap());
        let judged = |target: &str, spoiled: bool| {
            let (status, body) = error(500);
            let answer = Answer { status, headers: HeaderMap::new(), body: body.into_bytes() };
            let (request, outcome) = (Request::new("GET", target), Outcome::Answered(answer));
            judge(&request, &outcome, true, spoiled, &places(), &checker).map(|it| it.fault)
        };
        assert_eq!(judged("/v4/sessions/s/players", true), None);
        assert_eq!(judged("/v4/sessions/s/players", false), Some(Fault::ServerError));
        assert_eq!(judged("/v4/stats", true), Some(Fault::ServerError));
    }

    #[test]
    fn a_target_that_is_no_path_may_be_answered_with_500() {
        let odd = |target: &str| Request { sound: false, ..Request::new("GET", target) };
        assert_eq!(fault(&odd("nonsense"), (500, String::new())), None);
        assert_eq!(fault(&odd("*"), (500, String::new())), None);
        assert_eq!(fault(&odd("/nonsense"), (500, String::new())), Some(Fault::ServerError));
    }

    #[test]
    fn a_page_of_errors_is_for_who_accepts_html() {
        let judged = |accept: &str, status: u16, content_type: &str| {
            let mut request = Request::new("GET", "/v4/stats");
            request.headers.push(("Accept".into(), accept.as_bytes().to_vec()));
            let mut headers = HeaderMap::new();
            headers.insert("content-type", content_type.parse().unwrap());
            fault_with(&request, (status, "<html></html>".into()), headers)
        };
        let html = "text/html;charset=UTF-8";
        assert_eq!(judged("text/html", 406, html), None);
        assert_eq!(judged("application/json, Text/HTML", 404, html), None);
        assert_eq!(judged("text/html", 200, html), Some(Fault::Schema));
        assert_eq!(judged("text/html", 406, "application/json"), Some(Fault::Schema));
        assert_eq!(judged("application/json", 406, html), Some(Fault::Schema));
    }

    #[test]
    fn every_other_error_of_a_server_is_found() {
        for request in [
            update(json!({"volume": 5})),
            update(json!({"track": {"encoded": Places::TRACK}})),
            update(json!({"encodedTrack": null})),
            update(json!({"filters": {"equalizer": [{"band": 14}]}})),
            Request::new("PATCH", PLAYER).with_json("{"),
            Request::new("GET", "/v4/decodetrack?encodedTrack=@TRACK@"),
            Request::new("POST", "/v4/decodetracks").with_json(r#"["@TRACK@"]"#),
            Request::new("GET", "/v4/loadtracks?identifier=x"),
        ] {
            assert_eq!(fault(&request, error(500)), Some(Fault::ServerError), "{request:?}");
        }
        let odd = Request { sound: false, ..Request::new("GET", "/version") };
        assert_eq!(fault(&odd, error(501)), None);
        assert_eq!(fault(&odd, error(500)), Some(Fault::ServerError));
        assert_eq!(fault(&Request::new("GET", "/version"), error(501)), Some(Fault::ServerError));
    }

    #[test]
    fn bodies_are_held_to_their_schemas() {
        let stats = Request::new("GET", "/v4/stats");
        assert_eq!(fault(&stats, (200, "{}".into())), Some(Fault::Schema));
        assert_eq!(fault(&stats, (200, "oops".into())), Some(Fault::Schema));
        assert_eq!(fault(&stats, (404, "{}".into())), Some(Fault::Schema));
        assert_eq!(fault(&stats, error(404)), None);
        assert_eq!(fault(&stats, (401, String::new())), None);
    }

    #[test]
    fn nobody_is_let_in_without_the_password() {
        let with = |value: &[u8]| Request {
            headers: vec![("authorization".into(), value.to_vec())],
            ..Request::new("GET", "/version")
        };
        assert_eq!(fault(&with(b"Pw"), (200, "4".into())), Some(Fault::LetIn));
        assert_eq!(fault(&with(b"@PASSWORD@"), (200, "4".into())), None);
        let none = Request { headers: Vec::new(), ..Request::new("GET", "/version") };
        assert_eq!(fault(&none, (200, "4".into())), Some(Fault::LetIn));
        assert_eq!(fault(&none, (401, String::new())), None);
    }

    #[test]
    fn answers_that_do_not_come_are_found() {
        let files = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
        let checker = Checker::new(Schemas::load(files).unwrap());
        let sound = Request::new("GET", "/version");
        let odd = Request { sound: false, ..sound.clone() };
        let fault = |request: &Request, outcome: Outcome| {
            judge(request, &outcome, true, false, &places(), &checker).map(|finding| finding.fault)
        };
        assert_eq!(fault(&sound, Outcome::Hung), Some(Fault::Hang));
        assert_eq!(fault(&odd, Outcome::Hung), Some(Fault::Hang));
        assert_eq!(fault(&sound, Outcome::Closed), Some(Fault::Broken));
        assert_eq!(fault(&odd, Outcome::Closed), None);
        assert_eq!(fault(&sound, Outcome::Garbled("x".into())), Some(Fault::Broken));
        assert_eq!(fault(&odd, Outcome::Unreachable("x".into())), Some(Fault::Dead));
        assert_eq!(fault(&odd, Outcome::Left), None);
    }
}
