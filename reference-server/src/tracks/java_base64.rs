//! Base64 as `java.util.Base64` reads it: padding may be left out, bits that carry nothing are not
//! looked at, and every defect has its own words.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Reads what `data_length` let through, which has no padding any more.
const UNPADDED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Why a text is not base64. `Display` is the message of Java's exception.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum Base64Error {
    /// A single character, which cannot hold a byte.
    #[error("Input byte[] should at least have 2 bytes for base64 bytes")]
    TooShort,
    /// A character outside the alphabet, its Latin-1 code as a signed byte. Characters beyond
    /// Latin-1 count as question marks.
    #[error("Illegal base64 character {}", signed_hex(*.0))]
    IllegalCharacter(i8),
    /// Padding where there is nothing to pad, or half of it.
    #[error("Input byte array has wrong 4-byte ending unit")]
    WrongEnding,
    /// One character is left over, too few bits for a byte.
    #[error("Last unit does not have enough valid bits")]
    TooFewBits,
    /// Something follows the padding, at this index.
    #[error("Input byte array has incorrect ending byte at {0}")]
    AfterPadding(usize),
}

/// The bytes that this text stands for.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    // Java turns the text into Latin-1 first.
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect();
    let data = &bytes[..data_length(&bytes)?];
    UNPADDED.decode(data).map_err(|_| Base64Error::TooFewBits)
}

/// How many characters precede the padding.
fn data_length(bytes: &[u8]) -> Result<usize, Base64Error> {
    if bytes.len() == 1 {
        return Err(Base64Error::TooShort);
    }
    let in_alphabet = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    let length = bytes.iter().position(|b| !in_alphabet(b)).unwrap_or(bytes.len());
    let padding = match (bytes.get(length), length % 4) {
        (None, 1) => return Err(Base64Error::TooFewBits),
        (None, _) => 0,
        (Some(b'='), 0) => return Err(Base64Error::WrongEnding),
        (Some(b'='), 1) => return Err(Base64Error::TooFewBits),
        (Some(b'='), 2) if bytes.get(length + 1) == Some(&b'=') => 2,
        (Some(b'='), 2) => return Err(Base64Error::WrongEnding),
        (Some(b'='), _) => 1,
        (Some(illegal), _) => return Err(Base64Error::IllegalCharacter(*illegal as i8)),
    };
    let end = length + padding;
    if end < bytes.len() { Err(Base64Error::AfterPadding(end)) } else { Ok(length) }
}

/// Hexadecimal as Java writes a signed byte.
fn signed_hex(byte: i8) -> String {
    let sign = if byte < 0 { "-" } else { "" };
    format!("{sign}{:x}", byte.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn padding_may_be_left_out_and_spare_bits_are_not_looked_at() {
        for text in ["QQ==", "QQ", "QR==", "QR"] {
            assert_eq!(decode(text).as_deref(), Ok(&b"A"[..]), "{text}");
        }
        assert_eq!(decode("QUI=").as_deref(), Ok(&b"AB"[..]));
        assert_eq!(decode("").as_deref(), Ok(&b""[..]));
    }

    #[test]
    fn every_defect_is_told_in_the_words_of_java() {
        for (text, message) in [
            ("A", "Input byte[] should at least have 2 bytes for base64 bytes"),
            ("notbase64!!", "Illegal base64 character 21"),
            ("QUJD\n", "Illegal base64 character a"),
            ("QU-_", "Illegal base64 character 2d"),
            ("QUé", "Illegal base64 character -17"),
            ("QU😀", "Illegal base64 character 3f"),
            ("====", "Input byte array has wrong 4-byte ending unit"),
            ("QUJD=", "Input byte array has wrong 4-byte ending unit"),
            ("QQ=", "Input byte array has wrong 4-byte ending unit"),
            ("QQ=A", "Input byte array has wrong 4-byte ending unit"),
            ("QUJDQ", "Last unit does not have enough valid bits"),
            ("QUJDQ===", "Last unit does not have enough valid bits"),
            ("QQ==QQ==", "Input byte array has incorrect ending byte at 4"),
            ("QUI==", "Input byte array has incorrect ending byte at 4"),
        ] {
            assert_eq!(decode(text).unwrap_err().to_string(), message, "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            prop_assert_eq!(decode(&STANDARD.encode(&bytes)), Ok(bytes.clone()));
            prop_assert_eq!(decode(&STANDARD_NO_PAD.encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "(?s)[A-Za-z0-9+/=]{0,12}.{0,3}=*") {
            let _ = decode(&text);
        }
    }
}
