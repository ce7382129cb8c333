//! What Java takes for a URI (RFC 2396 with its own additions), and where it says one leads.

use crate::deviations::switch::Seam;

/// Whether `java.net.URI` takes this URL of the web.
pub(super) fn is_valid(url: &str) -> bool {
    let mut parts = url.splitn(2, '#');
    let before = parts.next().unwrap_or_default();
    let fragment = parts.next().unwrap_or_default();
    let (hierarchy, query) = before.split_once('?').unwrap_or((before, ""));
    let authority_end = hierarchy.find("://").map(|at| at + 3);
    let Some((scheme, rest)) = authority_end.map(|at| hierarchy.split_at(at)) else {
        return has_legal(hierarchy, false) && has_legal(query, true) && has_legal(fragment, true);
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    !authority.is_empty()
        && has_legal(scheme, false)
        && has_legal(authority, true)
        && has_legal(path, false)
        && has_legal(query, true)
        && has_legal(fragment, true)
}

/// Where deviations change which characters are legal: one, and whether it is.
pub(crate) static LEGAL: Seam<fn(char, bool) -> bool> = Seam::new();

fn has_legal(text: &str, brackets: bool) -> bool {
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let legal = match c {
            '%' => {
                let mut digit = || rest.next().is_some_and(|digit| digit.is_ascii_hexdigit());
                digit() && digit()
            }
            '[' | ']' => brackets,
            _ if c.is_ascii() => c.is_ascii_alphanumeric() || "-_.!~*'();/?:@&=+$,".contains(c),
            _ => !c.is_control() && !c.is_whitespace(),
        };
        if !LEGAL.get().map_or(legal, |change| change(c, legal)) {
            return false;
        }
    }
    true
}

/// Where a Location leads from a URL of the web, as `URI.resolve` has it; `None` if Java does not
/// take it for a URI.
pub(super) fn resolve(base: &str, location: &str) -> Option<String> {
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    // What a colon ends before anything else begins is a scheme, or nothing.
    let first = location.find([':', '/', '?', '#']).map(|at| location.split_at(at));
    let scheme = first.filter(|(_, rest)| rest.starts_with(':')).map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| !is_scheme(scheme)) || !is_valid_reference(location) {
        return None;
    }
    if scheme.is_some() {
        return Some(location.to_owned());
    }
    let (scheme, rest) = base.split_once("://")?;
    if location.starts_with("//") {
        return Some(format!("{scheme}:{location}"));
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    if location.starts_with('#') {
        let base = base.split('#').next().unwrap_or_default();
        return Some(format!("{base}{location}"));
    }
    if location.starts_with('/') {
        return Some(format!("{scheme}://{authority}{location}"));
    }
    // A query of its own replaces the last part of the path as well.
    let folder = path.rfind('/').map_or("", |at| &path[..=at]);
    let at = location.find(['?', '#']).unwrap_or(location.len());
    let (relative, rest) = location.split_at(at);
    let path = normal(&format!("{folder}{relative}"));
    Some(format!("{scheme}://{authority}{path}{rest}"))
}

fn is_valid_reference(location: &str) -> bool {
    let at = location.find('#').unwrap_or(location.len());
    let (before, fragment) = location.split_at(at);
    // Java takes a URL without an authority, such as `ftp:///a`.
    if before.contains("://") && !before.contains(":///") {
        return is_valid(location);
    }
    let (path, query) = before.split_once('?').unwrap_or((before, ""));
    has_legal(path, path.starts_with("//"))
        && has_legal(query, true)
        && has_legal(fragment.strip_prefix('#').unwrap_or_default(), true)
}

/// Without `.` and, where something stands before it, without `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut names = path.split('/').peekable();
    while let Some(name) = names.next() {
        let last = names.peek().is_none();
        match name {
            "." => {}
            ".." if parts.len() > 1 && parts.last() != Some(&"..") => _ = parts.pop(),
            _ => {
                parts.push(name);
                continue;
            }
        }
        if last {
            parts.push("");
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn java_is_strict_about_urls() {
        for right in [
            "http://a/b%20c?d[]=1#e",
            "http://u:p@a:1/@;x",
            "http://[::1]:1/",
            "http://a/é😀\u{200b}",
            "http://a",
            "http://a/?*'()!~$,",
        ] {
            assert!(is_valid(right), "{right}");
        }
        for wrong in [
            "http://a/b c",
            "http://a/b ",
            "http://a/b\n",
            "http://a/b|c",
            "http://a/%zz",
            "http://a/%4",
            "http://a/[b]",
            "http://a/b#c#d",
            "http://a/b\u{a0}",
            "http://a/b\u{85}",
            "http://a/\0",
            "http://",
            "http:///b",
        ] {
            assert!(!is_valid(wrong), "{wrong}");
        }
    }

    #[test]
    fn locations_lead_where_java_says() {
        let base = "http://a:1/b/c?d";
        for (location, expected) in [
            ("e", "http://a:1/b/e"),
            ("./x/../e", "http://a:1/b/e"),
            ("../e", "http://a:1/e"),
            ("/e?f#g", "http://a:1/e?f#g"),
            ("//h/e", "http://h/e"),
            ("https://h/e", "https://h/e"),
            ("ftp://h/e", "ftp://h/e"),
            ("ytsearch:x", "ytsearch:x"),
            ("ftp:///a", "ftp:///a"),
            ("./1x:y", "http://a:1/b/1x:y"),
            ("?x=1", "http://a:1/b/?x=1"),
            ("", "http://a:1/b/"),
        ] {
            assert_eq!(resolve(base, location).as_deref(), Some(expected), "{location}");
        }
        for wrong in
            ["/a b", "/a|b", "::::", "http://", "ftp://a/b c", "ftp:///b c", "1x:y", "x_y:z"]
        {
            assert_eq!(resolve(base, wrong), None, "{wrong}");
        }
    }
}
