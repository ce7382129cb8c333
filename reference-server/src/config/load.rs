//! From what was given to a [`Config`]: every wrong value is named, what is out of range and what is
//! not known is told.

mod reader;

use std::path::PathBuf;

use serde_json::Value as Json;

pub(super) use reader::Reader;

use super::error::ConfigError;
use super::files::{Found, Search};
use super::properties::{Place, Properties, Source};
use super::scalar::Value;
use super::{Config, warnings, yaml};

/// A configuration and what is odd about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// What the server is told.
    pub config: Config,
    /// The files that were read, the most important one last.
    pub files: Vec<PathBuf>,
    /// A sentence for each thing that is not as it was written.
    pub warnings: Vec<String>,
}

/// Where a configuration is looked for, in the order in which one wins over the next.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Keys with values from the command line, `--server.port=2333`.
    pub flags: Vec<(String, String)>,
    /// Variables, `LAVALINK_SERVER_PASSWORD` for `lavalink.server.password`;
    /// `SPRING_APPLICATION_JSON` wins over the others.
    pub environment: Vec<(String, String)>,
    /// The file to read. Without one they are looked for where Spring does: `application.yml` and
    /// `application.yaml` in `directory`, in its `config` and in the directories there, or what
    /// `SPRING_CONFIG_LOCATION` says.
    pub file: Option<PathBuf>,
    /// Where relative paths begin.
    pub directory: PathBuf,
}

impl Loaded {
    /// Looks for a configuration and reads it.
    ///
    /// # Errors
    /// If a file that is named is not there, is no YAML, or if values are not allowed.
    pub fn find(places: &Places) -> Result<Self, ConfigError> {
        let given = Properties::new(outside_files(places)?);
        let search =
            Search { directory: &places.directory, file: places.file.as_deref(), given: &given };
        let Found { sources, files, notes } = search.read()?;
        let mut all = outside_files(places)?;
        all.extend(sources);
        Self::of(&Properties::new(all), files, notes)
    }

    /// What flags and variables say, whatever files there are.
    ///
    /// # Errors
    /// If values are not allowed.
    pub(crate) fn without_files(places: &Places) -> Result<Self, ConfigError> {
        Self::of(&Properties::new(outside_files(places)?), Vec::new(), Vec::new())
    }

    /// Reads the text of an `application.yml`, overridden by environment variables.
    ///
    /// # Errors
    /// If the text is no YAML, or if values are not allowed.
    pub fn read(
        yaml: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let environment = environment.into_iter().collect();
        let places = Places { environment, ..Places::default() };
        let mut sources = outside_files(&places)?;
        let documents =
            yaml::documents(yaml).map_err(|error| ConfigError::Syntax { path: None, error })?;
        let documents = documents.into_iter().rev();
        sources.extend(documents.map(|document| Source::of_document(None, document)));
        Self::of(&Properties::new(sources), Vec::new(), Vec::new())
    }

    fn of(
        properties: &Properties,
        files: Vec<PathBuf>,
        notes: Vec<String>,
    ) -> Result<Self, ConfigError> {
        let mut reader = Reader { properties, wrong: Vec::new(), odd: notes };
        let config = reader.config();
        reader.refuse_values_for_sections();
        if !reader.wrong.is_empty() {
            return Err(ConfigError::Values(reader.wrong));
        }
        let mut warnings = reader.odd;
        warnings.extend(warnings::of(properties, &config));
        Ok(Self { config, files, warnings })
    }
}

fn outside_files(places: &Places) -> Result<Vec<Source>, ConfigError> {
    let flags = places.flags.iter();
    let flags = flags.map(|(key, text)| (key.clone(), Value::Text(text.clone())));
    let flags = Source::new(Place::Flags, flags);
    let environment = Source::of_environment(&places.environment);
    let both = Properties::new(vec![flags, environment]);
    let json = both.get("spring.application.json").ok().flatten();
    let json = json.and_then(|given| given.value.text()).filter(|text| !text.trim().is_empty());
    let mut sources = both.into_sources();
    if let Some(json) = json {
        let tree = serde_json::from_str(&json).map_err(|_| ConfigError::Json)?;
        let Json::Object(_) = &tree else { return Err(ConfigError::Json) };
        let mut pairs = Vec::new();
        flatten(String::new(), tree, &mut pairs);
        sources.insert(1, Source::new(Place::Json, pairs));
    }
    Ok(sources)
}

