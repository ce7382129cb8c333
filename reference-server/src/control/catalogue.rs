//! The catalogue of a test, read from a body.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};

use super::push::exception_of;
use super::refusal::{Answer, Given};
use super::told::{Object, Place, Wrong, read_strictly};
use crate::server::Server;
use crate::tracks::{
    Contents, EncodedTrack, Entry, Extra, Outcome, Own, Plays, Track, TrackInfo, number,
};

/// Entries that there may be.
const MOST: usize = 100_000;

/// Longest track, ms: about what a wav can hold.
const LONGEST: i64 = 21_600_000;

/// Of a track whose length nobody says, ms.
const USUAL_LENGTH: i64 = 180_000;

/// How long a stuck track has no data: longer than the default threshold of ten seconds.
const STALL: Duration = Duration::from_secs(15);

/// When a track gets stuck, unless somebody says.
const SOON: Duration = Duration::from_secs(2);

/// Which source the identifiers with a prefix or of a host belong to. The prefixes are those of
/// Lavalink and of the plugin LavaSrc.
const SOURCES: &[(&str, &str)] = &[
    ("ytsearch:", "youtube"),
    ("ytmsearch:", "youtube"),
    ("scsearch:", "soundcloud"),
    ("spsearch:", "spotify"),
    ("sprec:", "spotify"),
    ("amsearch:", "applemusic"),
    ("dzsearch:", "deezer"),
    ("dzisrc:", "deezer"),
    ("dzrec:", "deezer"),
    ("ymsearch:", "yandexmusic"),
    ("vksearch:", "vkmusic"),
    ("tdsearch:", "tidal"),
    ("qbsearch:", "qobuz"),
    ("jssearch:", "jiosaavn"),
    ("bcsearch:", "bandcamp"),
    ("https://www.youtube.com/", "youtube"),
    ("https://music.youtube.com/", "youtube"),
    ("https://youtu.be/", "youtube"),
    ("https://soundcloud.com/", "soundcloud"),
    ("https://open.spotify.com/", "spotify"),
    ("https://music.apple.com/", "applemusic"),
    ("https://www.deezer.com/", "deezer"),
    ("https://deezer.page.link/", "deezer"),
    ("https://tidal.com/", "tidal"),
    ("https://www.twitch.tv/", "twitch"),
    ("https://vimeo.com/", "vimeo"),
    ("http://", "http"),
    ("https://", "http"),
];

/// What it holds, as it was put.
pub(super) async fn tell(State(server): State<Server>) -> Json<Value> {
    let contents = server.sources.catalogue().contents();
    Json(json!({"sources": contents.sources, "entries": contents.given}))
}

/// Has it hold something else.
pub(super) async fn put(State(server): State<Server>, given: Given) -> Answer<Json<Value>> {
    let (given, entries, sources) = read(&given.0)?;
    let contents = Contents::new(given, entries, sources);
    let counted = counted(&contents);
    server.sources.catalogue().put(contents);
    Ok(Json(counted))
}

/// Has it hold more, which comes first.
pub(super) async fn add(State(server): State<Server>, given: Given) -> Answer<Json<Value>> {
    let (mut given, mut entries, mut sources) = read(&given.0)?;
    let before = server.sources.catalogue().contents();
    given.extend(before.given.iter().cloned());
    entries.extend(before.entries.iter().cloned());
    sources.extend(before.sources.iter().cloned());
    sources.dedup();
    if entries.len() > MOST {
        let message = format!("at most {MOST} entries");
        return Err(super::Refusal::new(StatusCode::BAD_REQUEST, message));
    }
    let contents = Contents::new(given, entries, sources);
    let counted = counted(&contents);
    server.sources.catalogue().put(contents);
    Ok(Json(counted))
}

pub(super) async fn clear(State(server): State<Server>) -> StatusCode {
    server.sources.catalogue().clear();
    StatusCode::NO_CONTENT
}

fn counted(contents: &Contents) -> Value {
    let (entries, tracks) = (contents.entries.len(), contents.track_count());
    json!({"entries": entries, "tracks": tracks, "sources": contents.names()})
}

