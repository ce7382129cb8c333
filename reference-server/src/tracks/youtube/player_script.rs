//! The script of YouTube's player, as far as it is needed to ask for a video.

/// The path that a page names; `None` without one, or with an address of another server.
pub(super) fn path(page: &str) -> Option<String> {
    const BEGIN: &str = r#""jsUrl":"#;
    let (_, rest) = page.split_once(BEGIN)?;
    let end = rest.get(1..)?.find('"')? + 2;
    let path: String = serde_json::from_str(&rest[..end]).ok()?;
    (path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

/// The digits after the first `signatureTimestamp:` or `sts:`.
pub(super) fn timestamp(script: &str) -> Option<&str> {
    let names = ["signatureTimestamp:", "sts:"];
    let found = names.iter().flat_map(|name| {
        script.match_indices(name).map(|(at, name)| (at, &script[at + name.len()..]))
    });
    let digits = found.map(|(at, rest)| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        (at, &rest[..end])
    });
    digits.filter(|(_, digits)| !digits.is_empty()).min().map(|(_, digits)| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_a_path() {
        let page = |url: &str| path(&format!(r#"<script>{{"a":1,"jsUrl":"{url}"}}</script>"#));
        assert_eq!(page("/s/player/1/base.js").as_deref(), Some("/s/player/1/base.js"));
        assert_eq!(page(r"\/s\/base.js").as_deref(), Some("/s/base.js"));
        for other in ["", "//example.org/base.js", "https://example.org/base.js", "base.js"] {
            assert_eq!(page(other), None, "{other}");
        }
        for broken in ["", r#""jsUrl":"#, r#""jsUrl":""#, r#""jsUrl":"/s"#, "\"jsUrl\":\u{e9}\""] {
            assert_eq!(path(broken), None, "{broken}");
        }
    }

    #[test]
    fn the_first_time_with_digits_is_taken() {
        assert_eq!(timestamp("a={signatureTimestamp:20000}"), Some("20000"));
        assert_eq!(timestamp("sts:x,sts:7;signatureTimestamp:8"), Some("7"));
        for none in ["", "sts:", "signatureTimestamp:é", "sts = 5"] {
            assert_eq!(timestamp(none), None, "{none}");
        }
    }
}
