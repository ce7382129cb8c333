//! Tracks that a test makes up: what identifiers lead to, and how it plays.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::failure::Told;
use super::simulated::{Tone, number};
use super::{LoadFailure, LoadResult, Media, Track, TrackInfo};
use crate::clock::Patience;
use crate::wildcard::is_like;

/// The tracks of a test; none until it puts some.
#[derive(Debug, Default)]
pub(crate) struct Catalogue(Mutex<Arc<Contents>>);

/// What a catalogue holds.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// As it was put, one value an entry.
    pub(crate) given: Vec<Value>,
    pub(crate) entries: Vec<Entry>,
    /// Names of sources besides those of the tracks.
    pub(crate) sources: Vec<String>,
    /// All tracks, by source and identifier.
    tracks: HashMap<(String, String), Own>,
    /// The same, by their addresses.
    by_uri: HashMap<String, Own>,
}

/// An identifier, and what it leads to.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// `*` stands for any text.
    pub(crate) identifier: String,
    pub(crate) outcome: Outcome,
}

#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Track(Own),
    Search(Vec<Own>),
    Playlist { name: String, selected: Option<usize>, plugin_info: Value, tracks: Vec<Own> },
    Empty,
    Failed(LoadFailure),
}

/// A track, and how it plays.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub(crate) track: Track,
    pub(crate) plays: Plays,
}

/// What a track has that is not written into its encoded form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// `pluginInfo`, instead of the usual one.
    pub plugin_info: Option<Value>,
    /// `userData` in answers to loadtracks.
    pub user_data: Option<Value>,
}

/// How a track plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plays {
    /// A tone from its beginning to its end.
    Tone,
    /// There are no data for some time, once.
    Stuck { after: Duration, time: Duration },
    /// It breaks; at its very beginning it cannot even be opened.
    Breaks { after: Duration, failure: LoadFailure },
}

impl Catalogue {
    /// What it holds.
    pub(crate) fn contents(&self) -> Arc<Contents> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Has it hold something else.
    pub(crate) fn put(&self, contents: Contents) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(contents);
    }

    pub(crate) fn clear(&self) {
        self.put(Contents::default());
    }

    /// What an identifier leads to; `None` if it is not in the catalogue.
    pub(super) fn load(&self, identifier: &str) -> Option<LoadResult> {
        self.contents().load(identifier)
    }

    /// What else a track has that was read from its encoded form.
    pub(super) fn recognise(&self, mut track: Track) -> Track {
        let contents = self.contents();
        track.extra = contents.find(&track.info).and_then(|own| own.track.extra.clone());
        track
    }

    /// Opens a track; `None` if it is of another source.
    pub(super) fn open(
        &self,
        track: &TrackInfo,
        patience: &Patience,
        stop: &CancellationToken,
    ) -> Option<Result<Media, LoadFailure>> {
        let contents = self.contents();
        let own = contents.find(track);
        let foreign = || contents.sources.contains(&track.source_name);
        let plays = match own {
            Some(own) => &own.plays,
            None => foreign().then_some(&Plays::Tone)?,
        };
        let tone = Tone::new(number(&track.identifier), track.length);
        Some(match plays {
            Plays::Tone => Ok(Media { known: tone.known(), ..Media::finite(Box::new(tone)) }),
            Plays::Stuck { after, time } => {
                let stalling = tone.stalling(*after, *time, patience.clone(), stop.clone());
                Ok(Media::finite(Box::new(stalling)))
            }
            Plays::Breaks { after, failure } if after.is_zero() => Err(failure.clone()),
            Plays::Breaks { after, failure } => {
                let breaking = tone.breaking(*after, Told(failure.clone()));
                Ok(Media::finite(Box::new(breaking)))
            }
        })
    }

    /// Names of the sources that it has tracks of.
    pub(super) fn names(&self) -> Vec<String> {
        self.contents().names()
    }
}

impl Contents {
    /// With these entries; of several tracks with one source and identifier the first counts.
    pub(crate) fn new(given: Vec<Value>, entries: Vec<Entry>, sources: Vec<String>) -> Self {
        let mut contents = Self { given, sources, ..Self::default() };
        for own in entries.iter().flat_map(Entry::tracks) {
            let info = &own.track.info;
            let key = (info.source_name.clone(), info.identifier.clone());
            contents.tracks.entry(key).or_insert_with(|| own.clone());
            if let Some(uri) = &info.uri {
                contents.by_uri.entry(uri.clone()).or_insert_with(|| own.clone());
            }
        }
        contents.entries = entries;
        contents
    }

    /// How many tracks there are.
    pub(crate) fn track_count(&self) -> usize {
        self.tracks.len()
    }

    /// Names of sources, each once.
    pub(crate) fn names(&self) -> Vec<String> {
        let of_tracks = self.entries.iter().flat_map(Entry::tracks);
        let of_tracks = of_tracks.map(|own| &own.track.info.source_name);
        let mut names: Vec<String> = Vec::new();
        for name in self.sources.iter().chain(of_tracks) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    fn find(&self, info: &TrackInfo) -> Option<&Own> {
        if self.tracks.is_empty() {
            return None;
        }
        self.tracks.get(&(info.source_name.clone(), info.identifier.clone()))
    }

    fn load(&self, identifier: &str) -> Option<LoadResult> {
        let entry = self.entries.iter().find(|entry| is_like(&entry.identifier, identifier));
        match entry {
            Some(entry) => Some(entry.outcome.result()),
            None => {
                let own = self.by_uri.get(identifier)?;
                Some(LoadResult::Track(Box::new(own.track.clone())))
            }
        }
    }
}

impl Entry {
    pub(crate) fn tracks(&self) -> &[Own] {
        match &self.outcome {
            Outcome::Track(own) => std::slice::from_ref(own),
            Outcome::Search(tracks) | Outcome::Playlist { tracks, .. } => tracks,
            Outcome::Empty | Outcome::Failed(_) => &[],
        }
    }
}

impl Outcome {
    fn result(&self) -> LoadResult {
        let all = |tracks: &[Own]| tracks.iter().map(|own| own.track.clone()).collect();
        match self {
            Self::Track(own) => LoadResult::Track(Box::new(own.track.clone())),
            Self::Search(tracks) if tracks.is_empty() => LoadResult::Empty,
            Self::Search(tracks) => LoadResult::Search(all(tracks)),
            Self::Playlist { name, selected, plugin_info, tracks } => LoadResult::Playlist {
                name: name.clone(),
                selected: *selected,
                plugin_info: plugin_info.clone(),
                tracks: all(tracks),
            },
            Self::Empty => LoadResult::Empty,
            Self::Failed(failure) => LoadResult::Failed(failure.clone()),
        }
    }
}