/// A catalogue as `--catalogue FILE` has it.
///
/// # Errors
/// What is wrong with it, and where.
pub(crate) fn of_text(text: &str) -> Result<Contents, String> {
    let value = read_strictly(text.as_bytes()).map_err(|error| format!("not JSON: {error}"))?;
    let (given, entries, sources) = read(&value).map_err(|wrong| wrong.to_string())?;
    Ok(Contents::new(given, entries, sources))
}

type Parts = (Vec<Value>, Vec<Entry>, Vec<String>);

fn read(value: &Value) -> Result<Parts, Wrong> {
    let object = Object::read(value, Place::Body, &["sources", "entries"])?;
    let sources = object.texts("sources")?.unwrap_or_default();
    let sources = sources.into_iter().map(str::to_owned).collect();
    let given = object.list("entries")?.cloned().unwrap_or_default();
    if given.len() > MOST {
        return Err(object.wrong("entries", format!("at most {MOST}")));
    }
    let place = Place::Key(object.place(), "entries");
    let entry = |(index, value)| entry(value, Place::Item(&place, index));
    let entries = given.iter().enumerate().map(entry).collect::<Result<_, _>>()?;
    Ok((given, entries, sources))
}

fn entry(value: &Value, place: Place<'_>) -> Result<Entry, Wrong> {
    const OUTCOMES: [&str; 5] = ["track", "search", "playlist", "empty", "error"];
    const KEYS: &[&str] = &["identifier", "track", "search", "playlist", "empty", "error"];
    let object = Object::read(value, place, KEYS)?;
    let identifier = object.required("identifier", object.text("identifier"))?;
    let mut there = OUTCOMES.into_iter().filter(|key| object.has(key));
    let (outcome, second) = (there.next(), there.next());
    if let (Some(first), Some(second)) = (outcome, second) {
        return Err(object.wrong(second, format!("does not go with {first}; send one of them")));
    }
    let one = || object.refused(format!("send one of {}", OUTCOMES.join(", ")));
    let outcome = outcome.ok_or_else(one)?;
    let inner = object.value(outcome).unwrap_or(&Value::Null);
    let place = Place::Key(object.place(), outcome);
    let outcome = match outcome {
        "track" => Outcome::Track(track(inner, place, identifier, true)?),
        "search" => Outcome::Search(tracks(&object, "search", identifier)?),
        "playlist" => playlist(inner, place, identifier)?,
        "error" => Outcome::Failed(exception_of(inner, place)?),
        _ if object.boolean("empty")? == Some(true) => Outcome::Empty,
        _ => return Err(object.wrong("empty", "send true, or leave it out")),
    };
    Ok(Entry { identifier: identifier.to_owned(), outcome })
}

fn playlist(value: &Value, place: Place<'_>, identifier: &str) -> Result<Outcome, Wrong> {
    let object = Object::read(value, place, &["name", "selectedTrack", "pluginInfo", "tracks"])?;
    object.required("tracks", object.list("tracks"))?;
    let tracks = tracks(&object, "tracks", identifier)?;
    let most = i64::try_from(tracks.len()).unwrap_or(i64::MAX) - 1;
    let selected = object.integer("selectedTrack", -1..=most)?;
    let plugin_info = object.any_object("pluginInfo")?.cloned().unwrap_or_default();
    Ok(Outcome::Playlist {
        name: object.text("name")?.unwrap_or("Playlist").to_owned(),
        selected: selected.and_then(|selected| usize::try_from(selected).ok()),
        plugin_info: Value::Object(plugin_info),
        tracks,
    })
}

fn tracks(object: &Object<'_>, key: &str, identifier: &str) -> Result<Vec<Own>, Wrong> {
    let list = object.list(key)?.map(Vec::as_slice).unwrap_or_default();
    let place = Place::Key(object.place(), key);
    let read = |(index, value)| track(value, Place::Item(&place, index), identifier, false);
    list.iter().enumerate().map(read).collect()
}

