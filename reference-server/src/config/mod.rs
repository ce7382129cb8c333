//! Configuration: Lavalink's own `application.yml`, environment overrides, defaults.

mod arguments;
mod encoding;
mod error;
mod files;
mod keys;
mod load;
mod names;
mod nearest;
mod overlooked;
mod placeholders;
mod profiles;
mod properties;
mod ratelimit;
mod scalar;
mod shapes;
mod values;
mod warnings;
mod yaml;

use std::net::IpAddr;
use std::path::PathBuf;

pub use crate::clock::ClockKind;
use crate::routeplanner::RateLimit;

pub use arguments::taken_out;
pub use error::{ConfigError, EncodingError, SyntaxError, WrongValue};
pub use load::{Loaded, Places};

/// Everything the server can be told. Fields are named after the keys of `application.yml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `server.address`; without one the server listens on both loopback addresses.
    pub address: Option<IpAddr>,
    /// `server.port`; 0 picks a free one.
    pub port: u16,
    /// `lavalink.server.password`.
    pub password: Password,
    /// `lavalink.server.sources`.
    pub sources: SourceSwitches,
    /// Names of `lavalink.server.filters` that are false, in the declaration order of the filters.
    pub disabled_filters: Vec<String>,
    /// `lavalink.server.playerUpdateInterval`, seconds; 0 if none come by themselves.
    pub player_update_interval: u64,
    /// `lavalink.server.bufferDurationMs`.
    pub buffer_duration_ms: u64,
    /// `lavalink.server.frameBufferDurationMs`.
    pub frame_buffer_duration_ms: u64,
    /// `lavalink.server.opusEncodingQuality`, 0 to 10.
    pub opus_encoding_quality: u8,
    /// `lavalink.server.trackStuckThresholdMs`.
    pub track_stuck_threshold_ms: u64,
    /// `lavalink.server.timeouts`.
    pub timeouts: Timeouts,
    /// `metrics.prometheus`.
    pub prometheus: Prometheus,
    /// `reference-server.clock`: whether time passes by itself.
    pub clock: ClockKind,
    /// `reference-server.control.token`: what the control API asks of clients; off without it.
    pub control_token: Option<Password>,
    /// `--simulate-voice`: voice data connects nowhere, and frames are taken by nobody.
    pub simulate_voice: bool,
    /// `--simulate-sources`: YouTube and SoundCloud find tracks of their own, and ask nobody.
    pub simulate_sources: bool,
    /// `reference-server.voice.ca`: a file of PEM certificates that voice servers may be signed
    /// with, besides those of the system.
    pub voice_ca: Option<PathBuf>,
    /// `lavalink.server.ratelimit`: the route planner; none without blocks of addresses.
    pub ratelimit: Option<RateLimit>,
    /// `reference-server.upstream`: base URL of what the source `youtube` asks, without a slash
    /// at the end; there is no such source without it.
    pub upstream: Option<String>,
    /// `reference-server.guard-http`: the source `http` goes through the route planner too.
    pub guard_http: bool,
    /// `--seed`, `reference-server.seed`: ids of sessions, and what the route planner and faults
    /// draw at random, are the same in each run with the same seed.
    pub seed: Option<u64>,
    /// `--vary`, `reference-server.vary`: what the real server does in more than one way is drawn
    /// anew each time, from this seed.
    pub vary: Option<u64>,
    /// `--start-time`: the time at which the server's clock begins, milliseconds since the epoch;
    /// the machine's without it.
    pub start_time: Option<u64>,
    /// Statistics tell of a machine that never changes, and not of this one.
    pub constant_stats: bool,
    /// `--quirks`: behave as the real server does where that looks like a defect.
    pub quirks: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: None,
            port: 2333,
            password: Password("youshallnotpass".into()),
            sources: SourceSwitches { local: false, http: true, youtube: true, soundcloud: true },
            disabled_filters: Vec::new(),
            player_update_interval: 5,
            buffer_duration_ms: 400,
            frame_buffer_duration_ms: 5000,
            opus_encoding_quality: 10,
            track_stuck_threshold_ms: 10_000,
            timeouts: Timeouts {
                connect_timeout_ms: 3000,
                connection_request_timeout_ms: 3000,
                socket_timeout_ms: 3000,
            },
            prometheus: Prometheus { enabled: false, endpoint: "/metrics".into() },
            clock: ClockKind::Real,
            control_token: None,
            simulate_voice: false,
            simulate_sources: false,
            voice_ca: None,
            ratelimit: None,
            upstream: None,
            guard_http: false,
            seed: None,
            vary: None,
            start_time: None,
            constant_stats: false,
            quirks: false,
        }
    }
}

impl Config {
    /// What a mock is: nothing leaves the machine, nothing is drawn at random but its token, and
    /// time stands still until it is moved.
    pub(crate) fn be_a_mock(&mut self) {
        /// 2025-01-01T00:00:00Z.
        const BEGINNING: u64 = 1_735_689_600_000;
        self.port = 0;
        self.clock = ClockKind::Manual;
        self.control_token = Some(Password(format!("{:032x}", rand::random::<u128>())));
        self.simulate_voice = true;
        self.simulate_sources = true;
        self.sources = SourceSwitches { local: false, youtube: true, ..self.sources };
        self.upstream = None;
        self.seed = Some(0);
        self.start_time = Some(BEGINNING);
        self.constant_stats = true;
    }
}

/// A secret that never shows in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(***)")
    }
}

/// Which of the sources this server has are on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSwitches {
    /// Files of this machine.
    pub local: bool,
    /// Anything behind a URL.
    pub http: bool,
    /// What is behind `reference-server.upstream`, or what is simulated.
    pub youtube: bool,
    /// What is simulated.
    pub soundcloud: bool,
}

/// Limits of outbound requests, milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To connect.
    pub connect_timeout_ms: u64,
    /// To get a connection.
    pub connection_request_timeout_ms: u64,
    /// Between two reads.
    pub socket_timeout_ms: u64,
}

/// `metrics.prometheus`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prometheus {
    /// Off unless asked for.
    pub enabled: bool,
    /// Path.
    pub endpoint: String,
}
