//! From what was given to a [`Config`]: every wrong value is named, what is out of range and what is
//! not known is told.

use std::net::IpAddr;
use std::path::PathBuf;

use serde_json::Value as Json;

use super::error::{ConfigError, WrongValue};
use super::files::{Found, Search};
use super::keys::{self, Kind};
use super::placeholders::Circular;
use super::properties::{Given, List, Origin, Place, Properties, Source};
use super::scalar::Value;
use super::values::{self, Unfit};
use super::{
    ClockKind, Config, Password, Prometheus, SourceSwitches, Timeouts, names, warnings, yaml,
};

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

const PLUGINS: &str = "lavalink.plugins";
const YOUTUBE: &str = "lavalink.server.sources.youtube";
const SOUNDCLOUD: &str = "lavalink.server.sources.soundcloud";
const BUFFER: &str = "lavalink.server.bufferDurationMs";

/// How much sound is kept at most, whatever is configured: an hour.
const LONGEST_BUFFER: i64 = 3_600_000;

/// Milliseconds that mean no limit, as 0 does in the real server: ten years.
const UNLIMITED: u64 = 315_360_000_000;

pub(super) struct Reader<'a> {
    pub(super) properties: &'a Properties,
    pub(super) wrong: Vec<WrongValue>,
    pub(super) odd: Vec<String>,
}

