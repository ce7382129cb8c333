//! Media behind a URL, read bit by bit.

use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::header::{CONTENT_LENGTH, LOCATION};
use http::{HeaderMap, StatusCode};
use reqwest::Response;
use symphonia::core::io::MediaSource;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::hls::Hls;
use super::outbound::{Ask, Outbound, OutboundError};
use super::{Media, Unproductive};
use crate::clock::Patience;
use crate::config::Timeouts;
use crate::deviations::switch::{self, deviates, either};

/// How long a lookup may take in all, however slowly the bytes trickle.
const WHOLE_LIMIT: Duration = Duration::from_secs(30);

/// Media on the web, within the configured limits.
#[derive(Debug)]
pub(super) struct Web {
    /// Longest time between two reads.
    read_timeout: Duration,
    outbound: Outbound,
    /// Cancelled when nothing is to be read any more.
    stop: CancellationToken,
}

/// What is at a URL.
pub(super) enum Opened {
    /// 404.
    Missing,
    /// A redirect: what its Location says.
    Moved(String),
    /// Something to look into, and what the server says about it.
    Media(Media, Described),
}

/// What the headers of an answer say about its media.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    /// What a radio station calls itself.
    pub(super) title: Option<String>,
    /// What it calls its programme.
    pub(super) author: Option<String>,
    /// What it seems to be by its type or its name, which is looked at first.
    pub(super) hint: Hint,
}

/// What media seem to be before anybody has looked into them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Hint {
    #[default]
    None,
    Mp3,
    /// Raw AAC.
    Adts,
    /// An MPEG transport stream.
    Transport,
}

impl Hint {
    /// Of a Content-Type. One with parameters says nothing.
    fn of_type(media_type: &str) -> Self {
        match media_type.to_ascii_lowercase().as_str() {
            "audio/mpeg" => Self::Mp3,
            "audio/aac" => Self::Adts,
            _ => Self::None,
        }
    }

    /// Of the name of a file.
    pub(super) fn of_file(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or_default();
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("mp3") => Self::Mp3,
            Some("aac") => Self::Adts,
            Some("ts") => Self::Transport,
            _ => Self::None,
        }
    }
}

impl Described {
    fn by(headers: &HeaderMap) -> Self {
        let text = |name: &str| {
            let bytes = headers.get(name)?.as_bytes();
            Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>())
        };
        let (name, description) = match deviates(switch::TRACKS_250_SWAPPED) {
            false => ("icy-name", "icy-description"),
            true => ("icy-description", "icy-name"),
        };
        let url = || text("icy-url").filter(|_| !deviates(switch::TRACKS_250_NO_URL));
        let media_type = text("content-type").unwrap_or_default();
        Self {
            title: text(description).or_else(url),
            author: text(name),
            hint: Hint::of_type(&media_type),
        }
    }
}

/// Why nothing can be read from a URL.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Request(#[from] OutboundError),
    #[error("the answer broke off")]
    Broken(#[from] reqwest::Error),
    #[error("java.lang.RuntimeException: Not success status code: {}", .0.as_u16())]
    Status(StatusCode),
    #[error("java.net.SocketTimeoutException: Read timed out")]
    TooSlow,
    #[error("asked for a part, told {}", .0.as_u16())]
    NoPart(StatusCode),
    #[error("the connection ended {0} bytes too early")]
    Premature(u64),
    #[error("the server ends")]
    Stopped,
    #[error("java.net.URISyntaxException: {0}")]
    NoUri(String),
    #[error("nothing comes of 16 MiB")]
    TooLong,
}

impl OpenError {
    /// 404.
    pub(super) fn missing() -> Self {
        Self::Status(StatusCode::NOT_FOUND)
    }

    /// 302, where none is followed.
    pub(super) fn moved() -> Self {
        Self::Status(StatusCode::FOUND)
    }
}

impl Web {
    /// `outbound` does not limit how long answers take.
    pub(super) fn new(timeouts: &Timeouts, outbound: Outbound, stop: &CancellationToken) -> Self {
        let read_timeout = Duration::from_millis(timeouts.socket_timeout_ms);
        Self { read_timeout, outbound, stop: stop.clone() }
    }

    /// Asks for a URL, to look into it.
    pub(super) async fn open(&self, url: &str) -> Result<Opened, OpenError> {
        self.open_with(url, Some(WHOLE_LIMIT), Patience::Machine).await
    }

    /// Asks for a URL, to play all of it.
    pub(super) async fn open_to_play(
        &self,
        url: &str,
        patience: Patience,
    ) -> Result<Opened, OpenError> {
        self.open_with(url, None, patience).await
    }

    /// A stream over HTTP, to play it.
    pub(super) fn stream(&self, url: &str, inner: bool, patience: Patience) -> Hls {
        Hls::new(self.outbound.clone(), url, inner, patience, self.stop.clone())
    }

    async fn open_with(
        &self,
        url: &str,
        whole_limit: Option<Duration>,
        patience: Patience,
    ) -> Result<Opened, OpenError> {
        let read_timeout = self.read_timeout;
        let first = either(switch::PLAYBACK_051_PATIENT, read_timeout, 20 * read_timeout);
        let ask = Ask { limit: whole_limit, follows: false, ..Ask::get(url) };
        let response = patience.wait(first, self.outbound.send(&ask)).await;
        let response = response.ok_or(OpenError::TooSlow)??;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(Opened::Missing),
            status if redirects(status) => match response.headers().get(LOCATION) {
                Some(location) => {
                    let location = location.as_bytes().iter().map(|byte| char::from(*byte));
                    Ok(Opened::Moved(location.collect()))
                }
                None if deviates(switch::TRACKS_211_EMPTY) => Ok(Opened::Missing),
                None => Err(OpenError::Status(status)),
            },
            status if has_content(status) => {
                let described = Described::by(response.headers());
                let length = response.headers().get(CONTENT_LENGTH);
                let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
                let unproductive = Unproductive::default();
                let source = HttpMedia {
                    outbound: self.outbound.clone(),
                    url: url.to_owned(),
                    runtime: Handle::current(),
                    length,
                    position: 0,
                    chunk: Bytes::new(),
                    response: Some(response),
                    ahead: 0,
                    gave_up_at: None,
                    unproductive: unproductive.clone(),
                    read_timeout,
                    patience,
                    stop: self.stop.clone(),
                };
                let media = Media { source: Box::new(source), unproductive, known: None };
                Ok(Opened::Media(media, described))
            }
            status => Err(OpenError::Status(status)),
        }
    }
}

