//! Sources: identifiers to tracks.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::failure::LoadFailure;
use super::http_media::{OpenError, Opened, Web};
use super::lookup::{
    Reference, Step, blocking, failed, file_path, load_file, load_from, load_url, web_address,
};
use super::outbound::Outbound;
use super::probe::TRANSPORT;
use super::simulated::Simulated;
use super::transport::TransportStream;
use super::youtube::{self, Wanted, Youtube};
use super::{Catalogue, DecodeError, EncodedTrack, Media, Track, TrackInfo};
use crate::clock::{Clock, Patience};
use crate::config::{ClockKind, Config};
use crate::deviations::switch::{self, deviates, either};
use crate::routeplanner::RoutePlanner;

/// Lookups that one identifier may lead to, the first among them.
const MOST_LOOKUPS: usize = 5;

pub(super) const LOCAL: &str = "local";
pub(super) const HTTP: &str = "http";

/// The enabled sources.
#[derive(Debug)]
pub struct Sources {
    local: bool,
    http: Option<Web>,
    youtube: Option<Youtube>,
    simulated: Option<Simulated>,
    catalogue: Catalogue,
    stop: CancellationToken,
}

impl Sources {
    /// Those that the configuration enables, without a route planner. They read until they are
    /// told to stop.
    pub fn new(config: &Config, stop: &CancellationToken) -> Self {
        Self::guarded(config, None, Clock::new(ClockKind::Real), stop)
    }

    /// Those that the configuration enables. `youtube` sends its requests from the addresses that
    /// the planner picks, and `http` does if the configuration says so.
    pub(crate) fn guarded(
        config: &Config,
        planner: Option<Arc<RoutePlanner>>,
        clock: Clock,
        stop: &CancellationToken,
    ) -> Self {
        let timeouts = &config.timeouts;
        let guards_http = config.guard_http || deviates(switch::ROUTEPLANNER_090_GUARDED);
        let of_http = planner.clone().filter(|_| guards_http);
        let web = || {
            let outbound = match config.simulate_sources {
                false => Outbound::unhurried(timeouts, of_http),
                true => Outbound::only_here(timeouts, of_http),
            };
            Web::new(timeouts, outbound, stop)
        };
        let http = config.sources.http.then(web);
        let simulated = config.simulate_sources.then(|| Simulated::new(&config.sources, stop));
        let asks = config.sources.youtube && simulated.is_none();
        let upstream = config.upstream.clone().filter(|_| asks);
        let outbound = Outbound::new(timeouts, planner);
        let youtube = upstream.map(|upstream| Youtube::new(outbound, upstream, clock));
        Self {
            local: config.sources.local,
            http,
            youtube,
            simulated,
            catalogue: Catalogue::default(),
            stop: stop.clone(),
        }
    }

