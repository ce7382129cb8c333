//! The keys of Lavalink's `application.yml`.

/// Keys that mean something to this server: Lavalink's, and those of its own section.
pub(super) const USED: &[&str] = &[
    "server.port",
    "server.address",
    "lavalink.server.password",
    "lavalink.server.sources.http",
    "lavalink.server.sources.local",
    "lavalink.server.sources.youtube",
    "lavalink.server.sources.soundcloud",
    "lavalink.server.ratelimit.ipBlocks",
    "lavalink.server.ratelimit.excludedIps",
    "lavalink.server.ratelimit.strategy",
    "lavalink.server.ratelimit.searchTriggersFail",
    "lavalink.server.ratelimit.retryLimit",
    "lavalink.server.filters.volume",
    "lavalink.server.filters.equalizer",
    "lavalink.server.filters.karaoke",
    "lavalink.server.filters.timescale",
    "lavalink.server.filters.tremolo",
    "lavalink.server.filters.vibrato",
    "lavalink.server.filters.distortion",
    "lavalink.server.filters.rotation",
    "lavalink.server.filters.channelMix",
    "lavalink.server.filters.lowPass",
    "lavalink.server.playerUpdateInterval",
    "lavalink.server.bufferDurationMs",
    "lavalink.server.frameBufferDurationMs",
    "lavalink.server.opusEncodingQuality",
    "lavalink.server.trackStuckThresholdMs",
    "lavalink.server.timeouts.connectTimeoutMs",
    "lavalink.server.timeouts.connectionRequestTimeoutMs",
    "lavalink.server.timeouts.socketTimeoutMs",
    "metrics.prometheus.enabled",
    "metrics.prometheus.endpoint",
    "reference-server.clock",
    "reference-server.control.token",
    "reference-server.guard-http",
    "reference-server.seed",
    "reference-server.sources.simulate",
    "reference-server.upstream",
    "reference-server.vary",
    "reference-server.voice.ca",
    "reference-server.voice.simulate",
];

/// Sources of the real server that this one does not have.
pub(super) const FOREIGN_SOURCES: &[&str] = &[
    "lavalink.server.sources.bandcamp",
    "lavalink.server.sources.twitch",
    "lavalink.server.sources.vimeo",
    "lavalink.server.sources.nico",
];

/// Keys that the real server knows and that change nothing here.
const WITHOUT_EFFECT: &[&str] = &[
    "server.http2.enabled",
    "server.ssl",
    "lavalink.pluginsDir",
    "lavalink.defaultPluginRepository",
    "lavalink.defaultPluginSnapshotRepository",
    "lavalink.server.resamplingQuality",
    "lavalink.server.nonAllocatingFrameBuffer",
    "lavalink.server.useSeekGhosting",
    "lavalink.server.youtubePlaylistLoadLimit",
    "lavalink.server.youtubeSearchEnabled",
    "lavalink.server.soundcloudSearchEnabled",
    "lavalink.server.gc-warnings",
    "lavalink.server.youtubeConfig",
    "lavalink.server.httpConfig",
];

/// Sections with keys of all kinds, whose keys are not checked.
const OPEN_SECTIONS: &[&str] =
    &["logging", "sentry", "plugins", "lavalink.plugins", "spring", "management"];

/// How a key relates to what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Used,
    ForeignSource,
    WithoutEffect,
    Unknown,
}

/// What a key of a file means, whatever its spelling.
pub(super) fn meaning(key: &str) -> Meaning {
    let key = canonical(key);
    let is = |known: &&&str| canonical(known) == key;
    let within = |section: &&str| {
        let section = canonical(section);
        key == section
            || key.strip_prefix(&section).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    if USED.iter().any(|known| is(&known)) {
        Meaning::Used
    } else if FOREIGN_SOURCES.iter().any(|known| is(&known)) {
        Meaning::ForeignSource
    } else if WITHOUT_EFFECT.iter().chain(OPEN_SECTIONS).any(within) {
        Meaning::WithoutEffect
    } else {
        Meaning::Unknown
    }
}

/// The known key that looks most like this one.
pub(super) fn nearest(key: &str) -> Option<&'static str> {
    let known = USED.iter().chain(FOREIGN_SOURCES).chain(WITHOUT_EFFECT).copied();
    let likeness = |known: &str| strsim::jaro_winkler(&canonical(known), &canonical(key));
    known
        .map(|known| (likeness(known), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.85)
        .map(|(_, known)| known)
}

/// Spring compares keys without case, dashes and underscores.
pub(super) fn canonical(key: &str) -> String {
    key.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// The environment variable that overrides a key.
pub(super) fn variable(key: &str) -> String {
    key.replace('.', "_").replace('-', "").to_uppercase()
}
