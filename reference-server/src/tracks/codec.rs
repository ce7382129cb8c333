//! The encoded form of a track: base64 of a big-endian message.
//!
//! Four bytes of header (two flag bits, of which 1 says that a version byte follows, and 30 bits
//! of size), the version, title, author, length, identifier, isStream, then since version 2 uri,
//! since version 3 artworkUrl and isrc, the name of the source, what that source adds (the probe
//! name for `local` and `http`), and the position.

use base64::Engine;

use super::java_base64::{self, Base64Error};
use super::modified_utf8::{self, MalformedText, TooLong};
use super::probe::{CONTAINERS, UNKNOWN_ARTIST};
use super::{Track, TrackInfo};
use crate::deviations::switch::{self, deviates, either};

/// Bits of the header that are not part of the size.
const FLAGS: u32 = 0b11 << 30;

/// Flag of the header: a version byte follows.
const VERSIONED: u32 = 1 << 30;

/// The version that is written.
const VERSION: u8 = 3;

/// The sources that write which container they found.
const PROBING: [&str; 2] = ["local", "http"];

/// Reads and writes tracks as text.
#[derive(Debug)]
pub struct EncodedTrack;

/// Why a text is not a track. `Display` is the message that the real server answers with.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DecodeError {
    /// Not base64.
    #[error("Request processing failed: java.lang.IllegalArgumentException: {0}")]
    Base64(#[from] Base64Error),
    /// The message ended early; an exception without a message in the real server.
    #[error("No message available")]
    Truncated,
    /// A text of the message is no text.
    #[error(transparent)]
    MalformedText(#[from] MalformedText),
    /// All that a track needs is there, but the header promises more.
    #[error("Bytes to skip: {expected} actual: {actual}")]
    MissingRest {
        /// Bytes that should follow.
        expected: usize,
        /// Bytes that do.
        actual: usize,
    },
    /// The header says that nothing follows, which the real server takes for no message at all.
    #[error(
        "Request processing failed: java.lang.NullPointerException: Cannot read field \"decodedTrack\" because the return value of \"com.sedmelluq.discord.lavaplayer.player.AudioPlayerManager.decodeTrack(com.sedmelluq.discord.lavaplayer.tools.io.MessageInput)\" is null"
    )]
    Nothing,
    /// A track whose source or container is unknown or not enabled.
    #[error(
        "Request processing failed: java.lang.IllegalStateException: Failed to decode track due to a mismatching version or missing source manager"
    )]
    UnknownSource,
}

impl EncodedTrack {
    /// Writes version 3. `position` in ms replaces the one of the track.
    pub fn write(track: &Track, position: i64) -> String {
        let info = &track.info;
        let mut body = vec![either(switch::TRACKS_020_VERSION_2, VERSION, 2)];
        modified_utf8::write(&mut body, &info.title);
        let unknown =
            info.author == UNKNOWN_ARTIST && deviates(switch::TRACKS_031_UNKNOWN_IS_EMPTY);
        modified_utf8::write(&mut body, if unknown { "" } else { &info.author });
        body.extend(info.length.to_be_bytes());
        modified_utf8::write(&mut body, &info.identifier);
        body.push(info.is_stream.into());
        for text in [&info.uri, &info.artwork_url, &info.isrc] {
            body.push(text.is_some().into());
            if let Some(text) = text {
                modified_utf8::write(&mut body, text);
            }
        }
        modified_utf8::write(&mut body, &info.source_name);
        if let Some(probe_info) = &info.probe_info {
            modified_utf8::write(&mut body, probe_info);
        }
        body.extend(position.to_be_bytes());
        // Seven texts of at most 64 KiB fit into 30 bits.
        let size = u32::try_from(body.len()).unwrap_or_default();
        let versioned = either(switch::TRACKS_020_UNVERSIONED, VERSIONED, 0);
        let mut message = (versioned | size).to_be_bytes().to_vec();
        message.extend(body);
        base64::engine::general_purpose::STANDARD.encode(message)
    }

