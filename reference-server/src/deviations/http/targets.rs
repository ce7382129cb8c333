//! Targets of requests, rewritten byte by byte.

/// Replaces all places of a text that is not empty.
pub(super) fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.first() {
        match rest.strip_prefix(from) {
            Some(after) => {
                replaced.extend_from_slice(to);
                rest = after;
            }
            None => {
                replaced.push(*first);
                rest = &rest[1..];
            }
        }
    }
    replaced
}

/// Escapes what a target may not have as it is.
pub(super) fn escape(part: &[u8]) -> Vec<u8> {
    let wrong = |byte: u8| !byte.is_ascii_graphic() || b"#|{}\\^`\"<>".contains(&byte);
    let escaped = part.iter().map(|byte| match wrong(*byte) {
        true => format!("%{byte:02X}").into_bytes(),
        false => vec![*byte],
    });
    escaped.collect::<Vec<_>>().concat()
}

/// Escapes percent signs that begin no escape, if that is to be mended of those that follow them.
pub(super) fn mend_escapes(part: &[u8], is_mended: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut pieces = part.split(|byte| *byte == b'%');
    let mut mended = pieces.next().unwrap_or_default().to_vec();
    for piece in pieces {
        let right = piece.first_chunk::<2>().is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit));
        let sign: &[u8] = if right || !is_mended(piece) { b"%" } else { b"%25" };
        mended.extend_from_slice(sign);
        mended.extend_from_slice(piece);
    }
    mended
}

/// Resolves `.` and `..`, escaped or not.
pub(super) fn resolve(path: &str) -> String {
    let mut resolved = Vec::new();
    for name in path.split('/') {
        match &*name.to_ascii_lowercase().replace("%2e", ".") {
            "." => {}
            ".." => _ = resolved.pop(),
            _ => resolved.push(name),
        }
    }
    resolved.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_mended_where_they_are_none() {
        assert_eq!(mend_escapes(b"/%zz%41%", |_| true), b"/%25zz%41%25");
        assert_eq!(mend_escapes(b"/%zz%4", |digits| digits.len() < 2), b"/%zz%254");
    }

    #[test]
    fn dots_lead_up() {
        assert_eq!(resolve("/v4/./x/%2E%2e/info"), "/v4/info");
    }
}
