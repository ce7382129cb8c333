//! A configuration as it is read of its properties, key by key, with all that is wrong and odd.

use std::net::IpAddr;
use std::path::PathBuf;

use crate::config::error::WrongValue;
use crate::config::keys::{self, Kind};
use crate::config::placeholders::Circular;
use crate::config::properties::{Given, List, Origin, Properties};
use crate::config::scalar::Value;
use crate::config::values::{self, Unfit};
use crate::config::{ClockKind, Config, Password, Prometheus, SourceSwitches, Timeouts, names};

const PLUGINS: &str = "lavalink.plugins";
const YOUTUBE: &str = "lavalink.server.sources.youtube";
const SOUNDCLOUD: &str = "lavalink.server.sources.soundcloud";
const BUFFER: &str = "lavalink.server.bufferDurationMs";

/// How much sound is kept at most, whatever is configured: an hour.
const LONGEST_BUFFER: i64 = 3_600_000;

/// Milliseconds that mean no limit, as 0 does in the real server: ten years.
const UNLIMITED: u64 = 315_360_000_000;

pub(in crate::config) struct Reader<'a> {
    pub(in crate::config) properties: &'a Properties,
    pub(in crate::config) wrong: Vec<WrongValue>,
    pub(in crate::config) odd: Vec<String>,
}

impl Reader<'_> {
    pub(in crate::config) fn config(&mut self) -> Config {
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

    pub(in crate::config) fn switch(&mut self, key: &'static str) -> bool {
        let Some(Kind::Switch(default)) = keys::row(key).map(|row| row.kind) else {
            debug_assert!(false, "{key} is no switch");
            return false;
        };
        // Nothing is none of the two.
        self.read(key, default, |value| values::switch(value)?.ok_or(Unfit))
    }

    pub(in crate::config) fn whole(&mut self, key: &'static str) -> Option<i64> {
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
    pub(in crate::config) fn text<T: Clone>(
        &mut self,
        key: &str,
        default: T,
        convert: impl FnOnce(String) -> Option<T>,
    ) -> T {
        self.read(key, default, |value| value.text().and_then(convert).ok_or(Unfit))
    }

    /// A list, or a text with commas between its items.
    pub(in crate::config) fn texts(&mut self, key: &'static str) -> Vec<String> {
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
    pub(in crate::config) fn refuse_values_for_sections(&mut self) {
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

    pub(in crate::config) fn refuse(
        &mut self,
        key: &str,
        value: String,
        allowed: &str,
        origin: &Origin,
    ) {
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
    pub(in crate::config) fn refuse_wherever(&mut self, key: &str, value: String, allowed: &str) {
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
