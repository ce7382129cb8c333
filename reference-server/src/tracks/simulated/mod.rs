//! `--simulate-sources`: YouTube and SoundCloud of a world of their own, for tests of bots.
//!
//! Nothing is asked of anybody. A search finds tracks named after what was searched for, a link
//! leads to a track or a list, the same each time, and what plays is a tone. Words in brackets say
//! what else is to happen: see [`Turn`].

mod links;
mod tone;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use self::links::Link;
pub(super) use self::tone::Tone;
use super::youtube::{self, Wanted};
use super::{LoadFailure, LoadResult, Media, Track, TrackInfo};
use crate::clock::Patience;
use crate::config::SourceSwitches;

/// How the second source calls itself.
const SOUNDCLOUD: &str = "soundcloud";

/// Tracks of a search and of a list.
const FOUND: u64 = 5;
const LISTED: u64 = 10;

/// Lengths, in seconds, that a track has when none is asked for.
const LENGTHS: std::ops::Range<u64> = 60..300;

/// Up to where there are data in any case.
const SURE: Duration = Duration::from_secs(2);

/// How long a stuck track has no data: longer than the default threshold of ten seconds.
const STALL: Duration = Duration::from_secs(15);

/// The simulated sources that are switched on.
#[derive(Debug)]
pub(super) struct Simulated {
    youtube: bool,
    soundcloud: bool,
    /// Cancelled when nothing is to be read any more.
    stop: CancellationToken,
}

/// What brackets in a search or a title ask for, such as `ytsearch:never gonna [unplayable]`.
/// Besides, `[7s]` gives a track that length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// A tone from its beginning to its end.
    Plays,
    /// `[empty]`: nothing is found.
    Empty,
    /// `[error]`: the lookup breaks.
    Error,
    /// `[unplayable]`: TrackExceptionEvent as soon as it starts, and loadFailed.
    Unplayable,
    /// `[broken]`: TrackExceptionEvent when two seconds are decoded, and finished after them.
    Broken,
    /// `[stuck]`: after two seconds there are no data for fifteen; then it goes on.
    Stuck,
    /// `[live]`: a stream.
    Live,
}

/// Why a simulated source does what it was asked to.
#[derive(Debug, thiserror::Error)]
enum Asked {
    #[error("the identifier asks for an error")]
    Lookup,
    #[error("the title asks for a track that cannot be played")]
    Playing,
    #[error("the title asks for a track that breaks")]
    Breaking,
}

impl Simulated {
    pub(super) fn new(switches: &SourceSwitches, stop: &CancellationToken) -> Self {
        let SourceSwitches { youtube, soundcloud, .. } = *switches;
        Self { youtube, soundcloud, stop: stop.clone() }
    }

    /// In the order in which the real server registers them.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let youtube = self.youtube.then_some(youtube::NAME);
        youtube.into_iter().chain(self.soundcloud.then_some(SOUNDCLOUD))
    }

    /// What an identifier leads to; `None` if it means nothing here.
    pub(super) fn load(&self, identifier: &str) -> Option<LoadResult> {
        let youtube = || self.youtube.then(|| on_youtube(identifier)).flatten();
        let soundcloud = || self.soundcloud.then(|| on_soundcloud(identifier)).flatten();
        youtube().or_else(soundcloud)
    }

    /// Opens a track of one of these sources; `None` if it is of another.
    pub(super) fn open(
        &self,
        track: &TrackInfo,
        patience: &Patience,
    ) -> Option<Result<Media, LoadFailure>> {
        self.names().find(|name| *name == track.source_name)?;
        let tone = Tone::new(number(&track.identifier), track.length);
        Some(match Turn::of(&track.title) {
            Turn::Unplayable => Err(LoadFailure::of_opening(&Asked::Playing)),
            Turn::Broken => Ok(Media::finite(Box::new(tone.breaking(SURE, Asked::Breaking)))),
            Turn::Stuck => {
                let stalling = tone.stalling(SURE, STALL, patience.clone(), self.stop.clone());
                Ok(Media::finite(Box::new(stalling)))
            }
            _ => Ok(Media { known: tone.known(), ..Media::finite(Box::new(tone)) }),
        })
    }
}

impl Turn {
    fn of(text: &str) -> Self {
        let words = [
            ("[empty]", Self::Empty),
            ("[error]", Self::Error),
            ("[unplayable]", Self::Unplayable),
            ("[broken]", Self::Broken),
            ("[stuck]", Self::Stuck),
            ("[live]", Self::Live),
        ];
        let asked = words.into_iter().find(|(word, _)| text.contains(word));
        asked.map_or(Self::Plays, |(_, turn)| turn)
    }
}

