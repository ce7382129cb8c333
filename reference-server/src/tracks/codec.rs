//! The encoded form of a track: base64 of a big-endian message.
//!
//! Four bytes of header (two flag bits, of which 1 says that a version byte follows, and 30 bits
//! of size), the version, title, author, length, identifier, isStream, then since version 2 uri,
//! since version 3 artworkUrl and isrc, the name of the source, what that source adds (the probe
//! name for `local` and `http`), and the position.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::modified_utf8;
use super::{Track, TrackInfo};

/// Java's decoder takes base64 with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Flag of the header: a version byte follows.
const VERSIONED: u32 = 1 << 30;

/// The version that is written.
const VERSION: u8 = 3;

/// Reads and writes tracks as text.
#[derive(Debug)]
pub struct EncodedTrack;

/// Why a text is not a track. `Display` is the message that the real server answers with.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum DecodeError {
    /// A character outside the alphabet, its code in hexadecimal.
    #[error(
        "Request processing failed: java.lang.IllegalArgumentException: Illegal base64 character {0:x}"
    )]
    IllegalCharacter(u32),
    /// The last group of four is incomplete.
    #[error(
        "Request processing failed: java.lang.IllegalArgumentException: Input byte array has wrong 4-byte ending unit"
    )]
    WrongEnding,
    /// The message ended early; an exception without a message in the real server.
    #[error("No message available")]
    Truncated,
    /// A text of the message is no text; the index of the byte that does not belong.
    #[error("malformed input around byte {0}")]
    MalformedText(usize),
    /// Readable, but its source is unknown or not enabled.
    #[error(
        "Request processing failed: java.lang.IllegalStateException: Failed to decode track due to a mismatching version or missing source manager"
    )]
    UnknownSource,
}

impl EncodedTrack {
    /// Writes version 3. `position` in ms replaces the one of the track.
    pub fn write(track: &Track, position: i64) -> String {
        let info = &track.info;
        let mut body = vec![VERSION];
        modified_utf8::write(&mut body, &info.title);
        modified_utf8::write(&mut body, &info.author);
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
        let mut message = (VERSIONED | size).to_be_bytes().to_vec();
        message.extend(body);
        base64::engine::general_purpose::STANDARD.encode(message)
    }

    /// Reads versions 1, 2 and 3. Only `local` and `http` tracks are understood.
    pub fn read(text: &str) -> Result<Track, DecodeError> {
        let bytes = decode_base64(text)?;
        let mut reader = Reader { rest: &bytes };
        let header = u32::from_be_bytes(reader.take()?);
        let version = if header & VERSIONED == 0 { 1 } else { reader.byte()? };
        let title = reader.text()?;
        let author = reader.text()?;
        let length = reader.long()?;
        let identifier = reader.text()?;
        let is_stream = reader.byte()? != 0;
        let uri = if version >= 2 { reader.optional_text()? } else { None };
        let artwork_url = if version >= 3 { reader.optional_text()? } else { None };
        let isrc = if version >= 3 { reader.optional_text()? } else { None };
        let source_name = reader.text()?;
        let probed = matches!(source_name.as_str(), "local" | "http");
        let probe_info = if probed { Some(reader.text()?) } else { None };
        let position = reader.long()?;
        if !probed {
            return Err(DecodeError::UnknownSource);
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
        Ok(Track { info, position })
    }
}

fn decode_base64(text: &str) -> Result<Vec<u8>, DecodeError> {
    let data = text.trim_end_matches('=');
    let known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    if let Some(illegal) = data.chars().find(|c| !known(c)) {
        return Err(DecodeError::IllegalCharacter(illegal.into()));
    }
    BASE64.decode(text).map_err(|_| DecodeError::WrongEnding)
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
        modified_utf8::read(bytes).map_err(DecodeError::MalformedText)
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
    fn older_versions_are_read() {
        let mut body = Vec::new();
        for text in ["Title", "Author"] {
            modified_utf8::write(&mut body, text);
        }
        body.extend(3000i64.to_be_bytes());
        modified_utf8::write(&mut body, "/a.wav");
        body.push(0);
        let mut tail = Vec::new();
        modified_utf8::write(&mut tail, "local");
        modified_utf8::write(&mut tail, "wav");
        tail.extend(20i64.to_be_bytes());

        let encode = |flags: u32, parts: &[&[u8]]| {
            let body = parts.concat();
            let mut message = (flags | body.len() as u32).to_be_bytes().to_vec();
            message.extend(body);
            base64::engine::general_purpose::STANDARD.encode(message)
        };
        let first = EncodedTrack::read(&encode(0, &[&body, &tail])).unwrap();
        assert_eq!((first.info.uri, first.position), (None, 20));
        let second = encode(VERSIONED, &[&[2], &body, &[1, 0, 1, b'u'], &tail]);
        assert_eq!(EncodedTrack::read(&second).unwrap().info.uri.as_deref(), Some("u"));
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
        assert_eq!(message("AAAAA"), DecodeError::WrongEnding.to_string());
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
            probe_info in "[a-z0-9/|]{0,12}",
        ) {
            let info = TrackInfo {
                title, author, identifier, uri, artwork_url, isrc, length, is_stream, source_name,
                probe_info: Some(probe_info),
                is_seekable: !is_stream,
            };
            let track = Track { info, position };
            prop_assert_eq!(EncodedTrack::read(&EncodedTrack::write(&track, position)).unwrap(), track);
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
