//! Streams over HTTP (HLS) as lavaplayer plays them: a list of segments that is asked for anew before
//! each of them, and the AAC in them one after the other
//! (docs/observed/tracks-and-sources.md#streams-over-http).

use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use reqwest::{Response, Url};
use symphonia::core::io::MediaSource;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::failure::{LoadFailure, Told};
use super::mpeg_ts::Demuxer;
use super::outbound::{Ask, Outbound};
use super::{Known, Media, Unproductive};
use crate::clock::Patience;
use crate::deviations::switch::{self, deviates, either};

/// How long a list or a piece of a segment may take.
const LIMIT: Duration = Duration::from_secs(5);

/// How long a list without anything new is left alone.
const PAUSE: Duration = Duration::from_millis(200);

/// Longest list that is read.
const LONGEST_LIST: usize = 4 * 1024 * 1024;

/// A stream that is played, read on a blocking thread.
pub(super) struct Hls {
    outbound: Outbound,
    /// What the track names: a list of segments or of variants.
    url: String,
    /// The list of segments, once it is known.
    segments: Option<String>,
    /// The segment that was asked for last, as its list names it.
    last: Option<String>,
    segment: Option<Response>,
    demuxer: Demuxer,
    /// Sound that was not read yet, from `at` on.
    sound: Vec<u8>,
    at: usize,
    /// Whether nothing comes any more.
    over: bool,
    unproductive: Unproductive,
    runtime: Handle,
    patience: Patience,
    stop: CancellationToken,
}

/// A segment in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    url: String,
    duration: Option<Duration>,
}

/// Why a stream breaks.
#[derive(Debug, thiserror::Error)]
enum HlsError {
    #[error("java.io.IOException: Unexpected response code {} from {list}", .status.as_u16())]
    List { status: StatusCode, list: &'static str },
    #[error("java.io.IOException: Invalid status code from segment data URL: {}", .0.as_u16())]
    Segment(StatusCode),
    #[error("java.net.SocketTimeoutException: Read timed out")]
    TooSlow,
    #[error("java.io.IOException: {0}")]
    Broken(String),
    #[error("java.lang.IllegalStateException: No streams listed in HLS stream list.")]
    NoStreams,
    #[error("java.lang.IllegalArgumentException: {0} is no URL")]
    NoUrl(String),
    #[error("java.io.IOException: the list is longer than 4 MiB")]
    TooLong,
    #[error("nothing comes of 16 MiB")]
    Nothing,
}

impl HlsError {
    /// What clients are told.
    fn failure(&self, of_list: bool) -> LoadFailure {
        let failure = LoadFailure::of_decoding(self);
        match of_list && !deviates(switch::PLAYBACK_102_DECODING) {
            true => LoadFailure {
                message: "Failed to get next part of the stream.".to_owned(),
                severity: "suspicious",
                ..failure
            },
            false => failure,
        }
    }
}

impl Hls {
    /// A stream at a URL, which is itself a list of segments if it was found in another (`inner`).
    pub(super) fn new(
        outbound: Outbound,
        url: &str,
        inner: bool,
        patience: Patience,
        stop: CancellationToken,
    ) -> Self {
        Self {
            outbound,
            url: url.to_owned(),
            segments: inner.then(|| url.to_owned()),
            last: None,
            segment: None,
            demuxer: Demuxer::default(),
            sound: Vec::new(),
            at: 0,
            over: false,
            unproductive: Unproductive::default(),
            runtime: Handle::current(),
            patience,
            stop,
        }
    }

    /// Waits for the first sound; a stream without any is a track of no length.
    pub(super) async fn open(mut self) -> Result<Media, LoadFailure> {
        self.fill().await?;
        if self.sound.is_empty() {
            return match deviates(switch::PLAYBACK_104_EXCEPTION) {
                false => Ok(nothing()),
                true => Err(LoadFailure::of_opening(&HlsError::Nothing)),
            };
        }
        let unproductive = self.unproductive.clone();
        Ok(Media { source: Box::new(self), unproductive, known: None })
    }