    /// The tracks that a test makes up. They are asked for first.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Names in registration order, for `/v4/info`.
    pub fn names(&self) -> Vec<String> {
        let youtube = self.youtube.is_some().then_some(youtube::NAME);
        let local = self.local.then_some(LOCAL);
        let http = self.http.is_some().then_some(HTTP);
        let simulated = self.simulated.iter().flat_map(Simulated::names);
        let own = youtube.into_iter().chain(simulated).chain(local).chain(http);
        let mut names: Vec<_> = own.map(str::to_owned).collect();
        names.extend(self.catalogue.names());
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// Looks an identifier up; the first source that knows it wins. What that refers to, such as a
    /// redirect or a list, is looked up in turn.
    pub async fn load(&self, identifier: &str) -> LoadResult {
        if let Some(found) = self.catalogue.load(identifier) {
            return found;
        }
        let mut reference = Reference { identifier: identifier.to_owned(), title: None };
        let most = either(switch::TRACKS_213_ONE_MORE, MOST_LOOKUPS, MOST_LOOKUPS + 1);
        for _ in 0..most {
            match self.look_up(&reference).await {
                Step::Ends(LoadResult::Track(mut track))
                    if reference.identifier != identifier
                        && deviates(switch::TRACKS_210_FIRST_URL) =>
                {
                    track.info.identifier = identifier.to_owned();
                    track.info.uri = Some(identifier.to_owned());
                    return LoadResult::Track(track);
                }
                Step::Ends(result) => return result,
                Step::Refers(next) => reference = next,
            }
        }
        if deviates(switch::TRACKS_213_ERROR) {
            return failed(&OpenError::missing());
        }
        LoadResult::Empty
    }

    async fn look_up(&self, reference: &Reference) -> Step {
        let identifier = reference.identifier.as_str();
        if let Some(youtube) = &self.youtube
            && let Some(wanted) = Wanted::read(identifier)
        {
            return Step::Ends(load_from(youtube, &wanted).await);
        }
        if let Some(found) = self.simulated.as_ref().and_then(|source| source.load(identifier)) {
            return Step::Ends(found);
        }
        if self.local && Path::new(file_path(identifier)).is_file() {
            let path = identifier.to_owned();
            return blocking(move || load_file(&path)).await;
        }
        match (&self.http, web_address(identifier)) {
            (Some(web), Some(identifier)) => {
                let title = reference.title.clone();
                load_url(web, Reference { identifier, title }).await
            }
            _ => Step::Ends(LoadResult::Empty),
        }
    }

    /// Opens a track to play it. `patience` is for a source that lets one wait.
    pub(crate) async fn open(
        &self,
        track: &TrackInfo,
        patience: Patience,
    ) -> Result<Media, LoadFailure> {
        if let Some(opened) = self.catalogue.open(track, &patience, &self.stop) {
            return opened;
        }
        let simulated = self.simulated.as_ref();
        if let Some(opened) = simulated.and_then(|source| source.open(track, &patience)) {
            return opened;
        }
        match (track.source_name.as_str(), &self.http) {
            (LOCAL, _) if self.local => {
                let path = &track.identifier;
                match File::open(file_path(path)) {
                    Ok(file) => Ok(playable(track, Media::finite(Box::new(file)))),
                    Err(error) => {
                        let error = FileError::of(path, error);
                        let failure = LoadFailure::of_opening(&error);
                        let other = LoadFailure::of_decoding(&error);
                        Err(either(switch::PLAYBACK_063_DECODING, failure, other))
                    }
                }
            }
            (HTTP, Some(_)) if is_raw_aac(track) && deviates(switch::PLAYBACK_105_REFUSED) => {
                Err(LoadFailure::of_opening(&DecodeError::UnknownSource))
            }
            (HTTP, Some(_)) if is_transport(track) && deviates(switch::PLAYBACK_107_REFUSED) => {
                Err(LoadFailure::of_opening(&DecodeError::UnknownSource))
            }
            (HTTP, Some(web)) if is_list(track) => {
                let inner = track.probe_info.as_deref() == Some("m3u|hls-inner");
                web.stream(&track.identifier, inner, patience).open().await
            }
            (HTTP, Some(web)) => match web.open_to_play(&track.identifier, patience).await {
                Ok(Opened::Media(media, _)) => Ok(playable(track, media)),
                Ok(Opened::Moved(_)) => Err(LoadFailure::of_opening(&OpenError::moved())),
                Ok(Opened::Missing) => Err(LoadFailure::of_opening(&OpenError::missing())),
                Err(error) => Err(LoadFailure::of_opening(&error)),
            },
            _ => Err(LoadFailure::of_opening(&DecodeError::UnknownSource)),
        }
    }

    /// Reads an encoded track; one whose source is not enabled is an error.
    ///
    /// # Errors
    /// [`DecodeError`] also if nothing of it is wrong but its source is not enabled.
    pub fn decode(&self, encoded: &str) -> Result<Track, DecodeError> {
        let names = self.names();
        let known = |source_name: &str| names.iter().any(|name| name == source_name);
        let track = EncodedTrack::read_of(encoded, known)?;
        Ok(self.catalogue.recognise(track))
    }
}

/// What a lookup gave.
#[derive(Debug, PartialEq, Eq)]
pub enum LoadResult {
    /// One track.
    Track(Box<Track>),
    /// Tracks that were searched for, at least one.
    Search(Vec<Track>),
    /// A list of tracks, at least one.
    Playlist {
        /// What it is called.
        name: String,
        /// The track that the identifier means, if one.
        selected: Option<usize>,
        /// `pluginInfo`, an object.
        plugin_info: Value,
        /// All of them.
        tracks: Vec<Track>,
    },
    /// Nothing known by that identifier.
    Empty,
    /// The lookup broke.
    Failed(LoadFailure),
}

/// Why a file cannot be played, as Java says it
/// (docs/observed/playback.md#tracks-that-cannot-be-opened).
#[derive(Debug, thiserror::Error)]
enum FileError {
    #[error("java.io.FileNotFoundException: {0} (No such file or directory)")]
    Missing(String),
    #[error("java.io.FileNotFoundException: {0} ({1})")]
    Closed(String, io::Error),
}

impl FileError {
    fn of(path: &str, error: io::Error) -> Self {
        let path = either(switch::PLAYBACK_063_NAMELESS, path, "a file").to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            _ => Self::Closed(path, error),
        }
    }
}

/// Media as a decoder takes them.
fn playable(track: &TrackInfo, media: Media) -> Media {
    if !is_transport(track) {
        return media;
    }
    Media { source: Box::new(TransportStream::new(media.source)), ..media }
}

fn is_transport(track: &TrackInfo) -> bool {
    track.probe_info.as_deref() == Some(TRANSPORT)
}

fn is_raw_aac(track: &TrackInfo) -> bool {
    track.probe_info.as_deref() == Some("adts")
}

/// Whether a track is a stream over HTTP (HLS).
fn is_list(track: &TrackInfo) -> bool {
    let is_list = track.probe_info.as_deref().is_some_and(|probe| probe.starts_with("m3u|"));
    is_list && !deviates(switch::PLAYBACK_100_NOT_READ)
}

#[cfg(test)]
mod tests;
