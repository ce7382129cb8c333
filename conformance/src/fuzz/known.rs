//! What the real server fails at too, so that it is no finding: docs/observed/defects.md.

use serde_json::Value;

use super::case::Request;
use super::wire::Answer;
use crate::track;

/// Containers that the real server's probes know, as `probeInfo` names them.
const PROBES: &[&str] = &["wav", "mp3", "flac", "ogg", "mp4", "matroska/webm", "adts"];

/// From this many arrays within each other on the real server's stack may overflow, in what it takes
/// as it is: `userData` and `pluginFilters`. It stood 1000 and did not stand 2000.
const DEEP_ARRAYS: usize = 1000;

/// How deep JSON may nest that every server has to keep.
const DEEP: usize = 200;

/// Whether the real server gives a 5xx for this too.
pub(super) fn may_fail(request: &Request, answer: &Answer) -> bool {
    let target = String::from_utf8_lossy(&request.target);
    let path = meant_path(request);
    match answer.status {
        // Of the protocol below: a coding or a version that the server does not know.
        501 | 505 => !request.sound,
        500 => {
            let body = request.body.as_deref().unwrap_or_default();
            // The page on which the real server's framework shows errors, and there is none.
            path == "/error"
                || breaks_framework(request)
                // "Can't access disabled route planner".
                || path.contains("/routeplanner/free/")
                || path.contains("/decodetrack") && has_undecodable_track(&target, body)
                || path.contains("/sessions/")
                    && (update_may_fail(body) || depth_of(request, b"[", b"]") >= DEEP_ARRAYS)
        }
        _ => false,
    }
}

/// The path that the real server takes a target for: without parameters after `;`, and unescaped.
fn meant_path(request: &Request) -> String {
    let target = String::from_utf8_lossy(&request.target);
    let path = target.split('?').next().unwrap_or_default();
    let names = path.split('/').map(|part| part.split(';').next().unwrap_or_default());
    let path = names.collect::<Vec<_>>().join("/");
    percent_encoding::percent_decode_str(&path).decode_utf8_lossy().into_owned()
}

/// Whether the real server's framework fails at it, before Lavalink sees it.
pub(crate) fn breaks_framework(request: &Request) -> bool {
    let is_path = request.target.starts_with(b"/") || request.target.starts_with(b"http://");
    // No path at all, as in `GET nonsense HTTP/1.1`.
    !is_path
        || has_odd_content_type(request)
        // A stack of arrays is too high for it.
        || keeps_json(request) && depth_of(request, b"[", b"]") >= DEEP_ARRAYS
}

/// Whether what a server has to keep as it came nests deeper than any reader need follow. The real
/// server keeps it, if it is no stack of arrays.
pub(crate) fn is_nested_beyond_measure(request: &Request) -> bool {
    keeps_json(request) && depth_of(request, b"[{", b"]}") > DEEP
}

/// Whether what a server has to keep as it came stands in what is no JSON. The real server keeps
/// some of it, and fails to write some of that.
pub(crate) fn keeps_broken_json(request: &Request) -> bool {
    let body = request.body.as_deref().unwrap_or_default();
    keeps_json(request) && serde_json::from_slice::<Value>(body).is_err()
}

/// Whether it has something for a player that is kept as it came.
fn keeps_json(request: &Request) -> bool {
    let body = request.body.as_deref().unwrap_or_default();
    let kept = ["userData", "pluginFilters"].iter().any(|key| contains(body, key.as_bytes()));
    kept && meant_path(request).contains("/sessions/")
}

/// Whether a Content-Type is one at which the real server's framework fails before it looks for a
/// handler: it reads every multipart body itself and fails if it is none, and a body whose type is
/// a pattern such as `*/*` has no reader.
fn has_odd_content_type(request: &Request) -> bool {
    request.header("Content-Type").any(|value| {
        let value = value.trim_ascii_start();
        contains(value.get(..10).unwrap_or_default(), b"multipart/") || value.contains(&b'*')
    })
}

/// Whether bytes hold this text, in whatever case.
fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text))
}

/// Whether this update can leave a player of which the real server cannot tell any more: it keeps
/// `userData` and filters of plugins as they came, and then fails to write them, in this answer and
/// in every later one of the session.
pub(super) fn may_spoil_players(request: &Request) -> bool {
    meant_path(request).contains("/players/")
        && (keeps_broken_json(request)
            || keeps_json(request) && depth_of(request, b"[", b"]") >= DEEP_ARRAYS)
}

/// How many of these brackets are open at once at the most; those in texts count too.
fn depth_of(request: &Request, open: &[u8], close: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in request.body.as_deref().unwrap_or_default() {
        if open.contains(byte) {
            depth += 1;
        } else if close.contains(byte) {
            depth = depth.saturating_sub(1);
        }
        deepest = deepest.max(depth);
    }
    deepest
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
        let odd = ["ncoded", "equalizer", "voice", "userData", "pluginFilters"];
        return odd.iter().any(|part| text.contains(part));
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
