//! One lookup: a file, a URL or a video, and what it refers to.

use std::fs::File;

use symphonia::core::io::MediaSource;

use super::failure::LoadFailure;
use super::http_media::{Described, Hint, OpenError, Opened, Web};
use super::probe::{Found, probe};
use super::sources::{HTTP, LOCAL, LoadResult};
use super::youtube::{Found as FoundVideos, Wanted, Youtube};
use super::{Track, java_uri};
use crate::deviations::switch::{self, deviates};

pub(super) async fn load_from(youtube: &Youtube, wanted: &Wanted) -> LoadResult {
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
pub(super) enum Step {
    Ends(LoadResult),
    Refers(Reference),
}

/// The URL of the web that an identifier means; case counts.
pub(super) fn web_address(identifier: &str) -> Option<String> {
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

pub(super) async fn blocking(work: impl FnOnce() -> Step + Send + 'static) -> Step {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Step::Ends(failed(&error)))
}

/// The path of a file as Java understands it, to whom a slash at the end says nothing.
pub(super) fn file_path(identifier: &str) -> &str {
    let path = identifier.trim_end_matches('/');
    if path.is_empty() { identifier } else { path }
}

pub(super) fn load_file(path: &str) -> Step {
    match File::open(file_path(path)) {
        Ok(file) => {
            let reference = Reference { identifier: path.to_owned(), title: None };
            let hint = Hint::of_file(file_path(path));
            let described = Described { hint, ..Described::default() };
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

pub(super) async fn load_url(web: &Web, reference: Reference) -> Step {
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

pub(super) fn failed(error: &dyn std::error::Error) -> LoadResult {
    tracing::debug!("a lookup failed: {error}");
    LoadResult::Failed(LoadFailure::of_lookup(error))
}
