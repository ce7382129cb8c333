//! A Lavalink v4 server that behaves as Lavalink 4.2.2 does, for tests of bots and clients and of
//! the conformance suite.
//!
//! [`Mock`] is a server for the tests of a bot or of a client. [`run`] serves on a listener until it
//! is told to stop; [`config`] reads Lavalink's own `application.yml`.
//!
//! Without the feature `audio` frames hold silence and wav is the only container; without `voice`
//! nobody is connected to, and voice data are taken as they are; without `cli` there is no program.
//! Tests need none of them: `default-features = false`.

// What only sound or only voice connections need is there without them all the same.
#![cfg_attr(
    not(all(feature = "audio", feature = "voice", feature = "cli")),
    allow(dead_code, unused_imports)
)]

#[cfg(feature = "cli")]
mod cli;
mod clock;
pub mod config;
mod control;
pub mod deviations;
mod error;
pub mod filters;
mod http;
mod java_double;
mod json;
mod latitude;
mod listen;
mod message;
mod mock;
mod nearest;
mod pcm;
mod playback;
mod player;
pub mod routeplanner;
mod serve;
mod server;
mod session;
mod shared;
#[cfg(all(feature = "audio", feature = "voice"))]
pub mod stages;
mod stats;
mod tls;
pub mod tracks;
mod values;
mod voice;
mod websocket;
mod wildcard;

#[cfg(feature = "cli")]
pub use cli::program;
pub use mock::{Fault, Mock, MockBuilder, MockError, Until, Wanted};
pub use serve::{RunError, run, serve};
