//! Encoded tracks, whole and broken.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::fuzz::case::Places;
use crate::fuzz::random::Random;
use crate::track;

/// A track that decodes, of a source that most servers have. It names no address of its own, as a
/// mutation of its base64 could make another of that.
pub(super) fn playable(random: &mut Random) -> String {
    if random.one_in(2) {
        return Places::TRACK.to_owned();
    }
    written(&json!({"identifier": "x", "uri": null, "length": random.pick(&[0, 1, 30_000])}))
}

/// A track that a server has to look at twice. It names no address, so that a server which plays
/// it goes nowhere.
pub(super) fn broken(random: &mut Random) -> String {
    let whole = written(&unusual(random));
    let mut bytes = STANDARD.decode(&whole).unwrap_or_default();
    match random.below(10) {
        0 => {}
        1 => bytes.truncate(random.below(bytes.len() + 1)),
        2 => bytes.extend(random.bytes(5)),
        3 | 4 => {
            for _ in 0..random.between(1, 4) {
                let at = random.below(bytes.len());
                bytes[at] = random.bytes(1)[0];
            }
        }
        5 => {
            // The size in the header.
            let size = random.pick(&[0, 1, u32::MAX, 0x4000_0000, 0x7FFF_FFFF, 0x4000_0001]);
            bytes.splice(..4, size.to_be_bytes());
        }
        6 => {
            // The length of the title.
            bytes.splice(5..7, random.pick(&[[0xFF, 0xFF], [0x7F, 0xFF], [0, 0]]).to_owned());
        }
        _ => return text(random, &whole),
    }
    STANDARD.encode(bytes)
}

/// Fields as other servers and other versions write them.
fn unusual(random: &mut Random) -> Value {
    let titles = ["", "Title", "\u{0}", "💿 ü \u{FFFF}", "\r\n\"\\"];
    let mut fields = json!({
        "identifier": "x", "uri": "x", "title": random.pick(&titles),
        "version": random.pick(&[1, 2, 3, 3, 3, 4, 0, 255]),
    });
    let more = [
        ("length", json!(i64::MAX)),
        ("length", json!(-1)),
        ("length", json!(i64::MIN)),
        ("position", json!(i64::MAX)),
        ("position", json!(-1)),
        ("isStream", json!(true)),
        ("sourceName", json!("youtube")),
        ("sourceName", json!("local")),
        ("sourceName", json!("")),
        ("probeInfo", json!("mp3")),
        ("probeInfo", json!("nope|x")),
        ("probeInfo", json!("")),
        ("isrc", json!("ISRC")),
        ("artworkUrl", json!("x")),
        ("title", json!("long ".repeat(5000))),
    ];
    for _ in 0..random.below(4) {
        let (name, value) = random.pick(&more);
        fields[*name] = value.clone();
    }
    fields
}

/// What is not quite base64, or not a track at all.
fn text(random: &mut Random, whole: &str) -> String {
    match random.below(9) {
        0 => String::new(),
        1 => "AAAA".into(),
        2 => "not base64!".into(),
        3 => whole.trim_end_matches('=').to_owned(),
        4 => whole.replace('+', "-").replace('/', "_"),
        5 => format!("{whole}===="),
        6 => format!(" {whole}\n"),
        7 => STANDARD.encode(random.bytes(60)),
        _ => whole.chars().rev().collect(),
    }
}

fn written(fields: &Value) -> String {
    // All of them are fields of a track with values of the right type.
    track::write(fields).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracks_are_written_and_some_of_the_broken_ones_are_not_read() {
        let mut random = Random::of(1, 1);
        let (mut read, mut refused) = (0, 0);
        for _ in 0..500 {
            match track::read(&broken(&mut random)) {
                Ok(_) => read += 1,
                Err(_) => refused += 1,
            }
        }
        assert!(read > 50 && refused > 100, "{read} {refused}");
        assert!(!playable(&mut random).is_empty());
    }
}
