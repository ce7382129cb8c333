//! The keys of Lavalink's `application.yml`: a row each.

use super::names;

/// A key, and what this server makes of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Its dotted name, spelled as in Lavalink's documentation.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// What values a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `true` or `false`; switched on by default, or off.
    Switch(bool),
    /// A whole number that has to be in a range.
    Whole {
        default: Option<i64>,
        /// Whether an empty value means the default; an error otherwise.
        may_be_empty: bool,
        from: i64,
        to: i64,
    },
    /// A whole number that counts as its default, with a warning, where it is not in a range.
    Lenient { default: i64, from: i64, to: i64 },
    /// A text with a form of its own.
    Text(&'static str),
    /// A list of texts, or a text with commas between them.
    List(&'static str),
    /// A source that Lavalink has and this server does not.
    ForeignSource,
    /// Something that Lavalink has and that changes nothing here; all keys below it too.
    Elsewhere,
    /// The same, but it would change what clients see of Lavalink.
    NotFollowed,
    /// What has been followed when the files were looked for.
    Followed,
}

const INT: i64 = i32::MAX as i64;

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind }
}

const fn timeout(name: &'static str) -> Key {
    let kind = Kind::Whole { default: Some(3000), may_be_empty: false, from: -INT, to: INT };
    key(name, kind)
}

