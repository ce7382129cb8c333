//! Bodies as clients should send them.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::harmless::{REFUSING, STRETCH, media};
use super::{Grammar, tracks};
use crate::fuzz::case::Places;
use crate::fuzz::random::Random;

/// Numbers that filters take or do not take, in the middle of their range and at its ends.
const NUMBERS: &[f64] = &[
    0.0, -0.0, 1.0, -1.0, 0.25, 0.5, 2.5, 5.0, 14.0, 20.0, 220.0, 1000.0, 1e-9, 1e-45, 3.4e38, 1e30,
];

/// Filters and their fields.
const FILTERS: &[(&str, &[&str])] = &[
    ("karaoke", &["level", "monoLevel", "filterBand", "filterWidth"]),
    ("timescale", &["speed", "pitch", "rate"]),
    ("tremolo", &["frequency", "depth"]),
    ("vibrato", &["frequency", "depth"]),
    ("rotation", &["rotationHz"]),
    (
        "distortion",
        &[
            "sinOffset",
            "sinScale",
            "cosOffset",
            "cosScale",
            "tanOffset",
            "tanScale",
            "offset",
            "scale",
        ],
    ),
    ("channelMix", &["leftToLeft", "leftToRight", "rightToLeft", "rightToRight"]),
    ("lowPass", &["smoothing"]),
];

/// `PATCH /v4/sessions/{session}/players/{guild}`.
pub(super) fn player_update(random: &mut Random, grammar: Grammar) -> Value {
    let mut body = Map::new();
    if random.one_in(2) {
        body.insert("track".into(), track(random));
    } else if random.one_in(4) {
        let (key, value) = match random.below(3) {
            0 => ("encodedTrack", Value::Null),
            1 => ("encodedTrack", json!(tracks::playable(random))),
            _ => ("identifier", json!(identifier(random))),
        };
        body.insert(key.into(), value);
    }
    if random.one_in(3) {
        body.insert("position".into(), json!(random.pick(&[0, 20, 5000, 29_000, 60_000, -1])));
    }
    if random.one_in(4) {
        let ends = [json!(1), json!(5000), json!(null), json!(i64::MAX)];
        body.insert("endTime".into(), random.pick(&ends).clone());
    }
    if random.one_in(3) {
        body.insert("volume".into(), json!(random.pick(&[0, 1, 100, 150, 1000, 1001, -5])));
    }
    if random.one_in(3) {
        body.insert("paused".into(), json!(random.one_in(2)));
    }
    if random.one_in(2) {
        body.insert("filters".into(), filters(random, grammar));
    }
    if random.one_in(6) {
        body.insert("voice".into(), voice(random, grammar));
    }
    Value::Object(body)
}

fn track(random: &mut Random) -> Value {
    let data = json!({"a": [1, null, {"b": "ü"}], "": 1e300});
    match random.below(8) {
        0 => json!({}),
        1 => json!({"encoded": null}),
        2 => json!({"encoded": tracks::playable(random), "userData": data}),
        3 => json!({"userData": data}),
        4 | 5 => json!({"identifier": identifier(random)}),
        _ => json!({"encoded": tracks::playable(random)}),
    }
}

/// An identifier for `loadtracks` or a player, that leads to media, to loopback or to nothing.
pub(super) fn identifier(random: &mut Random) -> String {
    let known = [
        media("tone-30s.wav"),
        media("tone.mp3"),
        media("tagged.flac"),
        media("garbage.bin"),
        media("nothing-here"),
        format!("http://{REFUSING}/x.mp3"),
        format!("{}/version", Places::TARGET),
        "/nowhere/x.mp3".into(),
        "nonsense".into(),
        String::new(),
    ];
    random.pick(&known).clone()
}

fn within(range: RangeInclusive<f64>, number: f64) -> f64 {
    number.clamp(*range.start(), *range.end())
}

/// All forms of filters, each with some of its fields.
pub(super) fn filters(random: &mut Random, grammar: Grammar) -> Value {
    let mut filters = Map::new();
    if random.one_in(3) {
        filters.insert("volume".into(), json!(random.pick(NUMBERS)));
    }
    if random.one_in(3) {
        let bands = (0..random.below(20)).map(|_| {
            let gain = *random.pick(NUMBERS);
            json!({"band": random.below(15), "gain": gain})
        });
        let bands: Vec<_> = bands.collect();
        filters.insert("equalizer".into(), json!(bands));
    }
    for (name, fields) in FILTERS {
        if !random.one_in(4) {
            continue;
        }
        let mut filter = Map::new();
        for field in *fields {
            if random.one_in(2) {
                let number = *random.pick(NUMBERS);
                let spared = *name == "timescale" && !grammar.stretching;
                // Numbers that are refused stay as they are.
                let number = if spared && number > 0.0 { within(STRETCH, number) } else { number };
                filter.insert((*field).into(), json!(number));
            }
        }
        let filter = if random.one_in(8) { Value::Null } else { Value::Object(filter) };
        filters.insert((*name).into(), filter);
    }
    if random.one_in(6) {
        filters.insert("pluginFilters".into(), json!({"echo": {"delay": 1}}));
    }
    Value::Object(filters)
}

/// Voice data that lack something; the bundled server is also told of a server that refuses.
fn voice(random: &mut Random, grammar: Grammar) -> Value {
    let whole = json!({
        "token": "token", "endpoint": REFUSING, "sessionId": "id", "channelId": "170939974227541170",
    });
    match random.below(4) {
        0 => json!({"token": "", "endpoint": "", "sessionId": "", "channelId": ""}),
        1 => json!({"token": "token", "endpoint": " ", "sessionId": "id"}),
        2 => json!({"token": "token", "sessionId": "id", "channelId": "1"}),
        _ if grammar.voice => whole,
        _ => json!({"token": "t", "endpoint": "", "sessionId": "id", "channelId": "not a number"}),
    }
}

/// `PATCH /v4/sessions/{session}`.
pub(super) fn session_update(random: &mut Random) -> Value {
    let mut body = Map::new();
    if random.one_in(2) {
        body.insert("resuming".into(), json!(random.one_in(2)));
    }
    if random.one_in(2) {
        let timeouts = [json!(0), json!(1), json!(60), json!(-1), json!(i64::MAX), json!(null)];
        body.insert("timeout".into(), random.pick(&timeouts).clone());
    }
    Value::Object(body)
}

/// `POST /v4/routeplanner/free/address`.
pub(super) fn address(random: &mut Random) -> Value {
    let addresses = ["127.0.0.1", "::1", "1.2.3.4/24", "", "::ffff:1.2.3.4", "fe80::1%0", "1.2.3"];
    json!({"address": random.pick(&addresses)})
}