    /// Whether a track can be written whole.
    ///
    /// # Errors
    /// A text of it is too long; the real server cannot answer with it.
    pub fn check(track: &Track) -> Result<(), TooLong> {
        let info = &track.info;
        let texts = [&info.title, &info.author, &info.identifier, &info.source_name];
        let optional = [&info.uri, &info.artwork_url, &info.isrc, &info.probe_info];
        let mut texts = texts.into_iter().chain(optional.into_iter().flatten());
        texts.try_for_each(|text| modified_utf8::check_length(text))
    }

    /// Reads versions 1, 2 and 3; as the real server does, it takes a higher one for a 3. Only
    /// `local` and `http` tracks are understood.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not base64, cut off, or of a source that is not understood.
    pub fn read(text: &str) -> Result<Track, DecodeError> {
        Self::read_of(text, |source_name| PROBING.contains(&source_name))
    }

    /// Reads a track of the sources that `enabled` names.
    pub(super) fn read_of(
        text: &str,
        enabled: impl FnOnce(&str) -> bool,
    ) -> Result<Track, DecodeError> {
        let bytes = java_base64::decode(text)?;
        let mut reader = Reader { rest: &bytes };
        let header = u32::from_be_bytes(reader.take()?);
        // 30 bits fit.
        let size = (header & !FLAGS) as usize;
        if size == 0 {
            return Err(DecodeError::Nothing);
        }
        let there = reader.rest.len();
        reader.rest = &reader.rest[..size.min(there)];
        let track = track(&mut reader, header & VERSIONED != 0, enabled)?;
        // What is left of the message is skipped, which fails when it is not there.
        if size > there {
            let actual = reader.rest.len();
            return Err(DecodeError::MissingRest { expected: size - there + actual, actual });
        }
        track.ok_or(DecodeError::UnknownSource)
    }
}

/// The track of a message, or `None` when its source or its container is unknown.
fn track(
    reader: &mut Reader<'_>,
    versioned: bool,
    enabled: impl FnOnce(&str) -> bool,
) -> Result<Option<Track>, DecodeError> {
    let version = if versioned { reader.byte()? } else { 1 };
    if version < 3 && deviates(switch::TRACKS_026_REFUSED) {
        return Ok(None);
    }
    let title = reader.text()?;
    let author = reader.text()?;
    let length = reader.long()?;
    let identifier = reader.text()?;
    let is_stream = reader.byte()? != 0;
    let uri = if version >= 2 { reader.optional_text()? } else { None };
    let artwork_url = if version >= 3 { reader.optional_text()? } else { None };
    let isrc = if version >= 3 { reader.optional_text()? } else { None };
    let source_name = reader.text()?;
    let enabled = enabled(&source_name);
    // What an unknown source wrote has an unknown length, so the position is looked for at once.
    let probes = enabled && PROBING.contains(&source_name.as_str());
    let probe_info = if probes { Some(reader.text()?) } else { None };
    let position = reader.long()?;
    if !enabled || probe_info.as_deref().is_some_and(|text| !is_known_container(text)) {
        return Ok(None);
    }
    let info = TrackInfo {
        is_seekable: !is_stream,
        identifier,
        author,
        length,
        is_stream,
        title,
        uri,
        artwork_url,
        isrc,
        source_name,
        probe_info,
    };
    let position = either(switch::TRACKS_028_FORGOTTEN, position, 0);
    Ok(Some(Track::new(info, position)))
}

