//! mp3 files that are made for a scenario: nothing to be heard in them, and any header and tag.

use serde_json::Value;

use crate::track::hex;

/// Most bytes of a part.
const LONGEST: u64 = 1024 * 1024;

/// The bytes that parts describe, one after the other, as STEPS.md has them.
pub(super) fn write(parts: &[Value]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend(write_part(part)?);
    }
    Ok(bytes)
}

fn write_part(part: &Value) -> Result<Vec<u8>, String> {
    if let Some(count) = part["frames"].as_u64() {
        return frames(part, count);
    }
    if part["id3"].is_object() {
        return id3(part);
    }
    if let Some(count) = part["zeros"].as_u64() {
        return Ok(vec![0; count.min(LONGEST) as usize]);
    }
    if let Some(text) = part["text"].as_str() {
        return Ok(text.as_bytes().to_vec());
    }
    if let Some(digits) = part["hex"].as_str() {
        return hex(digits).ok_or_else(|| format!("no bytes in hex: {digits}"));
    }
    Err(format!("no part of an mp3: {part}"))
}

fn frames(part: &Value, count: u64) -> Result<Vec<u8>, String> {
    const OF_1: [u64; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const OF_2: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const RATES: [u64; 3] = [44_100, 48_000, 32_000];
    let version = part["mpeg"].as_f64().unwrap_or(1.0);
    let (bits, rates, kbits, multiplier) = match version {
        1.0 => (3, RATES, OF_1, 144_000),
        2.0 => (2, RATES.map(|rate| rate / 2), OF_2, 72_000),
        2.5 => (0, RATES.map(|rate| rate / 4), OF_2, 72_000),
        _ => return Err(format!("no version of MPEG: {version}")),
    };
    let wanted = |name: &str, usual: u64| part[name].as_u64().unwrap_or(usual);
    let position = |list: &[u64], wanted: u64| {
        let found = list.iter().position(|known| *known == wanted);
        found.ok_or_else(|| format!("{wanted} is not among {list:?}"))
    };
    let (rate, kbit) = (wanted("rate", rates[0]), wanted("kbits", 128));
    let (rate_index, kbit_index) = (position(&rates, rate)?, position(&kbits, kbit)?);
    let size = (multiplier * kbit / rate) as usize;
    let mut frame = vec![0; size];
    let mono = part["mono"] == true;
    let third = (kbit_index as u8 + 1) << 4 | (rate_index as u8) << 2;
    frame[..4].copy_from_slice(&[0xFF, 0xE3 | bits << 3, third, if mono { 0xC0 } else { 0 }]);
    if let Some(name) = part["header"].as_str() {
        let mut header = name.as_bytes().to_vec();
        header.extend((wanted("flags", 7) as u32).to_be_bytes());
        header.extend((wanted("count", 100) as u32).to_be_bytes());
        header.extend(50_000_u32.to_be_bytes());
        let at = wanted("at", 36) as usize;
        let place = frame.get_mut(at..at + header.len());
        place.ok_or("no room for the header")?.copy_from_slice(&header);
    }
    if size as u64 * count > LONGEST {
        return Err(format!("more than {LONGEST} bytes of frames"));
    }
    Ok(frame.repeat(count as usize))
}

/// A text as ID3 has it, after the byte that tells its encoding. All but UTF-8 end with a zero.
fn encoded(text: &str, encoding: &str) -> Result<Vec<u8>, String> {
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().chain([0]).flat_map(bytes);
    let big = || wide(u16::to_be_bytes);
    Ok(match encoding {
        "ISO-8859-1" => {
            let narrow = text.chars().map(|c| u8::try_from(c).unwrap_or(b'?'));
            std::iter::once(0).chain(narrow).chain([0]).collect()
        }
        "UTF-16, little-endian" => {
            [1, 0xFF, 0xFE].into_iter().chain(wide(u16::to_le_bytes)).collect()
        }
        "UTF-16, big-endian" => [1, 0xFE, 0xFF].into_iter().chain(big()).collect(),
        "UTF-16BE" => std::iter::once(2).chain(big()).collect(),
        "UTF-8" => [b"\x03", text.as_bytes()].concat(),
        _ => return Err(format!("no encoding of ID3: {encoding}")),
    })
}

fn id3(part: &Value) -> Result<Vec<u8>, String> {
    let version = part["version"].as_u64().unwrap_or(3);
    if !(2..=4).contains(&version) {
        return Err(format!("no version of ID3: {version}"));
    }
    let mut body = Vec::new();
    for (name, text) in part["id3"].as_object().into_iter().flatten() {
        let text = match (text.as_str(), text["text"].as_str(), text["times"].as_u64()) {
            (Some(text), ..) => text.to_owned(),
            (_, Some(text), Some(times)) => text.repeat(times.min(LONGEST / 4) as usize),
            _ => return Err("a tag is a text".to_owned()),
        };
        let text = encoded(&text, part["encoding"].as_str().unwrap_or("UTF-8"))?;
        let size = text.len() as u32;
        body.extend(name.as_bytes());
        match version {
            2 => body.extend(&synchsafe(size)[1..]),
            3 => body.extend(size.to_be_bytes()),
            _ => body.extend(synchsafe(size)),
        }
        if version > 2 {
            body.extend([0, 0]);
        }
        body.extend(text);
    }
    let size = part["size"].as_u64().unwrap_or(0).min(LONGEST) as usize;
    body.resize(body.len().max(size) + 10, 0);
    let head = [b"ID3", &[version as u8, 0, 0][..], &synchsafe(body.len() as u32)].concat();
    Ok([head, body].concat())
}

fn synchsafe(size: u32) -> [u8; 4] {
    [size >> 21, size >> 14, size >> 7, size].map(|part| (part & 0x7F) as u8)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn frames_are_as_large_as_their_bit_rate() {
        let written = |part: Value| write(&[part]).unwrap();
        let usual = written(json!({"frames": 2}));
        assert_eq!((usual.len(), &usual[..4]), (834, &[0xFF, 0xFB, 0x90, 0][..]));
        let mono = json!({"frames": 1, "mpeg": 2, "kbits": 8, "rate": 22050, "mono": true});
        assert_eq!(written(mono)[..4], [0xFF, 0xF3, 0x10, 0xC0]);
        let xing = written(json!({"frames": 1, "header": "Xing", "count": 5}));
        assert_eq!(xing[36..48], *b"Xing\0\0\0\x07\0\0\0\x05");
    }

    #[test]
    fn tags_are_as_long_as_they_say() {
        let tag = write(&[json!({"id3": {"TIT2": "T"}, "size": 300})]).unwrap();
        assert_eq!(tag.len(), 320);
        assert_eq!(tag[..10], *b"ID3\x03\0\0\0\0\x02\x36");
        let long = json!({"id3": {"TIT2": {"times": 500, "text": "x"}}});
        assert_eq!(write(&[long]).unwrap().len(), 10 + 10 + 501 + 10);
    }

    #[test]
    fn texts_are_encoded_as_the_part_says() {
        for (encoding, expected) in [
            ("ISO-8859-1", &b"\0a\xe9?\0"[..]),
            ("UTF-16, little-endian", b"\x01\xff\xfea\0\xe9\0\x2d\x4e\0\0"),
            ("UTF-16, big-endian", b"\x01\xfe\xff\0a\0\xe9\x4e\x2d\0\0"),
            ("UTF-16BE", b"\x02\0a\0\xe9\x4e\x2d\0\0"),
            ("UTF-8", "\x03aé中".as_bytes()),
        ] {
            assert_eq!(encoded("aé中", encoding).unwrap(), expected, "{encoding}");
        }
        assert!(encoded("a", "UTF-7").is_err());
    }

    #[test]
    fn what_is_no_part_is_told_and_bytes_are_as_they_are() {
        for wrong in [
            json!({}),
            json!({"frames": 1, "kbits": 7}),
            json!({"frames": 99_999_999}),
            json!({"hex": "0g"}),
        ] {
            assert!(write(&[wrong]).is_err());
        }
        assert_eq!(write(&[json!({"hex": "ff00"}), json!({"text": "a"})]).unwrap(), b"\xff\0a");
    }
}
