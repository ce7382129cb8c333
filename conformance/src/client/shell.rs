//! Lines for a shell, with variables in the place of what is gone after a run.

/// The line with `${NAME}` for every value, whatever quotes it stands in. The line is made of words,
/// single quotes and double quotes, as [`Request::curl`](super::Request::curl) writes it.
pub(crate) fn with_variables(line: &str, variables: &[(String, &str)]) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['\'', '"', '\\']) {
        out.push_str(&rest[..at]);
        let (quote, after) = rest[at..].split_at(1);
        let end = match quote {
            "\\" => after.chars().next().map_or(0, char::len_utf8),
            _ => after.find(quote).unwrap_or(after.len()),
        };
        let (inside, after) = after.split_at(end);
        match quote {
            "'" => out.push_str(&quoted(inside, variables)),
            "\\" => out.extend(["\\", inside]),
            _ => out.extend(["\"", inside, "\""]),
        }
        rest = if quote == "\\" { after } else { after.get(1..).unwrap_or_default() };
    }
    out.push_str(rest);
    out
}

/// What stands in single quotes, with variables, in whatever quotes it needs then.
fn quoted(text: &str, variables: &[(String, &str)]) -> String {
    let held = variables.iter().any(|(value, _)| text.contains(value.as_str()));
    if !held {
        return format!("'{text}'");
    }
    let plain = !text.contains(['"', '$', '`', '\\', '!']);
    let put = |text: &str, before: &str, after: &str| {
        variables.iter().fold(text.to_owned(), |text, (value, name)| {
            text.replace(value.as_str(), &format!("{before}${{{name}}}{after}"))
        })
    };
    if plain {
        return format!("\"{}\"", put(text, "", ""));
    }
    let pieces = format!("'{}'", put(text, "'\"", "\"'"));
    let pieces = pieces.strip_prefix("''").unwrap_or(&pieces);
    pieces.strip_suffix("''").unwrap_or(pieces).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_variables_in_the_quotes_that_they_need() {
        let variables =
            [("abc123".to_owned(), "SESSION"), ("http://127.0.0.1:9/m".to_owned(), "MEDIA")];
        let of = |line| with_variables(line, &variables);
        assert_eq!(
            of("curl 'http://h/v4/sessions/abc123/players'"),
            "curl \"http://h/v4/sessions/${SESSION}/players\""
        );
        assert_eq!(
            of(r#"-H "A: ${P}" --data '{"id": "http://127.0.0.1:9/m/x"}' 'y'"#),
            r#"-H "A: ${P}" --data '{"id": "'"${MEDIA}"'/x"}' 'y'"#
        );
        assert_eq!(of(r"'it'\''s abc123'"), "'it'\\'\"s ${SESSION}\"");
        assert_eq!(of("'abc123"), "\"${SESSION}\"", "whoever left the quote open");
        assert_eq!(of("curl"), "curl");
    }
}
