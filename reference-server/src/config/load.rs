//! From text to a [`Config`]: every wrong value is named, every unknown key is warned of.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use serde_json::Value;
use serde_saphyr::UserMessageFormatter;

use super::keys::{self, Meaning};
use super::properties::Properties;
use super::{ClockKind, Config, Password, Prometheus, SourceSwitches, Timeouts};
use crate::routeplanner::RateLimit;

/// A configuration and what is odd about its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// What the server is told.
    pub config: Config,
    /// A sentence for each key that has no effect.
    pub warnings: Vec<String>,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The text is no YAML, or no mapping.
    #[error("not valid YAML: {0}")]
    Syntax(String),
    /// Values that are not allowed, all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Values(Vec<WrongValue>),
}

/// A value that is not allowed for its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongValue {
    /// Its dotted key.
    pub key: &'static str,
    /// The value; hidden when it is a secret.
    pub value: String,
    /// What would be allowed.
    pub allowed: String,
}

impl fmt::Display for WrongValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is not allowed; give {}", self.key, self.value, self.allowed)
    }
}

impl Loaded {
    /// Reads an `application.yml`, overridden by environment variables in Spring's way:
    /// `LAVALINK_SERVER_PASSWORD` for `lavalink.server.password`.
    pub fn read(
        yaml: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let environment: BTreeMap<_, _> = environment.into_iter().collect();
        let properties = Properties::of(parse(yaml)?, &environment);
        let mut reader = Reader { properties: &properties, wrong: Vec::new() };
        let config = reader.config();
        if reader.wrong.is_empty() {
            let mut warnings = warnings(&properties);
            let oddities = config.ratelimit.as_ref().map(RateLimit::oddities);
            let section = "lavalink.server.ratelimit";
            warnings
                .extend(oddities.unwrap_or_default().iter().map(|odd| format!("{section}: {odd}")));
            Ok(Self { config, warnings })
        } else {
            Err(ConfigError::Values(reader.wrong))
        }
    }
}

