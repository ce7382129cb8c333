//! Java's `writeUTF`: a two-byte length, then UTF-8 in which NUL takes two bytes and characters
//! beyond the basic plane are written as two surrogates of three bytes each.

use crate::deviations::switch::{self, deviates, either};

/// Bytes that the length can tell.
const LONGEST: usize = u16::MAX as usize;

/// Appends a text. What does not fit into 65535 bytes is left out, at a character's end; who
/// answers with the track has asked [`check_length`] before.
pub(super) fn write(out: &mut Vec<u8>, text: &str) {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        let before = bytes.len();
        let mut units = [0; 2];
        for unit in c.encode_utf16(&mut units) {
            push_unit(&mut bytes, *unit);
        }
        if bytes.len() > LONGEST {
            bytes.truncate(before);
            break;
        }
    }
    let bytes = either(switch::TRACKS_029_PLAIN, bytes, text.as_bytes().to_vec());
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend(length.to_be_bytes());
    out.extend(bytes);
}

/// A text that does not fit into what `writeUTF` can write.
///
/// # Errors
/// In the words of Java's `UTFDataFormatException`.
pub(super) fn check_length(text: &str) -> Result<(), TooLong> {
    const SHOWN: usize = 8;
    // A character takes one byte at least and three of a unit at most.
    if text.len() <= LONGEST / 3 {
        return Ok(());
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = |unit: &u16| match unit {
        0x01..=0x7F => 1,
        0 | 0x80..=0x7FF => 2,
        _ => 3,
    };
    let bytes = units.iter().map(length).sum();
    if bytes <= either(switch::TRACKS_205_ONE_LESS, LONGEST, LONGEST - 1) {
        return Ok(());
    }
    let head = String::from_utf16_lossy(&units[..SHOWN]);
    let tail = String::from_utf16_lossy(&units[units.len() - SHOWN..]);
    Err(TooLong { head, tail, bytes })
}

/// Why a text cannot be written. `Display` is the message of Java's `UTFDataFormatException`.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("encoded string ({head}...{tail}) too long: {bytes} bytes")]
pub struct TooLong {
    head: String,
    tail: String,
    bytes: usize,
}

fn push_unit(bytes: &mut Vec<u8>, unit: u16) {
    let low = |shift: u16| 0x80 | (unit >> shift & 0x3F) as u8;
    match unit {
        0x01..=0x7F => bytes.push(unit as u8),
        0 | 0x80..=0x7FF => bytes.extend([0xC0 | (unit >> 6) as u8, low(0)]),
        _ => bytes.extend([0xE0 | (unit >> 12) as u8, low(6), low(0)]),
    }
}

/// Why bytes are no text. `Display` is the message of Java's `UTFDataFormatException`.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum MalformedText {
    /// The last character is incomplete.
    #[error("malformed input: partial character at end")]
    Partial,
    /// A byte does not belong; the index is the one that Java names.
    #[error("malformed input around byte {0}")]
    Around(usize),
}

/// The text of these bytes. Four bytes of plain UTF-8 are no character to Java; half of a pair of
/// surrogates is shown as a question mark.
pub(super) fn read(bytes: &[u8]) -> Result<String, MalformedText> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && (bytes.is_ascii() || deviates(switch::TRACKS_200_PLAIN_TAKEN))
    {
        return Ok(text.to_owned());
    }
    let mut units = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let first = u32::from(bytes[at]);
        let length = match first {
            0..=0x7F => 1,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            _ => return Err(MalformedText::Around(at)),
        };
        let rest = bytes.get(at + 1..at + length).ok_or(MalformedText::Partial)?;
        if rest.iter().any(|byte| byte & 0xC0 != 0x80) {
            // Java has moved past two of the bytes when it looks at them.
            let place = either(switch::TRACKS_201_FIRST_BYTE, at + 2, at);
            return Err(MalformedText::Around(place));
        }
        let head = if length == 1 { first } else { first & (0x7F >> length) };
        let code = rest.iter().fold(head, |code, byte| code << 6 | u32::from(byte & 0x3F));
        if length > 1 && code < 0x80 && deviates(switch::TRACKS_203_REFUSED) {
            return Err(MalformedText::Around(at));
        }
        // At most 4 + 6 + 6 bits.
        units.push(code as u16);
        at += length;
    }
    if deviates(switch::TRACKS_202_REPLACED) {
        return Ok(String::from_utf16_lossy(&units));
    }
    Ok(char::decode_utf16(units).map(|c| c.unwrap_or('?')).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn java_writes_nul_and_emoji_its_own_way() {
        let mut bytes = Vec::new();
        write(&mut bytes, "a\0é😀");
        let expected = [0, 11, b'a', 0xC0, 0x80, 0xC3, 0xA9, 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80];
        assert_eq!(bytes, expected);
        assert_eq!(read(&expected[2..]).as_deref(), Ok("a\0é😀"));
        assert_eq!(read(b"a\xC0\x80\0\xE0\x81\x81").as_deref(), Ok("a\0\0A"));
        assert_eq!(read(b"a\xED\xA0\xBDb\xED\xB8\x80").as_deref(), Ok("a?b?"));
    }

    #[test]
    fn what_is_no_text_is_told_in_the_words_of_java() {
        let message = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        for partial in [&b"a\xC3"[..], b"a\xE2\x82"] {
            assert_eq!(message(partial), "malformed input: partial character at end");
        }
        assert_eq!(message(b"a\xC3a"), "malformed input around byte 3");
        assert_eq!(message(b"a\xE2\x82a"), "malformed input around byte 3");
        assert_eq!(message(b"a\x80"), "malformed input around byte 1");
        assert_eq!(message(b"a\xF0\x9F"), "malformed input around byte 1");
        assert_eq!(message("ab😀".as_bytes()), "malformed input around byte 2");
    }

    #[test]
    fn what_does_not_fit_is_cut_at_a_character() {
        let mut bytes = Vec::new();
        write(&mut bytes, &"é".repeat(40_000));
        assert_eq!(&bytes[..2], [0xFF, 0xFE]);
        assert_eq!(bytes.len(), 2 + 65_534);
    }

    #[test]
    fn what_does_not_fit_is_told_in_the_words_of_java() {
        assert_eq!(check_length(&"x".repeat(65_535)), Ok(()));
        assert_eq!(check_length(&"€".repeat(21_845)), Ok(()));
        let told = |text: String| check_length(&text).unwrap_err().to_string();
        assert_eq!(
            told("x".repeat(65_536)),
            "encoded string (xxxxxxxx...xxxxxxxx) too long: 65536 bytes"
        );
        assert!(told("€".repeat(21_846)).ends_with("too long: 65538 bytes"));
        assert!(told("😀".repeat(10_923)).starts_with("encoded string (😀😀😀😀...😀😀😀😀)"));
        assert!(told("\0".repeat(32_768)).ends_with("65536 bytes"));
    }

    proptest! {
        #[test]
        fn texts_come_back(text in ".{0,60}") {
            let mut bytes = Vec::new();
            write(&mut bytes, &text);
            prop_assert_eq!(read(&bytes[2..]).unwrap(), text);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = read(&bytes);
        }
    }
}