fn on_youtube(identifier: &str) -> Option<LoadResult> {
    if let Some(Wanted::Search(query)) = Wanted::read(identifier) {
        return Some(search(&query, |n| video(&format!("{query} {n}"), &id(&query, n))));
    }
    let named = |id: &str| video(&format!("Video {id}"), id);
    Some(match links::of_youtube(identifier)? {
        Link::Video(id) => LoadResult::Track(Box::new(named(&id))),
        Link::Videos { list, selected } => {
            let tracks = (1..=LISTED).map(|n| video(&format!("{list} {n}"), &id(&list, n)));
            let mut tracks: Vec<_> = tracks.collect();
            if let Some(id) = &selected {
                tracks[0] = named(id);
            }
            let (name, selected) = (format!("Playlist {list}"), selected.map(|_| 0));
            LoadResult::Playlist { name, selected, plugin_info: json!({}), tracks }
        }
        Link::TheseVideos(ids) => {
            let tracks = ids.iter().map(|id| named(id)).collect();
            let name = "Untitled List".to_owned();
            LoadResult::Playlist { name, selected: None, plugin_info: json!({}), tracks }
        }
        _ => LoadResult::Empty,
    })
}

fn on_soundcloud(identifier: &str) -> Option<LoadResult> {
    if let Some(query) = identifier.strip_prefix("scsearch:") {
        let query = query.trim();
        return Some(search(query, |n| song("simulated", &format!("{query} {n}"))));
    }
    Some(match links::of_soundcloud(identifier)? {
        Link::Song { user, name } => LoadResult::Track(Box::new(song(&user, &name))),
        Link::Songs { user, name } => {
            let tracks = (1..=LISTED).map(|n| song(&user, &format!("{name} {n}"))).collect();
            LoadResult::Playlist { name, selected: None, plugin_info: json!({}), tracks }
        }
        _ => LoadResult::Empty,
    })
}

fn search(query: &str, found: impl Fn(u64) -> Track) -> LoadResult {
    match Turn::of(query) {
        Turn::Error => LoadResult::Failed(LoadFailure::of_lookup(&Asked::Lookup)),
        Turn::Empty => LoadResult::Empty,
        _ if query.is_empty() => LoadResult::Empty,
        _ => LoadResult::Search((1..=FOUND).map(found).collect()),
    }
}

fn video(title: &str, id: &str) -> Track {
    let author = format!("Channel {}", number(id) % 10);
    let mut track = youtube::track(id, title, &author, None);
    set_length(&mut track.info);
    track
}

fn song(user: &str, title: &str) -> Track {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-").to_lowercase();
    let uri = format!("https://soundcloud.com/{user}/{slug}");
    let mut info = TrackInfo {
        identifier: uri.clone(),
        is_seekable: true,
        author: user.to_owned(),
        length: 0,
        is_stream: false,
        title: title.to_owned(),
        artwork_url: Some(format!("{uri}.jpg")),
        uri: Some(uri),
        isrc: None,
        source_name: SOUNDCLOUD.to_owned(),
        probe_info: None,
    };
    set_length(&mut info);
    Track::new(info, 0)
}

/// What the title asks for, or else one that the track has each time.
fn set_length(info: &mut TrackInfo) {
    let live = Turn::of(&info.title) == Turn::Live;
    let usual = LENGTHS.start + number(&info.identifier) % (LENGTHS.end - LENGTHS.start);
    let seconds = asked_seconds(&info.title).unwrap_or(usual);
    info.length = if live { i64::MAX } else { (seconds * 1000) as i64 };
    info.is_stream = live;
    info.is_seekable = !live;
}

/// `[7s]`, up to six hours, which is about what a wav can hold.
fn asked_seconds(title: &str) -> Option<u64> {
    let words = title.split('[').skip(1).filter_map(|rest| rest.split_once("s]"));
    words.filter_map(|(seconds, _)| seconds.parse().ok()).find(|s| (1..=21_600).contains(s))
}