    /// Has sound ready, or knows that there is no more.
    async fn fill(&mut self) -> Result<(), LoadFailure> {
        let stop = self.stop.clone();
        self.sound.clear();
        self.at = 0;
        while self.sound.is_empty() && !self.over {
            if self.unproductive.is_too_much() {
                return Err(HlsError::Nothing.failure(false));
            }
            match stop.run_until_cancelled(self.take_more()).await {
                Some(Ok(())) => {}
                Some(Err(failure)) => return Err(failure),
                None => self.over = true,
            }
        }
        Ok(())
    }

    async fn take_more(&mut self) -> Result<(), LoadFailure> {
        let Some(segment) = &mut self.segment else {
            let url = self.next_segment().await.map_err(|error| error.failure(true))?;
            match url {
                Some(url) => match self.open_segment(&url).await {
                    Ok(segment) => self.segment = Some(segment),
                    Err(_) if deviates(switch::PLAYBACK_102_PASSED_OVER) => self.over = true,
                    Err(failure) => return Err(failure),
                },
                None => self.over = true,
            }
            return Ok(());
        };
        let chunk = match self.patience.wait(LIMIT, segment.chunk()).await {
            None => return Err(HlsError::TooSlow.failure(false)),
            Some(Err(error)) => return Err(HlsError::Broken(error.to_string()).failure(false)),
            Some(Ok(chunk)) => chunk,
        };
        let Some(chunk) = chunk else {
            self.segment = None;
            self.over |= deviates(switch::PLAYBACK_100_ONE_SEGMENT);
            return Ok(());
        };
        self.unproductive.add(chunk.len());
        self.demuxer.take(&chunk, &mut self.sound);
        Ok(())
    }

    async fn open_segment(&self, url: &str) -> Result<Response, LoadFailure> {
        let response = self.ask(url).await.map_err(|error| error.failure(false))?;
        match has_content(response.status()) {
            true => Ok(response),
            false => Err(HlsError::Segment(response.status()).failure(false)),
        }
    }

    /// The URL of the segment after the last one; waits for one as long as the first in the list
    /// takes.
    async fn next_segment(&mut self) -> Result<Option<String>, HlsError> {
        let list = self.list_of_segments().await?;
        let mut waited = Duration::ZERO;
        loop {
            let segments = segments(&self.lines(&list, "stream segments list").await?);
            if let Some(next) = next(&segments, self.last.as_deref()) {
                let url = Url::parse(&list).and_then(|list| list.join(&next.url));
                let url = url.map_err(|_| HlsError::NoUrl(next.url.clone()))?;
                self.last = Some(next.url.clone());
                return Ok(Some(url.into()));
            }
            let patient = segments.first().and_then(|segment| segment.duration);
            if patient.is_none_or(|patient| waited >= patient)
                || deviates(switch::PLAYBACK_103_AT_ONCE)
            {
                return Ok(None);
            }
            self.patience.pass(PAUSE).await;
            waited += PAUSE;
        }
    }

    async fn list_of_segments(&mut self) -> Result<String, HlsError> {
        if let Some(list) = &self.segments {
            return Ok(list.clone());
        }
        let lines = self.lines(&self.url, "HLS stream list").await?;
        let has_variants = lines.iter().any(|line| line.starts_with("#EXT-X-STREAM-INF"));
        let list = match has_variants && !deviates(switch::PLAYBACK_101_NOT_FOLLOWED) {
            true => first_variant(&lines, &self.url).ok_or(HlsError::NoStreams)?,
            false => self.url.clone(),
        };
        self.segments = Some(list.clone());
        Ok(list)
    }

    async fn lines(&self, url: &str, name: &'static str) -> Result<Vec<String>, HlsError> {
        let mut response = self.ask(url).await?;
        if !has_content(response.status()) {
            return Err(HlsError::List { status: response.status(), list: name });
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = self
            .patience
            .wait(LIMIT, response.chunk())
            .await
            .ok_or(HlsError::TooSlow)?
            .map_err(|error| HlsError::Broken(error.to_string()))?
        {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST_LIST {
                return Err(HlsError::TooLong);
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().map(|line| line.trim().to_owned()).collect())
    }

    async fn ask(&self, url: &str) -> Result<Response, HlsError> {
        let ask = Ask { follows: false, ..Ask::get(url) };
        let response = self.patience.wait(LIMIT, self.outbound.send(&ask)).await;
        let response = response.ok_or(HlsError::TooSlow)?;
        response.map_err(|error| HlsError::Broken(error.to_string()))
    }
}

fn has_content(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 206)
}

/// Every segment of a list.
fn segments(lines: &[String]) -> Vec<Segment> {
    let mut duration = None;
    let mut segments = Vec::new();
    for line in lines {
        if let Some(about) = line.strip_prefix("#EXTINF:") {
            let seconds =
                about.split_once(',').and_then(|(seconds, _)| seconds.trim().parse().ok());
            duration = seconds.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
        } else if !line.is_empty() && !line.starts_with('#') {
            segments.push(Segment { url: line.clone(), duration });
        }
    }
    segments
}

/// The segment after the last one, or the first if that is not in the list.
fn next<'a>(segments: &'a [Segment], last: Option<&str>) -> Option<&'a Segment> {
    let after = segments.iter().rposition(|segment| Some(segment.url.as_str()) == last);
    let index = either(switch::PLAYBACK_100_AGAIN, after.map_or(0, |at| at + 1), 0);
    segments.get(index)
}

