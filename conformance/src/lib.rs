//! Black-box conformance runner for the Lavalink v4 server protocol.

mod assets;
mod client;
pub mod failure;
mod json;
pub mod media;
pub mod schema;
pub mod settings;
pub mod steps;
pub mod timeline;
mod track;
pub mod world;
