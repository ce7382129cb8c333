//! The runner's own reader and writer of encoded tracks.
//!
//! Independent of any server: base64 of a big-endian message with a four-byte header (two flag
//! bits, 30 bits of size), texts in Java's modified UTF-8.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::failure::Failure;

/// Reads an encoded track into `{version, title, author, …}`.
pub(crate) fn read(encoded: &str) -> Result<Value, String> {
    let bytes = STANDARD.decode(encoded).map_err(|error| format!("not base64: {error}"))?;
    let mut input = Input { bytes: &bytes, at: 0 };
    let header = input.number(4)?;
    let size = header & 0x3FFF_FFFF;
    if size != bytes.len() as u64 - 4 {
        return Err(format!("its header says {size} bytes, it has {}", bytes.len() - 4));
    }
    let version = if header >> 30 & 1 == 1 { input.number(1)? } else { 1 };
    let mut track = Map::new();
    track.insert("version".into(), version.into());
    track.insert("title".into(), input.text()?.into());
    track.insert("author".into(), input.text()?.into());
    track.insert("length".into(), (input.number(8)? as i64).into());
    track.insert("identifier".into(), input.text()?.into());
    track.insert("isStream".into(), (input.number(1)? != 0).into());
    for (name, since) in [("uri", 2), ("artworkUrl", 3), ("isrc", 3)] {
        if version >= since {
            let there = input.number(1)? != 0;
            let text = if there { input.text()?.into() } else { Value::Null };
            track.insert(name.into(), text);
        }
    }
    let source = input.text()?;
    if matches!(source.as_str(), "local" | "http") {
        track.insert("probeInfo".into(), input.text()?.into());
        track.insert("position".into(), (input.number(8)? as i64).into());
        if input.at != bytes.len() {
            return Err(format!("{} bytes are left after the position", bytes.len() - input.at));
        }
    }
    track.insert("sourceName".into(), source.into());
    Ok(Value::Object(track))
}

