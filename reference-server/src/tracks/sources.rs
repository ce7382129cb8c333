//! Sources: identifiers to tracks.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use symphonia::core::errors::Error as MediaError;
use symphonia::core::io::MediaSource;
use tokio_util::sync::CancellationToken;

use super::http_media::{Described, OpenError, Opened, Web};
use super::outbound::Outbound;
use super::probe::{Found, probe};
use super::simulated::Simulated;
use super::youtube::{self, Found as FoundVideos, Wanted, Youtube};
use super::{Catalogue, DecodeError, EncodedTrack, Media, Track, TrackInfo, java_uri};
use crate::clock::{Clock, Patience};
use crate::config::{ClockKind, Config};
use crate::deviations::switch::{self, deviates, either};
use crate::routeplanner::RoutePlanner;

/// Lookups that one identifier may lead to, the first among them.
const MOST_LOOKUPS: usize = 5;

const LOCAL: &str = "local";
const HTTP: &str = "http";

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
        if self.local && Path::new(identifier).is_file() {
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
                match File::open(path) {
                    Ok(file) => Ok(Media::finite(Box::new(file))),
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
            (HTTP, Some(web)) if is_list(track) => {
                let inner = track.probe_info.as_deref() == Some("m3u|hls-inner");
                web.stream(&track.identifier, inner, patience).open().await
            }
            (HTTP, Some(web)) => match web.open_to_play(&track.identifier, patience).await {
                Ok(Opened::Media(media, _)) => Ok(media),
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

/// `data` of an `error` load result, and the `exception` of TrackExceptionEvent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadFailure {
    /// For the person who asked.
    pub message: String,
    /// `common`, `suspicious` or `fault`.
    pub severity: &'static str,
    /// Class and message of the cause.
    pub cause: String,
    /// Stack trace of the cause.
    pub cause_stack_trace: String,
}

impl LoadFailure {
    /// What the real server tells of every broken lookup. Why it broke goes to the log and into
    /// the stack trace.
    pub(super) fn of_lookup(why: &dyn std::error::Error) -> Self {
        const MESSAGE: &str = "Something went wrong while looking up the track.";
        let cause = format!("com.sedmelluq.discord.lavaplayer.tools.FriendlyException: {MESSAGE}");
        let failure = Self::fault(MESSAGE, cause, why);
        let message = either(switch::TRACKS_008_REASON, failure.message.clone(), why.to_string());
        let severity = either(switch::TRACKS_008_SEVERITY, failure.severity, "suspicious");
        Self { message, severity, ..failure }
    }

    /// What the real server tells of a track that does not even begin.
    pub(crate) fn of_opening(why: &dyn std::error::Error) -> Self {
        Self::fault("Something broke when playing the track.", why.to_string(), why)
    }

    /// What the real server tells of a track that breaks on its way.
    pub(crate) fn of_decoding(why: &(dyn std::error::Error + 'static)) -> Self {
        if let Some(Told(failure)) = Told::within(why) {
            return failure.clone();
        }
        Self::fault("Something went wrong when decoding the track.", why.to_string(), why)
    }

    fn fault(message: &str, cause: String, why: &dyn std::error::Error) -> Self {
        let mut trace = cause.clone();
        let mut reason = Some(why);
        while let Some(error) = reason {
            trace.push_str(&format!("\nCaused by: {error}"));
            reason = error.source();
        }
        Self { message: message.into(), severity: "fault", cause, cause_stack_trace: trace }
    }

    /// `{message, severity, cause, causeStackTrace}`.
    pub fn to_json(&self) -> Value {
        json!({
            "message": self.message,
            "severity": self.severity,
            "cause": self.cause,
            "causeStackTrace": self.cause_stack_trace,
        })
    }
}

/// A failure that a test has asked for, word by word.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub(super) struct Told(pub(super) LoadFailure);

impl Told {
    /// The one that an error of media came of.
    fn within<'a>(why: &'a (dyn std::error::Error + 'static)) -> Option<&'a Self> {
        let mut next = Some(why);
        while let Some(error) = next {
            let io = match error.downcast_ref::<MediaError>() {
                Some(MediaError::IoError(error)) => Some(error),
                _ => error.downcast_ref::<io::Error>(),
            };
            let told = io.and_then(|error| {
                error.get_ref()?.downcast_ref::<Arc<dyn std::error::Error + Send + Sync>>()
            });
            if let Some(told) = told.and_then(|told| told.downcast_ref::<Self>()) {
                return Some(told);
            }
            next = error.source();
        }
        None
    }
}

fn is_raw_aac(track: &TrackInfo) -> bool {
    track.probe_info.as_deref() == Some("adts")
}

/// Whether a track is a stream over HTTP (HLS).
fn is_list(track: &TrackInfo) -> bool {
    let is_list = track.probe_info.as_deref().is_some_and(|probe| probe.starts_with("m3u|"));
    is_list && !deviates(switch::PLAYBACK_100_NOT_READ)
}

async fn load_from(youtube: &Youtube, wanted: &Wanted) -> LoadResult {
    match youtube.look_up(wanted).await {
        Ok(FoundVideos::Search(tracks)) if tracks.is_empty() => LoadResult::Empty,
        Ok(FoundVideos::Search(tracks)) => LoadResult::Search(tracks),
        Ok(FoundVideos::Video(track)) => LoadResult::Track(track),
        Err(_) if deviates(switch::ROUTEPLANNER_065_EMPTY) => LoadResult::Empty,
        Err(error) => failed(&error),
    }
}

/// What is looked up, and what is known of it already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) identifier: String,
    /// What a list called it.
    pub(super) title: Option<String>,
}

/// What a lookup comes to.
enum Step {
    Ends(LoadResult),
    Refers(Reference),
}

/// The URL of the web that an identifier means; case counts.
fn web_address(identifier: &str) -> Option<String> {
    if identifier.starts_with("http://") || identifier.starts_with("https://") {
        return Some(identifier.to_owned());
    }
    if let Some((scheme, rest)) = identifier.split_once("://")
        && ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web))
        && deviates(switch::TRACKS_241_CASE_IGNORED)
    {
        return Some(format!("{}://{rest}", scheme.to_ascii_lowercase()));
    }
    let station =
        identifier.strip_prefix("icy://").filter(|_| !deviates(switch::TRACKS_241_ICY))?;
    Some(format!("http://{station}"))
}

async fn blocking(work: impl FnOnce() -> Step + Send + 'static) -> Step {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Step::Ends(failed(&error)))
}

fn load_file(path: &str) -> Step {
    match File::open(path) {
        Ok(file) => {
            let reference = Reference { identifier: path.to_owned(), title: None };
            let adts = path.ends_with(".aac");
            let described = Described { adts, ..Described::default() };
            probed(Box::new(file), &reference, &described, LOCAL)
        }
        Err(error) => Step::Ends(failed(&error)),
    }
}

fn probed(
    source: Box<dyn MediaSource>,
    reference: &Reference,
    described: &Described,
    source_name: &'static str,
) -> Step {
    match probe(source, reference, described, source_name) {
        Ok(Found::Track(info)) => Step::Ends(LoadResult::Track(Box::new(Track::new(*info, 0)))),
        Ok(Found::Link(next)) => Step::Refers(next),
        Err(error) => Step::Ends(failed(&error)),
    }
}

async fn load_url(web: &Web, reference: Reference) -> Step {
    let url = reference.identifier.clone();
    if !java_uri::is_valid(&url) {
        return Step::Ends(failed(&OpenError::NoUri(url)));
    }
    match web.open(&url).await {
        Ok(Opened::Missing) => Step::Ends(LoadResult::Empty),
        Ok(Opened::Moved(location)) => match java_uri::resolve(&url, &location) {
            Some(identifier)
                if web_address(&identifier).is_none()
                    && deviates(switch::TRACKS_210_NOWHERE_IS_AN_ERROR) =>
            {
                Step::Ends(failed(&OpenError::missing()))
            }
            Some(identifier) => {
                let kept = reference.title.filter(|_| deviates(switch::TRACKS_214_KEPT));
                Step::Refers(Reference { identifier, title: kept })
            }
            None if deviates(switch::TRACKS_210_NO_URL_IS_NOWHERE) => Step::Ends(LoadResult::Empty),
            None => Step::Ends(failed(&OpenError::NoUri(location))),
        },
        Ok(Opened::Media(media, described)) => {
            blocking(move || probed(media.source, &reference, &described, HTTP)).await
        }
        Err(error) => Step::Ends(failed(&error)),
    }
}

fn failed(error: &dyn std::error::Error) -> LoadResult {
    tracing::debug!("a lookup failed: {error}");
    LoadResult::Failed(LoadFailure::of_lookup(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SourceSwitches;

    fn sources(local: bool, http: bool) -> Sources {
        let sources = SourceSwitches { local, http, ..Config::default().sources };
        Sources::new(&Config { sources, ..Config::default() }, &CancellationToken::new())
    }

    fn media(name: &str) -> String {
        format!("{}/../fixtures/media/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    async fn info(name: &str) -> TrackInfo {
        match sources(true, false).load(&media(name)).await {
            LoadResult::Track(track) => track.info,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// Names under `.invalid` have no address, and none of these is asked for.
    #[tokio::test]
    async fn simulated_sources_let_nothing_leave_the_machine() {
        let config = Config { simulate_sources: true, ..Config::default() };
        let sources = Sources::new(&config, &CancellationToken::new());
        for (link, found) in [
            ("https://on.soundcloud.com/x", true),
            ("youtube.com/watch?v=dQw4w9WgXcQ", true),
            ("https://open.spotify.com/track/x", false),
            ("http://nobody.invalid/a.mp3", false),
            ("http://192.0.2.1/a.mp3", false),
            ("icy://[2001:db8::1]/a", false),
        ] {
            match sources.load(link).await {
                LoadResult::Track(_) => assert!(found, "{link}"),
                LoadResult::Failed(failure) => {
                    let trace = failure.cause_stack_trace;
                    assert!(!found && trace.contains("nobody but this machine"), "{link}: {trace}");
                }
                other => panic!("{link}: {other:?}"),
            }
        }
    }

    /// Nor does a stream whose list is here and whose segments are not.
    #[tokio::test]
    async fn segments_elsewhere_are_not_asked_for() {
        let list = "#EXTM3U\n#EXTINF:0.1,\nhttp://192.0.2.1/a.ts\n";
        let routes =
            axum::Router::new().route("/a.m3u8", axum::routing::get(move || async move { list }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/a.m3u8", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, routes).await });
        let config = Config { simulate_sources: true, ..Config::default() };
        let sources = Sources::new(&config, &CancellationToken::new());
        let LoadResult::Track(track) = sources.load(&url).await else { panic!("{url}") };
        assert_eq!(track.info.probe_info.as_deref(), Some("m3u|hls-outer"));
        let opened = sources.open(&track.info, Patience::Machine).await;
        let failure = opened.err().unwrap();
        assert!(failure.cause.contains("nobody but this machine"), "{}", failure.cause);
    }

    #[tokio::test]
    async fn containers_are_named_as_lavaplayer_names_them() {
        for (name, container, length) in [
            ("tone.mp3", "mp3", 2612),
            ("tone.flac", "flac", 3000),
            ("tone.ogg", "ogg", 3000),
            ("tone.m4a", "mp4", 3023),
            ("tone.webm", "matroska/webm", 3008),
            ("tone.aac", "adts", i64::MAX),
            ("tone.wav", "wav", 1000),
        ] {
            let info = info(name).await;
            assert_eq!(info.probe_info.as_deref(), Some(container), "{name}");
            assert_eq!(info.length, length, "{name}");
            assert_eq!(
                (info.title.as_str(), info.author.as_str()),
                ("Unknown title", "Unknown artist")
            );
            let endless = container == "adts";
            assert_eq!((info.is_seekable, info.is_stream), (!endless, endless), "{name}");
        }
    }

    #[tokio::test]
    async fn tags_become_title_and_author() {
        for name in ["tagged.mp3", "tagged.flac"] {
            let info = info(name).await;
            assert_eq!(
                (info.title.as_str(), info.author.as_str()),
                ("Tagged Title", "Tagged Artist")
            );
        }
    }

    #[tokio::test]
    async fn what_is_no_audio_fails_and_what_is_not_there_is_empty() {
        let failure = match sources(true, true).load(&media("garbage.bin")).await {
            LoadResult::Failed(failure) => failure,
            other => panic!("{other:?}"),
        };
        assert_eq!(failure.message, "Something went wrong while looking up the track.");
        assert_eq!(failure.severity, "fault");
        for nothing in ["", " ", "no such thing", "/tmp", "/missing.mp3", "ytsearch:x", "ftp://x/y"]
        {
            assert_eq!(sources(true, true).load(nothing).await, LoadResult::Empty, "{nothing}");
        }
        assert_eq!(sources(false, true).load(&media("tone.wav")).await, LoadResult::Empty);
        for broken in ["http://127.0.0.1:1/none.mp3", "http://"] {
            let result = sources(false, true).load(broken).await;
            assert!(matches!(result, LoadResult::Failed(_)), "{broken}: {result:?}");
        }
    }

    /// A server on loopback: media with and without its length, errors, a redirect without end.
    async fn web() -> String {
        use axum::body::Body;
        use axum::response::Redirect;
        use axum::routing::get;
        use http::StatusCode;

        let file = |name: &str| std::fs::read(media(name)).unwrap();
        let (mp3, wav, garbage) = (file("tagged.mp3"), file("tone.wav"), file("garbage.bin"));
        let endless = mp3.clone();
        let stream = move || async move {
            let chunks = endless.chunks(4096).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()));
            Body::from_stream(futures::stream::iter(chunks.collect::<Vec<_>>()))
        };
        let routes = axum::Router::new()
            .route("/tagged.mp3", get(|| async { mp3 }))
            .route("/tone.wav", get(|| async { wav }))
            .route("/garbage", get(|| async { garbage }))
            .route("/stream.mp3", get(stream))
            .route("/forbidden", get(|| async { StatusCode::FORBIDDEN }))
            .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/moved", get(|| async { Redirect::temporary("/tone.wav") }))
            .route("/loop", get(|| async { Redirect::temporary("/loop") }))
            .route("/hang", get(std::future::pending::<()>));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, routes).await });
        url
    }

    #[tokio::test]
    async fn the_web_is_looked_up() {
        let url = web().await;
        let mut config = Config::default();
        config.timeouts.socket_timeout_ms = 300;
        let sources = Sources::new(&config, &CancellationToken::new());
        let track = async |path: &str| match sources.load(&format!("{url}{path}")).await {
            LoadResult::Track(track) => track.info,
            other => panic!("{path}: {other:?}"),
        };

        let info = track("/tagged.mp3").await;
        assert_eq!((info.title.as_str(), info.length), ("Tagged Title", 2612));
        assert_eq!(info.uri.as_deref(), Some(info.identifier.as_str()));
        assert_eq!((info.source_name.as_str(), info.is_stream), ("http", false));

        let info = track("/stream.mp3").await;
        assert_eq!((info.length, info.is_stream, info.is_seekable), (i64::MAX, true, false));

        let info = track("/moved").await;
        assert_eq!((info.length, info.identifier), (1000, format!("{url}/tone.wav")));

        assert_eq!(sources.load(&format!("{url}/missing")).await, LoadResult::Empty);
        assert_eq!(sources.load(&format!("{url}/loop")).await, LoadResult::Empty);
        for path in ["/forbidden", "/broken", "/garbage", "/hang", "/a b"] {
            let result = sources.load(&format!("{url}{path}")).await;
            assert!(matches!(result, LoadResult::Failed(_)), "{path}: {result:?}");
        }
    }

    #[tokio::test]
    async fn a_track_of_a_source_that_is_off_is_not_decoded() {
        let track = Track::new(info("tone.wav").await, 0);
        let encoded = EncodedTrack::write(&track, 0);
        assert_eq!(sources(true, false).decode(&encoded).as_ref(), Ok(&track));
        assert_eq!(sources(false, true).decode(&encoded), Err(DecodeError::UnknownSource));
    }
}