fn parse(yaml: &str) -> Result<Value, ConfigError> {
    let only_comments = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if yaml.lines().all(only_comments) {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    match serde_saphyr::from_str::<Value>(yaml) {
        Ok(Value::Null) => Ok(Value::Object(serde_json::Map::new())),
        Ok(tree @ Value::Object(_)) => Ok(tree),
        Ok(_) => Err(ConfigError::Syntax("expected keys with values at the top".into())),
        // The place is named, but the lines there are not shown: one may hold the password.
        Err(error) => Err(ConfigError::Syntax(
            error.without_snippet().render_with_formatter(&UserMessageFormatter),
        )),
    }
}

const YOUTUBE: &str = "lavalink.server.sources.youtube";
const SOUNDCLOUD: &str = "lavalink.server.sources.soundcloud";
const UPSTREAM: &str = "reference-server.upstream";
const SIMULATE: &str = "reference-server.sources.simulate";

fn warnings(properties: &Properties) -> Vec<String> {
    let is_on = |key: &str| properties.get(key).and_then(boolean) == Some(true);
    let lacking = |key: &str, with: &str| {
        let without = is_on(key) && !is_on(SIMULATE);
        without.then(|| format!("{key}: this server has it only with {with}"))
    };
    let is = |key: &str, name: &str| keys::canonical(key) == keys::canonical(name);
    let warning = |key: &str| match keys::meaning(key) {
        Meaning::Used if is(key, SOUNDCLOUD) => lacking(key, "--simulate-sources"),
        Meaning::Used if is(key, YOUTUBE) && properties.get(UPSTREAM).is_none() => {
            lacking(key, &format!("--simulate-sources, or {UPSTREAM}"))
        }
        Meaning::Used => None,
        Meaning::ForeignSource => {
            let on = properties.get(key).and_then(boolean) != Some(false);
            on.then(|| format!("{key}: this server has no such source, only local and http"))
        }
        Meaning::WithoutEffect => Some(format!("{key}: known, but without effect in this server")),
        Meaning::Unknown => Some(match keys::nearest(key) {
            Some(nearest) => format!("{key}: unknown key; did you mean {nearest}?"),
            None => format!("{key}: unknown key"),
        }),
    };
    properties.keys().filter_map(warning).collect()
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(on) => Some(*on),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "1" => Some(true),
            "false" | "off" | "no" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

pub(super) struct Reader<'a> {
    pub(super) properties: &'a Properties,
    pub(super) wrong: Vec<WrongValue>,
}

impl Reader<'_> {
    fn config(&mut self) -> Config {
        let default = Config::default();
        let ms = 0..=3_600_000;
        Config {
            address: self.address(default.address),
            port: self.number("server.port", default.port.into(), 0..=65_535) as u16,
            password: self.password(default.password),
            sources: SourceSwitches {
                local: self.switch("lavalink.server.sources.local", default.sources.local),
                http: self.switch("lavalink.server.sources.http", default.sources.http),
                youtube: self.switch(YOUTUBE, default.sources.youtube),
                soundcloud: self.switch(SOUNDCLOUD, default.sources.soundcloud),
            },
            disabled_filters: self.disabled_filters(),
            player_update_interval: self.number(
                "lavalink.server.playerUpdateInterval",
                default.player_update_interval,
                1..=86_400,
            ),
            buffer_duration_ms: self.number(
                "lavalink.server.bufferDurationMs",
                default.buffer_duration_ms,
                ms.clone(),
            ),
            frame_buffer_duration_ms: self.number(
                "lavalink.server.frameBufferDurationMs",
                default.frame_buffer_duration_ms,
                ms.clone(),
            ),
            opus_encoding_quality: self.number(
                "lavalink.server.opusEncodingQuality",
                default.opus_encoding_quality.into(),
                0..=10,
            ) as u8,
            track_stuck_threshold_ms: self.number(
                "lavalink.server.trackStuckThresholdMs",
                default.track_stuck_threshold_ms,
                ms.clone(),
            ),
            timeouts: self.timeouts(&default.timeouts, &ms),
            prometheus: Prometheus {
                enabled: self.switch("metrics.prometheus.enabled", default.prometheus.enabled),
                endpoint: self.endpoint(default.prometheus.endpoint),
            },
            clock: self.clock(default.clock),
            control_token: self.control_token(),
            simulate_voice: self.switch("reference-server.voice.simulate", default.simulate_voice),
            simulate_sources: self.switch(SIMULATE, default.simulate_sources),
            voice_ca: self.voice_ca(),
            ratelimit: self.ratelimit(),
            upstream: self.upstream(),
            guard_http: self.switch("reference-server.guard-http", default.guard_http),
            seed: self.read("reference-server.seed", None, "a whole number from 0 on", |value| {
                scalar(value)?.trim().parse().ok().map(Some)
            }),
            vary: self.read("reference-server.vary", None, "a whole number from 0 on", |value| {
                scalar(value)?.trim().parse().ok().map(Some)
            }),
            start_time: default.start_time,
            constant_stats: default.constant_stats,
            quirks: false,
        }
    }

    fn upstream(&mut self) -> Option<String> {
        let allowed = "a URL such as http://127.0.0.1:8080";
        self.read(UPSTREAM, None, allowed, |value| {
            let url = value.as_str()?.trim_end_matches('/');
            let parsed = reqwest::Url::parse(url).ok()?;
            (parsed.scheme() == "http" && parsed.has_host()).then(|| Some(url.to_owned()))
        })
    }

    fn clock(&mut self, default: ClockKind) -> ClockKind {
        self.read("reference-server.clock", default, "real or manual", |value| {
            match value.as_str()? {
                "real" => Some(ClockKind::Real),
                "manual" => Some(ClockKind::Manual),
                _ => None,
            }
        })
    }

    fn voice_ca(&mut self) -> Option<PathBuf> {
        let allowed = "the path of a file with PEM certificates";
        self.read("reference-server.voice.ca", None, allowed, |value| {
            value.as_str().filter(|path| !path.is_empty()).map(|path| Some(PathBuf::from(path)))
        })
    }

    fn control_token(&mut self) -> Option<Password> {
        let allowed = "a text that is not empty";
        self.read("reference-server.control.token", None, allowed, |value| {
            let text = scalar(value)?;
            (!text.is_empty()).then_some(Some(Password(text)))
        })
    }

    fn timeouts(&mut self, default: &Timeouts, ms: &RangeInclusive<u64>) -> Timeouts {
        let mut limit = |key, default| self.number(key, default, ms.clone());
        Timeouts {
            connect_timeout_ms: limit(
                "lavalink.server.timeouts.connectTimeoutMs",
                default.connect_timeout_ms,
            ),
            connection_request_timeout_ms: limit(
                "lavalink.server.timeouts.connectionRequestTimeoutMs",
                default.connection_request_timeout_ms,
            ),
            socket_timeout_ms: limit(
                "lavalink.server.timeouts.socketTimeoutMs",
                default.socket_timeout_ms,
            ),
        }
    }

    fn address(&mut self, default: Option<IpAddr>) -> Option<IpAddr> {
        let allowed = "an IP address such as 127.0.0.1 or 0.0.0.0";
        self.read("server.address", default, allowed, |value| match value.as_str()? {
            "localhost" => Some(default),
            text => text.parse().ok().map(Some),
        })
    }

    fn password(&mut self, default: Password) -> Password {
        let allowed = "a text that is not empty";
        self.read("lavalink.server.password", default, allowed, |value| {
            let text = scalar(value)?;
            (!text.is_empty()).then_some(Password(text))
        })
    }

    fn endpoint(&mut self, default: String) -> String {
        self.read("metrics.prometheus.endpoint", default, "a path that begins with /", |value| {
            value.as_str().filter(|path| path.starts_with('/')).map(str::to_owned)
        })
    }

    fn disabled_filters(&mut self) -> Vec<String> {
        let prefix = "lavalink.server.filters.";
        let names = keys::USED.iter().filter_map(|key| Some((*key, key.strip_prefix(prefix)?)));
        names.filter(|(key, _)| !self.switch(key, true)).map(|(_, name)| name.to_owned()).collect()
    }

    pub(super) fn switch(&mut self, key: &'static str, default: bool) -> bool {
        self.read(key, default, "true or false", boolean)
    }

    fn number(&mut self, key: &'static str, default: u64, range: RangeInclusive<u64>) -> u64 {
        let allowed = format!("a whole number from {} to {}", range.start(), range.end());
        self.read(key, default, &allowed, |value| {
            scalar(value)?.trim().parse().ok().filter(|number| range.contains(number))
        })
    }

    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        default: T,
        allowed: &str,
        convert: impl FnOnce(&Value) -> Option<T>,
    ) -> T {
        let Some(value) = self.properties.get(key) else { return default };
        convert(value).unwrap_or_else(|| {
            let secret = key.ends_with("password") || key.ends_with("token");
            let shown = if secret { "the value given".to_owned() } else { value.to_string() };
            self.wrong.push(WrongValue { key, value: shown, allowed: allowed.to_owned() });
            default
        })
    }
}

pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(on.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(yaml: &str, environment: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Loaded::read(yaml, environment.iter().map(owned))
    }

    #[test]
    fn without_a_file_the_defaults_hold() {
        let loaded = read("", &[]).unwrap();
        assert_eq!(loaded, Loaded { config: Config::default(), warnings: Vec::new() });
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
        let Loaded { config, warnings } = read(yaml, &[]).unwrap();
        assert_eq!((config.port, config.address), (2444, Some([0, 0, 0, 0].into())));
        assert_eq!(config.password.0, "pw");
        assert!(config.sources.local && config.prometheus.enabled);
        assert_eq!(config.disabled_filters, ["karaoke", "lowPass"]);
        assert_eq!((config.player_update_interval, config.opus_encoding_quality), (2, 7));
        assert!(warnings.iter().all(|w| w.contains("without effect")), "{warnings:?}");
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
        assert!(warnings[0].ends_with("or reference-server.upstream"), "{warnings:?}");
    }

    #[test]
    fn simulated_sources_are_warned_of_when_they_are_not_there() {
        let both = "lavalink: {server: {sources: {youtube: true, soundcloud: true}}}";
        let warnings = read(both, &[]).unwrap().warnings;
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings.iter().all(|w| w.contains("--simulate-sources")), "{warnings:?}");
        let environment = [("REFERENCESERVER_SOURCES_SIMULATE", "true")];
        let Loaded { config, warnings } = read(both, &environment).unwrap();
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
                "lavalink.server.pasword: unknown key; did you mean lavalink.server.password?",
                "zebra: unknown key"
            ]
        );
    }

    #[test]
    fn every_wrong_value_is_named_and_secrets_are_not_shown() {
        let yaml = "
server: {port: 70000, address: nowhere}
lavalink: {server: {password: [hunter2], sources: {http: maybe}, opusEncodingQuality: 11}}";
        let message = read(yaml, &[]).unwrap_err().to_string();
        for part in [
            "server.port: 70000 is not allowed; give a whole number from 0 to 65535",
            "server.address: \"nowhere\"",
            "lavalink.server.password: the value given",
            "lavalink.server.sources.http: \"maybe\" is not allowed; give true or false",
            "lavalink.server.opusEncodingQuality: 11",
        ] {
            assert!(message.contains(part), "{message}");
        }
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn broken_yaml_says_where() {
        let message = read("server:\n  port: [1\n", &[]).unwrap_err().to_string();
        assert!(message.starts_with("not valid YAML"), "{message}");
        assert!(read("- a\n", &[]).is_err());
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