/// Writes an encoded track; what `fields` leaves out gets a default.
pub(crate) fn write(fields: &Value) -> Result<String, Failure> {
    let defaults = json!({
        "version": 3, "title": "Title", "author": "Author", "length": 30_000,
        "identifier": "http://127.0.0.1/track.wav", "isStream": false,
        "uri": "http://127.0.0.1/track.wav", "artworkUrl": null, "isrc": null,
        "sourceName": "http", "probeInfo": "wav", "position": 0,
    });
    let given =
        fields.as_object().ok_or_else(|| Failure::harness("a track is written as an object"))?;
    if let Some(unknown) = given.keys().find(|key| defaults.get(key.as_str()).is_none()) {
        return Err(Failure::harness(format!("a track has no field {unknown}")));
    }
    let field = |name: &str| given.get(name).unwrap_or(&defaults[name]);
    let text = |name: &str| {
        let wrong = || Failure::harness(format!("{name} has to be a text or bytes in hex"));
        encoded_text(field(name)).ok_or_else(wrong)
    };
    let long = |name: &str| {
        field(name).as_i64().ok_or_else(|| Failure::harness(format!("{name} has to be an integer")))
    };
    let version =
        u8::try_from(long("version")?).map_err(|_| Failure::harness("a version has one byte"))?;
    let mut body = Vec::new();
    if version > 1 {
        body.push(version);
    }
    body.extend(text("title")?);
    body.extend(text("author")?);
    body.extend(long("length")?.to_be_bytes());
    body.extend(text("identifier")?);
    body.push(field("isStream").as_bool().unwrap_or(false).into());
    for (name, since) in [("uri", 2), ("artworkUrl", 3), ("isrc", 3)] {
        if version >= since {
            body.push((!field(name).is_null()).into());
            if !field(name).is_null() {
                body.extend(text(name)?);
            }
        }
    }
    body.extend(text("sourceName")?);
    body.extend(text("probeInfo")?);
    body.extend(long("position")?.to_be_bytes());
    let flags = if version > 1 { 1u32 << 30 } else { 0 };
    let mut message = (flags | body.len() as u32).to_be_bytes().to_vec();
    message.extend(body);
    Ok(STANDARD.encode(message))
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Input<'_> {
    fn take(&mut self, count: usize) -> Result<&[u8], String> {
        let taken = self.bytes.get(self.at..self.at + count);
        let taken = taken.ok_or_else(|| format!("it ends at byte {}", self.bytes.len()))?;
        self.at += count;
        Ok(taken)
    }

    fn number(&mut self, bytes: usize) -> Result<u64, String> {
        Ok(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn text(&mut self) -> Result<String, String> {
        let length = self.number(2)? as usize;
        let at = self.at;
        units(self.take(length)?)
            .map(|units| String::from_utf16_lossy(&units))
            .ok_or_else(|| format!("the text at byte {at} is not in modified UTF-8"))
    }
}

/// UTF-16 units: each takes one to three bytes, NUL takes two, and nothing takes four.
fn units(bytes: &[u8]) -> Option<Vec<u16>> {
    let mut units = Vec::new();
    let mut bytes = bytes.iter().map(|byte| u16::from(*byte));
    while let Some(first) = bytes.next() {
        let mut more = || bytes.next().filter(|byte| byte & 0xC0 == 0x80).map(|byte| byte & 0x3F);
        units.push(match first {
            0x01..=0x7F => first,
            0xC0..=0xDF => (first & 0x1F) << 6 | more()?,
            0xE0..=0xEF => (first & 0x0F) << 12 | more()? << 6 | more()?,
            _ => return None,
        });
    }
    Some(units)
}

/// A text in modified UTF-8, or `{"hex": "ff"}`: bytes that may be none. Their length comes first.
fn encoded_text(value: &Value) -> Option<Vec<u8>> {
    let bytes = match value {
        Value::String(text) => modified_utf8(text),
        _ => hex(value["hex"].as_str()?)?,
    };
    let mut encoded = u16::try_from(bytes.len()).ok()?.to_be_bytes().to_vec();
    encoded.extend(bytes);
    Some(encoded)
}

/// The bytes that pairs of hexadecimal digits stand for; `None` if they are none.
pub(crate) fn hex(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn modified_utf8(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for unit in text.encode_utf16() {
        let [high, middle, low] =
            [(unit >> 12) as u8, (unit >> 6 & 0x3F) as u8, (unit & 0x3F) as u8];
        match unit {
            0x01..=0x7F => bytes.push(unit as u8),
            0..=0x7FF => bytes.extend([0xC0 | middle, 0x80 | low]),
            _ => bytes.extend([0xE0 | high, 0x80 | middle, 0x80 | low]),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_track_of_the_real_server_is_read() {
        let track = read("QAAAdgMADVVua25vd24gdGl0bGUADlVua25vd24gYXJ0aXN0AAAAAAAAE7EAGS9zcnYvZml4dHVyZXMvdG9uZV81cy5tcDMAAQAZL3Nydi9maXh0dXJlcy90b25lXzVzLm1wMwAAAAVsb2NhbAADbXAzAAAAAAAAAAA=").unwrap();
        assert_eq!(
            track,
            json!({
                "version": 3, "title": "Unknown title", "author": "Unknown artist", "length": 5041,
                "identifier": "/srv/fixtures/tone_5s.mp3", "isStream": false,
                "uri": "/srv/fixtures/tone_5s.mp3", "artworkUrl": null, "isrc": null,
                "probeInfo": "mp3", "position": 0, "sourceName": "local",
            })
        );
    }

    #[test]
    fn fields_that_a_track_does_not_have_are_refused() {
        assert!(write(&json!({"titel": "x"})).is_err());
        assert!(write(&json!({"length": "x"})).is_err());
        assert!(write(&json!({"title": {"hex": "0g"}})).is_err());
        assert!(write(&json!({"title": "x".repeat(65_536)})).is_err());
        assert!(read("AAAA").is_err());
    }

    #[test]
    fn bytes_are_written_as_they_are() {
        let of = |title: Value| write(&json!({"title": title})).unwrap();
        assert_eq!(of(json!({"hex": "c3a9"})), of(json!("é")));
        assert!(read(&of(json!({"hex": "f09f9880"}))).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(title in "\\PC{0,20}", length: i64, version in 1u8..4, isrc in prop::option::of("\\PC{0,8}")) {
            let fields = json!({"version": version, "title": title, "length": length, "isrc": isrc});
            let track = read(&write(&fields).unwrap()).unwrap();
            prop_assert_eq!(&track["title"], &fields["title"]);
            prop_assert_eq!(&track["length"], &fields["length"]);
            prop_assert_eq!(&track["version"], &fields["version"]);
            if version == 3 {
                prop_assert_eq!(&track["isrc"], &fields["isrc"]);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[A-Za-z0-9+/=]{0,80}") {
            let _ = read(&text);
        }
    }
}
