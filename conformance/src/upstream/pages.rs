//! What YouTube would answer, as far as a target reads it.

use serde_json::{Value, json};

/// The length of every track.
const SECONDS: u32 = 213;

/// One track for a query.
pub(super) fn search(video: &str) -> Value {
    let text = |text: &str| json!({"runs": [{"text": text}]});
    json!({"contents": {"sectionListRenderer": {"contents": [{"itemSectionRenderer": {"contents": [
        {"compactVideoRenderer": {
            "videoId": video,
            "title": text("a title"),
            "longBylineText": text("an author"),
            "lengthText": text("3:33"),
        }},
    ]}}]}}})
}

/// A video.
pub(super) fn player(video: &str) -> Value {
    json!({
        "playabilityStatus": {"status": "OK"},
        "videoDetails": {
            "videoId": video,
            "title": "a title",
            "author": "an author",
            "lengthSeconds": SECONDS.to_string(),
            "isLiveContent": false,
            "isLive": false,
        },
        "streamingData": {"formats": [], "adaptiveFormats": []},
    })
}

/// What some targets ask for besides: the page of a player, the script that it names, and an id.
/// `None` if there is nothing at that path.
pub(super) fn other(path: &str) -> Option<(&'static str, String)> {
    if path.ends_with("/visitor_id") {
        let id = json!({"responseContext": {"visitorData": "Q2d0dmlzaXRvcg"}});
        return Some(("application/json", id.to_string()));
    }
    if path.ends_with("/base.js") {
        return Some(("text/javascript", "var a={signatureTimestamp:20000};".into()));
    }
    let is_page = path.contains("/embed/") || path.ends_with("/watch");
    is_page.then(|| {
        let page = r#"<html><script>{"jsUrl":"/s/player/0/base.js"}</script></html>"#;
        ("text/html", page.into())
    })
}
