//! Texts of bodies, decoded as Java decodes them: what is none is replaced.

/// The encoding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// With a byte order mark, or big-endian.
    Utf16,
    Utf16BigEndian,
    Utf16LittleEndian,
    Latin1,
}

impl Encoding {
    /// The one of this name. Those that are not told apart here agree with UTF-8 on ASCII.
    pub(super) fn of(name: &str) -> Self {
        match &*name.to_ascii_lowercase() {
            "utf-16" | "utf16" => Self::Utf16,
            "utf-16be" => Self::Utf16BigEndian,
            "utf-16le" => Self::Utf16LittleEndian,
            "iso-8859-1" | "latin1" | "windows-1252" | "cp1252" => Self::Latin1,
            _ => Self::Utf8,
        }
    }

    pub(super) fn decode(self, bytes: &[u8]) -> String {
        match (self, bytes) {
            (Self::Utf8, bytes) => utf8(bytes),
            (Self::Latin1, bytes) => bytes.iter().map(|byte| char::from(*byte)).collect(),
            (Self::Utf16, [0xff, 0xfe, rest @ ..]) => utf16(rest, u16::from_le_bytes),
            (Self::Utf16, [0xfe, 0xff, rest @ ..]) => utf16(rest, u16::from_be_bytes),
            (Self::Utf16 | Self::Utf16BigEndian, bytes) => utf16(bytes, u16::from_be_bytes),
            (Self::Utf16LittleEndian, bytes) => utf16(bytes, u16::from_le_bytes),
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (units, rest) = bytes.as_chunks::<2>();
    let mut text = String::from_utf16_lossy(&units.iter().map(|it| unit(*it)).collect::<Vec<_>>());
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// Where a surrogate is encoded, its bytes are replaced by one character, however many there are.
fn utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut chunks = bytes.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        text.push_str(chunk.valid());
        if chunk.invalid().is_empty() {
            continue;
        }
        text.push(char::REPLACEMENT_CHARACTER);
        if chunk.invalid() != [0xed] {
            continue;
        }
        let continues = |chunk: &std::str::Utf8Chunk<'_>, from: u8| {
            chunk.valid().is_empty()
                && matches!(chunk.invalid(), [byte] if (from..0xc0).contains(byte))
        };
        if chunks.next_if(|next| continues(next, 0xa0)).is_some() {
            chunks.next_if(|next| continues(next, 0x80));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surrogate_is_replaced_once() {
        for (bytes, text) in [
            (&b"a\xed\xa0\x80b"[..], "a\u{fffd}b"),
            (b"\xed\xa0\x80\xed\xbf\xbf", "\u{fffd}\u{fffd}"),
            (b"\xed\xa0x", "\u{fffd}x"),
            (b"\xed\xa0\xa0\xa0", "\u{fffd}\u{fffd}"),
            (b"\xed\xa0", "\u{fffd}"),
            (b"\xedx", "\u{fffd}x"),
            (b"\xff\xfe", "\u{fffd}\u{fffd}"),
            ("\u{d7ff}\u{e000}".as_bytes(), "\u{d7ff}\u{e000}"),
        ] {
            assert_eq!(Encoding::Utf8.decode(bytes), text, "{bytes:x?}");
        }
    }

    #[test]
    fn encodings_are_believed() {
        for (name, bytes) in [
            ("UTF-16", &b"\xff\xfe{\0}\0"[..]),
            ("utf-16", b"\0{\0}"),
            ("utf-16le", b"{\0}\0"),
            ("utf-16be", b"\0{\0}"),
            ("latin1", b"{}"),
            ("koi8-r", b"{}"),
        ] {
            assert_eq!(Encoding::of(name).decode(bytes), "{}", "{name}");
        }
        assert_eq!(Encoding::of("iso-8859-1").decode(b"\xe9"), "\u{e9}");
        assert_eq!(Encoding::Utf16.decode(b"\0{\0"), "{\u{fffd}");
    }
}
