//! What an answer may be, whatever was asked.

use serde_json::Value;

use super::case::{Places, Request};
use super::finding::{Fault, Finding};
use super::shown::{curl, text};
use super::wire::{Answer, Outcome};
use crate::client;
use crate::schema::Checker;
use crate::track;

/// A connection may end without an answer while a longer body than this is on its way: the answer
/// can get lost when a server refuses early and closes.
const LONG_BODY: usize = 60_000;

/// Containers that the real server's probes know, as `probeInfo` names them.
const PROBES: &[&str] = &["wav", "mp3", "flac", "ogg", "mp4", "matroska/webm", "adts"];

/// What is wrong with what came of one copy of a filled request, if anything is. `first` says that
/// it is the first answer on its connection.
pub(crate) fn judge(
    request: &Request,
    outcome: &Outcome,
    first: bool,
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
    if answer.status >= 500 && !may_fail(request, answer) {
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
        headers: Vec::new(),
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
fn endpoint(request: &Request) -> String {
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

/// Whether the real server gives a 5xx for this too.
fn may_fail(request: &Request, answer: &Answer) -> bool {
    let target = String::from_utf8_lossy(&request.target);
    let path = target.split('?').next().unwrap_or_default();
    match answer.status {
        // Of the protocol below: a coding or a version that the server does not know.
        501 | 505 => !request.sound,
        500 => {
            let body = request.body.as_deref().unwrap_or_default();
            // The page on which the real server's framework shows errors, and there is none.
            path == "/error"
                // "Can't access disabled route planner".
                || path.contains("/routeplanner/free/")
                || path.contains("/decodetrack") && has_undecodable_track(&target, body)
                || path.contains("/sessions/") && update_may_fail(body)
        }
        _ => false,
    }
}

/// A query or an array with a track that does not decode, or that the server may have no source
/// for.
fn has_undecodable_track(target: &str, body: &[u8]) -> bool {
    let query = target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let given = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut given = given.filter(|(name, _)| matches!(*name, "encodedTrack" | "track"));
    let in_query = given.any(|(_, value)| {
        let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
        !is_decodable(&value)
    });
    in_query
        || match serde_json::from_slice(body) {
            Ok(Value::Array(tracks)) => {
                tracks.iter().any(|track| !track.as_str().is_some_and(is_decodable))
            }
            Ok(_) => false,
            // What this reader refuses another may take.
            Err(_) => !body.is_empty(),
        }
}

/// A track that every server has to decode.
fn is_decodable(encoded: &str) -> bool {
    track::read(encoded).is_ok_and(|track| {
        track["version"].as_u64().is_some_and(|version| version <= 3)
            && track["sourceName"] == "http"
            && track["probeInfo"].as_str().is_some_and(|probe| PROBES.contains(&probe))
    })
}

/// Whether an update of a player names something that makes the real server fail: a track that
/// does not decode, an equalizer band that there is not, a channel that is no number, a voice
/// server that refuses.
fn update_may_fail(body: &[u8]) -> bool {
    let Ok(update) = serde_json::from_slice::<Value>(body) else {
        // What this reader refuses another may take.
        let text = String::from_utf8_lossy(body);
        return ["ncoded", "equalizer", "voice"].iter().any(|part| text.contains(part));
    };
    let undecodable = |track: &Value| !track.is_null() && !track.as_str().is_some_and(is_decodable);
    let bands = update["filters"]["equalizer"].as_array().map(Vec::as_slice).unwrap_or_default();
    let outside = |band: &Value| band["band"].as_u64().is_none_or(|band| band > 14);
    let voice = &update["voice"];
    let filled = |name: &str| voice[name].as_str().is_some_and(|text| !text.trim().is_empty());
    let channel = &voice["channelId"];
    let number = channel.as_str().is_some_and(|channel| channel.parse::<i64>().is_ok());
    undecodable(&update["encodedTrack"])
        || undecodable(&update["track"]["encoded"])
        || bands.iter().any(outside)
        || !channel.is_null() && !number
        || filled("token") && filled("endpoint") && filled("sessionId")
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

    fn fault(request: &Request, (status, body): (u16, String)) -> Option<Fault> {
        let files = assets::SCHEMAS.iter().map(|(p, text)| ((*p).to_owned(), (*text).to_owned()));
        let checker = Checker::new(Schemas::load(files).unwrap());
        let answer = Answer { status, headers: HeaderMap::new(), body: body.into_bytes() };
        let request = request.fill(&places());
        let outcome = Outcome::Answered(answer);
        judge(&request, &outcome, true, &places(), &checker).map(|finding| finding.fault)
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
        let free = Request::new("POST", "/v4/routeplanner/free/all");
        assert_eq!(fault(&free, error(500)), None);
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
            judge(request, &outcome, true, &places(), &checker).map(|finding| finding.fault)
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
