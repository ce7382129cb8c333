//! A Lavalink v4 server that behaves as Lavalink 4.2.2 does.

pub mod config;
pub mod tracks;