/// The real server knows no 308.
fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307)
        || status == StatusCode::PERMANENT_REDIRECT && deviates(switch::TRACKS_211_PERMANENT)
}

fn has_content(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 206)
        || status.is_success() && deviates(switch::TRACKS_212_ANY_SUCCESS)
}

/// Reads on a blocking thread what arrives on the runtime.
struct HttpMedia {
    outbound: Outbound,
    url: String,
    runtime: Handle,
    length: Option<u64>,
    position: u64,
    chunk: Bytes,
    response: Option<Response>,
    /// Bytes of the answer that come before the position.
    ahead: u64,
    /// Where the connection broke the last time.
    gave_up_at: Option<u64>,
    unproductive: Unproductive,
    read_timeout: Duration,
    patience: Patience,
    stop: CancellationToken,
}

impl HttpMedia {
    /// What comes next; nothing at the end. A connection that breaks is opened again from where it
    /// broke, once for each such place, as lavaplayer does
    /// (docs/observed/playback.md#tracks-that-break).
    async fn next_chunk(&mut self) -> Result<Bytes, OpenError> {
        loop {
            match self.try_next_chunk().await {
                Err(error) if self.length.is_some() && self.gave_up_at != Some(self.position) => {
                    tracing::debug!("media broke at byte {}: {error}", self.position);
                    self.gave_up_at = Some(self.position);
                    self.response = None;
                    if deviates(switch::PLAYBACK_052_FAILS) {
                        return Err(error);
                    }
                }
                result => return result,
            }
        }
    }

    /// The rest of the current answer, or a new one from the current position.
    async fn try_next_chunk(&mut self) -> Result<Bytes, OpenError> {
        if self.response.is_none() {
            let ask = Ask { range: Some(self.position), follows: false, ..Ask::get(&self.url) };
            let response = self.patience.wait(self.read_timeout, self.outbound.send(&ask)).await;
            let response = response.ok_or(OpenError::TooSlow)??;
            self.ahead = match response.status() {
                StatusCode::PARTIAL_CONTENT => 0,
                // All of it, from a server that knows no ranges.
                StatusCode::OK => self.position,
                status => return Err(OpenError::NoPart(status)),
            };
            self.response = Some(response);
        }
        loop {
            let mut chunk = self.receive().await?;
            let skipped = self.ahead.min(chunk.len() as u64);
            chunk.advance(usize::try_from(skipped).unwrap_or(chunk.len()));
            self.ahead -= skipped;
            if !chunk.is_empty() || skipped == 0 {
                return Ok(chunk);
            }
        }
    }

    /// What the answer has next; nothing at its end, which is too early if it is known to be longer.
    async fn receive(&mut self) -> Result<Bytes, OpenError> {
        let Some(response) = &mut self.response else { return Ok(Bytes::new()) };
        let limit = self.read_timeout;
        let limit = either(switch::PLAYBACK_054_PATIENT, limit, 20 * limit);
        let chunk = self.patience.wait(limit, response.chunk()).await;
        let chunk = chunk.ok_or(OpenError::TooSlow)??.unwrap_or_default();
        match self.length {
            Some(length) if chunk.is_empty() => Err(OpenError::Premature(length - self.position)),
            _ => Ok(chunk),
        }
    }
}

impl Read for HttpMedia {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.length.is_some_and(|length| self.position >= length) {
            return Ok(0);
        }
        if self.chunk.is_empty() {
            if self.unproductive.is_too_much() {
                return Err(io::Error::other(OpenError::TooLong));
            }
            let runtime = self.runtime.clone();
            let stop = self.stop.clone();
            let chunk = runtime.block_on(stop.run_until_cancelled(self.next_chunk()));
            self.chunk = chunk.unwrap_or(Err(OpenError::Stopped)).map_err(io::Error::other)?;
            self.unproductive.add(self.chunk.len());
        }
        let count = buffer.len().min(self.chunk.len());
        self.chunk.copy_to_slice(&mut buffer[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for HttpMedia {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(position) => (position, 0),
            SeekFrom::Current(offset) => (self.position, offset),
            SeekFrom::End(offset) => {
                (self.length.ok_or_else(|| io::Error::other("unknown length"))?, offset)
            }
        };
        let position = base
            .checked_add_signed(offset)
            .ok_or_else(|| io::Error::other("position before the beginning"))?;
        let forward = position.checked_sub(self.position).and_then(|n| usize::try_from(n).ok());
        match forward.filter(|count| *count <= self.chunk.len()) {
            Some(count) => self.chunk.advance(count),
            None => {
                self.chunk = Bytes::new();
                self.response = None;
            }
        }
        self.position = position;
        Ok(position)
    }
}

impl MediaSource for HttpMedia {
    fn is_seekable(&self) -> bool {
        self.length.is_some() && !deviates(switch::TRACKS_251_FRONT_TO_BACK)
    }

    fn byte_len(&self) -> Option<u64> {
        self.length
    }
}
