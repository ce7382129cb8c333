//! What two failures have in common: their texts without what is another one in every run.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Longest line of a difference that is kept, in characters.
const LONGEST: usize = 240;

/// Ids, addresses and paths of one run, and what stands in their place.
static IDS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    compile(&[
        (r#"sessions/[^/\s"'?{}]+"#, "sessions/{session}"),
        (r"players/\d{6,}", "players/{guild}"),
        (r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b", "{id}"),
        (r"\b(?:[0-9]+[a-f]|[a-f]+[0-9])[0-9a-f]{14,}\b", "{id}"),
        (r"\b\d{15,20}\b", "{id}"),
        (r"(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost):\d+", "{host}"),
        // A limit that a busy machine has moved.
        (r"(\d\.\d)\d+( ?s\b)", "$1$2"),
        // The place of an item says nothing of what is wrong with it.
        (r"^((?:/[A-Za-z]\w*)+)/\d+(/|:)", "$1/*$2"),
    ])
});

/// Numbers that are measured, and so never twice the same.
static MEASURED: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    compile(&[
        (r"-?\d+(?:\.\d+)?( ?(?:ms|s|dB|Hz|%|bytes|seconds)\b)", "N$1"),
        (r"-?\d+\.\d+", "N"),
        (r"\b\d{5,}\b", "N"),
    ])
});

fn compile(patterns: &[(&str, &'static str)]) -> Vec<(Regex, &'static str)> {
    #[expect(clippy::expect_used, reason = "every pattern is compiled by a test")]
    let compile = |(pattern, in_place): &(&str, &'static str)| {
        (Regex::new(pattern).expect("a pattern is a regular expression"), *in_place)
    };
    patterns.iter().map(compile).collect()
}

/// A line as people are to read it in every run: no ids, no ports, one line, not too long.
pub(crate) fn without_ids(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = replace(&one_line, &IDS);
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into_owned(),
    }
}

/// A line as it is compared: what is measured is left out, too.
pub(crate) fn without_numbers(text: &str) -> String {
    replace(&without_ids(text), &MEASURED).into_owned()
}

fn replace<'a>(text: &'a str, patterns: &[(Regex, &'static str)]) -> Cow<'a, str> {
    patterns.iter().fold(Cow::Borrowed(text), |text, (pattern, in_place)| {
        match pattern.replace_all(&text, *in_place) {
            Cow::Borrowed(_) => text,
            Cow::Owned(replaced) => Cow::Owned(replaced),
        }
    })
}

/// Method and path of a `curl` line, as far as they are the same in every run.
pub(super) fn endpoint(curl: &str) -> Option<String> {
    let method = curl.split_once(" -X ")?.1.split(' ').next()?;
    let url = curl.rsplit_once(' ')?.1.trim_matches(['\'', '"']);
    let path = url.split_once("//").map_or(url, |(_, rest)| rest);
    let path = &path[path.find('/')?..];
    let path = path.split('?').next().unwrap_or_default();
    let path = path.replace("${SESSION}", "{session}").replace("${GUILD}", "{guild}");
    Some(format!("{method} {}", without_ids(&path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ports_and_places_are_no_part_of_a_text() {
        for (text, expected) in [
            (
                "PATCH /v4/sessions/25c5a/players/908712345678901234: no answer",
                "PATCH /v4/sessions/{session}/players/{guild}: no answer",
            ),
            ("GET http://127.0.0.1:39123/x", "GET http://{host}/x"),
            ("got 123e4567-e89b-12d3-a456-426614174000", "got {id}"),
            ("/players/3/track: expected null", "/players/*/track: expected null"),
            ("status: expected 200, got 404", "status: expected 200, got 404"),
            ("nothing within 6.3859639s", "nothing within 6.3s"),
            ("two\n  lines", "two lines"),
        ] {
            assert_eq!(without_ids(text), expected);
        }
        assert_eq!(without_ids(&"é".repeat(1000)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn what_is_measured_is_not_compared() {
        let of = without_numbers;
        assert_eq!(of("the level is -20.02 dB"), of("the level is -9.5 dB"));
        assert_eq!(of("nothing within 5 s"), of("nothing within 10 s"));
        assert_ne!(of("status: expected 200, got 404"), of("status: expected 200, got 400"));
    }

    #[test]
    fn a_curl_line_has_an_endpoint() {
        let line = "curl -i -X PATCH -H 'A: b' --data-binary '{\"a\": 1}' \
                    \"http://127.0.0.1:1/v4/sessions/${SESSION}/players/${GUILD}?noReplace=true\"";
        assert_eq!(endpoint(line).unwrap(), "PATCH /v4/sessions/{session}/players/{guild}");
        assert_eq!(endpoint("curl -i -X GET 'http://h:1/version'").unwrap(), "GET /version");
        assert_eq!(endpoint("no line"), None);
    }
}
