//! The source `youtube`: searches and watch addresses, asked of the configured upstream.
//!
//! It stands in for the sources of the real server that go through the route planner. A search is
//! one request: `POST /youtubei/v1/search` with `{"query": …}`. A video is `POST
//! /youtubei/v1/player` with `{"videoId": …}`, before which others are sent as Lavalink 4.2.2 sends
//! them: `GET /embed/ID`, whose page names a script, and that script, both until they have once
//! been found; and `POST /youtubei/v1/visitor_id`, every ten minutes. It has no media; its tracks
//! do not play.

mod player_script;

use std::error::Error;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};
use reqwest::{Response, Url};
use serde_json::{Value, json};

use super::outbound::{Ask, Outbound, OutboundError};
use super::{Track, TrackInfo};
use crate::clock::{Clock, Moment};
use crate::deviations::switch::{self, deviates};

/// How the source calls itself.
pub(super) const NAME: &str = "youtube";

/// How long a lookup may take.
const LIMIT: Duration = Duration::from_secs(30);

/// How long an id for the server itself is good.
const VISITOR_PERIOD: Duration = Duration::from_secs(600);

/// The source.
#[derive(Debug)]
pub(super) struct Youtube {
    outbound: Outbound,
    /// Base URL.
    upstream: String,
    clock: Clock,
    known: Mutex<Known>,
}

/// What is needed for videos and has been found.
#[derive(Debug, Default)]
struct Known {
    /// The path of the script.
    script: Option<String>,
    /// The `signatureTimestamp` of the script.
    timestamp: Option<String>,
    /// When an id was asked for last.
    visitor: Option<Moment>,
}

/// Something to look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// `ytsearch:` or `ytmsearch:`.
    Search(String),
    /// The id of a video.
    Video(String),
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Search(Vec<Track>),
    Video(Box<Track>),
}

/// Why a lookup broke, as lavaplayer tells it
/// (docs/observed/routeplanner.md#without-a-planner).
#[derive(Debug, thiserror::Error)]
pub(super) enum YoutubeError {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("java.io.IOException: Invalid status code for search response: {}", .0.as_u16())]
    SearchStatus(StatusCode),
    #[error(
        "com.sedmelluq.discord.lavaplayer.tools.FriendlyException: This IP address has been \
         blocked by YouTube (429)."
    )]
    Blocked,
    #[error("java.io.IOException: Invalid status code for {what}: {status}", status = .0.as_u16(), what = .1)]
    Status(StatusCode, &'static str),
    #[error(
        "java.io.IOException: Received non-success response code {status} from script url {path}",
        status = .0.as_u16(), path = .1
    )]
    ScriptStatus(StatusCode, String),
    #[error("java.lang.IllegalStateException: Must find timestamp from script: {0}")]
    NoTimestamp(String),
    #[error("no jsUrl found")]
    NoScript,
    #[error("the answer broke off")]
    Broken(#[from] reqwest::Error),
    #[error("the answer is not what was asked for")]
    Unreadable,
}

impl Wanted {
    /// What an identifier means to this source, if anything.
    pub(super) fn read(identifier: &str) -> Option<Self> {
        let search = ["ytsearch:", "ytmsearch:"];
        if let Some(query) = search.iter().find_map(|prefix| identifier.strip_prefix(prefix)) {
            return Some(Self::Search(query.trim().to_owned()));
        }
        let url =
            Url::parse(identifier).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let id = match url.host_str()? {
            "youtube.com" | "www.youtube.com" | "m.youtube.com" | "music.youtube.com" => {
                let mut pairs = url.query_pairs().filter(|(name, _)| name == "v");
                pairs.next().filter(|_| url.path() == "/watch")?.1.into_owned()
            }
            "youtu.be" | "www.youtu.be" => url.path().trim_matches('/').to_owned(),
            _ => return None,
        };
        let known = id.len() == 11
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        known.then_some(Self::Video(id))
    }
}

impl Youtube {
    /// Asks `upstream`, a base URL.
    pub(super) fn new(outbound: Outbound, upstream: String, clock: Clock) -> Self {
        Self { outbound, upstream, clock, known: Mutex::default() }
    }

    pub(super) async fn look_up(&self, wanted: &Wanted) -> Result<Found, YoutubeError> {
        match wanted {
            Wanted::Search(query) => self.search(query).await.map(Found::Search),
            Wanted::Video(id) => self.video(id).await.map(|track| Found::Video(Box::new(track))),
        }
    }

    async fn search(&self, query: &str) -> Result<Vec<Track>, YoutubeError> {
        let ask = Ask { search: true, ..self.post("search", &json!({"query": query})) };
        let answer = self.outbound.send(&ask).await?;
        match answer.status() {
            StatusCode::OK => Ok(search_results(&read(answer).await?)),
            status => Err(YoutubeError::SearchStatus(status)),
        }
    }

