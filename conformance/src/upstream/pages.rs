//! What YouTube would answer, as far as a target reads it.
//!
//! The source of Lavalink 4.2.2 looks a video up in four requests: the page of the video, which
//! names a script; that script, once; an id for itself, every ten minutes; and the video.

use serde_json::{Value, json};

use super::Asked;

/// Where redirects go: this, the scenario's prefix and a number, the path that was asked for first.
pub(super) const HOP: &str = "/hop/";

/// What no guarded source has anything to do with: this and the scenario's prefix.
pub(super) const PLAIN: &str = "/plain/";

/// Media type of most answers.
const JSON: &str = "application/json";

/// The length of every track.
const SECONDS: u32 = 213;

/// What a player's script holds that the source of Lavalink 4.2.2 looks for, in the only spelling
/// in which it is found: one way to change a signature, its use, a time, and a function for the
/// parameter `n`. No track is played, so what they do does not matter.
const SCRIPT: &str = r#"var ways={turned:function(a){a.reverse()}};
var signed=function(a){a=a.split("");ways.turned(a,1);return a.join("")};
var playback={signatureTimestamp:20000};
var paced=function(n){var parts=n.split(""),steps=[0];steps[0]=1;try{steps[0]=2}catch(e){return"enhanced_except_none"+n}return parts.join("")};
"#;

/// A page with its media type.
pub(super) type Page = (&'static str, String);

/// The answer to what a scenario asks for.
pub(super) fn page(asked: Asked, video: &str) -> Page {
    match asked {
        Asked::Search => (JSON, search(video).to_string()),
        Asked::Video => (JSON, player(video).to_string()),
        Asked::Plain => ("text/plain", "nothing to play".into()),
        Asked::Page => {
            let names = json!({"jsUrl": script_path(video)});
            ("text/html", format!("<html><script>{names}</script></html>"))
        }
        Asked::Script => ("text/javascript", SCRIPT.into()),
    }
}

/// What is asked for with the id of a video in its path.
pub(super) fn of_video(path: &str, video: &str) -> Option<Asked> {
    if path.strip_prefix("/embed/") == Some(video) {
        return Some(Asked::Page);
    }
    (path == script_path(video)).then_some(Asked::Script)
}

/// What targets ask for that belongs to no scenario in particular: an id for themselves. `None` if
/// there is nothing at that path.
pub(super) fn common(path: &str) -> Option<Page> {
    let id = json!({"responseContext": {"visitorData": "Q2d0dmlzaXRvcg"}});
    path.ends_with("/visitor_id").then(|| (JSON, id.to_string()))
}

fn script_path(video: &str) -> String {
    format!("/s/player/{video}/base.js")
}

/// One track for a query.
fn search(video: &str) -> Value {
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
fn player(video: &str) -> Value {
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
