//! JSON that is not quite what it should be: another structure, other types, or no JSON at all.

use serde_json::{Value, json};

use crate::fuzz::random::Random;

/// Texts that stand where a value should, most of which are no JSON.
const TOKENS: &[&[u8]] = &[
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"1e999",
    b"-1e999",
    b"1e-999",
    b"01",
    b"+1",
    b".5",
    b"1.",
    b"0x10",
    b"1_000",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"18446744073709551616",
    b"-0",
    b"1E+2",
    b"10e-1",
    b"1e",
    b"-",
    b"\"\xff\xfe\"",
    b"\"\xed\xa0\x80\"",
    b"\"\\ud800\"",
    b"\"\\u0000\"",
    b"\"\\x\"",
    b"\"\\u12\"",
    b"\"a\nb\"",
    b"'single'",
    b"undefined",
    b"/* comment */ 1",
    b"nul",
    b"TRUE",
    b"\"open",
    b"[1,]",
    b"{\"a\":1,}",
    b"{\"a\"}",
    b"{a: 1}",
    b"{1: 1}",
    b"[",
    b"}",
    b"",
    b"1 2",
    b"\"1\"",
    b"\" 2 \"",
    b"\"true\"",
    b"\"NaN\"",
    b"\"\"",
    b"b64\"\"",
];

/// A body made of a valid one by one to three changes.
pub(super) fn mutate(random: &mut Random, body: &Value) -> Vec<u8> {
    let mut body = body.clone();
    let mut raw = Vec::new();
    let text_only = random.one_in(5);
    for _ in 0..if text_only { 0 } else { random.between(1, 3) } {
        change(random, &mut body, &mut raw);
    }
    let mut text = body.to_string().into_bytes();
    // A later token may hold the mark of an earlier one.
    for (index, token) in raw.iter().enumerate().rev() {
        let mark = mark(index).to_string().into_bytes();
        if let Some(at) = text.windows(mark.len()).position(|window| window == mark) {
            text.splice(at..at + mark.len(), token.iter().copied());
        }
    }
    if text_only || random.one_in(10) {
        break_text(random, &mut text);
    }
    text
}

/// Stands for the token of this index until the value has become text.
fn mark(index: usize) -> Value {
    json!(format!("@RAW{index}@"))
}

fn change(random: &mut Random, body: &mut Value, raw: &mut Vec<Vec<u8>>) {
    let mut places = Vec::new();
    collect(body, String::new(), &mut places);
    let at = random.pick(&places).clone();
    let parent = at.rfind('/').map(|slash| (&at[..slash], &at[slash + 1..]));
    match (random.below(10), parent) {
        (0, Some((parent, key))) => {
            if let Some(object) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
                object.remove(key);
            }
        }
        (1, Some((parent, key))) => {
            // The same key again, in another case or as it is, with another value.
            if let Some(object) = body.pointer_mut(parent).and_then(Value::as_object_mut) {
                let old = object.get(key).cloned().unwrap_or_default();
                let again =
                    if random.one_in(3) { key.to_ascii_uppercase() } else { key.to_owned() };
                let pair = format!("{old},{}:{}", json!(again), plain(random));
                object.insert(key.to_owned(), mark(raw.len()));
                raw.push(pair.into_bytes());
            }
        }
        (2..=4, _) => {
            set(body, &at, mark(raw.len()));
            raw.push(random.pick(TOKENS).to_vec());
        }
        (5, _) => {
            set(body, &at, mark(raw.len()));
            raw.push(extreme(random));
        }
        (6, _) => {
            let inner = body.pointer(&at).cloned().unwrap_or_default();
            set(body, &at, if random.one_in(2) { json!([inner]) } else { json!({"a": inner}) });
        }
        (7, _) => {
            if let Some(object) = body.pointer_mut(&at).and_then(Value::as_object_mut) {
                object.insert(
                    random.text(&["", "unknown", "__proto__", "tracks"]).to_owned(),
                    plain(random),
                );
            }
        }
        _ => set(body, &at, plain(random)),
    }
}

fn set(body: &mut Value, at: &str, value: Value) {
    if let Some(place) = body.pointer_mut(at) {
        *place = value;
    }
}

/// JSON pointers of all values.
fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{at}/{key}"), places);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(at);
}

/// A JSON value that may be of the wrong type or out of range.
fn plain(random: &mut Random) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1),
        json!(15),
        json!(1.5),
        json!(2_147_483_648_u64),
        json!(-2_147_483_649_i64),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e39),
        json!(1e308),
        json!(1e-300),
        json!([]),
        json!({}),
        json!([null]),
        json!([[]]),
        json!({"": null}),
        json!("5"),
        json!(" "),
        json!("null"),
        json!("💿\u{0}"),
    ];
    random.pick(&values).clone()
}

/// Deep, long or wide.
fn extreme(random: &mut Random) -> Vec<u8> {
    let large = if random.one_in(20) { 200_000 } else { 2_000 };
    match random.below(7) {
        0 => [b"[".repeat(large), b"]".repeat(large)].concat(),
        1 => [b"{\"a\":".repeat(large), b"1".to_vec(), b"}".repeat(large)].concat(),
        2 => b"[".repeat(large),
        3 => [b"\"".to_vec(), b"x".repeat(large), b"\"".to_vec()].concat(),
        4 => b"9".repeat(large),
        5 => {
            let fields = (0..large).map(|n| format!("\"k{n}\":0"));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(",")).into_bytes()
        }
        _ => [b"[".to_vec(), b"0,".repeat(large), b"0]".to_vec()].concat(),
    }
}

fn break_text(random: &mut Random, text: &mut Vec<u8>) {
    match random.below(9) {
        0 => text.truncate(random.below(text.len() + 1)),
        1 => text.extend(b" {}"),
        2 => text.splice(..0, *b"\xef\xbb\xbf").for_each(drop),
        3 => text.clear(),
        4 => *text = text.iter().flat_map(|byte| [*byte, 0]).collect(),
        5 => text.splice(..0, b" \t\r\n".repeat(random.between(1, 500))).for_each(drop),
        6 => {
            *text = random
                .pick(&[b"null".as_slice(), b"[]", b"1", b"\"\"", b"true", b"\0", b"{", b"{\"\":"])
                .to_vec()
        }
        _ if text.is_empty() => {}
        7 => {
            let at = random.below(text.len());
            text[at] = random.bytes(1)[0];
        }
        _ => {
            let at = random.below(text.len());
            text.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_changed_in_many_ways() {
        let body = json!({"volume": 100, "track": {"encoded": "x", "userData": {}}, "a": [1, 2]});
        let all: std::collections::BTreeSet<_> =
            (0..500).map(|number| mutate(&mut Random::of(1, number), &body)).collect();
        assert!(all.len() > 300, "{}", all.len());
        let valid = all.iter().filter(|text| serde_json::from_slice::<Value>(text).is_ok()).count();
        assert!(valid > 50 && valid < all.len() - 50, "{valid} of {}", all.len());
        assert!(all.iter().all(|text| !String::from_utf8_lossy(text).contains("@RAW")));
    }
}
