//! ID3 tags before the audio.

use std::io::{self, ErrorKind};

use super::{File, Mp3};
use crate::deviations::switch::{self, either};

/// Tags before the audio that are too many.
const TOO_MANY_TAGS: usize = 3;

/// Longest text of a tag that is read.
const LONGEST_TEXT: usize = 1024 * 1024;

/// Gives back what it has read of the frame behind the tags.
pub(super) fn read_tags(file: &mut File<'_>, mp3: &mut Mp3) -> io::Result<Vec<u8>> {
    let too_many = either(switch::TRACKS_220_ANY_TAGS, TOO_MANY_TAGS, usize::MAX);
    for _ in 0..too_many {
        let three = file.take::<3>()?;
        if three != *b"ID3" {
            return Ok(three.to_vec());
        }
        let [major, _, flags] = file.take::<3>()?;
        if !(2..=5).contains(&major) {
            return Ok(Vec::new());
        }
        let size = synchsafe(&file.take::<4>()?);
        let end = file.position + u64::from(size);
        if flags & 0x40 != 0 {
            let size = u64::from(synchsafe(&file.take::<4>()?));
            file.go_to((file.position + size).saturating_sub(4))?;
        }
        if major < 5 {
            read_frames(file, major, end, mp3)?;
        }
        file.go_to(end)?;
    }
    Err(ErrorKind::InvalidData.into())
}

fn synchsafe(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |size, byte| size << 7 | u32::from(*byte))
}

fn read_frames(file: &mut File<'_>, major: u8, end: u64, mp3: &mut Mp3) -> io::Result<()> {
    while file.position + 10 <= end {
        let (name, size, flags) = if major == 2 {
            let [a, b, c] = file.take::<3>()?;
            if a == 0 {
                return Ok(());
            }
            let name = match &[a, b, c] {
                b"TT2" => *b"TIT2",
                b"TP1" => *b"TPE1",
                _ => [a, b, c, 0],
            };
            (name, synchsafe(&file.take::<3>()?), 0)
        } else {
            let name = file.take::<4>()?;
            if name[0] == 0 {
                return Ok(());
            }
            let size = file.take::<4>()?;
            let size = if major == 3 { u32::from_be_bytes(size) } else { synchsafe(&size) };
            (name, size, u16::from_be_bytes(file.take::<2>()?))
        };
        let next = file.position + u64::from(size);
        let place = match &name {
            b"TIT2" => Some(&mut mp3.title),
            b"TPE1" => Some(&mut mp3.artist),
            b"TSRC" => Some(&mut mp3.isrc),
            _ => None,
        };
        // Neither compressed nor encrypted, and the bytes are as they are.
        if let Some(place) = place.filter(|_| flags & 0xF == 0) {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            if size == 0 || size > LONGEST_TEXT {
                return Err(ErrorKind::InvalidData.into());
            }
            let mut bytes = vec![0; size];
            file.fill(&mut bytes)?;
            if let Some(text) = text(&bytes) {
                *place = Some(text);
            }
        }
        file.go_to(next)?;
    }
    Ok(())
}

/// A text and the byte before it that tells how it is encoded, without the zero that may end it.
fn text(bytes: &[u8]) -> Option<String> {
    let (encoding, bytes) = bytes.split_first()?;
    let short = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    let wide = bytes.strip_suffix(b"\0\0").unwrap_or(bytes);
    match encoding {
        0 => Some(short.iter().map(|byte| char::from(*byte)).collect()),
        1 => Some(match wide {
            [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
            _ => utf16(wide, u16::from_be_bytes),
        }),
        2 => Some(utf16(wide, u16::from_be_bytes)),
        3 => Some(String::from_utf8_lossy(short).into_owned()),
        _ => None,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_decoded_as_they_say() {
        for (bytes, expected) in [
            (&b"\0\xe9\0"[..], Some("é")),
            (b"\x01\xff\xfea\0\0\0", Some("a")),
            (b"\x01\0a", Some("a")),
            (b"\x02\0a\0\0", Some("a")),
            (b"\x02\xd8\x3d", Some("\u{FFFD}")),
            (b"\x03  x  ", Some("  x  ")),
            (b"\x03a\0b\0", Some("a\0b")),
            (b"\x03", Some("")),
            (b"\x04x", None),
        ] {
            assert_eq!(text(bytes).as_deref(), expected, "{bytes:?}");
        }
    }
}