/// Every key, Lavalink's and those of this server's own section. Ranges are what Lavalink 4.2.2
/// was seen to accept; beyond a [`Kind::Lenient`] one it warns and takes its default.
pub(super) const KEYS: &[Key] = &[
    key(
        "server.port",
        Kind::Whole { default: Some(2333), may_be_empty: true, from: 0, to: 65_535 },
    ),
    key("server.address", Kind::Text("an IP address such as 127.0.0.1 or 0.0.0.0")),
    key("lavalink.server.password", Kind::Text("a text")),
    key("lavalink.server.sources.http", Kind::Switch(true)),
    key("lavalink.server.sources.local", Kind::Switch(false)),
    key("lavalink.server.sources.youtube", Kind::Switch(true)),
    key("lavalink.server.sources.soundcloud", Kind::Switch(true)),
    key("lavalink.server.sources.bandcamp", Kind::ForeignSource),
    key("lavalink.server.sources.twitch", Kind::ForeignSource),
    key("lavalink.server.sources.vimeo", Kind::ForeignSource),
    key("lavalink.server.sources.nico", Kind::ForeignSource),
    key("lavalink.server.filters.volume", Kind::Switch(true)),
    key("lavalink.server.filters.equalizer", Kind::Switch(true)),
    key("lavalink.server.filters.karaoke", Kind::Switch(true)),
    key("lavalink.server.filters.timescale", Kind::Switch(true)),
    key("lavalink.server.filters.tremolo", Kind::Switch(true)),
    key("lavalink.server.filters.vibrato", Kind::Switch(true)),
    key("lavalink.server.filters.distortion", Kind::Switch(true)),
    key("lavalink.server.filters.rotation", Kind::Switch(true)),
    key("lavalink.server.filters.channelMix", Kind::Switch(true)),
    key("lavalink.server.filters.lowPass", Kind::Switch(true)),
    // Seconds. With less than one no update comes by itself.
    key(
        "lavalink.server.playerUpdateInterval",
        Kind::Whole { default: Some(5), may_be_empty: false, from: -INT - 1, to: INT },
    ),
    // Milliseconds of sound that wait to be sent. Below one the queue is off: see `Config`.
    key(
        "lavalink.server.bufferDurationMs",
        Kind::Whole { default: Some(400), may_be_empty: true, from: -INT - 1, to: INT },
    ),
    key(
        "lavalink.server.frameBufferDurationMs",
        Kind::Lenient { default: 5000, from: 200, to: INT },
    ),
    key("lavalink.server.opusEncodingQuality", Kind::Lenient { default: 10, from: 0, to: 10 }),
    key(
        "lavalink.server.trackStuckThresholdMs",
        Kind::Lenient { default: 10_000, from: 100, to: i64::MAX },
    ),
    timeout("lavalink.server.timeouts.connectTimeoutMs"),
    timeout("lavalink.server.timeouts.connectionRequestTimeoutMs"),
    timeout("lavalink.server.timeouts.socketTimeoutMs"),
    key(
        "lavalink.server.ratelimit.ipBlocks",
        Kind::List("a list of blocks such as [198.51.100.0/24]"),
    ),
    key(
        "lavalink.server.ratelimit.excludedIps",
        Kind::List("a list of addresses such as [198.51.100.1]"),
    ),
    key("lavalink.server.ratelimit.strategy", Kind::Text("the name of a strategy")),
    key("lavalink.server.ratelimit.searchTriggersFail", Kind::Switch(true)),
    // -1 for ten retries, 0 for no limit, or how often to retry.
    key(
        "lavalink.server.ratelimit.retryLimit",
        Kind::Whole { default: Some(-1), may_be_empty: false, from: -INT - 1, to: INT },
    ),
    key("metrics.prometheus.enabled", Kind::Switch(false)),
    key("metrics.prometheus.endpoint", Kind::Text("a path such as /metrics")),
    key("reference-server.clock", Kind::Text("real or manual")),
    key("reference-server.control.token", Kind::Text("a text that is not empty")),
    key("reference-server.guard-http", Kind::Switch(false)),
    key(
        "reference-server.seed",
        Kind::Whole { default: None, may_be_empty: true, from: 0, to: i64::MAX },
    ),
    key("reference-server.sources.simulate", Kind::Switch(false)),
    key("reference-server.upstream", Kind::Text("a URL such as http://127.0.0.1:8080")),
    key(
        "reference-server.vary",
        Kind::Whole { default: None, may_be_empty: true, from: 0, to: i64::MAX },
    ),
    key("reference-server.voice.ca", Kind::Text("the path of a file with PEM certificates")),
    key("reference-server.voice.simulate", Kind::Switch(false)),
    key("lavalink.server.resamplingQuality", Kind::Elsewhere),
    key("lavalink.server.nonAllocatingFrameBuffer", Kind::Elsewhere),
    key("lavalink.server.useSeekGhosting", Kind::Elsewhere),
    key("lavalink.server.youtubePlaylistLoadLimit", Kind::Elsewhere),
    key("lavalink.server.youtubeSearchEnabled", Kind::Elsewhere),
    key("lavalink.server.soundcloudSearchEnabled", Kind::Elsewhere),
    key("lavalink.server.soundcloudFilterOutPreviewTracks", Kind::Elsewhere),
    key("lavalink.server.gcWarnings", Kind::Elsewhere),
    key("lavalink.server.youtubeConfig", Kind::Elsewhere),
    key("lavalink.server.httpConfig.proxyHost", Kind::NotFollowed),
    key("lavalink.server.httpConfig", Kind::Elsewhere),
    key("lavalink.plugins", Kind::Elsewhere),
    key("lavalink.pluginsDir", Kind::Elsewhere),
    key("lavalink.defaultPluginRepository", Kind::Elsewhere),
    key("lavalink.defaultPluginSnapshotRepository", Kind::Elsewhere),
    key("plugins", Kind::Elsewhere),
    key("logging", Kind::Elsewhere),
    key("sentry", Kind::Elsewhere),
    key("management", Kind::Elsewhere),
    key("debug", Kind::Elsewhere),
    key("trace", Kind::Elsewhere),
    key("spring.application.json", Kind::Followed),
    key("spring.config.activate", Kind::Followed),
    key("spring.config.additionalLocation", Kind::Followed),
    // Told where it stands.
    key("spring.config.import", Kind::Followed),
    key("spring.config.location", Kind::Followed),
    key("spring.config.name", Kind::Followed),
    key("spring.profiles", Kind::Followed),
    key("spring.main.webApplicationType", Kind::NotFollowed),
    key("spring.mvc.servlet.path", Kind::NotFollowed),
    key("spring", Kind::Elsewhere),
    // Spring's own keys of a web server; none of them is Lavalink's.
    key("server.compression", Kind::NotFollowed),
    key("server.error", Kind::NotFollowed),
    key("server.forwardHeadersStrategy", Kind::NotFollowed),
    key("server.http2", Kind::NotFollowed),
    key("server.maxHttpRequestHeaderSize", Kind::NotFollowed),
    key("server.serverHeader", Kind::NotFollowed),
    key("server.servlet", Kind::NotFollowed),
    key("server.shutdown", Kind::Elsewhere),
    key("server.ssl", Kind::NotFollowed),
    key("server.undertow", Kind::Elsewhere),
];