    async fn video(&self, id: &str) -> Result<Track, YoutubeError> {
        let timestamp = self.timestamp(id).await?;
        self.identify().await;
        let playback = json!({"contentPlaybackContext": {"signatureTimestamp": timestamp}});
        let body = json!({"videoId": id, "playbackContext": playback});
        let answer = self.send(&self.post("player", &body)).await?;
        let answer =
            successful(answer, |status| YoutubeError::Status(status, "video page response"))?;
        video(&read(answer).await?["videoDetails"]).ok_or(YoutubeError::Unreadable)
    }

    /// That of the script which pages name.
    async fn timestamp(&self, id: &str) -> Result<String, YoutubeError> {
        let (timestamp, known) = {
            let known = self.known();
            (known.timestamp.clone(), known.script.clone())
        };
        let again = deviates(switch::ROUTEPLANNER_054_EVERY_TIME);
        if let Some(timestamp) = timestamp.filter(|_| !again) {
            return Ok(timestamp);
        }
        let path = match known.filter(|_| !again) {
            Some(path) => path,
            None => {
                let answer = self.send(&self.get(&format!("/embed/{id}"))).await?;
                let answer = successful(answer, |status| {
                    YoutubeError::Status(status, "youtube embed video id")
                })?;
                let page = answer.text().await?;
                let path = player_script::path(&page).ok_or(YoutubeError::NoScript)?;
                self.known().script.insert(path).clone()
            }
        };
        let answer = self.send(&self.get(&path)).await?;
        let failed = |status| YoutubeError::ScriptStatus(status, path.clone());
        let script = successful(answer, failed)?.text().await?;
        let timestamp = player_script::timestamp(&script);
        let timestamp = timestamp.ok_or_else(|| YoutubeError::NoTimestamp(path.clone()))?;
        Ok(self.known().timestamp.insert(timestamp.to_owned()).clone())
    }

    /// Asks for an id, if the last one is too old. A video is found without one, too.
    async fn identify(&self) {
        let now = self.clock.now();
        let last = self.known().visitor;
        if last.is_some_and(|last| now.since(last) < VISITOR_PERIOD) {
            return;
        }
        self.known().visitor = Some(now);
        if let Err(error) = self.outbound.send(&self.post("visitor_id", &json!({}))).await {
            tracing::debug!("no visitor id: {error}");
        }
    }

    /// Sends what videos need: once more after a reset, or after 401.
    async fn send(&self, ask: &Ask) -> Result<Response, OutboundError> {
        match self.outbound.send(ask).await {
            Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED => {}
            Err(OutboundError::Request(error)) if is_reset(&error) => {}
            ended => return ended,
        }
        self.outbound.send(ask).await
    }

    fn get(&self, path: &str) -> Ask {
        Ask { limit: Some(LIMIT), ..Ask::get(&format!("{}{path}", self.upstream)) }
    }

