//! Sources: identifiers to tracks.

use super::{DecodeError, Track};
use crate::config::Config;

/// The enabled sources.
#[derive(Debug)]
pub struct Sources;

impl Sources {
    /// Those that the configuration enables.
    pub fn new(_config: &Config) -> Self {
        Self
    }

    /// Names in registration order, for `/v4/info`.
    pub fn names(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// Looks an identifier up, the first source that knows it wins.
    pub async fn load(&self, _identifier: &str) -> LoadResult {
        LoadResult::Empty
    }

    /// Reads an encoded track; one whose source is not enabled is an error.
    pub fn decode(&self, _encoded: &str) -> Result<Track, DecodeError> {
        Err(DecodeError::Truncated)
    }
}

/// What a lookup gave.
#[derive(Debug, PartialEq, Eq)]
pub enum LoadResult {
    /// One track.
    Track(Box<Track>),
    /// Nothing known by that identifier.
    Empty,
    /// The lookup broke.
    Failed(LoadFailure),
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