/// A track. `alone`: the identifier leads to it and to no other.
fn track(value: &Value, place: Place<'_>, searched: &str, alone: bool) -> Result<Own, Wrong> {
    const KEYS: &[&str] = &[
        "title",
        "author",
        "lengthMs",
        "identifier",
        "uri",
        "artworkUrl",
        "isrc",
        "sourceName",
        "isStream",
        "position",
        "pluginInfo",
        "userData",
        "plays",
    ];
    let object = Object::read(value, place, KEYS)?;
    let text = |key| object.text(key).map(|text| text.map(str::to_owned));
    let source_name = text("sourceName")?.unwrap_or_else(|| source_of(searched).to_owned());
    let title = text("title")?.unwrap_or_else(|| "Unknown title".into());
    let author = text("author")?.unwrap_or_else(|| "Unknown artist".into());
    let is_stream = object.boolean("isStream")?.unwrap_or(false);
    let length = object.integer("lengthMs", 0..=LONGEST)?;
    if is_stream && length.is_some() {
        return Err(object.wrong("lengthMs", "a stream has none"));
    }
    let usual_length = if is_stream { i64::MAX } else { USUAL_LENGTH };
    let searched_url =
        Some(searched).filter(|url| alone && url.contains("://") && !url.contains('*'));
    let is_web = matches!(source_name.as_str(), "http" | "local");
    let made = || {
        let bytes = number(&format!("{source_name}\n{author}\n{title}")).to_be_bytes();
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let given_uri = text("uri")?;
    let web_address = || given_uri.as_deref().or(searched_url).map(str::to_owned);
    let identifier = match text("identifier")? {
        Some(identifier) => identifier,
        None if is_web => web_address().unwrap_or_else(made),
        None => made(),
    };
    let or_null = |key: &str, given: Option<String>, usual: Option<String>| {
        // Null is none, and not what is usual.
        if object.map().contains_key(key) { given } else { usual }
    };
    let usual = searched_url.map(str::to_owned).or_else(|| usual_uri(&source_name, &identifier));
    let uri = or_null("uri", given_uri.clone(), usual);
    let artwork = || format!("https://i.ytimg.com/vi/{identifier}/mqdefault.jpg");
    let artwork = (source_name == "youtube").then(artwork);
    let extra = Extra {
        plugin_info: object.any_object("pluginInfo")?.cloned().map(Value::Object),
        user_data: object.any_object("userData")?.cloned().map(Value::Object),
    };
    let info = TrackInfo {
        artwork_url: or_null("artworkUrl", text("artworkUrl")?, artwork),
        is_seekable: !is_stream,
        author,
        length: length.unwrap_or(usual_length),
        is_stream,
        title,
        uri,
        isrc: text("isrc")?,
        // What these two sources write into their tracks.
        probe_info: is_web.then(|| "mp3".to_owned()),
        identifier,
        source_name,
    };
    let position = object.integer("position", 0..=LONGEST)?.unwrap_or(0);
    let mut track = Track::new(info, position);
    if extra != Extra::default() {
        track.extra = Some(extra.into());
    }
    EncodedTrack::check(&track).map_err(|error| object.refused(error.to_string()))?;
    Ok(Own { track, plays: plays(&object)? })
}

fn plays(object: &Object<'_>) -> Result<Plays, Wrong> {
    const WORDS: &[&str] = &["tone", "stuck"];
    let stuck = |after, time| Plays::Stuck { after, time };
    let given = match object.value("plays") {
        None => return Ok(Plays::Tone),
        Some(Value::String(_)) => {
            return Ok(match object.word("plays", WORDS)? {
                Some("stuck") => stuck(SOON, STALL),
                _ => Plays::Tone,
            });
        }
        Some(given) => given,
    };
    let place = Place::Key(object.place(), "plays");
    let plays = Object::read(given, place, &["exception", "stuckMs", "afterMs"])?;
    let ms = |ms: i64| Duration::from_millis(ms.cast_unsigned());
    let after = plays.integer("afterMs", 0..=LONGEST)?.map(ms);
    let time = plays.integer("stuckMs", 0..=3_600_000)?.map(ms);
    match (plays.value("exception"), time) {
        (Some(_), Some(_)) => Err(plays.wrong("stuckMs", "does not go with exception")),
        (None, None) => {
            let message = format!("send {}, or an exception or stuckMs", WORDS.join(" or "));
            Err(plays.refused(message))
        }
        (None, Some(time)) => Ok(stuck(after.unwrap_or(SOON), time)),
        (Some(exception), None) => {
            let failure = exception_of(exception, Place::Key(plays.place(), "exception"))?;
            Ok(Plays::Breaks { after: after.unwrap_or_default(), failure })
        }
    }
}

/// The source that an identifier belongs to.
fn source_of(identifier: &str) -> &'static str {
    let known = SOURCES.iter().find(|(prefix, _)| identifier.starts_with(prefix));
    known.map_or("youtube", |(_, source)| source)
}