/// An id such as YouTube gives.
fn id(of: &str, n: u64) -> String {
    let bytes = number(&format!("{of}\n{n}")).to_be_bytes();
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The same number for the same text, in each run (FNV-1a).
pub(crate) fn number(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn simulated() -> Simulated {
        let switches =
            SourceSwitches { local: false, http: false, youtube: true, soundcloud: true };
        Simulated::new(&switches, &CancellationToken::new())
    }

    fn found(identifier: &str) -> Vec<Track> {
        match simulated().load(identifier) {
            Some(LoadResult::Search(tracks)) => tracks,
            other => panic!("{identifier}: {other:?}"),
        }
    }

    #[test]
    fn searches_find_the_same_tracks_each_time() {
        for (identifier, source) in [
            ("ytsearch:a b", "youtube"),
            ("ytmsearch:a b", "youtube"),
            ("scsearch: a b", "soundcloud"),
        ] {
            let tracks = found(identifier);
            assert_eq!(tracks.len(), 5, "{identifier}");
            assert_eq!(tracks, found(identifier), "{identifier}");
            assert_eq!(tracks[0].info.title, "a b 1", "{identifier}");
            for track in &tracks {
                assert_eq!(track.info.source_name, source, "{identifier}");
                assert!((60_000..300_000).contains(&track.info.length), "{track:?}");
            }
        }
        let ids = found("ytsearch:x").into_iter().map(|track| track.info.identifier);
        let ids: std::collections::HashSet<_> = ids.collect();
        assert_eq!(ids.len(), 5);
        assert!(ids.iter().all(|id| id.len() == 11), "{ids:?}");
    }

    #[test]
    fn what_is_found_can_be_loaded_by_its_address() {
        let track = found("ytsearch:a").remove(2);
        let by_address = simulated().load(track.info.uri.as_deref().unwrap());
        let Some(LoadResult::Track(same)) = by_address else { panic!("{by_address:?}") };
        assert_eq!(same.info.identifier, track.info.identifier);
        assert_eq!(same.info.length, track.info.length);
        let by_address = simulated().load("https://soundcloud.com/someone/some-song");
        let Some(LoadResult::Track(song)) = by_address else { panic!("{by_address:?}") };
        assert_eq!((song.info.author.as_str(), song.info.title.as_str()), ("someone", "some-song"));
    }

    #[test]
    fn links_to_lists_give_lists() {
        let list = |identifier| match simulated().load(identifier) {
            Some(LoadResult::Playlist { name, selected, tracks, .. }) => (name, selected, tracks),
            other => panic!("{identifier}: {other:?}"),
        };
        let (name, selected, tracks) = list("https://www.youtube.com/playlist?list=PL1");
        assert_eq!((name.as_str(), selected, tracks.len()), ("Playlist PL1", None, 10));
        let (_, selected, tracks) = list("https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1");
        assert_eq!(selected, Some(0));
        assert_eq!(tracks[0].info.identifier, "dQw4w9WgXcQ");
        let (name, selected, tracks) = list("https://soundcloud.com/someone/sets/best-of");
        assert_eq!((name.as_str(), selected, tracks.len()), ("best-of", None, 10));
    }

    #[test]
    fn brackets_say_what_happens() {
        assert_eq!(simulated().load("ytsearch:a [empty]"), Some(LoadResult::Empty));
        assert_eq!(simulated().load("scsearch: "), Some(LoadResult::Empty));
        let failed = simulated().load("ytsearch:a [error]");
        assert!(matches!(failed, Some(LoadResult::Failed(_))), "{failed:?}");
        assert_eq!(found("ytsearch:[7s] a")[0].info.length, 7000);
        for odd in ["ytsearch:[s]", "ytsearch:[0s]", "ytsearch:[-1s]", "ytsearch:[99999999999s]"] {
            assert!(found(odd)[0].info.length >= 60_000, "{odd}");
        }
        let live = &found("scsearch:news [live]")[0].info;
        assert_eq!((live.length, live.is_stream, live.is_seekable), (i64::MAX, true, false));
    }

    #[test]
    fn what_is_not_meant_is_left_to_others() {
        for other in
            ["", "a", "dzsearch:a", "http://127.0.0.1/x.mp3", "https://example.org/someone/song"]
        {
            assert_eq!(simulated().load(other), None, "{other}");
        }
        for nothing in [
            "https://www.youtube.com/",
            "https://www.youtube.com/feed?list=x",
            "https://youtu.be/",
            "https://soundcloud.com/someone",
        ] {
            assert_eq!(simulated().load(nothing), Some(LoadResult::Empty), "{nothing}");
        }
        let off = SourceSwitches { local: true, http: true, youtube: false, soundcloud: false };
        let off = Simulated::new(&off, &CancellationToken::new());
        assert_eq!(off.load("ytsearch:a"), None);
        assert_eq!(off.names().count(), 0);
    }
}