impl Reader<'_> {
    fn config(&mut self) -> Config {
        let default = Config::default();
        Config {
            address: self.address(default.address),
            port: self.whole("server.port").unwrap_or_default() as u16,
            password: self.password(default.password),
            sources: SourceSwitches {
                local: self.switch("lavalink.server.sources.local"),
                http: self.switch("lavalink.server.sources.http"),
                youtube: self.switch(YOUTUBE),
                soundcloud: self.switch(SOUNDCLOUD),
            },
            disabled_filters: self.disabled_filters(),
            player_update_interval: self.update_interval(),
            buffer_duration_ms: self.buffer_duration(),
            frame_buffer_duration_ms: self
                .lenient("lavalink.server.frameBufferDurationMs")
                .min(LONGEST_BUFFER) as u64,
            opus_encoding_quality: self.lenient("lavalink.server.opusEncodingQuality") as u8,
            track_stuck_threshold_ms: self.lenient("lavalink.server.trackStuckThresholdMs") as u64,
            timeouts: self.timeouts(),
            prometheus: Prometheus {
                enabled: self.switch("metrics.prometheus.enabled"),
                endpoint: self.text(
                    "metrics.prometheus.endpoint",
                    default.prometheus.endpoint,
                    Some,
                ),
            },
            clock: self.text("reference-server.clock", default.clock, |text| match text.as_str() {
                "real" => Some(ClockKind::Real),
                "manual" => Some(ClockKind::Manual),
                _ => None,
            }),
            control_token: self.text("reference-server.control.token", None, |text| {
                (!text.is_empty()).then_some(Some(Password(text)))
            }),
            simulate_voice: self.switch("reference-server.voice.simulate"),
            simulate_sources: self.switch("reference-server.sources.simulate"),
            voice_ca: self.text("reference-server.voice.ca", None, |path| {
                (!path.is_empty()).then(|| Some(PathBuf::from(path)))
            }),
            ratelimit: self.ratelimit(),
            upstream: self.upstream(),
            guard_http: self.switch("reference-server.guard-http"),
            seed: self.whole("reference-server.seed").map(|seed| seed as u64),
            vary: self.whole("reference-server.vary").map(|seed| seed as u64),
            start_time: default.start_time,
            constant_stats: default.constant_stats,
            quirks: false,
        }
    }

    fn upstream(&mut self) -> Option<String> {
        self.text("reference-server.upstream", None, |url| {
            let url = url.trim_end_matches('/');
            let parsed = reqwest::Url::parse(url).ok()?;
            (parsed.scheme() == "http" && parsed.has_host()).then(|| Some(url.to_owned()))
        })
    }

    /// Seconds; 0 for never.
    fn update_interval(&mut self) -> u64 {
        const KEY: &str = "lavalink.server.playerUpdateInterval";
        let given = self.whole(KEY).unwrap_or_default();
        if given < 1 {
            let sentence = "no playerUpdate comes by itself, as in Lavalink";
            self.odd.push(format!("{KEY}: {given} is less than 1; {sentence}"));
        }
        given.max(0) as u64
    }

    /// Nothing below one: the sender of the real server is off then, and its sound leaves as it is
    /// made.
    fn buffer_duration(&mut self) -> u64 {
        let given = self.whole(BUFFER).unwrap_or_default();
        if !(1..40).contains(&given) {
            return given.clamp(0, LONGEST_BUFFER) as u64;
        }
        self.odd.push(format!("{BUFFER}: {given} is less than 40; 400 is used, as in Lavalink"));
        400
    }

    fn timeouts(&mut self) -> Timeouts {
        let mut limit = |key| match self.whole(key).unwrap_or_default() {
            ..=0 => UNLIMITED,
            limit => limit as u64,
        };
        Timeouts {
            connect_timeout_ms: limit("lavalink.server.timeouts.connectTimeoutMs"),
            connection_request_timeout_ms: limit(
                "lavalink.server.timeouts.connectionRequestTimeoutMs",
            ),
            socket_timeout_ms: limit("lavalink.server.timeouts.socketTimeoutMs"),
        }
    }

    fn address(&mut self, default: Option<IpAddr>) -> Option<IpAddr> {
        self.read("server.address", default, |value| match value {
            Value::Text(text) if text.is_empty() || text == "localhost" => Ok(default),
            Value::Text(text) => {
                let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
                bare.unwrap_or(text).parse().map(Some).map_err(|_| Unfit)
            }
            Value::EmptyList => Ok(default),
            _ => Err(Unfit),
        })
    }

    fn password(&mut self, default: Password) -> Password {
        const KEY: &str = "lavalink.server.password";
        let password = self.text(KEY, default, |text| Some(Password(text)));
        if password.0.is_empty() {
            let sentence = "it is empty, and so has to be what clients send";
            self.odd.push(format!("{KEY}: {sentence}"));
        } else if password.0.contains("${") {
            let origin = self.properties.origin_of(KEY).map(|origin| origin.place());
            // Nothing of the text is shown: it may be a password after all.
            self.odd.push(format!(
                "{KEY}: a placeholder in it has neither a value nor a default, so that the password \
                 is the text as it is written ({})",
                origin.unwrap_or_default()
            ));
        }
        password
    }

    /// Names of the map that are spelled as a filter is, and false.
    fn disabled_filters(&mut self) -> Vec<String> {
        let given = self.properties.keys_of_map(keys::FILTERS);
        let mut off = Vec::new();
        for (written, form) in given {
            let on = self.read(&form, Some(true), values::switch);
            if on == Some(false) {
                off.push(written);
            }
        }
        let names = keys::filters();
        names.filter(|name| off.iter().any(|off| off == name)).map(str::to_owned).collect()
    }

    pub(super) fn switch(&mut self, key: &'static str) -> bool {
        let Some(Kind::Switch(default)) = keys::row(key).map(|row| row.kind) else {
            debug_assert!(false, "{key} is no switch");
            return false;
        };
        // Nothing is none of the two.
        self.read(key, default, |value| values::switch(value)?.ok_or(Unfit))
    }

    pub(super) fn whole(&mut self, key: &'static str) -> Option<i64> {
        let Some(Kind::Whole { default, may_be_empty, from, to }) =
            keys::row(key).map(|row| row.kind)
        else {
            debug_assert!(false, "{key} is no whole number");
            return None;
        };
        self.read(key, default, |value| match values::whole(value)? {
            Some(number) if (from..=to).contains(&number) => Ok(Some(number)),
            None if may_be_empty => Ok(default),
            _ => Err(Unfit),
        })
    }

    /// A number for which the real server has a default where it is out of range.
    fn lenient(&mut self, key: &'static str) -> i64 {
        let Some(Kind::Lenient { default, from, to }) = keys::row(key).map(|row| row.kind) else {
            debug_assert!(false, "{key} is not lenient");
            return 0;
        };
        let most = to.max(i32::MAX.into());
        let given = self.read(key, default, |value| match values::whole(value)? {
            None => Ok(default),
            Some(number) if (-most - 1..=most).contains(&number) => Ok(number),
            Some(_) => Err(Unfit),
        });
        if (from..=to).contains(&given) {
            return given;
        }
        let sentence = format!("{given} is not allowed; {default} is used, as in Lavalink");
        self.odd.push(format!("{key}: {sentence}"));
        default
    }

    /// A text, whatever was written: `convert` says if it will do.
    pub(super) fn text<T: Clone>(
        &mut self,
        key: &str,
        default: T,
        convert: impl FnOnce(String) -> Option<T>,
    ) -> T {
        self.read(key, default, |value| value.text().and_then(convert).ok_or(Unfit))
    }

    /// A list, or a text with commas between its items.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<String> {
        let unfit = |reader: &mut Self, value: &Value, origin: &Origin| {
            reader.refuse(key, values::shown(value), &allowed(key), origin);
            Vec::new()
        };
        match self.properties.list(key) {
            Ok(None) => Vec::new(),
            Ok(Some(List::Whole(Given { value, origin }))) => match value.text() {
                Some(text) => values::items(&text),
                None => unfit(self, &value, &origin),
            },
            Ok(Some(List::Items(items))) => {
                let mut texts = Vec::new();
                for Given { value, origin } in items {
                    match value.text() {
                        Some(text) => texts.push(text),
                        None => return unfit(self, &value, &origin),
                    }
                }
                texts
            }
            Ok(Some(List::Gap(origin))) => {
                let shown = "a list whose items do not begin with 0 and follow each other";
                self.refuse(key, shown.to_owned(), &allowed(key), &origin);
                Vec::new()
            }
            Err((origin, Circular)) => {
                self.refuse_circular(key, &origin);
                Vec::new()
            }
        }
    }

    /// A value in place of a section is an error, if it is one that Lavalink binds as a whole. So is
    /// nothing at all.
    fn refuse_values_for_sections(&mut self) {
        for (section, example) in keys::STRICT_SECTIONS {
            if self.properties.has_below(section) {
                continue;
            }
            match self.properties.get(section) {
                Ok(None | Some(Given { value: Value::EmptyList, .. })) => {}
                Ok(Some(Given { value: Value::EmptyMap, .. })) if keys::is_map(section) => {}
                Ok(Some(Given { value, origin })) => {
                    let give = format!("keys below it, such as {example}, or leave it out");
                    self.refuse(section, values::kind(&value), &give, &origin);
                }
                Err((origin, Circular)) => self.refuse_circular(section, &origin),
            }
        }
        let first = format!("{PLUGINS}[0]");
        for (key, give) in [(PLUGINS, "a list of plugins"), (&first, "a section with a dependency")]
        {
            if let Ok(Some(Given { value: Value::Text(text), origin })) = self.properties.get(key)
                && !text.is_empty()
            {
                self.refuse(key, "a text".to_owned(), give, &origin);
            }
        }
    }

    fn read<T: Clone>(
        &mut self,
        key: &str,
        default: T,
        convert: impl FnOnce(&Value) -> Result<T, Unfit>,
    ) -> T {
        match self.properties.get(key) {
            Ok(None) => default,
            Ok(Some(Given { value, origin })) => convert(&value).unwrap_or_else(|Unfit| {
                self.refuse(key, shown(key, &value), &allowed(key), &origin);
                default
            }),
            Err((origin, Circular)) => {
                self.refuse_circular(key, &origin);
                default
            }
        }
    }

    pub(super) fn refuse(&mut self, key: &str, value: String, allowed: &str, origin: &Origin) {
        // Nobody means a placeholder itself.
        let left =
            if value.contains("${") { ", a placeholder that was not filled in," } else { "" };
        self.wrong.push(WrongValue {
            key: key.to_owned(),
            value: value + left,
            allowed: allowed.to_owned(),
            origin: origin.place(),
        });
    }

    /// The same for a key of which only the name is known.
    pub(super) fn refuse_wherever(&mut self, key: &str, value: String, allowed: &str) {
        let origin = self.properties.origin_of(key);
        self.wrong.push(WrongValue {
            key: key.to_owned(),
            value,
            allowed: allowed.to_owned(),
            origin: origin.map(|origin| origin.place()).unwrap_or_default(),
        });
    }

    fn refuse_circular(&mut self, key: &str, origin: &Origin) {
        let value = "a placeholder that stands for itself".to_owned();
        self.refuse(key, value, &allowed(key), origin);
    }
}

/// What a key may be.
fn allowed(key: &str) -> String {
    match keys::meant_by(&names::canonical(key)).map(|row| row.kind) {
        Some(Kind::Whole { from, to: i64::MAX, .. }) => format!("a whole number from {from} on"),
        Some(Kind::Whole { from, to, .. }) => format!("a whole number from {from} to {to}"),
        Some(Kind::Lenient { .. }) => "a whole number".to_owned(),
        Some(Kind::Text(form) | Kind::List(form)) => form.to_owned(),
        _ => "true or false".to_owned(),
    }
}

fn shown(key: &str, value: &Value) -> String {
    let is_secret = key.ends_with("password") || key.ends_with("token");
    if is_secret { "the value given".to_owned() } else { values::shown(value) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::keys::KEYS;

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
