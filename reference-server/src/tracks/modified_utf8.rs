//! Java's `writeUTF`: a two-byte length, then UTF-8 in which NUL takes two bytes and characters
//! beyond the basic plane are written as two surrogates of three bytes each.

/// Bytes that the length can tell.
const LONGEST: usize = u16::MAX as usize;

/// Appends a text. What does not fit into 65535 bytes is left out, at a character's end; the real
/// server would fail to answer.
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
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend(length.to_be_bytes());
    out.extend(bytes);
}

fn push_unit(bytes: &mut Vec<u8>, unit: u16) {
    let low = |shift: u16| 0x80 | (unit >> shift & 0x3F) as u8;
    match unit {
        0x01..=0x7F => bytes.push(unit as u8),
        0 | 0x80..=0x7FF => bytes.extend([0xC0 | (unit >> 6) as u8, low(0)]),
        _ => bytes.extend([0xE0 | (unit >> 12) as u8, low(6), low(0)]),
    }
}

/// The text of these bytes; plain UTF-8 is read too, as other encoders write it. The error is the
/// index of the byte that does not belong.
pub(super) fn read(bytes: &[u8]) -> Result<String, usize> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let mut units = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let tail = |offset: usize| match bytes.get(at + offset) {
            Some(byte) if byte & 0xC0 == 0x80 => Ok(u32::from(byte & 0x3F)),
            _ => Err(at + offset),
        };
        let first = u32::from(bytes[at]);
        let (code, length) = match first {
            0..=0x7F => (first, 1),
            0xC0..=0xDF => ((first & 0x1F) << 6 | tail(1)?, 2),
            0xE0..=0xEF => ((first & 0x0F) << 12 | tail(1)? << 6 | tail(2)?, 3),
            0xF0..=0xF7 => {
                let high = (first & 0x07) << 18 | tail(1)? << 12;
                (high | tail(2)? << 6 | tail(3)?, 4)
            }
            _ => return Err(at),
        };
        at += length;
        match u16::try_from(code) {
            Ok(unit) => units.push(unit),
            Err(_) => {
                let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
            }
        }
    }
    Ok(String::from_utf16_lossy(&units))
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
        assert_eq!(read("plain 😀".as_bytes()).as_deref(), Ok("plain 😀"));
        assert_eq!(read(&[b'a', 0xC3]), Err(2));
    }

    #[test]
    fn what_does_not_fit_is_cut_at_a_character() {
        let mut bytes = Vec::new();
        write(&mut bytes, &"é".repeat(40_000));
        assert_eq!(&bytes[..2], [0xFF, 0xFE]);
        assert_eq!(bytes.len(), 2 + 65_534);
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
