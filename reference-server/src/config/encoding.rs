//! Bytes of a file to text, as SnakeYAML decodes them: UTF-8, or what a byte order mark says.

/// Bytes that are no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} at line {line}, column {column}; save the file as UTF-8")]
pub struct EncodingError {
    what: String,
    line: usize,
    column: usize,
}

/// The text of a file.
pub(super) fn text(bytes: &[u8]) -> Result<String, EncodingError> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        _ => utf_8(bytes),
    }
}

fn utf_8(bytes: &[u8]) -> Result<String, EncodingError> {
    if bytes.contains(&0) {
        let begins = |zero: usize| bytes.iter().skip(zero).step_by(2).take(4).all(|b| *b == 0);
        if bytes.len() > 8 && (begins(0) || begins(1)) {
            let what = "it looks like UTF-16 without a byte order mark,".to_owned();
            return Err(EncodingError { what, line: 1, column: 1 });
        }
    }
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        at_end_of(&before, format!("the byte 0x{byte:02x}, which is no UTF-8,"))
    })
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, EncodingError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().copied().map(unit);
    let text: String = char::decode_utf16(units).map_while(Result::ok).collect();
    let is_whole = text.encode_utf16().count() == pairs.len() && rest.is_empty();
    if is_whole { Ok(text) } else { Err(at_end_of(&text, "what is no UTF-16".to_owned())) }
}

fn at_end_of(before: &str, what: String) -> EncodingError {
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    EncodingError { what, line, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf_8_and_utf_16_with_a_mark_are_text() {
        let yaml = "a: \u{1f600}\n";
        let marked = format!("\u{feff}{yaml}");
        for bytes in [
            yaml.as_bytes().to_vec(),
            encoded(&marked, u16::to_le_bytes),
            encoded(&marked, u16::to_be_bytes),
        ] {
            assert_eq!(text(&bytes).as_deref(), Ok(yaml));
        }
    }

    #[test]
    fn anything_else_is_named_with_its_place() {
        let told = |bytes: &[u8]| text(bytes).unwrap_err().to_string();
        let error = told(b"a: 1\nb: \xe9t\xe9\n");
        assert!(
            error.starts_with("the byte 0xe9, which is no UTF-8, at line 2, column 4"),
            "{error}"
        );
        let error = told(&encoded("server: {port: 1}", u16::to_le_bytes));
        assert!(error.contains("looks like UTF-16 without a byte order mark"), "{error}");
        let mut odd = encoded("\u{feff}a: 1", u16::to_le_bytes);
        odd.push(b'x');
        assert!(told(&odd).contains("no UTF-16 at line 1, column 5"), "{}", told(&odd));
        assert!(text(&[0xff, 0xfe, 0x00, 0xd8]).is_err());
    }
}