    fn post(&self, what: &str, body: &Value) -> Ask {
        let ask = self.get(&format!("/youtubei/v1/{what}"));
        Ask { method: Method::POST, body: Some(body.to_string()), ..ask }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer, if its status is 200.
fn successful(
    answer: Response,
    failed: impl FnOnce(StatusCode) -> YoutubeError,
) -> Result<Response, YoutubeError> {
    match answer.status() {
        StatusCode::OK => Ok(answer),
        StatusCode::TOO_MANY_REQUESTS => Err(YoutubeError::Blocked),
        status => Err(failed(status)),
    }
}

async fn read(answer: Response) -> Result<Value, YoutubeError> {
    serde_json::from_slice(&answer.bytes().await?).map_err(|_| YoutubeError::Unreadable)
}

/// Whether the other side has reset the connection.
fn is_reset(error: &(dyn Error + 'static)) -> bool {
    let reset = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionReset;
    let mut causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.any(|cause| cause.downcast_ref::<io::Error>().is_some_and(reset))
}

/// The videos of a search answer; what has no length is a stream, and left out.
fn search_results(body: &Value) -> Vec<Track> {
    let list = "/contents/sectionListRenderer/contents/0/itemSectionRenderer/contents";
    let items = body.pointer(list).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| search_result(&item["compactVideoRenderer"])).collect()
}

fn search_result(video: &Value) -> Option<Track> {
    let text = |pointer: &str| video.pointer(pointer).and_then(Value::as_str);
    let seconds = seconds(text("/lengthText/runs/0/text")?)?;
    Some(track(
        text("/videoId")?,
        text("/title/runs/0/text")?,
        text("/longBylineText/runs/0/text")?,
        Some(seconds),
    ))
}

fn video(details: &Value) -> Option<Track> {
    let text = |name: &str| details[name].as_str();
    let live = details["isLiveContent"] == true;
    let seconds = text("lengthSeconds").and_then(|seconds| seconds.parse().ok());
    let seconds = if live { seconds.filter(|seconds| *seconds > 0) } else { Some(seconds?) };
    Some(track(text("videoId")?, text("title")?, text("author")?, seconds))
}

/// `1:02:03` or `3:33`.
fn seconds(text: &str) -> Option<i64> {
    text.split(':').try_fold(0_i64, |sum, part| {
        sum.checked_mul(60)?.checked_add(part.parse::<u32>().ok()?.into())
    })
}

/// Without a length it is a stream.
pub(super) fn track(id: &str, title: &str, author: &str, seconds: Option<i64>) -> Track {
    Track::new(
        TrackInfo {
            identifier: id.to_owned(),
            is_seekable: true,
            author: author.to_owned(),
            length: seconds.map_or(i64::MAX, |seconds| seconds.saturating_mul(1000)),
            is_stream: seconds.is_none(),
            title: title.to_owned(),
            uri: Some(format!("https://www.youtube.com/watch?v={id}")),
            artwork_url: Some(format!("https://i.ytimg.com/vi/{id}/mqdefault.jpg")),
            isrc: None,
            source_name: NAME.to_owned(),
            probe_info: None,
        },
        0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_that_are_meant() {
        let id = || Some(Wanted::Video("dQw4w9WgXcQ".into()));
        for url in [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtube.com/watch?list=x&v=dQw4w9WgXcQ&t=5",
            "http://m.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://music.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://youtu.be/dQw4w9WgXcQ?t=1",
        ] {
            assert_eq!(Wanted::read(url), id(), "{url}");
        }
        assert_eq!(Wanted::read("ytsearch: a b"), Some(Wanted::Search("a b".into())));
        assert_eq!(Wanted::read("ytmsearch:a"), Some(Wanted::Search("a".into())));
        for other in [
            "",
            "a",
            "scsearch:a",
            "https://example.org/watch?v=dQw4w9WgXcQ",
            "https://www.youtube.com/",
            "https://www.youtube.com/watch?v=short",
            "youtu.be/x",
        ] {
            assert_eq!(Wanted::read(other), None, "{other}");
        }
    }

    /// As fixtures/recordings/routeplanner/3A_rotateonban_24.json has it.
    #[test]
    fn a_search_answer_becomes_tracks() {
        let renderer = json!({"compactVideoRenderer": {
            "videoId": "dQw4w9WgXcQ",
            "title": {"runs": [{"text": "lab title"}]},
            "longBylineText": {"runs": [{"text": "lab author"}]},
            "lengthText": {"runs": [{"text": "3:33"}]},
        }});
        let live = json!({"compactVideoRenderer": {"videoId": "x"}});
        let section = json!({"itemSectionRenderer": {"contents": [live, renderer, {}]}});
        let body = json!({"contents": {"sectionListRenderer": {"contents": [section]}}});
        let tracks = search_results(&body);
        assert_eq!(tracks.len(), 1);
        let object = tracks[0].to_json(0, &json!({}));
        assert_eq!(
            object["encoded"],
            "QAAAoQMACWxhYiB0aXRsZQAKbGFiIGF1dGhvcgAAAAAAA0AIAAtkUXc0dzlXZ1hjUQABACtodHRwczovL3d3\
             dy55b3V0dWJlLmNvbS93YXRjaD92PWRRdzR3OVdnWGNRAQAwaHR0cHM6Ly9pLnl0aW1nLmNvbS92aS9kUXc0d\
             zlXZ1hjUS9tcWRlZmF1bHQuanBnAAAHeW91dHViZQAAAAAAAAAA"
        );
        assert_eq!(object["pluginInfo"], json!({}));
        let encoded = object["encoded"].as_str().unwrap();
        let read = super::super::EncodedTrack::read_of(encoded, |name| name == NAME);
        assert_eq!(read.as_ref(), Ok(&tracks[0]));
        assert_eq!(search_results(&json!({})), []);
    }

    #[test]
    fn a_player_answer_becomes_a_track() {
        let mut details = json!({
            "videoId": "dQw4w9WgXcQ", "title": "t", "author": "a", "lengthSeconds": "213",
            "isLiveContent": false,
        });
        let info = |details: &Value| video(details).map(|track| track.info);
        assert_eq!(info(&details).unwrap().length, 213_000);
        details["isLiveContent"] = true.into();
        details["lengthSeconds"] = "0".into();
        assert!(info(&details).unwrap().is_stream);
        assert_eq!(info(&json!({"videoId": "x"})), None);
        assert_eq!(info(&Value::Null), None);
    }

    #[test]
    fn lengths() {
        assert_eq!(seconds("3:33"), Some(213));
        assert_eq!(seconds("1:02:03"), Some(3723));
        for bad in ["", "a", "-1:00", "1:"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