/// Where a person would find a track.
fn usual_uri(source: &str, identifier: &str) -> Option<String> {
    let before = match source {
        "youtube" => "https://www.youtube.com/watch?v=",
        "soundcloud" => "https://soundcloud.com/",
        "spotify" => "https://open.spotify.com/track/",
        "deezer" => "https://www.deezer.com/track/",
        "tidal" => "https://tidal.com/browse/track/",
        "http" | "local" => "",
        _ => return None,
    };
    Some(format!("{before}{identifier}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(entry: Value) -> Own {
        let (_, entries, _) = read(&json!({"entries": [entry]})).unwrap();
        entries[0].tracks()[0].clone()
    }

    #[test]
    fn what_is_left_out_is_filled_in() {
        let own = one(json!({"identifier": "ytsearch:hello", "search": [{"title": "Hello"}]}));
        let info = &own.track.info;
        assert_eq!((info.source_name.as_str(), info.length), ("youtube", 180_000));
        assert_eq!(info.identifier.len(), 11);
        assert_eq!(info.uri, Some(format!("https://www.youtube.com/watch?v={}", info.identifier)));
        assert_eq!(own.plays, Plays::Tone);
        let url = "https://open.spotify.com/track/1";
        let info = one(json!({"identifier": url, "track": {"isrc": "GB1"}})).track.info;
        assert_eq!((info.source_name.as_str(), info.uri.as_deref()), ("spotify", Some(url)));
        assert_eq!((info.isrc.as_deref(), info.artwork_url), (Some("GB1"), None));
        let null = json!({"identifier": "dzsearch:*", "search": [{"uri": null}]});
        assert_eq!(one(null).track.info.uri, None);
        let own = one(json!({"identifier": "http://a/b.mp3", "track": {}}));
        let info = &own.track.info;
        assert_eq!(
            (info.identifier.as_str(), info.probe_info.as_deref()),
            ("http://a/b.mp3", Some("mp3"))
        );
    }

    #[test]
    fn tracks_play_as_they_are_told() {
        let plays = |plays: Value| one(json!({"identifier": "a", "track": {"plays": plays}})).plays;
        let seconds = Duration::from_secs;
        assert_eq!(plays(json!("stuck")), Plays::Stuck { after: SOON, time: STALL });
        let later = json!({"stuckMs": 20_000, "afterMs": 1000});
        assert_eq!(plays(later), Plays::Stuck { after: seconds(1), time: seconds(20) });
        let Plays::Breaks { after, failure } = plays(json!({"exception": {"severity": "fault"}}))
        else {
            panic!("it plays")
        };
        assert_eq!((after, failure.severity), (Duration::ZERO, "fault"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let long = "x".repeat(70_000);
        for (entry, error) in [
            (json!({"identifer": "a"}), "entries[0].identifer: unknown key"),
            (json!({"identifier": "a"}), "entries[0]: send one of track, search"),
            (
                json!({"identifier": "a", "track": {}, "empty": true}),
                "entries[0].empty: does not go",
            ),
            (json!({"identifier": "a", "empty": false}), "entries[0].empty: send true"),
            (
                json!({"identifier": "a", "search": [{}, {"lenghtMs": 1}]}),
                "entries[0].search[1].lenghtMs: unknown key \"lenghtMs\"; did you mean lengthMs?",
            ),
            (
                json!({"identifier": "a", "playlist": {"tracks": [{}], "selectedTrack": 1}}),
                "entries[0].playlist.selectedTrack: send a whole number from -1 to 0, not 1",
            ),
            (
                json!({"identifier": "a", "track": {"plays": "tune"}}),
                "entries[0].track.plays: unknown",
            ),
            (
                json!({"identifier": "a", "track": {"plays": {}}}),
                "entries[0].track.plays: send tone",
            ),
            (json!({"identifier": "a", "track": {"title": long}}), "entries[0].track: "),
        ] {
            let wrong = read(&json!({"entries": [entry]})).unwrap_err().to_string();
            assert!(wrong.starts_with(error), "{wrong}");
        }
    }
}