/// Spring leaves out what is `null` in JSON.
fn flatten(path: String, tree: Json, pairs: &mut Vec<(String, Value)>) {
    match tree {
        Json::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key } else { format!("{path}.{key}") };
                flatten(path, value, pairs);
            }
        }
        Json::Array(items) if items.is_empty() => pairs.push((path, Value::EmptyList)),
        Json::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                flatten(format!("{path}[{index}]"), item, pairs);
            }
        }
        Json::String(text) => pairs.push((path, Value::Text(text))),
        Json::Bool(on) => pairs.push((path, Value::Switch(on))),
        Json::Number(number) => pairs.push((path, Value::of_plain(&number.to_string()))),
        Json::Null => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::keys::{self, KEYS, Kind};
    use crate::config::names;

    fn read(yaml: &str, environment: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Loaded::read(yaml, environment.iter().map(owned))
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let loaded = read("", &[]).unwrap();
        assert_eq!(
            loaded,
            Loaded { config: Config::default(), files: Vec::new(), warnings: Vec::new() }
        );
        assert_eq!(read("# nothing\n", &[]).unwrap().config, Config::default());
    }

    #[test]
    fn a_file_of_the_real_server_is_understood() {
        let yaml = "
server: {port: 2444, address: 0.0.0.0, http2: {enabled: false}}
plugins: {any: {thing: 1}}
lavalink:
  server:
    password: \"p${X:w}\"
    sources: {youtube: false, local: 'true', http: true}
    filters: {karaoke: false, lowPass: false}
    player-update-interval: 2
    opusEncodingQuality: \"7\"
metrics: {prometheus: {enabled: true, endpoint: /m}}
logging: {level: {root: INFO}}
";
        let Loaded { config, warnings, .. } = read(yaml, &[]).unwrap();
        assert_eq!((config.port, config.address), (2444, Some([0, 0, 0, 0].into())));
        assert_eq!(config.password.0, "pw");
        assert!(config.sources.local && config.prometheus.enabled);
        assert_eq!(config.disabled_filters, ["karaoke", "lowPass"]);
        assert_eq!((config.player_update_interval, config.opus_encoding_quality), (2, 7));
        assert_eq!(warnings, ["without effect here: logging, plugins, server.http2"]);
    }

    #[test]
    fn the_example_is_right() {
        let loaded = read(include_str!("../../application.example.yml"), &[]).unwrap();
        assert_eq!(loaded.warnings, [""; 0]);
        assert!(loaded.config.ratelimit.is_some());
        assert_eq!(loaded.config.upstream.as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!((loaded.config.seed, loaded.config.guard_http), (Some(1), false));
        assert_eq!(loaded.config.vary, Some(1));
        let message = read("reference-server: {vary: often}", &[]).unwrap_err();
        assert!(message.to_string().contains("a whole number from 0 on"), "{message}");
    }

    #[test]
    fn the_upstream_is_an_address_on_the_web() {
        for bad in ["ftp://x", "x", "''", "https://127.0.0.1", "[]"] {
            let message = read(&format!("reference-server: {{upstream: {bad}}}"), &[]).unwrap_err();
            assert!(message.to_string().contains("a URL such as"), "{message}");
        }
        let environment = [("REFERENCESERVER_UPSTREAM", "http://[::1]:5/x/")];
        let config = read("", &environment).unwrap().config;
        assert_eq!(config.upstream.as_deref(), Some("http://[::1]:5/x"));
        let warnings =
            read("lavalink: {server: {sources: {youtube: true}}}", &[]).unwrap().warnings;
        assert!(warnings[0].contains("or reference-server.upstream"), "{warnings:?}");
    }

    #[test]
    fn simulated_sources_are_warned_of_when_they_are_not_there() {
        let both = "lavalink: {server: {sources: {youtube: true, soundcloud: true}}}";
        let warnings = read(both, &[]).unwrap().warnings;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert_eq!(warnings[0].matches("--simulate-sources").count(), 2, "{warnings:?}");
        let environment = [("REFERENCESERVER_SOURCES_SIMULATE", "true")];
        let Loaded { config, warnings, .. } = read(both, &environment).unwrap();
        assert_eq!((config.simulate_sources, warnings), (true, Vec::new()));
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let environment = [("LAVALINK_SERVER_PASSWORD", "secret"), ("SERVER_PORT", "1")];
        let config = read("server: {port: 5}", &environment).unwrap().config;
        assert_eq!((config.password.0.as_str(), config.port), ("secret", 1));
    }

    #[test]
    fn unknown_keys_are_named_with_the_nearest() {
        let warnings = read("lavalink: {server: {pasword: x}}\nzebra: 1", &[]).unwrap().warnings;
        assert_eq!(
            warnings,
            [
                "unknown keys: lavalink.server.pasword (line 1; did you mean lavalink.server.password?), zebra (line 2)"
            ]
        );
        let environment = [
            ("LAVALINK_PASSWORD", "x"),
            ("LAVALINK_SERVER_PORT", "1"),
            ("SERVER_SOFTWARE", "x"),
            ("LAVALINK_SERVER_FILTERS_LOWPASS", "false"),
            ("JAVA_OPTS", "-Xmx1g -Dserver.port=5"),
        ];
        let warnings = read("", &environment).unwrap().warnings;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        for part in ["LAVALINK_SERVER_PASSWORD?", "SERVER_PORT?", "LOWPASS", "JAVA_OPTS"] {
            assert!(warnings[0].contains(part), "{part}: {warnings:?}");
        }
        assert!(!warnings[0].contains("SOFTWARE"), "{warnings:?}");
    }

    #[test]
    fn a_value_out_of_range_is_the_default_with_a_warning() {
        let yaml = "lavalink: {server: {opusEncodingQuality: 11, bufferDurationMs: 39,
            frameBufferDurationMs: 100, trackStuckThresholdMs: -1}}";
        let Loaded { config, warnings, .. } = read(yaml, &[]).unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(warnings.len(), 4, "{warnings:?}");
        assert!(warnings.iter().all(|warning| warning.contains("as in Lavalink")), "{warnings:?}");
        let off = read("lavalink: {server: {bufferDurationMs: -1}}", &[]).unwrap();
        assert_eq!((off.config.buffer_duration_ms, off.warnings), (0, Vec::new()));
    }

    #[test]
    fn a_wrong_value_is_blamed_on_where_it_stands() {
        let environment =
            [("SERVER_PORT", "abc"), ("SPRING_APPLICATION_JSON", "{\"server.address\": 5}")];
        let message = read("", &environment).unwrap_err().to_string();
        for part in ["the environment variable SERVER_PORT", "it stands in SPRING_APPLICATION_JSON"]
        {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn the_table_of_keys_has_the_defaults_and_every_key_that_is_read() {
        let default = Config::default();
        let whole = |name| match keys::row(name).unwrap().kind {
            Kind::Whole { default, .. } => default.unwrap(),
            Kind::Lenient { default, .. } => default,
            other => panic!("{name}: {other:?}"),
        };
        for (name, value) in [
            ("server.port", u64::from(default.port)),
            ("lavalink.server.playerUpdateInterval", default.player_update_interval),
            ("lavalink.server.bufferDurationMs", default.buffer_duration_ms),
            ("lavalink.server.frameBufferDurationMs", default.frame_buffer_duration_ms),
            ("lavalink.server.opusEncodingQuality", default.opus_encoding_quality.into()),
            ("lavalink.server.trackStuckThresholdMs", default.track_stuck_threshold_ms),
            ("lavalink.server.timeouts.socketTimeoutMs", default.timeouts.socket_timeout_ms),
        ] {
            assert_eq!(whole(name) as u64, value, "{name}");
        }
        let unique: std::collections::BTreeSet<_> =
            KEYS.iter().map(|key| names::canonical(key.name)).collect();
        assert_eq!(unique.len(), KEYS.len());
    }

    #[test]
    fn every_wrong_value_is_named_and_secrets_are_not_shown() {
        let yaml = "
server: {port: 70000, address: nowhere}
lavalink: {server: {password: {}, sources: {http: maybe}, opusEncodingQuality: high}}";
        let message = read(yaml, &[]).unwrap_err().to_string();
        for part in [
            "server.port: 70000 is not allowed; give a whole number from 0 to 65535",
            "server.address: \"nowhere\"",
            "lavalink.server.password: the value given",
            "lavalink.server.sources.http: \"maybe\" is not allowed; give true or false",
            "lavalink.server.opusEncodingQuality: \"high\" is not allowed; give a whole number",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn broken_yaml_says_where() {
        let message = read("server:\n  port: [1\n", &[]).unwrap_err().to_string();
        assert!(message.starts_with("not valid YAML"), "{message}");
        assert_eq!(read("- a\n", &[]).unwrap().config, Config::default());
    }

    #[test]
    fn broken_yaml_does_not_show_the_lines_around_it() {
        for (yaml, place) in [
            ("server:\n  password: hunter2\n  password: hunter3\n", "line 3, column 3"),
            ("password: hunter2\n bad: [\n", "line 2"),
            ("password: 'hunter2\n", "line 1, column 11"),
            ("password: !!int hunter2\n", "line 1"),
            ("password: \"hunter2\\q\"\n", "line 1"),
        ] {
            let message = read(yaml, &[]).unwrap_err().to_string();
            assert!(message.contains(place), "{message}");
            assert!(!message.contains("hunter"), "{message}");
            assert!(!message.contains("Options"), "advice for programmers: {message}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,120}") {
            let _ = read(&text, &[]);
        }
    }
}