/// Sections whose keys all together make one thing: an empty one is an error, as in Lavalink.
pub(super) const RATELIMIT: &str = "lavalink.server.ratelimit";
pub(super) const TIMEOUTS: &str = "lavalink.server.timeouts";
pub(super) const FILTERS: &str = "lavalink.server.filters";

/// Sections that have to be sections, each with a key that it may have: Lavalink does not start with
/// a value in their place.
pub(super) const STRICT_SECTIONS: &[(&str, &str)] = &[
    (FILTERS, "volume: true"),
    (RATELIMIT, "ipBlocks: [198.51.100.0/24]"),
    (TIMEOUTS, "connectTimeoutMs: 3000"),
    ("lavalink.server.httpConfig", "proxyHost: localhost"),
    ("lavalink.server.youtubeConfig", "email: a@example.org"),
    ("logging.level", "root: INFO"),
    ("sentry.tags", "some: value"),
    ("server.compression", "enabled: false"),
    ("server.http2", "enabled: false"),
    ("server.servlet", "context-path: /"),
    ("server.ssl", "enabled: false"),
    ("server.undertow", "threads: {io: 2}"),
];

/// Whether such a section has keys of any name, and may have none.
pub(super) fn is_map(section: &str) -> bool {
    [FILTERS, "logging.level", "sentry.tags"].contains(&section)
}

/// Sections in whose place Lavalink passes over a value without a word.
pub(super) const LENIENT_SECTIONS: &[&str] = &[
    "server",
    "lavalink",
    "lavalink.server",
    "lavalink.server.sources",
    "metrics",
    "metrics.prometheus",
    "reference-server",
    "reference-server.control",
    "reference-server.sources",
    "reference-server.voice",
];

/// The names of filters, in the order in which they are applied.
pub(super) fn filters() -> impl Iterator<Item = &'static str> {
    KEYS.iter().filter_map(|key| key.name.strip_prefix("lavalink.server.filters."))
}

/// The row of a key.
pub(super) fn row(name: &'static str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The row that a canonical name belongs to: its own, or that of a section or list above it.
pub(super) fn meant_by(canonical: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| {
        let name = names::canonical(key.name);
        let below = || canonical.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'));
        let item = || {
            let rest = canonical.strip_prefix(&name).and_then(|rest| rest.strip_prefix('.'));
            rest.is_some_and(|rest| rest.parse::<usize>().is_ok())
        };
        match key.kind {
            _ if name == canonical => true,
            Kind::Elsewhere | Kind::NotFollowed | Kind::Followed => below(),
            Kind::List(_) => item(),
            _ => false,
        }
    })
}

/// Whether a canonical name begins as known ones do.
pub(super) fn is_within_known(canonical: &str) -> bool {
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    KEYS.iter().any(|key| first(&names::canonical(key.name)) == first(canonical))
}

/// Whether a canonical name is a section with keys in it.
pub(super) fn is_section(canonical: &str) -> bool {
    KEYS.iter().any(|key| {
        let name = names::canonical(key.name);
        name.strip_prefix(canonical).is_some_and(|rest| rest.starts_with('.'))
    })
}