/// The first variant that a list names. What is no whole URL is put behind the last slash of the
/// list's own.
fn first_variant(lines: &[String], url: &str) -> Option<String> {
    let mut is_described = false;
    for line in lines.iter().filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            is_described |=
                ["#EXT-X-STREAM-INF", "#EXTINF"].iter().any(|name| line.starts_with(name));
        } else if is_described {
            let base = url.strip_suffix('/').unwrap_or(url);
            let base = &base[..base.rfind('/')?];
            let relative = || format!("{base}/{}", line.strip_prefix('/').unwrap_or(line));
            return Some(Url::parse(line).map_or_else(|_| relative(), |_| line.clone()));
        }
    }
    None
}

/// A track of no length: a wav with less in it than a frame.
fn nothing() -> Media {
    let mut wav = b"RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\x01\0\x02\0".to_vec();
    wav.extend(48_000_u32.to_le_bytes());
    wav.extend(192_000_u32.to_le_bytes());
    wav.extend(b"\x04\0\x10\0data\x04\0\0\0\0\0\0\0");
    let known = Some(Known { length: 1, seekable: true });
    Media { known, ..Media::finite(Box::new(Cursor::new(wav))) }
}

impl Read for Hls {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.sound.len() && !self.over {
            let runtime = self.runtime.clone();
            runtime.block_on(self.fill()).map_err(|failure| {
                let told: Arc<dyn std::error::Error + Send + Sync> = Arc::new(Told(failure));
                io::Error::other(told)
            })?;
        }
        let count = buffer.len().min(self.sound.len() - self.at);
        buffer[..count].copy_from_slice(&self.sound[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

impl Seek for Hls {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::Error::other("a stream has no other place"))
    }
}

impl MediaSource for Hls {
    fn is_seekable(&self) -> bool {
        false
    }

    fn byte_len(&self) -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn segments_follow_each_other_also_in_a_list_that_moves() {
        let list =
            segments(&lines("#EXTM3U\n#EXTINF:2.5,\na.ts\n#EXTINF:3\nb.ts\nc.ts\n#EXT-X-ENDLIST"));
        let durations: Vec<_> = list.iter().map(|segment| segment.duration).collect();
        assert_eq!(durations, [Some(Duration::from_millis(2500)), None, None]);
        let after = |last| next(&list, last).map(|segment| segment.url.as_str());
        assert_eq!(after(None), Some("a.ts"));
        assert_eq!(after(Some("a.ts")), Some("b.ts"));
        assert_eq!(after(Some("c.ts")), None);
        assert_eq!(after(Some("gone.ts")), Some("a.ts"));
    }

    #[test]
    fn the_first_variant_counts() {
        let first = |text: &str| first_variant(&lines(text), "http://h/a/m.m3u8");
        let variant =
            |url: &str| format!("#EXTM3U\n#EXT-X-STREAM-INF:A=1\n#EXT-X-B\n{url}\nx.m3u8");
        assert_eq!(first(&variant("b.m3u8")).as_deref(), Some("http://h/a/b.m3u8"));
        assert_eq!(first(&variant("/b.m3u8")).as_deref(), Some("http://h/a/b.m3u8"));
        assert_eq!(first(&variant("https://o/b")).as_deref(), Some("https://o/b"));
        assert_eq!(first("#EXTM3U\nb.m3u8"), None);
    }
}
