//! Configurations, and what a Lavalink 4.2.2 read from each of them: the reference server has to
//! read the same, value by value.
//!
//! `real.toml` is a table of facts. A case has files, environment variables and flags; `read` has the
//! values that differ from those without any configuration, `refused` says that the real server did
//! not start. `differs` says why the reference server means to do something else; `here` then has
//! what it reads, and without it the reference server refuses.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod quiet;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

use ipnet::IpNet;
use lavalink_reference_server::config::{Config, ConfigError, Loaded, Places, taken_out};
use serde_json::{Map, Value, json};

/// Times below that are limits; the real server's 0 is none.
const TEN_YEARS: u64 = 300_000_000_000;

#[test]
fn configurations_mean_what_they_mean_to_the_real_server() {
    let table: toml_edit::DocumentMut = include_str!("real.toml").parse().unwrap();
    let cases = table["case"].as_array_of_tables().unwrap();
    assert!(cases.len() >= 100, "{}", cases.len());
    let nothing = values(&Config::default());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let texts = |key: &str| -> BTreeMap<String, String> {
            let table = case.get(key).and_then(|item| item.as_table_like());
            let pairs = table.into_iter().flat_map(|table| table.iter());
            pairs.map(|(key, item)| (key.to_owned(), item.as_str().unwrap().to_owned())).collect()
        };
        let expected = |key: &str| {
            let table = case.get(key)?.as_table_like()?;
            let mut all = nothing.clone();
            for (key, item) in table.iter() {
                assert!(all.contains_key(key), "{name}: {key}");
                all.insert(key.to_owned(), plain(item.as_value().unwrap()));
            }
            Some(all)
        };
        let flags = case.get("flags").and_then(|item| item.as_array());
        let flags = flags.into_iter().flatten().map(|flag| flag.as_str().unwrap().to_owned());
        let found = read(texts("files"), texts("environment"), flags.collect());
        let found = found.as_ref().map(|loaded| values(&loaded.config));
        let differs = case.contains_key("differs");
        let expected = if differs { expected("here") } else { expected("read") };
        match (&expected, &found) {
            (Some(expected), Ok(found)) if expected == found => {}
            (None, Err(_)) if differs || case.contains_key("refused") => {}
            (Some(expected), Ok(found)) => {
                let other: Vec<_> = found
                    .iter()
                    .filter(|(key, value)| expected[*key] != **value)
                    .map(|(key, value)| format!("{key} is {value}, not {}", expected[key]))
                    .collect();
                wrong.push(format!("{name}: {}", other.join("; ")));
            }
            (Some(_), Err(error)) => wrong.push(format!("{name}: refused: {error}")),
            (None, Ok(_)) => wrong.push(format!("{name}: taken")),
            (None, Err(error)) => wrong.push(format!("{name}: no outcome given: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn read(
    files: BTreeMap<String, String>,
    environment: BTreeMap<String, String>,
    flags: Vec<String>,
) -> Result<Loaded, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let (others, flags) = taken_out(flags.into_iter().map(OsString::from));
    assert!(
        others
            .iter()
            .all(|other| !other.to_string_lossy().contains('.') || other == "server.port=6")
    );
    Loaded::find(&Places {
        flags,
        environment: environment.into_iter().collect(),
        file: None,
        directory: directory.path().to_owned(),
    })
}

/// What a configuration says, under the names of its keys.
fn values(config: &Config) -> Map<String, Value> {
    let limit = |ms: u64| if ms > TEN_YEARS { 0 } else { ms };
    let timeouts = &config.timeouts;
    let ratelimit = config.ratelimit.as_ref().map(|limit| {
        json!({
            "blocks": limit.blocks_given().iter().map(IpNet::to_string).collect::<Vec<_>>(),
            "excluded": limit.excluded(),
            "strategy": format!("{:?}", limit.strategy()),
            "retryLimit": limit.retry_limit,
            "searchTriggersFail": limit.search_triggers_fail,
        })
    });
    let all = json!({
        "port": config.port,
        "address": config.address.map(|address| address.to_string()).unwrap_or_default(),
        "password": config.password.0,
        "bufferDurationMs": config.buffer_duration_ms,
        "frameBufferDurationMs": config.frame_buffer_duration_ms,
        "opusEncodingQuality": config.opus_encoding_quality,
        "trackStuckThresholdMs": config.track_stuck_threshold_ms,
        "playerUpdateInterval": config.player_update_interval,
        "youtube": config.sources.youtube,
        "soundcloud": config.sources.soundcloud,
        "http": config.sources.http,
        "local": config.sources.local,
        "disabledFilters": config.disabled_filters,
        "timeouts": [
            limit(timeouts.connect_timeout_ms),
            limit(timeouts.connection_request_timeout_ms),
            limit(timeouts.socket_timeout_ms),
        ],
        "ratelimit": ratelimit.unwrap_or_default(),
        "metrics": config.prometheus.enabled,
        "endpoint": config.prometheus.endpoint,
    });
    match all {
        Value::Object(map) => map,
        _ => unreachable!(),
    }
}

/// A value of TOML as JSON.
fn plain(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => text.value().clone().into(),
        toml_edit::Value::Integer(number) => (*number.value()).into(),
        toml_edit::Value::Boolean(on) => (*on.value()).into(),
        toml_edit::Value::Array(items) => items.iter().map(plain).collect(),
        toml_edit::Value::InlineTable(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.to_owned(), plain(value))).collect())
        }
        other => panic!("{other}"),
    }
}
