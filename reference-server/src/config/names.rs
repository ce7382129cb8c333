//! Names as Spring compares them: without case, dashes and underscores, and in the environment with
//! underscores for dots.

/// A name in the form in which two spellings of it are equal: `server.http2.enabled`,
/// `lavalink.server.ratelimit.ipblocks.0`.
pub(super) type Canonical = String;

/// The canonical form of a key of a file, of JSON or of a flag.
pub(super) fn canonical(key: &str) -> Canonical {
    join(elements(key).into_iter().map(uniform))
}

/// The canonical form of a variable in Spring's notation, `LAVALINK_SERVER_PASSWORD`.
pub(super) fn of_variable(name: &str) -> Canonical {
    join(name.split(['_', '[']).map(uniform))
}

/// A key without the number of an item at its end and what follows it.
pub(super) fn head(key: &str) -> &str {
    key.split_once('[').map_or(key, |(head, _)| head)
}

/// The last parts of a key as they are written, from the one with this number on: what a key of a
/// map is called.
pub(super) fn tail(key: &str, from: usize) -> String {
    let written: Vec<_> = elements(key).into_iter().filter(|e| !uniform(e).is_empty()).collect();
    written.get(from..).unwrap_or_default().join(".")
}

/// The same for a variable: case is lost, and underscores become dots.
pub(super) fn variable_tail(name: &str, from: usize) -> String {
    let parts: Vec<_> = name.split('_').filter(|part| !uniform(part).is_empty()).collect();
    parts.get(from..).unwrap_or_default().join(".").to_lowercase()
}

/// The variable that Spring's documentation gives for a key, `LAVALINK_SERVER_PLAYERUPDATEINTERVAL`.
pub(super) fn variable(key: &str) -> String {
    kebab(key).replace(['.', '['], "_").replace(['-', ']'], "").to_uppercase()
}

/// The variable with underscores between words too, `LAVALINK_SERVER_PLAYER_UPDATE_INTERVAL`, as
/// Lavalink's documentation has it.
pub(super) fn long_variable(key: &str) -> String {
    kebab(key).replace(['.', '-', '['], "_").replace(']', "").to_uppercase()
}

/// A key with dashes between words, the spelling that wins where a file has several.
pub(super) fn kebab(key: &str) -> String {
    let mut out = String::new();
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// Whether a name in a placeholder is one that Spring compares by its canonical form; any other
/// has to be spelled exactly.
pub(super) fn is_canonical(name: &str) -> bool {
    let allowed = |c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.' | '[' | ']');
    !name.is_empty() && name.chars().all(allowed)
}

/// The parts between dots and within brackets.
fn elements(key: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let mut rest = key;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[')
            && let Some(end) = after.find(']')
        {
            elements.push(&after[..end]);
            rest = after[end + 1..].trim_start_matches('.');
            continue;
        }
        let end = rest.find(['.', '[']).filter(|end| *end > 0).unwrap_or(rest.len());
        let end = if rest.starts_with(['.', '[']) { 1 } else { end };
        elements.push(rest[..end].trim_matches(['.', '[']));
        rest = &rest[end..];
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    elements
}

fn uniform(element: &str) -> String {
    element.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn join(elements: impl Iterator<Item = String>) -> Canonical {
    elements.filter(|element| !element.is_empty()).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_key_are_equal() {
        let key = "lavalink.server.playerupdateinterval";
        for written in [
            "lavalink.server.playerUpdateInterval",
            "LAVALINK.SERVER.PLAYER_UPDATE_INTERVAL",
            "lava-link[server].player-update--interval",
            "lavalink..server.-playerUpdateInterval",
        ] {
            assert_eq!(canonical(written), key, "{written}");
        }
        assert_eq!(canonical("a.ipBlocks[0]"), "a.ipblocks.0");
        assert_eq!(canonical("a[b"), "a.b");
        assert_eq!(of_variable("LAVALINK__SERVER_PlayerUpdateInterval_"), key);
        assert_eq!(variable("reference-server.voice.ca"), "REFERENCESERVER_VOICE_CA");
        assert_eq!(of_variable("A_IPBLOCKS[0]"), "a.ipblocks.0");
        assert_eq!(long_variable("a.ipBlocks[0]"), "A_IP_BLOCKS_0");
        assert_eq!(long_variable("a.trackStuckThresholdMs"), "A_TRACK_STUCK_THRESHOLD_MS");
    }

    #[test]
    fn keys_of_maps_keep_their_spelling_but_in_the_environment() {
        assert_eq!(tail("a.filters.lowPass", 2), "lowPass");
        assert_eq!(tail("a.filters[my.own]", 2), "my.own");
        assert_eq!(variable_tail("A_FILTERS_LOW_PASS", 2), "low.pass");
    }
}