/// The name may be followed by `|` and parameters of the container.
fn is_known_container(probe_info: &str) -> bool {
    let name = probe_info.split_once('|').map_or(probe_info, |(name, _)| name);
    let name = either(switch::TRACKS_405_WHOLE, name, probe_info);
    CONTAINERS.contains(&name) || deviates(switch::TRACKS_405_ANY)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.bytes(N)?.try_into().map_err(|_| DecodeError::Truncated)
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        Ok(self.take::<1>()?[0])
    }

    fn long(&mut self) -> Result<i64, DecodeError> {
        Ok(i64::from_be_bytes(self.take()?))
    }

    fn text(&mut self) -> Result<String, DecodeError> {
        let length = u16::from_be_bytes(self.take()?);
        let bytes = self.bytes(length.into())?;
        Ok(modified_utf8::read(bytes)?)
    }

    fn optional_text(&mut self) -> Result<Option<String>, DecodeError> {
        if self.byte()? == 0 { Ok(None) } else { self.text().map(Some) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Written by a real Lavalink 4.2.2 for a 44.1 kHz mp3 of its disk.
    const RECORDED: &str = "QAAAdgMADVVua25vd24gdGl0bGUADlVua25vd24gYXJ0aXN0AAAAAAAAE7EAGS9zcnYvZml4dHVyZXMvdG9uZV81cy5tcDMAAQAZL3Nydi9maXh0dXJlcy90b25lXzVzLm1wMwAAAAVsb2NhbAADbXAzAAAAAAAAAAA=";

    #[test]
    fn a_recorded_track_is_read_and_written_back() {
        let track = EncodedTrack::read(RECORDED).unwrap();
        assert_eq!(track.info.identifier, "/srv/fixtures/tone_5s.mp3");
        assert_eq!((track.info.length, track.position), (5041, 0));
        assert_eq!(track.info.probe_info.as_deref(), Some("mp3"));
        assert_eq!(EncodedTrack::write(&track, 0), RECORDED);
        let moved = EncodedTrack::write(&track, 12_100);
        assert!(moved.ends_with("AAAAAAAAL0Q="), "{moved}");
    }

    #[test]
    fn what_is_no_track_says_so_in_the_words_of_the_real_server() {
        let message = |text: &str| EncodedTrack::read(text).unwrap_err().to_string();
        assert!(
            message("notbase64!!")
                .ends_with("IllegalArgumentException: Illegal base64 character 21")
        );
        assert_eq!(message("AAAA"), "No message available");
        assert_eq!(message(""), "No message available");
        assert!(message("AAAAA").ends_with("Last unit does not have enough valid bits"));
        assert!(message("AAAAAA==").contains("NullPointerException"), "{}", message("AAAAAA=="));
    }

    /// The recorded track with other bytes at these places.
    fn patched(patches: &[(usize, u8)]) -> String {
        let mut bytes = java_base64::decode(RECORDED).unwrap();
        for (at, byte) in patches {
            bytes[*at] = *byte;
        }
        base64::engine::general_purpose::STANDARD.encode(bytes)
    }

    /// Every recorded track, decoded, shows what the real server showed, and is written back.
    #[test]
    fn the_golden_tracks_are_read_and_written_back() {
        let golden = include_str!("../../../fixtures/tracks/golden.json");
        let golden: Vec<serde_json::Value> = serde_json::from_str(golden).unwrap();
        let (mut read, mut foreign) = (0, 0);
        for expected in &golden {
            let encoded = expected["encoded"].as_str().unwrap();
            if expected["info"]["sourceName"] == "youtube" {
                assert_eq!(EncodedTrack::read(encoded), Err(DecodeError::UnknownSource));
                foreign += 1;
                continue;
            }
            let track = EncodedTrack::read(encoded).unwrap();
            let shown = track.to_json(track.position, &serde_json::json!({}));
            for key in ["encoded", "info", "pluginInfo"] {
                assert_eq!(shown[key], expected[key], "{encoded}");
            }
            read += 1;
        }
        assert_eq!((read, foreign), (10, 1));
    }

    #[test]
    fn the_size_of_the_header_counts() {
        let read = |size| EncodedTrack::read(&patched(&[(3, size)]));
        let size = 0x76;
        assert_eq!(read(size - 1), Err(DecodeError::Truncated));
        assert_eq!(read(size + 5).unwrap_err().to_string(), "Bytes to skip: 5 actual: 0");

        let mut longer = java_base64::decode(RECORDED).unwrap();
        longer.extend([1, 2, 3]);
        let encode = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
        assert_eq!(EncodedTrack::read(&encode(&longer)), EncodedTrack::read(RECORDED));
        longer[3] = size + 4;
        let error = EncodedTrack::read(&encode(&longer)).unwrap_err();
        assert_eq!(error.to_string(), "Bytes to skip: 4 actual: 3");
    }

    #[test]
    fn a_later_version_is_read_as_the_last_known_one() {
        assert_eq!(EncodedTrack::read(&patched(&[(4, 9)])), EncodedTrack::read(RECORDED));
    }

    #[test]
    fn unknown_sources_and_containers_are_no_tracks() {
        let name = java_base64::decode(RECORDED).unwrap();
        let source = name.windows(5).position(|part| part == b"local").unwrap();
        let container = source + 5 + 2;
        for patch in [(source, b'v'), (container, b'x')] {
            let error = EncodedTrack::read(&patched(&[patch])).unwrap_err();
            assert_eq!(error, DecodeError::UnknownSource);
        }
        let off = EncodedTrack::read_of(RECORDED, |name| name == "http");
        assert_eq!(off, Err(DecodeError::UnknownSource));
    }

    /// The message of a track as an older version writes it.
    fn older(track: &Track, version: u8) -> String {
        let info = &track.info;
        let mut body = if version == 1 { vec![] } else { vec![version] };
        modified_utf8::write(&mut body, &info.title);
        modified_utf8::write(&mut body, &info.author);
        body.extend(info.length.to_be_bytes());
        modified_utf8::write(&mut body, &info.identifier);
        body.push(info.is_stream.into());
        if version == 2 {
            body.push(info.uri.is_some().into());
            info.uri.iter().for_each(|uri| modified_utf8::write(&mut body, uri));
        }
        modified_utf8::write(&mut body, &info.source_name);
        info.probe_info.iter().for_each(|name| modified_utf8::write(&mut body, name));
        body.extend(track.position.to_be_bytes());
        let flags = if version == 1 { 0 } else { VERSIONED };
        let mut message = (flags | body.len() as u32).to_be_bytes().to_vec();
        message.extend(body);
        base64::engine::general_purpose::STANDARD.encode(message)
    }

    fn optional() -> impl Strategy<Value = Option<String>> {
        prop::option::of(".{0,20}")
    }

    proptest! {
        #[test]
        fn tracks_come_back(
            (title, author, identifier) in (".{0,20}", ".{0,20}", ".{0,20}"),
            (uri, artwork_url, isrc) in (optional(), optional(), optional()),
            (length, position) in (any::<i64>(), any::<i64>()),
            is_stream: bool,
            source_name in "local|http",
            probe_info in "(wav|mp4|matroska/webm)(\\|[a-z0-9|]{0,6})?",
        ) {
            let info = TrackInfo {
                title, author, identifier, uri, artwork_url, isrc, length, is_stream, source_name,
                probe_info: Some(probe_info),
                is_seekable: !is_stream,
            };
            let track = Track::new(info, position);
            let third = EncodedTrack::read(&EncodedTrack::write(&track, position));
            prop_assert_eq!(third, Ok(track.clone()));

            let info = TrackInfo { artwork_url: None, isrc: None, ..track.info };
            let second = Track::new(info, position);
            prop_assert_eq!(EncodedTrack::read(&older(&second, 2)), Ok(second.clone()));

            let first = Track::new(TrackInfo { uri: None, ..second.info }, position);
            prop_assert_eq!(EncodedTrack::read(&older(&first, 1)), Ok(first.clone()));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[A-Za-z0-9+/=!]{0,200}") {
            let _ = EncodedTrack::read(&text);
        }

        #[test]
        fn a_damaged_track_is_read_or_refused(at in 0usize..122, with: u8) {
            use base64::engine::general_purpose::STANDARD;
            let mut bytes = STANDARD.decode(RECORDED).unwrap();
            let at = at % bytes.len();
            bytes[at] = with;
            let _ = EncodedTrack::read(&STANDARD.encode(&bytes));
            prop_assert!(EncodedTrack::read(&STANDARD.encode(&bytes[..at])).is_err());
        }
    }
}
