//! Black-box conformance runner for the Lavalink v4 server protocol.

pub mod failure;
pub mod settings;
pub mod timeline;
