//! Media behind a URL, read bit by bit.

use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use bytes::{Buf, Bytes};
use http::StatusCode;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH};
use reqwest::Response;
use symphonia::core::io::MediaSource;
use tokio::runtime::Handle;

use super::outbound::{Ask, Outbound, OutboundError};
use crate::clock::Gate;

/// Bytes that a lookup may read, so that a stream without end is not read without end.
const READ_LIMIT: u64 = 16 * 1024 * 1024;

/// How long a lookup may take in all, however slowly the bytes trickle.
const WHOLE_LIMIT: Duration = Duration::from_secs(30);

/// What is at a URL.
pub(super) enum Opened {
    /// 404.
    Missing,
    /// Something to look into.
    Media(Box<dyn MediaSource>),
}

/// Why nothing can be read from a URL.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error(transparent)]
    Request(#[from] OutboundError),
    #[error("invalid status code: {0}")]
    Status(StatusCode),
}

impl OpenError {
    /// 404.
    pub(super) fn missing() -> Self {
        Self::Status(StatusCode::NOT_FOUND)
    }
}

/// Asks for a URL, to look into it.
pub(super) async fn open(outbound: &Outbound, url: &str) -> Result<Opened, OpenError> {
    open_with(outbound, url, READ_LIMIT, Some(WHOLE_LIMIT), &Gate::default()).await
}

/// Asks for a URL, to play all of it.
pub(super) async fn open_to_play(
    outbound: &Outbound,
    url: &str,
    gate: &Gate,
) -> Result<Opened, OpenError> {
    open_with(outbound, url, u64::MAX, None, gate).await
}

async fn open_with(
    outbound: &Outbound,
    url: &str,
    read_limit: u64,
    whole_limit: Option<Duration>,
    gate: &Gate,
) -> Result<Opened, OpenError> {
    let ask = Ask { limit: whole_limit, ..Ask::get(url) };
    let response = gate.patiently(outbound.send(&ask)).await?;
    match response.status() {
        StatusCode::NOT_FOUND => Ok(Opened::Missing),
        status if status.is_success() => {
            let length = response.headers().get(CONTENT_LENGTH);
            let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
            let ranges = response.headers().get(ACCEPT_RANGES);
            Ok(Opened::Media(Box::new(HttpMedia {
                outbound: outbound.clone(),
                url: url.to_owned(),
                runtime: Handle::current(),
                length,
                ranges: ranges.is_some_and(|unit| unit == "bytes"),
                position: 0,
                chunk: Bytes::new(),
                response: Some(response),
                read: 0,
                read_limit,
                gate: gate.clone(),
            })))
        }
        status => Err(OpenError::Status(status)),
    }
}

/// Reads on a blocking thread what arrives on the runtime.
struct HttpMedia {
    outbound: Outbound,
    url: String,
    runtime: Handle,
    length: Option<u64>,
    ranges: bool,
    position: u64,
    chunk: Bytes,
    response: Option<Response>,
    read: u64,
    read_limit: u64,
    gate: Gate,
}

impl HttpMedia {
    /// The rest of the current answer, or a new one from the current position.
    async fn next_chunk(&mut self) -> io::Result<Bytes> {
        if self.response.is_none() {
            let ask = Ask { range: Some(self.position), ..Ask::get(&self.url) };
            let response = self.outbound.send(&ask).await.map_err(io::Error::other)?;
            if response.status() != StatusCode::PARTIAL_CONTENT {
                let message = format!("asked for a part, got {}", response.status());
                return Err(io::Error::other(message));
            }
            self.response = Some(response);
        }
        let Some(response) = &mut self.response else { return Ok(Bytes::new()) };
        Ok(response.chunk().await.map_err(io::Error::other)?.unwrap_or_default())
    }
}

impl Read for HttpMedia {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.length.is_some_and(|length| self.position >= length) {
            return Ok(0);
        }
        if self.chunk.is_empty() {
            if self.read > self.read_limit {
                return Err(io::Error::other("nothing known in the first 16 MiB"));
            }
            let (runtime, gate) = (self.runtime.clone(), self.gate.clone());
            self.chunk = runtime.block_on(gate.patiently(self.next_chunk()))?;
            self.read += self.chunk.len() as u64;
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
        self.ranges && self.length.is_some()
    }

    fn byte_len(&self) -> Option<u64> {
        self.length
    }
}
